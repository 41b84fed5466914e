"""What people see of the way of an escalation: its path, every step, what the filer may do, reports owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import parts, views
from bot.blocks.parts import Block, Line
from bot.blocks.references import CardRef, ReportRef
from bot.blocks.wording import Words
from tickets.people import Person, Role
from tickets.records import Escalation, EscalationState
from tickets.rung_records import OwedReport, Step, StepKind
from tickets.rungs import missed_role, path, unreached

EDIT_OWN = "rung_edit"
UNREACHABLE = "rung_unreachable"
WITHDRAW = "rung_withdraw"
ANSWER = "rung_answer"
CARRIED_OUT = "rung_carried_out"
WAY = "rung_way"
REPORT = "rung_report"
REPORT_READ = "rung_report_read"
MISSED_SEEN = "rung_missed_seen"

UNREACHABLE_FORM = "rung_unreachable_form"
ANSWER_FORM = "rung_answer_form"
CARRIED_OUT_FORM = "rung_carried_out_form"
REPORT_FORM = "rung_report_form"

CIRCUMSTANCES = "circumstances"
ANSWERED = "answer"
DONE = "carried_out"
OBJECTION = "objection"
REPORT_TEXT = "report_text"

_NOTES = 8
_STEPS = 60
_PER_BLOCK = 10
_MOMENT = "%m-%d %H:%M"
_TOLD = frozenset({StepKind.UNREACHABLE, StepKind.PASSED_UP, StepKind.RETURNED, StepKind.ANSWERED})


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to know of an escalation besides itself, when it is shown."""

    filer_role: Role = Role.AGENT
    due_at: datetime | None = None
    """Until when whoever it waits for should have done something."""
    overdue: bool = False
    can_pass: bool = True
    """There is a rung above."""
    buttons: bool = True
    """Whether whoever sees it may decide."""
    contact: bool = False
    """The vault keeps how to reach the customer."""


def path_line(escalation: Escalation, filer_role: Role, words: Words) -> str:
    """坐席 → 班长（联系不上） → 现场主管."""
    stops = []
    for stop in path(escalation, filer_role):
        name = words(f"role.{stop.role.value}")
        mark = words(f"mark.{stop.mark.value}") if stop.mark else ""
        stops.append(words("rung.marked", role=name, mark=mark) if mark else name)
    return " → ".join(stops)


def head(escalation: Escalation, seen: Seen, words: Words, zone: ZoneInfo) -> list[Block]:
    """The path, whom the reviewer has to reach, and until when."""
    pieces = [words("rung.path", path=path_line(escalation, seen.filer_role, words))]
    if seen.due_at is not None:
        due = seen.due_at.astimezone(zone).strftime(_MOMENT)
        pieces.append(words("rung.overdue" if seen.overdue else "rung.due", due=due))
    blocks = [parts.context(*pieces)]
    if escalation.state is EscalationState.SUBMITTED:
        if escalation.reminded_at is not None:
            awaited = words(f"role.{escalation.awaiting.value}")
            blocks.append(
                parts.section(words("rung.reminder" if seen.can_pass else "rung.reminder_top", role=awaited))
            )
        for step in unreached(escalation):
            role = words(f"role.{(step.from_role or escalation.awaiting).value}")
            blocks.append(
                parts.section(words("rung.reach_special" if step.special else "rung.reach", role=role))
            )
    return blocks


def notes(escalation: Escalation, words: Words, zone: ZoneInfo) -> list[Block]:
    """What was said on the way: why rungs were left out, questions and answers, who passed it up."""
    said = [
        step
        for step in escalation.steps
        if step.note and (step.kind in _TOLD or (step.kind in (StepKind.FILED, StepKind.EDITED)))
    ]
    return [parts.rich(parts.lines(*[line(step, words, zone) for step in said[-_NOTES:]]))] if said else []


