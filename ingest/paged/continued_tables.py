"""Tables that go on over a page, and what of a table becomes a block."""

from __future__ import annotations

import re
from dataclasses import replace

from ingest.blocks import Block, BlockKind
from ingest.paged.pages import Grid, join

_SHIFT = 8.0
"""Points that the columns of a table may lie further left or right on the next page."""
_LONGEST_NAME = 24


def continues_grid(above: Grid, below: Grid) -> bool:
    """Whether a table at the top of a page goes on with the one that the page before ended with."""
    if len(above.rows[0]) != len(below.rows[0]) or above.ruled is not below.ruled:
        return False
    shift = below.cuts[0] - above.cuts[0]
    return all(abs(b - a - shift) < _SHIFT for a, b in zip(above.cuts, below.cuts, strict=False))


def joined_grid(above: Grid, below: Grid) -> Grid:
    """Both as one, in `above`: column names that are printed again are left out, a row that the page's end divided
    is whole again, and a first cell that spans both pages stands in every row."""
    rows = below.rows
    same = 0
    while same < min(len(rows), 3, len(above.rows)) and _bare(rows[same]) == _bare(above.rows[same]):
        same += 1
    rows = rows[same:]
    if rows and above.ruled and not rows[0][0]:
        last = above.rows[-1]
        if all(rows[0][1:]):
            for row in rows:
                if row[0]:
                    break
                row[0] = last[0]
        else:
            above.rows[-1] = [join(a, b) for a, b in zip(last, rows[0], strict=True)]
            rows = rows[1:]
    above.rows += rows
    return above


def _bare(row: list[str]) -> list[str]:
    return [re.sub(r"\s", "", cell) for cell in row]


def table_blocks(grid: Grid, page: int) -> list[Block]:
    """The table as blocks: a title in its first row is a paragraph before it."""
    found: list[Block] = []
    rows = grid.rows
    if len(rows) > 2 and rows[0][0] and not any(rows[0][1:]) and all(rows[1]):
        found.append(Block(BlockKind.PARAGRAPH, rows[0][0], page=page))
        rows = rows[1:]
    if not _are_names(rows[0]):
        rows = [[""] * len(rows[0]), *rows]
    table = Block(BlockKind.TABLE, rows=tuple(tuple(row) for row in rows))
    return [*found, replace(table, page=page)]


def _are_names(row: list[str]) -> bool:
    """Whether a table's first row names its columns: short texts, all different, none of them a value."""
    filled = [cell for cell in row if cell]
    if len(filled) < len(row) - 1 or len(set(filled)) < len(filled):
        return False
    return all(
        len(cell) <= _LONGEST_NAME
        and cell[-1] not in "。；;"
        and any(c.isalpha() for c in cell)
        and not re.match(r"[-+¥￥$]?\d", cell)
        for cell in filled
    )
