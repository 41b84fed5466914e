"""On which side of a number a rule holds: 「30分钟以内」, "more than two days"."""

from __future__ import annotations

import re
from enum import StrEnum

from knowledge.statements.modes import Mode, modes
from knowledge.statements.quantities import Quantity
from knowledge.statements.segments import Segment


class Bound(StrEnum):
    """On which side of a number the rule holds."""

    UPPER = "upper"
    LOWER = "lower"


# Words before a number, the negated ones first: 「不少于」 holds 「少于」.
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        Bound.LOWER,
        re.compile(
            r"(?:不|不得|不能|不可|不应)(?:少于|低于|小于|短于)\s*\S{0,2}$|\b(?:no|not) (?:less|fewer|shorter) than\s*$"
        ),
    ),
    (
        Bound.UPPER,
        re.compile(
            r"(?:不|不得|不能|不可|不应|未|勿)(?:再)?(?:超过|多于|高于|大于|超出|长于)\s*\S{0,2}$"
            r"|\b(?:no|not) (?:be )?(?:more|longer|later|exceed|over) ?(?:than)?\s*$|does not exceed\s*$"
        ),
    ),
    (
        Bound.UPPER,
        re.compile(
            r"(?:最多|至多|少于|低于|小于|不到|不满|不足|未满|最迟|最晚|上限为?)\s*\S{0,2}$"
            r"|\b(?:within|at most|up to|less than|fewer than|under|below|before|maximum of)\s+(?:the |a |about )?$"
        ),
    ),
    (
        Bound.LOWER,
        re.compile(
            r"(?:超过?|多于|高于|大于|超出|至少|最少|满|达到?|逾)\s*\S{0,2}$"
            r"|\b(?:at least|more than|over|exceed(?:s|ing)?|above|longer than|after|minimum of)\s+(?:the |a |about )?$"
        ),
    ),
)
_TURNED = re.compile(
    r"(?:超过|多于|高于|超出)\s*\S{0,2}$|\b(?:more than|over|exceed\w*|longer than)\s+(?:the |a |about )?$"
)
_AFTER_UPPER = re.compile(r"^\s*(?:以内|之内|内|以下)|^\s*(?:or (?:less|fewer|under)|at most|maximum)")
_AFTER_LOWER = re.compile(
    r"^\s*(?:以上|之后|以后|后|及以上|起)|^\s*(?:or (?:more|longer|over|above)|at least|minimum)"
)
_AHEAD = re.compile(r"^\s*(?:之前|以前|前|before|in advance|ahead)")
_MOMENTS = frozenset({"clock", "date", "weekday", "year"})


def bound(text: str, quantity: Quantity) -> Bound | None:
    """The side that the words around a quantity give it, if any."""
    start = quantity.end - len(text[quantity.start : quantity.end].lstrip())  # a time may begin with a blank
    before, after = text[max(0, start - 28) : start], text[quantity.end :]
    if _AFTER_UPPER.match(after):
        return Bound.UPPER
    for side, pattern in _BEFORE:
        if pattern.search(before):
            if (
                side is Bound.LOWER
                and _TURNED.search(before)
                and Mode.FORBID in modes(text[: quantity.start])
            ):
                return Bound.UPPER  # "may not swap more than 2 times"
            return side
    if _AHEAD.match(after):
        # 「18:00前」 is a latest moment, 「24小时前」 at least so long ahead.
        return Bound.UPPER if quantity.unit in _MOMENTS else Bound.LOWER
    return Bound.LOWER if _AFTER_LOWER.match(after) else None


def covers(segment: Segment, quantity: Quantity) -> bool:
    """Whether a statement's range or limit includes a value: 20 lies in 「10分钟以上30分钟以内」."""
    limits = [
        (other.value, bound(segment.text, other))
        for other in segment.quantities
        if other.unit == quantity.unit
    ]
    if len(limits) == 2:
        low, high = sorted(value for value, _ in limits)
        return low <= quantity.value <= high
    if len(limits) != 1:
        return False
    value, side = limits[0]
    return (side is Bound.LOWER and quantity.value >= value) or (
        side is Bound.UPPER and quantity.value <= value
    )
