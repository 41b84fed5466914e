"""What the filer does to a record: files it, changes it, files it again, withdraws it; and taking back what was approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from tickets import procedure_due, procedure_limits, procedure_rows, procedure_walking, rules, shift_swaps
from tickets.contacts import Contact
from tickets.errors import InvalidInput, NotAllowed, Refusal, StaleRevision
from tickets.models import ProcedureRecordRow
from tickets.people import People, Person
from tickets.procedure_records import Act, Record, RecordState
from tickets.procedure_rows import Versions
from tickets.procedure_spec import FieldKind, Procedure, StepKind
from tickets.procedure_values import Frame, check
from tickets.procedure_walking import Walk
from tickets.procedure_words import FieldProblem, InvalidForm
from tickets.records import NoticeKind, Origin
from tickets.rows import storable
from tickets.transaction import Transaction

MOST_NOTE = 3_000


KeepContact = Callable[[Transaction, Person, str, Contact], None]
"""Puts a contact into the vault in the running transaction: who gives it, and the subject it belongs to."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is filled in."""

    values: Mapping[str, str]
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What filing works with."""

    people: People
    versions: Versions
    keep_contact: KeepContact | None


def checked_note(text: str, *, required: bool) -> str:
    """A note or reason, trimmed. InvalidForm when missing or too long."""
    note = storable(text).strip()
    if required and not note:
        raise InvalidForm([FieldProblem("note", "no_reason")])
    if len(note) > MOST_NOTE:
        params = {"most": str(MOST_NOTE), "given": str(len(note))}
        raise InvalidForm([FieldProblem("note", "too_long", params)])
    return note


def may_file(person: Person, procedure: Procedure) -> bool:
    """Whether a person's role files this procedure."""
    return person.role in procedure.filed_by and not procedure.machine


def file(
    tx: Transaction, room: Room, actor: Person, spec: Procedure, form: Form, origin: Origin, key: str
) -> Record:
    """See `ProcedureDesk.file`."""
    if not may_file(actor, spec):
        raise NotAllowed(rules.Action.FILE_PROCEDURE, actor.role)
    known = tx.session.execute(
        select(ProcedureRecordRow).where(ProcedureRecordRow.key == key)
    ).scalar_one_or_none()
    if known is not None:
        spec = room.versions.of(tx.session, known)
        return procedure_rows.value(tx.session, room.people, spec, known)
    frame = Frame(actor.id, actor.id, tx.now, tx.zone, room.people, origin.channel, form.contact)
    row = ProcedureRecordRow(
        number=tx.number(spec.prefix), key=key, procedure=spec.key, version=room.versions.keep(tx, spec),
        state=RecordState.WAITING, revision=1, title="", fields=_checked(spec, form, frame, room), filer_id=actor.id,
        step="", settled=[], path=[], exceeded=[], alarmed=[], overdue=0, moments=[], has_contact=bool(form.contact),
        created_at=tx.now, updated_at=tx.now, changed_by=actor.id, words="", channel=origin.channel,
        thread_ts=origin.thread_ts, message_ts=origin.message_ts, team_id=origin.team_id,
        due_day=procedure_due.day_of_record(tx.session, tx.now, tx.zone, spec, actor.id),
    )  # fmt: skip
    walk = Walk(tx, room.people, spec, row, actor.id)
    tx.session.add(row)
    _take_over(walk, Act.FILED, {})
    procedure_walking.log_ticket(walk)
    if form.contact:
        _keep(walk, room, actor, form.contact)
    procedure_walking.advance(walk)
    walk.record("filed", fields=dict(row.fields))
    return procedure_rows.value(tx.session, room.people, spec, row)


def _checked(spec: Procedure, form: Form, frame: Frame, room: Room) -> dict[str, str]:
    """The filer's values. InvalidForm with everything that is wrong with them."""
    values, problems = check(spec.fields, form.values, {}, frame)
    named = {step.by.field for step in spec.steps if step.by.field is not None}
    for field in spec.fields:
        # Four eyes: whoever is to act for the filer is somebody else.
        if field.key in named and values.get(field.key) == frame.filer_id:
            problems.append(FieldProblem(field.key, "own", label=field.label))
    if form.contact and not any(field.kind is FieldKind.CONTACT for field in spec.fields):
        problems.append(FieldProblem("contact", "unknown"))
    elif form.contact and room.keep_contact is None:
        problems.append(FieldProblem("contact", "no_vault"))
    if problems:
        raise InvalidForm(problems)
    return values


def _take_over(walk: Walk, act: Act, before: Mapping[str, str], note: str = "") -> None:
    """What follows from the filer's values, when filed and whenever they change."""
    row = walk.row
    row.title = procedure_rows.title_of(walk.spec, row, walk.people)
    procedure_rows.add_to_path(row, walk.tx.now, act, walk.actor_id, note=note, fields=row.fields)
    walk.tx.session.flush()
    row.exceeded = _exceeded(walk)
    procedure_walking.sound_alarms(walk)
    procedure_walking.plan_moments(walk, before)
    procedure_walking.conceal_ticket(walk)


def _exceeded(walk: Walk) -> list[int]:
    """The limits that it goes beyond and that only the approvers are shown. InvalidForm for those that refuse."""
    spec, row = walk.spec, walk.row
    beyond = procedure_limits.exceeded(walk.tx.session, walk.tx.zone, spec, row)
    problems = [
        FieldProblem(limit.on or limit.by or limit.amount or spec.fields[0].key, "limit", said=limit.message)
        for _, limit in beyond
        if limit.strict
    ]
    if problems:
        raise InvalidForm(problems)
    return [number for number, _ in beyond]


