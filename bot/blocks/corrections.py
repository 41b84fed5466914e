"""What people see of a correction: what was quoted to them, what holds now, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from bot.assistant.quoting import cite
from bot.blocks import parts
from bot.blocks.answers import source_line
from bot.blocks.parts import Block, Line
from bot.blocks.wording import Words
from knowledge.clauses import Clause
from tickets.records import Basis

MAX_CHANGES = 8
_QUOTE = 600
_QUESTION = 120

Ending = Literal["removed", "withdrawn", "expired", "restricted"]


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that changed. `old` None: they were last told that it does not apply; `new` None: it ended."""

    old: Clause | None
    new: Clause | None
    ending: Ending = "removed"


def block_id(correction_id: int) -> str:
    """How the message of a correction is known again in its thread."""
    return f"correction_{correction_id}"


def message(
    correction_id: int,
    question: str,
    asked_at: datetime,
    changes: Sequence[Change],
    words: Words,
    zone: ZoneInfo,
    *,
    address: str = "",
) -> list[Block]:
    """The correction of one answer; `address` is the user id of its asker, where others read it too."""
    day = asked_at.astimezone(zone).strftime("%Y-%m-%d")
    asked = parts.styled(words("correction.asked", day=day, question=_short(question)))
    to = [parts.mention(address), parts.styled(" ")] if address else []
    title = parts.line(parts.styled(words("correction.title"), bold=True), *to, asked)
    return [parts.rich(parts.lines(title), block_id=block_id(correction_id)), *listed(changes, words, zone)]


def message_text(question: str, words: Words) -> str:
    """The plain `text` of the correction, not yet escaped."""
    return words("correction.text", question=_short(question))


def flagged(
    correction_id: int, sentence: str, changes: Sequence[Change], words: Words, zone: ZoneInfo
) -> list[Block]:
    """What the holders of an open escalation or ticket are told; `sentence` names it."""
    return [parts.markdown(sentence, block_id(correction_id)), *listed(changes, words, zone)]


def flag(basis: Sequence[Basis], changed: Sequence[int], words: Words) -> list[Block]:
    """The line on a card whose basis no longer reads as it is quoted there; empty when all does."""
    places = [
        f"{words('source.manual', title=basis[n].manual)}{basis[n].label}" for n in changed if n < len(basis)
    ]
    if not places:
        return []
    return [parts.context(words("correction.flag_places", places=words("list.comma").join(places)))]


def listed(changes: Sequence[Change], words: Words, zone: ZoneInfo) -> list[Block]:
    """Every change with what was said and what holds now; the rest of many are counted."""
    blocks = [_change(change, words, zone) for change in changes[:MAX_CHANGES]]
    left = len(changes) - MAX_CHANGES
    return [*blocks, parts.context(words("correction.more", count=left))] if left > 0 else blocks


def _change(change: Change, words: Words, zone: ZoneInfo) -> Block:
    old, new = change.old, change.new
    elements: list[Block] = []
    start = _same_start(old, new)
    if old is None:
        elements.append(parts.lines(parts.line(parts.styled(words("correction.gone")))))
    else:
        elements += _quoted(words("correction.said"), old, start, words, zone)
    if new is not None:
        elements += _quoted(words("correction.now"), new, start, words, zone)
    elif old is not None:
        ended = words(f"correction.{change.ending}", manual=old.manual)
        elements.append(parts.lines(parts.line(parts.styled(ended, bold=True))))
    return parts.rich(*elements)


def _quoted(label: str, clause: Clause, start: int, words: Words, zone: ZoneInfo) -> list[Block]:
    citation = cite(clause)
    place: Line = parts.line(
        parts.styled(label, bold=True),
        parts.styled(words("source.manual", title=clause.manual), bold=True),
        parts.styled(f" {source_line(citation, words, zone)}"),
    )
    return [parts.lines(place), parts.quote(_around(clause.text, start))]


def _same_start(old: Clause | None, new: Clause | None) -> int:
    """How many characters both wordings share at their beginning."""
    if old is None or new is None:
        return 0
    pairs = zip(old.text, new.text, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _around(text: str, start: int) -> str:
    """`text` cut to what fits, so that the first difference at `start` is seen."""
    if len(text) <= _QUOTE or start < _QUOTE * 2 // 3:
        return parts.clip(text, _QUOTE)
    begin = min(start - _QUOTE // 3, len(text) - _QUOTE + 1)
    return parts.clip(f"…{text[begin:]}", _QUOTE)


def _short(question: str) -> str:
    return parts.clip(" ".join(question.split()), _QUESTION)
