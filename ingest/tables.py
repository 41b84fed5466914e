"""A table row as one text that says what its cells mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.cleaning import is_chinese
from ingest.tidying import tidy

_SHORT_CELL = 16
"""Up to this many characters a cell on average, a table in Latin script is one of short values."""

_LONGEST_NAME = 24
_SERIAL = re.compile(r"序号|编号|行号|项次|No\.?|#", re.I)


def row_text(header: Sequence[str], row: Sequence[str], *, named: bool) -> str:
    """A table row as one text with its column names: 「故障代码: E3; 含义: 进水超时」, or, not `named`, the row as
    it stands below the line of column names."""
    row = [tidy(cell, breaks=False) for cell in row]
    if not named:
        return f"{' | '.join(header)}\n{' | '.join(row)}" if any(header) else " | ".join(row)
    return "; ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(header, row, strict=False) if cell
    )


def row_names(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """What each row is called in a citation: its cell in the first column that tells rows apart by short words
    (no serial numbers), or its first cell; empty for one without a short cell."""
    cells = [[_plain(cell) for cell in row] for row in rows]
    column = next(
        (c for c, name in enumerate(header) if _tells_apart(name, [r[c] for r in cells if c < len(r)])), None
    )
    names = []
    for row in cells:
        name = row[column] if column is not None and column < len(row) else ""
        name = name or next(filter(None, row), "")
        names.append(name if len(name) <= _LONGEST_NAME and "\n" not in name else "")
    return names


def _plain(cell: str) -> str:
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*`]", r"\1", cell).strip()


def _tells_apart(name: str, cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    if not filled or _SERIAL.fullmatch(name.strip()) or len(filled) * 2 < len(cells):
        return False
    short = all(len(cell) <= _LONGEST_NAME for cell in filled)
    return short and len(set(filled)) == len(filled) and any(c.isalpha() for c in "".join(filled))


def is_terse(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table in Latin script holds short values: named one by one, the names would drown them."""
    filled = [cell for row in rows for cell in row if cell]
    return not is_chinese("".join(filled)) and sum(map(len, filled)) <= _SHORT_CELL * len(filled)
