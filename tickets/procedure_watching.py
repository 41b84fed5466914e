"""What the bot does by itself: reminds when a step takes too long, passes it up, reminds of booked moments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import procedure_rows
from tickets.models import ProcedureRecordRow
from tickets.people import People
from tickets.procedure_records import Act, RecordState
from tickets.procedure_rows import Versions
from tickets.procedure_walking import Walk, is_over
from tickets.records import NoticeKind
from tickets.transaction import Transaction


def due(session: Session, now: datetime) -> list[int]:
    """Records to look at, the longest due first."""
    query = select(ProcedureRecordRow.id).where(ProcedureRecordRow.look_at <= now)
    return list(session.execute(query.order_by(ProcedureRecordRow.look_at)).scalars())


def look(tx: Transaction, people: People, versions: Versions, record_id: int) -> bool:
    """Do what is due at one record; False when another process did it meanwhile.

    The writers take turns, and what was done is in the row: so it is done once.
    """
    row = procedure_rows.find(tx.session, record_id)
    if row.look_at is None or row.look_at > tx.now:
        return False
    walk = Walk(tx, people, versions.of(tx.session, row), row, "")
    _remind_of_moments(walk)
    if row.due_at is not None and row.due_at <= tx.now and row.state == RecordState.WAITING:
        _remind_of_step(walk)
    elif row.due_at is not None and row.state != RecordState.WAITING:
        row.due_at = None
    walk.record("watched", overdue=row.overdue)
    return True


def _remind_of_moments(walk: Walk) -> None:
    for number, moment in walk.row.moments:
        if datetime.fromisoformat(moment) > walk.tx.now:
            continue
        walk.row.moments = [one for one in walk.row.moments if one != [number, moment]]
        if number > len(walk.spec.reminders) or (is_over(walk.row) and walk.spec.steps):
            continue
        who = walk.spec.reminders[number - 1].who
        found = procedure_rows.asked(walk.people, walk.spec, walk.row, who)
        walk.tell_actors(NoticeKind.PROCEDURE_MOMENT, found, number)


def _remind_of_step(walk: Walk) -> None:
    """First a reminder; after the same time again the rung above may act as well, when the file says so."""
    row, step = walk.row, walk.spec.step(walk.row.step)
    row.due_at = None
    if step is None or step.within_hours is None:
        return
    row.overdue += 1
    before = procedure_rows.awaited(walk.people, walk.spec, row)
    if row.overdue == 1:
        procedure_rows.add_to_path(row, walk.tx.now, Act.REMINDED, "", step.key)
        walk.tell_actors(NoticeKind.PROCEDURE_REMINDER, before)
        if step.pass_up:
            row.due_at = walk.due_in(step.within_hours, before)
        return
    procedure_rows.add_to_path(row, walk.tx.now, Act.PASSED_UP, "", step.key)
    walk.tell(NoticeKind.PROCEDURE_PASSED_UP, before.also)
    walk.tell(NoticeKind.PROCEDURE_CHANGED, [row.filer_id])
