"""Lists of escalations: what is mine, what waits for me, what I still have to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.parts import Block
from bot.blocks.rungs import Seen, owed_text, own_buttons, report_button
from bot.blocks.wording import Words
from tickets.records import UNDECIDED, Escalation
from tickets.rung_records import OwedReport

_MOST = 8
_LINES = 20


def is_open(escalation: Escalation) -> bool:
    """Whether something can still happen to it."""
    return escalation.state in UNDECIDED


def own(escalations: Sequence[Escalation], can_pass: Collection[int], words: Words) -> list[Block]:
    """Own undecided escalations with what can be done about them; `can_pass`: ids with a rung above."""
    blocks: list[Block] = []
    for one in escalations[:_MOST]:
        state = words(f"state.{one.state.value}")
        blocks.append(parts.section(f"{one.number} · {state} · {parts.clip(one.content.summary, 80)}"))
        blocks += own_buttons(one, Seen(can_pass=one.id in can_pass), words)
    return blocks


def duties(to_carry_out: Sequence[Escalation], reports: Sequence[OwedReport], words: Words) -> list[Block]:
    """What somebody still has to do: instructions to carry out, reports to give."""
    blocks: list[Block] = []
    if to_carry_out:
        blocks.append(parts.header(words("home.to_carry_out", count=len(to_carry_out))))
        for one in to_carry_out[:_MOST]:
            blocks.append(parts.section(f"{one.number}  {parts.clip(one.decision_note, 300)}"))
            blocks += own_buttons(one, Seen(), words)
    if reports:
        blocks.append(parts.header(words("home.reports_owed", count=len(reports))))
        for report in reports[:_MOST]:
            blocks.append(parts.section(owed_text(report, words).replace("*", "")))
            blocks += report_button(report, words)
    return blocks


def overdue(late: Sequence[Escalation], words: Words, zone: ZoneInfo) -> list[Block]:
    """What waits for a reviewer longer than it should."""
    if not late:
        return []
    title = words("home.overdue", count=len(late))
    return [parts.header(title), *listed(late, lambda _one: True, words, zone)]


def listed(
    escalations: Sequence[Escalation], late: Callable[[Escalation], bool], words: Words, zone: ZoneInfo
) -> list[Block]:
    """One line each: number, when, state, whom it waits for, whether it is late."""
    if not escalations:
        return [parts.context(words("escalation.none"))]
    rows = []
    for one in escalations[:_LINES]:
        pieces = [one.created_at.astimezone(zone).strftime("%m-%d %H:%M"), words(f"state.{one.state.value}")]
        if is_open(one):
            pieces.append(words("card.awaiting", role=words(f"role.{one.awaiting.value}")))
        pieces += [words("rung.late")] if late(one) else []
        pieces += [one.ticket_number] if one.ticket_number else []
        said = f"  {' · '.join(pieces)} · {parts.clip(one.content.summary, 80)}"
        rows.append(parts.line(parts.styled(one.number, bold=True), parts.styled(said)))
    return [parts.rich(parts.lines(*rows))]
