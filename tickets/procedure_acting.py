"""Taking the steps of a record: approving, accepting, signing, carrying out, or sending it back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tickets import procedure_rows, procedure_walking, rules
from tickets.errors import InvalidInput, NotAllowed, Refusal
from tickets.people import Person
from tickets.procedure_filing import Room, checked_note, current
from tickets.procedure_records import Act, Record, RecordState
from tickets.procedure_spec import StepKind, StepSpec
from tickets.procedure_values import Frame, check
from tickets.procedure_walking import Walk
from tickets.procedure_words import InvalidForm
from tickets.records import NoticeKind
from tickets.transaction import Transaction

DONE_BY: Mapping[StepKind, Act] = MappingProxyType(
    {
        StepKind.APPROVE: Act.APPROVED,
        StepKind.ACCEPT: Act.ACCEPTED,
        StepKind.SIGN: Act.SIGNED,
        StepKind.DO: Act.CARRIED_OUT,
    }
)
"""What taking a step is called."""


def acts_at(step: StepSpec) -> tuple[Act, ...]:
    """What may be done at a step, what takes it first. Nobody returns their own record to themselves."""
    taken = DONE_BY[step.kind]
    if step.by.filer:
        return (taken,)
    if step.kind in (StepKind.APPROVE, StepKind.ACCEPT):
        return (taken, Act.RETURNED, Act.REJECTED)
    return (taken, Act.RETURNED)


def act(
    tx: Transaction,
    room: Room,
    actor: Person,
    record_id: int,
    revision: int,
    what: Act,
    note: str,
    given: Mapping[str, str],
) -> Record:
    """See `ProcedureDesk.act`."""
    row = current(tx, record_id, revision, RecordState.WAITING)
    spec = room.versions.of(tx.session, row)
    step = spec.step(row.step)
    if step is None:  # a waiting record stands at a step of its own version
        raise InvalidInput("step", f"{row.number} waits at no step.")
    _require_actor(room, actor, Walk(tx, room.people, spec, row, actor.id))
    if what not in acts_at(step):
        possible = ", ".join(one.value for one in acts_at(step))
        raise InvalidInput("act", f"At the step {step.key} it is one of {possible}, not {what.value}.")
    note = checked_note(note, required=what in (Act.RETURNED, Act.REJECTED))
    walk = Walk(tx, room.people, spec, row, actor.id)
    fields = _values(walk, step, given) if what is DONE_BY[step.kind] else {}
    _take(walk, step, what, note, fields)
    walk.record(what.value, step=step.key, note=note, fields=fields)
    return procedure_rows.value(tx.session, room.people, spec, row)


def _require_actor(room: Room, actor: Person, walk: Walk) -> None:
    """NotAllowed unless the record waits for this person."""
    waiting = procedure_rows.awaited(room.people, walk.spec, walk.row)
    if actor.id in waiting.may:
        return
    own = actor.id == walk.row.filer_id
    refusal = Refusal.OWN_WORK if own else Refusal.NOT_YOURS
    raise NotAllowed(rules.Action.ACT_ON_PROCEDURE, actor.role, refusal)


def _values(walk: Walk, step: StepSpec, given: Mapping[str, str]) -> dict[str, str]:
    row = walk.row
    frame = Frame(
        row.filer_id,
        walk.actor_id,
        walk.tx.now,
        walk.tx.zone,
        walk.people,
        row.channel,
        None,
        row.has_contact,
    )
    values, problems = check(step.fields, given, procedure_rows.facts(walk.spec, row), frame)
    if problems:
        raise InvalidForm(problems)
    return values


def _take(walk: Walk, step: StepSpec, what: Act, note: str, fields: Mapping[str, str]) -> None:
    row, tx = walk.row, walk.tx
    before = procedure_rows.facts(walk.spec, row)
    waited = procedure_rows.awaited(walk.people, walk.spec, row).may
    row.revision, row.updated_at, row.changed_by = row.revision + 1, tx.now, walk.actor_id
    procedure_rows.add_to_path(row, tx.now, what, walk.actor_id, step.key, note, fields)
    if what is Act.REJECTED:
        procedure_walking.end(walk, RecordState.REJECTED, waited)
    elif what is Act.RETURNED:
        row.state, row.step, row.due_at, row.overdue = RecordState.RETURNED, "", None, 0
        others = (one for one in waited if one != walk.actor_id)
        walk.tell(NoticeKind.PROCEDURE_CHANGED, [row.filer_id, *others])
    else:
        row.settled = [*row.settled, step.key]
        procedure_walking.sound_alarms(walk)
        procedure_walking.plan_moments(walk, before)
        procedure_walking.conceal_ticket(walk)
        if step.takes_ticket:
            procedure_walking.take_ticket(walk)
        procedure_walking.advance(walk)
