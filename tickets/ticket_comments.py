"""Comments on tickets and customers who come again, inside a transaction of the desk."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import ticket_merging, ticket_work, ticketing
from tickets.audit import FINGERPRINT, fingerprint
from tickets.models import TicketCommentRow, TicketRow
from tickets.people import People, Person
from tickets.records import TicketState
from tickets.ticket_records import TicketComment
from tickets.ticket_rules import Act, require
from tickets.transaction import Transaction


def add(
    tx: Transaction, people: People, actor: Person, ticket_id: int, text: str, key: str, *, asked_again: bool
) -> TicketRow:
    """Write a comment, once per key; on a merged ticket it goes to the one that goes on for it.

    When the customer came again, whoever spoke with them may write it down, whosever ticket it is, and a closed
    ticket is opened again.
    """
    text = ticket_work.note("comment", text, required=True)
    row = ticket_merging.survivor_of(tx.session, ticketing.find(tx.session, ticket_id))
    if not asked_again:
        require(people, actor, Act.COMMENT, row, row.offered_to)
    known = tx.session.execute(
        select(TicketCommentRow).where(TicketCommentRow.key == key)
    ).scalar_one_or_none()
    if known is not None:
        return tx.session.get_one(TicketRow, known.ticket_id)
    comment = TicketCommentRow(
        ticket_id=row.id, key=key, author_id=actor.id, text=text, at=tx.now, asked_again=asked_again
    )
    tx.session.add(comment)
    tx.session.flush()
    subject = f"ticket_comment:{comment.id}"
    tx.record(actor.id, "ticket_comment.written", subject, {FINGERPRINT: fingerprint(comment)})
    if asked_again:
        _ask_again(tx, actor, row, comment.id)
    else:
        # No new revision: what somebody else is about to do with the ticket does not collide with a comment.
        row.updated_at = tx.now
        ticket_work.vouch(tx, actor, row, "commented", {"comment": comment.id})
    ticket_work.tell(tx, actor, row, row.owner_id)
    return row


def _ask_again(tx: Transaction, actor: Person, row: TicketRow, comment_id: int) -> None:
    row.asked_again = (row.asked_again or 0) + 1
    closed = row.state == TicketState.CLOSED
    if closed:
        ticket_work.open_again(row)
    details = {"comment": comment_id, "contacts": 1 + row.asked_again, "opened": closed or None}
    ticket_work.record(tx, actor, row, "asked_again", details)


def of(session: Session, tickets: Mapping[int, str]) -> tuple[TicketComment, ...]:
    """The comments on tickets (id → number), oldest first."""
    return tuple(
        TicketComment(
            one.id, one.ticket_id, tickets[one.ticket_id], one.author_id, one.text, one.at, one.asked_again
        )
        for one in _rows(session, tickets)
    )


def _rows(session: Session, ids: Collection[int]) -> list[TicketCommentRow]:
    query = select(TicketCommentRow).where(TicketCommentRow.ticket_id.in_(ids)).order_by(TicketCommentRow.id)
    return list(session.execute(query).scalars())
