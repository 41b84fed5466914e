"""One page of a PDF as pdfium sees it: its visible letters and its straight lines.

Left out is what a reader of the page does not see or does not read as its text: text outside the page, text in
an invisible mode or in white on white, and text set askew (watermarks). The page is turned so that most of its
text stands upright. pdfium is not thread-safe: callers hold `PDFIUM`.
"""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.paged.pages import Box, Glyph, Page
from ingest.paged.radicals import ideographs

PDFIUM = threading.Lock()
"""Held around every call into pdfium."""
_MOST_DRAWINGS = 20_000
"""A page with more drawn objects is a drawing: its lines are no table."""
_MOST_GLYPHS = 200_000
_THICK = 3.0
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|粗", re.I)
_BLACK_FACE = re.compile(r"hei(?!ti.*light)|黑", re.I)


@dataclass(slots=True)
class _Style:
    """What all letters of one text object have in common."""

    size: float
    weight: int
    turn: int | None
    visible: bool
    white: bool


@dataclass(slots=True)
class Letter:
    """A glyph that still lies as in the file (origin bottom left), `turn` quarter turns anti-clockwise."""

    glyph: Glyph
    turn: int
    white: bool = False


def read_page(page: pdfium.PdfPage, number: int, unembedded: Callable[[], list[Letter]]) -> Page:
    """The page's glyphs, rules and picture coverage. `unembedded` gives its letters, for those that pdfium
    loses.

    Raises pdfium.PdfiumError on a page that cannot be read.
    """
    left, bottom, right, top = page.get_cropbox()
    crop = Box(left, bottom, right, top)
    owners: set[int] = set()
    found = list(_letters(page, owners))
    if _loses_letters(page, owners):
        found += _missing(found, unembedded())
    found = [f for f in found if crop.holds((f.glyph.x0 + f.glyph.x1) / 2, f.glyph.middle)]
    turns = Counter(f.turn for f in found)
    turn = turns.most_common(1)[0][0] if turns else page.get_rotation() // 90
    place = _placing(crop, turn)
    sideways = turn % 2 == 1
    width, height = (crop.height, crop.width) if sideways else (crop.width, crop.height)
    result = Page(number, width, height)
    shades: list[Box] = []
    _drawings(page, result, shades, place)
    for letter in found:
        if letter.turn != turn:
            continue
        glyph = letter.glyph
        box = place(glyph)
        if letter.white and not any(s.holds((box.x0 + box.x1) / 2, box.middle) for s in shades):
            continue
        glyph.x0, glyph.top, glyph.x1, glyph.bottom = box.x0, box.top, box.x1, box.bottom
        result.glyphs.append(glyph)
    return result


def _placing(crop: Box, turn: int) -> Callable[[Box], Box]:
    """How a rectangle of the file (origin bottom left) lies on the page after `turn` clockwise quarter turns."""

    def place(box: Box) -> Box:
        x0, x1 = box.x0 - crop.x0, box.x1 - crop.x0
        y0, y1 = box.top - crop.top, box.bottom - crop.top
        if turn == 1:
            return Box(y0, x0, y1, x1)
        if turn == 2:
            return Box(crop.width - x1, y0, crop.width - x0, y1)
        if turn == 3:
            return Box(crop.height - y1, crop.width - x1, crop.height - y0, crop.width - x0)
        return Box(x0, crop.height - y1, x1, crop.height - y0)

    return place


def _loses_letters(page: pdfium.PdfPage, owners: set[int]) -> bool:
    """Whether pdfium gives no letters of a text object (one letter of a font that is neither in the file nor on this
    machine has no width for it, and is dropped)."""
    for count, item in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3)):
        if count >= _MOST_GLYPHS:
            return False
        if ctypes.addressof(item.raw.contents) not in owners:
            font = raw.FPDFTextObj_GetFont(item)
            if font and raw.FPDFFont_GetIsEmbedded(font) == 0:
                return True
    return False


def _missing(found: list[Letter], others: list[Letter]) -> list[Letter]:
    """Those of `others` where none of the letters found stands."""
    taken: dict[tuple[int, int], list[Glyph]] = {}
    for letter in found:
        taken.setdefault(_cell(letter.glyph), []).append(letter.glyph)
    missing = []
    for letter in others:
        glyph, (column, row) = letter.glyph, _cell(letter.glyph)
        near = (g for x in (-1, 0, 1) for y in (-1, 0, 1) for g in taken.get((column + x, row + y), ()))
        reach = 0.4 * glyph.size
        if not any(abs(g.x0 - glyph.x0) < reach and abs(g.middle - glyph.middle) < reach for g in near):
            missing.append(letter)
    return missing


