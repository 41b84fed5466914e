"""Filing, editing and deciding escalations, inside a transaction of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tickets import owing, rules, rungs, ticketing, unreached
from tickets.audit import CONTENT, content_hash
from tickets.citing import changed_basis
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal
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
from tickets.rung_records import StepKind
from tickets.stepping import locked, move, require_current, steps_of, take, tell
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
    tx: Transaction,
    people: People,
    actor: Person,
    content: EscalationContent,
    origin: Origin,
    key: str,
    report_within: timedelta,
    *,
    tell_filer: bool = False,
) -> Escalation:
    """Record a new escalation, or give back the one that this key filed before. `tell_filer`: by the outbox, where it
    was filed."""
    rules.require(actor, rules.Action.FILE_ESCALATION)
    known = tx.session.execute(select(EscalationRow).where(EscalationRow.key == key)).scalar_one_or_none()
    if known is not None:
        return value(tx.session, known)
    check_content(content)
    addressed = rungs.address(people, actor, content)
    row = EscalationRow(
        number=tx.number("E"),
        key=key,
        state=EscalationState.SUBMITTED,
        revision=1,
        filer_id=actor.id,
        created_at=tx.now,
        waiting_since=tx.now,
        decision_note="",
        passed_over=[],
        channel=origin.channel,
        thread_ts=origin.thread_ts,
        message_ts=origin.message_ts,
        team_id=origin.team_id,
    )
    _write_content(tx, row, actor, content)
    row.awaiting, row.passed_over = addressed.role, [one.role.value for one in addressed.left_out]
    tx.session.add(row)
    tx.session.flush()
    _keep_revision(tx, row, StepKind.FILED, actor.role, addressed)
    if tell_filer:
        tell(tx, row, NoticeKind.ESCALATION_FILED, Audience(user_id=actor.id))
    tell(tx, row, NoticeKind.ESCALATION_SUBMITTED, Audience(role=addressed.role))
    owed = rungs.owing(people, actor, addressed.left_out, always=content.after_the_fact_report)
    owing.owe(tx, people, row, owed, report_within)
    unreached.tell(tx, people, row, addressed.left_out, owed)
    return value(tx.session, row)


def edit(
    tx: Transaction,
    people: People,
    actor: Person,
    escalation_id: int,
    revision: int,
    content: EscalationContent,
    report_within: timedelta,
) -> Escalation:
    """Change what it says while it is undecided; a new revision, the old one is kept.

    Only its filer may change to whom it goes, and never back to a lower rung.
    """
    row = locked(tx.session, escalation_id)
    filer, before, awaiting = people.get(row.filer_id), escalation_content(row.content), Role(row.awaiting)
    rungs.require_editor(people, actor, filer, awaiting, before.accused)
    require_current(row, revision, EscalationState(row.state))
    check_content(content)
    addressed = None
    if _routing(content) != _routing(before):
        if actor.id != filer.id:
            raise NotAllowed(rules.Action.EDIT_ESCALATION, actor.role, Refusal.NOT_YOURS)
        addressed = rungs.readdress(people, filer, content, awaiting)
    row.revision += 1
    _write_content(tx, row, actor, content)
    if addressed is not None:
        row.state, row.awaiting = EscalationState.SUBMITTED, addressed.role
        row.waiting_since, row.reminded_at = tx.now, None
        row.passed_over = [*row.passed_over, *(one.role.value for one in addressed.left_out)]
    tx.session.flush()
    _keep_revision(tx, row, StepKind.EDITED, awaiting, addressed)
    # A rung that has no card yet gets one; one that has is asked to redraw it.
    anew = addressed is not None or content.accused != before.accused
    kind = NoticeKind.ESCALATION_SUBMITTED if anew else NoticeKind.ESCALATION_EDITED
    tell(tx, row, kind, Audience(role=Role(row.awaiting)))
    if actor.id != row.filer_id:
        tell(tx, row, NoticeKind.ESCALATION_EDITED, Audience(user_id=row.filer_id))
    if addressed is not None:
        owed = rungs.owing(people, filer, addressed.left_out, always=content.after_the_fact_report)
        owing.owe(tx, people, row, owed, report_within)
        unreached.tell(tx, people, row, addressed.left_out, owed)
    return value(tx.session, row)


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
    row = locked(tx.session, escalation_id)
    content = escalation_content(row.content)
    filer, awaiting = people.get(row.filer_id), Role(row.awaiting)
    rungs.require_reviewer(people, actor, filer, awaiting, content.accused)
    require_current(row, revision, state)
    move(tx, row, actor.id, state)
    row.decided_by, row.decided_at, row.decision_note = actor.id, tx.now, note
    if not note:
        row.waiting_since = None  # nothing to carry out but what the ticket says
    details: dict[str, Any] = {"role": actor.role.value}
    take(
        tx, row, StepKind(state.value), actor.id, from_role=awaiting, to_role=actor.role, note=note,
        details=details,
    )  # fmt: skip
    tell(tx, row, NoticeKind.ESCALATION_DECIDED, Audience(user_id=row.filer_id))
    tell(tx, row, NoticeKind.ESCALATION_DECIDED, Audience(role=awaiting))
    if state is EscalationState.APPROVED:
        origin = Origin(row.channel, row.thread_ts, row.message_ts, row.team_id)
        key = f"approved:{escalation_subject(row.id)}"
        ticketing.insert(tx, actor.id, row.filer_id, _ticket(row, content), origin, key, row.id)
    return value(tx.session, row)


def _ticket(row: EscalationRow, content: EscalationContent) -> TicketContent:
    """The ticket that an approval logs. Tickets are listed to many: of a matter about people it tells nothing."""
    title, description = content.summary[: ticketing.MAX_TITLE], content.report
    if content.accused:
        kept = {"zh": "内容只在上报中查看", "en": "to be read in the escalation only"}
        title, description = f"{row.number} ({kept.get(content.language, kept['zh'])})", ""
    return TicketContent(
        title=title,
        description=description,
        kind="escalation",
        priority=content.urgency,
        owner_id=row.filer_id,
        policy_basis=() if content.accused else content.policy_basis,
    )


def _routing(content: EscalationContent) -> tuple[object, ...]:
    """What decides to whom it goes."""
    return (content.next_role, frozenset(content.accused), content.grounds)


def get(session: Session, escalation_id: int) -> Escalation:
    """One escalation; NotFound."""
    row = session.get(EscalationRow, escalation_id)
    if row is None:
        raise NotFound("escalation", escalation_id)
    return value(session, row)


def by_number(session: Session, number: str) -> Escalation:
    """One escalation by its number (any case); NotFound."""
    query = select(EscalationRow).where(EscalationRow.number == number.strip().upper())
    row = session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound("escalation", number)
    return value(session, row)


def list_values(session: Session, query: Select[EscalationRow]) -> list[Escalation]:
    """The escalations of a query, each with its way and its ticket."""
    rows = session.execute(query).scalars().all()
    ids = [row.id for row in rows]
    tickets, steps = _tickets_of(session, ids), steps_of(session, ids)
    return [
        escalation_value(row, tickets.get(row.id), changed_basis(session, row), steps.get(row.id, ()))
        for row in rows
    ]


def _tickets_of(session: Session, ids: Sequence[int]) -> dict[int, TicketRow]:
    found = session.execute(select(TicketRow).where(TicketRow.escalation_id.in_(ids))).scalars()
    return {row.escalation_id: row for row in found if row.escalation_id is not None}


def value(session: Session, row: EscalationRow) -> Escalation:
    """An escalation as it stands."""
    ticket = _tickets_of(session, [row.id]).get(row.id)
    steps = steps_of(session, [row.id]).get(row.id, ())
    return escalation_value(row, ticket, changed_basis(session, row), steps)


def _write_content(tx: Transaction, row: EscalationRow, actor: Person, content: EscalationContent) -> None:
    row.content = content_to_json(content)
    row.category = storable(content.category)[:64]
    row.urgency = content.urgency
    row.changed_by, row.updated_at = actor.id, tx.now


def _keep_revision(
    tx: Transaction, row: EscalationRow, kind: StepKind, from_role: Role, addressed: rungs.Addressed | None
) -> None:
    """Keep the wording of a revision; where it was addressed (anew), the step says from where to where."""
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
        "awaiting": str(row.awaiting),
        "passed_over": row.passed_over,
        CONTENT: content_hash(row.content),
    }
    content = escalation_content(row.content)
    take(
        tx, row, kind, row.changed_by, details=details,
        from_role=from_role if addressed else None,
        to_role=addressed.role if addressed else None,
        note=(content.skip_reason or content.next_reason) if addressed and addressed.left_out else "",
        left_out=addressed.left_out if addressed else (),
    )  # fmt: skip
