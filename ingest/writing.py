"""Blocks that a file states (headings, lists, tables, code) written one below the other as text with marks.

Markdown and every formatted file go through this one writer; what is cut into clauses is its text and its marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.cleaning import is_chinese
from ingest.enumerators import Mark, Strength, Style, candidates, starts_with_mark
from ingest.tables import is_terse, row_names, row_text


@dataclass(slots=True)
class Marked:
    """A text with the marks its file states. `title` is the manual's title as far as the file states one."""

    text: str
    marks: list[Mark]
    title: str = ""
    opaque: list[tuple[int, int]] = field(default_factory=list)
    """Stretches of the text that are one piece each (rows, code): nothing inside them is a mark."""


@dataclass(slots=True)
class _List:
    ordered: bool
    number: int
    fresh: bool = True


@dataclass(slots=True)
class Writer:
    """Writes blocks one below the other and notes where each begins."""

    parts: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    opaque: list[tuple[int, int]] = field(default_factory=list)
    at: int = 0
    lists: list[_List] = field(default_factory=list)
    loose: bool = False
    """A list, table or code block of this section has ended: a paragraph that follows is no item's text."""

    def heading(self, text: str, level: int) -> None:
        """A heading of depth `level` (from 1)."""
        self._mark(Style.HEADING, f"{text}\n", depth=level, title=text)
        self.loose = False

    def paragraph(self, text: str) -> None:
        """Running text; in an open list it belongs to the item above it."""
        if not text:
            return
        if self.loose and not self.lists and not starts_with_mark(text):
            self._mark(Style.PARAGRAPH, "")
        self._write(f"{text}\n")

    def open_list(self, *, ordered: bool, start: int = 1) -> None:
        """A list begins, inside the item above when one is open."""
        self.lists.append(_List(ordered, start))

    def item(self, bullet: str = "-") -> None:
        """The next item of the innermost list begins; its text follows as a paragraph."""
        current = self.lists[-1]
        self._mark(
            Style.ARABIC if current.ordered else Style.BULLET,
            f"{current.number}. " if current.ordered else f"{bullet} ",
            number=current.number,
            depth=len(self.lists),
            first=current.fresh,
        )
        current.number += 1
        current.fresh = False

    def close_list(self) -> None:
        """The innermost list ends."""
        self.lists.pop()
        self.loose = True

    def numbered(self, mark: Mark, text: str, depth: int | None = None) -> None:
        """A paragraph whose number the file computes (「第三条」, `(2)`): like one with a typed number. `depth` is
        given where lists of one kind stand inside each other."""
        first = depth is not None and mark.number == 1
        self._mark(
            mark.style, f"{mark.raw} ", number=mark.number, prefix=mark.prefix, depth=depth, first=first
        )
        self._write(f"{text}\n")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table: each row becomes a piece of its own that names its columns (`rows[0]`)."""
        header, *body = rows
        named = not is_terse([header, *body])
        for row, name in zip(body, row_names(header, body), strict=True):
            self._opaque(Style.ROW, row_text(header, row, named=named), title=name)
        if not body:
            self._opaque(Style.ROW, "; ".join(filter(None, header)))

    def verbatim(self, text: str) -> None:
        """Text set apart whose line breaks count."""
        self._opaque(Style.CODE, text)

    def finish(self, title: str = "") -> Marked:
        """All that was written, with the numbering inside paragraphs proposed as marks too."""
        body = "".join(self.parts)
        return Marked(body, self._with_candidates(body), title, self.opaque)

    def _write(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)

    def _mark(
        self,
        style: Style,
        raw: str,
        *,
        number: int = 1,
        prefix: tuple[int, ...] = (),
        depth: int | None = None,
        first: bool = False,
        title: str = "",
    ) -> None:
        start = self.at
        self._write(raw)
        self.marks.append(
            Mark(style, start, self.at, number, raw, Strength.LINE, prefix, depth, first, title)
        )

    def _opaque(self, style: Style, text: str, title: str = "") -> None:
        if not text.strip():
            return
        if self.lists:
            self._write(f"{text.strip()}\n")
            return
        self._mark(style, "", title=title)
        start = self.at
        self._write(f"{text.rstrip()}\n")
        self.opaque.append((start, self.at))
        self.loose = True

    def _with_candidates(self, body: str) -> list[Mark]:
        chinese = is_chinese(body)
        taken = sorted(
            [(m.start, max(m.end, m.start + 1)) for m in self.marks if m.end > m.start] + self.opaque
        )
        found = []
        at = 0
        for mark in candidates(body, inline=chinese):
            while at < len(taken) and taken[at][1] <= mark.start:
                at += 1
            if at < len(taken) and taken[at][0] <= mark.start:
                continue
            # The file states its lists; what else stands at the start of an English line is a numbered paragraph.
            if mark.style is Style.DECIMAL or (chinese and mark.style is not Style.BULLET):
                found.append(mark)
        return sorted([*self.marks, *found], key=lambda m: (m.start, m.end))


def heading_text(text: str) -> str:
    """A heading's words on one line, without an anchor (`{#id}`) behind them."""
    return re.sub(r"\s*\{[#.][^}]*\}\s*$", "", " ".join(text.split()))
