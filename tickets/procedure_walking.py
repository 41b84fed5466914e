"""The chain of a record: where it goes next, who is told, what it brings about when it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tickets import procedure_rows, shift_swaps, ticketing
from tickets.audit import FINGERPRINT, fingerprint
from tickets.models import ProcedureRecordRow, TicketRow
from tickets.people import People
from tickets.procedure_people import Actors
from tickets.procedure_records import RecordState
from tickets.procedure_spec import Procedure, Who
from tickets.procedure_values import holds
from tickets.records import Audience, NoticeKind, Origin, TicketContent, TicketState
from tickets.rows import ticket_subject
from tickets.transaction import Transaction

_ENDED = (RecordState.DONE, RecordState.REJECTED, RecordState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Walk:
    """One change of one record: what it is written with, by which rules, and whose doing it is."""

    tx: Transaction
    people: People
    spec: Procedure
    row: ProcedureRecordRow
    actor_id: str

    def tell(self, kind: NoticeKind, ids: Iterable[str], subject_id: int | None = None) -> None:
        """A notice to each person, once."""
        name = procedure_rows.subject(self.row.id)
        for one in dict.fromkeys(ids):
            number = self.row.id if subject_id is None else subject_id
            self.tx.tell(kind, name, number, Audience(user_id=one), self.actor_id)

    def tell_actors(self, kind: NoticeKind, found: Actors, subject_id: int | None = None) -> None:
        """A notice to those who act; to the rung when nobody is listed there."""
        self.tell(kind, found.told, subject_id)
        if not found.told and found.role is not None:
            number = self.row.id if subject_id is None else subject_id
            name = procedure_rows.subject(self.row.id)
            self.tx.tell(kind, name, number, Audience(role=found.role), self.actor_id)

    def due_in(self, hours: float, waiting: Actors) -> datetime:
        """When so many hours have passed that those have whom it waits for."""
        whom = [self.people.get(one) for one in waiting.told]
        return self.people.later(self.tx.now, timedelta(hours=hours), whom, urgent=False)

    def record(self, action: str, **details: Any) -> None:
        """The audit entry that vouches for the row as it is now; last, when nothing changes any more."""
        self.row.look_at = _look_at(self.row)
        self.row.words = procedure_rows.words_of(self.spec, self.row, self.people)
        self.tx.session.flush()
        told = {"number": self.row.number, "revision": self.row.revision, "state": self.row.state, **details}
        told[FINGERPRINT] = fingerprint(self.row)
        self.tx.record(self.actor_id, f"procedure.{action}", procedure_rows.subject(self.row.id), told)


def _look_at(row: ProcedureRecordRow) -> datetime | None:
    moments = [datetime.fromisoformat(moment) for _, moment in row.moments]
    due = [*moments, *([row.due_at] if row.due_at is not None else [])]
    return min(due, default=None)


# -- where it goes -----------------------------------------------------------------------------------


def advance(walk: Walk) -> None:
    """On to the next step, or to the end."""
    row = walk.row
    step = procedure_rows.next_step(walk.spec, row)
    row.overdue, row.due_at = 0, None
    if step is None:
        end(walk, RecordState.DONE)
        return
    row.state, row.step = RecordState.WAITING, step.key
    waiting = procedure_rows.awaited(walk.people, walk.spec, row)
    if step.within_hours is not None:
        row.due_at = walk.due_in(step.within_hours, waiting)
    walk.tell_actors(NoticeKind.PROCEDURE_STEP, waiting)
    if row.filer_id not in (walk.actor_id, *waiting.told):
        walk.tell(NoticeKind.PROCEDURE_CHANGED, [row.filer_id])


def end(walk: Walk, state: RecordState, waiting: Iterable[str] = ()) -> None:
    """The record is done, rejected or withdrawn; whoever took part is told, and whom it waited for (`waiting`)."""
    row = walk.row
    row.state, row.step, row.due_at, row.overdue = state, "", None, 0
    if state is not RecordState.DONE or walk.spec.steps:
        row.moments = []
    took_part = [row.filer_id, *(entry["actor"] for entry in row.path if entry["actor"]), *waiting]
    walk.tell(NoticeKind.PROCEDURE_CHANGED, (one for one in took_part if one != walk.actor_id))
    if state is RecordState.DONE:
        shift_swaps.changed(walk.tx.session, walk.spec)
    if state is RecordState.DONE and walk.spec.effect.broadcast:
        walk.tell(NoticeKind.PROCEDURE_BROADCAST, [row.filer_id])
    # A rejected matter is not solved: whoever was asked first stays responsible for its ticket.
    if state is not RecordState.REJECTED:
        _settle_ticket(walk)


def is_over(row: ProcedureRecordRow) -> bool:
    """Whether nothing can happen to it any more."""
    return RecordState(row.state) in _ENDED


# -- its ticket --------------------------------------------------------------------------------------


def log_ticket(walk: Walk) -> None:
    """The ticket that the record is about; its filer is the first responder."""
    row, kind = walk.row, walk.spec.effect.ticket
    if kind is None:
        return
    title = _concealed(row) if procedure_rows.about(walk.spec, row) else row.title
    content = TicketContent(title=title, description="", kind=kind, owner_id=row.filer_id)
    origin = Origin(row.channel, row.thread_ts, row.message_ts, row.team_id)
    key = procedure_rows.subject(row.id)
    row.ticket_id = ticketing.insert(walk.tx, walk.actor_id, row.filer_id, content, origin, key).id


def conceal_ticket(walk: Walk) -> None:
    """The ticket of a matter that turns out to be about somebody says nothing any more."""
    ticket = _ticket(walk)
    if ticket is None or not procedure_rows.about(walk.spec, walk.row):
        return
    title = _concealed(walk.row)
    if ticket.content["title"] == title:
        return
    ticket.content = {**ticket.content, "title": title}
    ticket.revision, ticket.updated_at, ticket.changed_by = ticket.revision + 1, walk.tx.now, walk.actor_id
    walk.tx.session.flush()
    details = {"record": walk.row.number, "revision": ticket.revision, FINGERPRINT: fingerprint(ticket)}
    walk.tx.record(walk.actor_id, "ticket.concealed", ticket_subject(ticket.id), details)
    audience = Audience(user_id=ticket.owner_id)
    walk.tx.tell(NoticeKind.TICKET_UPDATED, ticket_subject(ticket.id), ticket.id, audience, walk.actor_id)


def _concealed(row: ProcedureRecordRow) -> str:
    """The title of a ticket that many may list: of a matter about people it tells nothing, as after an approval."""
    return f"{row.number}（内容只在记录中查看）"


def _settle_ticket(walk: Walk) -> None:
    ticket = _ticket(walk)
    if ticket is not None:
        ticketing.settle(walk.tx, walk.actor_id, ticket, TicketState.CLOSED, {"record": walk.row.number})


def take_ticket(walk: Walk) -> None:
    """Whoever acts owns the ticket now; who was asked first stays named."""
    ticket = _ticket(walk)
    if ticket is None or ticket.owner_id == walk.actor_id:
        return
    before = ticket.owner_id
    ticket.owner_id, ticket.content = walk.actor_id, {**ticket.content, "owner_id": walk.actor_id}
    ticket.revision, ticket.updated_at = ticket.revision + 1, walk.tx.now
    walk.tx.session.flush()
    details = {
        "record": walk.row.number, "from": before, "owner": ticket.owner_id, "revision": ticket.revision,
        FINGERPRINT: fingerprint(ticket),
    }  # fmt: skip
    walk.tx.record(walk.actor_id, "ticket.handed_over", ticket_subject(ticket.id), details)


def _ticket(walk: Walk) -> TicketRow | None:
    return walk.tx.session.get(TicketRow, walk.row.ticket_id) if walk.row.ticket_id is not None else None


# -- what it says ------------------------------------------------------------------------------------


def sound_alarms(walk: Walk) -> None:
    """Tell of what must be heard at once, each alarm once."""
    known = procedure_rows.facts(walk.spec, walk.row)
    for number, alarm in enumerate(walk.spec.alarms, start=1):
        if number in walk.row.alarmed or not holds(alarm.when, known):
            continue
        walk.row.alarmed = [*walk.row.alarmed, number]
        found = procedure_rows.asked(walk.people, walk.spec, walk.row, Who(role=alarm.role))
        walk.tell_actors(NoticeKind.PROCEDURE_ALARM, found, number)


def plan_moments(walk: Walk, before: Mapping[str, str]) -> None:
    """When somebody is to be reminded of moments in the record, as far as those are others than `before`."""
    known = procedure_rows.facts(walk.spec, walk.row)
    for number, reminder in enumerate(walk.spec.reminders, start=1):
        if known.get(reminder.field, "") == before.get(reminder.field, ""):
            continue
        others = [moment for moment in walk.row.moments if moment[0] != number]
        if known.get(reminder.field):
            at = datetime.fromisoformat(known[reminder.field]) - timedelta(minutes=reminder.minutes_before)
            others.append([number, max(at, walk.tx.now).astimezone(at.tzinfo).isoformat()])
        walk.row.moments = others
