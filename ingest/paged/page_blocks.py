"""From the pages of a file to its blocks: paragraphs made whole, headings judged by their type, tables joined.

A sentence that runs over the end of a line, column or page is one paragraph; the notes at the foot of a page come
after the paragraph that its text ends with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.blocks import Block, BlockKind
from ingest.paged.column_edges import set_edges
from ingest.paged.continued_tables import continues_grid, joined_grid, table_blocks
from ingest.paged.page_wraps import Measures, continues
from ingest.paged.pages import Grid, Line, Page, join

_HEADING_SIZE = 1.12
_SCANNED_HEADING_SIZE = 1.3
"""Heights measured on a scan vary from line to line."""
_LONGEST_HEADING = 60
_NOTE_SIZE = 0.92
_NOTE_MARK = re.compile(r"[\[(（〔【]?(?:\d{1,2}|[①-⑳*†‡※])[\])）〕】.]?\s*\S|注\s*[::\d①]")
_CONTENTS_LINE = re.compile(r".*?(?:[.．…·・‥﹒]\s?){4,}\s*(?:\d{1,4}|[ivxlc]+)?", re.I)
_CONTENTS_TITLE = re.compile(r"目\s*[录錄次]|(?:table of )?contents", re.I)
_CONTINUED = re.compile(
    r"(?:续|續)\s*表.{0,20}|(?:表|Table).{0,24}[(（](?:续|續|continued|cont\.?)[^)）]*[)）]", re.I
)


def blocks(pages: Sequence[Page]) -> list[Block]:
    """The blocks of all pages, in order. The pages' flow is free of running heads."""
    for page in pages:
        page.flow = _without_contents(page.flow)
    measures = {scanned: _measures(pages, scanned=scanned) for scanned in (False, True)}
    writer = _Writer(measures)
    for page in pages:
        writer.page(page)
    return writer.finish()


def _measures(pages: Sequence[Page], *, scanned: bool) -> Measures:
    """Type size, weight, line distance and column edges that are usual in the text."""
    styles: Counter[tuple[float, int]] = Counter()
    steps: Counter[float] = Counter()
    chosen = [page for page in pages if page.scanned is scanned]
    set_edges(chosen)
    for page in chosen:
        lines = [i for i in page.flow if isinstance(i, Line)]
        for line in lines:
            line.page = page.number
            styles[(line.size, line.weight)] += len(line.text)
        for a, b in pairwise(lines):
            if a.left == b.left and 0 < b.middle - a.middle < 4 * a.size:
                steps[round((b.middle - a.middle) / max(a.size, 1.0), 1)] += 1
    (size, weight) = styles.most_common(1)[0][0] if styles else (10.5, 0)
    if scanned and styles:
        size = _middle_size(styles)
    return Measures(size, weight, _usual_step(steps))


def _middle_size(styles: Counter[tuple[float, int]]) -> float:
    half, at = sum(styles.values()) / 2, 0
    for (size, _), count in sorted(styles.items()):
        at += count
        if at >= half:
            return size
    return 10.5


def _usual_step(steps: Counter[float]) -> float:
    """The most usual line distance, in letter heights."""
    if not steps:
        return 1.5
    return max(steps, key=lambda s: (steps[s] + steps[round(s - 0.1, 1)] + steps[round(s + 0.1, 1)], -s))


def _without_contents(flow: list[Line | Grid]) -> list[Line | Grid]:
    """The flow without a table of contents (lines with leaders and a page number): it says nothing of its own."""
    listed = [isinstance(i, Line) and _CONTENTS_LINE.fullmatch(i.text) is not None for i in flow]
    if sum(listed) < 2:
        return flow
    first = listed.index(True)
    titles = [
        at for at in range(first) if isinstance(i := flow[at], Line) and _CONTENTS_TITLE.fullmatch(i.text)
    ]
    return [item for at, item in enumerate(flow) if not listed[at] and at not in titles[-1:]]


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]
    scanned: bool

    @property
    def text(self) -> str:
        text = ""
        for line in self.lines:
            text = join(text, line.text)
        return text


