"""What statements are compared by: the words that carry content, the people and departments that act."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from knowledge.statements.concepts import concepts, named_people, without_people
from knowledge.statements.quantities import quantities
from knowledge.statements.segments import content_runs, content_words, stem
from knowledge.statements.units import ENGLISH_UNITS, ENGLISH_WORDS

# Words that stand beside numbers of every rule: they bind nothing.
_UNBOUND = frozenset(
    re.findall(
        r"\w+",
        "罚款 扣款 扣除 扣罚 处罚 奖励 奖金 每次 客户 客服 员工 人员 工作 时间 分钟 小时 金额 绩效 工资 当月 当次 给予 处以",
    )
)
# 「客房部」, 「前厅组」; not 「全部」, 「一部分」.
_DEPARTMENT = re.compile(
    r"[\u4e00-\u9fff](?<![全大局内外一])[\u4e00-\u9fff](?<![全大局内外一])(?:部|科|处室|组)(?![分门件位理成])"
)
_POST = re.compile(
    r"[\u4e00-\u9fff]{2}(?:专员|专家)"
    r"|(?:[\u4e00-\u9fff](?<![的由向给经报找请和与或、及须应该转知])){2}(?<![人会委官动成学职全])员(?!工)"
)
_WHEN = re.compile(r"^\S{2,12}?(?:时|之后|后|的话)(?=\S{2})")
_CODE = re.compile(r"(?<![a-z0-9])[a-z]+-?\d[a-z0-9-]*(?![a-z0-9])")
_COUNTED = frozenset(word for word, (unit, _) in ENGLISH_UNITS.items() if unit != "#") | frozenset(
    ENGLISH_WORDS
)


def actors(text: str) -> frozenset[str]:
    """People by their role, and departments by their name."""
    roles = frozenset(f"#{number}" for number in concepts(text).people)
    return roles | frozenset(_DEPARTMENT.findall(text))


def roles(text: str) -> frozenset[str]:
    """Posts by their name as written, known to the lists or not: 「安全专员」, 「排班员」."""
    return frozenset(_POST.findall(text))


@lru_cache(maxsize=4096)
def words(text: str, source: bool = False) -> frozenset[str]:
    """Neighbouring characters, English stems and concepts that carry content; people who act are left out."""
    for quantity in quantities(text):
        text = text[: quantity.start] + " " * (quantity.end - quantity.start) + text[quantity.end :]
    found = concepts(text, source)
    return frozenset(
        {
            run[i : i + 2]
            for run in content_runs(_DEPARTMENT.sub(" ", without_people(text)))
            for i in range(len(run) - 1)
        }
        | {stem(word) for word in content_words(text) if word not in _COUNTED and not concepts(word).people}
        | set(_CODE.findall(text))
        | {f"#{number}" for number in found.strict - found.people}
    )


def soft(text: str) -> frozenset[str]:
    return frozenset(f"~{number}" for number in concepts(text).soft)


@cache
def unbound() -> frozenset[str]:
    return _UNBOUND | words(" ".join(_UNBOUND))


def subject(text: str) -> int | None:
    """The concept of whoever acts in a Chinese statement: named first (after a case), or after 「由」."""
    text = _WHEN.sub("", text)
    for start, end, number in named_people(text):
        before = text[:start]
        if re.search(r"由\S{0,2}$", before) or (
            len(before) <= 2 and not re.search(r"[向给对经报找请]$", before)
        ):
            return number if text[end : end + 1] != "的" else None
    return None
