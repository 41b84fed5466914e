"""Which moment's rules a question asks for: 「上个月的规定」, 「去年的罚款标准」, "the policy in May 2024".

Pure; today's date in the site's zone is passed in. Only words of time that qualify a rule count: 「每月」,
「上月报表几号交」 and "when is last month's report due" ask for the rules of today. Own reading, because the
libraries find dates and not what they qualify: dateparser 1.5 reads 「上个月」 in any sentence, does not know
「前年」, 「两个月前」, 「上季度」 or 「去年底」, and takes up to 2 s to say so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from bot.assistant.answers import Language
from knowledge.reading import normalise

Grain = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a period in the past or the future, and the question without the words that named it."""

    day: date
    """Its last day, in the site's zone: what held then is what holds as of the period."""
    grain: Grain
    rest: str

    def spelled(self, language: Language) -> str:
        """The period for people: 2026年10月, 2025年底, 3 October 2026."""
        day = self.day
        if language == "en":
            names = {
                "day": f"{day.day} {day:%B %Y}",
                "month": f"{day:%B %Y}",
                "year": f"the end of {day.year}",
            }
        else:
            names = {
                "day": f"{day.year}年{day.month}月{day.day}日",
                "month": f"{day.year}年{day.month}月",
                "year": f"{day.year}年底",
            }
        return names[self.grain]


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_ENGLISH_MONTH = "|".join(rf"{name}|{name[:3]}\.?" for name in _MONTHS)
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "半": 0.5}

