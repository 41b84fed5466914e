"""A survey of one matter over several manuals: the best clause for every facet and every manual, none twice.

Maximal marginal relevance: each next clause is the one that fits best after what its manual, its facet and its
words have had already. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.choosing import fold
from knowledge.clauses import ClauseKind, Hit
from knowledge.reading import terms

MOST = 14
WINDOW = 3.2
"""Standard deviations below the best hit of its own search within which a clause belongs to the matter."""
_MANUAL = 0.9
"""Taken off for each clause that its manual has already."""
_FACET = 0.7
_WORDS = 1.2
"""Taken off in the measure in which its words are those of one taken before, 0..1."""
_INTRODUCTION = 0.8


@dataclass(frozen=True, slots=True)
class Found:
    """One search of the survey: the whole question, or one facet of it, with its adjusted hits, best first."""

    label: str
    hits: tuple[Hit, ...]


def surveyed(searches: Sequence[Found]) -> list[Hit]:
    """The hits to quote, most telling first; `searches` begins with the whole question's."""
    pool = _pool(searches)
    if not pool:
        return []
    words = {i: {term for term in terms(hit.clause.text) if len(term) > 1} for i, (hit, _, _) in pool.items()}
    taken: list[int] = []
    while len(taken) < min(MOST, len(pool)):

        def worth(i: int) -> float:
            hit, gap, facet = pool[i]
            alike = max((_jaccard(words[i], words[j]) for j in taken), default=0.0)
            had = sum(pool[j][0].clause.manual_id == hit.clause.manual_id for j in taken)
            same = sum(pool[j][2] == facet for j in taken) if len(searches) > 1 else 0
            return -gap - _MANUAL * had - _FACET * min(same, 3) - _WORDS * alike

        best = max((i for i in pool if i not in taken), key=worth)
        if worth(best) < -WINDOW - _MANUAL:
            break
        taken.append(best)
    return [pool[i][0] for i in taken]


def _pool(searches: Sequence[Found]) -> dict[int, tuple[Hit, float, int]]:
    """Clause id -> its hit, how far it lies below the best of the search it fits best, and which search that is."""
    pool: dict[int, tuple[Hit, float, int]] = {}
    for number, search in enumerate(searches):
        bodies = fold([hit for hit in search.hits if hit.clause.kind is not ClauseKind.HEADING])
        for hit in bodies:
            gap = bodies[0].score - hit.score + _INTRODUCTION * hit.clause.text.rstrip().endswith((":", "："))
            known = pool.get(hit.clause.id)
            if gap <= WINDOW and (known is None or gap < known[1]):
                pool[hit.clause.id] = (hit, gap, number)
    return pool


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def by_manual(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Hits grouped by manual: manuals in the order in which they first come, clauses in the manual's own order."""
    groups: dict[int, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.clause.manual_id, []).append(hit)
    return [sorted(group, key=lambda hit: hit.clause.ordinal) for group in groups.values()]
