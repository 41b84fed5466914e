"""Tables on a page: ruled ones by their lines, others by texts that stand below each other in three or more rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from statistics import median
from typing import TypeVar

from ingest.enumerators import starts_with_mark
from ingest.paged.page_runs import rows, runs
from ingest.paged.pages import Box, Glyph, Grid, Run, join

_NEAR = 3.0
"""Points: lines that lie closer are one."""
_FEWEST_ROWS = 3
_LONGEST_CELL = 40
_MOST_CELLS = 20_000
T = TypeVar("T", Glyph, Run)


def ruled_tables(rules: Sequence[Box], texts: Sequence[T]) -> tuple[list[Grid], list[T]]:
    """Tables drawn with lines, and the letters (or runs, from a scan) outside them."""
    tables: list[Grid] = []
    rest = list(texts)
    for group in _connected(rules):
        frame = _frame(group)
        if frame is None:
            continue
        columns, levels = frame
        area = Box(columns[0] - 1, levels[0] - 1, columns[-1] + 1, levels[-1] + 1)
        inside = [g for g in rest if area.holds((g.x0 + g.x1) / 2, g.middle)]
        table = _fill(columns, levels, group, inside)
        if table is None:
            continue
        taken = {id(g) for g in inside}
        rest = [g for g in rest if id(g) not in taken]
        tables.append(table)
    return tables, rest


def _upright(rule: Box) -> bool:
    return rule.height > rule.width


def _connected(rules: Sequence[Box]) -> Iterable[list[Box]]:
    """Groups of rules that touch one another."""
    left = sorted(rules, key=lambda r: r.top)[:4000]
    while left:
        group, fringe = [], [left.pop()]
        while fringe:
            rule = fringe.pop()
            group.append(rule)
            touching = [r for r in left if _touch(rule, r)]
            if touching:
                ids = {id(r) for r in touching}
                left = [r for r in left if id(r) not in ids]
                fringe += touching
        yield group


def _touch(a: Box, b: Box) -> bool:
    return (
        a.x0 - _NEAR <= b.x1
        and b.x0 - _NEAR <= a.x1
        and a.top - _NEAR <= b.bottom
        and b.top - _NEAR <= a.bottom
    )


def _frame(group: list[Box]) -> tuple[list[float], list[float]] | None:
    """Where a table's columns and rows are divided, or None when the lines make no table."""
    upright = [r for r in group if _upright(r)]
    level = [r for r in group if not _upright(r)]
    if len(upright) < 1 or len(level) < 2:
        return None
    columns = _snapped(
        [(r.x0 + r.x1) / 2 for r in upright] + [min(r.x0 for r in level), max(r.x1 for r in level)]
    )
    levels = _snapped(
        [r.middle for r in level] + [min(r.top for r in upright), max(r.bottom for r in upright)]
    )
    cells = (len(columns) - 1) * (len(levels) - 1)
    if len(columns) < 3 or len(levels) < 3 or cells > _MOST_CELLS:
        return None
    return columns, levels


def _snapped(values: list[float]) -> list[float]:
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][-1] < _NEAR:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(group) / len(group) for group in found]


def _fill(
    columns: list[float], levels: list[float], group: list[Box], inside: Sequence[Glyph | Run]
) -> Grid | None:
    """The table with its texts. A cell that spans rows stands in each of them, one that spans columns once."""
    wide, high = len(columns) - 1, len(levels) - 1
    home = list(range(wide * high))

    def root(cell: int) -> int:
        while home[cell] != cell:
            cell = home[cell]
        return cell

    for row in range(high):
        middle = (levels[row] + levels[row + 1]) / 2
        for column in range(wide - 1):
            if not any(_crosses_level(r, columns[column + 1], middle) for r in group):
                home[root(row * wide + column + 1)] = root(row * wide + column)
    for column in range(wide):
        middle = (columns[column] + columns[column + 1]) / 2
        for row in range(high - 1):
            if not any(_crosses_upright(r, middle, levels[row + 1]) for r in group):
                a, b = root(row * wide + column), root((row + 1) * wide + column)
                home[max(a, b)] = min(a, b)
    letters: dict[int, list[Glyph | Run]] = {}
    for glyph in inside:
        column = _slot(columns, (glyph.x0 + glyph.x1) / 2)
        row = _slot(levels, glyph.middle)
        letters.setdefault(root(row * wide + column), []).append(glyph)
    texts = {cell: _cell_text(found) for cell, found in letters.items()}
    cells = []
    for row in range(high):
        shown: set[int] = set()
        line = []
        for column in range(wide):
            cell = root(row * wide + column)
            line.append("" if cell in shown else texts.get(cell, ""))
            shown.add(cell)
        cells.append(line)
    kept = [row for row in cells if any(row)]
    used = [c for c in range(wide) if any(row[c] for row in kept)]
    if len(used) < 2 or len(kept) < 2:
        return None
    size = median(g.size for g in inside)
    return Grid(
        columns[0],
        levels[0],
        columns[-1],
        levels[-1],
        [[row[c] for c in used] for row in kept],
        [*(columns[c] for c in used), columns[-1]],
        size,
    )


