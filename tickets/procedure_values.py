"""The values of a form: checked by the kind of their field and brought into one spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from zoneinfo import ZoneInfo

from tickets.contacts import Contact
from tickets.people import People
from tickets.procedure_spec import Condition, FieldKind, FieldSpec
from tickets.procedure_words import FieldProblem, both
from tickets.rows import storable

READ_BACK = ".read_back"
"""After a field's key: `yes` when it was read back to the caller and confirmed."""
MOST_TEXT = 500
MOST_LONG_TEXT = 3_000
MOST_COMPUTED = 20_000
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[::](\d{2})")
_PERSON = re.compile(r"[UW][A-Z0-9_]{1,63}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9_]{1,63}")
_YES = frozenset({"yes", "true", "y", "是", "有", "对"})
_NO = frozenset({"no", "false", "n", "否", "没有", "不是"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What a form is filled in against."""

    filer_id: str
    actor_id: str
    """Who fills it in: the filer, or whoever acts at a step."""
    filed_at: datetime
    zone: ZoneInfo
    people: People
    channel: str = ""
    contact: Contact | None = None
    has_contact: bool = False
    """The vault keeps a contact already."""


class _Wrong(Exception):
    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def holds(condition: Condition | None, facts: Mapping[str, str]) -> bool:
    """Whether a condition holds; one on a field that was not filled in never does."""
    if condition is None:
        return True
    value = facts.get(condition.field, "")
    if not value:
        return False
    if condition.equals and value not in condition.equals:
        return False
    if value in condition.not_equals:
        return False
    if condition.at_least is None and condition.at_most is None:
        return True
    try:
        number = float(value)
    except ValueError:
        return False
    low = condition.at_least if condition.at_least is not None else number
    high = condition.at_most if condition.at_most is not None else number
    return low <= number <= high


def check(
    fields: Sequence[FieldSpec], given: Mapping[str, str], facts: Mapping[str, str], frame: Frame
) -> tuple[dict[str, str], list[FieldProblem]]:
    """The values that go into the record, and everything that is wrong with what was given.

    `facts` are what is known before (conditions may look at it). Values of fields whose condition does not hold are
    left out.
    """
    values: dict[str, str] = {}
    problems = _unknown(fields, given)
    for spec in fields:
        if not holds(spec.when, {**facts, **values}):
            continue
        try:
            value = _value(spec, given.get(spec.key, ""), frame)
            confirmed = _confirmed(spec, value, given, frame)
        except _Wrong as wrong:
            problems.append(FieldProblem(spec.key, wrong.code, wrong.params, spec.label))
            continue
        if value:
            values[spec.key] = value
        if confirmed:
            values[spec.key + READ_BACK] = "yes"
    return values, problems


def _unknown(fields: Sequence[FieldSpec], given: Mapping[str, str]) -> list[FieldProblem]:
    known = {spec.key for spec in fields} | {spec.key + READ_BACK for spec in fields if spec.read_back}
    return [FieldProblem(storable(key)[:64], "unknown") for key in given if key not in known]


def _value(spec: FieldSpec, given: str, frame: Frame) -> str:
    if spec.kind is FieldKind.CONTACT:
        _check_contact(spec, given, frame)
        return ""
    text = storable(given).strip() or _default(spec, frame)
    if not text:
        if spec.required and spec.kind is not FieldKind.COMPUTED:
            raise _Wrong("missing")
        return ""
    return _READERS[spec.kind](spec, text, frame)


def _check_contact(spec: FieldSpec, given: str, frame: Frame) -> None:
    if given.strip():
        raise _Wrong("contact_as_text")
    there = frame.has_contact or (frame.contact is not None and getattr(frame.contact, spec.part).strip())
    if spec.required and not there:
        raise _Wrong("missing")


def _confirmed(spec: FieldSpec, value: str, given: Mapping[str, str], frame: Frame) -> bool:
    """Whether it was read back and confirmed; _Wrong when it had to be and was not."""
    if not spec.read_back:
        return False
    if spec.kind is FieldKind.CONTACT:
        part = frame.contact is not None and bool(getattr(frame.contact, spec.part).strip())
        there = part or frame.has_contact
    else:
        there = bool(value)
    ticked = given.get(spec.key + READ_BACK, "").strip().lower() in _YES
    if there and not ticked:
        raise _Wrong("read_back")
    return there


def _default(spec: FieldSpec, frame: Frame) -> str:
    local = frame.filed_at.astimezone(frame.zone)
    defaults = {
        (FieldKind.DATE, "today"): local.date().isoformat(),
        (FieldKind.MOMENT, "now"): local.isoformat(timespec="minutes"),
        (FieldKind.TIME, "now"): f"{local:%H:%M}",
        (FieldKind.PERSON, "filer"): frame.filer_id,
        (FieldKind.CHANNEL, "channel"): frame.channel,
    }
    return defaults.get((spec.kind, spec.source), "")


# -- one reader per kind -----------------------------------------------------------------------------


def _length(spec: FieldSpec, text: str, longest: int) -> str:
    count = len("".join(text.split()))
    if spec.least is not None and count < spec.least:
        raise _Wrong("too_short", least=plain(spec.least), given=str(count))
    most = min(spec.most, longest) if spec.most is not None else longest
    if count > most or len(text) > longest:
        raise _Wrong("too_long", most=plain(most), given=str(max(count, len(text))))
    return text


def _text(spec: FieldSpec, text: str, frame: Frame) -> str:
    return _length(spec, " ".join(text.split()), MOST_TEXT)


def _long_text(spec: FieldSpec, text: str, frame: Frame) -> str:
    return _length(spec, text, MOST_LONG_TEXT)


def _computed(spec: FieldSpec, text: str, frame: Frame) -> str:
    return _length(spec, text, MOST_COMPUTED)


def _number(spec: FieldSpec, text: str, frame: Frame) -> str:
    spelled = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,6})?", spelled):
        raise _Wrong("not_number")
    try:
        number = Decimal(spelled)
    except InvalidOperation:
        raise _Wrong("not_number") from None
    if spec.whole and number != number.to_integral_value():
        raise _Wrong("not_whole")
    if spec.least is not None and number < Decimal(str(spec.least)):
        raise _Wrong("too_small", least=plain(spec.least))
    if spec.most is not None and number > Decimal(str(spec.most)):
        raise _Wrong("too_large", most=plain(spec.most))
    return plain(number)


def plain(number: float | Decimal) -> str:
    """A number in digits, without zeros that say nothing."""
    exact = Decimal(str(number))
    return str(int(exact)) if exact == exact.to_integral_value() else f"{exact.normalize():f}"


def _read_date(text: str, code: str) -> date:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass  # 2026-02-30
    raise _Wrong(code)


def _date(spec: FieldSpec, text: str, frame: Frame) -> str:
    day = _read_date(text, "not_date")
    filed = frame.filed_at.astimezone(frame.zone).date()
    if spec.least is not None and day < filed + timedelta(days=spec.least):
        raise _Wrong("too_early", least=(filed + timedelta(days=spec.least)).isoformat())
    if spec.most is not None and day > filed + timedelta(days=spec.most):
        raise _Wrong("too_late", most=(filed + timedelta(days=spec.most)).isoformat())
    return day.isoformat()


def _read_time(text: str, code: str) -> time:
    found = _TIME.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        if found is not None:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass  # 25:00
    raise _Wrong(code)


def _time(spec: FieldSpec, text: str, frame: Frame) -> str:
    return _read_time(text, "not_time").isoformat(timespec="minutes")


def read_moment(text: str, zone: ZoneInfo) -> datetime:
    """A day and a time of day; in the site's zone when it names none. ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        day, _, clock = unicodedata.normalize("NFKC", text).partition(" ")
        try:
            moment = datetime.combine(_read_date(day, "not_moment"), _read_time(clock.strip(), "not_moment"))
        except _Wrong:
            raise ValueError(f"{text!r} is no day and time") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _moment(spec: FieldSpec, text: str, frame: Frame) -> str:
    try:
        moment = read_moment(text, frame.zone).astimezone(frame.zone)
    except (ValueError, OverflowError):
        raise _Wrong("not_moment") from None
    earliest = frame.filed_at + timedelta(hours=spec.least or 0)
    if spec.least is not None and moment < earliest:
        raise _Wrong("too_early", least=f"{earliest.astimezone(frame.zone):%Y-%m-%d %H:%M}")
    latest = frame.filed_at + timedelta(hours=spec.most or 0)
    if spec.most is not None and moment > latest:
        raise _Wrong("too_late", most=f"{latest.astimezone(frame.zone):%Y-%m-%d %H:%M}")
    return moment.isoformat(timespec="minutes")


def _choice(spec: FieldSpec, text: str, frame: Frame) -> str:
    for option in spec.options:
        if text.lower() in (option.value, option.label.zh.lower(), option.label.en.lower(), *option.names):
            return option.value
    zh = "、".join(option.label.zh for option in spec.options)
    en = ", ".join(option.label.en for option in spec.options)
    raise _Wrong("not_option", options=both(zh, en))


def _yes_no(spec: FieldSpec, text: str, frame: Frame) -> str:
    if text.lower() in _YES:
        return "yes"
    if text.lower() in _NO:
        return "no"
    raise _Wrong("not_yes_no")


def _person(spec: FieldSpec, text: str, frame: Frame) -> str:
    """A Slack user id, or the name of exactly one person of the people file."""
    text = text.strip("<@>")
    named = [person.id for person in frame.people.everybody() if person.name == text]
    if len(named) == 1:
        return named[0]
    if not _PERSON.fullmatch(text):
        raise _Wrong("not_person")
    return text


def _channel(spec: FieldSpec, text: str, frame: Frame) -> str:
    if not _CHANNEL.fullmatch(text):
        raise _Wrong("not_channel")
    return text


_READERS: Mapping[FieldKind, Callable[[FieldSpec, str, Frame], str]] = MappingProxyType(
    {
        FieldKind.TEXT: _text,
        FieldKind.LONG_TEXT: _long_text,
        FieldKind.NUMBER: _number,
        FieldKind.DATE: _date,
        FieldKind.TIME: _time,
        FieldKind.MOMENT: _moment,
        FieldKind.CHOICE: _choice,
        FieldKind.YES_NO: _yes_no,
        FieldKind.PERSON: _person,
        FieldKind.CHANNEL: _channel,
        FieldKind.COMPUTED: _computed,
    }
)
