"""From single letters to runs of text on one line.

Spaces are judged by what is printed: a file may have none where words stand apart, or one after every ideograph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

from ingest.paged.pages import WIDE, Box, Glyph, Run

_JOIN_GAP = 1.05
"""A gap of so many letter heights ends a run."""
_HALF_BLANK = "。,，、；;：:！？）》」』】"
_BIG = 2.5
"""Letters so many times as high as the others (a large mark across the page) form rows of their own."""
_WIDE = re.compile(WIDE)
B = TypeVar("B", bound=Box)


def runs(glyphs: Sequence[Glyph]) -> list[Run]:
    """The runs that the letters form, from top to bottom and from left to right. Letters printed twice in one
    place (imitated bold) count once, as bold."""
    return [_run(piece) for row in rows(_once(glyphs)) for piece in _pieces(row)]


def rows(boxes: Iterable[B]) -> list[list[B]]:
    """Boxes that stand on one line, line by line from the top, each line from left to right."""
    every = list(boxes)
    if not every:
        return []
    high = _BIG * median(b.height for b in every)
    found = [*_rows([b for b in every if b.height <= high]), *_rows([b for b in every if b.height > high])]
    return sorted(found, key=lambda row: row[0].middle)


def _rows(boxes: list[B]) -> list[list[B]]:
    found: list[list[B]] = []
    anchor: B | None = None
    for box in sorted(boxes, key=lambda b: (b.middle, b.x0)):
        if anchor is not None and _level(anchor, box):
            found[-1].append(box)
            if box.height > anchor.height:
                anchor = box
        else:
            found.append([box])
            anchor = box
    for row in found:
        row.sort(key=lambda b: b.x0)
    return found


def _level(a: Box, b: Box) -> bool:
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared > 0.55 * min(a.height, b.height)


def _once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    seen: dict[tuple[str, int, int], Glyph] = {}
    kept = []
    for glyph in glyphs:
        x, y = round(glyph.x0 / 2), round(glyph.top / 2)
        double = next(
            (
                seen[key]
                for dx in (0, -1, 1)
                for dy in (0, -1, 1)
                if (key := (glyph.text, x + dx, y + dy)) in seen
            ),
            None,
        )
        if double is not None and abs(double.x0 - glyph.x0) < 0.2 * glyph.size:
            double.weight = 2
            continue
        seen[(glyph.text, x, y)] = glyph
        kept.append(glyph)
    return kept


def _pieces(row: list[Glyph]) -> Iterable[list[Glyph]]:
    piece = [row[0]]
    for before, glyph in pairwise(row):
        # Half of a Chinese closing mark is blank: one that hangs into the space between columns is no bridge.
        blank = 0.5 * before.size if before.text in _HALF_BLANK else 0.0
        if glyph.x0 - before.x1 + blank > _JOIN_GAP * max(before.size, glyph.size):
            yield piece
            piece = []
        piece.append(glyph)
    yield piece


def _run(piece: list[Glyph]) -> Run:
    text = [piece[0].text]
    gaps = [
        (b.x0 - a.x1) / max(b.size, 0.1)
        for a, b in pairwise(piece)
        if _WIDE.match(a.text) and _WIDE.match(b.text)
    ]
    usual = median(gaps) if len(gaps) > 2 else 0.0
    tracked = len(gaps) > 2 and usual > 0.15
    for before, glyph in pairwise(piece):
        if _apart(before, glyph, usual if tracked else 0.0, tracked=tracked):
            text.append(" ")
        text.append(glyph.text)
    sizes = Counter(round(g.size * 2) / 2 for g in piece)
    weights = Counter(g.weight for g in piece)
    return Run(
        piece[0].x0,
        min(g.top for g in piece),
        max(g.x1 for g in piece),
        max(g.bottom for g in piece),
        "".join(text),
        sizes.most_common(1)[0][0],
        weights.most_common(1)[0][0] if weights.most_common(1)[0][1] > 0.8 * len(piece) else min(weights),
    )


def _apart(before: Glyph, glyph: Glyph, usual: float, *, tracked: bool) -> bool:
    """Whether a space is printed between two letters of a run (`usual`: the gap of a run in spaced-out type)."""
    gap = (glyph.x0 - before.x1) / max(min(before.size, glyph.size), 0.1)
    wide = bool(_WIDE.match(before.text)), bool(_WIDE.match(glyph.text))
    if all(wide):
        return gap - usual > 0.45 or (glyph.spaced and not tracked and gap > 0.2)
    if any(wide):
        return gap > 0.45 or (glyph.spaced and gap > 0.03)
    return gap > 0.17 or (glyph.spaced and gap > 0.05)
