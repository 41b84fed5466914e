"""Numbers that say when a rule holds, not what it rules: 「第三次」, 「超过5分钟的」."""

from __future__ import annotations

import re
from fractions import Fraction

from knowledge.statements.quantities import Quantity, quantities

FINE = re.compile(r"罚|扣|处以|赔|\bfine|\bpenalt|\bdeduct")
REWARD = re.compile(r"奖|补贴|提成|津贴|发放|\bbonus|\breward|\bcommission")
_CONDITION_AFTER = re.compile(
    r"^(?:以内|以上|以下|之内|内|及以上|后)?的?\S{0,6}(?:的|(?<![患记用费])者|时)(?=$|[,;])|^(?:以上|以下|以内|及以下|及以上)的|^(?:未|仍|不)"
)
_CONDITION_BEFORE_EN = re.compile(
    r"\b(?:over|above|exceeding|of more than|more than|under|below|after|if|when|aged)\s+(?:the )?$"
)
_OVER = re.compile(
    r"(?<![不未])(?<!不得)(?:超过|超出|逾期|不足|低于)\s*$|\b(?:more than|longer than|over)\s*$"
)
_THEN = re.compile(r"^\s*(?:以上|未\S{1,6})?(?:$|[,;]|须|应|必须|视为|按|即|由|需|则|不得|方)")


def conditions_of(text: str) -> frozenset[tuple[str, Fraction]]:
    """The numbers of a folded text that say when it holds, as (unit, value)."""
    return frozenset(
        (q.unit, q.value)
        for q in quantities(text)
        if is_condition(text, q) and not (q.unit == "times" and q.value == 1 and text[q.start] in "一1")
    )


def is_condition(part: str, quantity: Quantity) -> bool:
    """「第三次」, 「超过5分钟的」: when a rule holds, not what it rules."""
    written, before, after = part[quantity.start : quantity.end], part[: quantity.start], part[quantity.end :]
    if quantity.unit == "times" and ("第" in written or "首" in written or written.startswith("一")):
        return not re.search(r"最多|只|仅|至多|不超过$", before)
    if re.search(r"提前\D{0,3}$", before):
        return False
    if re.search(r"满\s*$|达到?\s*$", before) and not re.search(r"不满\s*$|未满\s*$", before):
        return True
    if _OVER.search(before) and _THEN.match(after):
        return True
    if FINE.search(before[-8:]) or REWARD.search(before[-8:]):
        return False
    return bool(
        _CONDITION_AFTER.match(after)
        or (quantity.unit in {"money", "%", "usd"} and _CONDITION_BEFORE_EN.search(before))
    )
