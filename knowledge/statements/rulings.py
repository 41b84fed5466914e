"""The values that a text rules: a number in its role, who is asked, what is allowed or forbidden."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from knowledge.statements.concepts import concepts, named_people
from knowledge.statements.limits import Bound, bound
from knowledge.statements.modes import Mode, modes
from knowledge.statements.quantities import Quantity, folded, quantities
from knowledge.statements.segments import sentences
from knowledge.statements.topics import EVENING, MORNING, topic, weight


class RulingKind(StrEnum):
    """What kind of value is ruled."""

    NUMBER = "number"
    PERSON = "person"
    POLARITY = "polarity"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One value that a sentence rules."""

    kind: RulingKind
    role: str
    """What the value is: `money fine`, `duration advance`, `clock`, `ask`, …; only like roles are compared."""
    values: frozenset[object]
    written: str
    """The value as the text writes it."""
    own: frozenset[str]
    """What the part of the sentence that holds it is about."""
    core: frozenset[str]
    """The same with what the part leans on."""
    part: str
    """That part, folded, with what it leans on."""
    sentence: str
    """The sentence, verbatim."""
    conditions: frozenset[tuple[str, Fraction]] = frozenset()
    """Numbers that say when it holds (第三次, 三天以上), as (unit, value)."""
    qualified: bool = False
    """It holds under a condition (私自, 未经同意, 除外), so that its opposite need not contradict it."""


_PART = re.compile(r"[;。!?\n]+|,(?!\d{3}(?!\d))|(?<!\d):|:(?!\d)")
_LEANS = re.compile(
    r"\s*(?:必须|务必|须|应|需|可|不得|不能|不准|严禁|禁止|要|经|由|向|报|方|才|则|并|一次|每次|每单|单次|最多|超过|当月|第\S{1,2}次|首次)"
)
"""A part that begins so says something of the part before."""
_HOURS = re.compile(r"[上值]班时间|工作时间|作息|班次|轮班|[两三]班制")
_SHIFTS = (MORNING, "中班", EVENING, "全天班")
_SHIFT = re.compile("|".join(_SHIFTS))
_SPAN = re.compile(r"\s*(?:至|到|-|~)+\s*(?:次日)?\s*")
_UNRULED = frozenset({"", "weekday", "date", "year", "multiple", "fold", "point"})
_DURATIONS = {"second": 1, "minute": 60, "day": 86_400, "week": 604_800}
_PERIOD = re.compile(
    r"每(?:个|一)?(自然)?(班次|班|季度|星期|小时|分钟|[天日周月年次人单张件台户位席])|一个?(?:自然)?月(?:最多|不得|只)"
)
_FINE = re.compile(r"罚|扣|处以|赔")
_REWARD = re.compile(r"奖|补贴|提成|津贴|发放")
_GRANT = re.compile(r"补偿|赠|额度|券|抵|减")
_ADVANCE_BEFORE, _ADVANCE_AFTER = re.compile(r"提前\D{0,3}$"), re.compile(r"^(?:之前|以前|前)")
_CONDITION_AFTER = re.compile(
    r"^(?:以内|以上|以下|之内|内|及以上|后)?的?\S{0,6}(?:的|者|时)(?=$|[,;])|^(?:以上|以下|以内)的"
)
_REST = re.compile(r"休(?!闲|止)")
_ACT = re.compile(
    r"(批准|同意|审批|许可|核准|签字|审核|批(?!评|次|量)|决定)|(请示|申请|报备|报告|汇报|告诉|通知|上报|告知|提出|联系|说明)"
)
_TOWARDS = re.compile(
    r"(?:向|报请?|找|经|由|须|需|应|征得|得到|取得|告诉|通知|联系|告知|请|给|予|让|报告|请示)(?:当班|值班|现场|直接|部门|本组|上级)?$"
)
_JOINED = re.compile(r"^\s*(?:或者?|和|及|与|、|/)?\s*$")
_QUALIFIED = re.compile(
    r"私自|擅自|自行|随意|任意|无故|未经|没有|未|除非|除外|特殊情况|确需|确实需要|方可|才可|才能|经\S{0,14}(?:批准|同意|许可)|如有|如需|一旦|否则|原则上"
)
_LIMITED = re.compile(r"超过|少于|低于|多于|高于|超出|不到|以内|以上|以下|仅限|只能|只可")