# Every way to name a period; each alternative has its own groups, read by `_period`.
_ISO = r"(?P<iso>(?:19|20)\d\d[-/.]\d{1,2}(?:[-/.]\d{1,2})?)(?![\d-])"
_CHINESE = (
    rf"{_ISO}|(?P<y>(?:19|20)\d\d)年(?:(?P<m>\d{{1,2}})月(?:份)?(?:(?P<d>\d{{1,2}})[日号])?)?(?P<part>[上下]半年|第?[1-4一二三四]季度)?(?:年?[底末])?"
    r"|(?<![以之目当此提过])(?P<ym>大前|去|前|明|上1?|上一)年度?(?:的?(?P<mm>\d{1,2})月(?:份)?(?:(?P<md>\d{1,2})[日号])?)?(?:年?[底末])?"
    r"|(?P<unit>(?:上+|下+)[1一]?个?(?:月|周|星期|礼拜|季度))(?:份|[底末])?"
    r"|(?<![㐀-鿿\d])(?P<n>\d+|半)个?(?P<nu>天|日|周|星期|月|年)(?:之|以)?前|(?<![以之目当此提])(?P<near>昨天|前天|明天|后天)"
    r"|(?<![\d年每满近前后过])(?P<bm>\d{1,2})月(?:份|(?P<bd>\d{1,2})[日号])?"
)
_ENGLISH = (
    rf"{_ISO}|(?P<rel>last|next) (?P<relu>week|month|quarter|year)|(?P<en>\d+|an?|one|two|three|four|five|six) (?P<enu>day|week|month|year)s? ago"
    rf"|(?:the )?(?:end of )?(?:(?P<ed>\d{{1,2}})(?:st|nd|rd|th)? )?(?P<em>{_ENGLISH_MONTH})(?: (?P<ed2>\d{{1,2}})(?:st|nd|rd|th)?,?)? (?P<ey>\d{{4}})"
    r"|(?:the )?(?:end of )?(?P<eyear>(?:19|20)\d\d)(?=\s*(?:[?.,!]|$| (?:for|about|on) ))|(?P<enear>yesterday|tomorrow)"
)
_RULE = r"(?:规定|规则|制度|标准|政策|办法|条款|条例|版本|手册|规范|细则|守则|准则|罚则|流程|话术|规矩)"
_THING = re.compile(
    r"报表|报告|[日周月年]报|数据|[订工账]单|单子|发票|记录|录音|快递|包裹|商品|货|套餐|合同|客户|顾客|用户|业绩"
    r"|\b(?:reports?|data|orders?|invoices?|sales|tickets?|calls?|bills?|customers?|records?|figures?)\b"
)
_MATTER = r"(?P<matter>[^\s,，。;；:：?？!！的了过没]{0,14}?的?)"
_THEN = r"(?:的时候|那时候?|那会儿?|当时|时)?"
_HELD = r"(?:有效|生效|适用|执行|实行|施行|使用|用)?"
_ENGLISH_RULE = r"(?:rules?|polic(?:y|ies)|standards?|regulations?|versions?|manuals?|handbooks?|requirements?|guidelines?|fines?)"
_FRAMES = (
    rf"(?P<cut>(?:截至|截止到?|按照?|依照?)?(?:{_CHINESE}){_THEN}{_HELD}的){_MATTER}{_RULE}",
    rf"(?P<cut>(?:截至|截止到?|按照?|依照?)?(?:{_CHINESE}){_THEN}){_RULE}(?!要|必须|应|了|不|每|可以|过)",
    rf"(?P<cut>(?:{_CHINESE}){_THEN}[,，]?){_MATTER}(?:是)?(?:怎么|如何|怎样|咋)(?:规定|要求)",
    rf"(?P<cut>截至(?:{_CHINESE})[,，:：时])",
    rf"(?P<cut>\b(?:{_ENGLISH})'s )(?P<matter>(?:[\w-]+ ){{0,2}}?){_ENGLISH_RULE}\b",
    rf"\b{_ENGLISH_RULE}(?: (?:was|were|applied|that applied|in force|in effect|valid|say|said|like|allow(?:ed)?|require[ds]?))*(?P<cut>(?: back)?(?: (?:in|of|from|as of|as at|during|on|at))? (?:{_ENGLISH}))(?!'s|[ -]\w+ (?:is|are)\b)",
    rf"\b(?:was|were|did) the (?:[\w-]+ ){{0,3}}?{_ENGLISH_RULE}(?P<matter>(?: (?:for|on|about) [\w -]{{1,30}}?)?)(?P<cut>(?: (?:back )?(?:in|as of|during|on))? (?:{_ENGLISH}))",
    rf"(?P<cut>\bas (?:of|at) (?:{_ENGLISH}))",
)
_HINT = re.compile(
    r"[去前明]年|上一?年|[上下]+[1一]?个?(?:月|周|星期|礼拜|季度)|[昨前明后]天|\d[月年]|[天日周期月年](?:之|以)?前|(?:19|20)\d\d"
    r"|\b(?:last|next|ago|yesterday|tomorrow)\b"
)
"""What every such question holds: the others, nearly all, don't pay for the frames."""
_QUOTED = re.compile(r"《[^《》]*》")


@lru_cache(maxsize=1)
def _frames() -> tuple[re.Pattern[str], ...]:
    """Compiled when first needed: it takes 30 ms."""
    return tuple(re.compile(frame) for frame in _FRAMES)


def asked_moment(text: str, today: date) -> Moment | None:
    """The moment whose rules a question asks for; None when it asks for those of today."""
    reading = normalise(text).replace("’", "'")
    if not _HINT.search(reading):
        return None
    masked = _QUOTED.sub(lambda m: "□" * len(m.group()), reading)
    for frame in _frames():
        for match in frame.finditer(masked):
            if _THING.search(match.groupdict().get("matter") or ""):
                continue
            period = _period({k: v for k, v in match.groupdict().items() if v}, today)
            if period is None or period[0] <= today <= period[1]:
                continue
            start, end = match.span("cut")
            rest = re.sub(r"\s+", " ", f"{reading[:start]} {reading[end:]}" if start else reading[end:])
            return Moment(period[1], period[2], rest.strip(" ,，:："))
    return None


_Period = tuple[date, date, Grain]


def _period(said: dict[str, str], today: date) -> _Period | None:
    """First day, last day and grain of what the groups of a match name; None for a day that no calendar has."""
    for group, reader in _READERS.items():
        if group in said:
            try:
                return reader(said, today)
            except (ValueError, OverflowError):
                return None
    return None


