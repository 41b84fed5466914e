"""Logging tickets and finding them again, inside a transaction of the desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tickets.audit import FINGERPRINT, fingerprint
from tickets.citing import changed_basis
from tickets.errors import InvalidInput, NotFound
from tickets.models import TicketRow
from tickets.records import Audience, NoticeKind, Origin, Ticket, TicketContent, TicketState
from tickets.rows import content_to_json, storable, ticket_subject, ticket_value
from tickets.transaction import Transaction

MAX_TITLE = 500
MAX_DESCRIPTION = 20_000
MAX_CUSTOMER = 64
_KIND = re.compile(r"[a-z][a-z0-9_]{0,31}")


def check_content(content: TicketContent) -> None:
    """Raise InvalidInput unless there is a title, a well-formed kind, and nothing is too long."""
    if not content.title.strip():
        raise InvalidInput("title", "The title must not be empty.")
    if len(content.title) > MAX_TITLE:
        raise InvalidInput("title", f"The title is longer than {MAX_TITLE} characters.")
    if len(content.description) > MAX_DESCRIPTION:
        raise InvalidInput("description", f"The description is longer than {MAX_DESCRIPTION} characters.")
    check_kind(content.kind)


def check_kind(kind: str) -> None:
    """Raise InvalidInput unless it is a well-formed kind."""
    if not _KIND.fullmatch(kind):
        raise InvalidInput("kind", "The kind must be a short lower-case word.")


def check_due(due_at: datetime | None, now: datetime) -> None:
    """Raise InvalidInput for a promise that has passed already."""
    if due_at is not None and due_at <= now:
        raise InvalidInput("due_at", "What is promised to the customer must lie in the future.")


def insert(
    tx: Transaction,
    actor_id: str,
    first_responder_id: str,
    content: TicketContent,
    origin: Origin,
    key: str,
    escalation_id: int | None = None,
    *,
    customer: str = "",
    due_at: datetime | None = None,
) -> TicketRow:
    """Write a ticket with its audit entry, or give back the one that this key logged before."""
    known = tx.session.execute(select(TicketRow).where(TicketRow.key == key)).scalar_one_or_none()
    if known is not None:
        return known
    check_content(content)
    check_due(due_at, tx.now)
    if len(customer) > MAX_CUSTOMER:
        raise InvalidInput("customer", f"The key of a customer is longer than {MAX_CUSTOMER} characters.")
    content = replace(content, owner_id=content.owner_id or first_responder_id)
    row = TicketRow(
        number=tx.number("T"),
        key=key,
        state=TicketState.OPEN,
        revision=1,
        kind=content.kind,
        priority=content.priority,
        content=content_to_json(content),
        owner_id=storable(content.owner_id),
        first_responder_id=first_responder_id,
        logged_by=actor_id,
        created_at=tx.now,
        updated_at=tx.now,
        escalation_id=escalation_id,
        channel=origin.channel,
        thread_ts=origin.thread_ts,
        message_ts=origin.message_ts,
        team_id=origin.team_id,
        customer=storable(customer),
        due_at=due_at,
        changed_by=actor_id,
        resolution="",
        closed_by="",
        merged_state="",
        offered_to="",
        offered_by="",
        offer_note="",
    )
    tx.session.add(row)
    tx.session.flush()
    _announce(tx, actor_id, row)
    return row


def _announce(tx: Transaction, actor_id: str, row: TicketRow) -> None:
    subject = ticket_subject(row.id)
    details = {"revision": 1, "number": row.number, "owner": row.owner_id, FINGERPRINT: fingerprint(row)}
    tx.record(actor_id, "ticket.logged", subject, details)
    tx.tell(NoticeKind.TICKET_LOGGED, subject, row.id, Audience(user_id=row.owner_id), actor_id)


def settle(
    tx: Transaction, actor_id: str, row: TicketRow, state: TicketState, why: Mapping[str, Any]
) -> None:
    """Close a ticket, or open it again, because of what happened elsewhere (`why`); its owner is told."""
    if row.state == TicketState.MERGED:  # another goes on for it; where it stood is what it goes back to
        if row.merged_state == state:
            return
        row.merged_state = state
    elif row.state == state or (state is TicketState.OPEN and TicketState(row.state).active):
        return
    else:
        row.state = state
    row.revision, row.updated_at, row.changed_by = row.revision + 1, tx.now, actor_id
    ended = state is TicketState.CLOSED
    row.closed_by, row.closed_at = (actor_id, tx.now) if ended else ("", None)
    row.resolution = ""
    no_offer(row)
    subject = ticket_subject(row.id)
    details = {**why, "revision": row.revision, FINGERPRINT: fingerprint(row)}
    tx.record(
        actor_id, "ticket.closed" if state is TicketState.CLOSED else "ticket.reopened", subject, details
    )
    tx.tell(NoticeKind.TICKET_CHANGED, subject, row.id, Audience(user_id=row.owner_id), actor_id)


def no_offer(row: TicketRow) -> None:
    """Nobody is asked to take it over any more."""
    row.offered_to, row.offered_by, row.offered_at, row.offer_note = "", "", None, ""


def get(session: Session, number_or_id: int | str) -> Ticket:
    """One ticket by its number (any case) or id; NotFound."""
    return value(session, find(session, number_or_id))


def value(session: Session, row: TicketRow) -> Ticket:
    """The value of a row, with what it needs of others."""
    survivor = None if row.merged_into_id is None else session.get_one(TicketRow, row.merged_into_id)
    return ticket_value(row, changed_basis(session, row), "" if survivor is None else survivor.number)


def find(session: Session, number_or_id: int | str) -> TicketRow:
    """The row of a ticket by its number (any case) or id; NotFound."""
    query = select(TicketRow)
    if isinstance(number_or_id, int):
        query = query.where(TicketRow.id == number_or_id)
    else:
        query = query.where(TicketRow.number == number_or_id.strip().upper())
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("ticket", number_or_id)
    return row


def search(session: Session, person_id: str | None, state: TicketState | None, limit: int) -> list[Ticket]:
    """The newest tickets, of one person (owner, first responder or logger) and in one state when given."""
    query = select(TicketRow).order_by(TicketRow.id.desc()).limit(limit)
    if person_id is not None:
        mine = (TicketRow.owner_id, TicketRow.first_responder_id, TicketRow.logged_by)
        query = query.where(or_(*(column == person_id for column in mine)))
    if state is not None:
        query = query.where(TicketRow.state == state)
    return [value(session, row) for row in session.execute(query).scalars().all()]
