"""What a free text tells of the fields of a form: strings to prefill it with. Pure, and never a guess.

A field is filled when the text names it (「电话：…」, 「评分 9」) or when its kind can mean one thing only: the one
day in a text is the day of a form with one day. What the text leaves open stays empty, for the writer to fill.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.assistant import extracting_values as values
from bot.assistant.spoken_times import Told, times


class Kind(StrEnum):
    """What a field holds, and so how its value is written."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    """2026-12-02."""
    TIME = "time"
    """15:00."""
    DATETIME = "datetime"
    """2026-12-02T15:00, in the site's zone."""
    CHOICE = "choice"
    """The value of one of the choices."""
    YES_NO = "yes_no"
    """yes or no."""
    PERSON = "person"
    """A name as written, or a Slack mention."""
    SCORE = "score"
    """1 to 10."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A field that a form would like to know. `labels` are its names in Chinese and English, `choices` the values that
    it may take, each with the words for it."""

    key: str
    kind: Kind | str
    labels: tuple[str, ...] = ()
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()


_TIMES = (Kind.DATE, Kind.TIME, Kind.DATETIME)
_LATER = re.compile(
    r"预约|约定|下次|计划|希望|方便|上门|到期|截止|应|due|next|booked|planned|appointment|preferred", re.I
)
_BEFORE = re.compile(
    r"发生|发现|来电|故障|受理|接报|投诉时间|开始发|occurred|happened|received|reported|since", re.I
)
_ENDS = re.compile(r"还|归|对方的|\btheir\b|结束|截止|至|返回|return|\bend\b|until|back", re.I)
"""Names of fields that hold the second of two days: where a text tells one day only, it is the other's."""
_NEAR = 6
"""A value stands within so many characters after the name of its field."""


def extract(text: str, wanted: Sequence[Wanted], *, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """The values that a masked text tells, by key; fields that it does not tell are left out.

    `now` is any aware moment; days and times are those of `zone`.
    """
    found: dict[str, str] = {}
    pieces = _labelled(text, wanted)
    for want in wanted:
        own = pieces.get(want.key)
        if want.kind not in _TIMES and (value := _value(want, own, text, wanted)):
            found[want.key] = value
    return found | _timed(text, wanted, pieces, now.astimezone(zone))


def _labelled(text: str, wanted: Sequence[Wanted]) -> dict[str, str]:
    """What stands behind the name of a field and a colon (or 是, 为), up to the next field or the end of the piece."""
    names = {label: want.key for want in wanted for label in want.labels if len(label) > 1}
    if not names:
        return {}
    every = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    label = re.compile(rf"(?<![A-Za-z])({every})\s{{0,2}}(?:[:：=]|是(?!不是|否)|为)\s*", re.I)
    by_name = {name.lower(): key for name, key in names.items()}
    found: dict[str, str] = {}
    matches = list(label.finditer(text))
    for match, after in zip(matches, [*matches[1:], None], strict=False):
        rest = text[match.end() : after.start() if after else len(text)]
        key = by_name[match[1].lower()]
        colon = match[0].rstrip().endswith((":", "：", "="))
        long = colon and any(want.key == key and want.kind == Kind.LONG_TEXT for want in wanted)
        value = rest.split("\n")[0] if long else re.split(r"[，,。;；\n]|\s{2,}", rest)[0]
        if value.strip(" ，,。;；"):
            found.setdefault(key, value.strip(" ，,。;；"))
    return found


def _value(want: Wanted, own: str | None, text: str, wanted: Sequence[Wanted]) -> str:
    alone = sum(other.kind == want.kind for other in wanted) == 1
    match want.kind:
        case Kind.CHOICE:
            return values.choice(want.choices, own or text)
        case Kind.YES_NO:
            return values.plain_yes_no(own) if own else values.yes_no(want.labels, text)
        case Kind.SCORE:
            return values.score(own, labelled=True) if own else values.score(text) if alone else ""
        case Kind.NUMBER:
            return values.number(own) if own else values.number_named(want.labels, text, alone=alone)
        case Kind.PERSON:
            return values.person(own, labelled=True) if own else values.person(text) if alone else ""
        case Kind.TEXT | Kind.LONG_TEXT:
            return own or values.told(want.labels, text, long=want.kind == Kind.LONG_TEXT)
        case _:
            raise ValueError(f"no such kind of field: {want.kind}")


def _timed(text: str, wanted: Sequence[Wanted], pieces: dict[str, str], now: datetime) -> dict[str, str]:
    """Days and times: first the fields that are named, then the one that is left when one time is left."""
    fields = [want for want in wanted if want.kind in _TIMES]
    told = times(text, now)
    found: dict[str, str] = {}
    for want in fields:
        if want.key in pieces:
            mine = times(pieces[want.key], now)[:1]
        else:
            mine = [one for one in told if _named(text, one, want.labels)][:1]
        if mine and (value := _written(want.kind, mine[0])):
            found[want.key] = value
            told = [one for one in told if (one.day, one.clock) != (mine[0].day, mine[0].clock)]
    told = _joined(told)
    for kinds in ((Kind.DATE, Kind.DATETIME), (Kind.TIME,)):
        left = [want for want in fields if want.kind in kinds and want.key not in found]
        open_ones = [one for one in told if (one.clock if kinds == (Kind.TIME,) else one.day)]
        if len(open_ones) == 1:
            left = [want for want in left if not _ENDS.search(" ".join((want.key, *want.labels)))] or left
        if len(left) == 1:
            said = {_written(left[0].kind, one) for one in open_ones if _fits(left[0], one, now)} - {""}
            if len(said) == 1:
                found[left[0].key] = said.pop()
        elif len(left) == len(open_ones) == 2 and kinds == (Kind.TIME,):
            found |= {want.key: _written(want.kind, one) for want, one in zip(left, open_ones, strict=True)}
    return found


def _joined(told: list[Told]) -> list[Told]:
    """One day and one clock time that stand apart are one moment."""
    days = [one for one in told if one.day]
    clocks = [one for one in told if one.clock]
    if len(days) == len(clocks) == 1 and len(told) == 2:
        return [Told(days[0].start, clocks[0].end, days[0].day, clocks[0].clock, clocks[0].part)]
    return told


def _named(text: str, one: Told, labels: Sequence[str]) -> bool:
    before = text[max(0, one.start - _NEAR - 12) : one.start]
    return any(
        re.search(rf"{re.escape(label)}[^，,。;；\n]{{0,{_NEAR}}}$", before, re.I)
        for label in labels
        if len(label) > 1
    )


def _fits(want: Wanted, one: Told, now: datetime) -> bool:
    """Whether a time may be meant by a field: a booking lies ahead, an occurrence behind."""
    names = " ".join((want.key, *want.labels))
    if one.day is None or one.day == now.date():
        return True
    return not (
        (_LATER.search(names) and one.day < now.date()) or (_BEFORE.search(names) and one.day > now.date())
    )


def _written(kind: Kind | str, one: Told) -> str:
    if kind == Kind.DATE:
        return one.day.isoformat() if one.day else ""
    if kind == Kind.TIME:
        return f"{one.clock:%H:%M}" if one.clock else ""
    return f"{one.day.isoformat()}T{one.clock:%H:%M}" if one.day and one.clock else ""
