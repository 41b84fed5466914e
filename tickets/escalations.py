"""Filing, editing and deciding escalations, inside a transaction of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tickets import rules, ticketing
from tickets.audit import CONTENT, FINGERPRINT, content_hash, fingerprint
from tickets.citing import changed_basis
from tickets.errors import InvalidInput, NotFound, StaleRevision
from tickets.models import EscalationRevisionRow, EscalationRow, TicketRow
from tickets.people import People, Person, Role
from tickets.records import (
    Audience,
    Escalation,
    EscalationContent,
    EscalationState,
    NoticeKind,
    Origin,
    TicketContent,
)
from tickets.rows import content_to_json, escalation_content, escalation_subject, escalation_value, storable
from tickets.transaction import Transaction

MAX_SUMMARY = 500
MAX_REPORT = 20_000
MAX_NOTE = 3_000


def check_content(content: EscalationContent) -> None:
    """Raise InvalidInput unless summary, report and handling suggestion are there and not too long."""
    required = {
        "summary": (content.summary, MAX_SUMMARY),
        "report": (content.report, MAX_REPORT),
        "handling_suggestion": (content.handling_suggestion, MAX_NOTE),
    }
    for name, (value, longest) in required.items():
        if not value.strip():
            raise InvalidInput(name, f"The {name.replace('_', ' ')} must not be empty.")
        if len(value) > longest:
            raise InvalidInput(name, f"The {name.replace('_', ' ')} is longer than {longest} characters.")


def check_note(field: str, note: str, *, required: bool) -> str:
    """The instruction or reason, trimmed; InvalidInput when missing or too long."""
    note = storable(note).strip()
    if required and not note:
        raise InvalidInput(field, f"The {field} must not be empty.")
    if len(note) > MAX_NOTE:
        raise InvalidInput(field, f"The {field} is longer than {MAX_NOTE} characters.")
    return note


def file(
    tx: Transaction, people: People, actor: Person, content: EscalationContent, origin: Origin, key: str
) -> Escalation:
    """Record a new escalation, or give back the one that this key filed before."""
    rules.require(actor, rules.Action.FILE_ESCALATION)
    known = tx.session.execute(select(EscalationRow).where(EscalationRow.key == key)).scalar_one_or_none()
    if known is not None:
        return _value(tx.session, known)
    check_content(content)
    reason = content.next_reason or content.skip_reason
    awaiting, passed_over = rules.address(people, actor, content.next_role, reason)
    row = EscalationRow(
        number=tx.number("E"),
        key=key,
        state=EscalationState.SUBMITTED,
        revision=1,
        filer_id=actor.id,
        created_at=tx.now,
        decision_note="",
        channel=origin.channel,
        thread_ts=origin.thread_ts,
        message_ts=origin.message_ts,
        team_id=origin.team_id,
    )
    _write_content(tx, row, actor, content, awaiting, passed_over)
    tx.session.add(row)
    tx.session.flush()
    _keep_revision(tx, row, "escalation.filed")
    _tell(tx, row, NoticeKind.ESCALATION_SUBMITTED, Audience(role=awaiting))
    return _value(tx.session, row)


def edit(
    tx: Transaction,
    people: People,
    actor: Person,
    escalation_id: int,
    revision: int,
    content: EscalationContent,
) -> Escalation:
    """Change what it says while it is undecided; a new revision, the old one is kept."""
    row = _locked(tx.session, escalation_id)
    rules.require_editor(actor, row.filer_id, Role(row.awaiting), people.ladder)
    _require_current(row, revision, EscalationState.SUBMITTED)
    check_content(content)
    filer = people.get(row.filer_id)
    reason = content.next_reason or content.skip_reason
    awaiting, passed_over = rules.address(people, filer, content.next_role, reason)
    moved = awaiting != Role(row.awaiting)
    row.revision += 1
    _write_content(tx, row, actor, content, awaiting, passed_over)
    tx.session.flush()
    _keep_revision(tx, row, "escalation.edited")
    # A rung that has no card yet gets one; one that has is asked to redraw it.
    kind = NoticeKind.ESCALATION_SUBMITTED if moved else NoticeKind.ESCALATION_EDITED
    _tell(tx, row, kind, Audience(role=awaiting))
    if actor.id != row.filer_id:
        _tell(tx, row, NoticeKind.ESCALATION_EDITED, Audience(user_id=row.filer_id))
    return _value(tx.session, row)


def decide(
    tx: Transaction,
    people: People,
    actor: Person,
    escalation_id: int,
    revision: int,
    state: EscalationState,
    note: str,
) -> Escalation:
    """Approve (which logs the ticket) or reject, once, by somebody who may and has seen this revision."""
    row = _locked(tx.session, escalation_id)
    rules.require_decider(actor, row.filer_id, Role(row.awaiting), people.ladder)
    _require_current(row, revision, state)
    row.state = state
    row.revision += 1
    row.decided_by, row.decided_at, row.decision_note = actor.id, tx.now, note
    row.changed_by, row.updated_at = actor.id, tx.now
    tx.session.flush()
    subject = escalation_subject(row.id)
    details: dict[str, Any] = {
        "revision": row.revision,
        "role": actor.role.value,
        FINGERPRINT: fingerprint(row),
    }
    tx.record(actor.id, f"escalation.{state.value}", subject, details)
    if state is EscalationState.APPROVED:
        content = escalation_content(row.content)
        ticket = TicketContent(
            title=content.summary[: ticketing.MAX_TITLE],
            description=content.report,
            kind="escalation",
            priority=content.urgency,
            owner_id=row.filer_id,
            policy_basis=content.policy_basis,
        )
        origin = Origin(row.channel, row.thread_ts, row.message_ts, row.team_id)
        ticketing.insert(tx, actor.id, row.filer_id, ticket, origin, f"approved:{subject}", row.id)
    _tell(tx, row, NoticeKind.ESCALATION_DECIDED, Audience(user_id=row.filer_id))
    _tell(tx, row, NoticeKind.ESCALATION_DECIDED, Audience(role=Role(row.awaiting)))
    return _value(tx.session, row)


def get(session: Session, escalation_id: int) -> Escalation:
    """One escalation; NotFound."""
    row = session.get(EscalationRow, escalation_id)
    if row is None:
        raise NotFound("escalation", escalation_id)
    return _value(session, row)


def list_values(session: Session, query: Select[EscalationRow]) -> list[Escalation]:
    """The escalations of a query, each with its ticket."""
    rows = session.execute(query).scalars().all()
    tickets = _tickets_of(session, [row.id for row in rows])
    return [escalation_value(row, tickets.get(row.id), changed_basis(session, row)) for row in rows]


def _tickets_of(session: Session, ids: Sequence[int]) -> dict[int, TicketRow]:
    found = session.execute(select(TicketRow).where(TicketRow.escalation_id.in_(ids))).scalars()
    return {row.escalation_id: row for row in found if row.escalation_id is not None}


def _value(session: Session, row: EscalationRow) -> Escalation:
    ticket = _tickets_of(session, [row.id]).get(row.id)
    return escalation_value(row, ticket, changed_basis(session, row))


def _locked(session: Session, escalation_id: int) -> EscalationRow:
    row = session.get(EscalationRow, escalation_id, with_for_update=True)
    if row is None:
        raise NotFound("escalation", escalation_id)
    return row


def _require_current(row: EscalationRow, revision: int, to: EscalationState) -> None:
    if row.revision == revision and rules.may_change(EscalationState(row.state), to):
        return
    raise StaleRevision(
        row.number,
        state=row.state,
        revision=row.revision,
        changed_by=row.changed_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )


def _write_content(
    tx: Transaction,
    row: EscalationRow,
    actor: Person,
    content: EscalationContent,
    awaiting: Role,
    passed_over: tuple[Role, ...],
) -> None:
    row.content = content_to_json(content)
    row.category = storable(content.category)[:64]
    row.urgency = content.urgency
    row.awaiting = awaiting
    row.passed_over = [role.value for role in passed_over]
    row.changed_by, row.updated_at = actor.id, tx.now


def _keep_revision(tx: Transaction, row: EscalationRow, action: str) -> None:
    tx.session.add(
        EscalationRevisionRow(
            escalation_id=row.id,
            revision=row.revision,
            content=row.content,
            changed_by=row.changed_by,
            at=tx.now,
        )
    )
    details = {
        "revision": row.revision,
        "awaiting": str(row.awaiting),
        "passed_over": row.passed_over,
        CONTENT: content_hash(row.content),
        FINGERPRINT: fingerprint(row),
    }
    tx.record(row.changed_by, action, escalation_subject(row.id), details)


def _tell(tx: Transaction, row: EscalationRow, kind: NoticeKind, audience: Audience) -> None:
    tx.tell(kind, escalation_subject(row.id), row.id, audience, row.changed_by)
