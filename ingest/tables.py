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


def row_name(header: Sequence[str], row: Sequence[str]) -> str:
    """What a row is called in a citation: its first short cell; a serial number (「序号」) with the cell behind it."""
    plain = [re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*`]", r"\1", cell).strip() for cell in row]
    filled = [(name, cell) for name, cell in zip(header, plain, strict=False) if cell]
    filled = [pair for pair in filled if pair[0]] or filled
    if not filled:
        return ""
    name, first = filled[0]
    if len(filled) > 1 and _SERIAL.fullmatch(name.strip()) and first.isdigit():
        second = filled[1][1]
        first = f"{first} {second}" if len(second) <= _LONGEST_NAME - 4 else f"{name.strip()} {first}"
    return first if len(first) <= _LONGEST_NAME and "\n" not in first else ""


def is_terse(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table in Latin script holds short values: named one by one, the names would drown them."""
    filled = [cell for row in rows for cell in row if cell]
    return not is_chinese("".join(filled)) and sum(map(len, filled)) <= _SHORT_CELL * len(filled)
