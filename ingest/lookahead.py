"""What the marks further down say about a mark: does its list go on, does its number come again on a line."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from ingest.enumerators import Mark, Strength, Style
from ingest.nodes import OpenList


class Lookahead:
    """The candidate marks of a text by style, for looking ahead of one of them."""

    def __init__(self, marks: Iterable[Mark]) -> None:
        """`marks` in order of position."""
        self._later: dict[Style, list[tuple[int, int, Strength]]] = defaultdict(list)
        for mark in marks:
            self._later[mark.style].append((mark.start, mark.number, mark.strength))

    def succeeds(self, mark: Mark) -> bool:
        """Whether a 2 follows before the list could start again."""
        later = self._later[mark.style]
        at = bisect_right(later, (mark.start, mark.number, Strength.LINE))
        for _, number, _ in later[at : at + 12]:
            if number in (1, 2):
                return number == 2
        return False

    def comes_on_a_line(self, mark: Mark, level: OpenList) -> bool:
        """Whether a list whose items begin lines has this number at the beginning of a line further down."""
        last = level.last.mark
        if mark.strength is Strength.LINE or last is None or last.strength is not Strength.LINE:
            return False
        later = self._later[mark.style]
        at = bisect_right(later, (mark.start, mark.number, Strength.LINE))
        for _, number, strength in later[at : at + 12]:
            if number == mark.number and strength is Strength.LINE:
                return True
            if number == 1:
                return False
        return False

    def repeats(self, mark: Mark) -> bool:
        """Whether the number of `mark` comes again before the next one does."""
        later = self._later[mark.style]
        at = bisect_right(later, (mark.start, mark.number, Strength.LINE))
        for _, number, _ in later[at : at + 12]:
            if number in (1, mark.number, mark.number + 1):
                return number == mark.number
        return False

    def goes_on(self, level: OpenList, mark: Mark) -> bool:
        """Whether a finer list continues after the list that `mark` begins, so that `mark` stands inside it."""
        if mark.number != 1 or level.depth is not None or mark.depth is not None:
            return False
        later = self._later[level.style]
        at = bisect_right(later, (mark.start, mark.number, Strength.LINE))
        return at < len(later) and later[at][1] == level.number + 1
