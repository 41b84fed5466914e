"""Tables of web pages while their tags go by."""

from __future__ import annotations

import re

from ingest.formats.grids import Grid
from ingest.formats.html_site import BLOCKS
from ingest.formats.packages import Element


class PageTable:
    """A table while it is being read: where the next cell goes, past the cells that reach down from above."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.grid = Grid()
        self._row = -1
        self._cell: tuple[int, int, int, int] | None = None
        self._next = 0
        """First column that the next cell of this row may take."""

    def start(self, element: Element, tag: str, text: list[str]) -> None:
        """A tag inside the table; `text` are the words gathered since the last cell began."""
        if tag == "tr":
            self.close(text)
            self._row += 1
            self._next = 0
        elif tag in ("td", "th", "caption"):
            self.close(text)
            row = max(0, self._row) if tag != "caption" else self.grid.height
            column = self._next if tag != "caption" else 0
            while (row, column) in self.grid.cells:
                column += 1
            self._cell = (row, column, _span(element, "colspan", 50), _span(element, "rowspan", 200))
            self._next = column + self._cell[2]
            if tag == "caption":
                self._row = row
        elif tag in BLOCKS:
            text.append("\v")

    def close(self, text: list[str]) -> None:
        """The cell being read is complete."""
        if self._cell is not None:
            row, column, width, rows = self._cell
            self.grid.put(row, column, squeezed("".join(text)), width=width, rows=rows)
        self._cell = None
        text.clear()


def holds_values(table: Element) -> bool:
    """Whether a table is one of values: pages used to be laid out in tables that hold tables."""
    return table.find(".//table") is None and table.get("role") != "presentation"


def squeezed(text: str) -> str:
    """Words with single spaces; `\\v` stands for a line break."""
    lines = (" ".join(line.split()) for line in text.split("\v"))
    return "\n".join(line for line in lines if line)


def _span(element: Element, name: str, most: int) -> int:
    stated = element.get(name, "1")
    return min(most, max(1, int(stated))) if re.fullmatch(r"\d{1,6}", stated) else 1