def _crosses_level(rule: Box, x: float, y: float) -> bool:
    return (
        _upright(rule)
        and abs((rule.x0 + rule.x1) / 2 - x) < _NEAR
        and rule.top - _NEAR <= y <= rule.bottom + _NEAR
    )


def _crosses_upright(rule: Box, x: float, y: float) -> bool:
    return not _upright(rule) and abs(rule.middle - y) < _NEAR and rule.x0 - _NEAR <= x <= rule.x1 + _NEAR


def _slot(cuts: list[float], value: float) -> int:
    at = 0
    while at < len(cuts) - 2 and value > cuts[at + 1]:
        at += 1
    return at


def _cell_text(found: Sequence[Glyph | Run]) -> str:
    """The text of a cell: its lines joined, a line that begins with a list mark set apart by a newline."""
    pieces = [f for f in found if isinstance(f, Run)] + runs([f for f in found if isinstance(f, Glyph)])
    text = ""
    for row in rows(pieces):
        line = " ".join(r.text for r in row)
        text = f"{text}\n{line}" if text and starts_with_mark(line) else join(text, line)
    return text


def aligned_tables(lines: Sequence[list[Run]]) -> tuple[list[Grid], list[list[Run]]]:
    """Tables without upright lines among the lines of one column, and the lines outside them."""
    tables: list[Grid] = []
    rest: list[list[Run]] = []
    at = 0
    while at < len(lines):
        end = _aligned_until(lines, at)
        if end is None:
            rest.append(lines[at])
            at += 1
        else:
            tables.append(_aligned(lines[at:end]))
            at = end
    return tables, rest


def _aligned_until(lines: Sequence[list[Run]], at: int) -> int | None:
    """The line after the aligned table that begins at line `at`, or None when none begins there."""
    first = lines[at]
    if len(first) < 2 or any(len(r.text) > _LONGEST_CELL for r in first) or _only_marked(first):
        return None
    full, end = 1, at + 1
    while end < len(lines):
        line, before = lines[end], lines[end - 1]
        size = max(r.size for r in line)
        if line[0].top - before[0].bottom > 1.8 * size:
            break
        slots = [_under(r, first) for r in line]
        if None in slots or len(set(slots)) < len(slots):
            break
        if len(line) == len(first):
            full += 1
        elif slots[0] == 0 and len(first) == 2:
            break
        end += 1
    return end if full >= _FEWEST_ROWS else None


def _only_marked(line: list[Run]) -> bool:
    """A list mark and its text are no two cells."""
    bare = re.fullmatch(
        r"[(（]?[\dA-Za-z一二三四五六七八九十]{1,3}[)）.、．]|第.{1,4}[章节条]|[-•●▪·*]", line[0].text
    )
    return bare is not None and len(line) == 2


def _under(run: Run, heads: list[Run]) -> int | None:
    """The column of the table's first row below which a text stands (left edges, centres or right edges agree)."""
    slack = 0.6 * run.size
    for at, head in enumerate(heads):
        centred = abs((run.x0 + run.x1) - (head.x0 + head.x1)) / 2 < slack
        if abs(run.x0 - head.x0) < slack or centred or abs(run.x1 - head.x1) < slack:
            return at
    return None


def _aligned(lines: Sequence[list[Run]]) -> Grid:
    heads = lines[0]
    cells: list[list[str]] = []
    for line in lines:
        placed = [""] * len(heads)
        for run in line:
            placed[_under(run, heads) or 0] = run.text
        if cells and not placed[0]:
            cells[-1] = [join(a, b) for a, b in zip(cells[-1], placed, strict=True)]
        else:
            cells.append(placed)
    every = [r for line in lines for r in line]
    return Grid(
        min(r.x0 for r in every),
        min(r.top for r in every),
        max(r.x1 for r in every),
        max(r.bottom for r in every),
        cells,
        [r.x0 for r in heads],
        median(r.size for r in every),
        ruled=False,
    )
