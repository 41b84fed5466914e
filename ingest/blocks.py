"""What a reader finds in a formatted file: its blocks, in reading order, before anything is cut into clauses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is in its file."""

    HEADING = "heading"
    """A heading that the file states as one; `level` is its depth from 1. Level 1 may be the manual's title."""
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """An item of a list that the file states; `level` is the nesting from 1, `marker` what is printed before it."""
    TABLE = "table"
    """A table; `rows[0]` are the column names (all empty when it has none)."""
    VERBATIM = "verbatim"
    """Text set apart (code, a script to be said): its line breaks count."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `text` is verbatim; numbering that the file computes (automatic lists) is in `marker`."""

    kind: BlockKind
    text: str = ""
    level: int = 0
    marker: str = ""
    """「第三条」, `2.`, `(4)` or `-`: as a reader of the printed page sees it; empty for none."""
    rows: tuple[tuple[str, ...], ...] = ()
    page: int | None = None
    """Page (PDF, slide, image) on which the block begins, from 1; None where the format has no pages."""
