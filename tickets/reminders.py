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
from tickets.procedure_due import due_at, is_due_on
from tickets.procedure_spec import Procedure, Recurrence, Wording

ShiftEnd = Callable[[Person, date], datetime | None]
"""When somebody's shift that began on a day ends; None when they have none that day, or it is not known."""

_LATE = timedelta(minutes=15)
LONGEST_WHOM = 120
"""Of the ids in a reminder's key: a column has room for so many."""
LOOK_BACK = timedelta(days=8)
"""After a longer stop than this, duties that were missed meanwhile are not reported any more."""


class ReminderKind(StrEnum):
    """What a reminder says."""

    APPOINTMENT = "appointment"
    DUTY = "duty"
    """Somebody owes a record soon."""
    MISSING = "missing"
    """Who did not file a record that was due; told to their superiors."""
    REPORT = "report"
    """The figures of the week that ended at `at`; told to supervisors and managers."""
    FILE = "file"
    """A settings file was spoiled (`fault` says how), or is good again; told to the admins."""
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
    fault: str = ""
    """For `file`: why it is not believed; empty: it is good again. `procedure` names the file."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that went out."""

    id: int
    due: Due
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One time that a duty comes round for somebody: the record of `day`, due at a moment."""

    procedure: str
    person: Person
    day: date
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


@dataclass(frozen=True, slots=True)
class ReportTime:
    """When the report of the last whole week goes out: weekday (1 Monday … 7 Sunday) and local time of day."""

    weekday: int
    at: time


def report_due(when: ReportTime, now: datetime, zone: ZoneInfo) -> Due | None:
    """The report of the last whole week, from its time on until the week is over."""
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.isoweekday() - 1)
    out = datetime.combine(monday + timedelta(days=when.weekday - 1), when.at, zone)
    if local < out:
        return None
    return Due(
        key=f"report:{monday.isoformat()}",
        kind=ReminderKind.REPORT,
        at=datetime.combine(monday, time(), zone),
        name=Wording(zh="客服周报", en="Weekly report"),
        roles=(Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER),
    )


def turns(
    procedure: Procedure, person: Person, start: datetime, end: datetime, zone: ZoneInfo, shift_end: ShiftEnd
) -> Iterator[Turn]:
    """The times that a duty comes round for somebody, due after `start` and up to `end`, in order."""
    recurrence = procedure.recurrence
    if recurrence is None or person.role not in recurrence.roles:
        return
    # A shift that began on the day before may end on this one.
    day = start.astimezone(zone).date() - timedelta(days=1)
    last = end.astimezone(zone).date()
    while day <= last:
        at = _due_on(recurrence, person, day, zone, shift_end)
        if at is not None and start < at <= end:
            yield Turn(procedure.key, person, day, at)
        day += timedelta(days=1)


def _due_on(
    recurrence: Recurrence, person: Person, day: date, zone: ZoneInfo, shift_end: ShiftEnd
) -> datetime | None:
    if not is_due_on(recurrence, day):
        return None
    if not recurrence.at:
        return shift_end(person, day)
    return due_at(recurrence, day, zone)


def duty_due(procedure: Procedure, turn: Turn) -> Due:
    """The reminder to one person that a record is due soon."""
    return Due(
        key=f"duty:{turn.procedure}:{turn.day.isoformat()}:{turn.person.id}",
        kind=ReminderKind.DUTY,
        at=turn.at,
        name=procedure.name,
        procedure=turn.procedure,
        people=(turn.person.id,),
    )


def missing_due(
    procedure: Procedure,
    at: datetime,
    missing: Sequence[Person],
    told: Sequence[str],
    *,
    further: bool = False,
) -> Due:
    """Who did not file a record that was due at a moment, for those who lead them. `further`: others were reported
    for this moment before."""
    # The first report of a moment has its name from the moment alone: however two looks differ, one goes out.
    whom = ":" + "+".join(sorted(person.id for person in missing)) if further else ""
    return Due(
        key=f"missing:{procedure.key}:{at.isoformat()}{whom[:LONGEST_WHOM]}",
        kind=ReminderKind.MISSING,
        at=at,
        name=procedure.name,
        procedure=procedure.key,
        people=tuple(told),
        missing=tuple(person.id for person in missing),
    )
