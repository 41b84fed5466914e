"""Damaged PDFs and pictures: one sentence or a normal reading, within a bounded time, never a traceback."""

from __future__ import annotations

import pdf_samples as samples
import pytest

from ingest.blocks import BlockKind
from ingest.errors import IngestError
from ingest.paged.ocr import read_image
from ingest.paged.pdf import read_pdf
from ingest.paged.reading import PagedReading, PageLimits

SLOW_KINDS = ("scan.pdf", "picture.png", "picture.jpg", "fax.tif")


def _outcome(data: bytes, name: str, *, recognised: int = 200) -> str:
    limits = PageLimits(recognised_pages=recognised)
    read = read_pdf if name.endswith(".pdf") else read_image
    try:
        reading: PagedReading = read(data, name, limits)
    except IngestError as error:
        text = str(error)
        assert text.startswith(name)
        assert "\n" not in text
        assert text.endswith((".", "。"))
        return "refused"
    assert all(b.page is None or 1 <= b.page <= reading.pages for b in reading.blocks)
    assert all(b.rows if b.kind is BlockKind.TABLE else b.text for b in reading.blocks)
    return "read"


@pytest.mark.parametrize("name", ["text.pdf", "manual.pdf"])
def test_damaged_text_files(name: str) -> None:
    whole = samples.SEEDS[name]()
    # What loses its text layer would be recognised; that costs seconds a page and is left to the slow test.
    outcomes = {
        _outcome(samples.damaged(whole, seed), name, recognised=0)
        for seed in range(48 if name == "text.pdf" else 12)
    }
    assert outcomes == {"read", "refused"}


def test_damaged_pictures() -> None:
    for seed, name in enumerate(SLOW_KINDS):
        _outcome(samples.damaged(samples.SEEDS[name](), seed), name)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", samples.SEEDS)
def test_many_damaged_files(name: str) -> None:
    whole = samples.SEEDS[name]()
    recognising = name in SLOW_KINDS
    for seed in range(100, 130 if recognising else 300):
        _outcome(samples.damaged(whole, seed), name, recognised=200 if recognising else 0)
