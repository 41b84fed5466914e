"""The reading order of a page: columns one after the other, tables and wide lines in their place.

A page is divided where an empty strip separates lines of prose on its left and right; lines that cross the strip
(headings, wide tables) divide the columns into bands, each read from its left column to its right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeAlias

from ingest.paged.page_runs import rows
from ingest.paged.page_tables import aligned_tables
from ingest.paged.pages import Box, Grid, Line, Run

Item: TypeAlias = Run | Grid

_STEP = 2.0
"""Points: how finely a strip between columns is looked for."""
_FEWEST_LINES = 3
_PROSE_WIDTH = 0.6
"""Half the lines of a column of prose fill at least this share of it; cells of a table don't."""
_DEEPEST = 4
_REMEMBERED = 4
_TITLE = 1.15
_SAME = 8.0
"""Points: strips this close on two pages are one."""
_STRIP = 0.7
"""The narrowest strip between columns, in letter heights."""


@dataclass(slots=True)
class Columns:
    """Reads the pages of one file; where earlier pages have columns helps with one that has little text."""

    strips: list[float] = field(default_factory=list)

    def flow(self, items: Sequence[Item]) -> list[Line | Grid]:
        """Lines and tables of a page in the order in which they are read."""
        return self._flow(list(items), None, split=False, depth=0)

    def _flow(self, items: list[Item], edges: Box | None, *, split: bool, depth: int) -> list[Line | Grid]:
        if not items:
            return []
        edges = edges or _extent(items)
        strip = self._strip(items) if depth < _DEEPEST else None
        if strip is None:
            return _column(items, edges, split=split)
        left, across, right = _parted(items, strip)
        sides = (_extent(left), left), (_extent(right), right)
        ordered: list[Line | Grid] = []
        above = float("-inf")
        for wide in [*across, None]:
            below = wide.middle if wide is not None else float("inf")
            for side, members in sides:
                band = [m for m in members if above <= m.middle < below]
                ordered += self._flow(band, side, split=True, depth=depth + 1)
            if wide is not None:
                ordered += _column([wide], edges, split=split)
            above = below
        return ordered

    def _strip(self, items: list[Item]) -> float | None:
        """Where the items are divided into columns: by what they show themselves, or where earlier pages were."""
        strip = _strip(items)
        if strip is not None:
            self.strips = [strip, *(s for s in self.strips if abs(s - strip) > _SAME)][:_REMEMBERED]
            return strip
        return next((s for s in self.strips if _fits(items, s)), None)


def _parted(items: list[Item], strip: float) -> tuple[list[Item], list[Item], list[Item]]:
    """Items left of a strip, across it, and right of it. A title over all columns may be too short to cross."""
    left = [i for i in items if i.x1 <= strip]
    right = [i for i in items if i.x0 >= strip]
    large = _TITLE * median(i.size for i in items)
    titles: list[Item] = []
    for own, other in ((left, right), (right, left)):
        over = [i for i in own if i.size >= large and _stands_over(i, other)]
        if len(over) < len(own):
            titles += over
    taken = {id(t) for t in titles}
    across = sorted([*titles, *(i for i in items if i.x0 < strip < i.x1)], key=lambda i: i.top)
    return [i for i in left if id(i) not in taken], across, [i for i in right if id(i) not in taken]


def _stands_over(title: Item, others: Sequence[Item]) -> bool:
    """Whether the other column begins below a title: a running head may stand above it, nothing beside it."""
    above = [i for i in others if i.top < title.bottom]
    return len(above) <= 1 < len(others) and all(i.bottom <= title.top for i in above)


def _fits(items: list[Item], strip: float) -> bool:
    """Whether items that show no columns themselves stand in those beside a strip of earlier pages."""
    left = [i for i in items if i.x1 <= strip]
    right = [i for i in items if i.x0 >= strip]
    if not left or not right or len(left) + len(right) < 3 * (len(items) - len(left) - len(right)):
        return False
    reach = 2.5 * median(i.size for i in items)
    return min(i.x0 for i in right) - strip < reach and strip - max(i.x1 for i in left) < 2 * reach


