"""Whether two questions that the manuals do not answer are about one matter: what gaps are grouped by.

Two questions are one matter when they mean nearly the same as a whole **and** what each says beyond the other
means nearly the same too. The second half is what keeps 「耳机坏了找谁换」 and 「键盘坏了找谁换」 apart, whose
vectors are as close as those of two wordings of one question. Deterministic: same questions, same groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.assistant.answers import Answer, Outcome, Turn
from bot.assistant.questions import content_terms, depends, language_of, understand
from knowledge.embedding import Matrix
from knowledge.reading import normalise
from knowledge.statements.concepts import concepts
from knowledge.statements.segments import FUNCTION_WORDS, content_words, stem
from knowledge.statements.topics import other_case

WHOLE = 0.87
"""Least cosine between two questions; different matters stay below 0.85 unless only a word was exchanged."""
REST = 0.57
"""Least nearness between what each of the two says beyond the other."""
CLOSE, CLOSE_REST = 0.96, 0.3
"""From this cosine on, the words that differ may be this far apart."""
BROADER = 0.90
"""Least cosine when only one of the two says something beyond the other: it may be a condition."""

_TURNS, _TURN = 4, 600
"""How many turns of a thread are kept for a follow-up, and how many characters of each."""
_HAN = re.compile(r"[\u3400-\u9fff]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Words of asking and of everyday action: exchanged for each other they leave the matter what it is.
_ASKING = frozenset(
    re.findall(
        r"\w+",
        "怎么 怎样 如何 什么 哪里 哪儿 谁 多少 几 能 能否 可否 可以 是否 允许 要 想 想要 请 请问 需要 应该 该 找 联系 通知 "
        "办 办理 操作 处理 弄 去 有 有没有 进 进去 来 休 请 标准 报销 是不是 能不能 可不可以 要不要 我 我们 咱们 你们 自己 一下 的话 时候 吗 呢 啊 呀 "
        "ok okay allow allowed possible much many way process find go want like people person somebody anyone "
        "bring percentage amount",
    )
)
# Each of a pair asks the opposite of the other, in vectors that hardly differ.
_OPPOSITES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        ("上班", "下班"), ("开始|开门", "结束|关门"), ("开通|启用", "关闭|取消|注销|停用"), ("增加|提高", "减少|降低"),
        ("入职", "离职"), ("借", "还"), (r"\b(?:start|open)", r"\b(?:end|clos|finish)"), (r"\bjoin", r"\b(?:leav|quit)"),
        (r"\bbefore\b", r"\bafter\b"), ("之前|以前", "之后|以后"),
    )
)  # fmt: skip
_PREFIX = re.compile(r"^[能可]+(?=[\u3400-\u9fff])")


@dataclass(frozen=True, slots=True)
class Matter:
    """A question as it is compared with others. `vector` is `Embedder.query` of its text."""

    text: str
    vector: Matrix


def shows_gap(answer: Answer) -> bool:
    """Whether an answer shows that the manuals lack something: not found, though there were manuals, the input
    was a question, and it was about the rules of today."""
    known = {"unusable", "manuals", "held_as_of", "as_of"}
    return answer.outcome is Outcome.NOT_FOUND and known.isdisjoint(answer.details)


def context_of(
    text: str, history: Sequence[Turn], follows: bool | None = None
) -> tuple[tuple[str, str], ...]:
    """The last turns of the thread, as (role, text), when a question cannot be understood without them.

    `follows`: whether it was answered as a follow-up; None: as its words alone tell.
    """
    if not history or not (depends(text) if follows is None else follows):
        return ()
    return tuple((turn.role, turn.text[:_TURN]) for turn in history[-_TURNS:])


def in_full(text: str, context: Sequence[tuple[str, str]]) -> str:
    """What a question asks, with what it follows up."""
    return understand(text, turns_of(context), follows=True).search_text if context else text


def turns_of(context: Sequence[tuple[str, str]]) -> list[Turn]:
    """Turns out of what `context_of` gave."""
    return [Turn("assistant" if role == "assistant" else "user", said) for role, said in context]


def likeness(one: Matter, other: Matter, nearness: Callable[[str, str], float]) -> float | None:
    """The cosine of two questions that are about one matter; None when they are about two.

    `nearness` is `Embedder.nearness`. Questions in two languages are two matters: a word that was exchanged
    cannot be seen across languages.
    """
    whole = float(one.vector @ other.vector)
    if whole < WHOLE or language_of(one.text) != language_of(other.text):
        return None
    mine, theirs = normalise(one.text), normalise(other.text)
    if other_case(mine, theirs) or _other_number(mine, theirs) or _opposite(mine, theirs):
        return None
    beyond, missing = _beyond(mine, theirs), _beyond(theirs, mine)
    if beyond and missing:
        least = CLOSE_REST if whole >= CLOSE else REST
        return whole if nearness(" ".join(beyond), " ".join(missing)) >= least else None
    return whole if not (beyond or missing) or whole >= BROADER else None


def nearest(
    matter: Matter, groups: Iterable[tuple[int, Matter]], nearness: Callable[[str, str], float]
) -> int | None:
    """The group that a question belongs to: the one with the nearest question of the same matter, the oldest of
    equals; None when it founds one. `groups`: (group, one of its questions)."""
    best: tuple[float, int] | None = None
    for group, known in groups:
        if best is not None and float(matter.vector @ known.vector) < best[0]:
            continue
        found = likeness(matter, known, nearness)
        if found is not None and (best is None or (found, -group) > (best[0], -best[1])):
            best = found, group
    return best[1] if best else None


def _other_number(one: str, other: str) -> bool:
    mine, theirs = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return bool(mine and theirs) and mine != theirs


def _opposite(one: str, other: str) -> bool:
    for left, right in _OPPOSITES:
        mine, theirs = (bool(left.search(text)) - bool(right.search(text)) for text in (one, other))
        if mine * theirs < 0:
            return True
    return False


def _beyond(one: str, other: str) -> list[str]:
    """Words of one question that carry its matter and that the other does not have."""
    known = _words(other)
    stems, meant = {stem(word) for word in known if word.isascii()}, {_meaning(word) for word in known}
    return [
        word
        for word in _words(one)
        if not (stem(word) in stems if word.isascii() else word in other)
        and (_meaning(word) not in meant or not _meaning(word))
    ]


def _meaning(word: str) -> frozenset[int]:
    """The concepts that a word names, the same for its synonyms; none for most words."""
    found = concepts(word)
    return found.strict | found.soft


def _words(text: str) -> list[str]:
    import rjieba

    found: list[str] = []
    for run in _HAN.findall(text):
        for word in rjieba.cut(run):
            bare = _PREFIX.sub("", word) or word
            if bare not in _ASKING and bare not in FUNCTION_WORDS and content_terms(f"{bare}{bare}"):
                found.append(bare)
    found += [word for word in content_words(text) if word not in _ASKING]
    return list(dict.fromkeys(found))
