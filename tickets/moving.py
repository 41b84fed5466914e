"""What moves an escalation between filing and its decision, and what follows it, inside a transaction of the desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import owing, rungs, unreached
from tickets.errors import InvalidInput, NotAllowed, Refusal
from tickets.escalations import check_note, value
from tickets.models import EscalationRow, TicketRow
from tickets.people import People, Person, Role
from tickets.records import Audience, Escalation, EscalationState, NoticeKind
from tickets.rows import escalation_content
from tickets.rules import Action
from tickets.rung_records import Grounds, LeftOut, StepKind
from tickets.stepping import locked, move, require_current, stale, take, tell
from tickets.transaction import Transaction


def pass_up(
    tx: Transaction, people: People, actor: Person, escalation_id: int, revision: int, note: str
) -> Escalation:
    """A reviewer hands it on to the rung above theirs: who cannot settle it reports upwards, not the agent."""
    note = check_note("pass_note", note, required=False)
    row = _reviewed(tx, people, actor, escalation_id)
    if row.state != EscalationState.SUBMITTED:  # what waits for its filer's answer stays until it is there
        raise stale(row)
    require_current(row, revision, EscalationState.SUBMITTED)
    filer, awaiting = people.get(row.filer_id), Role(row.awaiting)
    ladder = people.ladder_of(filer)
    own = actor.role if ladder.height(actor.role) > ladder.height(awaiting) else awaiting
    target = _above(people, row, own)
    move(tx, row, actor.id, EscalationState.SUBMITTED, target)
    take(tx, row, StepKind.PASSED_UP, actor.id, from_role=own, to_role=target, note=note)
    tell(tx, row, NoticeKind.ESCALATION_SUBMITTED, Audience(role=target))
    tell(tx, row, NoticeKind.ESCALATION_MOVED, Audience(user_id=row.filer_id))
    return value(tx.session, row)


def ask_back(
    tx: Transaction, people: People, actor: Person, escalation_id: int, revision: int, question: str
) -> Escalation:
    """A reviewer asks the filer something; until the answer it waits for them."""
    question = check_note("back_question", question, required=True)
    row = _reviewed(tx, people, actor, escalation_id)
    if row.state != EscalationState.SUBMITTED:
        raise stale(row)
    require_current(row, revision, EscalationState.RETURNED)
    move(tx, row, actor.id, EscalationState.RETURNED)
    take(tx, row, StepKind.RETURNED, actor.id, from_role=Role(row.awaiting), note=question)
    tell(tx, row, NoticeKind.ESCALATION_RETURNED, Audience(user_id=row.filer_id))
    tell(tx, row, NoticeKind.ESCALATION_EDITED, Audience(role=Role(row.awaiting)))
    return value(tx.session, row)


def answer(tx: Transaction, actor: Person, escalation_id: int, revision: int, text: str) -> Escalation:
    """The filer answers what they were asked; it waits for the same rung again, whose time begins anew."""
    text = check_note("answer", text, required=True)
    row = _own(tx, actor, escalation_id)
    if row.state != EscalationState.RETURNED:
        raise stale(row)
    require_current(row, revision, EscalationState.SUBMITTED)
    asker = next(
        step.actor_id for step in value(tx.session, row).steps[::-1] if step.kind is StepKind.RETURNED
    )
    move(tx, row, actor.id, EscalationState.SUBMITTED)
    take(tx, row, StepKind.ANSWERED, actor.id, to_role=Role(row.awaiting), note=text)
    tell(tx, row, NoticeKind.ESCALATION_EDITED, Audience(role=Role(row.awaiting)))
    tell(tx, row, NoticeKind.ESCALATION_ANSWERED, Audience(user_id=asker))
    return value(tx.session, row)


def unreachable(
    tx: Transaction,
    people: People,
    actor: Person,
    escalation_id: int,
    revision: int,
    circumstances: str,
    report_within: timedelta,
) -> Escalation:
    """The filer cannot reach the rung that it waits for: the next one is asked, and has to reach the one missed.

    The rules say so of the lowest rung, with the circumstances in detail; above it is a special case, of which the
    filer reports afterwards.
    """
    circumstances = check_note("circumstances", circumstances, required=True)
    row = _own(tx, actor, escalation_id)
    if row.state != EscalationState.SUBMITTED:
        raise stale(row)
    require_current(row, revision, EscalationState.SUBMITTED)
    missed = Role(row.awaiting)
    target = _above(people, row, missed)
    special = missed is not people.ladder_of(people.get(row.filer_id)).rungs[0]
    move(tx, row, actor.id, EscalationState.SUBMITTED, target)
    row.passed_over = [*row.passed_over, missed.value]
    take(
        tx, row, StepKind.UNREACHABLE, actor.id, from_role=missed, to_role=target, note=circumstances,
        special=special,
    )  # fmt: skip
    tell(tx, row, NoticeKind.ESCALATION_SUBMITTED, Audience(role=target))
    left_out = (LeftOut(missed, Grounds.UNREACHABLE),)
    owed = rungs.owing(people, people.get(row.filer_id), left_out, always=False)
    owing.owe(tx, people, row, owed, report_within)
    unreached.tell(tx, people, row, left_out, owed)
    return value(tx.session, row)


def withdraw(tx: Transaction, actor: Person, escalation_id: int, revision: int, reason: str) -> Escalation:
    """The filer takes it back while it is undecided."""
    reason = check_note("withdraw_reason", reason, required=False)
    row = _own(tx, actor, escalation_id)
    require_current(row, revision, EscalationState.WITHDRAWN)
    move(tx, row, actor.id, EscalationState.WITHDRAWN)
    take(tx, row, StepKind.WITHDRAWN, actor.id, note=reason)
    tell(tx, row, NoticeKind.ESCALATION_EDITED, Audience(role=Role(row.awaiting)))
    return value(tx.session, row)


def carried_out(
    tx: Transaction, actor: Person, escalation_id: int, revision: int, note: str, objection: str
) -> Escalation:
    """Whoever owns the matter has done what was instructed; an objection is reported after doing it, not instead."""
    note = check_note("carried_out", note, required=True)
    objection = check_note("objection", objection, required=False)
    row = locked(tx.session, escalation_id)
    if actor.id not in holders(tx.session, row):
        raise NotAllowed("carry_out", actor.role, Refusal.NOT_OWED)
    if row.state != EscalationState.APPROVED or row.carried_out_at is not None or row.revision != revision:
        raise stale(row)
    row.revision += 1
    row.carried_out_by, row.carried_out_at = actor.id, tx.now
    row.changed_by, row.updated_at = actor.id, tx.now
    row.waiting_since = row.reminded_at = None
    take(tx, row, StepKind.CARRIED_OUT, actor.id, note=note, objection=objection)
    tell(tx, row, NoticeKind.INSTRUCTION_DONE, Audience(user_id=row.decided_by))
    tell(tx, row, NoticeKind.ESCALATION_EDITED, Audience(role=Role(row.awaiting)))
    return value(tx.session, row)


def missed_seen(tx: Transaction, actor: Person, escalation_id: int) -> Escalation:
    """A superior who could not be reached, and was told so, knows of it; once. NotAllowed, NotFound."""
    row = locked(tx.session, escalation_id)
    if not unreached.is_told(tx, row, actor.id) or actor.id in escalation_content(row.content).accused:
        raise NotAllowed("confirm_having_been_missed", actor.role, Refusal.NOT_OWED)
    before = value(tx.session, row)
    if not any(step.kind is StepKind.MISSED_SEEN and step.actor_id == actor.id for step in before.steps):
        take(tx, row, StepKind.MISSED_SEEN, actor.id, from_role=rungs.missed_role(before, actor))
    return value(tx.session, row)


def holders(session: Session, row: EscalationRow) -> Sequence[str]:
    """Whose it is to carry out an instruction: the owner of its ticket, and whoever filed it."""
    owner = session.execute(select(TicketRow.owner_id).where(TicketRow.escalation_id == row.id)).scalar()
    return tuple(dict.fromkeys([owner or row.filer_id, row.filer_id]))


def _reviewed(tx: Transaction, people: People, actor: Person, escalation_id: int) -> EscalationRow:
    """The row, for somebody to whom it goes. NotAllowed, NotFound."""
    row = locked(tx.session, escalation_id)
    filer, accused = people.get(row.filer_id), escalation_content(row.content).accused
    rungs.require_reviewer(people, actor, filer, Role(row.awaiting), accused)
    return row


def _own(tx: Transaction, actor: Person, escalation_id: int) -> EscalationRow:
    """The row, for its filer. NotAllowed, NotFound."""
    row = locked(tx.session, escalation_id)
    if actor.id != row.filer_id:
        raise NotAllowed(Action.EDIT_ESCALATION, actor.role, Refusal.NOT_YOURS)
    return row


def _above(people: People, row: EscalationRow, rung: Role) -> Role:
    """The next rung with somebody who may decide. Raises InvalidInput (`top`) when there is none."""
    filer = people.get(row.filer_id)
    target = rungs.next_above(people, filer, escalation_content(row.content).accused, rung)
    if target is None:
        raise InvalidInput("top", f"Nobody stands above {people.ladder_of(filer).name(rung)} for this.")
    return target
