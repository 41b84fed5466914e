"""What a statement is about: its content words, synonyms made equal, and the marks that narrow its scope."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib import resources

from knowledge.statements.concepts import named_people, named_things
from knowledge.statements.quantities import quantities
from knowledge.statements.segments import FUNCTION_WORDS, content_words, stem

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


def _generic_words() -> Iterator[str]:
    text = resources.files("knowledge.statements").joinpath("generic_words.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            yield from line.split()


GENERIC = frozenset(_generic_words())
"""Words that stand in rules of every matter."""
MORNING, EVENING = "早班|白班", "晚班|夜班"
# Regular expressions; of each family, rules with different marks are about different cases.
_FAMILIES: dict[str, tuple[str, ...]] = {
    "leave": ("年假", "病假", "事假", "婚假", "产假", "丧假"),
    "shift": (MORNING, "中班", EVENING, "全天班"),
    "absence": ("迟到", "早退", "旷工"),
    "weight": ("一般|普通", "重要", "重大|涉及媒体|群体性"),
    "colour": ("红色", "橙色", "黄色", "蓝色"),
    "stage": ("新员工|试用期|实习", "老员工|正式员工"),
    "season": ("夏季", "冬季", "旺季", "淡季", "大促"),
    "day": ("工作日", "周末", "节假日"),
    "sale": ("售前", "售后"),
    "channel": ("线上|网上", "线下|门店"),
    "period": ("每[日天]", "每周", "每月", "每季", "每年"),
    "piece": ("整机", "部件|配件|压缩机|电机|主板|滤芯"),
    "time": ("首次", "再次"),
    "hour": ("夜间|深夜|夜里", "白天|日间"),
    "guest": ("贵宾|vip|钻石卡|金卡", "普通"),
    "rank": ("坐席", "[组班]长", "主管", "(?<!总)经理", "总经理", "工程师"),
}
_RESTRICTING = frozenset(
    re.findall(
        r"\w+",
        "非会员 会员日 大促 试用期 实习 重大 重要 旺季 夏季 冬季 特殊 紧急 保修期内 保修期外 高峰 双十一 老客户 老会员 老用户 老学员 新客户 贵宾 vip",
    )
)
"""A rule so marked is an exception to the same rule without the mark."""


# Cut out before the rest is cut into words, or 「年假须」 is read as 年 and 假须.
MODALS = re.compile(
    r"不得|不能|不准|不许|不可|必须|务必|应当|应该|应于|应在|须|应|需|可以|禁止|严禁|者|的|地|得|于|在|由|向|按|将|被|把|并|且|或|及|和|与"
)


@lru_cache(maxsize=8192)
def topic(text: str) -> frozenset[str]:
    """The content words of a folded text; a word that names a concept stands for all its synonyms
    (`#12`, or `~12` for a vague one)."""
    for quantity in quantities(text):
        end = quantity.end + (text[quantity.end : quantity.end + 1] in ("内", "外", "后", "前"))
        text = text[: quantity.start] + " " * (end - quantity.start) + text[end:]
    named = named_things(text)
    for start, end, _ in named_people(text):
        text = text[:start] + " " * (end - start) + text[end:]
    words = {word for word in cut(MODALS.sub(" ", text)) if len(word) > 1 and word not in named}
    words |= set(content_words(text))
    kept = {word for word in words if word not in GENERIC and word not in FUNCTION_WORDS}
    concepts = {concept for word, concept in named.items() if word not in GENERIC}
    return frozenset({stem(word) if word.isascii() else word for word in kept} | concepts)


def cut(text: str) -> list[str]:
    """The Chinese words of a text."""
    import rjieba

    return [word for run in _HAN_RUN.findall(text) for word in rjieba.cut(run)]


def other_case(one: str, other: str, but: Collection[str] = ()) -> bool:
    """Whether marks in two folded texts say that they are about different cases (年假 and 病假, 早班 and 晚班);
    `but`: families that say nothing here."""
    for name, family in _FAMILIES.items():
        mine, theirs = ({mark for mark in family if re.search(mark, text)} for text in (one, other))
        if name not in but and mine and theirs and not mine & theirs:
            return True
    return False


def is_exception(one: str, other: str) -> bool:
    """Whether only one of two folded texts is about a special case (会员, 试用期, 紧急)."""
    mine, theirs = ({mark for mark in _RESTRICTING if mark in text} for text in (one, other))
    return mine != theirs


def weight(words: frozenset[str]) -> float:
    """How much a set of topic words says: a vague concept half of a word."""
    return sum(0.5 if word.startswith("~") else 1.0 for word in words)
