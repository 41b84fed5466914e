"""What people do with a ticket, inside a transaction of the desk. Each act compares the revision that was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import ticketing
from tickets.audit import FINGERPRINT, fingerprint
from tickets.errors import InvalidInput, StaleRevision
from tickets.models import CardRow, NoticeRow, TicketRow
from tickets.people import People, Person
from tickets.records import Audience, NoticeKind, TicketState, Urgency
from tickets.rows import storable, ticket_subject
from tickets.ticket_records import TicketChange, Unchanged
from tickets.ticket_rules import TRANSITIONS, Act, require
from tickets.transaction import Transaction

MAX_NOTE = 3_000

Done = Callable[[TicketRow], bool]
"""Whether a ticket already is what somebody wants of it: a second click does nothing, and is no mistake."""


def note(field: str, text: str, *, required: bool) -> str:
    """A reason, resolution or note, trimmed; InvalidInput when missing or too long."""
    text = storable(text).strip()
    if required and not text:
        raise InvalidInput(field, f"The {field.replace('_', ' ')} must not be empty.")
    if len(text) > MAX_NOTE:
        raise InvalidInput(field, f"The {field.replace('_', ' ')} is longer than {MAX_NOTE} characters.")
    return text


def current(session: Session, actor: Person, ticket_id: int, revision: int, done: Done) -> TicketRow | None:
    """The row to change; None when this very person did this very thing in the revision after the one they saw.

    Raises NotFound, StaleRevision.
    """
    row = ticketing.find(session, ticket_id)
    if row.revision == revision:
        return row
    if row.revision == revision + 1 and row.changed_by == actor.id and done(row):
        return None
    raise stale(row)


def stale(row: TicketRow) -> StaleRevision:
    """Somebody was faster."""
    by = row.changed_by or row.logged_by
    return StaleRevision(row.number, state=row.state, revision=row.revision, changed_by=by)


def move(row: TicketRow, to: TicketState) -> None:
    """Change the state. Raises InvalidInput where the one does not follow the other."""
    if to not in TRANSITIONS[TicketState(row.state)]:
        raise InvalidInput("ticket_state", f"A ticket that is {row.state} cannot become {to.value}.")
    row.state = to


def require_active(row: TicketRow) -> None:
    """Raise InvalidInput unless there is something to do."""
    if not TicketState(row.state).active:
        raise InvalidInput("ticket_state", f"{row.number} is {row.state}.")


def record(tx: Transaction, actor: Person, row: TicketRow, action: str, details: Mapping[str, Any]) -> None:
    """A new revision with its audit entry, and its cards redrawn."""
    row.revision, row.changed_by, row.updated_at = row.revision + 1, actor.id, tx.now
    vouch(tx, actor, row, action, {**details, "revision": row.revision})


def vouch(tx: Transaction, actor: Person, row: TicketRow, action: str, details: Mapping[str, Any]) -> None:
    """An audit entry of a ticket as it stands, and its cards redrawn."""
    tx.session.flush()
    said = {key: value for key, value in details.items() if value not in (None, "")}
    tx.record(actor.id, f"ticket.{action}", ticket_subject(row.id), {**said, FINGERPRINT: fingerprint(row)})
    redraw(tx, actor.id, row)


def redraw(tx: Transaction, actor_id: str, row: TicketRow) -> None:
    """Have the cards of a ticket redrawn, if there are any and that is not going to happen anyway."""
    subject = ticket_subject(row.id)
    if tx.session.execute(select(CardRow.id).where(CardRow.subject == subject).limit(1)).first() is None:
        return
    waiting = select(NoticeRow.id).where(
        NoticeRow.subject == subject,
        NoticeRow.kind == NoticeKind.TICKET_UPDATED,
        NoticeRow.delivered_at.is_(None),
        NoticeRow.given_up_at.is_(None),
        NoticeRow.claimed_until.is_(None),
    )
    if tx.session.execute(waiting.limit(1)).first() is None:
        audience = Audience(user_id=row.owner_id)
        tx.tell(NoticeKind.TICKET_UPDATED, subject, row.id, audience, actor_id)


def tell(tx: Transaction, actor: Person, row: TicketRow, *people: str) -> None:
    """Tell people, but not the one who did it, what the last entry of the trail says."""
    for person in dict.fromkeys(people):
        if person and person != actor.id:
            audience = Audience(user_id=person)
            tx.tell(NoticeKind.TICKET_TOLD, ticket_subject(row.id), tx.head.count, audience, actor.id)


# -- changing --------------------------------------------------------------------------------------


def change(
    tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int, asked: TicketChange
) -> TicketRow:
    """State, priority, kind and promise."""
    row = ticketing.find(tx.session, ticket_id)
    require(people, actor, Act.CHANGE, row, row.offered_to)
    found = current(tx.session, actor, ticket_id, revision, lambda one: not _differences(one, asked))
    if found is None:
        return row
    differences = _differences(row, asked)
    if not differences:
        return row
    require_active(row)
    _apply(tx.now, row, asked)
    record(tx, actor, row, "changed", {"changes": differences})
    tell(tx, actor, row, row.owner_id)
    return row


def _differences(row: TicketRow, asked: TicketChange) -> dict[str, list[str]]:
    """What would change: name → before and after."""
    pairs: dict[str, tuple[str, str]] = {}
    if asked.state is not None:
        pairs["state"] = (str(row.state), asked.state.value)
    if asked.priority is not None:
        pairs["priority"] = (str(row.priority), asked.priority.value)
    if asked.kind is not None:
        pairs["kind"] = (row.kind, asked.kind)
    if not isinstance(asked.due_at, Unchanged):
        pairs["due_at"] = (_moment(row.due_at), _moment(asked.due_at))
    return {name: [before, after] for name, (before, after) in pairs.items() if before != after}


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()


def _apply(now: datetime, row: TicketRow, asked: TicketChange) -> None:
    if asked.state is not None and asked.state != row.state:
        if not asked.state.active:
            raise InvalidInput(
                "ticket_state", "A ticket is closed with a resolution, and merged with another."
            )
        move(row, asked.state)
    if asked.priority is not None:
        row.priority = Urgency(asked.priority)
    if asked.kind is not None:
        ticketing.check_kind(asked.kind)
        row.kind = asked.kind
    if not isinstance(asked.due_at, Unchanged) and asked.due_at != row.due_at:
        ticketing.check_due(asked.due_at, now)
        row.due_at = asked.due_at
    row.content = {**row.content, "kind": row.kind, "priority": str(row.priority)}


# -- closing and opening again ---------------------------------------------------------------------


def close(
    tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int, resolution: str
) -> TicketRow:
    """It is done: how."""
    resolution = note("resolution", resolution, required=True)
    row = ticketing.find(tx.session, ticket_id)
    require(people, actor, Act.CLOSE, row, row.offered_to)
    if current(tx.session, actor, ticket_id, revision, lambda one: one.resolution == resolution) is None:
        return row
    require_active(row)  # what is merged goes on elsewhere
    move(row, TicketState.CLOSED)
    asked, row.resolution, row.closed_by, row.closed_at = row.offered_to, resolution, actor.id, tx.now
    ticketing.no_offer(row)
    record(tx, actor, row, "closed", {"note": resolution})
    tell(tx, actor, row, row.owner_id, asked)
    return row


def reopen(
    tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int, reason: str
) -> TicketRow:
    """It is not done after all: why."""
    reason = note("reason", reason, required=True)
    row = ticketing.find(tx.session, ticket_id)
    require(people, actor, Act.REOPEN, row, row.offered_to)
    if current(tx.session, actor, ticket_id, revision, lambda one: one.state == TicketState.OPEN) is None:
        return row
    if row.state != TicketState.CLOSED:
        raise InvalidInput("ticket_state", f"{row.number} is not closed.")
    open_again(row)
    record(tx, actor, row, "reopened", {"note": reason})
    tell(tx, actor, row, row.owner_id)
    return row


def open_again(row: TicketRow) -> None:
    """From closed to open; how it was closed stays in the trail."""
    move(row, TicketState.OPEN)
    row.resolution, row.closed_by, row.closed_at = "", "", None