@lru_cache(maxsize=2048)  # some 10 kB each
def rulings(text: str, heading: str = "", reading: str = "") -> tuple[Ruling, ...]:
    """Everything that a text rules; `heading` stands over it and says what a bare sentence is about. `reading` is
    its normalised reading (typos and odd synonyms put right), which is read while the text is quoted."""
    found: list[Ruling] = []
    quotes, read = sentences(text), sentences(reading or text)
    if len(quotes) != len(read):
        read = quotes
    lean, before = topic(folded(heading)), ""
    carries = False
    for quote, sentence in zip(quotes, read, strict=True):
        if not carries:
            lean, before = topic(folded(heading)), ""
        previous = ""
        for part in filter(None, map(str.strip, _PART.split(folded(sentence)))):
            own = topic(part)
            leans = len(own) < 2 or bool(_LEANS.match(part))
            place = _Place(
                part, own, own | lean if leans else own, f"{before},{part}" if leans and before else part,
                quote, previous, bool(_HOURS.search(heading)),
            )  # fmt: skip
            found += [*_numbers(place), *_people(place), *_polarities(place)]
            previous = part
            if weight(own) >= 1:
                lean, before = own, part
        carries = quote.rstrip().endswith((";", "；"))  # 「迟到5分钟以内免罚;30分钟以内扣20元」
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of a sentence and what it leans on."""

    part: str
    own: frozenset[str]
    core: frozenset[str]
    leaning: str
    sentence: str
    previous: str
    """The part before."""
    is_hours: bool
    """The heading above says that it is about hours."""

    def ruling(
        self,
        kind: RulingKind,
        role: str,
        values: Iterable[object],
        written: str,
        conditions: frozenset[tuple[str, Fraction]] = frozenset(),
        *,
        qualified: bool = False,
    ) -> Ruling:
        """A ruling that stands here."""
        return Ruling(
            kind, role, frozenset(values), written.strip(), self.own, self.core, self.leaning, self.sentence,
            conditions, qualified,
        )  # fmt: skip


def _numbers(place: _Place) -> Iterator[Ruling]:
    part = place.part
    read = [q for q in quantities(part) if q.unit not in _UNRULED]
    yield from _spans(place, [q for q in read if q.unit == "clock"])
    conditions = frozenset(
        (q.unit, q.value)
        for q in quantities(place.leaning)
        if _is_condition(place.leaning, q) and not (q.unit == "times" and q.value == 1)
    )
    for quantity in read:
        role = "" if quantity.unit == "clock" or _is_condition(part, quantity) else _role(place, quantity)
        if role:
            value = quantity.value * _DURATIONS.get(quantity.unit, 1)
            written = part[quantity.start : quantity.end]
            if "per" in role:
                start = max(
                    (m.start() for m in _PERIOD.finditer(part[: quantity.start])), default=quantity.start
                )
                written = part[start : quantity.end]
            yield place.ruling(RulingKind.NUMBER, role, {value}, written, conditions)


def _spans(place: _Place, clocks: Sequence[Quantity]) -> Iterator[Ruling]:
    """Hours from one clock time to another, those of one shift together; else the single times."""
    part = place.part
    spans: dict[str, list[Quantity]] = {}
    for first, last in pairwise(clocks):
        if _SPAN.fullmatch(part[first.end : last.start]):
            shifts = [*_SHIFT.finditer(place.leaning[: len(place.leaning) - len(part) + first.start])]
            name = next((key for key in _SHIFTS if shifts and re.search(key, shifts[-1][0])), "")
            spans.setdefault(name, []).extend((first, last))
    for name, ends in spans.items():
        is_hours = name or _HOURS.search(place.leaning) or place.is_hours
        written = part[ends[0].start : ends[-1].end]
        role = f"{'hours' if is_hours else 'span'} {name}".strip()
        yield place.ruling(RulingKind.NUMBER, role, {q.value % 1440 for q in ends}, written)
    if len(clocks) == 1:
        yield place.ruling(
            RulingKind.NUMBER, "clock", {clocks[0].value}, part[clocks[0].start : clocks[0].end]
        )  # fmt: skip


def _is_condition(part: str, quantity: Quantity) -> bool:
    """「第三次」, 「超过5分钟的」: when a rule holds, not what it rules."""
    written, before, after = part[quantity.start : quantity.end], part[: quantity.start], part[quantity.end :]
    if quantity.unit == "times" and ("第" in written or "首" in written or written.startswith("一")):
        return not re.search(r"最多|只|仅|至多|不超过$", before)
    if re.search(r"满\s*$|达到?\s*$", before) and not re.search(r"不满\s*$|未满\s*$", before):
        return True
    if _FINE.search(before[-8:]) or _REWARD.search(before[-8:]):
        return False
    return bool(_CONDITION_AFTER.match(after))


def _role(place: _Place, quantity: Quantity) -> str:
    """What a number is the value of; empty when its words do not tell."""
    part = place.part
    before, after = part[max(0, quantity.start - 12) : quantity.start], part[quantity.end : quantity.end + 8]
    reach = place.previous + part[: quantity.start] if _REST.search(part) else part[: quantity.start]
    periods = [m[2] or "月" for m in _PERIOD.finditer(reach)]
    per = next((f" per {period}" for period in reversed(periods) if period not in "次人单张件台户位席"), "")
    side = bound(part, quantity)
    if quantity.unit in {"money", "%"}:
        for name, marks in (("fine", _FINE), ("reward", _REWARD), ("grant", _GRANT)):
            if marks.search(before) or (marks.search(after[:5]) and quantity.unit == "money"):
                cap = " cap" if side is Bound.UPPER and name == "fine" else ""
                return f"{quantity.unit} {name}" + (cap or (" per 分钟" if per == " per 分钟" else ""))
        return f"{quantity.unit} charge" + (per if "小时" in per or "分钟" in per else "")
    if quantity.unit in {*_DURATIONS, "month", "workday"}:
        unit = "duration" if quantity.unit in _DURATIONS else quantity.unit
        if _REST.search(part) and per and quantity.unit == "day":
            return f"rest{per}"
        if _ADVANCE_BEFORE.search(before) or _ADVANCE_AFTER.match(after):
            return f"{unit} advance"
        if (
            side is None
            and not re.search(r"(?:为|是|期|保存|保留|时间|间隔|休息|午休)\D{0,3}$", before)
            and not re.match(r"后|内", after)
        ):
            return ""
        return f"{unit} {'lower' if side is Bound.LOWER else 'upper' if side else 'plain'}"
    if quantity.unit in {"times", "shift"}:
        return f"times{per}" if side is Bound.UPPER or per else ""
    if quantity.unit == "ring":
        return "ring"
    if quantity.unit == "#" and side is not None:
        return f"# {part[quantity.start : quantity.end].strip()[-1]} {side.value}"
    return ""


def _people(place: _Place) -> Iterator[Ruling]:
    """Who approves, who is asked or told: people named after 「向」, 「经」, 「由」 … with such a verb near."""
    part = place.part
    acts = list(_ACT.finditer(part))
    groups: list[tuple[int, int, set[int]]] = []
    for start, end, number in named_people(part) if acts else ():
        if number not in concepts(part[start:end]).people:
            continue
        if groups and _JOINED.match(part[groups[-1][1] : start]):
            groups[-1] = (groups[-1][0], end, groups[-1][2] | {number})
        else:
            groups.append((start, end, {number}))
    conditions = frozenset((q.unit, q.value) for q in quantities(place.leaning))
    for start, end, numbers in groups:
        near = [act for act in acts if -6 <= act.start() - end <= 6 or 0 <= start - act.end() <= 3]
        if near and (_TOWARDS.search(part[:start]) or any(act[1] for act in near)):
            yield place.ruling(RulingKind.PERSON, "ask", numbers, part[start:end], conditions)


def _polarities(place: _Place) -> Iterator[Ruling]:
    said = modes(place.part)
    if len(said) == 1 and not _LIMITED.search(place.part):
        mark = _MARK.search(place.part)
        written = mark[0] if mark else place.part[:6]
        qualified = bool(_QUALIFIED.search(place.leaning))
        yield place.ruling(RulingKind.POLARITY, "mode", said, written, qualified=qualified)


_MARK = re.compile(
    r"不得|禁止|严禁|不准|不许|不允许|不可以?|不能|谢绝|拒绝|无需|无须|不必|不用|不需要?|必须|务必|应当?|须|需要?|可以|允许|准许|可|能"
)


OPPOSED: frozenset[frozenset[Mode]] = frozenset(
    {
        frozenset({Mode.FORBID, Mode.PERMIT}),
        frozenset({Mode.FORBID, Mode.OBLIGE}),
        frozenset({Mode.OBLIGE, Mode.EXEMPT}),
    }
)
"""Modes of which two rules about one act cannot both hold."""
