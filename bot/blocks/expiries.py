"""Asking whoever keeps a manual whether it shall hold longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.references import ManualRef
from bot.blocks.wording import Words
from knowledge.library import ManualSummary

EXTEND = "manual_extend"
FORM = "manual_extend_form"
UNTIL = "until"


def text(manual: ManualSummary, words: Words, zone: ZoneInfo) -> str:
    """The question in one sentence."""
    when = last_day(manual.expires_at, zone) if manual.expires_at else ""
    return words("expiry.question", title=manual.title, date=when)


def last_day(moment: datetime, zone: ZoneInfo) -> str:
    """Until when something holds that ends at `moment`: its last whole day, or the minute when it ends within one."""
    local = moment.astimezone(zone)
    if (local.hour, local.minute) == (0, 0):
        return f"{local - timedelta(days=1):%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M}"


def message(manual: ManualSummary, words: Words, zone: ZoneInfo) -> list[Block]:
    """The question with its button; who does nothing lets it expire."""
    reference = ManualRef(manual_id=manual.manual_id).dump()
    extend = parts.button(EXTEND, words("button.extend"), reference, style="primary")
    return [parts.markdown(text(manual, words, zone)), parts.actions(extend)]


def settled(sentence: str) -> list[Block]:
    """The question once it was answered: no button any more."""
    return [parts.markdown(sentence)]


def form(manual: ManualSummary, reference: str, words: Words, zone: ZoneInfo) -> Block:
    """The modal that asks for the new last day; it proposes one year more."""
    day = (manual.expires_at or datetime.now(zone)).astimezone(zone).date()
    field: Block = {
        "type": "input",
        "block_id": UNTIL,
        "label": parts.plain(words("expiry.until")),
        "element": {
            "type": "datepicker",
            "action_id": views.INPUT,
            "initial_date": _a_year_later(day).isoformat(),
        },
    }
    title = parts.section(words("source.manual", title=parts.clip(manual.title, 200)))
    return views.modal(
        FORM, words("expiry.form_title"), [title, field], close=words("button.cancel"),
        submit=words("button.save"), private_metadata=reference,
    )  # fmt: skip


def _a_year_later(day: date) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + 1, day=28 if leap else day.day)
