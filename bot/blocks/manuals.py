"""What people see of the manuals: the list, and a card once it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.expiries import last_day
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from knowledge.library import ManualSummary

MAX_LISTED = 30


def listed(manuals: Sequence[ManualSummary], words: Words, zone: ZoneInfo) -> list[Block]:
    """The live manuals."""
    if not manuals:
        return [parts.context(words("manuals.none"))]
    rows = []
    for manual in manuals[:MAX_LISTED]:
        pieces = [
            manual.organisation,
            words("source.edition", number=manual.edition),
            words("manuals.clauses", count=manual.clauses),
            manual.published_at.astimezone(zone).strftime("%Y-%m-%d"),
            words("publication.expires", date=last_day(manual.expires_at, zone)) if manual.expires_at else "",
            words("publication.audience", audience=words("list.comma").join(manual.audience))
            if manual.audience
            else "",
            words("manuals.cut_off") if manual.truncated else "",
        ]
        title = parts.styled(words("source.manual", title=manual.title), bold=True)
        rows.append(parts.line(title, parts.styled(f" {' · '.join(p for p in pieces if p)}")))
    blocks = [parts.rich(parts.lines(*rows))]
    if len(manuals) > MAX_LISTED:
        blocks.append(parts.context(words("manuals.more", count=len(manuals) - MAX_LISTED)))
    return blocks


def ended(sentence: str, summary: str) -> list[Block]:
    """The card after Publish or Discard: what was decided, without buttons."""
    return [parts.markdown(sentence), parts.context(summary)]
