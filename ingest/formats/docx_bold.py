"""Word files without heading styles: short bold lines that serve as headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.blocks import Block, BlockKind
from ingest.enumerators import starts_with_mark

_LONGEST = 24
_LEVEL = 2
_TYPED = re.compile(
    r"第[一二三四五六七八九十百零\d]{1,4}[章节编条]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、]"
)


def bold_as_headings(blocks: list[Block], bold: Sequence[Block]) -> list[Block]:
    """`blocks`, with the bold lines as headings where nothing else gives the file a structure: it states no headings
    and numbers no chapters (those are found by their numbers), and the lines stand above ordinary text."""
    numbered = any(b.kind is BlockKind.PARAGRAPH and _TYPED.match(b.text) for b in blocks)
    if numbered or any(b.kind is BlockKind.HEADING for b in blocks):
        return blocks
    known = {id(block) for block in bold}
    lines = {id(b) for b in blocks if id(b) in known and _short(b)}
    heads = {id(a) for a, b in pairwise(blocks) if id(a) in lines and id(b) not in lines}
    if len(heads) < 2 or 2 * len(lines) > len(blocks):
        return blocks
    return [replace(b, kind=BlockKind.HEADING, level=_LEVEL) if id(b) in heads else b for b in blocks]


def _short(block: Block) -> bool:
    text = block.text.rstrip(":：")
    plain = block.kind is BlockKind.PARAGRAPH and not block.marker and not starts_with_mark(text)
    return plain and 2 <= len(text) <= _LONGEST and not re.search(r"[,，。;；:：!！?？\n]", text)
