"""PDF files: text pages through pdfium, scanned pages through character recognition, page after page.

A page whose text layer is missing, hidden or garbled is rendered and recognised; all pages together become blocks,
so that running heads are known by their repetition and sentences go on over pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.errors import IngestError
from ingest.paged.page_blocks import blocks
from ingest.paged.page_flow import Columns
from ingest.paged.page_runs import runs
from ingest.paged.page_tables import ruled_tables
from ingest.paged.pages import Page
from ingest.paged.pdf_page import PDFIUM, read_page
from ingest.paged.pdf_unembedded import UnembeddedFonts
from ingest.paged.reading import PagedReading, PageLimits, notes
from ingest.paged.running_heads import remove_running
from ingest.paged.text_layer import is_unusable

_DOTS_PER_INCH = 200
_MOST_PIXELS = 9_000_000
"""Of a rendered page; larger sheets are rendered more coarsely."""


def is_pdf(head: bytes) -> bool:
    """Whether a file that begins with `head` is a PDF (other bytes may stand before its header)."""
    return b"%PDF-" in head[:1024]


def read_pdf(data: bytes, name: str, limits: PageLimits | None = None) -> PagedReading:
    """The blocks of a PDF file. Raises IngestError (one sentence) when it is encrypted, broken, over a limit or
    holds no text."""
    limits = limits or PageLimits()
    with PDFIUM:
        document = _opened(data, name)
    try:
        pages, broken = _text_pages(document, data, name, limits)
        scans = [p for p in pages if p.scanned]
        if len(scans) > limits.recognised_pages:
            raise IngestError(
                f"{name} has {len(scans)} scanned pages, more than the {limits.recognised_pages} that are recognised "
                "in one file; divide it into smaller files or give a file with a text layer."
            )
        doubtful = _recognise(document, scans)
    finally:
        with PDFIUM:
            document.close()
    remove_running(pages)
    found = blocks(pages)
    if not found:
        raise IngestError(
            f"{name} holds no text that can be read, not even by character recognition; scan it again more clearly "
            "or give the manual as text."
        )
    return PagedReading(tuple(found), tuple(notes(pages, broken, doubtful)), len(pages) + len(broken))


def _opened(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise IngestError(
                f"{name} is protected by a password; save it without one and send it again."
            ) from error
        raise IngestError(
            f"{name} is a broken PDF and cannot be opened; export it again from its source."
        ) from error
    if len(document) == 0:
        document.close()
        raise IngestError(f"{name} is a PDF without a readable page; export it again from its source.")
    return document


def _text_pages(
    document: pdfium.PdfDocument, data: bytes, name: str, limits: PageLimits
) -> tuple[list[Page], list[int]]:
    """All pages with their flow, those to recognise marked as scanned; and the numbers of broken pages."""
    count = len(document)
    if count > limits.pages:
        raise IngestError(
            f"{name} has {count} pages, more than the {limits.pages} that one file may have; divide it."
        )
    unembedded = UnembeddedFonts(data)
    columns = Columns()
    pages: list[Page] = []
    broken: list[int] = []
    for number in range(1, count + 1):
        try:
            with PDFIUM:
                sheet = document[number - 1]
                try:
                    page = read_page(sheet, number, partial(unembedded.letters, number))
                finally:
                    sheet.close()
        except pdfium.PdfiumError:
            broken.append(number)
            continue
        page.scanned = is_unusable(page)
        if not page.scanned:
            _lay_out(page, columns)
        page.glyphs.clear()
        page.rules.clear()
        pages.append(page)
    if not pages:
        raise IngestError(f"{name} has no page that can be read; export it again from its source.")
    return pages, broken


def _lay_out(page: Page, columns: Columns) -> None:
    """Sets the page's flow from its glyphs and rules."""
    tables, rest = ruled_tables(page.rules, page.glyphs)
    page.flow = columns.flow([*runs(rest), *tables])


def _recognise(document: pdfium.PdfDocument, scans: Sequence[Page]) -> list[int]:
    """Sets the flow of scanned pages; returns the numbers of those that were hard to read."""
    if not scans:
        return []
    from ingest.paged.ocr import recognise  # brings a runtime for models: only when there is a scan

    columns = Columns()
    doubtful = []
    for page in scans:
        with PDFIUM:
            sheet = document[page.number - 1]
            width, height = sheet.get_size()
            scale = min(
                _DOTS_PER_INCH / 72,
                (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5,
                12000 / max(width, height),
            )
            bitmap = sheet.render(scale=scale, may_draw_forms=False)
            image = bitmap.to_pil().convert("RGB")
            bitmap.close()
            sheet.close()
        read = recognise(image, page.number, columns)
        page.flow, page.width, page.height = read.page.flow, read.page.width, read.page.height
        if page.flow and read.doubtful:
            doubtful.append(page.number)
    return doubtful
