"""Where the columns of a file's pages begin and end, once their running heads are gone."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.paged.pages import Line, Page

_GRAIN = 12.0
"""Points: columns that begin this close together are one column on different pages."""


def set_edges(pages: Sequence[Page]) -> None:
    """Sets `left` and `right` of all lines to the edges of their column.

    A page with little text does not show where its column ends; the same column on other pages does.
    """
    columns: list[list[Line]] = []
    margins: dict[int, float] = {}
    for page in pages:
        groups: dict[tuple[bool, float, float], list[Line]] = {}
        for item in page.flow:
            if isinstance(item, Line):
                groups.setdefault((item.split, item.left, item.right), []).append(item)
        columns += groups.values()
        for lines in groups.values():
            for line in lines:
                margins[id(line)] = page.width - min(i.x0 for i in lines)
    known: dict[int, list[float]] = {}
    for lines in columns:
        left, right = min(i.x0 for i in lines), max(i.x1 for i in lines)
        for line in lines:
            line.left, line.right = left, right
        if len(lines) > 2:
            known.setdefault(round(left / _GRAIN), []).append(right)
    for lines in columns:
        line = lines[0]
        key = round(line.left / _GRAIN)
        further = [e for k in (key - 1, key, key + 1) for e in known.get(k, ()) if e >= line.right - _GRAIN]
        alone = len(lines) < 3 and not line.split
        edge = _usual(further, max(line.right, margins[id(line)]) if alone else line.right)
        for line in lines:
            line.right = edge


def _usual(edges: Sequence[float], own: float) -> float:
    """The nearest edge that a fair share of the pages has, `own` when there is none."""
    for edge in sorted(edges):
        if sum(abs(e - edge) < _GRAIN for e in edges) >= max(2, 0.15 * len(edges)):
            return max(own, *(e for e in edges if abs(e - edge) < _GRAIN))
    return own
