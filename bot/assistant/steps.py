"""What belongs together in its order: the items below an introduction, the items of one heading, the steps of one
clause. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.assistant.questions import Question, content_terms
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.reading import terms
from knowledge.statements.modes import modes
from knowledge.statements.quantities import folded

_BUDGET = 520
"""Characters of a list of clauses together."""
_FOUND = 12
"""Best hits among which the items of a list that is asked for are."""
_MOSTLY = 0.5
_ITEM = 32
"""Characters: items this short on average are lines of one list, of little use alone."""
_INTRODUCES = re.compile(
    r"(?:[:：]|(?:如下|以下|下列)[^。；;]{0,6}[:：。.]?|\b(?:as follows|the following)\s*[:.]?)\s*$"
)
_STEP = re.compile(r"(?<=[;；])\s*")
_MARK = re.compile(r"^\s*(?:[-*•·]|[((]?(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,2})[)).、。]|[①-⑳])\s*")


def introduces(clause: Clause) -> bool:
    """Whether a clause only opens a list (「具体要求如下:」): what it announces stands below it."""
    return bool(_INTRODUCES.search(clause.text.strip()))


def below(lead: Clause, edition: Sequence[Clause]) -> tuple[Clause, ...]:
    """The clauses that an introduction announces, itself first; only itself when nothing follows."""
    taken = [lead]
    depth = len(lead.heading_path)
    for clause in edition:
        if clause.ordinal <= lead.ordinal:
            continue
        own = clause.heading_path[:depth] == lead.heading_path
        if not own or clause.kind is ClauseKind.HEADING or introduces(clause):
            break
        if sum(len(c.text) for c in taken) + len(clause.text) > _BUDGET:
            break
        taken.append(clause)
    return tuple(taken)


def siblings(
    lead: Clause, edition: Sequence[Clause], ranked: Sequence[Hit], question: Question
) -> tuple[Clause, ...]:
    """The lead and its neighbours under one heading, in their order, when it is the list that the question asks for:
    the heading names the matter, or the search found most of it, or its items are mere lines. Else the lead alone.
    """
    family = [c for c in edition if c.heading_path == lead.heading_path and c.kind is not ClauseKind.HEADING]
    if len(family) < 2 or not lead.heading_path:
        return (lead,)
    found = {hit.clause.id: rank for rank, hit in enumerate(ranked[:_FOUND])}
    if not _is_asked(lead, family, found, question):
        return (lead,)
    family.sort(key=lambda c: (c.id != lead.id, found.get(c.id, 99), abs(c.ordinal - lead.ordinal)))
    taken: list[Clause] = []
    for clause in family:
        if taken and sum(len(c.text) for c in taken) + len(clause.text) > _BUDGET:
            continue
        taken.append(clause)
    return tuple(sorted(taken, key=lambda c: c.ordinal))


def _is_asked(lead: Clause, family: Sequence[Clause], found: dict[int, int], question: Question) -> bool:
    if sum(c.id in found for c in family) >= max(2, _MOSTLY * len(family)):
        return True
    heading = [term for term in content_terms(lead.heading_path[-1]) if len(term) > 1]
    asked = set(terms(question.search_text))
    if heading and sum(term in asked for term in heading) >= _MOSTLY * len(heading):
        return True
    return sum(len(c.text) for c in family) <= _ITEM * len(family) and len(lead.text) <= 2 * _ITEM


def case_with_rules(lead: Clause, edition: Sequence[Clause]) -> tuple[Clause, ...]:
    """A case that a list only names (「下列情况应报告:……重大差错;」) with the rules below it that say how such cases
    are dealt with; the lead alone when it is a rule itself or none follows."""
    above = lead.heading_path[-1] if lead.heading_path else ""
    if not _INTRODUCES.search(above.strip()) or _is_rule(lead):
        return (lead,)
    taken = [lead]
    for clause in edition:
        if clause.ordinal <= lead.ordinal or clause.heading_path != lead.heading_path:
            continue
        if _is_rule(clause) and sum(len(c.text) for c in taken) + len(clause.text) <= _BUDGET:
            taken.append(clause)
    return tuple(taken)


def _is_rule(clause: Clause) -> bool:
    """Whether a clause is a sentence that rules, not an item that a list goes on from."""
    return clause.text.rstrip().endswith(("。", ".", "!", "！")) and bool(modes(folded(clause.text)))


def lines(text: str) -> list[str]:
    """The steps that one clause strings together, verbatim and in their order; none when it is not such a string.

    >>> lines("分三步:听完;复述;登记。")
    ['分三步:', '听完;', '复述;', '登记。']
    """
    if "\n" in text:
        return [line for line in map(str.strip, text.split("\n")) if line]
    opening, mark, rest = _opened(text)
    steps = [step for step in _STEP.split(rest) if step.strip()]
    return [*([opening + mark] if opening else []), *steps] if mark and len(steps) >= 3 else []


def _opened(text: str) -> tuple[str, str, str]:
    """A text at its first colon, when that stands early enough to open a list."""
    found = re.search(r"[:：]", text)
    if found is None or found.start() > 60:
        return "", "", text
    return text[: found.start()], found[0], text[found.end() :]


def is_marked(line: str) -> bool:
    """Whether a line carries its own number or bullet."""
    return bool(_MARK.match(line))
