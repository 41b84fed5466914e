"""The roster: who is on shift at a moment, also over midnight and on holidays. Pure; times are local wall time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from tickets.directory_roles import Person

DAY = 24 * 60
SOON = timedelta(hours=2)
"""How long before a shift begins a person who comes in is taken to have come for it."""
SHORTEST = timedelta(hours=8)
"""What somebody says of being there holds at least so long, when no shift says until when."""
_FIXED = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)})
"""Public holidays of fixed dates, for years whose calendar is not announced yet."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One line of the roster: of the people named, else of the team and organisation named."""

    begins: int
    """Minutes after midnight."""
    ends: int
    """Minutes after midnight of the day it begins; more than 24 h when it goes over midnight."""
    days: frozenset[int]
    """Days on which it begins: 1 Monday … 7 Sunday."""
    holidays: bool = False
    """Whether it also runs on public holidays."""
    team: str = ""
    organisation: str = ""
    people: frozenset[str] = frozenset()

    def fits(self, person: Person) -> bool:
        """Whether the person belongs to the team and organisation named."""
        if self.people:
            return person.id in self.people
        return self.team in ("", person.team) and self.organisation in ("", person.organisation)


@dataclass(frozen=True, slots=True)
class Attendance:
    """What was said about somebody being there; it goes before the roster until it lapses."""

    on: bool
    since: datetime
    until: datetime
    said_by: str = ""

    def holds(self, at: datetime) -> bool:
        """Whether it says something of this moment."""
        return self.since <= at < self.until


@lru_cache(maxsize=512)
def is_holiday(day: date) -> bool:
    """Whether a day is off for a public holiday; a weekend is none, nor a day worked to make up for one.

    Of years whose calendar is not announced yet only the holidays of fixed dates are known.
    """
    import chinese_calendar  # only where a roster speaks of holidays

    try:
        is_off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return (day.month, day.day) in _FIXED
    return bool(is_off and name)


def roster_of(shifts: Sequence[Shift], person: Person) -> list[Shift]:
    """The lines that concern a person: those that name them, else those of their team or organisation."""
    fitting = [shift for shift in shifts if shift.fits(person)]
    return [shift for shift in fitting if shift.people] or fitting


def running(roster: Sequence[Shift], local: datetime) -> datetime | None:
    """Until when the shift lasts that runs at `local`; None when none does."""
    return _latest_end(roster, local, local)


def lasts_until(roster: Sequence[Shift], local: datetime) -> datetime:
    """Until when it holds that somebody said to be there, or not: the end of the running shift, or of one that
    begins soon; else the end of the day, and at least eight hours."""
    shift_end = running(roster, local) or _latest_end(roster, local, local + SOON)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return shift_end or max(midnight, local + SHORTEST)


def _latest_end(roster: Sequence[Shift], local: datetime, before: datetime) -> datetime | None:
    """The latest end of the shifts that begin until `before` and have not ended at `local`."""
    knows_holidays = any(shift.holidays for shift in roster)
    now, bound = local.replace(tzinfo=None), before.replace(tzinfo=None)
    ends = []
    for day in {now.date() - timedelta(days=1), now.date(), bound.date()}:
        midnight = datetime.combine(day, time())
        for shift in roster:
            if runs_on(shift, day, knows_holidays=knows_holidays):
                begin = midnight + timedelta(minutes=shift.begins)
                end = midnight + timedelta(minutes=shift.ends)
                if begin <= bound and now < end:
                    ends.append(end)
    return max(ends).replace(tzinfo=local.tzinfo) if ends else None


def ends_on(roster: Sequence[Shift], day: date, zone: tzinfo) -> datetime | None:
    """When the last shift that begins on a day ends; None when none does."""
    knows_holidays = any(shift.holidays for shift in roster)
    ends = [shift.ends for shift in roster if runs_on(shift, day, knows_holidays=knows_holidays)]
    if not ends:
        return None
    return (datetime.combine(day, time()) + timedelta(minutes=max(ends))).replace(tzinfo=zone)


def runs_on(shift: Shift, day: date, *, knows_holidays: bool) -> bool:
    """A roster that names holidays says by that what runs on them; another one takes them as any other day."""
    if knows_holidays and is_holiday(day):
        return shift.holidays
    return day.isoweekday() in shift.days