def _extent(items: Sequence[Box]) -> Box:
    return Box(
        min(i.x0 for i in items),
        min(i.top for i in items),
        max(i.x1 for i in items),
        max(i.bottom for i in items),
    )


def _strip(items: list[Item]) -> float | None:
    """Where an empty strip divides the items into columns of prose, or None."""
    extent = _extent(items)
    if len(items) < 2 or extent.width < 100:
        return None
    size = median(i.size for i in items)
    bins = int(extent.width / _STEP) + 1
    crossing = [0] * bins
    for item in items:
        first, last = int((item.x0 - extent.x0) / _STEP), int((item.x1 - extent.x0) / _STEP)
        for at in range(max(first, 0), min(last + 1, bins)):
            crossing[at] += 1
    inner = range(int(bins * 0.15), int(bins * 0.85))
    best: list[tuple[int, int, int]] = []
    start = None
    for at in [*inner, bins]:
        level = crossing[at] if at in inner else -1
        if start is not None and level != crossing[start]:
            best.append((crossing[start], start - at, start))
            start = None
        if start is None and at in inner:
            start = at
    for _, minus, first in sorted(best)[:6]:
        if -minus * _STEP < _STRIP * size:
            continue
        strip = extent.x0 + (first - minus / 2) * _STEP
        if _divides(items, strip):
            return strip
    return None


def _divides(items: list[Item], strip: float) -> bool:
    """Whether lines of prose (or tables) stand side by side on both sides of a strip."""
    left = [i for i in items if i.x1 <= strip]
    right = [i for i in items if i.x0 >= strip]
    across = [i for i in items if i.x0 < strip < i.x1]
    if not left or not right:
        return False
    a, b = _extent(left), _extent(right)
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    if shared < 0.4 * min(a.height, b.height):
        return False
    left_rows, right_rows = rows(_runs(left)), rows(_runs(right))
    if len(across) > len(left_rows) + len(right_rows) + len(left) + len(right):
        return False
    if not all(
        _is_prose(r, side.width) or _tabled(part)
        for r, side, part in ((left_rows, a, left), (right_rows, b, right))
    ):
        return False
    level = sum(any(abs(r[0].bottom - o[0].bottom) < 1.5 for o in right_rows) for r in left_rows)
    return level < len(left_rows) or len(left_rows) >= 6 or len(left) > len(_runs(left))


def _runs(items: Sequence[Item]) -> list[Run]:
    return [i for i in items if isinstance(i, Run)]


def _is_prose(lines: list[list[Run]], width: float) -> bool:
    if len(lines) < _FEWEST_LINES:
        return False
    widths = [line[-1].x1 - line[0].x0 for line in lines]
    characters = [sum(len(r.text) for r in line) for line in lines]
    return median(widths) >= _PROSE_WIDTH * width and median(characters) >= 8


def _tabled(items: Sequence[Item]) -> bool:
    """Whether a side of the page is mostly taken up by tables."""
    grids = sum(i.height for i in items if isinstance(i, Grid))
    return grids > 0.3 * _extent(items).height


def _column(items: list[Item], edges: Box, *, split: bool) -> list[Line | Grid]:
    """The items of one column from top to bottom; aligned rows of short texts become tables."""
    grids: list[Grid] = [i for i in items if isinstance(i, Grid)]
    text = [i for i in items if isinstance(i, Run)]
    found, rest = aligned_tables(rows(text))
    lines: list[Line | Grid] = [_line(row, edges, split=split) for row in rest]
    return sorted([*lines, *grids, *found], key=lambda i: i.middle if isinstance(i, Line) else i.top)


def _line(row: list[Run], edges: Box, *, split: bool) -> Line:
    longest = max(row, key=lambda r: len(r.text))
    return Line(
        row[0].x0,
        min(r.top for r in row),
        row[-1].x1,
        max(r.bottom for r in row),
        " ".join(r.text for r in row),
        longest.size,
        min(r.weight for r in row),
        edges.x0,
        edges.x1,
        split,
    )
