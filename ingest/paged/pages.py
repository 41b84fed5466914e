"""What stands on a page and where: the values that readers of paged files and of scans share.

Lengths are points (1/72 inch); the origin is the page's top left corner as a reader of the page holds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.cleaning import CJK, CJK_PUNCTUATION

WIDE = f"[{CJK}{CJK_PUNCTUATION}]"
_WIDE_END = re.compile(f"{WIDE}$")
_WIDE_START = re.compile(WIDE)


@dataclass(slots=True)
class Box:
    """A rectangle on a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Height of the centre line."""
        return (self.top + self.bottom) / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the rectangle."""
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


@dataclass(slots=True)
class Glyph(Box):
    """One printed character. `weight` is 0 for ordinary, 1 for a black face (黑体), 2 for bold."""

    text: str
    size: float
    weight: int = 0
    spaced: bool = False
    """The file has a space character before this one."""


@dataclass(slots=True)
class Run(Box):
    """Text on one line without a wide gap in it. `size` is the height of its letters."""

    text: str
    size: float
    weight: int = 0


@dataclass(slots=True)
class Grid(Box):
    """A table. `cuts` are where its columns begin and end; `rows` are its cells, all rows equally long."""

    rows: list[list[str]]
    cuts: list[float]
    size: float = 10.0
    ruled: bool = True


@dataclass(slots=True)
class Line(Run):
    """A line of text in its column: `left` and `right` are the column's edges."""

    left: float = 0.0
    right: float = 0.0
    split: bool = False
    """Its page has several columns here."""
    page: int = 0

    def reaches_edge(self, slack: float = 1.6) -> bool:
        """Whether the line ends at its column's edge, or less than `slack` letters before it."""
        return self.x1 > self.right - slack * self.size


@dataclass(slots=True)
class Page:
    """A page as it was read. `flow` holds lines and tables in reading order."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    """Drawn straight lines; the smaller extent is the thickness."""
    pictured: float = 0.0
    """Share of the page that pictures cover, 0 to 1."""
    drawn: bool = False
    """Something else than text is drawn on it."""
    scanned: bool = False
    flow: list[Line | Grid] = field(default_factory=list)


def seam(before: str, after: str) -> str:
    """What belongs between two lines of one sentence: nothing next to Chinese, a space between Latin words."""
    if not before or not after or _WIDE_END.search(before) or _WIDE_START.match(after):
        return ""
    return " "


def join(before: str, after: str) -> str:
    """Two lines of one sentence as one, a word divided at the line's end made whole."""
    if re.search(r"[A-Za-z]{2}[-\u00ad\u2010]$", before) and re.match(r"[a-z]", after):
        return before[:-1] + after
    return before + seam(before, after) + after
