"""On which page of its file each clause begins.

Clauses are found again by their letters in the written text, one after the other, so that repaired spaces and
joined lines don't matter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from ingest.cleaning import letters
from knowledge.clauses import ClauseDraft

_KEY = 40
"""So many letters of a clause are looked for; fewer when it has been shortened behind them."""
_SURE = 12
"""From so many letters on a find is believed wherever it lies; a shorter one only near the clause before."""
_NEAR = 400


def with_pages(
    clauses: Sequence[ClauseDraft], text: str, pages: Sequence[tuple[int, int]]
) -> tuple[ClauseDraft, ...]:
    """`clauses` with their pages. `text` is what they were cut from, `pages` the (offset, page) where pages begin,
    in order. A clause that is not found again keeps None."""
    if not pages:
        return tuple(clauses)
    starts: list[int] = []
    pieces: list[str] = []
    count = 0
    bounds = [offset for offset, _ in pages]
    for a, b in zip([0, *bounds], [*bounds, len(text)], strict=True):
        piece = letters(text[a:b])
        pieces.append(piece)
        count += len(piece)
        starts.append(count)
    whole = "".join(pieces)
    begins = starts[:-1]
    at = 0
    out = []
    for clause in clauses:
        found = _find(whole, clause.text, at)
        if found is None:
            out.append(clause)
            continue
        index = bisect_right(begins, found) - 1
        out.append(replace(clause, page=pages[index][1] if index >= 0 else None))
        at = max(at, found)
    return tuple(out)


def _find(whole: str, text: str, at: int) -> int | None:
    """Where in `whole` the letters of a clause begin: at or after `at`, or, when long, anywhere."""
    key = letters(text)[:_KEY]
    for wanted in (key, key[:_SURE]):
        if not wanted:
            return None
        sure = len(wanted) >= _SURE
        place = whole.find(wanted, at) if sure else whole.find(wanted, at, at + _NEAR)
        if place >= 0:
            return place
        if sure and (place := whole.find(wanted)) >= 0:
            return place
    return None