def _keep(walk: Walk, room: Room, actor: Person, contact: Contact) -> None:
    if room.keep_contact is not None:  # that there is one was checked with the form
        room.keep_contact(walk.tx, actor, procedure_rows.subject(walk.row.id), contact)


# -- afterwards --------------------------------------------------------------------------------------


def stale(row: ProcedureRecordRow) -> StaleRevision:
    """What to tell somebody who saw another revision than there is now."""
    over = procedure_walking.is_over(row)
    return StaleRevision(
        row.number,
        state=row.state,
        revision=row.revision,
        changed_by=row.changed_by,
        decided_by=row.changed_by if over else None,
        decided_at=row.updated_at if over else None,
    )


def current(tx: Transaction, record_id: int, revision: int, *states: RecordState) -> ProcedureRecordRow:
    """The record as it was seen. NotFound; StaleRevision when it changed meanwhile or is in none of `states`."""
    row = procedure_rows.find(tx.session, record_id)
    if row.revision != revision or row.state not in states:
        raise stale(row)
    return row


def _own(
    tx: Transaction, room: Room, actor: Person, record_id: int, revision: int
) -> tuple[Walk, tuple[str, ...]]:
    """The filer's record while something can still happen to it, and whom it waits for."""
    row = procedure_rows.find(tx.session, record_id)
    if row.filer_id != actor.id:
        raise NotAllowed(rules.Action.CHANGE_PROCEDURE, actor.role, Refusal.NOT_YOURS)
    current(tx, record_id, revision, RecordState.WAITING, RecordState.RETURNED)
    spec = room.versions.of(tx.session, row)
    return Walk(tx, room.people, spec, row, actor.id), procedure_rows.awaited(room.people, spec, row).may


def edit(
    tx: Transaction, room: Room, actor: Person, record_id: int, revision: int, form: Form, note: str
) -> Record:
    """See `ProcedureDesk.edit`."""
    walk, waited = _own(tx, room, actor, record_id, revision)
    row, spec = walk.row, walk.spec
    frame = Frame(
        actor.id, actor.id, row.created_at, tx.zone, room.people, row.channel, form.contact, row.has_contact
    )
    before = procedure_rows.facts(spec, row)
    fields = _checked(spec, form, frame, room)
    if fields != row.fields:
        # What was approved, accepted and signed was something else; what was carried out stays done.
        row.settled = [
            step.key for step in spec.steps if step.key in row.settled and step.kind is StepKind.DO
        ]
    row.fields = fields
    _changed(walk)
    row.has_contact = row.has_contact or bool(form.contact)
    _take_over(walk, Act.EDITED, before, note)
    if form.contact:
        _keep(walk, room, actor, form.contact)
    procedure_walking.advance(walk)
    now = procedure_rows.awaited(room.people, spec, row).may
    walk.tell(NoticeKind.PROCEDURE_CHANGED, (one for one in waited if one not in now))
    walk.record("edited", fields=dict(row.fields))
    return procedure_rows.value(tx.session, room.people, spec, row)


def _changed(walk: Walk) -> None:
    walk.row.revision += 1
    walk.row.updated_at, walk.row.changed_by = walk.tx.now, walk.actor_id


def withdraw(tx: Transaction, room: Room, actor: Person, record_id: int, revision: int, note: str) -> Record:
    """See `ProcedureDesk.withdraw`."""
    walk, waited = _own(tx, room, actor, record_id, revision)
    _changed(walk)
    procedure_rows.add_to_path(walk.row, tx.now, Act.WITHDRAWN, actor.id, note=note)
    procedure_walking.end(walk, RecordState.WITHDRAWN, waited)
    walk.record("withdrawn", note=note)
    return procedure_rows.value(tx.session, room.people, walk.spec, walk.row)


def revoke(tx: Transaction, room: Room, actor: Person, record_id: int, revision: int, note: str) -> Record:
    """See `ProcedureDesk.revoke`."""
    row = procedure_rows.find(tx.session, record_id)
    spec = room.versions.of(tx.session, row)
    if row.state == RecordState.DONE and spec.effect.swap is None:
        raise InvalidInput("record", f"{row.number} has no effect that could be taken back.")
    if row.state == RecordState.DONE and actor.id not in procedure_rows.may_revoke(room.people, spec, row):
        raise NotAllowed(rules.Action.ACT_ON_PROCEDURE, actor.role, Refusal.NOT_YOURS)
    row = current(tx, record_id, revision, RecordState.DONE)
    if shift_swaps.is_over(spec, row, tx.now.astimezone(tx.zone).date()):
        raise InvalidInput("record", f"The shifts of {row.number} are over: there is nothing to take back.")
    walk = Walk(tx, room.people, spec, row, actor.id)
    _changed(walk)
    row.state = RecordState.WITHDRAWN
    procedure_rows.add_to_path(row, tx.now, Act.REVOKED, actor.id, note=note)
    took_part = [row.filer_id, *(entry["actor"] for entry in row.path if entry["actor"])]
    walk.tell(NoticeKind.PROCEDURE_CHANGED, (one for one in took_part if one != actor.id))
    shift_swaps.changed(tx.session, spec)
    walk.record("revoked", note=note)
    return procedure_rows.value(tx.session, room.people, spec, row)
