"""Whether a model's wording of a draft may stand: nothing in it is invented, nothing is lost that the rules found. Pure."""

from __future__ import annotations

import re

from bot.assistant import facts
from bot.assistant.smuggling import has_markup, speaks_to_model
from knowledge.statements.quantities import folded, quantities, supported

WORDED = ("summary", "what_happened", "handling_suggestion")
"""Fields that a model may word anew."""
FOUND = ("where", "when", "tried")
"""Fields that a model may only fill, with the writer's own words, where the rules found nothing."""
_KEEPS_ALL = frozenset({"what_happened", "handling_suggestion"})
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_LOST = re.compile(r"\d{2,}(?:[.,:]\d+)*|\*{3,}")
_PEOPLE = re.compile(
    r"总经理|(?:部门)?经理|(?:现场)?主管|店长|班长|组长|领导|保安|警察|民警|派出所|消防|救护车|律师|记者|财务|技术(?:支持|员)?|同事|[\u4e00-\u9fff]\*+|[小老阿][\u4e00-\u9fff](?=说|把|在|给|被|和|跟)"
    r"|\b(?:general manager|manager|supervisor|(?:shift |team )?lead(?:er)?|security|police|ambulance|fire (?:service|brigade|department)|lawyer|journalist|finance|colleague)\b|\b[A-Z]\*{3}",
    re.I,
)
_DONE = re.compile(
    r"(?<!\d)1(?:10|19|20)(?!\d)|报(?:了)?警|疏散|撤离|断电|道歉|致歉|退款|赔偿|赔付|补偿|承诺|答应|同意|批准|授权|免除|减免|送医|处罚|停职|开除|辞退"
    r"|\b(?:apologi[sz]ed|refund\w*|compensat\w*|promis\w*|agreed|approv\w*|evacuat\w*|dismiss\w*|suspend\w*|fired)\b",
    re.I,
)
"""Deeds, promises and decisions: the text (or the rules' wording) speaks of each that a model speaks of."""


def trusted(name: str, value: str, ruled: str, masked_text: str) -> bool:
    """Whether `value`, already masked, may stand in the field `name` in place of `ruled`, the rules' wording."""
    if has_markup(value) or speaks_to_model(value):
        return False
    if name in FOUND:
        return not ruled and _squeezed(value) in _squeezed(masked_text)
    if not ruled and name == "handling_suggestion":
        return False
    source = f"{masked_text}\n{ruled}"
    if _invents(value, source):
        return False
    return name not in _KEEPS_ALL or not _loses(value, ruled)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", folded(text))


def _invents(value: str, source: str) -> bool:
    """A number, quantity, time, place, person, deed or promise that the source has not."""
    plain, whole = folded(value), folded(source)
    if set(_NUMBER.findall(plain)) - set(_NUMBER.findall(whole)):
        return True
    pool = quantities(whole)
    if not all(supported(quantity, pool) for quantity in quantities(plain)):
        return True
    squeezed = _squeezed(source)
    told = [*facts.times_in(value), *facts.places_in(value)]
    if any(_squeezed(piece) not in squeezed for piece in told):
        return True
    return any(_new(pattern, plain, whole) for pattern in (_PEOPLE, _DONE))


def _new(pattern: re.Pattern[str], plain: str, whole: str) -> bool:
    """Something of the pattern's sort that the source does not speak of."""
    there = {found.lower() for found in pattern.findall(whole)}
    return any(found.lower() not in there and found.lower() not in whole for found in pattern.findall(plain))


def _loses(value: str, ruled: str) -> bool:
    """A number, time, place or person of the rules' wording that is no longer there."""
    plain = _squeezed(value)
    kept = [*_LOST.findall(folded(ruled)), *facts.times_in(ruled), *facts.places_in(ruled)]
    people = {found.lower() for found in _PEOPLE.findall(folded(ruled))}
    return any(_squeezed(piece) not in plain for piece in kept) or any(
        _squeezed(person) not in plain for person in people
    )
