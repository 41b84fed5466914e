"""Letters of PDF pages whose fonts are not in the file, by pdfminer.

Older Chinese PDFs name a font (宋体) and leave it to the reader's machine. Where the machine lacks it, pdfium drops
letters that stand alone; pdfminer needs no font to know them, but takes ten times as long.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTContainer, LTPage
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.psexceptions import PSException

from ingest.paged.pages import Box, Glyph
from ingest.paged.pdf_page import Letter, font_weight, on_baseline, quarter_turn
from ingest.paged.radicals import ideographs

_HIDDEN = (3, 7)
"""Text modes of PDF that print nothing."""
_BROKEN = (
    PSException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RuntimeError,
    OSError,
    struct.error,
)
"""What pdfminer raises on damaged files."""
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


class UnembeddedFonts:
    """The letters of a file's pages, read on demand."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._pages: list[PDFPage] | None = None

    def letters(self, number: int) -> list[Letter]:
        """Visible letters of page `number`, in the file's order; none when pdfminer cannot read the page."""
        try:
            if self._pages is None:
                document = PDFDocument(PDFParser(BytesIO(self._data)))
                self._pages = list(PDFPage.create_pages(document))
            page = self._pages[number - 1]
            page.rotate = 0
            reader = _Reader()
            PDFPageInterpreter(reader.rsrcmgr, reader).process_page(page)
            left, bottom = float(page.mediabox[0]), float(page.mediabox[1])
            return list(_letters(reader.found, left, bottom))
        except _BROKEN:
            return []


class _Reader(PDFLayoutAnalyzer):
    """Collects what is printed; text that is not printed is passed over."""

    def __init__(self) -> None:
        super().__init__(PDFResourceManager(), laparams=None)
        self.found: list[LTChar] = []

    def render_string(self, textstate: Any, *rest: Any) -> None:
        if textstate.render not in _HIDDEN:
            super().render_string(textstate, *rest)

    def receive_layout(self, ltpage: LTPage) -> None:
        self.found = list(_chars(ltpage))


def _chars(container: Iterable[Any]) -> Iterator[LTChar]:
    for item in container:
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer):
            yield from _chars(item)


def _letters(chars: Iterable[LTChar], left: float, bottom: float) -> Iterator[Letter]:
    spaced = False
    for char in chars:
        text = char.get_text()
        if text.startswith("(cid:"):
            text = "\ufffd"
        if not text.strip():
            spaced = True
            continue
        turn = quarter_turn(char.matrix[0], char.matrix[1])
        size = char.size if turn in (0, 2) else char.width
        if turn is None or size < 1.5:
            continue
        box = Box(char.x0 + left, char.y0 + bottom, char.x1 + left, char.y1 + bottom)
        box = on_baseline(box, char.matrix[4] + left, char.matrix[5] + bottom, size, turn)
        weight = font_weight(char.fontname.encode("utf-8", errors="replace"))
        glyph = Glyph(
            box.x0, box.top, box.x1, box.bottom, "".join(map(ideographs, text)), size, weight, spaced
        )
        yield Letter(glyph, turn, white=_is_white(char.graphicstate.ncolor))
        spaced = False


def _is_white(colour: object) -> bool:
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    return len(parts) in (1, 3) and all(isinstance(p, (int, float)) and p >= 0.98 for p in parts)
