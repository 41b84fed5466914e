"""Formatted files: their blocks as manuals, and each manual as text with marks.

A file that states headings is cut by them. One that only looks structured (bold lines, typed 第一章) is cut like
plain text, with its lists and tables kept whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Block, BlockKind
from ingest.boilerplate import clean_lines, drop_site_phrases
from ingest.cleaning import TERMINAL, clean_characters, letters
from ingest.documents import Document, plain_text, printed
from ingest.enumerators import Mark, Style, read_marker, starts_with_mark
from ingest.titles import looks_like_title, split_titles, strip_repeated_titles
from ingest.wrapping import join_wrapped
from ingest.writing import Marked, Writer, heading_text

_LONGEST_HEADING = 45
_LONGEST_LATIN_HEADING = 120
_NO_TITLE = re.compile(
    r"(?:microsoft )?(?:word|excel|powerpoint)\b.*|.*(?:演示文稿|工作簿|新建|未命名|无标题|文档)\s*\d*|(?:untitled|document|presentation|book|slide|sheet|title)\s*\d*|[\W\d]*",
    re.I,
)
_WRAPPED_LINE = 25
"""A paragraph of so many characters that ends without a full stop may be a line of a wrapped text."""


@dataclass(frozen=True, slots=True)
class Part:
    """The blocks of one manual of a file. `headed`: the file states headings. `title` may be empty."""

    title: str
    blocks: tuple[Block, ...]
    headed: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A part as text with marks. `pages` are the places where blocks with a page begin: (offset, page)."""

    marked: Marked
    pages: tuple[tuple[int, int], ...]


def parts(document: Document) -> list[Part]:
    """The manuals in a document with blocks; the title its properties state serves where there is only one."""
    blocks = [clean for block in document.blocks if (clean := _cleaned(block)) is not None]
    headed = any(b.kind is BlockKind.HEADING for b in blocks)
    cuts = _titled_headings(blocks) if headed else []
    if headed:
        pieces = [("", blocks[a:b]) for a, b in zip([0, *cuts[1:]], [*cuts[1:], len(blocks)], strict=True)]
    else:
        pieces = list(_by_title_lines(_unwrapped(blocks)))
    fallback = stated_title(document) if len(pieces) == 1 else ""
    return [_with_title(title, piece, fallback, headed=headed) for title, piece in pieces if piece]


def running_text(document: Document) -> Written | None:
    """The text of a document that is nothing but paragraphs (a page pasted into a program): cut like plain text.
    None when it states headings, lists, tables or code."""
    if any(b.kind is not BlockKind.PARAGRAPH or b.marker for b in document.blocks):
        return None
    pages: list[tuple[int, int]] = []
    lines: list[str] = []
    at = 0
    for block in document.blocks:
        if block.page is not None:
            pages.append((at, block.page))
        lines.append(clean_characters(block.text))
        at += len(lines[-1]) + 1
    return Written(Marked("\n".join(lines), [], stated_title(document)), tuple(pages))


def stated_title(document: Document) -> str:
    """The title in a file's properties, unless it is what a program writes there by itself."""
    stated = " ".join(clean_characters(document.title).split())
    return "" if _NO_TITLE.fullmatch(stated) else stated


def write(part: Part) -> Written:
    """The text of a part and the marks that its blocks state."""
    writer = Writer()
    pages: list[tuple[int, int]] = []
    nested = _nested_styles(part.blocks)
    for block in part.blocks:
        if block.page is not None:
            pages.append((writer.at, block.page))
        _write_block(block, writer, nested)
    return Written(writer.finish(part.title), tuple(pages))


def _write_block(block: Block, writer: Writer, nested: set[Style]) -> None:
    number = read_marker(block.marker) if block.marker else None
    bulleted = block.kind is BlockKind.ITEM and number is None
    depth = max(1, block.level) if bulleted else 0
    while len(writer.lists) > depth:
        writer.close_list()
    if block.kind is BlockKind.HEADING:
        writer.heading(heading_text(printed(block.marker, block.text)), max(1, block.level))
    elif block.kind is BlockKind.TABLE:
        writer.table(block.rows)
    elif block.kind is BlockKind.VERBATIM:
        writer.verbatim(block.text)
    elif bulleted:
        while len(writer.lists) < depth:
            writer.open_list(ordered=False)
        writer.item(block.marker or "•")
        writer.paragraph(block.text)
    elif number is not None and block.kind is BlockKind.ITEM:
        writer.numbered(number, block.text, block.level if number.style in nested else None)
    else:
        writer.paragraph(printed(block.marker, block.text))


def _nested_styles(blocks: Sequence[Block]) -> set[Style]:
    """Kinds of numbers that stand at several depths of this file's lists: there the depth has to tell."""
    levels: dict[Style, set[int]] = {}
    for block in blocks:
        number = read_marker(block.marker) if block.kind is BlockKind.ITEM and block.marker else None
        if number is not None and not number.prefix:
            levels.setdefault(number.style, set()).add(block.level)
    return {style for style, found in levels.items() if len(found) > 1}


