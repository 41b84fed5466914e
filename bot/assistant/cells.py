"""The source cut finer than its sentences: one rule a cell, so that two rules of a sentence are told apart.

"Calls are answered within 25 seconds and chats within 40 seconds" are two cells: the numbers of one do not belong to
the words of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from bot.assistant.passages import Support
from knowledge.statements.content import soft, words
from knowledge.statements.quantities import Quantity, quantities, supported
from knowledge.statements.segments import Segment, segments

_AND = re.compile(r"\s+and\s+|以及|并且?(?=[^,;]*\d)|,")
_TIME = frozenset({"second", "minute", "day", "workday", "week", "month", "year", "day after"})
_JOINED = re.compile(r"^\s*(?:至|到|~|-|and|to|until)\s*$")
_FURTHER = re.compile(
    r"\b(?:further|additional|later|subsequent|extra|other|remaining)\b|其余|其他|超出|以后每|之后每|另外|再次|再犯"
)
_AHEAD = re.compile(r"(?:提前|事先|预先)\s*$")
_AFTERWARDS = re.compile(r"^\s*(?:之后|以后|后)")


@lru_cache(maxsize=1024)
def cells(segment: Segment) -> tuple[Segment, ...]:
    """A statement, cut where two numbers of one kind are joined by "and"; else as it is."""
    parts = [part for part in _AND.split(segment.text) if part.strip()]
    read = [Segment(part.strip(), quantities(part.strip()), segment.sentence) for part in parts]
    counted = [part for part in read if part.quantities]
    if len(counted) < 2 or len(counted) < len(read):
        return (segment,)
    kinds = [{_kind(q) for q in part.quantities} for part in counted]
    if not all(a & b for a, b in pairwise(kinds)) or _is_range(segment):
        return (segment,)
    return tuple(read)


def misplaced(text: str, source: Support) -> bool:
    """Whether a number of the sentence stands in another cell of the source than the words around it."""
    found = [cell for segment in source.segments for cell in cells(segment)]
    return any(
        _elsewhere(part, found) or _without_its_rest(part, found, text) or _afterwards(part, found)
        for part in segments(text)
    ) or _turned_range(text, source)


def _kind(quantity: Quantity) -> str:
    return "time" if quantity.unit in _TIME else quantity.unit


def _is_range(segment: Segment) -> bool:
    return any(
        a.unit == b.unit and _JOINED.match(segment.text[a.end : b.start])
        for a, b in pairwise(segment.quantities)
    )


def _elsewhere(part: Segment, found: Sequence[Segment]) -> bool:
    own = words(part.text) | soft(part.text)
    shared = [(len(own & (words(cell.text, True) | soft(cell.text))), cell) for cell in found]
    for quantity in part.quantities:
        holders = [(n, cell) for n, cell in shared if supported(quantity, cell.quantities)]
        rivals = [
            (n, cell)
            for n, cell in shared
            if not supported(quantity, cell.quantities)
            and _kind(quantity) in {_kind(other) for other in cell.quantities}
        ]
        if not holders or not rivals:
            continue
        held, best = max(n for n, _ in holders), max(n for n, _ in rivals)
        if best >= 2 and held <= 0.5 * best:
            return True
        if best >= held and best >= 2 and _lost(own, holders, rivals, held, best):
            return True
    return False


def _lost(
    own: frozenset[str],
    holders: Sequence[tuple[int, Segment]],
    rivals: Sequence[tuple[int, Segment]],
    held: int,
    best: int,
) -> bool:
    """Whether what tells the two apart speaks for the rival: a word of its own in the sentence, none of the holder's."""
    for n, rival in rivals:
        if n < best:
            continue
        theirs = words(rival.text, True)
        if all(
            own & (theirs - words(holder.text, True)) and not own & (words(holder.text, True) - theirs)
            for m, holder in holders
            if m == held
        ):
            return True
    return False


def _without_its_rest(part: Segment, found: Sequence[Segment], whole: str) -> bool:
    """A number that the source gives to each *further* case, said of the case itself."""
    if _FURTHER.search(whole.lower()):
        return False
    for quantity in part.quantities:
        holders = [cell for cell in found if supported(quantity, cell.quantities)]
        if holders and all(_FURTHER.search(cell.text) for cell in holders):
            return True
    return False


def _afterwards(part: Segment, found: Sequence[Segment]) -> bool:
    """「48小时之后」 where the source wants it 48 hours ahead."""
    for quantity in part.quantities:
        if not _AFTERWARDS.match(part.text[quantity.end :]):
            continue
        sides = [
            bool(_AHEAD.search(cell.text[: other.start]))
            for cell in found
            for other in cell.quantities
            if supported(quantity, (other,))
        ]
        if sides and all(sides):
            return True
    return False


def _turned_range(text: str, source: Support) -> bool:
    """ "between 5:00 and 23:00" where the source has 23:00 to 5:00."""
    there = [pair for segment in source.segments for pair in _ranges(segment)]
    for a, b in (pair for part in segments(text) for pair in _ranges(part)):
        straight = any(supported(a, (c,)) and supported(b, (d,)) for c, d in there)
        if not straight and any(supported(a, (d,)) and supported(b, (c,)) for c, d in there):
            return True
    return False


def _ranges(segment: Segment) -> list[tuple[Quantity, Quantity]]:
    return [
        (a, b)
        for a, b in pairwise(segment.quantities)
        if a.unit == b.unit and _JOINED.match(segment.text[a.end : b.start])
    ]