def line(step: Step, words: Words, zone: ZoneInfo) -> Line:
    """One step: when, who, what, and with which words."""
    who = parts.mention(step.actor_id) if step.actor_id else parts.styled(words("rung.by_itself"))
    moment = step.at.astimezone(zone).strftime(_MOMENT)
    runs = [parts.styled(f"{moment} "), who, parts.styled(f" {words(f'step.{step.kind.value}')}", bold=True)]
    moved = [words(f"role.{role.value}") for role in (step.from_role, step.to_role) if role]
    if step.kind in (StepKind.UNREACHABLE, StepKind.PASSED_UP, StepKind.OVERDUE, StepKind.FILED):
        runs.append(parts.styled(f" {' → '.join(moved)}"))
    if step.special:
        runs.append(parts.styled(words("rung.special")))
    left_out = [
        words("rung.marked", role=words(f"role.{one.role.value}"), mark=words(f"mark.{one.grounds.value}"))
        for one in step.left_out
    ]
    if left_out:
        runs.append(parts.styled(words("rung.left_out", rungs=words("list.comma").join(left_out))))
    said = step.note + (words("rung.objection", text=step.objection) if step.objection else "")
    if said:
        runs.append(parts.styled(words("rung.said", text=parts.clip(said, 400))))
    return parts.line(*runs)


def whole_way(
    escalation: Escalation, reports: Sequence[OwedReport], seen: Seen, words: Words, zone: ZoneInfo
) -> Block:
    """A modal with every step, and the reports owed to those who were passed over."""
    blocks = [parts.context(words("rung.path", path=path_line(escalation, seen.filer_role, words)))]
    blocks += steps(escalation, words, zone)
    blocks += (
        [parts.rich(parts.lines(*[_owed(report, words, zone) for report in reports]))] if reports else []
    )
    return views.modal(WAY, escalation.number, blocks, close=words("button.close"))


def steps(escalation: Escalation, words: Words, zone: ZoneInfo) -> list[Block]:
    """Every step, oldest first; of very many the newest."""
    rows = [line(step, words, zone) for step in escalation.steps[-_STEPS:]]
    pages = [rows[start : start + _PER_BLOCK] for start in range(0, len(rows), _PER_BLOCK)]
    return [parts.rich(parts.lines(*page)) for page in pages] or [parts.context(words("rung.no_steps"))]


def _owed(report: OwedReport, words: Words, zone: ZoneInfo) -> Line:
    role = words(f"role.{report.role.value}")
    if report.done_at is None:
        return parts.line(parts.styled(words("report.missing", role=role)), parts.mention(report.owed_by))
    done = report.done_at.astimezone(zone).strftime(_MOMENT)
    runs = [parts.styled(words("report.done", role=role, at=done))]
    if report.read_by:
        runs += [parts.styled(words("report.read_by")), parts.mention(report.read_by)]
    return parts.line(*runs)


# -- the filer -----------------------------------------------------------------------------------------


def own_buttons(escalation: Escalation, seen: Seen, words: Words) -> list[Block]:
    """What the filer may do now; nothing once it is over."""
    ref = CardRef(escalation_id=escalation.id, revision=escalation.revision).dump()
    withdraw = parts.button(
        WITHDRAW,
        words("button.withdraw_escalation"),
        ref,
        confirm=parts.confirmation(
            words("rung.withdraw_title"),
            words("rung.withdraw_text", number=escalation.number),
            words("button.withdraw_escalation"),
            words("button.cancel"),
        ),
    )
    buttons: list[Block] = []
    if escalation.state is EscalationState.SUBMITTED:
        if seen.can_pass:
            role = words(f"role.{escalation.awaiting.value}")
            buttons.append(parts.button(UNREACHABLE, words("button.unreachable", role=role), ref))
        buttons += [parts.button(EDIT_OWN, words("button.edit"), ref), withdraw]
    elif escalation.state is EscalationState.RETURNED:
        answer = parts.button(ANSWER, words("button.answer"), ref, style="primary")
        buttons += [answer, parts.button(EDIT_OWN, words("button.edit"), ref), withdraw]
    elif escalation.to_carry_out:
        buttons.append(parts.button(CARRIED_OUT, words("button.carried_out"), ref, style="primary"))
    if not buttons:
        return []
    buttons.append(parts.button(WAY, words("button.way"), ref))
    return [parts.actions(*buttons, block_id=f"own_{escalation.id}_{escalation.revision}")]


def asked_text(escalation: Escalation, words: Words) -> str:
    """What the filer is told when somebody asks something; afterwards, that it is answered."""
    if escalation.state is EscalationState.RETURNED:
        return words("rung.asked", number=escalation.number)
    return words("rung.asked_over", number=escalation.number, state=words(f"state.{escalation.state.value}"))


