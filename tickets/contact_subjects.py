"""What a contact is kept for: whose it is, and when the matter ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import procedure_rows
from tickets.errors import NotFound
from tickets.models import EscalationRow, ProcedureRecordRow, TicketRow
from tickets.people import People
from tickets.procedure_rows import Versions
from tickets.records import UNDECIDED, TicketState

__all__ = ["Session", "by_number", "ended_at", "holders"]

Row = TicketRow | EscalationRow | ProcedureRecordRow

_VERSIONS = Versions()
_OVER = frozenset({"done", "rejected", "withdrawn"})


def _row(session: Session, subject: str) -> Row:
    """The row of a subject; NotFound."""
    kind, _, number = subject.partition(":")
    row: Row | None = None
    if number.isdigit() and kind == "ticket":
        row = session.get(TicketRow, int(number))
    elif number.isdigit() and kind == "escalation":
        row = session.get(EscalationRow, int(number))
    elif number.isdigit() and kind == procedure_rows.KIND:
        row = session.get(ProcedureRecordRow, int(number))
    if row is None:
        raise NotFound("contact", subject)
    return row


def holders(session: Session, subject: str, people: People) -> tuple[str, ...]:
    """Ids of those who answer for a subject: they, and who leads them, may see its contact. NotFound.

    For a filled-in procedure: who filed it, who took part in it, and whom it waits for.
    """
    row = _row(session, subject)
    if isinstance(row, TicketRow):
        return (row.owner_id,)
    if isinstance(row, EscalationRow):
        return (row.filer_id,)
    waiting = procedure_rows.awaited(people, _VERSIONS.of(session, row), row).may
    took_part = (entry["actor"] for entry in row.path if entry["actor"])
    return tuple(dict.fromkeys((row.filer_id, *took_part, *waiting)))


def ended_at(session: Session, subject: str) -> datetime | None:
    """When the matter ended; None while it goes on. NotFound."""
    row = _row(session, subject)
    if isinstance(row, TicketRow):
        while row.merged_into_id is not None:  # the matter goes on there
            row = session.get_one(TicketRow, row.merged_into_id)
        return (row.closed_at or row.updated_at) if row.state == TicketState.CLOSED else None
    if isinstance(row, ProcedureRecordRow):
        return row.updated_at if row.state in _OVER and row.look_at is None else None
    return row.updated_at if row.state not in UNDECIDED else None


def by_number(session: Session, number: str) -> str:
    """The subject with a number for people; empty when there is none."""
    wanted = number.upper()
    kinds = ((TicketRow, "ticket"), (EscalationRow, "escalation"), (ProcedureRecordRow, procedure_rows.KIND))
    for row, kind in kinds:
        found = session.scalars(select(row.id).where(row.number == wanted)).first()
        if found is not None:
            return f"{kind}:{found}"
    return ""
