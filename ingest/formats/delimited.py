"""Tables in plain text (.csv, .tsv): told from running text by their shape, whatever separates their cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from ingest.formats.grids import Grid

_SEPARATORS = "\t,;|，"
_PROBE = 200
_LONGEST_NAME = 40
_LEAST_ROWS = 5
"""A text that is not called a table has to have so many equal rows to be taken for one."""


def delimited_grid(text: str, *, called_table: bool) -> Grid | None:
    """The table that `text` is, None when it is running text. `called_table`: its name ends in .csv or .tsv."""
    stated = re.match(r"\ufeff?sep=(.)\r?\n", text)
    body = text[stated.end() :] if stated else text.removeprefix("\ufeff")
    best: tuple[float, str, bool] = (0.0, "", True)
    for separator in stated[1] if stated else _SEPARATORS:
        for quoted in (True, False):
            score = _shape(
                _rows(body, separator, quoted=quoted, most=_PROBE), separator, called_table=called_table
            )
            if score > best[0]:
                best = (score, separator, quoted)
    rows = _rows(body, best[1], quoted=best[2]) if best[0] else []
    if not _shape(rows, best[1], called_table=called_table):
        return None
    grid = Grid()
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell.strip():
                grid.put(r, c, cell)
    return grid


def _rows(text: str, separator: str, *, quoted: bool, most: int | None = None) -> list[list[str]]:
    """The first `most` rows as one dialect reads them; none when that is impossible."""
    lines = io.StringIO(text, newline="")
    try:
        reader = csv.reader(
            lines,
            delimiter=separator,
            quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
            skipinitialspace=True,
        )
        return list(islice(reader, most))
    except csv.Error:
        return []


def _shape(rows: list[list[str]], separator: str, *, called_table: bool) -> float:
    """How much rows look like those of a table: 0 when they don't, else more for more equal and wider ones."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    several = [row for row in filled if len(row) > 1]
    if len(several) < 2:
        return 0.0
    width, count = Counter(len(row) for row in several).most_common(1)[0]
    equal = count / len(filled)
    if called_table:
        return equal + width / 1000 if equal >= 0.5 else 0.0
    cells = [cell.strip() for row in filled for cell in row]
    prose = any(cell.endswith(("。", "；")) for cell in cells) or max(map(len, cells)) > 5 * _LONGEST_NAME
    names = all(0 < len(cell.strip()) <= _LONGEST_NAME for cell in filled[0])
    short = sum(map(len, cells)) <= 25 * len(cells)
    least = 3 if separator == "\t" else _LEAST_ROWS
    wide = 2 if separator == "\t" else 3
    if (
        separator in "|，"
        or prose
        or not names
        or not short
        or equal < 1
        or len(filled) < least
        or width < wide
    ):
        return 0.0
    return equal + width / 1000
