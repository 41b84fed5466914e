"""A table row as one text that says what its cells mean."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.cleaning import is_chinese
from ingest.tidying import tidy

_SHORT_CELL = 16
"""Up to this many characters a cell on average, a table in Latin script is one of short values."""


def row_text(header: Sequence[str], row: Sequence[str], *, named: bool) -> str:
    """A table row as one text with its column names: 「故障代码: E3; 含义: 进水超时」, or, not `named`, the row as
    it stands below the line of column names."""
    row = [tidy(cell, breaks=False) for cell in row]
    if not named:
        return f"{' | '.join(header)}\n{' | '.join(row)}" if any(header) else " | ".join(row)
    return "; ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(header, row, strict=False) if cell
    )


def is_terse(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table in Latin script holds short values: named one by one, the names would drown them."""
    filled = [cell for row in rows for cell in row if cell]
    return not is_chinese("".join(filled)) and sum(map(len, filled)) <= _SHORT_CELL * len(filled)
