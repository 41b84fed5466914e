"""What a reader hands on: the text of one file, and its blocks where the format states them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.blocks import Block, BlockKind


@dataclass(frozen=True, slots=True)
class Document:
    """The text of one file. `source` is the file's name without folders."""

    text: str
    source: str
    blocks: tuple[Block, ...] = ()
    """What a formatted file holds, in reading order; `text` is then their plain text. Empty for text files."""
    title: str = ""
    """The title that the file's properties state; used when the text has none."""
    notes: tuple[str, ...] = ()
    """Sentences for the admin about how it was read (pages that were scans)."""
    hidden: tuple[str, ...] = ()
    """Orders to a program in what a reader of the file doesn't see, and what is not kept of it (comments)."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a reader of a formatted file found in it."""

    blocks: tuple[Block, ...]
    title: str = ""
    hidden: tuple[str, ...] = ()
    """See `Document.hidden`."""


def from_blocks(blocks: Iterable[Block], source: str, title: str = "") -> Document:
    """The document that consists of `blocks`."""
    held = tuple(blocks)
    return Document("\n".join(filter(None, map(plain_text, held))), source, held, title)


def plain_text(block: Block) -> str:
    """The words of a block as a person reads them: marker and text, or one line per table row."""
    if block.kind is BlockKind.TABLE:
        return "\n".join(" | ".join(row) for row in block.rows if any(row))
    return printed(block.marker, block.text)


def printed(marker: str, text: str) -> str:
    """A marker and the text behind it as they stand on paper: 「一、考勤」, 「第三章 考勤」, 「2. Returns」."""
    if not marker or not text:
        return marker or text
    return f"{marker}{text}" if marker.endswith(("、", ")", "）", "】", "．")) else f"{marker} {text}"
