"""Two rules on one matter that cannot both be followed: another number, another person asked, opposite polarity,
another consequence, another way, another order.

Precision first: an admin who meets ten false alarms stops reading. What two rulings say must exclude each other
(`clashes`), nothing may mark them as different cases, and a fitted judgement says how surely they are about one
matter (`knowledge.sameness`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.clauses import Clause, ClauseDraft, ClauseKind
from knowledge.sameness import Sameness, fitted
from knowledge.statements.limits import Bound
from knowledge.statements.matter import Term, alike, matter
from knowledge.statements.modes import Mode
from knowledge.statements.quantities import folded, quantities
from knowledge.statements.rulings import OPPOSED, Ruling, RulingKind, rulings
from knowledge.statements.titles import may_be
from knowledge.statements.topics import is_exception, other_case

LIKENESS = 0.8
"""Cosine of the stored vectors below which two clauses are not looked at (bundled models)."""
_SAME_STEP = 0.42
"""Share of a step's words that another step holds when they are one step."""
_MUST_AND_MUST_NOT = frozenset({Mode.OBLIGE, Mode.FORBID})
_SAME_ACT = 0.7
"""Share of words from which two parts name one act."""
_MODEL = re.compile(r"(?<![a-z0-9])[a-z]{1,4}-?\d{2,5}[a-z]?(?![a-z0-9])")
_ALIKE_LENGTH = 0.04
"""Share by which lengths of time may differ that are one: 「30天」 and 「一个月」."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How two clauses contradict each other."""

    kind: RulingKind
    quote_a: str
    """The sentence that rules, verbatim."""
    quote_b: str
    value_a: str
    """The value as written in the sentence (folded)."""
    value_b: str
    certainty: float
    """Chance that the two sentences rule one matter, 0..1: orders a list."""

    @property
    def turned(self) -> Disagreement:
        """The same with its sides changed."""
        return Disagreement(
            self.kind, self.quote_b, self.quote_a, self.value_b, self.value_a, self.certainty
        )  # fmt: skip


def clause_rulings(clause: Clause | ClauseDraft) -> tuple[Ruling, ...]:
    """What a clause rules; nothing for a bare heading, words for customers, or a clause with an open value."""
    if clause.kind in (ClauseKind.HEADING, ClauseKind.SCRIPT) or clause.has_blank:
        return ()
    return rulings(clause.text, clause.heading_path[-1] if clause.heading_path else "", clause.search_text)


def of_other_products(one: str, other: str) -> bool:
    """Whether two titles name models, and none that both name: their values are those of two things."""
    mine, theirs = (set(_MODEL.findall(folded(title))) for title in (one, other))
    return bool(mine and theirs) and not mine & theirs


def contradictions(
    mine: Sequence[Ruling], theirs: Sequence[Ruling], sameness: Sameness
) -> tuple[Disagreement, ...]:
    """What two clauses' rulings disagree on, the surest first, each kind of value once."""
    (found,) = disagreements([tuple(clashes(mine, theirs))], sameness)
    return found


def disagreements(
    met: Sequence[Sequence[tuple[Ruling, Ruling]]], sameness: Sameness
) -> list[tuple[Disagreement, ...]]:
    """The same for many pairs of clauses, whose clashing rulings are `met`."""
    chances = iter(sameness.chances([pair for pairs in met for pair in pairs]))
    return [_surest(pairs, [next(chances) for _ in pairs]) for pairs in met]


def _surest(pairs: Sequence[tuple[Ruling, Ruling]], chances: Sequence[float]) -> tuple[Disagreement, ...]:
    best: dict[str, Disagreement] = {}
    for (one, other), chance in zip(pairs, chances, strict=True):
        value = f"{one.kind} {one.role.split(' ')[0]}"
        if chance >= fitted().floor and (value not in best or best[value].certainty < chance):
            best[value] = Disagreement(
                one.kind, one.sentence, other.sentence, one.written, other.written, round(chance, 3)
            )
    return tuple(sorted(best.values(), key=lambda made: -made.certainty))


def clashes(mine: Sequence[Ruling], theirs: Sequence[Ruling]) -> Iterator[tuple[Ruling, Ruling]]:
    """Pairs of rulings that exclude each other if they are about one matter."""
    for one in mine:
        for other in theirs:
            if one.kind is other.kind and _opposed(one, other) and not _apart(one, other, mine, theirs):
                yield one, other


