"""Days and clock times in a free text, resolved against now: 今天, 下周三, 后天下午3点, 周六晚上, "next Monday at 3 pm".

Pure. Own reading, because the libraries don't serve: dateparser 1.5 knows neither 后天下午3点 nor 下周三 in a
sentence and takes seconds, the packages for Chinese times on PyPI have had no release since 2023 and guess where a
text is open. What is open stays empty here: 「3点」 without a part of the day, 「周三」 on a Wednesday.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from knowledge.reading import chinese_number


@dataclass(frozen=True, slots=True)
class Told:
    """One time that a text tells: where it stands, and its day, clock time and part of the day as far as told."""

    start: int
    end: int
    day: date | None = None
    clock: time | None = None
    part: str = ""
    """As written: 下午, 晚上, morning."""


_N = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_WEEKDAY = r"[一二三四五六日天1-6]"
_PARTS = "凌晨|清晨|大清早|一大早|一早|早上|早晨|早(?![班餐饭就已日期])|上午|中午|下午|傍晚|晚上|晚间|夜里|半夜|深夜|夜间|晚(?![班餐饭点会到])"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY_EN = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_DAY = (
    r"(?P<iso>(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}[日号]?)(?!\d)"
    rf"|(?P<month>(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]))月(?P<mday>(?:[0-3]?\d|[一二三四五六七八九十廿]{{1,3}}))[日号]?(?![0-9个])"
    rf"|(?P<which>上上|上|这|本|下下|下)?(?:一?个)?(?:周|星期|礼拜)(?P<weekday>{_WEEKDAY})(?![0-9个次天])"
    r"|(?P<near>大前天|前天|昨天|昨日|昨(?=[晚夜])|今天|今日|今儿|今(?=[早晚夜])|明天|明日|明儿|明(?=[早晚])|大后天|后天|当天)"
    r"|(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})(?:个)?(?P<unit>天|日|周|星期|礼拜)(?:之|以)?(?P<side>后|前)"
    r"|(?:(?P<whose>上|这|本|下)个?月)?(?<![0-9.第])(?P<mdate>[0-3]?\d)[日号](?!楼|线|机|院|门|库|柜|桌|台|店|厅|房|厂|工|位|码|单|[0-9])"
    r"|\b(?P<english>day after tomorrow|tomorrow|today|tonight|yesterday|last night)\b"
    rf"|\b(?:on )?(?P<rel>next |this |last |coming )?(?P<wday>{_WEEKDAY_EN})\b"
    rf"|\b(?P<em>{_MONTH}) (?P<ed>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<ey>\d{{4}}))?\b"
    rf"|\b(?P<fd>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<fm>{_MONTH})(?: (?P<fy>\d{{4}}))?\b"
)
_CLOCK = (
    rf"(?P<h>{_N})(?:点钟?|时(?![间候长]))(?P<m>半|一刻|三刻|整|[0-5]?\d分?|[一二三四五六七八九十]{{1,3}}分)?(?P<vague>多|来钟)?"
    r"|(?<![\d.:])(?P<hh>[01]?\d|2[0-3])[:：](?P<mm>[0-5]\d)(?:[:：][0-5]\d)?(?:\s?(?P<ap>[ap])\.?m\.?)?(?!\d)"
    r"|(?<![\d.:])(?P<eh>1[0-2]|[1-9])\s?(?P<eap>[ap])\.?m\b\.?|\b(?P<noon>noon|midnight)\b"
)
_JOIN = r"[\s的,，]{0,2}(?:大概|大约|约|around |about |at |in the |the )?\s?"
_WHEN = re.compile(
    rf"(?P<day>{_DAY})(?:{_JOIN}(?P<part>{_PARTS}|morning|afternoon|evening|night))?(?:{_JOIN}(?P<clock>{_CLOCK}))?"
    rf"|(?P<part2>{_PARTS})\s?(?P<clock2>{re.sub(r'P<(?=[a-z])', 'P<b', _CLOCK)})"
    rf"|(?P<clock3>{re.sub(r'P<(?=[a-z])', 'P<c', _CLOCK)})",
    re.I,
)
_NEAR = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨": -1, "今天": 0, "今日": 0, "今儿": 0, "今": 0, "当天": 0,
    "明天": 1, "明日": 1, "明儿": 1, "明": 1, "后天": 2, "大后天": 3, "day after tomorrow": 2, "tomorrow": 1,
    "today": 0, "tonight": 0, "yesterday": -1, "last night": -1,
}  # fmt: skip
_PAST = re.compile(r"^[^，,。；;\n]{0,12}?(?:了|过|曾)|^[^,.;\n]{0,30}\b(?:was|were|had|did|\w+ed)\b")
_TO = re.compile(r"\s*(?:到|至|-|—|~|to|until|and)\s*", re.I)
"""Between the two ends of a range: the second one has the day and part of the first."""
_NIGHTS = {"tonight": "night", "last night": "night"}
_UNTIL_EIGHT = 8
"""Earlier hours without a part of the day may be meant for the afternoon: left open."""


def times(text: str, now: datetime) -> list[Told]:
    """All times that a text tells, in order; `now` is the present in the site's zone.

    A day that no calendar has is left out.
    """
    found: list[Told] = []
    for match in _WHEN.finditer(text):
        said = {name: value for name, value in match.groupdict().items() if value}
        told = Told(match.start(), match.end(), part=said.get("part") or said.get("part2") or "")
        past = bool(_PAST.match(text[match.end() :]))
        try:
            day = _day(said, now.date(), past) if "day" in said else None
        except (ValueError, OverflowError):
            continue
        told = replace(told, day=day, part=told.part or _NIGHTS.get(said.get("english", "").lower(), ""))
        if found and not told.day and _TO.fullmatch(text, found[-1].end, told.start):
            told = replace(told, day=found[-1].day, part=told.part or found[-1].part)
        found.append(_with_clock(told, said))
    return [one for one in found if one.day or one.clock]


def _day(said: dict[str, str], today: date, past: bool) -> date | None:
    for group, read in _READERS:
        if group in said:
            return read(said, today, past)
    return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else chinese_number(text.replace("廿", "二十").replace("两", "二"))


def _iso(said: dict[str, str], today: date, past: bool) -> date:
    year, month, day = (int(piece) for piece in re.findall(r"\d+", said["iso"]))
    return date(year, month, day)


def _nearest_year(month: int, day: int, today: date, past: bool) -> date:
    """The day in the year that brings it nearest to today: 1月3日 said in December is next January's.

    Of what is past, the last such day.
    """
    days = [date(today.year + step, month, day) for step in ((-1, 0) if past else (-1, 0, 1))]
    return min((one for one in days if not past or one <= today), key=lambda one: abs(one - today))


def _month_day(said: dict[str, str], today: date, past: bool) -> date:
    return _nearest_year(_number(said["month"]), _number(said["mday"]), today, past)


def _weekday(said: dict[str, str], today: date, past: bool) -> date | None:
    name = said["weekday"]
    index = "一二三四五六".find(name) if name in "一二三四五六" else (6 if name in "日天" else int(name) - 1)
    return _that_weekday(said.get("which", ""), index, today, past)


def _that_weekday(which: str, index: int, today: date, past: bool) -> date | None:
    monday = today - timedelta(days=today.weekday())
    weeks = {"上上": -2, "上": -1, "last": -1, "这": 0, "本": 0, "this": 0, "下": 1, "next": 1, "下下": 2}
    if which in weeks:
        return monday + timedelta(days=index, weeks=weeks[which])
    ahead = (index - today.weekday()) % 7
    if not ahead:
        return None
    return today + timedelta(days=ahead - 7 if past else ahead)


def _near(said: dict[str, str], today: date, past: bool) -> date:
    return today + timedelta(days=_NEAR[(said.get("near") or said["english"]).lower()])


def _counted(said: dict[str, str], today: date, past: bool) -> date:
    days = _number(said["count"]) * (1 if said["unit"] in ("天", "日") else 7)
    return today + timedelta(days=days if said["side"] == "后" else -days)


def _month_date(said: dict[str, str], today: date, past: bool) -> date:
    day, whose = int(said["mdate"]), said.get("whose", "")
    steps = {"上": -1, "这": 0, "本": 0, "下": 1}
    step = steps[whose] if whose else (1 if day < today.day and not past else 0)
    months = today.year * 12 + today.month - 1 + step
    return date(months // 12, months % 12 + 1, day)


def _english_weekday(said: dict[str, str], today: date, past: bool) -> date | None:
    which = said.get("rel", "").strip().lower()
    return _that_weekday(
        "" if which == "coming" else which, _WEEKDAYS.index(said["wday"][:3].lower()), today, past
    )


def _english_date(said: dict[str, str], today: date, past: bool) -> date:
    month = _MONTHS.index((said.get("em") or said["fm"])[:3].lower()) + 1
    day, year = int(said.get("ed") or said["fd"]), said.get("ey") or said.get("fy")
    return date(int(year), month, day) if year else _nearest_year(month, day, today, past)


_READERS: Sequence[tuple[str, Callable[[dict[str, str], date, bool], date | None]]] = (
    ("iso", _iso), ("month", _month_day), ("weekday", _weekday), ("near", _near), ("english", _near), ("count", _counted),
    ("mdate", _month_date), ("wday", _english_weekday), ("em", _english_date), ("fm", _english_date),
)  # fmt: skip


def _with_clock(told: Told, said: dict[str, str]) -> Told:
    """The time with its hour and minute; 晚上12点 is the first minute of the next day."""
    for prefix in ("", "b", "c"):
        at = {name: said[prefix + name] for name in _CLOCK_GROUPS if prefix + name in said}
        if at and (prefix or "clock" in said):
            read = _clock(at, told.part)
            if read is None:
                return told
            day = told.day + timedelta(days=1) if told.day and read[1] else told.day
            return replace(told, day=day, clock=read[0])
    return told


_CLOCK_GROUPS = ("h", "m", "vague", "hh", "mm", "ap", "eh", "eap", "noon")
_MINUTES = {"半": 30, "一刻": 15, "三刻": 45, "整": 0}


def _clock(at: dict[str, str], part: str) -> tuple[time, bool] | None:
    """The clock time and whether it belongs to the next day; None when it is open or none at all."""
    if "vague" in at:
        return None
    if "noon" in at:
        return (time(12), False) if at["noon"].lower() == "noon" else (time(0), True)
    if half := (at.get("ap") or at.get("eap") or "").lower():
        hour = int(at.get("hh") or at["eh"]) % 12 + (12 if half == "p" else 0)
        return (time(hour, int(at.get("mm", 0))), False) if hour < 24 else None
    written = at.get("hh") or at["h"]
    hour = _number(written)
    minutes = at.get("mm") or at.get("m", "0")
    minute = _MINUTES[minutes] if minutes in _MINUTES else _number(minutes.removesuffix("分"))
    if hour > 24 or minute > 59:
        return None
    if hour in (0, 24) or (
        hour == 12 and part in ("晚上", "晚间", "夜里", "半夜", "深夜", "夜间", "晚", "night")
    ):
        return time(0, minute), hour == 24 or part not in ("", "凌晨")
    return _by_part(hour, minute, part, exact=written.startswith("0"))


def _by_part(hour: int, minute: int, part: str, *, exact: bool) -> tuple[time, bool] | None:
    later = part in ("下午", "傍晚", "晚上", "晚间", "夜间", "晚", "afternoon", "evening") or (
        part in ("中午", "夜里", "深夜", "半夜", "night") and (hour < 3) == (part == "中午")
    )
    if later and hour < 12:
        return time(hour + 12, minute), False
    if not part and not exact and hour < _UNTIL_EIGHT:
        return None
    return time(hour, minute), False
