"""How tickets and escalations stood at a moment that has passed, by what is written of their history. Read-only.

A report of last week must say the same whenever it is asked for; what happened since is not part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.models import AuditRow, EscalationRow, EscalationStepRow
from tickets.records import EscalationState
from tickets.rung_records import StepKind

_OF_TICKETS = ("logged", "closed", "reopened", "asked_again", "merged", "unmerged")
_LEADS_TO = {
    StepKind.FILED: EscalationState.SUBMITTED,
    StepKind.RETURNED: EscalationState.RETURNED,
    StepKind.ANSWERED: EscalationState.SUBMITTED,
    StepKind.APPROVED: EscalationState.APPROVED,
    StepKind.REJECTED: EscalationState.REJECTED,
    StepKind.WITHDRAWN: EscalationState.WITHDRAWN,
}


@dataclass(slots=True)
class TicketThen:
    """How a ticket stood."""

    closed_at: datetime | None = None
    """Since when it was closed; None while there was something to do."""
    merged: bool = False
    """Another went on for it; whether it was closed before stays known for when they are parted again."""


def tickets_at(session: Session, moment: datetime) -> Mapping[str, TicketThen]:
    """Every ticket that had been logged before a moment, by its subject."""
    query = (
        select(AuditRow.subject, AuditRow.action, AuditRow.at, AuditRow.details)
        .where(AuditRow.action.in_([f"ticket.{what}" for what in _OF_TICKETS]), AuditRow.at < moment)
        .order_by(AuditRow.id)
    )
    found: dict[str, TicketThen] = {}
    for subject, action, at, details in session.execute(query):
        one = found.setdefault(subject, TicketThen())
        what = action.partition(".")[2]
        if what == "closed":
            one.closed_at = at
        elif what == "reopened" or (what == "asked_again" and details.get("opened")):
            one.closed_at = None
        elif what in ("merged", "unmerged"):
            one.merged = what == "merged"
    return found


def escalations_at(session: Session, moment: datetime) -> dict[int, EscalationState]:
    """Escalation id → state, of those filed before a moment."""
    filed = select(EscalationRow).where(EscalationRow.created_at < moment)
    found = {row.id: _without_steps(row, moment) for row in session.scalars(filed)}
    query = (
        select(EscalationStepRow.escalation_id, EscalationStepRow.kind, EscalationStepRow.to_role)
        .where(EscalationStepRow.at < moment)
        .order_by(EscalationStepRow.escalation_id, EscalationStepRow.number)
    )
    for number, kind, to_role in session.execute(query):
        if number not in found:
            continue
        leads_to = _LEADS_TO.get(StepKind(kind))
        if kind == StepKind.EDITED and to_role:  # addressed anew, which answers what was asked
            leads_to = EscalationState.SUBMITTED
        found[number] = leads_to or found[number]
    return found


def _without_steps(row: EscalationRow, moment: datetime) -> EscalationState:
    """Of those that were filed before steps were kept only the decision has a time."""
    decided = row.decided_at is not None and row.decided_at < moment
    return EscalationState(row.state) if decided else EscalationState.SUBMITTED
