"""Deadlines, inside a transaction of the desk: who is reminded, and what goes up a rung by itself.

Everything is decided by what the rows say within one transaction that has the writers' turn: two processes, or one
that was down for a day, remind and move once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from tickets import moving, owing, rungs
from tickets.models import EscalationRow, OwedReportRow
from tickets.people import People, Role
from tickets.records import UNDECIDED, Audience, EscalationState, NoticeKind, Urgency
from tickets.rows import escalation_content
from tickets.rung_records import Deadlines, StepKind, Watched
from tickets.stepping import move, take, tell
from tickets.transaction import Transaction

_BY_ITSELF = ""
"""The actor of what happens because time passed."""


def is_anything_due(session: Session, people: People, now: datetime, deadlines: Deadlines) -> bool:
    """Whether `watch` would do something: a look that takes no turn."""
    if any(_is_due(session, people, row, now, deadlines) for row in session.execute(_waiting()).scalars()):
        return True
    missing = select(OwedReportRow).where(OwedReportRow.done_at.is_(None))
    reports = session.execute(missing).scalars()
    return any(owing.is_due(session, people, report, now, deadlines.report) for report in reports)


def watch(tx: Transaction, people: People, deadlines: Deadlines) -> Watched:
    """Remind whoever something has waited for too long; what waits as long again goes up a rung, if there is one."""
    reminded, moved = [], []
    for row in tx.session.execute(_waiting()).scalars().all():
        if not _is_due(tx.session, people, row, tx.now, deadlines):
            continue
        if (
            row.state == EscalationState.SUBMITTED
            and row.reminded_at is not None
            and _move_up(tx, people, row)
        ):
            moved.append(row.id)
        else:
            _remind(tx, row)
            reminded.append(row.id)
    reports = owing.remind(tx, people, deadlines.report)
    return Watched(tuple(reminded), tuple(moved), tuple(reports))


def _waiting() -> Select[EscalationRow]:
    undecided = EscalationRow.state.in_(UNDECIDED)
    # Of what was approved before instructions were followed up nobody is reminded: there `waiting_since` is empty.
    instructed = (EscalationRow.state == EscalationState.APPROVED) & EscalationRow.waiting_since.is_not(None)
    return select(EscalationRow).where(or_(undecided, instructed)).order_by(EscalationRow.id)


def _is_due(
    session: Session, people: People, row: EscalationRow, now: datetime, deadlines: Deadlines
) -> bool:
    if row.state == EscalationState.APPROVED:
        limit = deadlines.instruction
    else:
        limit = rungs.patience(Urgency(row.urgency), deadlines)
    since = row.reminded_at or row.waiting_since or row.created_at
    if not limit or since + limit > now:  # in no shifts does time pass quicker than on the wall
        return False
    if row.state == EscalationState.SUBMITTED:
        held_by = ""
    elif row.state == EscalationState.RETURNED:
        held_by = row.filer_id
    else:
        held_by = moving.holders(session, row)[0]
    accused = escalation_content(row.content).accused
    whom = rungs.waits_for(people, row.filer_id, held_by, Role(row.awaiting), accused)
    return people.later(since, limit, whom, urgent=row.urgency == Urgency.URGENT) <= now


def _move_up(tx: Transaction, people: People, row: EscalationRow) -> bool:
    """Up one rung; False when nobody is left above."""
    filer, awaiting = people.get(row.filer_id), Role(row.awaiting)
    target = rungs.next_above(people, filer, escalation_content(row.content).accused, awaiting)
    if target is None:
        return False
    move(tx, row, _BY_ITSELF, EscalationState.SUBMITTED, target)
    take(tx, row, StepKind.OVERDUE, _BY_ITSELF, from_role=awaiting, to_role=target)
    tell(tx, row, NoticeKind.ESCALATION_SUBMITTED, Audience(role=target))
    tell(tx, row, NoticeKind.ESCALATION_MOVED, Audience(user_id=row.filer_id))
    return True


def _remind(tx: Transaction, row: EscalationRow) -> None:
    row.reminded_at = tx.now
    if row.state == EscalationState.SUBMITTED:
        take(tx, row, StepKind.REMINDED, _BY_ITSELF, to_role=Role(row.awaiting))
        tell(tx, row, NoticeKind.ESCALATION_OVERDUE, Audience(role=Role(row.awaiting)))
        return
    take(tx, row, StepKind.REMINDED, _BY_ITSELF)
    if row.state == EscalationState.RETURNED:
        tell(tx, row, NoticeKind.ESCALATION_OVERDUE, Audience(user_id=row.filer_id))
        return
    holder = moving.holders(tx.session, row)[0]
    tell(tx, row, NoticeKind.INSTRUCTION_REMINDER, Audience(user_id=holder))
