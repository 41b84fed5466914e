"""Running heads, running feet and page numbers: what stands at the same place on page after page.

A head may carry a number that grows with the pages (「第 3 页 共 12 页」); one whose numbers do anything else
(「附件1」 and 「附件2」 at the top of two pages) is text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.cleaning import letters
from ingest.enumerators import han_number
from ingest.paged.pages import Grid, Line, Page

_MARGIN = 0.15
"""Heads and feet stand in this share of the page's height, at its top or bottom."""
_TABLE_MARGIN = 0.3
_MOST_PAGES = 0.45
"""On so many of the pages (one of two, where left and right pages differ) a repeated line is a head in any case."""
_FEWEST_PAGES = 3
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_NUMBER = r"(?:\d{1,4}|[ivxlc]{1,7}|[一二三四五六七八九十百]{1,5})"
_PAGE_NUMBER = re.compile(
    rf"[-–—·~]\s*{_NUMBER}\s*[-–—·~]|第\s*{_NUMBER}\s*[页頁](?:[\s,,，/|]*(?:共|总)\s*{_NUMBER}\s*[页頁])?"
    rf"|共\s*{_NUMBER}\s*[页頁][\s,,，/|]*第\s*{_NUMBER}\s*[页頁]|{_NUMBER}\s*/\s*\d{{1,4}}"
    rf"|(?:page|p\.?)\s*{_NUMBER}(?:\s*(?:of|/)\s*\d{{1,4}})?",
    re.I,
)
_BARE_NUMBER = re.compile(r"\d{1,4}|[ivxlc]{1,7}", re.I)


@dataclass(slots=True)
class _Place:
    """A line or table in a margin of a page."""

    page: Page
    item: Line | Grid
    text: str
    top: bool

    @property
    def key(self) -> tuple[bool, bool, str]:
        bare = letters(self.text) or self.text
        return self.top, isinstance(self.item, Grid), re.sub(r"\d+", "#", bare)

    @property
    def numbers(self) -> list[int]:
        return [int(n) for n in re.findall(r"\d+", letters(self.text) or self.text)]


def remove_running(pages: Sequence[Page]) -> int:
    """Takes running heads, feet, page numbers and repeated large marks out of the pages' flow; returns how many."""
    places = [place for page in pages for place in _margins(page)]
    groups: dict[tuple[bool, bool, str], list[_Place]] = {}
    for place in places:
        groups.setdefault(place.key, []).append(place)
    gone: set[int] = set()
    for group in groups.values():
        for level in _levels(group):
            gone |= {id(p.item) for p in _repeated(level, len(pages))}
    gone |= _page_numbers(pages, gone)
    gone |= _large_marks(pages)
    for page in pages:
        page.flow = [item for item in page.flow if id(item) not in gone]
    return len(gone)


def _margins(page: Page) -> Iterable[_Place]:
    for item in page.flow:
        if isinstance(item, Grid):
            text = "".join("".join(row) for row in item.rows)
            if item.bottom < _TABLE_MARGIN * page.height:
                yield _Place(page, item, re.sub(r"\s", "", text), True)
            elif item.top > (1 - _TABLE_MARGIN) * page.height:
                yield _Place(page, item, re.sub(r"\s", "", text), False)
        elif item.middle < _MARGIN * page.height or item.middle > (1 - _MARGIN) * page.height:
            yield _Place(page, item, re.sub(r"\s", "", item.text), item.middle < page.height / 2)


def _levels(group: list[_Place]) -> Iterable[list[_Place]]:
    """The members of a group that stand at one height, measured from the nearer edge of the page."""
    slack = 14.0 if any(p.page.scanned for p in group) else 4.0
    ordered = sorted(group, key=_height)
    level = ordered[:1]
    for place in ordered[1:]:
        if _height(place) - _height(level[-1]) > slack:
            yield level
            level = []
        level.append(place)
    if level:
        yield level


def _height(place: _Place) -> float:
    return place.item.middle if place.top else place.page.height - place.item.middle


