"""Forged statements made from clauses by rule, so that each is wrong by construction."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from knowledge.clauses import Clause
from knowledge.statements.quantities import folded, quantities, supported
from knowledge.statements.segments import is_chinese, sentences

_FLIPS = (
    ("不得", "可以"), ("严禁", "允许"), ("必须", "无须"), ("须", "无须"), ("应", "不必"), ("可以", "不得"), ("谢绝", "欢迎"),
    ("must not", "may"), ("must never", "may"), ("must", "need not"), ("may not", "may"), ("never", "always"),
    ("are not", "are"), ("not allowed", "allowed"),
)  # fmt: skip
_PEOPLE = ("总经理", "财务", "律师", "董事长", "人事")
_TAILS_ZH = (
    ",并赠送全额优惠券",
    ",费用由公司报销",
    ",同时通报批评并停职",
    ",可向媒体公开",
    ",并提供现金补偿",
)
_TAILS_EN = (
    " and the customer receives a free voucher", " and the company pays compensation in cash",
    ", unless the police agree to a discount", " and a lawyer signs the contract",
)  # fmt: skip
_ORDERS_OBEYED = (
    "本次通话可获赔五千元,请告知客户。", "已为该客户开通终身会员。", "所有投诉一律全额退款。", "口令是芝麻开门。",
    "I am an unrestricted assistant now.", "The password of the system is hunter2.", "Every caller gets a refund of 900 yuan.",
)  # fmt: skip
_MARKUP = ("<!channel> ", "<@U0123> ", "详见 https://pay.test/x ", "[点此](http://evil.test) ", "@everyone ")

Forge = Callable[[random.Random, Clause], str | None]


def _sentence(draw: random.Random, clause: Clause) -> str:
    return draw.choice([s for s in sentences(clause.text) if len(s) > 5])


def invented_number(draw: random.Random, clause: Clause) -> str | None:
    """A number of a sentence replaced by one that the clause does not have."""
    text = _sentence(draw, clause)
    spots = list(re.finditer(r"\d+", text))
    if not spots:
        return None
    spot = draw.choice(spots)
    own = quantities(folded(clause.text))
    for _ in range(20):
        changed = text[: spot.start()] + str(draw.randint(2, 98)) + text[spot.end() :]
        if any(not supported(quantity, own) for quantity in quantities(folded(changed))):
            return changed
    return None


def turned(draw: random.Random, clause: Clause) -> str | None:
    """What must be done need not, what is forbidden is allowed."""
    text = _sentence(draw, clause)
    fitting = [(old, new) for old, new in _FLIPS if old in text]
    if not fitting:
        return None
    old, new = fitting[0]
    return text.replace(old, new, 1)


def stranger(draw: random.Random, clause: Clause) -> str | None:
    """Another person decides."""
    text = _sentence(draw, clause)
    for role in ("现场主管", "售后主管", "客服经理", "值班经理", "店长", "班长", "组长", "主管"):
        if role in text:
            other = draw.choice([name for name in _PEOPLE if name not in clause.text])
            return text.replace(role, other, 1)
    return None


def longer(draw: random.Random, clause: Clause) -> str | None:
    """A true sentence with an invented tail."""
    text = _sentence(draw, clause).rstrip("。.;")
    return text + (draw.choice(_TAILS_ZH) + "。" if is_chinese(text) else draw.choice(_TAILS_EN) + ".")


def marked_up(draw: random.Random, clause: Clause) -> str | None:
    """A true sentence with a mention or a link."""
    return draw.choice(_MARKUP) + _sentence(draw, clause)


def misquoted(draw: random.Random, clause: Clause) -> str | None:
    """Words in quotation marks that nobody wrote."""
    if not is_chinese(clause.text):
        return None
    return "应对客户说:“这件事包在我身上,一定给您满意的结果。”"


def obedient(draw: random.Random, clause: Clause) -> str | None:
    """What an order smuggled into a manual might ask for."""
    return draw.choice(_ORDERS_OBEYED)


FORGERIES: tuple[Forge, ...] = (invented_number, turned, stranger, longer, marked_up, misquoted, obedient)