def _cell(glyph: Glyph) -> tuple[int, int]:
    return int(glyph.x0 // 12), int(glyph.middle // 12)


def _letters(page: pdfium.PdfPage, owners: set[int]) -> Iterator[Letter]:
    """Visible letters in the file's order. Adds the text objects that letters came from to `owners`."""
    text = page.get_textpage()
    try:
        rect = raw.FS_RECTF()
        x, y = ctypes.c_double(), ctypes.c_double()
        styles: dict[int, _Style] = {}
        spaced = False
        for at in range(min(raw.FPDFText_CountChars(text), _MOST_GLYPHS)):
            if raw.FPDFText_IsGenerated(text, at) == 1:
                continue
            owner = raw.FPDFText_GetTextObject(text, at)
            key = ctypes.addressof(owner.contents) if owner else 0
            owners.add(key)
            char = _character(raw.FPDFText_GetUnicode(text, at))
            if not char.strip():
                spaced = spaced or bool(char)
                continue
            style = styles.get(key)
            if style is None:
                style = styles[key] = _style(text, at, owner)
            if not style.visible or style.turn is None or not raw.FPDFText_GetLooseCharBox(text, at, rect):
                continue
            raw.FPDFText_GetCharOrigin(text, at, x, y)
            box = Box(rect.left, rect.bottom, rect.right, rect.top)
            box = on_baseline(box, x.value, y.value, style.size, style.turn)
            glyph = Glyph(box.x0, box.top, box.x1, box.bottom, char, style.size, style.weight, spaced)
            spaced = False
            yield Letter(glyph, style.turn, style.white)
    finally:
        text.close()


def _character(code: int) -> str:
    """The character of a code that pdfium gives: 2 stands for a hyphen at a line's end, 0 for no known character."""
    if code == 2:
        return "-"
    if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    return ideographs(chr(code))


def _style(text: pdfium.PdfTextPage, at: int, owner: object) -> _Style:
    matrix = raw.FS_MATRIX()
    turn: int | None = 0
    size = float(raw.FPDFText_GetFontSize(text, at))
    if raw.FPDFText_GetMatrix(text, at, matrix):
        size *= math.hypot(matrix.c, matrix.d)
        turn = quarter_turn(matrix.a, matrix.b)
    name = ctypes.create_string_buffer(256)
    raw.FPDFText_GetFontInfo(text, at, name, 256, ctypes.c_int())
    mode = raw.FPDFTextObj_GetTextRenderMode(owner) if owner else raw.FPDF_TEXTRENDERMODE_FILL
    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    coloured = raw.FPDFText_GetFillColor(text, at, red, green, blue, alpha)
    hidden = mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
    faint = bool(coloured) and alpha.value < 26
    white = bool(coloured) and min(red.value, green.value, blue.value) >= 250
    weight = 2 if mode == raw.FPDF_TEXTRENDERMODE_FILL_STROKE else font_weight(name.value)
    return _Style(size, weight, turn, not hidden and not faint and size >= 1.5, white)


def quarter_turn(along: float, up: float) -> int | None:
    """In how many quarter turns a direction lies anti-clockwise from level; None when it lies askew."""
    quarter = math.degrees(math.atan2(up, along)) / 90
    return round(quarter) % 4 if abs(quarter - round(quarter)) < 0.1 else None


def on_baseline(box: Box, x: float, y: float, size: float, turn: int) -> Box:
    """A letter's box as high as its type size, laid on the baseline through (x, y): fonts differ in what they state
    as their height, letters of one line do not differ in their baseline. All still as in the file."""
    above, below = 0.88 * size, 0.12 * size
    if turn == 0:
        return Box(box.x0, y - below, box.x1, y + above)
    if turn == 1:
        return Box(x - above, box.top, x + below, box.bottom)
    if turn == 2:
        return Box(box.x0, y - above, box.x1, y + below)
    return Box(x - below, box.top, x + above, box.bottom)


def font_weight(name: bytes) -> int:
    """How heavy a font's name says it is: 0 ordinary, 1 a black face, 2 bold."""
    try:
        family = name.decode("utf-8")
    except UnicodeDecodeError:
        family = name.decode("gb18030", errors="replace")
    family = family.partition("+")[2] or family
    if _BOLD.search(family):
        return 2
    return 1 if _BLACK_FACE.search(family) else 0


def _drawings(page: pdfium.PdfPage, result: Page, shades: list[Box], place: Callable[[Box], Box]) -> None:
    """Adds the page's straight lines, how much of it pictures cover, and the areas that are not white."""
    kinds = [raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING]
    covered = 0.0
    for count, item in enumerate(page.get_objects(filter=kinds, max_depth=3)):
        if count >= _MOST_DRAWINGS:
            result.rules.clear()
            break
        result.drawn = True
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            _path(item, result.rules, shades, place)
            continue
        box = _bounds(item, place)
        if box is not None:
            shades.append(box)
            inside = Box(
                max(box.x0, 0), max(box.top, 0), min(box.x1, result.width), min(box.bottom, result.height)
            )
            covered += max(inside.width, 0) * max(inside.height, 0)
    result.pictured = min(1.0, covered / max(result.width * result.height, 1.0))


def _bounds(item: pdfium.PdfObject, place: Callable[[Box], Box]) -> Box | None:
    try:
        x0, y0, x1, y1 = item.get_bounds()
    except pdfium.PdfiumError:
        return None
    return place(Box(x0, y0, x1, y1))


def _path(item: pdfium.PdfObject, rules: list[Box], shades: list[Box], place: Callable[[Box], Box]) -> None:
    box = _bounds(item, place)
    if box is None:
        return
    fill, stroke = ctypes.c_int(0), ctypes.c_int(0)
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if fill.value:
        red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
        raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
        if min(red.value, green.value, blue.value) < 250 and alpha.value > 25:
            shades.append(box)
        if min(box.width, box.height) < _THICK < max(box.width, box.height):
            rules.append(box)
    if stroke.value:
        rules += _straight_lines(item, place)


def _straight_lines(item: pdfium.PdfObject, place: Callable[[Box], Box]) -> Iterator[Box]:
    """The level and upright lines of a stroked path."""
    m = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for at in range(min(raw.FPDFPath_CountSegments(item), _MOST_DRAWINGS)):
        segment = raw.FPDFPath_GetPathSegment(item, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (m.a * x.value + m.c * y.value + m.e, m.b * x.value + m.d * y.value + m.f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _level(before, point, place)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _level(point, start, place)
        before = point


def _level(a: tuple[float, float], b: tuple[float, float], place: Callable[[Box], Box]) -> Iterator[Box]:
    width, height = abs(a[0] - b[0]), abs(a[1] - b[1])
    if min(width, height) < 0.5 and max(width, height) > _THICK:
        yield place(Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))
