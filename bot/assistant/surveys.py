"""A survey of one matter over several manuals: the best clause for every facet and every manual, none twice.

Maximal marginal relevance: each next clause is the one that fits best after what its manual, its facet and its
words have had already. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.choosing import fold
from bot.assistant.evidence import Evidence
from bot.assistant.steps import introduces
from knowledge.clauses import ClauseKind, Hit
from knowledge.reading import terms

MOST = 16
_SAYS = 3.0
"""Worth of saying all that its search is about in one place of the clause."""
_FITS = 3.0
"""Worth of fitting its search as well as the best clause."""
_LEAST_SAID = 0.4
"""Share of its search that the most telling clause is taken to say at least; the others are measured by it."""
_BARE, _FITTING = 0.34, 0.5
"""Shares: who says less than the one and fits less than the other is of another matter."""
_MANUAL = 1.6
"""Taken off for each clause that its manual has already."""
_FACET = 0.5
_WORDS = 1.5
"""Taken off in the measure in which its words are those of one taken before, 0..1."""
_INTRODUCTION = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """One search of the survey: the whole question, or one facet of it, with its adjusted hits, best first."""

    label: str
    hits: tuple[Hit, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Entry:
    hit: Hit
    worth: float
    facet: int
    words: frozenset[str]


def surveyed(searches: Sequence[Found]) -> list[Hit]:
    """The hits to quote, most telling first; `searches` begins with the whole question's."""
    pool = _pool(searches)
    taken: list[_Entry] = []
    while pool and len(taken) < MOST:
        best = max(pool, key=lambda entry: _worth(entry, taken, faceted=len(searches) > 1))
        taken.append(best)
        pool.remove(best)
    return [entry.hit for entry in taken]


def _worth(entry: _Entry, taken: Sequence[_Entry], *, faceted: bool) -> float:
    alike = max((_jaccard(entry.words, other.words) for other in taken), default=0.0)
    had = sum(other.hit.clause.manual_id == entry.hit.clause.manual_id for other in taken)
    same = sum(other.facet == entry.facet for other in taken) if faceted else 0
    return entry.worth - _MANUAL * had - _FACET * min(same, 3) - _WORDS * alike


def _pool(searches: Sequence[Found]) -> list[_Entry]:
    """Each clause with what it is worth in the search that it fits best."""
    pool: dict[int, _Entry] = {}
    for number, search in enumerate(searches):
        bodies = fold([hit for hit in search.hits if hit.clause.kind is not ClauseKind.HEADING])
        shares = [search.evidence.of(hit.clause) for hit in bodies]
        most = max(_LEAST_SAID, *shares) if shares else 1.0
        for hit, share in zip(bodies, shares, strict=True):
            fits = hit.score / bodies[0].score if bodies[0].score > 0 else 0.0
            says = share / most
            if says < _BARE and fits < _FITTING:
                continue
            worth = _SAYS * says + _FITS * fits - _INTRODUCTION * introduces(hit.clause)
            known = pool.get(hit.clause.id)
            if known is None or worth > known.worth:
                words = frozenset(term for term in terms(hit.clause.text) if len(term) > 1)
                pool[hit.clause.id] = _Entry(hit, worth, number, words)
    return list(pool.values())


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def by_manual(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Hits grouped by manual: manuals in the order in which they first come, clauses in the manual's own order."""
    groups: dict[int, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.clause.manual_id, []).append(hit)
    return [sorted(group, key=lambda hit: hit.clause.ordinal) for group in groups.values()]
