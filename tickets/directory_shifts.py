"""The roster: who is on shift at a moment, also over midnight and on holidays. Pure; times are local wall time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Swap:
    """Whoever has the shift of a day gives it away; with `exchanged` they take the other's of that day for it (S29)."""

    day: date
    giver: str
    taker: str
    exchanged: bool = False


Turns = Mapping[date, Mapping[str, frozenset[str]]]
"""By day of a swap and by id: whose shifts a person has on that day (nobody's: they have it off)."""


def turns_of(swaps: Iterable[Swap]) -> Turns:
    """Who has whose shifts, after the swaps in the order in which they were agreed: what somebody has taken over, they
    may give on."""
    turns: dict[date, dict[str, frozenset[str]]] = {}
    for swap in swaps:
        day = turns.setdefault(swap.day, {})
        given = day.get(swap.giver, frozenset({swap.giver}))
        taken = day.get(swap.taker, frozenset({swap.taker}))
        day[swap.giver] = taken if swap.exchanged else frozenset()
        day[swap.taker] = given if swap.exchanged else taken | given
    return turns


@dataclass(frozen=True, slots=True)
class Roster:
    """When somebody works: the lines that concern them, and on days of a swap the shifts that they have then."""

    lines: tuple[Shift, ...] = ()
    swapped: Mapping[date, tuple[Shift, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is known of their shifts; having taken over one of somebody else's tells nothing of others."""
        return bool(self.lines)

    def on(self, day: date) -> Sequence[Shift]:
        """The shifts that begin on a day."""
        if day in self.swapped:
            return self.swapped[day]
        knows_holidays = any(shift.holidays for shift in self.lines)
        return [shift for shift in self.lines if runs_on(shift, day, knows_holidays=knows_holidays)]


def roster_of(
    shifts: Sequence[Shift],
    person: Person,
    turns: Turns | None = None,
    people: Mapping[str, Person] | None = None,
) -> Roster:
    """The lines that concern a person: those that name them, else those of their team or organisation; and what swaps
    make of these on single days."""
    lines = _lines_of(shifts, person)
    swapped = {}
    for day, held in (turns or {}).items():
        if person.id in held:
            owners = [(people or {}).get(one) or Person(one, one) for one in sorted(held[person.id])]
            theirs = [
                Roster(lines if one.id == person.id else _lines_of(shifts, one)).on(day) for one in owners
            ]
            swapped[day] = tuple(dict.fromkeys(shift for some in theirs for shift in some))
    return Roster(lines, swapped)


def _lines_of(shifts: Sequence[Shift], person: Person) -> tuple[Shift, ...]:
    fitting = tuple(shift for shift in shifts if shift.fits(person))
    return tuple(shift for shift in fitting if shift.people) or fitting


def running(roster: Roster, local: datetime) -> datetime | None:
    """Until when the shift lasts that runs at `local`; None when none does."""
    return _latest_end(roster, local, local)


def lasts_until(roster: Roster, local: datetime) -> datetime:
    """Until when it holds that somebody said to be there, or not: the end of the running shift, or of one that
    begins soon; else the end of the day, and at least eight hours."""
    shift_end = running(roster, local) or _latest_end(roster, local, local + SOON)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)
    return shift_end or max(midnight, local + SHORTEST)


def _latest_end(roster: Roster, local: datetime, before: datetime) -> datetime | None:
    """The latest end of the shifts that begin until `before` and have not ended at `local`."""
    now, bound = local.replace(tzinfo=None), before.replace(tzinfo=None)
    ends = []
    for day in {now.date() - timedelta(days=1), now.date(), bound.date()}:
        midnight = datetime.combine(day, time())
        for shift in roster.on(day):
            begin = midnight + timedelta(minutes=shift.begins)
            end = midnight + timedelta(minutes=shift.ends)
            if begin <= bound and now < end:
                ends.append(end)
    return max(ends).replace(tzinfo=local.tzinfo) if ends else None


def ends_on(roster: Roster, day: date, zone: tzinfo) -> datetime | None:
    """When the last shift that begins on a day ends; None when none does."""
    ends = [shift.ends for shift in roster.on(day)]
    if not ends:
        return None
    return (datetime.combine(day, time()) + timedelta(minutes=max(ends))).replace(tzinfo=zone)


def runs_on(shift: Shift, day: date, *, knows_holidays: bool) -> bool:
    """A roster that names holidays says by that what runs on them; another one takes them as any other day."""
    if knows_holidays and is_holiday(day):
        return shift.holidays
    return day.isoweekday() in shift.days
