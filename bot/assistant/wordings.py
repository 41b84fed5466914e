"""Whether a text speaks of what a question names, in the same words or in others of one meaning.

Pairs of characters (`knowledge.reading.terms`) find clauses, but a pair that lies across two words of a question is in
no text, so that a clause seems to lack what it says. Here the question is cut into words, and a word that the text
lacks may be met by one that means the same: 「道歉」 by 「致歉」, not 「冰箱」 by 「洗衣机」.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from bot.assistant.questions import Question
from knowledge.embedding import Matrix
from knowledge.index import LiveIndex
from knowledge.reading import english_words, normalise, terms
from knowledge.statements.segments import FUNCTION_WORDS

Nearness = Callable[[Sequence[str], Sequence[str]], Matrix]
"""`Embedder.nearnesses`."""
_APART, _ALIKE = 0.5, 0.87
"""Nearness of two words up to which they mean different things, and from which they mean the same (bundled models:
「冰箱」 and 「洗衣机」 0.29, 「打扫」 and 「清洁」 0.65, 「工资」 and 「薪酬」 0.81, 「道歉」 and 「致歉」 0.98)."""
_SINGLE = 0.5
"""A word of one character beside a longer one."""
_RUN = re.compile(r"[a-z]+(?:'[a-z]+)?|[a-z]*\d+(?:[.:]\d+)*%?|[\u3400-\u9fff]+")
_COUNTED = re.compile(r"[几多]\S*")
# Words of asking and of everyday talk, which are in no rule.
_ASKING = frozenset(
    [
        "什么",
        "怎么",
        "怎样",
        "如何",
        "为什么",
        "多少",
        "多久",
        "多长",
        "多大",
        "多长时间",
        "什么时候",
        "时候",
        "谁",
        "哪",
        "哪个",
        "哪些",
        "哪里",
        "哪儿",
        "啥",
        "咋",
        "咋办",
        "怎么办",
        "干啥",
        "干嘛",
        "请问",
        "可以",
        "能",
        "能不能",
        "可不可以",
        "行",
        "行不行",
        "要",
        "要不要",
        "用不用",
        "会",
        "该",
        "应该",
        "得",
        "想",
        "有",
        "有没有",
        "没有",
        "是",
        "是否",
        "是不是",
        "需要",
        "必须",
        "最多",
        "最少",
        "至少",
        "我",
        "你",
        "他",
        "她",
        "它",
        "我们",
        "你们",
        "咱们",
        "他们",
        "的",
        "了",
        "吗",
        "呢",
        "啊",
        "呀",
        "么",
        "嘛",
        "吧",
        "在",
        "就",
        "都",
        "也",
        "还",
        "和",
        "与",
        "被",
        "把",
        "给",
        "让",
        "到",
        "去",
        "来",
        "说",
        "个",
        "次",
        "这",
        "那",
        "这个",
        "那个",
        "这种",
        "那种",
        "不",
        "没",
        "着",
        "过",
        "很",
        "太",
        "又",
        "再",
        "跟",
        "对",
        "一",
        "上",
        "下",
        "里",
        "后",
        "前",
        "时",
        "用",
        "从",
        "按",
        "比",
        "才",
        "只",
        "一下",
        "如果",
        "的话",
        "还是",
        "或者",
        "以及",
        "然后",
        "怎",
        "做",
        "办",
        "人",
        "事",
        "东西",
        "情况",
        "问题",
        "规定",
        "规则",
        "要求",
        "制度",
    ]
)


class Wording:
    """The content words of one question, weighed by their rarity, and how well texts meet them."""

    def __init__(self, text: str, index: LiveIndex, nearness: Nearness) -> None:
        """Read `text`, whose words weigh by their rarity in `index`."""
        rarest = index.body.unseen_idf()
        self._nearness = nearness
        self._near: dict[str, Matrix] = {}
        self._known: dict[str, dict[str, float]] = {}
        self._weights: dict[str, float] = {}
        self._things = things(text)
        for word in content_words(text):
            known = [index.body.rarity(term) for term in terms(word) if len(term) > 1 or len(word) == 1]
            single = _SINGLE if len(word) == 1 and word >= "\u3400" else 1.0
            self._weights[word] = single * (max(known, default=rarest) + rarest) / 2 / rarest

    def share(self, text: str) -> float:
        """Share (0..1) of the question's words that a text meets."""
        met, total = self.met(text), sum(self._weights.values())
        return sum(self._weights[word] * share for word, share in met.items()) / total if total else 0.0

    def thing_missing(self, text: str) -> float:
        """How much the least met of the things that the question names is missing in a text: 0, all are there, up to
        1, one is not that no clause speaks of."""
        met = self.met(text)
        return max((self._weights[word] * (1 - met[word]) for word in self._things & met.keys()), default=0.0)

    def shared(self, one: str, other: str) -> float:
        """Share (0..1) of what one text says of the question that another says too."""
        mine, theirs = self.met(one), self.met(other)
        said = sum(self._weights[word] * share for word, share in mine.items())
        both = sum(self._weights[word] * min(share, theirs[word]) for word, share in mine.items())
        return both / said if said else 0.0

    def met(self, text: str) -> dict[str, float]:
        """How well (0..1) a text meets each word of the question: said, or the nearest of its words."""
        if text not in self._known:
            self._known[text] = self._read(text)
        return self._known[text]

    def _read(self, text: str) -> dict[str, float]:
        reading = normalise(text)
        met = {word: float(word in reading) for word in self._weights}
        others = _words(reading) if not all(met.values()) else ()
        if others:
            self._compare(others)
            nearest = np.array([self._near[word] for word in others]).max(axis=0)
            for word, near in zip(met, nearest.tolist(), strict=True):
                met[word] = max(met[word], min(1.0, (near - _APART) / (_ALIKE - _APART)))
        return met

    def _compare(self, others: Sequence[str]) -> None:
        """Learn how near words are to those of the question, each once."""
        new = [word for word in others if word not in self._near]
        if new:
            self._near |= zip(new, self._nearness(tuple(self._weights), new).T, strict=True)


