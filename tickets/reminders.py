"""What people are reminded of: appointments that come near, duties not yet done, and who did not do theirs. Values, and
the pure reckoning of what is due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tickets.calendar_file import Appointment
from tickets.people import Person, Role
from tickets.procedure_spec import Procedure, Recurrence, Wording

ShiftEnd = Callable[[Person, date], datetime | None]
"""When somebody's shift that began on a day ends; None when they have none that day, or it is not known."""

_LATE = timedelta(minutes=15)
LOOK_BACK = timedelta(days=8)
"""After a longer stop than this, duties that were missed meanwhile are not reported any more."""


class ReminderKind(StrEnum):
    """What a reminder says."""

    APPOINTMENT = "appointment"
    DUTY = "duty"
    """Somebody owes a record soon."""
    MISSING = "missing"
    """Who did not file a record that was due; told to their superiors."""
    BEGAN = "began"
    """Not a reminder: when this desk began to remind. What was due before is nobody's fault."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to remind of, once: `key` names it for ever."""

    key: str
    kind: ReminderKind
    at: datetime
    """When the appointment begins, or the record is due."""
    name: Wording
    text: Wording | None = None
    procedure: str = ""
    roles: tuple[Role, ...] = ()
    people: tuple[str, ...] = ()
    channel: str = ""
    missing: tuple[str, ...] = ()
    """User ids, for `missing`."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that went out."""

    id: int
    due: Due
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a duty comes round for somebody: filed after `since` and until `at` it is done."""

    procedure: str
    person: Person
    since: datetime
    at: datetime


def appointments_due(appointments: Sequence[Appointment], now: datetime, zone: ZoneInfo) -> Iterator[Due]:
    """Appointments of which people are to be reminded now: those that have not begun."""
    for one in appointments:
        for minutes in one.remind_minutes:
            # What is told at the very moment is still told a quarter of an hour later, after a restart.
            start, end = (now, now + timedelta(minutes=minutes)) if minutes else (now - _LATE, now)
            for at in one.between(start, end, zone):
                yield Due(
                    key=f"appointment:{one.key}:{at:%Y-%m-%dT%H:%M}:{minutes}",
                    kind=ReminderKind.APPOINTMENT,
                    at=at,
                    name=one.name,
                    text=one.text,
                    roles=one.roles,
                    people=one.people,
                    channel=one.channel,
                )


def turns(
    procedure: Procedure, person: Person, start: datetime, end: datetime, zone: ZoneInfo, shift_end: ShiftEnd
) -> Iterator[Turn]:
    """The times that a duty comes round for somebody, due after `start` and up to `end`, in order."""
    recurrence = procedure.recurrence
    if recurrence is None or person.role not in recurrence.roles:
        return
    first = start.astimezone(zone).date() - timedelta(days=8)
    days = (end.astimezone(zone).date() - first).days + 1
    moments = [
        at
        for n in range(days)
        if (at := _due_on(recurrence, person, first + timedelta(days=n), zone, shift_end)) is not None
    ]
    for before, at in zip([None, *moments], moments, strict=False):
        if start < at <= end:
            yield Turn(procedure.key, person, before or at - timedelta(days=7), at)


def _due_on(
    recurrence: Recurrence, person: Person, day: date, zone: ZoneInfo, shift_end: ShiftEnd
) -> datetime | None:
    if recurrence.weekday is not None and day.isoweekday() != recurrence.weekday:
        return None
    if not recurrence.at:
        return shift_end(person, day)
    hour, minute = map(int, recurrence.at.split(":"))
    return datetime.combine(day, time(hour, minute), zone)


def duty_due(procedure: Procedure, turn: Turn) -> Due:
    """The reminder to one person that a record is due soon."""
    return Due(
        key=f"duty:{turn.procedure}:{turn.at.isoformat()}:{turn.person.id}",
        kind=ReminderKind.DUTY,
        at=turn.at,
        name=procedure.name,
        procedure=turn.procedure,
        people=(turn.person.id,),
    )


def missing_due(procedure: Procedure, at: datetime, missing: Sequence[Person], told: Sequence[str]) -> Due:
    """Who did not file a record that was due at a moment, for those who lead them."""
    return Due(
        key=f"missing:{procedure.key}:{at.isoformat()}",
        kind=ReminderKind.MISSING,
        at=at,
        name=procedure.name,
        procedure=procedure.key,
        people=tuple(told),
        missing=tuple(person.id for person in missing),
    )
