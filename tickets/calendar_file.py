"""Appointments that come round: meetings, inspections. One TOML file that comes with the product, and an
organisation's own beside its people file, where an entry with the same key replaces ours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tickets.errors import CalendarError
from tickets.people import Role
from tickets.procedure_spec import Key, Wording
from tickets.toml_lines import line_of

BUILT_IN = Path(__file__).with_name("calendar.toml")
_LONGEST_BREAK = 15
"""No run of days off in the official calendar is longer."""


class Workday(StrEnum):
    """What becomes of an appointment that falls on a day off (the official Chinese calendar)."""

    AS_IS = "as_is"
    BEFORE = "before"
    AFTER = "after"


class Appointment(BaseModel):
    """Something that comes round by a rule of RFC 5545."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    key: Key
    name: Wording
    text: Wording
    rule: str
    """An RRULE, like `FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=18,19,20,21,22,23,24`."""
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    """Local time of day."""
    starts: date = date(2024, 1, 1)
    """From when the rule is counted (every second week from this day)."""
    workday: Workday = Workday.AS_IS
    remind_minutes: tuple[Annotated[int, Field(ge=0, le=60 * 24 * 14)], ...] = (60,)
    """How long before people are reminded; several times if wanted."""
    roles: tuple[Role, ...] = ()
    people: tuple[str, ...] = ()
    channel: str = ""
    """Where it is told, in place of DMs."""
    enabled: bool = True

    @field_validator("rule")
    @classmethod
    def _readable(cls, value: str) -> str:
        try:
            rrulestr(value, dtstart=datetime(2024, 1, 1))
        except (ValueError, KeyError) as error:
            raise ValueError(f"{value!r} is no RRULE of RFC 5545 ({error})") from error
        return value

    def between(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """The moments of the appointment after `start` and up to `end`, in order."""
        hour, minute = map(int, self.at.split(":"))
        reach = timedelta(days=_LONGEST_BREAK)
        first, last = (
            moment.astimezone(zone).replace(tzinfo=None) for moment in (start - reach, end + reach)
        )
        rule = rrulestr(self.rule, dtstart=datetime.combine(self.starts, time()))
        moments = {
            datetime.combine(_moved(day.date(), self.workday), time(hour, minute), zone)
            for day in rule.between(first, last, inc=True)
        }
        yield from sorted(moment for moment in moments if start < moment <= end)


def _moved(day: date, workday: Workday) -> date:
    """The day itself, or the next one before or after it on which people work."""
    if workday is Workday.AS_IS:
        return day
    step = timedelta(days=-1 if workday is Workday.BEFORE else 1)
    for days in range(_LONGEST_BREAK):
        if _is_workday(day + days * step):
            return day + days * step
    return day


def _is_workday(day: date) -> bool:
    """By the official calendar; in years that it does not know yet, Monday to Friday."""
    import chinese_calendar  # only where a rule asks for it

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    appointments: list[Appointment] = Field(default_factory=list)


def load(own: Path | None = None) -> tuple[Appointment, ...]:
    """The appointments that come with the product, replaced and added to by those of `own` if there is such a file;
    without those that are switched off. Raises CalendarError with one sentence.
    """
    found = {one.key: one for one in _read(BUILT_IN)}
    if own is not None and own.exists():
        found |= {one.key: one for one in _read(own)}
    return tuple(one for one in found.values() if one.enabled)


def _read(path: Path) -> list[Appointment]:
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
        return _File.model_validate(raw).appointments
    except OSError as error:
        raise CalendarError(
            f"The calendar {path} cannot be read ({error.strerror}): check its permissions."
        ) from error
    except UnicodeDecodeError as error:
        raise CalendarError(f"The calendar {path} is not UTF-8 text: save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CalendarError(f"The calendar {path} is not valid TOML: {error}. Mend that place.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where, line = ".".join(str(part) for part in first["loc"]), line_of(text, first["loc"])
        place = f"line {line}, {where}" if line else where
        why = str(first["msg"]).removeprefix("Value error, ")
        raise CalendarError(f"The calendar {path} is wrong at {place}: {why}. Mend that place.") from error