def _repeated(level: list[_Place], pages: int) -> list[_Place]:
    """The members that are a running head: on most pages of the file, or on a row of pages and set apart there."""
    numbers = {p.page.number for p in level}
    if not all(
        _runs_along([(p.page.number, p.numbers[at]) for p in level]) for at in range(len(level[0].numbers))
    ):
        return []
    if len(numbers) >= max(2 if pages <= 4 else 3, _MOST_PAGES * pages):
        return level
    if isinstance(level[0].item, Grid):
        return []
    return [p for row in _rows_of_pages(level) for p in row if _set_apart(p)]


def _rows_of_pages(level: list[_Place]) -> Iterable[list[_Place]]:
    """Members on three or more pages that follow one another, or every other one (left and right pages)."""
    ordered = sorted(level, key=lambda p: p.page.number)
    row: list[_Place] = []
    for place in ordered:
        if row and place.page.number - row[-1].page.number > 2:
            if len(row) >= _FEWEST_PAGES:
                yield row
            row = []
        row.append(place)
    if len(row) >= _FEWEST_PAGES:
        yield row


def _set_apart(place: _Place) -> bool:
    """Whether a line differs in size from the page's text or stands further from it than its lines do."""
    lines = sorted((i for i in place.page.flow if isinstance(i, Line)), key=lambda i: i.middle)
    item = place.item
    others = [i for i in lines if i is not item and abs(i.middle - item.middle) > 0.5 * i.size]
    if not isinstance(item, Line) or not others:
        return False
    usual = median(i.size for i in others)
    if not place.page.scanned and abs(item.size - usual) > 0.05 * usual:
        return True
    steps = [b.middle - a.middle for a, b in pairwise(others) if b.middle - a.middle > 0.5 * usual]
    nearest = min(
        (i for i in others if (i.middle > item.middle) is place.top),
        default=None,
        key=lambda i: abs(i.middle - item.middle),
    )
    return nearest is not None and bool(steps) and abs(nearest.middle - item.middle) > 1.3 * median(steps)


def _runs_along(pairs: list[tuple[int, int]]) -> bool:
    """Whether a number stays the same on all pages or grows as they do."""
    same = Counter(value for _, value in pairs).most_common(1)[0][1]
    along = Counter(value - page for page, value in pairs).most_common(1)[0][1]
    return max(same, along) >= 0.8 * len(pairs)


def _page_numbers(pages: Sequence[Page], gone: set[int]) -> set[int]:
    """Lines that are a page number: by their form, or a bare number that grows with the pages."""
    found: set[int] = set()
    bare: list[tuple[int, Line, int]] = []
    for page in pages:
        lines = sorted(
            (i for i in page.flow if isinstance(i, Line) and id(i) not in gone), key=lambda i: i.middle
        )
        for line in {id(i): i for i in [*lines[:1], *lines[-1:]]}.values():
            if _MARGIN * page.height < line.middle < (1 - _MARGIN) * page.height:
                continue
            text = line.text.strip()
            if _PAGE_NUMBER.fullmatch(text):
                found.add(id(line))
            elif _BARE_NUMBER.fullmatch(text):
                bare.append((page.number, line, _value(text)))
    offsets = Counter(value - number for number, _, value in bare)
    for number, line, value in bare:
        if value == number or offsets[value - number] > 1:
            found.add(id(line))
    return found


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text[0] in "一二三四五六七八九十百":
        return han_number(text)
    total = 0
    values = [_ROMAN[c] for c in text.lower()]
    for at, value in enumerate(values):
        total += -value if any(v > value for v in values[at + 1 : at + 2]) else value
    return total


def _large_marks(pages: Sequence[Page]) -> set[int]:
    """Large text at one place of most pages: a mark laid under the text (「内部资料」)."""
    if len(pages) < 3:
        return set()
    places: dict[tuple[str, int, int], list[Line]] = {}
    sizes: Counter[float] = Counter()
    for page in pages:
        for item in page.flow:
            if isinstance(item, Line):
                sizes[round(item.size)] += len(item.text)
                places.setdefault((item.text, round(item.x0 / 8), round(item.top / 8)), []).append(item)
    if not sizes:
        return set()
    large = 1.8 * sizes.most_common(1)[0][0]
    repeated = [line for lines in places.values() if len(lines) >= max(3, 0.6 * len(pages)) for line in lines]
    return {id(line) for line in repeated if line.size >= large}
