"""What a contact is kept for: whose it is, and when the matter ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.errors import NotFound
from tickets.models import EscalationRow, TicketRow
from tickets.records import EscalationState, TicketState

__all__ = ["Session", "by_number", "ended_at", "holders"]

Row = TicketRow | EscalationRow


def _row(session: Session, subject: str) -> Row:
    """The row of a subject; NotFound."""
    kind, _, number = subject.partition(":")
    row: Row | None = None
    if number.isdigit() and kind == "ticket":
        row = session.get(TicketRow, int(number))
    elif number.isdigit() and kind == "escalation":
        row = session.get(EscalationRow, int(number))
    if row is None:
        raise NotFound("contact", subject)
    return row


def holders(session: Session, subject: str) -> tuple[str, ...]:
    """Ids of those who answer for a subject: they, and who leads them, may see its contact. NotFound."""
    row = _row(session, subject)
    return (row.owner_id,) if isinstance(row, TicketRow) else (row.filer_id,)


def ended_at(session: Session, subject: str) -> datetime | None:
    """When the matter ended; None while it goes on. NotFound."""
    row = _row(session, subject)
    if isinstance(row, TicketRow):
        return row.updated_at if row.state == TicketState.CLOSED else None
    return row.updated_at if row.state != EscalationState.SUBMITTED else None


def by_number(session: Session, number: str) -> str:
    """The subject with a number for people; empty when there is none."""
    wanted = number.upper()
    found = session.scalars(select(TicketRow.id).where(TicketRow.number == wanted)).first()
    if found is not None:
        return f"ticket:{found}"
    found = session.scalars(select(EscalationRow.id).where(EscalationRow.number == wanted)).first()
    return "" if found is None else f"escalation:{found}"