def wording_of(question: Question, index: LiveIndex, nearness: Nearness) -> Wording:
    """The words of a question as it is searched, slang and abbreviations spelled out."""
    return Wording(index.bridges.spelled_out(question.search_text), index, nearness)


def content_words(text: str) -> tuple[str, ...]:
    """The words of a question that carry its matter, in its order, each once.

    >>> content_words("换货的运费谁出?")
    ('换货', '运费', '出')
    """
    return tuple(
        word
        for word in _words(normalise(text))
        if word not in FUNCTION_WORDS and not _COUNTED.fullmatch(word)
    )


def things(text: str) -> frozenset[str]:
    """Those of them that name a thing: nouns of two characters or more, and what is written in Latin letters."""
    import rjieba

    named: set[str] = set()
    for run in _RUN.findall(normalise(text)):
        if run[0] >= "\u3400":
            named |= {word for word, kind in rjieba.tag(run) if len(word) > 1 and _is_noun(kind)}
        elif english_words(run):
            named.add(run)
    return frozenset(named)


def _is_noun(kind: str) -> bool:
    """Whether a part of speech (of jieba's dictionary) is that of a thing: a noun, a verb or adjective used as one, a
    name, an abbreviation, a word that tells kinds of things apart."""
    return kind[0] == "n" or kind in {"vn", "an", "eng", "l", "j", "i", "b", "s"}


@lru_cache(maxsize=4096)
def _words(reading: str) -> tuple[str, ...]:
    """The words of a normalised text but those of asking, each once."""
    import rjieba

    found: list[str] = []
    for run in _RUN.findall(reading):
        if run[0] >= "\u3400":
            found += rjieba.cut(run)
        elif run[0].isdigit() or english_words(run) or any(c.isdigit() for c in run):
            found.append(run)
    return tuple(dict.fromkeys(word for word in found if word not in _ASKING))
