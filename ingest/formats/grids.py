"""Tables of every format as a grid of cells: merged cells filled, the row of column names found.

Title lines above a table become paragraphs (or headings) of their own, rows that span the whole table in its
middle go with each of the rows below them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.blocks import Block, BlockKind

_LONGEST_NAME = 40
_LAYOUT_CELL = 200
"""From so many characters a cell on average, a table is not one of values but a page laid out in cells."""
_LONGEST_CAPTION = 30
_MOST_PLACES = 1_000_000
_VALUE = re.compile(
    r"[¥￥$€£]?\s*[-+(]?\d[\d,.:/%‰年月日时分号\s~～—-]*(?:元|%|天|次|分|小时|分钟|个|人|岁|级)?\)?|true|false",
    re.I,
)
_NOTE = re.compile(r"(?:注|备注|说明|提示|notes?)\s*\d*\s*[:：]", re.I)


class TooLarge(Exception):
    """A table covers more than a manual does. The message goes on after the file's name."""


@dataclass(slots=True)
class Grid:
    """Cells by row and column (from 0). A merged cell stands in every place it covers."""

    cells: dict[tuple[int, int], tuple[str, tuple[int, int]]] = field(default_factory=dict)
    """Text, and the place where the cell begins."""
    height: int = 0
    covered: int = 0
    """How many places have been written, those of merged cells counted each."""

    def put(self, row: int, column: int, text: str, *, width: int = 1, rows: int = 1) -> None:
        """A cell at a place, over `width` columns and `rows` rows. Raises TooLarge."""
        self._cover(width * rows)
        for r in range(row, row + rows):
            for c in range(column, column + width):
                self.cells[r, c] = (text.strip(), (row, column))
        self.height = max(self.height, row + rows)

    def continue_above(self, row: int, column: int, width: int = 1) -> None:
        """The places are covered by the cell above them. Raises TooLarge."""
        self._cover(width)
        for c in range(column, column + width):
            self.cells[row, c] = self.cells.get((row - 1, c), ("", (row, c)))
        self.height = max(self.height, row + 1)

    def _cover(self, places: int) -> None:
        self.covered += places
        if self.covered > _MOST_PLACES:
            raise TooLarge(f"holds a table of more than {_MOST_PLACES} cells; split it into smaller files.")

    def rows(self) -> list[_Row]:
        """The rows that hold something, without the columns that hold nothing."""
        columns = sorted({c for (_, c), (text, (_, begin)) in self.cells.items() if text and c == begin})
        by_row: dict[int, list[tuple[int, int]]] = {}
        for place, (text, _) in self.cells.items():
            if text:
                by_row.setdefault(place[0], []).append(place)
        out: list[_Row] = []
        last = -1
        for r in sorted(by_row):
            here = [self.cells.get((r, c), ("", (r, c))) for c in columns]
            out.append(_Row([t for t, _ in here], [o for _, o in here], after_gap=bool(out) and r > last + 1))
            last = r
        return out


@dataclass(slots=True)
class _Row:
    texts: list[str]
    origins: list[tuple[int, int]]
    after_gap: bool
    """Empty rows stand above it."""

    @property
    def stated(self) -> list[str]:
        """The texts in it, a merged one once."""
        seen: dict[tuple[int, int], str] = {}
        for text, origin in zip(self.texts, self.origins, strict=True):
            if text:
                seen.setdefault(origin, text)
        return list(seen.values())

    @property
    def spans(self) -> bool:
        """Whether some cell of it covers several columns."""
        return len(set(self.origins)) < len(self.origins)


def table_blocks(grid: Grid, caption_level: int = 0) -> Iterator[Block]:
    """The blocks of a grid: tables with their column names, title lines, or paragraphs where it is only a layout.

    With `caption_level`, short title lines are headings of that level.
    """
    rows = grid.rows()
    width = len(rows[0].texts) if rows else 0
    filled = [text for row in rows for text in row.stated]
    if width < 2 or sum(map(len, filled)) > _LAYOUT_CELL * len(filled):
        for text in filled:
            for line in text.split("\n"):
                yield Block(BlockKind.PARAGRAPH, line)
        return
    yield from _Tables(rows, width, caption_level).blocks()


