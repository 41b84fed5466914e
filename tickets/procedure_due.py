"""Duties that come round: for which day a record counts, who owes one, who did not file one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.models import ProcedureRecordRow
from tickets.people import Person
from tickets.procedure_records import Owed, RecordState
from tickets.procedure_spec import Procedure, Recurrence

_NOT_FILED = (RecordState.REJECTED.value, RecordState.WITHDRAWN.value)
_END_OF_DAY = "23:59"
"""When a duty at the end of the shift is due as long as nothing is known of the shift."""


def due_at(recurrence: Recurrence, day: date, zone: ZoneInfo, shift_end: datetime | None = None) -> datetime:
    """The moment by which the record of a day is due. `shift_end` counts when the file names no time."""
    if not recurrence.at and shift_end is not None:
        return shift_end
    return datetime.combine(day, time.fromisoformat(recurrence.at or _END_OF_DAY), zone)


def is_due_on(recurrence: Recurrence, day: date) -> bool:
    """Whether the duty comes round on this day."""
    return recurrence.weekday in (None, day.isoweekday())


def days_around(recurrence: Recurrence, now: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The last day that is past due, and the next one to come."""
    today = now.astimezone(zone).date()
    around = [today + timedelta(days=shift) for shift in range(-8, 9)]
    due = [day for day in around if is_due_on(recurrence, day)]
    past = [day for day in due if due_at(recurrence, day, zone) <= now]
    return past[-1], next(day for day in due if day > past[-1])


def filed(session: Session, procedure: str, person_id: str, day: date) -> bool:
    """Whether somebody filed the record of a day."""
    query = select(ProcedureRecordRow.id).where(
        ProcedureRecordRow.procedure == procedure,
        ProcedureRecordRow.filer_id == person_id,
        ProcedureRecordRow.due_day == day.isoformat(),
        ProcedureRecordRow.state.not_in(_NOT_FILED),
    )
    return session.execute(query.limit(1)).first() is not None


def day_of_record(session: Session, now: datetime, zone: ZoneInfo, spec: Procedure, person_id: str) -> str:
    """The day for which a record filed now counts, as ISO; empty when the procedure does not come round.

    What is filed late counts for the day that was missed, as long as the grace lasts and nothing was filed for it.
    """
    recurrence = spec.recurrence
    if recurrence is None:
        return ""
    last, following = days_around(recurrence, now, zone)
    late = now <= due_at(recurrence, last, zone) + timedelta(hours=recurrence.grace_hours)
    return (last if late and not filed(session, spec.key, person_id, last) else following).isoformat()


def owed(
    session: Session,
    now: datetime,
    zone: ZoneInfo,
    spec: Procedure,
    person: Person,
    shift_end: datetime | None,
) -> list[Owed]:
    """What a person still has to file: the day that was missed while its grace lasts, and the next one."""
    recurrence = spec.recurrence
    if recurrence is None or person.role not in recurrence.roles:
        return []
    last, following = days_around(recurrence, now, zone)
    found = []
    for day in (last, following):
        due = due_at(recurrence, day, zone, shift_end if day == now.astimezone(zone).date() else None)
        lapsed = now > due + timedelta(hours=recurrence.grace_hours)
        if not lapsed and not filed(session, spec.key, person.id, day):
            remind = due - timedelta(minutes=recurrence.minutes_before)
            found.append(Owed(spec.key, person.id, day, due, remind))
    return found


def missing(session: Session, spec: Procedure, day: date, expected: Collection[str]) -> list[str]:
    """Who of those expected did not file the record of a day."""
    return [one for one in expected if not filed(session, spec.key, one, day)]
