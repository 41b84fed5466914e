"""Handing tickets over, inside a transaction of the desk: whoever was asked first stays responsible until somebody
accepts."""

from __future__ import annotations

from tickets import ticket_work, ticketing
from tickets.errors import InvalidInput, NotAllowed, Refusal
from tickets.models import TicketRow
from tickets.people import People, Person
from tickets.records import Audience, NoticeKind, TicketState
from tickets.rows import storable, ticket_subject
from tickets.ticket_records import TicketChange
from tickets.ticket_rules import Act, may, require
from tickets.transaction import Transaction


def offer(
    tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int, to: str, text: str
) -> TicketRow:
    """Ask somebody to take it over. Until they accept, the owner stays responsible."""
    text = ticket_work.note("note", text, required=True)
    row = ticketing.find(tx.session, ticket_id)
    require(people, actor, Act.HAND_OVER, row, row.offered_to)
    if ticket_work.current(tx.session, actor, ticket_id, revision, lambda one: one.offered_to == to) is None:
        return row
    ticket_work.require_active(row)
    to = storable(to).strip()
    if not to or len(to) > 64 or to == row.owner_id:
        raise InvalidInput("offered_to", "A ticket is handed over to somebody else than its owner.")
    before = row.offered_to
    row.offered_to, row.offered_by, row.offered_at, row.offer_note = to, actor.id, tx.now, text
    ticket_work.record(tx, actor, row, "offered", {"to": to, "note": text, "instead_of": before})
    tx.tell(NoticeKind.TICKET_OFFERED, ticket_subject(row.id), row.id, Audience(user_id=to), actor.id)
    ticket_work.tell(tx, actor, row, row.owner_id, before if before != to else "")
    return row


def accept(tx: Transaction, actor: Person, ticket_id: int, revision: int) -> TicketRow:
    """Whoever was asked becomes the owner."""
    row = ticketing.find(tx.session, ticket_id)
    if (
        ticket_work.current(tx.session, actor, ticket_id, revision, lambda one: one.owner_id == actor.id)
        is None
    ):
        return row
    _require_offered(row, actor)
    owner, by = row.owner_id, row.offered_by
    row.owner_id = actor.id
    if row.state == TicketState.OPEN:
        row.state = TicketState.IN_PROGRESS
    row.content = {**row.content, "owner_id": actor.id}
    ticketing.no_offer(row)
    ticket_work.record(tx, actor, row, "accepted", {"from": owner})
    ticket_work.tell(tx, actor, row, owner, by)
    return row


def decline(tx: Transaction, actor: Person, ticket_id: int, revision: int, reason: str) -> TicketRow:
    """Whoever was asked says no, and why; the owner stays."""
    reason = ticket_work.note("reason", reason, required=True)
    row = ticketing.find(tx.session, ticket_id)
    if ticket_work.current(tx.session, actor, ticket_id, revision, lambda one: not one.offered_to) is None:
        return row
    _require_offered(row, actor)
    by = row.offered_by
    ticketing.no_offer(row)
    ticket_work.record(tx, actor, row, "declined", {"note": reason})
    ticket_work.tell(tx, actor, row, row.owner_id, by)
    return row


def withdraw(tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int) -> TicketRow:
    """Nobody needs to take it over any more."""
    row = ticketing.find(tx.session, ticket_id)
    require(people, actor, Act.HAND_OVER, row)
    if ticket_work.current(tx.session, actor, ticket_id, revision, lambda one: not one.offered_to) is None:
        return row
    if not row.offered_to:
        raise InvalidInput("offered_to", f"Nobody is asked to take {row.number} over.")
    asked = row.offered_to
    ticketing.no_offer(row)
    ticket_work.record(tx, actor, row, "offer_withdrawn", {"to": asked})
    ticket_work.tell(tx, actor, row, asked, row.owner_id)
    return row


def take(tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int) -> TicketRow:
    """Begin: the owner starts to work on it, whoever was asked accepts, a supervisor of the owner takes it over."""
    row = ticketing.find(tx.session, ticket_id)
    if row.offered_to == actor.id:
        return accept(tx, actor, ticket_id, revision)
    if row.owner_id == actor.id:
        return ticket_work.change(
            tx, people, actor, ticket_id, revision, TicketChange(state=TicketState.IN_PROGRESS)
        )
    if not may(people, actor, Act.TAKE_OVER, row):
        raise NotAllowed(Act.TAKE_OVER, actor.role, Refusal.NOT_YOUR_TICKET)
    ticket_work.current(tx.session, actor, ticket_id, revision, lambda _: False)
    ticket_work.require_active(row)
    owner, asked = row.owner_id, row.offered_to
    row.owner_id = actor.id
    row.content = {**row.content, "owner_id": actor.id}
    if row.state == TicketState.OPEN:
        row.state = TicketState.IN_PROGRESS
    ticketing.no_offer(row)
    ticket_work.record(tx, actor, row, "taken_over", {"from": owner})
    ticket_work.tell(tx, actor, row, owner, asked)
    return row


def _require_offered(row: TicketRow, actor: Person) -> None:
    ticket_work.require_active(row)
    if row.offered_to != actor.id:
        raise NotAllowed("accept_ticket", actor.role, Refusal.NOT_OFFERED)