def _span(year: int, month: int = 0, day: int = 0) -> _Period:
    if day:
        return date(year, month, day), date(year, month, day), "day"
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month"
    return date(year, 1, 1), date(year, 12, 31), "year"


def _months_on(today: date, count: int) -> tuple[int, int]:
    """Year and month that lie `count` months after today's."""
    whole = today.year * 12 + today.month - 1 + count
    return whole // 12, whole % 12 + 1


def _iso(said: dict[str, str], today: date) -> _Period:
    return _span(*map(int, re.split(r"[-/.]", said["iso"])))


def _absolute(said: dict[str, str], today: date) -> _Period:
    year = int(said["y"])
    if "part" not in said:
        return _span(year, int(said.get("m", 0)), int(said.get("d", 0)))
    part = said["part"]
    if part.endswith("半年"):
        first, last = (1, 6) if part[0] == "上" else (7, 12)
    else:
        number = "一二三四".find(part[-3]) + 1 or int(part[-3])
        first, last = number * 3 - 2, number * 3
    return date(year, first, 1), _span(year, last)[1], "month"


def _other_year(said: dict[str, str], today: date) -> _Period:
    offsets = {"去": -1, "前": -2, "大前": -3, "明": 1}
    year = today.year + offsets.get(said["ym"], -1)
    return _span(year, int(said.get("mm", 0)), int(said.get("md", 0)))


def _stepped(said: dict[str, str], today: date) -> _Period:
    steps = len(re.match(r"[上下]+", said["unit"]).group())  # type: ignore[union-attr]
    return _step(said["unit"], steps if said["unit"][0] == "下" else -steps, today)


def _step(unit: str, steps: int, today: date) -> _Period:
    """The whole week, month, quarter or year `steps` after today's."""
    if unit.endswith(("周", "星期", "礼拜", "week")):
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=steps)
        return monday, monday + timedelta(days=6), "day"
    if unit.endswith(("季度", "quarter")):
        year, month = _months_on(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), 3 * steps)
        return date(year, month, 1), _span(year, month + 2)[1], "month"
    if unit.endswith("year"):
        return _span(today.year + steps)
    return _span(*_months_on(today, steps))


def _ago(said: dict[str, str], today: date) -> _Period:
    count = said.get("n") or said["en"]
    number = _COUNTS.get(count) or float(count)
    unit = said.get("nu") or said["enu"]
    if unit in ("天", "日", "day", "周", "星期", "week"):
        day = today - timedelta(days=number * (7 if unit in ("周", "星期", "week") else 1))
    else:
        year, month = _months_on(today, -int(number * (12 if unit in ("年", "year") else 1)))
        day = date(year, month, min(today.day, monthrange(year, month)[1]))
    return day, day, "day"


def _nearby(said: dict[str, str], today: date) -> _Period:
    offsets = {"昨天": -1, "前天": -2, "明天": 1, "后天": 2, "yesterday": -1, "tomorrow": 1}
    day = today + timedelta(days=offsets[said.get("near") or said["enear"]])
    return day, day, "day"


def _bare_month(said: dict[str, str], today: date) -> _Period:
    """A month or day without a year is the last one that has begun."""
    month, day = int(said["bm"]), int(said.get("bd", 0))
    began = date(today.year, month, day or 1) <= today
    return _span(today.year if began else today.year - 1, month, day)


def _english_month(said: dict[str, str], today: date) -> _Period:
    month = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(said["em"].rstrip(".")))
    return _span(int(said["ey"]), month, int(said.get("ed") or said.get("ed2") or 0))


_READERS: dict[str, Callable[[dict[str, str], date], _Period]] = {
    "iso": _iso,
    "y": _absolute,
    "ym": _other_year,
    "unit": _stepped,
    "n": _ago,
    "near": _nearby,
    "bm": _bare_month,
    "rel": lambda said, today: _step(said["relu"], 1 if said["rel"] == "next" else -1, today),
    "en": _ago,
    "em": _english_month,
    "eyear": lambda said, today: _span(int(said["eyear"])),
    "enear": _nearby,
}
