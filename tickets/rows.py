"""From rows to values and back: the only place that knows both shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tickets.models import (
    AnswerRow,
    CardRow,
    EscalationRow,
    EscalationStepRow,
    NoticeRow,
    OwedReportRow,
    TicketRow,
)
from tickets.people import Role
from tickets.records import (
    Audience,
    Basis,
    Card,
    Escalation,
    EscalationContent,
    EscalationState,
    Notice,
    NoticeKind,
    Offer,
    Origin,
    Ticket,
    TicketContent,
    TicketState,
    Urgency,
)
from tickets.rung_records import Grounds, LeftOut, OwedReport, Step, StepKind


def escalation_subject(escalation_id: int) -> str:
    """How an escalation is named in audit, notices and cards."""
    return f"escalation:{escalation_id}"


def ticket_subject(ticket_id: int) -> str:
    """How a ticket is named in audit, notices and cards."""
    return f"ticket:{ticket_id}"


def storable(text: str) -> str:
    """Text without what no database takes: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item) for item in value]
    return value


def content_to_json(content: EscalationContent | TicketContent) -> dict[str, Any]:
    """A content value as plain JSON."""
    plain: dict[str, Any] = _cleaned(asdict(content))
    return plain


def _basis(stored: Mapping[str, Any]) -> tuple[Basis, ...]:
    return tuple(Basis(**item) for item in stored.get("policy_basis", ()))


def escalation_content(stored: Mapping[str, Any]) -> EscalationContent:
    """The content value of a stored escalation."""
    fields = dict(stored)
    fields["urgency"] = Urgency(fields["urgency"])
    fields["next_role"] = Role(fields["next_role"]) if fields.get("next_role") else None
    fields["policy_basis"] = _basis(stored)
    fields["missing"] = tuple(fields.get("missing", ()))
    fields["accused"] = tuple(fields.get("accused", ()))
    fields["grounds"] = Grounds(fields["grounds"]) if fields.get("grounds") else None
    return EscalationContent(**fields)


def origin_value(row: EscalationRow | TicketRow | AnswerRow) -> Origin:
    """Where in Slack it began."""
    return Origin(row.channel, row.thread_ts, row.message_ts, row.team_id)


def step_value(row: EscalationStepRow) -> Step:
    """One thing that happened to an escalation."""
    return Step(
        number=row.number,
        kind=StepKind(row.kind),
        actor_id=row.actor_id,
        at=row.at,
        revision=row.revision,
        from_role=Role(row.from_role) if row.from_role else None,
        to_role=Role(row.to_role) if row.to_role else None,
        note=row.note,
        objection=row.objection,
        left_out=tuple(LeftOut(Role(role), Grounds(grounds)) for role, grounds in row.left_out),
        special=row.special,
    )


def owed_report_subject(report_id: int) -> str:
    """How a report owed afterwards is named in audit, notices and cards."""
    return f"owed_report:{report_id}"


def owed_report_value(row: OwedReportRow, escalation_number: str) -> OwedReport:
    """A report owed, or given, afterwards."""
    return OwedReport(
        id=row.id,
        escalation_id=row.escalation_id,
        escalation_number=escalation_number,
        role=Role(row.role),
        owed_to=tuple(row.owed_to),
        owed_by=row.owed_by,
        grounds=Grounds(row.grounds),
        created_at=row.created_at,
        due_at=row.due_at,
        text=row.text,
        done_at=row.done_at,
        read_by=row.read_by,
        read_at=row.read_at,
    )


def escalation_value(
    row: EscalationRow,
    ticket: TicketRow | None,
    changed_basis: tuple[int, ...] = (),
    steps: tuple[Step, ...] = (),
) -> Escalation:
    """An escalation with its way and the ticket that its approval made, if any."""
    return Escalation(
        id=row.id,
        number=row.number,
        state=EscalationState(row.state),
        revision=row.revision,
        content=escalation_content(row.content),
        filer_id=row.filer_id,
        awaiting=Role(row.awaiting),
        passed_over=tuple(Role(role) for role in row.passed_over),
        origin=origin_value(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        changed_by=row.changed_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        ticket_id=ticket.id if ticket else None,
        ticket_number=ticket.number if ticket else None,
        changed_basis=changed_basis,
        steps=steps,
        waiting_since=row.waiting_since,
        reminded_at=row.reminded_at,
        carried_out_by=row.carried_out_by,
        carried_out_at=row.carried_out_at,
    )


def _offer(row: TicketRow) -> Offer | None:
    if not row.offered_to or row.offered_at is None:
        return None
    return Offer(row.offered_to, row.offered_by, row.offered_at, row.offer_note)


def ticket_value(row: TicketRow, changed_basis: tuple[int, ...] = (), merged_into: str = "") -> Ticket:
    """A ticket. `merged_into`: number of the ticket that goes on for it."""
    fields = {**row.content, "priority": Urgency(row.priority), "policy_basis": _basis(row.content)}
    return Ticket(
        id=row.id,
        number=row.number,
        state=TicketState(row.state),
        revision=row.revision,
        content=TicketContent(**fields),
        owner_id=row.owner_id,
        first_responder_id=row.first_responder_id,
        logged_by=row.logged_by,
        origin=origin_value(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        escalation_id=row.escalation_id,
        changed_basis=changed_basis,
        due_at=row.due_at,
        customer=row.customer,
        contacts=1 + (row.asked_again or 0),
        changed_by=row.changed_by or row.logged_by,
        resolution=row.resolution,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        merged_into_id=row.merged_into_id,
        merged_into=merged_into,
        offer=_offer(row),
    )


def audience_value(row: NoticeRow | CardRow) -> Audience:
    """Whom a notice or card is for."""
    return Audience(row.audience_user, Role(row.audience_role) if row.audience_role else None)


def notice_value(row: NoticeRow) -> Notice:
    """A notice to send."""
    return Notice(
        row.id,
        NoticeKind(row.kind),
        row.subject,
        row.subject_id,
        audience_value(row),
        row.actor_id,
        row.created_at,
        row.attempts,
        maybe_sent=row.attempts > 0 or row.claimed_until is not None,
        request=row.request,
    )


def card_value(row: CardRow) -> Card:
    """A Slack message that shows a subject."""
    return Card(row.subject, row.channel, row.ts, audience_value(row))
