"""Numbers that a part of a sentence rules, each in its role: a fine, a deadline, how often, a threshold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from knowledge.statements.conditions import FINE, REWARD, conditions_of, is_condition
from knowledge.statements.limits import Bound, bound
from knowledge.statements.quantities import Quantity, quantities
from knowledge.statements.rulings import Place, Ruling, RulingKind
from knowledge.statements.topics import EVENING, MORNING

_HOURS = re.compile(r"[上值]班时间|工作时间|作息|班次|轮班|[两三]班制")
_SHIFTS = (MORNING, "中班", EVENING, "全天班")
_SHIFT = re.compile("|".join(_SHIFTS))
_SPAN = re.compile(r"\s*(?:至|到|-|~|to|until|and)+\s*(?:次日|下午|晚上?)?\s*")
_UNRULED = frozenset({"", "weekday", "date", "point", "day after"})
MINUTES = {
    "second": Fraction(1, 60), "minute": Fraction(1), "day": Fraction(1440), "workday": Fraction(1440),
    "week": Fraction(10_080), "month": Fraction(43_800), "year": Fraction(525_600),
}  # fmt: skip
"""How long a unit is; a working day counts as a day."""
_PERIODS = {
    "天": 1440, "日": 1440, "周": 10_080, "星期": 10_080, "月": 43_800, "季度": 131_400, "年": 525_600, "小时": 60,
    "分钟": 1, "day": 1440, "week": 10_080, "month": 43_800, "year": 525_600, "hour": 60, "quarter": 131_400,
}  # fmt: skip
_PERIOD = re.compile(
    r"(?:每个?|每一|一个?)(?:自然)?(?P<p>班次|班|季度|星期|小时|分钟|[天日周月年次人单张件台户位席票本盒间条])(?!以|之|内部)(?:内|中)?"
    r"|(?:\bper|\bevery|\beach|\ban?) (?P<e>day|week|month|year|hour|shift|quarter)\b"
)
_COUNTED = "次人单张件台户位席票本盒间条"
_IMPLIED = re.compile(
    r"每(天|日|周|星期|月|季度|年)(?!\s*\d)(?=[^,;]{0,12})|\b(?:every|each) (day|week|month|year)\b"
)
_GRANT = re.compile(r"补偿|赠|额度|券|抵|减|\bvoucher|\bcredit|\bcompensat")
_ADVANCE_BEFORE, _ADVANCE_AFTER = (
    re.compile(r"提前\D{0,3}$|(?<![之以])前$"),
    re.compile(r"^\s*(?:之前|以前|前|before|in advance|ahead|prior)"),
)
_REST = re.compile(r"休(?!闲|止)")
_MEASURES = dict.fromkeys("人名位", "people") | {c: c for c in "条页字级层步行"}
_SAME_PERIOD = {
    "日": "天",
    "day": "天",
    "星期": "周",
    "week": "周",
    "month": "月",
    "year": "年",
    "hour": "小时",
    "minute": "分钟",
}
_NAMED_PERIOD = re.compile(
    r"^(?:the )?(?:first|second|third|fourth|fifth|last)\b|^[\w.]+-(?:second|minute|hour|day|week|month|quarter|year)s?$"
)
"""An English ordinal or compound (the first year of …, a two-week pay period) names a time, it rules no length."""
_EXAMPLE = re.compile(r"\bfor example\b|\be\.g\.|\bfor instance\b|^[\W]*example\b|例如|比如|举例|譬如")
_RATE = re.compile(
    r"^\s*(?:[a-z]+ ){0,4}?per (?:[a-z]+ )?(period|cycle|season|term|semester|fortnight|night|hour|minute|day|week|month|quarter|year)\b"
)
_EVERY = re.compile(r"(?:每隔?|\bevery|\beach)\s*$")


def numbers(place: Place) -> Iterator[Ruling]:
    """The rulings of a part about numbers."""
    part = place.part
    if _EXAMPLE.search(part) or _EXAMPLE.search(place.previous):
        return
    read = [
        q for q in quantities(part)
        if q.unit not in _UNRULED and not _is_date(part, q) and not _names_a_time(part, q)
    ]  # fmt: skip
    yield from _spans(place, [q for q in read if q.unit == "clock"])
    conditions = conditions_of(place.leaning)
    frequent = False
    for quantity in read:
        if quantity.unit == "clock":
            continue
        written = part[quantity.start : quantity.end]
        side = bound(part, quantity)
        often = _often(part, quantity)
        if often:
            frequent = True
            yield place.ruling(RulingKind.NUMBER, "often", {often[0]}, often[1], conditions, side=side or "")
        elif is_condition(part, quantity):
            if not (quantity.unit == "times" and quantity.value == 1) and quantity.unit != "fold":
                role, value = _dimension(quantity)
                others = conditions - {(quantity.unit, quantity.value)}
                yield place.ruling(RulingKind.NUMBER, f"threshold {role}", {value}, written, others)
        else:
            role, value = _role(place, quantity, side)
            if role:
                per = _per(place, quantity)
                if role.endswith("advance") and part.isascii():
                    side = None  # "up to two days before" is the last moment
                yield place.ruling(
                    RulingKind.NUMBER, role, {value}, written, conditions, side=side or "", per=per
                )  # fmt: skip
    implied = None if frequent else _IMPLIED.search(part)
    if implied and not any(q.start < implied.end() + 8 and q.unit in {"money", "times", "clock", "date", "day"} for q in quantities(part)):  # fmt: skip
        period = Fraction(_PERIODS[implied[1] or implied[2]])
        yield place.ruling(RulingKind.NUMBER, "often", {period}, implied[0], conditions)


def _often(part: str, quantity: Quantity) -> tuple[Fraction, str] | None:
    """Minutes from one time to the next, and how it is written: 「每周两次」, "every four hours"."""
    if quantity.unit in MINUTES and _EVERY.search(part[: quantity.start]):
        return quantity.value * MINUTES[quantity.unit], part[max(0, quantity.start - 2) : quantity.end]
    if quantity.unit != "times" or quantity.value <= 0:
        return None
    if "第" in part[quantity.start : quantity.end]:
        return None
    periods = [*_PERIOD.finditer(part[: quantity.start])]
    if not periods and (behind := _PERIOD.match(part[quantity.end :].lstrip())):
        periods = [behind]
    name = (periods[-1]["p"] or periods[-1]["e"]) if periods else ""
    if name not in _PERIODS:
        return None
    start = periods[-1].start() if periods[-1].end() <= quantity.start else quantity.start
    return _PERIODS[name] / quantity.value, part[start : quantity.end]


def _is_date(part: str, quantity: Quantity) -> bool:
    """「2022年4月」"""
    if quantity.unit == "year":
        return quantity.value > 1900
    return quantity.unit == "month" and bool(re.search(r"\d{4}年\s*$", part[: quantity.start]))


def _names_a_time(part: str, quantity: Quantity) -> bool:
    return quantity.unit in MINUTES and bool(
        _NAMED_PERIOD.search(part[quantity.start : quantity.end].strip())
    )


def _spans(place: Place, clocks: Sequence[Quantity]) -> Iterator[Ruling]:
    """Hours from one clock time to another, those of one shift together; else the single times."""
    part = place.part
    spans: dict[str, list[Quantity]] = {}
    for first, last in pairwise(clocks):
        if _SPAN.fullmatch(part[first.end : last.start]):
            shifts = [*_SHIFT.finditer(place.leaning[: len(place.leaning) - len(part) + first.start])]
            name = next((key for key in _SHIFTS if shifts and re.search(key, shifts[-1][0])), "")
            spans.setdefault(name, []).extend((first, last))
    for name, ends in spans.items():
        is_hours = name or _HOURS.search(place.leaning) or _HOURS.search(place.heading)
        written = part[ends[0].start : ends[-1].end]
        role = f"{'hours' if is_hours else 'span'} {name}".strip()
        yield place.ruling(RulingKind.NUMBER, role, {q.value % 1440 for q in ends}, written)
    if len(clocks) == 1:
        yield place.ruling(
            RulingKind.NUMBER, "clock", {clocks[0].value}, part[clocks[0].start : clocks[0].end]
        )  # fmt: skip


def _dimension(quantity: Quantity, before: str = "") -> tuple[str, object]:
    if quantity.unit == "year" and re.search(r"aged?\s*$|年龄\S{0,3}$", before):
        return "age", quantity.value
    if quantity.unit in MINUTES:
        return "duration", quantity.value * MINUTES[quantity.unit]
    return quantity.unit, quantity.value


def _per(place: Place, quantity: Quantity) -> str:
    part = place.part
    reach = place.previous + part[: quantity.start] if _REST.search(part) else part[: quantity.start]
    periods = [(m["p"] or m["e"]) for m in _PERIOD.finditer(reach)]
    after = re.match(
        r"\s*(?:/|per |an? |every |each )\s*(小时|分钟|天|日|月|年|周|hour|minute|day|week|month|year)",
        part[quantity.end :],
    )
    if after:
        return _SAME_PERIOD.get(after[1], after[1])
    if rate := _RATE.match(part[quantity.end :]):
        return _SAME_PERIOD.get(rate[1], rate[1])
    return next((_SAME_PERIOD.get(p, p) for p in reversed(periods) if p not in _COUNTED), "")


def _role(place: Place, quantity: Quantity, side: Bound | None) -> tuple[str, object]:
    """What a number is the value of, and the value in the unit of its kind; no role when its words do not tell."""
    part = place.part
    before, after = part[max(0, quantity.start - 12) : quantity.start], part[quantity.end : quantity.end + 8]
    kind, value = _dimension(quantity, before)
    if kind in {"money", "%", "usd", "eur", "gbp", "multiple"}:
        for name, marks in (("fine", FINE), ("reward", REWARD), ("grant", _GRANT)):
            if marks.search(before) or (marks.search(after[:5]) and kind == "money"):
                cap = " cap" if side is Bound.UPPER and name == "fine" else ""
                return f"{kind} {name}{cap}", value
        return f"{kind} charge", value
    if kind == "duration":
        if part[quantity.start : quantity.end].strip()[-1] in "日号" and re.search(r"月的?\s*$", before):
            return "day of the month", value
        if re.search(r"(?:延长|推迟|顺延|宽限)\D{0,2}$", before):
            return "", value
        per = _per(place, quantity)
        if _REST.search(part) and per and quantity.unit == "day":
            return f"rest per {per}", value
        if _ADVANCE_BEFORE.search(before) or _ADVANCE_AFTER.match(after):
            return "duration advance", value
        return "duration", value
    if re.search(r"[×*]\s*$", before) or re.match(r"\s*[×*]", after):
        return "", value  # one of several measures
    if quantity.unit == "#":
        if part[quantity.start : quantity.end].strip().startswith("一") and side is None:
            return "", value  # 「一名教练」: an article
        return f"# {_MEASURES.get(part[quantity.start : quantity.end].strip()[-1], '')}".strip(), value
    return kind, value