class _Tables:
    """The tables that stand one below the other in one grid."""

    def __init__(self, rows: Sequence[_Row], width: int, caption_level: int) -> None:
        self._rows = rows
        self._width = width
        self._caption_level = caption_level
        self._header: list[str] | None = None
        self._body: list[tuple[str, ...]] = []
        self._section = ""
        self._bare = False
        """The column names have had no rows below them yet."""

    def blocks(self) -> Iterator[Block]:
        at = 0
        while at < len(self._rows):
            row = self._rows[at]
            if self._is_line(row):
                yield from self._line(at)
                at += 1
            elif self._header is None:
                self._header, used = self._names(at)
                self._bare = used > 0
                at += used
            else:
                if row.texts != self._header:  # a header printed again on the next page says nothing
                    self._body.append((self._section, *row.texts) if self._section else tuple(row.texts))
                at += 1
        yield from self._flush(last=True)

    def _is_line(self, row: _Row) -> bool:
        """Whether a row is one statement over the whole table rather than a row of values."""
        if len(row.stated) != 1:
            return False
        return (
            self._header is None or (row.spans and all(row.texts)) or (self._width > 2 and bool(row.texts[0]))
        )

    def _line(self, at: int) -> Iterator[Block]:
        row = self._rows[at]
        text = row.stated[0]
        short = len(text) <= _LONGEST_CAPTION and not re.search(r"[。;；\n]", text) and not _NOTE.match(text)
        more = at + 1 < len(self._rows) and not self._is_line(self._rows[at + 1])
        if self._header is not None and short and more and not row.after_gap:
            yield from self._flush()
            self._section = text
            return
        yield from self._flush()
        self._section = ""
        if row.after_gap:
            self._header = None
        kind = BlockKind.HEADING if self._caption_level and short and more else BlockKind.PARAGRAPH
        yield Block(kind, text, self._caption_level if kind is BlockKind.HEADING else 0)

    def _flush(self, *, last: bool = False) -> Iterator[Block]:
        """The table that has been gathered so far."""
        if self._body and self._header is not None:
            header = ("", *self._header) if self._section else tuple(self._header)
            yield Block(BlockKind.TABLE, rows=(header, *self._body))
            self._bare = False
        elif last and self._bare and self._header is not None:
            yield Block(BlockKind.TABLE, rows=(tuple(self._header),))
        self._body = []

    def _names(self, at: int) -> tuple[list[str], int]:
        """The column names that stand in the row `at` (and the one below when they have two storeys), and how many
        rows they take; none when the row holds values."""
        row = self._rows[at]
        below = self._rows[at + 1] if at + 1 < len(self._rows) else None
        if below is None or not _are_names(row):
            return [""] * self._width, 0
        if at + 2 < len(self._rows) and _has_second_storey(row, below):
            return [_storeys(a, b) for a, b in zip(row.texts, below.texts, strict=True)], 2
        return list(row.texts), 1


def _are_names(row: _Row) -> bool:
    stated = row.stated
    return len(stated) >= 2 and all(
        len(text) <= _LONGEST_NAME and not text.endswith(("。", "；", ";")) and not _VALUE.fullmatch(text)
        for text in stated
    )


def _has_second_storey(row: _Row, below: _Row) -> bool:
    """Whether the names in `row` that cover several columns are told apart below, and the others reach down."""
    wide = {origin for origin in row.origins if row.origins.count(origin) > 1}
    if not wide or not _are_names(below):
        return False
    return all(
        origin in wide or below.origins[c] == origin or not below.texts[c] or not row.texts[c]
        for c, origin in enumerate(row.origins)
    ) and any(below.origins[c] != origin for c, origin in enumerate(row.origins) if origin in wide)


def _storeys(upper: str, lower: str) -> str:
    if not lower or upper == lower:
        return upper
    return f"{upper}/{lower}" if upper else lower
