"""From hits to the clauses that the answer quotes: adjust, fold what says the same, cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.assistant.questions import Question, Wanted, holds_value
from bot.assistant.scope import Scope
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.reading import terms

SCOPE_BONUS = 2.0
VALUE_BONUS = 0.5
SCRIPT_BONUS = 0.6
"""Bonuses are in standard deviations of the mixed score, as `Hit.score` is."""
CLOSE = 1.3
"""A clause this much below the best still belongs into an answer."""
SURVEY_CLOSE = 2.6
MOST = 4
SURVEY_MOST = 9
_SAME = 0.75


@dataclass(frozen=True, slots=True)
class Choice:
    """What an answer will quote, best first."""

    hits: tuple[Hit, ...]
    is_survey: bool
    family: tuple[Clause, ...] = ()
    """For a list question: the lead and its neighbours under one heading, in their order."""

    @property
    def manuals(self) -> int:
        """How many manuals the chosen clauses come from."""
        return len({hit.clause.manual_id for hit in self.hits})


def adjust(hits: Sequence[Hit], question: Question, scope: Scope) -> list[Hit]:
    """Hits with what the question tells beyond its words added to their scores, best first."""
    adjusted = []
    for hit in hits:
        bonus = SCOPE_BONUS if hit.clause.manual_id in scope else 0.0
        if question.wanted is not Wanted.ANY and holds_value(question.wanted, hit.clause.text):
            bonus += VALUE_BONUS
        if question.wants_script and hit.clause.kind is ClauseKind.SCRIPT:
            bonus += SCRIPT_BONUS
        adjusted.append(replace(hit, score=hit.score + bonus))
    return sorted(adjusted, key=lambda hit: -hit.score)


def _pairs(hit: Hit) -> set[str]:
    return {term for term in terms(hit.clause.search_text) if len(term) > 1}


def fold(hits: Sequence[Hit]) -> list[Hit]:
    """Hits without those of one manual, or word-for-word copies of another, that repeat an earlier one."""
    kept: list[tuple[Hit, set[str]]] = []
    for hit in hits:
        pairs = _pairs(hit)
        if not any(pairs and len(pairs & other) / len(pairs | other) > _SAME for _, other in kept):
            kept.append((hit, pairs))
    return [hit for hit, _ in kept]


def choose(hits: Sequence[Hit], question: Question, scope: Scope) -> Choice:
    """The clauses to quote. `hits` are adjusted; bodies only: a bare heading proves nothing but its own gap."""
    bodies = fold([hit for hit in hits if hit.clause.kind is not ClauseKind.HEADING])
    if scope.is_exact:
        bodies = [hit for hit in bodies if hit.clause.manual_id in scope] or bodies
    if not bodies:
        return Choice((), question.wants_survey)
    limit = bodies[0].score - (SURVEY_CLOSE if question.wants_survey else CLOSE)
    most, of_one = (SURVEY_MOST, 2) if question.wants_survey else (MOST, 2)
    chosen: list[Hit] = []
    for hit in bodies:
        from_manual = [kept for kept in chosen if kept.clause.manual_id == hit.clause.manual_id]
        # Two manuals of one name are both asked for: each says its own.
        namesake = scope.is_exact and hit.clause.manual_id in scope and not from_manual
        if (hit.score >= limit or namesake) and len(from_manual) < of_one and len(chosen) < most:
            chosen.append(hit)
    return Choice(tuple(chosen), question.wants_survey)


_LIST_BUDGET = 520


def siblings(lead: Hit, edition: Sequence[Clause], ranked: Sequence[Hit]) -> tuple[Clause, ...]:
    """The lead's neighbours under one heading, in their order, the lead included: what a list question asks for.

    All of them when they are short; else those that the search found too, then the nearest, while there is room.
    """
    family = [c for c in edition if c.heading_path == lead.clause.heading_path and c.kind is not ClauseKind.HEADING]
    if len(family) < 2 or not lead.clause.heading_path:
        return (lead.clause,)
    found = {hit.clause.id: rank for rank, hit in enumerate(ranked[:12])}
    family.sort(key=lambda c: (c.id != lead.clause.id, found.get(c.id, 99), abs(c.ordinal - lead.clause.ordinal)))
    taken: list[Clause] = []
    for clause in family:
        if taken and sum(len(c.text) for c in taken) + len(clause.text) > _LIST_BUDGET:
            continue
        taken.append(clause)
    return tuple(sorted(taken, key=lambda c: c.ordinal))