def asked(escalation: Escalation, seen: Seen, words: Words, zone: ZoneInfo) -> list[Block]:
    """The question, and the button that answers it."""
    blocks = [parts.markdown(asked_text(escalation, words)), *notes(escalation, words, zone)]
    waiting = escalation.state is EscalationState.RETURNED
    return [*blocks, *(own_buttons(escalation, seen, words) if waiting else [])]


def note_form(
    callback: str,
    title: str,
    hint: str,
    field: Block,
    metadata: str,
    submit: str,
    words: Words,
    *more: Block,
) -> Block:
    """A form with one text to write, and whatever follows it."""
    blocks = [parts.context(hint), field, *more]
    return views.modal(
        callback, title, blocks, close=words("button.cancel"), submit=submit, private_metadata=metadata
    )


# -- reports owed --------------------------------------------------------------------------------------


def owed_text(report: OwedReport, words: Words) -> str:
    """One sentence to whoever owes a report."""
    role = words(f"role.{report.role.value}")
    if report.done_at is not None:
        return words("report.given_already", number=report.escalation_number, role=role)
    return words("report.owed", number=report.escalation_number, role=role)


def owed(report: OwedReport, words: Words) -> list[Block]:
    """The same with the button that gives it."""
    return [parts.markdown(owed_text(report, words)), *report_button(report, words)]


def report_button(report: OwedReport, words: Words) -> list[Block]:
    """The button that opens the report, as long as it is owed."""
    if report.done_at is not None:
        return []
    button = parts.button(
        REPORT, words("button.report"), ReportRef(report_id=report.id).dump(), style="primary"
    )
    return [parts.actions(button, block_id=f"owed_{report.id}")]


def given_text(report: OwedReport, words: Words) -> str:
    """One sentence to a superior who was passed over."""
    return words("report.given", number=report.escalation_number)


def given(report: OwedReport, words: Words) -> list[Block]:
    """The report, and the button of having read it."""
    grounds = words(f"mark.{report.grounds.value}")
    who = parts.line(parts.mention(report.owed_by), parts.styled(f" · {grounds}"))
    blocks = [
        parts.markdown(given_text(report, words)),
        parts.rich(parts.lines(who), parts.quote(report.text)),
    ]
    if report.read_by:
        read = parts.line(parts.styled(words("report.read_by")), parts.mention(report.read_by))
        return [*blocks, parts.rich(parts.lines(read))]
    button = parts.button(REPORT_READ, words("button.read"), ReportRef(report_id=report.id).dump())
    return [*blocks, parts.actions(button, block_id=f"given_{report.id}")]


# -- who could not be reached --------------------------------------------------------------------------


def missed_text(escalation: Escalation, person: Person, words: Words) -> str:
    """One sentence to a superior who could not be reached: who has it now."""
    missed = missed_role(escalation, person) or person.role
    role, now = words(f"role.{missed.value}"), words(f"role.{escalation.awaiting.value}")
    state = words(f"state.{escalation.state.value}")
    return words("rung.missed", number=escalation.number, role=role, now=now, state=state)


def missed(escalation: Escalation, person: Person, words: Words, zone: ZoneInfo) -> list[Block]:
    """The same with what was recorded of it, and the button of knowing it."""
    told = [step for step in escalation.steps if step.kind is StepKind.UNREACHABLE]
    told += [step for step in escalation.steps if step.kind is StepKind.FILED and step.left_out]
    blocks = [parts.markdown(missed_text(escalation, person, words))]
    if told:
        blocks.append(parts.rich(parts.lines(*[line(step, words, zone) for step in told])))
    seen = [step for step in escalation.steps if step.kind is StepKind.MISSED_SEEN]
    mine = [step for step in seen if step.actor_id == person.id]
    if mine:
        return [*blocks, parts.rich(parts.lines(line(mine[0], words, zone)))]
    ref = CardRef(escalation_id=escalation.id, revision=escalation.revision).dump()
    button = parts.button(MISSED_SEEN, words("button.read"), ref, style="primary")
    return [*blocks, parts.actions(button, block_id=f"missed_{escalation.id}_{person.id}")]


def shown(escalation: Escalation, seen: Seen, words: Words, zone: ZoneInfo) -> list[Block]:
    """One escalation in short, with its whole way."""
    state = words(f"state.{escalation.state.value}")
    what = parts.lines(
        parts.line(parts.styled(state, bold=True), parts.styled(f"  {escalation.content.summary}"))
    )
    return [parts.rich(what), *head(escalation, seen, words, zone), *steps(escalation, words, zone)]
