"""Whether a statement forbids, demands, permits or lets off, read from its words."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache


class Mode(StrEnum):
    """What a statement does to an act."""

    FORBID = "forbid"
    EXEMPT = "exempt"
    OBLIGE = "oblige"
    PERMIT = "permit"


# Read in this order; what one has taken the next does not see (「不得不」 obliges, 「不得」 forbids).
_MARKS: tuple[tuple[Mode, re.Pattern[str]], ...] = (
    (Mode.OBLIGE, re.compile(r"不得不|不能不|不可不|有义务|\bnot optional\b")),
    (
        Mode.EXEMPT,
        re.compile(
            r"无需|无须|毋需|不必|不用|不需要?|不须|不强制|(?<![许认])可以?不(?!得)|免于|不作要求|\bneed not\b|\bneedn't\b|\bno need\b"
            r"|\bnot (?:be )?(?:required|necessary|obliged|mandatory|needed)\b|\bexempt|\boptional"
            r"|\b(?:do|does|did)(?: not|n't) (?:(?:have|need) to|need|require)\b|\bwithout (?:having|needing) to\b|\bneeds? no\b|\brequires? no\b|\bno longer (?:need|ha[sv]e)"
        ),
    ),
    (
        Mode.FORBID,
        re.compile(
            r"不得|禁止|严禁|不准|不许|不允许|不可(?!或缺|避免|抗)|不能|不应|不要|不宜|切勿|请勿|勿|杜绝|谢绝|不予|拒绝"
            r"|\b(?:must|may|can|shall|should|could)(?: never| not|n't)\b|\bcannot\b|\bprohibit|\bforbid|\bbanned\b|\bbans?\b"
            r"|\bnot (?:be )?(?:allowed|permitted|acceptable|to)\b|\bdo not\b|\bdon't\b|\bnever\b|\bunder no circumstances\b"
            r"|\bno \w+ (?:is|are|may|can) \w*\s*(?:allowed|permitted)?|\brefus|\bno one may\b|\bnobody may\b|\bnone may\b"
        ),
    ),
    (
        Mode.OBLIGE,
        re.compile(
            r"必须|必需|务必|须|应当|应该|(?<![反适响供相对回])应(?![急聘用答对变付])|需要|(?<![急必刚所按])需(?!求)|一定要"
            r"|(?<![重主需只不想首紧])要(?![求点素么是闻员不])|\bmust\b|\bshall\b|\bshould\b|\b(?:has|have|had) to\b|\brequire"
            r"|\bneeds? to\b|\bobliged\b|\bmandatory\b|\bcompulsory\b|\bobligat"
        ),
    ),
    (
        Mode.PERMIT,
        re.compile(
            r"可以|允许|准许|有权|(?<![许认只仅])可(?![能是见靠行疑信惜])|(?<![可功智性职技节只仅])能(?![力源量够见])|能够"
            r"|\bmay\b|\bcan\b|\bcould\b|\ballowed\b|\bpermitted\b|\bfree to\b|\bentitled\b|\bhas the right\b|\bare welcome to\b"
        ),
    ),
)
# 「无法」 and "cannot" in a condition are about what someone is able to do.
_ABILITY = re.compile(
    r"\b(?:who|that|which|if|when|whenever)\b[^,;.]{0,40}?\b(?:cannot|can't|can not|could not)\b"
)
_QUESTION = re.compile(r"是否|能否|可否|能不能|可不可以|要不要|需不需要|\bwhether\b")


@lru_cache(maxsize=8192)
def modes(text: str) -> frozenset[Mode]:
    """What a folded statement allows or demands."""
    rest = _ABILITY.sub(" ", _QUESTION.sub(" ", text))
    found = set()
    for mode, pattern in _MARKS:
        rest, times = pattern.subn(lambda m: "□" * len(m.group()), rest)
        if times:
            found.add(mode)
    return frozenset(found)