def _opposed(one: Ruling, other: Ruling) -> bool:
    if one.kind is RulingKind.POLARITY:
        opposed = frozenset(one.values | other.values)
        # "must" beside "must not" contradict each other only about one act: 「应按时上班」, 「不得迟到」
        same_act = opposed != _MUST_AND_MUST_NOT or _agreeing(one.own, other.own) >= _SAME_ACT
        return opposed in OPPOSED and one.qualified == other.qualified and same_act
    if one.kind is RulingKind.ORDER:
        return _turned_around(one.steps, other.steps)
    return _like_roles(one, other) and not _agree(one, other)


def _agree(one: Ruling, other: Ruling) -> bool:
    """Whether both values may hold; two spans of hours must hold each other's ends."""
    if one.kind is RulingKind.PERSON:
        return any(may_be(str(a), str(b)) for a in one.values for b in other.values)
    if one.kind in (RulingKind.SANCTION, RulingKind.CHANNEL):
        return any(a == b or frozenset({a, b}) in _TOGETHER for a in one.values for b in other.values)
    if one.kind is RulingKind.POLARITY:
        return one.values == other.values
    if one.role.startswith(("hours", "span")) and min(len(one.values), len(other.values)) > 1:
        return one.values <= other.values or other.values <= one.values
    alike = _ALIKE_LENGTH if one.role.startswith(("duration", "often")) else 0.0
    if any(_same_number(a, b, alike) for a in one.values for b in other.values):
        return True
    if {one.side, other.side} == {Bound.UPPER, Bound.LOWER} and one.role != "often":
        low, high = (one, other) if one.side == Bound.LOWER else (other, one)
        return _number(low) <= _number(high)
    return False


_TOGETHER = {
    frozenset(pair)
    for pair in (
        ("system", "app"), ("system", "web"), ("system", "email"), ("app", "web"), ("person", "paper"),
        ("notice", "paper"), ("cash", "person"), ("code", "app"), ("chat", "sms"), ("app", "chat"),
        ("record", "warning"), ("fine", "compensation"),
    )
}  # fmt: skip
"""Ways and consequences that go together."""


def _number(ruling: Ruling) -> float:
    return max(float(value) for value in ruling.values)  # type: ignore[arg-type]


def _same_number(one: object, other: object, alike: float) -> bool:
    a, b = float(one), float(other)  # type: ignore[arg-type]
    return a == b or abs(a - b) <= alike * max(abs(a), abs(b))


_IN_ENGLISH = {
    "天": "da",
    "周": "week",
    "月": "month",
    "年": "(?:year|annual)",
    "小时": "hour",
    "分钟": "minute",
}


def _like_roles(one: Ruling, other: Ruling) -> bool:
    a, b = one.role, other.role
    if one.per and other.per and one.per != other.per:
        return False
    if a.startswith("duration") and bool(one.per) != bool(other.per):
        rate, other_side = (one, other) if one.per else (other, one)
        if rate.within.isascii() and not re.search(
            rf"\b{_IN_ENGLISH.get(rate.per, rate.per)}", other_side.within
        ):
            return False  # so many hours a month, and a length of time
    if a == b:
        return True
    if a.removeprefix("threshold ") == b.removeprefix("threshold "):
        return True
    if a.split(" ")[0] != b.split(" ")[0] or a.startswith(("threshold", "#")) or "cap" in a + b:
        return False
    if a.startswith("hours"):
        return " " not in a or " " not in b
    if a.startswith("rest"):
        return True
    return a.startswith("duration") or a.endswith("charge") or b.endswith("charge")


def _apart(one: Ruling, other: Ruling, mine: Sequence[Ruling], theirs: Sequence[Ruling]) -> bool:
    """Whether something says that the two are different cases, or that each says the other's value too."""
    but = {"rank"} if one.kind is RulingKind.PERSON else set()
    if one.kind is RulingKind.NUMBER:
        but |= {"period"} if one.role.startswith(("rest", "often")) else set()
    if other_case(one.part, other.part, but) or is_exception(one.part, other.part):
        return True
    if _other_condition(one, other):
        return True
    if "threshold" in one.role + other.role and not _same_otherwise(one, other, mine, theirs):
        return True
    if one.kind is RulingKind.POLARITY and (
        _other_place(one.part, other.part) or _other_party(one.part, other.part)
    ):
        return True
    if (
        one.kind is RulingKind.POLARITY
        and Mode.EXEMPT not in one.values | other.values
        and Mode.PERMIT not in one.values | other.values
    ):
        # 「须保密,不得告知」 beside 「不得泄露」
        return _says(theirs, one, other) or _says(mine, other, one)
    return one.kind is not RulingKind.POLARITY and (_says(theirs, one, other) or _says(mine, other, one))


_PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:室|区|厅|库|间|房|馆|场|台|车|车厢|通道|走廊)(?=内|里|外|上|中|用|饮|吸|拍|停|堆|接|$|[,;。])"
)
_CUSTOMERS = re.compile(
    r"游客|旅客|客户|顾客|用户|会员|业主|客人|读者|学员|患者|家长|住户|访客|乘客|家属|\b(?:guest|customer|member|client|visitor|reader|patient)s?\b"
)
_STAFF = re.compile(
    r"司机|导游|员工|客服|坐席|服务员|工作人员|柜员|教练|工程师|快递员|营业员|店员|商家|\b(?:staff|employees?|agents?|receptionists?)\b"
)


def _other_place(one: str, other: str) -> bool:
    """Whether both name a place, and none that both name."""
    mine, theirs = _PLACE.findall(one), _PLACE.findall(other)
    return bool(mine and theirs) and not any(a in other or b in one for a in mine for b in theirs)


def _other_party(one: str, other: str) -> bool:
    """Whether one is about customers only and the other about staff only."""
    mine, theirs = (
        {bool(who.search(text)) and who for who in (_CUSTOMERS, _STAFF)} - {False} for text in (one, other)
    )
    return bool(mine and theirs) and not mine & theirs


def _other_condition(one: Ruling, other: Ruling) -> bool:
    """Whether their numbers say that they hold in different cases."""
    for unit in {unit for unit, _ in one.conditions | other.conditions}:
        mine = {value for held, value in one.conditions if held == unit}
        theirs = {value for held, value in other.conditions if held == unit}
        if mine and theirs and not mine & theirs:
            return True
        if bool(mine) != bool(theirs) and unit in {"times", "money", "day"} and one.kind is RulingKind.NUMBER:
            lacking, held = (other, mine) if mine else (one, theirs)
            if held == {1}:
                continue  # the first of several
            if not held & {q.value for q in quantities(lacking.within) if q.unit == unit}:
                return True
    return False


def _same_otherwise(one: Ruling, other: Ruling, mine: Sequence[Ruling], theirs: Sequence[Ruling]) -> bool:
    """Whether two rules with other thresholds say the same for the rest: no step of one scale each."""
    for kind in (RulingKind.NUMBER, RulingKind.PERSON, RulingKind.SANCTION):
        here = [r for r in mine if r.sentence == one.sentence and r.kind is kind and r.role != one.role]
        there = [
            r for r in theirs if r.sentence == other.sentence and r.kind is kind and r.role != other.role
        ]
        if kind is RulingKind.PERSON and not (here and there):
            continue
        if (here or there) and not any(_like_roles(a, b) and _agree(a, b) for a in here for b in there):
            return False
    return True


def _says(there: Sequence[Ruling], one: Ruling, beside: Ruling) -> bool:
    """Whether the other clause says this value too, in a like role of the sentence that is compared."""
    if one.kind is RulingKind.ORDER:
        return False
    return any(
        ruling.kind is one.kind
        and ruling.sentence == beside.sentence
        and _like_roles(ruling, one)
        and _agree(ruling, one)
        for ruling in there
    )


def _turned_around(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two steps that both have stand in the other order."""
    places = [(i, k) for i, step in enumerate(mine) for k in [_place(step, theirs)] if k is not None]
    return any(k > m for (i, k), (j, m) in pairwise(places) if j > i)


def _step_words(step: str) -> tuple[Term, ...]:
    return matter(step) or tuple(Term(character) for character in step)  # 「倒茶」 is no word


def _place(step: str, steps: Sequence[str]) -> int | None:
    """Where the same step stands among others, None when it does not."""
    scores = [_agreeing(step, other) for other in steps]
    best = max(scores, default=0.0)
    return scores.index(best) if best >= _SAME_STEP else None


def _agreeing(one: str, other: str) -> float:
    """Share of the words of two short texts that the other holds too, 0..1; the side that lacks more counts less."""
    mine, theirs = _step_words(one), _step_words(other)
    shares = [
        sum(max((alike(a, b) for b in there), default=0.0) for a in here) / max(len(here), 1)
        for here, there in ((mine, theirs), (theirs, mine))
    ]
    return max(shares) * 0.6 + min(shares) * 0.4
