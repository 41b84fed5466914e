"""PowerPoint files (.pptx): a slide's title is a heading, its points are list items, its notes follow; page = slide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER

from ingest.blocks import Block, BlockKind
from ingest.documents import Contents
from ingest.formats.grids import Grid, table_blocks
from ingest.formats.numerals import numeral

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE})
_POINTS = frozenset(
    {PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT}
)
_FURNITURE = frozenset(
    {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER}
)
_NUMBERS = {"arabic": "decimal", "alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman",
            "circleNum": "decimalEnclosedCircle", "ea1Chs": "chineseCounting", "ea1Cht": "chineseCounting", "ea1Jpn": "chineseCounting"}  # fmt: skip
_ROW = 360_000
"""Shapes whose tops differ by less (1 cm in EMU) stand beside each other."""
_DEEPEST = 12


def read_pptx(stream: IO[bytes], name: str) -> Contents:
    """The blocks of a PowerPoint file; hidden slides, footers and slide numbers are left out."""
    deck = Presentation(stream)
    blocks: list[Block] = []
    for number, slide in enumerate(deck.slides, 1):
        if slide._element.get("show") in ("0", "false"):
            continue
        blocks += [replace(block, page=number) for block in _slide(slide, first=not blocks)]
    return Contents(tuple(blocks), deck.core_properties.title or "")


def _slide(slide: Any, *, first: bool) -> Iterator[Block]:
    shapes = list(_shapes(slide.shapes, 0))
    titles = [
        s for s in shapes if _placeholder(s) in _TITLES and s.has_text_frame and s.text_frame.text.strip()
    ]
    if titles:
        # The opening slide of a deck names it; everything else stands below.
        opening = first and _placeholder(titles[0]) == PP_PLACEHOLDER.CENTER_TITLE
        yield Block(BlockKind.HEADING, " ".join(titles[0].text_frame.text.split()), 1 if opening else 2)
    for shape in sorted((s for s in shapes if s not in titles[:1]), key=_position):
        yield from _content(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for line in slide.notes_slide.notes_text_frame.text.split("\n"):
            if line.strip():
                yield Block(BlockKind.PARAGRAPH, line.replace("\v", "\n").strip())


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """All shapes, those in groups too, without footers, dates and slide numbers."""
    for shape in shapes:
        if shape._element.tag.endswith("}grpSp") and depth < _DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)
        elif _placeholder(shape) not in _FURNITURE and not _hidden(shape):
            yield shape


def _hidden(shape: Any) -> bool:
    properties = next((e for e in shape._element.iter() if str(e.tag).endswith("}cNvPr")), None)
    return properties is not None and properties.get("hidden") in ("1", "true")


def _placeholder(shape: Any) -> Any:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _position(shape: Any) -> tuple[int, int]:
    """Reading order: from top to bottom, side by side from left to right."""
    return (shape.top or 0) // _ROW, shape.left or 0


def _content(shape: Any) -> Iterator[Block]:
    if getattr(shape, "has_table", False) and shape.has_table:
        grid = Grid()
        for r, row in enumerate(shape._element.iter(f"{_A}tr")):
            for c, cell in enumerate(row.iterchildren(f"{_A}tc")):
                if "1" not in (cell.get("hMerge"), cell.get("vMerge")):
                    grid.put(
                        r, c, _cell_text(cell), width=_span(cell, "gridSpan"), rows=_span(cell, "rowSpan")
                    )
        yield from table_blocks(grid)
    elif shape.has_text_frame:
        yield from _paragraphs(shape)
    else:
        yield from _diagram(shape)


def _cell_text(cell: Any) -> str:
    lines = []
    for paragraph in cell.iter(f"{_A}p"):
        words = ("\n" if e.tag == f"{_A}br" else e.text or "" for e in paragraph.iter(f"{_A}t", f"{_A}br"))
        lines.append("".join(words))
    return "\n".join(lines)


def _span(cell: Any, name: str) -> int:
    stated = cell.get(name, "1")
    return max(1, int(stated)) if re.fullmatch(r"\d{1,3}", stated) else 1


def _paragraphs(shape: Any) -> Iterator[Block]:
    bulleted = _placeholder(shape) in _POINTS
    counts: dict[int, int] = {}
    for paragraph in shape.text_frame.paragraphs:
        text = paragraph.text.replace("\v", "\n").strip()
        if not text:
            continue
        level = paragraph.level
        marker = _marker(paragraph._p.find(f"{_A}pPr"), counts, level, bulleted=bulleted)
        if marker:
            yield Block(BlockKind.ITEM, text, level + 1, marker)
        else:
            yield Block(BlockKind.PARAGRAPH, text)


def _marker(properties: Any, counts: dict[int, int], level: int, *, bulleted: bool) -> str:
    """What is shown before a paragraph; points of a slide's body have bullets unless they say otherwise."""
    for deeper in [at for at in counts if at > level]:
        del counts[deeper]
    numbered = properties.find(f"{_A}buAutoNum") if properties is not None else None
    if numbered is not None:
        start = numbered.get("startAt", "1")
        first = int(start) if start.isdigit() and len(start) < 6 else 1
        counts[level] = counts.get(level, first - 1) + 1
        return _printed(counts[level], numbered.get("type", "arabicPeriod"))
    counts.pop(level, None)
    if properties is not None and properties.find(f"{_A}buNone") is not None:
        return ""
    stated = properties is not None and (
        properties.find(f"{_A}buChar") is not None or properties.find(f"{_A}buBlip") is not None
    )
    return "•" if stated or bulleted else ""


def _printed(number: int, kind: str) -> str:
    style = next((word for prefix, word in _NUMBERS.items() if kind.startswith(prefix)), "decimal")
    figure = numeral(number, style)
    if style == "chineseCounting" and kind.endswith("Period"):
        return f"{figure}、"
    if kind.endswith("ParenBoth"):
        return f"({figure})"
    if kind.endswith("ParenR"):
        return f"{figure})"
    return f"{figure}." if kind.endswith(("Period", "Plain")) and style != "decimalEnclosedCircle" else figure


def _diagram(shape: Any) -> Iterator[Block]:
    """The words of a SmartArt graphic, which are kept in a part of their own."""
    reference = next((e for e in shape._element.iter(f"{{{_DIAGRAM}}}relIds")), None)
    if reference is None:
        return
    part = shape.part.related_part(reference.get(f"{_RELATIONSHIP}dm"))
    root = etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
    for point in root.iter(f"{{{_DIAGRAM}}}pt"):
        for paragraph in point.iter(f"{_A}p"):
            text = "".join(t.text or "" for t in paragraph.iter(f"{_A}t")).strip()
            if text:
                yield Block(BlockKind.ITEM, text, 1, "•")
