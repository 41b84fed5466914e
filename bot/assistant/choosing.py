"""From hits to the clauses that the answer quotes: adjust, fold what says the same, cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.assistant.questions import Question, Wanted, holds_value
from bot.assistant.scope import Scope
from knowledge.clauses import ClauseKind, Hit
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
    if question.wants_survey:
        close = [hit for hit in bodies if hit.score >= bodies[0].score - SURVEY_CLOSE]
        return Choice(tuple(close[:SURVEY_MOST]), True)
    close = [hit for hit in bodies if hit.score >= bodies[0].score - CLOSE]
    return Choice(tuple(close[:MOST]), False)
