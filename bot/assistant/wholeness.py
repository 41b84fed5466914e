"""Whether a statement is one rule of the source, or patched together from pieces of several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bot.assistant.passages import Support, spelled_out, support
from knowledge.clauses import Clause
from knowledge.statements.content import actors, roles, words
from knowledge.statements.quantities import folded, supported
from knowledge.statements.segments import Segment, is_chinese, segments, statements

_CASE = re.compile(
    r"(?:的|时|者|后|的话)$|^(?:如果|若|如|凡|一旦|当)|^(?:if|when|whenever|for|anyone who|those who)\b"
)
# A half-sentence that needs the one before it; 「;」 separates rules otherwise.
_LEANING = re.compile(r";\s*(?=[^;.]*\b(?:it|they|them|this|these|those|such)\b)")
# Too common to tell one rule from another.
_COMMON = frozenset(re.findall(r"\w+", "客户 客服 员工 人员 工作 时间 需要 规定 情况 顾客 用户"))


def patched(text: str, source: Support) -> bool:
    """Whether a sentence joins what the source keeps apart."""
    parts = segments(text)
    if _unconditioned(parts, source) or _from_several(parts, source):
        return True
    if not (source.chinese if is_chinese(text) else source.english):
        return False  # across languages too few words can be matched
    return any(_scattered(rule, source) for rule in _rules(parts))


def _from_several(parts: Sequence[Segment], source: Support) -> bool:
    """Numbers and people of one sentence that no single clause has together."""
    if len(source.clauses) < 2:
        return False
    for sentence in {part.sentence for part in parts}:
        said = [part for part in parts if part.sentence == sentence]
        counted = [q for part in said for q in part.quantities]
        people = frozenset[str]().union(*(roles(part.text) | actors(part.text) for part in said))
        if len(counted) + len(people) > 1 and not any(
            all(supported(q, own.quantities) for q in counted) and people & known <= known_here
            for own, known_here, known in _separately(source)
        ):
            return True
    return False


def _separately(source: Support) -> list[tuple[Support, frozenset[str], frozenset[str]]]:
    """Each clause alone, with its people, and the people of all."""
    alone = [support([clause]) for clause in source.clauses]
    people = [roles(each.text) | actors(each.text) for each in alone]
    known = frozenset[str]().union(*people)
    return [(each, here, known) for each, here in zip(alone, people, strict=True)]


def _rules(parts: Sequence[Segment]) -> list[str]:
    """The statements of a sentence, a case (「……的,」, "if …,") together with its outcome."""
    rules: list[str] = []
    for n, part in enumerate(parts):
        joined = n > 0 and parts[n - 1].sentence == part.sentence and _CASE.search(parts[n - 1].text)
        if joined:
            rules[-1] += f", {part.text}"
        else:
            rules.append(part.text)
    return rules


def _scattered(text: str, source: Support) -> bool:
    """Whether the words of a rule come from several sentences of the source, none of which has them all.

    The clause's topic (its headings, its first statement) may stand with any of its sentences.
    """
    own = {word for word in words(text) if not word.startswith("#")} | actors(text) | roles(text)
    parts = [part for clause in source.clauses for part in _parts(clause, is_chinese(text))]
    known = set[str]().union(*(part for part, _ in parts))
    matched = (own & known) - _COMMON
    # A topic stands with the sentences of its own clause only.
    return bool(matched) and not any(matched - topic <= part for part, topic in parts)


@lru_cache(maxsize=1024)
def _parts(clause: Clause, chinese: bool) -> list[tuple[set[str], set[str]]]:
    """The words of each statement of a clause, with those of the topic that they stand under."""
    first = segments(clause.text)
    topic = set(words(folded(" ".join((*clause.heading_path, clause.manual))), True))
    if first and (chinese or len(statements(clause.text)) == 1):
        topic |= words(first[0].text, True)
    wholes = [each.text for each in statements(spelled_out(clause.text))]
    if not chinese:
        body = _LEANING.sub(", ", folded(clause.text))
        wholes += re.split(r"(?<=[.!?;])\s+", body)
    return [(set(words(each, True)) | actors(each) | roles(each), topic) for each in wholes]


def _unconditioned(parts: Sequence[Segment], source: Support) -> bool:
    """A case and a number that the source does not join: the case of one rule, the consequence of another."""
    for case, outcome in pairwise(parts):
        if case.sentence != outcome.sentence or not _CASE.search(case.text):
            continue
        known = {
            word for word in words(case.text) if any(word in words(s.text, True) for s in source.statements)
        }
        for quantity in outcome.quantities:
            holders = [s for s in source.statements if supported(quantity, s.quantities)]
            if case.quantities and any(
                all(supported(q, s.quantities) for q in case.quantities) for s in holders
            ):
                continue  # 「第二次……的」: the list names its matter once, at its head
            if (
                holders
                and known
                and not any(2 * len(known & words(s.text, True)) >= len(known) for s in holders)
            ):
                return True
    return False
