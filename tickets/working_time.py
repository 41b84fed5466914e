"""Deadlines in working time: hours that pass while somebody is there by the roster. Pure.

The manuals give no deadlines and no office hours; what counts as working time is what the shifts in the people file say
(see README, KEFU_DEADLINE_TIME). Elapsed time is counted in UTC, so that an hour is an hour on the days when clocks
are put forward or back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tickets.directory_shifts import Roster

_LONGEST_BREAK = 40
"""Days without any shift (a roster of holidays only) after which the clock on the wall counts."""


def after(start: datetime, span: timedelta, rosters: Sequence[Roster], zone: ZoneInfo) -> datetime:
    """When `span` of working time has passed since `start`: time in which one of these people is on shift.

    Somebody without a roster counts as always there, as everywhere; so does nobody at all.
    """
    if not rosters or not all(rosters):
        return start + span
    left, at = span, start.astimezone(UTC)
    for begin, end in _stretches(rosters, at, zone):
        begin = max(begin, at)
        if begin >= end:
            continue
        if begin + left <= end:
            return begin + left
        left, at = left - (end - begin), end
    return at + left


def _stretches(
    rosters: Sequence[Roster], start: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches in which somebody works, from the day before `start` on, in the order in which they begin."""
    day, quiet = start.astimezone(zone).date() - timedelta(days=1), 0
    while quiet < _LONGEST_BREAK:
        found = sorted({stretch for roster in rosters for stretch in _on(roster, day, zone)})
        quiet = 0 if found else quiet + 1
        yield from found
        day += timedelta(days=1)


def _on(roster: Roster, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time())
    for shift in roster.on(day):
        begin, end = (
            (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)
            for minutes in (shift.begins, shift.ends)
        )
        yield begin, end