@dataclass(slots=True)
class _Writer:
    """Writes blocks while pages pass by; the last paragraph or table stays open for the next page."""

    measures: dict[bool, Measures]
    done: list[_Paragraph | tuple[Grid, int]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    scanned: bool = False
    grid: Grid | None = None
    grid_page: int = 0
    waiting: list[list[Line]] = field(default_factory=list)
    """Notes of pages whose last paragraph is still open."""

    def page(self, page: Page) -> None:
        measures = self.measures[page.scanned]
        flow, notes = _feet(page, measures)
        for at, item in enumerate(flow):
            if isinstance(item, Grid):
                self._table(item, page.number, first=at == 0)
            elif self._is_continuation_label(flow, at):
                continue
            elif self.scanned is page.scanned and continues(self.lines, item, measures):
                self.lines.append(item)
            else:
                self._close()
                self.lines, self.scanned = [item], page.scanned
        self.waiting += notes
        if not self.lines and self.grid is None:
            self._close()

    def _is_continuation_label(self, flow: list[Line | Grid], at: int) -> bool:
        item = flow[at]
        return (
            isinstance(item, Line)
            and self.grid is not None
            and at + 1 < len(flow)
            and isinstance(flow[at + 1], Grid)
            and _CONTINUED.fullmatch(item.text.strip()) is not None
        )

    def _table(self, grid: Grid, page: int, *, first: bool) -> None:
        before = self.grid
        elsewhere = page == self.grid_page + 1 or (before is not None and grid.x0 > before.x1)
        if before is not None and elsewhere and continues_grid(before, grid):
            self.grid, self.grid_page = joined_grid(before, grid), page
            return
        self._close()
        self.grid, self.grid_page = grid, page
        self.done.append((grid, page))

    def _close(self) -> None:
        """The open paragraph or table ends; notes that waited for it follow."""
        if self.lines:
            self.done.append(_Paragraph(self.lines, self.scanned))
        self.lines, self.grid = [], None
        self.done += [_Paragraph(note, False) for note in self.waiting]
        self.waiting = []

    def finish(self) -> list[Block]:
        self._close()
        levels = _levels([p for p in self.done if isinstance(p, _Paragraph)], self.measures)
        found: list[Block] = []
        for item in self.done:
            if isinstance(item, tuple):
                found += table_blocks(*item)
            elif item.text.strip():
                found.append(_block(item, levels, self.measures))
        return found


def _feet(page: Page, measures: Measures) -> tuple[list[Line | Grid], list[list[Line]]]:
    """The page's flow without the notes at its foot, and those notes, each with its lines."""
    small = _NOTE_SIZE * measures.size
    taken: set[int] = set()
    notes: list[list[Line]] = []
    columns: dict[float, list[Line]] = {}
    for item in page.flow:
        if isinstance(item, Line):
            columns.setdefault(round(item.left / 12), []).append(item)
    for lines in columns.values():
        lines.sort(key=lambda i: i.top)
        start = len(lines)
        while start > 0 and lines[start - 1].size <= small and not page.scanned:
            start -= 1
        tail = lines[start:]
        while tail and not _NOTE_MARK.match(tail[0].text):
            tail = tail[1:]
        if not tail or len(tail) == len(lines) or tail[0].top < 0.4 * page.height:
            continue
        for line in tail:
            taken.add(id(line))
            if _NOTE_MARK.match(line.text) or not notes:
                notes.append([line])
            else:
                notes[-1].append(line)
    return [i for i in page.flow if id(i) not in taken], notes


def _is_heading(paragraph: _Paragraph, measures: Measures) -> bool:
    line, text = paragraph.lines[0], paragraph.text.strip()
    if len(text) > _LONGEST_HEADING or len(paragraph.lines) > 3 or text[-1] in "。；;，,、：:！!?？":
        return False
    if not any(c.isalpha() for c in text):
        return False
    if line.size >= (_SCANNED_HEADING_SIZE if paragraph.scanned else _HEADING_SIZE) * measures.size:
        return True
    heavier = all(i.weight > measures.weight for i in paragraph.lines)
    return heavier and line.size >= 0.95 * measures.size and len(text) <= 40 and not text.endswith(".")


def _style(paragraph: _Paragraph) -> tuple[float, int]:
    size, weight = paragraph.lines[0].size, paragraph.lines[0].weight
    return (-float(round(size / 3) * 3), 0) if paragraph.scanned else (-round(size * 2) / 2, -weight)


def _levels(
    paragraphs: Iterable[_Paragraph], measures: dict[bool, Measures]
) -> dict[bool, dict[tuple[float, int], int]]:
    """Level of each style of heading, the largest first."""
    styles: dict[bool, set[tuple[float, int]]] = {False: set(), True: set()}
    for paragraph in paragraphs:
        if paragraph.text.strip() and _is_heading(paragraph, measures[paragraph.scanned]):
            styles[paragraph.scanned].add(_style(paragraph))
    return {
        scanned: {style: min(at, 6) for at, style in enumerate(sorted(found), 1)}
        for scanned, found in styles.items()
    }


def _block(
    paragraph: _Paragraph,
    levels: dict[bool, dict[tuple[float, int], int]],
    measures: dict[bool, Measures],
) -> Block:
    page = paragraph.lines[0].page
    text = paragraph.text.strip()
    if _is_heading(paragraph, measures[paragraph.scanned]):
        return Block(BlockKind.HEADING, text, level=levels[paragraph.scanned][_style(paragraph)], page=page)
    return Block(BlockKind.PARAGRAPH, text, page=page)
