"""What people see of gaps: the admin's list, the ticket for the owner, and that a question is ruled now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.assistant.quoting import cite, place
from bot.blocks import answers, parts
from bot.blocks.parts import Block
from bot.blocks.references import GapRef
from bot.blocks.wording import Words
from knowledge.clauses import Clause
from tickets.gaps import Gap
from tickets.records import TicketContent
from tickets.ticketing import MAX_TITLE

TICKET = "gap_ticket"
KIND = "manual_gap"
"""Kind of the tickets that gaps become."""
MAX_LISTED = 8
_EXAMPLES = 5
_QUESTION = 120


@dataclass(frozen=True, slots=True)
class Listed:
    """A gap as it is listed."""

    gap: Gap
    near: Sequence[Clause]
    owner: str
    """Who keeps the nearest manual (a Slack user id); empty: the admins."""


def section(listed: Sequence[Listed], total: int, words: Words, zone: ZoneInfo) -> list[Block]:
    """The part of an admin's home: what is asked most and not answered, each with its button. `total`: how many
    gaps there are; more than MAX_LISTED are not shown."""
    heading = parts.header(words("gap.title", count=total))
    if not listed:
        return [heading, parts.context(words("gap.none"))]
    blocks = [heading]
    for one in listed[:MAX_LISTED]:
        blocks += _entry(one, words, zone)
    left = total - MAX_LISTED
    return [*blocks, parts.context(words("gap.more", count=left))] if left > 0 else blocks


def _entry(one: Listed, words: Words, zone: ZoneInfo) -> list[Block]:
    gap = one.gap
    counts = words(
        "gap.counts", questions=len(gap.questions), askers=len(gap.askers), last=_day(gap.last_at, zone)
    )
    rows = [
        parts.line(parts.styled(f"#{gap.id} {_short(gap.examples[-1])}", bold=True)),
        parts.line(parts.styled(counts)),
    ]
    if one.near:
        rows.append(parts.labelled(words("gap.near"), words("list.comma").join(_places(one.near))))
    if gap.ticket_number:
        return [parts.rich(parts.lines(*rows, parts.labelled(words("gap.ticketed"), gap.ticket_number)))]
    label = words("button.gap_ticket") if one.owner else words("button.gap_ticket_admin")
    button = parts.button(TICKET, label, GapRef(gap_id=gap.id).dump())
    return [parts.rich(parts.lines(*rows)), parts.actions(button, block_id=f"gap_{gap.id}")]


def ticket(one: Listed, words: Words, zone: ZoneInfo) -> TicketContent:
    """The ticket for whoever keeps the nearest manual (owner empty: for whoever logs it)."""
    gap = one.gap
    rows = [
        words("gap.ticket_counts", questions=len(gap.questions), askers=len(gap.askers),
              first=_day(gap.first_at, zone), last=_day(gap.last_at, zone)),
        words("gap.ticket_examples"),
        *(f"- {_short(example)}" for example in gap.examples[-_EXAMPLES:]),
    ]  # fmt: skip
    if one.near:
        rows += [words("gap.ticket_near"), *(f"- {each}" for each in _places(one.near))]
    rows.append(words("gap.ticket_closes"))
    title = words("gap.ticket_title", question=_short(gap.examples[-1]))
    return TicketContent(parts.clip(title, MAX_TITLE), "\n".join(rows), KIND, owner_id=one.owner)


def block_id(answer_id: int) -> str:
    """How the message to an asker is known again in its thread."""
    return f"gap_answered_{answer_id}"


def answered(
    answer_id: int,
    question: str,
    asked_at: datetime,
    clause: Clause,
    words: Words,
    zone: ZoneInfo,
    *,
    address: str = "",
) -> list[Block]:
    """That what somebody asked is ruled now; `address` is their user id, where others read it too."""
    to = [parts.mention(address), parts.styled(" ")] if address else []
    asked = words("gap.answered", day=_day(asked_at, zone), question=_short(question))
    title = parts.line(parts.styled(words("gap.answered_title"), bold=True), *to, parts.styled(asked))
    quoted = answers.source(cite(clause, parts.clip(clause.text, parts.MAX_QUOTE)), words, zone, "gap_clause")
    return [parts.rich(parts.lines(title), block_id=block_id(answer_id)), quoted]


def answered_text(question: str, words: Words) -> str:
    """The plain `text` of that message, not yet escaped."""
    return words("gap.answered_text", question=_short(question))


def _places(clauses: Sequence[Clause]) -> list[str]:
    return list(dict.fromkeys(place(clause) for clause in clauses))


def _short(question: str) -> str:
    return parts.clip(" ".join(question.split()), _QUESTION)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d")
