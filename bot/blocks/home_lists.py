"""Short lists of the App Home: what I was answered, the week in figures, what waits for admins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.parts import Block
from bot.blocks.references import StagedRef
from bot.blocks.refusals import refusal
from bot.blocks.wording import Words
from knowledge.history import EditionRecord
from tickets.answer_desk import GivenAnswer

STAGED = "home_staged"
MAX_ANSWERS = 5
MAX_LISTED = 5
WEEK_PICTURE = "home_week_picture"
_ALT = 1900
_QUESTION = 80
_SENTENCE = 300


def recent(
    answers: Sequence[GivenAnswer], link: Callable[[GivenAnswer], str], words: Words, zone: ZoneInfo
) -> list[Block]:
    """What somebody was answered last; each with the way to where it was asked, as far as there is one."""
    if not answers:
        return []
    rows = []
    for one in answers[:MAX_ANSWERS]:
        url, question = link(one), parts.clip(" ".join(one.question.split()), _QUESTION)
        said = f"  {_moment(one.at, zone)} · {words(f'outcome.{one.outcome}')}"
        named = parts.link(url, question) if url else parts.styled(question)
        rows.append(parts.line(named, parts.styled(said)))
    return [parts.header(words("home.recent")), parts.rich(parts.bullets(*rows))]


def week(title: str, lines: Sequence[str], picture: str, words: Words) -> list[Block]:
    """The running week in figures, each beside the week before; `picture`: id of the file that shows them, if any."""
    rows = [parts.line(parts.styled(line)) for line in lines]
    figures = parts.rich(parts.bullets(*rows))
    if not picture:
        return [parts.header(title), figures]
    alt = parts.clip(words("list.comma").join([words("week.picture_alt", title=title), *lines]), _ALT)
    shown: Block = {"type": "image", "block_id": WEEK_PICTURE, "slack_file": {"id": picture}, "alt_text": alt}
    return [parts.header(title), shown, figures, parts.context(words("week.picture_age"))]


def staged(waiting: Sequence[EditionRecord], words: Words, zone: ZoneInfo) -> list[Block]:
    """Editions that wait for a decision, with the button that brings their comparison."""
    if not waiting:
        return []
    rows = [
        parts.line(
            parts.styled(words("source.manual", title=one.title), bold=True),
            parts.styled(
                f" {words('source.edition', number=one.number)} · {_moment(one.staged_at, zone)}"
                + (f" · {words('home.staged_suspicious')}" if one.is_suspicious else "")
            ),
        )
        for one in waiting[:MAX_LISTED]
    ]
    reference = StagedRef.of([one.edition_id for one in waiting]).dump()
    blocks = [parts.header(words("home.staged", count=len(waiting))), parts.rich(parts.lines(*rows))]
    blocks += _left_out(len(waiting), words)
    if len(reference) > parts.MAX_BUTTON_VALUE:
        return [*blocks, parts.context(words("home.staged_many"))]
    button = parts.button(STAGED, words("button.show_staged"), reference)
    return [*blocks, parts.actions(button, block_id="home_staged")]


def settings(faults: Sequence[str], words: Words) -> list[Block]:
    """What is wrong with people, procedures and the calendar."""
    if not faults:
        return []
    told = [refusal(fault, words.language) for fault in faults[:MAX_LISTED]]
    rows = [parts.line(parts.styled(parts.clip(fault, _SENTENCE))) for fault in told]
    return [
        parts.header(words("home.settings", count=len(faults))),
        parts.rich(parts.bullets(*rows)),
        *_left_out(len(faults), words),
    ]


def _left_out(count: int, words: Words) -> list[Block]:
    left = count - MAX_LISTED
    return [parts.context(words("home.more", count=left))] if left > 0 else []


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%m-%d %H:%M")
