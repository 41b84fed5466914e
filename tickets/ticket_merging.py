"""Duplicates: one ticket goes on for another, which points to it and keeps everything of its own."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import ticket_work, ticketing
from tickets.errors import InvalidInput
from tickets.models import TicketRow
from tickets.people import People, Person
from tickets.records import TicketState
from tickets.ticket_rules import Act, require
from tickets.transaction import Transaction


def survivor_of(session: Session, row: TicketRow) -> TicketRow:
    """The ticket that goes on for this one: itself, unless it was merged."""
    while row.merged_into_id is not None:
        row = session.get_one(TicketRow, row.merged_into_id)
    return row


def duplicates_of(session: Session, ticket_id: int) -> list[TicketRow]:
    """Every ticket that a ticket goes on for, also by way of others, oldest first."""
    found: dict[int, TicketRow] = {}
    edge = [ticket_id]
    while edge:
        query = select(TicketRow).where(TicketRow.merged_into_id.in_(edge))
        rows = session.execute(query).scalars().all()
        found.update({row.id: row for row in rows})
        edge = [row.id for row in rows]
    return [found[key] for key in sorted(found)]


def merge(
    tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int, into: int | str
) -> TicketRow:
    """Let another ticket (or the one that goes on for it) go on for this one; the survivor.

    A hand-over of the duplicate that waits is off. Raises InvalidInput when both are one already.
    """
    row = ticketing.find(tx.session, ticket_id)
    target = ticketing.find(tx.session, into)
    require(people, actor, Act.MERGE, row, row.offered_to)
    survivor = survivor_of(tx.session, target)
    require(people, actor, Act.COMMENT, survivor, survivor.offered_to)
    if (
        ticket_work.current(
            tx.session, actor, ticket_id, revision, lambda one: one.merged_into_id == survivor.id
        )
        is None
    ):
        return survivor
    if survivor.id == row.id:
        raise InvalidInput(
            "merge_into", f"{row.number} cannot be merged into itself or what was merged into it."
        )
    before, asked = TicketState(row.state), row.offered_to
    ticket_work.move(row, TicketState.MERGED)
    row.merged_state, row.merged_into_id = before, survivor.id
    ticketing.no_offer(row)
    ticket_work.record(tx, actor, row, "merged", {"into": survivor.number, "was": before.value})
    ticket_work.tell(tx, actor, row, row.owner_id, asked)
    _joined(tx, actor, survivor, "absorbed", row.number)
    return survivor


def unmerge(tx: Transaction, people: People, actor: Person, ticket_id: int, revision: int) -> TicketRow:
    """It is a matter of its own after all: back to where it stood."""
    row = ticketing.find(tx.session, ticket_id)
    require(people, actor, Act.MERGE, row, row.offered_to)
    done = ticket_work.current(tx.session, actor, ticket_id, revision, lambda one: one.merged_into_id is None)
    if done is None:
        return row
    if row.merged_into_id is None:
        raise InvalidInput("merge_into", f"{row.number} is not merged.")
    survivor = survivor_of(tx.session, row)
    ticket_work.move(row, TicketState(row.merged_state))
    row.merged_state, row.merged_into_id = "", None
    ticket_work.record(tx, actor, row, "unmerged", {"from": survivor.number})
    ticket_work.tell(tx, actor, row, row.owner_id)
    _joined(tx, actor, survivor, "released", row.number)
    return row


def _joined(tx: Transaction, actor: Person, survivor: TicketRow, action: str, number: str) -> None:
    ticket_work.record(tx, actor, survivor, action, {"ticket": number})
    ticket_work.tell(tx, actor, survivor, survivor.owner_id)
