"""Whether a printed line goes on with the sentence of the line before it or begins a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.cleaning import TERMINAL
from ingest.enumerators import Mark, Style, candidates, starts_with_mark
from ingest.paged.pages import WIDE, Line

_STRONG = frozenset({Style.CHAPTER, Style.SECTION, Style.ARTICLE, Style.HAN, Style.HAN_PAREN, Style.BRACKET})
"""Marks that hardly ever stand at the start of a line inside a sentence."""
_INDENT = 0.8
"""Letter heights from which a line is set in."""
_CLOSING = re.compile(r"[,，、。;；:：!！?？)）】》”’」』%％]")


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in a file: letter height in points, weight, and line distance in letter heights."""

    size: float
    weight: int
    step: float


def continues(opened: Sequence[Line], line: Line, usual: Measures) -> bool:
    """Whether `line` goes on with the paragraph whose lines so far are `opened`."""
    if not opened:
        return False
    before = opened[-1]
    if _other_type(before, line):
        return False
    beside = before.page == line.page and before.left == line.left and line.middle > before.middle
    mark = _mark(line.text)
    ended = before.text.rstrip("\"”’'」』")[-1:] in TERMINAL or bool(re.search(rf"{WIDE}\.$", before.text))
    if _CLOSING.match(line.text):
        return True
    full = before.reaches_edge() or _word_did_not_fit(before, line)
    full = full or (not ended and mark is None and _ragged(before, line))
    if not full:
        return False
    if mark is not None and (ended or mark.style in _STRONG or _next_of_list(opened[0], mark)):
        return False
    if not beside:
        if line.size >= 1.12 * usual.size or (ended and not _begins_indented(opened, before)):
            return False
        return line.x0 - line.left < _INDENT * line.size or _hangs(opened, line)
    step = (line.middle - before.middle) / max(line.size, 1.0)
    if step > usual.step * (1.35 if ended or mark is not None else 1.9) + 0.1:
        return False
    return not _set_in(opened, line, ended=ended)


def _other_type(before: Line, line: Line) -> bool:
    ratio = max(before.size, line.size) / max(min(before.size, line.size), 0.1)
    if ratio > (1.35 if _scan_like(before, line) else 1.12):
        return True
    return before.weight != line.weight and not before.reaches_edge(0.8)


def _scan_like(before: Line, line: Line) -> bool:
    """Heights measured on a scan are no multiples of half a point."""
    return any((i.size * 2) % 1 for i in (before, line))


def _mark(text: str) -> Mark | None:
    if not starts_with_mark(text):
        return None
    return next((m for m in candidates(text[:40], inline=False) if m.start == 0), None)


def _next_of_list(first: Line, mark: Mark) -> bool:
    """Whether a line begins the item after the one that the open paragraph is."""
    own = _mark(first.text)
    return own is not None and own.style is mark.style and mark.number == own.number + 1


def _word_did_not_fit(before: Line, line: Line) -> bool:
    """In text with a ragged edge a line ends where the next word does not fit."""
    word = re.match(r"[A-Za-z0-9’'./-]+\S?", line.text)
    if word is None or re.search(rf"{WIDE}$", before.text):
        return False
    return before.x1 + (len(word.group()) + 1) * 0.5 * line.size >= before.right


def _ragged(before: Line, line: Line) -> bool:
    """Whether a line of Chinese stops a few letters short of an uneven edge, inside a sentence."""
    short = before.right - before.x1
    at_edge = line.x0 - line.left < 0.5 * line.size
    long = len(before.text) >= 12 and short < 0.16 * (before.right - before.left)
    return long and at_edge and re.search(WIDE, before.text) is not None


def _begins_indented(opened: Sequence[Line], before: Line) -> bool:
    """Whether paragraphs begin set in here, so that a line at the edge is no beginning though a sentence ended."""
    first = opened[0]
    return first.x0 - first.left > _INDENT * first.size and before.reaches_edge()


def _hangs(opened: Sequence[Line], line: Line) -> bool:
    """Whether the lines of an item stand below its text, further in than its mark."""
    indent = line.x0 - line.left
    if len(opened) > 1:
        return abs(indent - (opened[-1].x0 - opened[-1].left)) < _INDENT * line.size
    first = opened[0]
    return starts_with_mark(first.text) and indent > first.x0 - first.left + 0.3 * line.size


def _set_in(opened: Sequence[Line], line: Line, *, ended: bool) -> bool:
    """Whether a line is set in as the first one of a paragraph is."""
    before = opened[-1]
    if line.x0 - before.x0 > _INDENT * line.size:
        return not _hangs(opened, line)
    indented = line.x0 - line.left > _INDENT * line.size
    return ended and indented and len(opened) == 1 and abs(line.x0 - before.x0) < _INDENT * line.size
