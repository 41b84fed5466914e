"""Which clause of a new edition is which of the old one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from knowledge.clauses import Clause, ClauseDraft, text_key
from knowledge.reading import normalise

AnyClause = Clause | ClauseDraft
Pair = tuple[int, int]
"""Position of a clause in the old edition and in the new one."""

ALIKE = 0.5
"""Share of equal characters (2 × common subsequence / both lengths) from which two texts are one rule reworded."""
ALIKE_IN_PLACE = 0.35
"""The same for two that stand under one heading and label, or between the same neighbours."""
_PLACE_BONUS, _NEIGHBOURS_BONUS = 0.15, 0.1
_WHOLE_MATRIX = 4_000_000
"""Pairs up to which every rest is compared with every other; beyond, only with those around its place."""
_AROUND = 1000
_BLOCK = 500
_HEADING_MARK = re.compile(
    r"^[\s(【\[]*(?:第[零〇一二三四五六七八九十百\d]+[章节条款篇则部]分?|[零〇一二三四五六七八九十百]+(?=[、.)])|\d+(?:\.\d+)*(?=[\s、.)]))[\s、.):]*"
)


def heading_words(clause: AnyClause) -> tuple[str, ...]:
    """The headings above a clause without their marks: 「三、工作制度」 and 「四、工作制度」 are one."""
    return tuple(_HEADING_MARK.sub("", normalise(heading)) for heading in clause.heading_path)


def equal_pairs(old: Sequence[AnyClause], new: Sequence[AnyClause]) -> list[Pair]:
    """Clauses of one wording, in the order of the new edition. Of several alike, those of one place go together,
    the others in their order."""
    olds: defaultdict[str, list[int]] = defaultdict(list)
    news: defaultdict[str, list[int]] = defaultdict(list)
    for positions, clauses in ((olds, old), (news, new)):
        for position, clause in enumerate(clauses):
            positions[text_key(clause.text)].append(position)
    pairs: list[Pair] = []
    for key, come in news.items():
        left = list(olds.get(key, ()))
        waiting = []
        for j in come:
            place = (new[j].heading_path, new[j].label)
            same = next((i for i in left if (old[i].heading_path, old[i].label) == place), None)
            if same is None:
                waiting.append(j)
            else:
                left.remove(same)
                pairs.append((same, j))
        pairs += zip(left, waiting, strict=False)
    return sorted(pairs, key=lambda pair: pair[1])


def in_order(pairs: Sequence[Pair]) -> set[Pair]:
    """The most pairs whose old positions rise too: the clauses that stayed while others moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (i, _) in enumerate(pairs):
        length = bisect_left(tails, i)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(i)
            ends.append(number)
        else:
            tails[length], ends[length] = i, number
    kept: set[Pair] = set()
    number = ends[-1] if ends else -1
    while number >= 0:
        kept.add(pairs[number])
        number = before[number]
    return kept


def reworded_pairs(
    old: Sequence[AnyClause], new: Sequence[AnyClause], equal: Sequence[Pair], steady: set[Pair]
) -> list[Pair]:
    """Of the clauses without an equal, those that are one rule in other words; the most alike first."""
    done_old, done_new = {i for i, _ in equal}, {j for _, j in equal}
    rest_old = [i for i in range(len(old)) if i not in done_old]
    rest_new = [j for j in range(len(new)) if j not in done_new]
    if not rest_old or not rest_new:
        return []
    gaps_old = _gaps(rest_old, sorted(i for i, _ in steady))
    gaps_new = _gaps(rest_new, sorted(j for _, j in steady))
    places_old = [(heading_words(old[i]), old[i].label) for i in rest_old]
    places_new = [(heading_words(new[j]), new[j].label) for j in rest_new]
    scored = []
    for a, b, alike in _alike([_plain(old[i]) for i in rest_old], [_plain(new[j]) for j in rest_new]):
        in_place = places_old[a] == places_new[b] and bool(places_old[a][1])
        neighbours = gaps_old[a] == gaps_new[b]
        if alike >= (ALIKE_IN_PLACE if in_place or neighbours else ALIKE):
            score = alike + _PLACE_BONUS * in_place + _NEIGHBOURS_BONUS * neighbours
            scored.append((-score, abs(rest_old[a] - rest_new[b]), a, b))
    pairs: list[Pair] = []
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for _, _, a, b in sorted(scored):
        if a not in taken_old and b not in taken_new:
            taken_old.add(a)
            taken_new.add(b)
            pairs.append((rest_old[a], rest_new[b]))
    return pairs


def _plain(clause: AnyClause) -> str:
    return normalise(clause.text).replace(" ", "")


def _gaps(rest: Sequence[int], anchors: Sequence[int]) -> list[int]:
    """Between which anchors each position lies."""
    return [bisect_left(anchors, position) for position in rest]


def _alike(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """(position in old, position in new, likeness 0..1) of all that are alike at all."""
    import numpy as np
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    whole = len(old) * len(new) <= _WHOLE_MATRIX
    for start in range(0, len(old), _BLOCK):
        block = old[start : start + _BLOCK]
        middle = (start + len(block) // 2) * len(new) // len(old)
        first = 0 if whole else max(0, middle - _AROUND)
        others = new if whole else new[first : middle + _AROUND]
        scores = cdist(
            block, others, scorer=Indel.normalized_similarity, score_cutoff=ALIKE_IN_PLACE, dtype=np.float32
        )
        for a, b in zip(*np.nonzero(scores), strict=True):
            yield start + int(a), first + int(b), float(scores[a, b])