def _cleaned(block: Block) -> Block | None:
    """A block without invisible characters, stray spaces and a website's words; None when nothing is left."""
    if block.kind is BlockKind.TABLE:
        rows = tuple(tuple("\n".join(_lines(cell)) for cell in row) for row in block.rows)
        return replace(block, rows=rows) if any(map(any, rows)) else None
    text = clean_characters(block.text)
    marker = " ".join(clean_characters(block.marker).split())
    if block.kind is BlockKind.VERBATIM:
        return replace(block, text=text) if text.strip() else None
    text = "\n".join(clean_lines(drop_site_phrases(text)[0]))
    if not text:
        return None
    if block.kind is BlockKind.HEADING and not _reads_as_heading(text):
        return replace(
            block, kind=BlockKind.ITEM if marker else BlockKind.PARAGRAPH, text=text, marker=marker, level=0
        )
    return replace(block, text=text, marker=marker)


def _lines(cell: str) -> Iterator[str]:
    for line in clean_characters(cell).split("\n"):
        if line.strip():
            yield " ".join(line.split())


def _reads_as_heading(text: str) -> bool:
    """Whether what a file calls a heading is one: articles are often styled as headings, sentences and all."""
    wide = any("\u3400" <= c <= "\u9fff" for c in text)
    return len(text) <= (_LONGEST_HEADING if wide else _LONGEST_LATIN_HEADING) and not re.search(
        r"[。;；]", text
    )


def _titled_headings(blocks: Sequence[Block]) -> list[int]:
    """Where the manuals of a file with several level-one headings begin; one place only when it holds one."""
    tops = [i for i, b in enumerate(blocks) if b.kind is BlockKind.HEADING and b.level == 1]
    several = len(tops) > 1 and all(looks_like_title(printed(blocks[i].marker, blocks[i].text)) for i in tops)
    return tops if several else [0]


def _by_title_lines(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    """The manuals of a file without headings, found by their title lines as on a page of plain text."""
    lines = [" ".join(plain_text(b).split()) for b in blocks]
    at = 0
    for section in split_titles(lines):
        titled = 1 if section.title else 0
        end = at + titled + len(section.lines)
        yield section.title, list(blocks[at + titled : end])
        at = end


def _with_title(title: str, blocks: list[Block], fallback: str, *, headed: bool) -> Part:
    if not title:
        at = _title_block(blocks, fallback)
        if at is not None and len(blocks) > 1:
            title = heading_text(printed(blocks[at].marker, blocks[at].text))
            blocks = [*blocks[:at], *blocks[at + 1 :]]
    title = title or fallback
    while len(blocks) > 1 and title and not blocks[0].marker and letters(blocks[0].text) == letters(title):
        blocks = blocks[1:]
    if title and not headed and blocks[0].kind is BlockKind.PARAGRAPH:
        blocks = [replace(blocks[0], text=strip_repeated_titles(blocks[0].text, title)), *blocks[1:]]
    return Part(title, tuple(blocks), headed)


def _title_block(blocks: Sequence[Block], stated: str) -> int | None:
    """The only level-one heading, or an opening line that reads as a title or as the file's properties say."""
    tops = [i for i, b in enumerate(blocks) if b.kind is BlockKind.HEADING and b.level == 1]
    if len(tops) == 1 and not blocks[tops[0]].marker and not starts_with_mark(blocks[tops[0]].text):
        return tops[0]
    for at, block in enumerate(blocks[:3]):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.HEADING) or block.marker:
            return None
        if looks_like_title(block.text) or (stated and letters(block.text) == letters(stated)):
            return at
    return None


def _unwrapped(blocks: list[Block]) -> list[Block]:
    """Paragraphs that are the lines of a wrapped text (pasted from a page) joined to whole ones."""
    plain = [b for b in blocks if b.kind is BlockKind.PARAGRAPH and not b.marker]
    full = [b for b in plain if len(b.text) >= _WRAPPED_LINE]
    open_ended = [b for b in full if b.text[-1] not in TERMINAL + '.”")）】']
    if len(open_ended) < 4 or len(open_ended) * 2 < len(full):
        return blocks
    out: list[Block] = []
    run: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and block.kind is BlockKind.PARAGRAPH and not block.marker:
            run.append(block)
            continue
        out += _joined(run)
        run = []
        if block is not None:
            out.append(block)
    return out


def _joined(run: list[Block]) -> Iterator[Block]:
    """The paragraphs of a run of wrapped lines, each on the page of its first line."""
    waiting = list(run)
    for text in join_wrapped([b.text for b in run]).split("\n"):
        if not waiting:
            return
        yield replace(waiting[0], text=text)
        left = len(letters(text))
        while waiting and left > 0:
            left -= len(letters(waiting.pop(0).text))


def outside(marks: Sequence[Mark], marked: Marked) -> list[Mark]:
    """Those of `marks` that stand in no row or code of `marked` and on none of its own marks."""
    stated = [(m.start, m.end) for m in marked.marks if m.end > m.start]
    taken = sorted([*marked.opaque, *stated])
    starts = [start for start, _ in taken]

    def free(at: int) -> bool:
        before = bisect_right(starts, at) - 1
        return before < 0 or taken[before][1] <= at

    return [mark for mark in marks if free(mark.start)]
