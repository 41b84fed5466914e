"""Scans and photographs: their text by character recognition (rapidocr, whose wheel carries the Chinese models).

Nothing is fetched at run time. Lines are laid out as those of a text page are, so columns, tables drawn with lines,
running heads and sentences over pages work alike.
"""

from __future__ import annotations

import math
import struct
import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence

from ingest.errors import IngestError
from ingest.paged.page_blocks import blocks
from ingest.paged.page_flow import Columns
from ingest.paged.page_tables import ruled_tables
from ingest.paged.pages import Page, Run
from ingest.paged.reading import PagedReading, PageLimits, notes
from ingest.paged.running_heads import remove_running
from ingest.paged.scan_rules import drawn_rules

if TYPE_CHECKING:
    from rapidocr import RapidOCR

Pixels = NDArray[np.uint8]

_PAGE_WIDTH = 595.0
"""Points that a picture is taken to be wide (A4): a picture does not say reliably how large it was."""
_WIDEST = 1700
"""Pixels across to which larger pictures are reduced; about 200 dots an inch on A4."""
_SLICE = 1.8
"""Longer pictures (screenshots) are read in slices so many times as high as wide."""
_LETTER = 0.8
"""Height of the letters as a share of the box around a line."""
_LOW_CONFIDENCE = 0.92
_GUESS = 0.4
"""A line read with less confidence is left out (but counts for the page's confidence)."""
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM")
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    RuntimeError,
    struct.error,
)
"""What Pillow's decoders raise on damaged files."""
warnings.filterwarnings(
    "ignore", module=r"PIL\."
)  # what Pillow finds odd about a file is no message for people
_BUSY = threading.Lock()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page that was recognised, with the mean confidence (0 to 1) of its lines."""

    page: Page
    confidence: float

    @property
    def doubtful(self) -> bool:
        """Whether the page ought to be compared with the original."""
        return self.confidence < _LOW_CONFIDENCE


def is_image(head: bytes) -> bool:
    """Whether a file that begins with `head` is a picture of a kind that can be read."""
    if head.startswith(b"BM"):
        return (
            len(head) > 18
            and head[6:10] == b"\0\0\0\0"
            and head[14:18] in (b"\x28\0\0\0", b"\x7c\0\0\0", b"\x6c\0\0\0", b"\x0c\0\0\0")
        )
    return head.startswith(_SIGNATURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def read_image(data: bytes, name: str, limits: PageLimits | None = None) -> PagedReading:
    """The blocks of a picture or of all pages of a TIFF. Raises IngestError (one sentence) when it is broken, over a
    limit or shows no text."""
    limits = limits or PageLimits()
    pages: list[Page] = []
    doubtful: list[int] = []
    columns = Columns()
    for number, image in enumerate(_frames(data, name, limits), 1):
        read = recognise(image, number, columns)
        pages.append(read.page)
        if read.page.flow and read.doubtful:
            doubtful.append(number)
    remove_running(pages)
    found = blocks(pages)
    if not found:
        raise IngestError(
            f"{name} shows no text that can be recognised; scan or photograph it again more clearly."
        )
    return PagedReading(tuple(found), tuple(notes(pages, [], doubtful)), len(pages))


def _frames(data: bytes, name: str, limits: PageLimits) -> Iterator[Image.Image]:
    """The picture's pages, upright as its camera says, on white."""
    broken = f"{name} is a broken picture and cannot be opened; save or photograph it again."
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            count = int(getattr(opened, "n_frames", 1)) if opened.format == "TIFF" else 1
            if count > limits.recognised_pages:
                raise IngestError(
                    f"{name} has {count} pages, more than the {limits.recognised_pages} that are recognised in one "
                    "file; divide it."
                )
            for at, frame in enumerate(ImageSequence.Iterator(opened)):
                if at >= count:
                    break
                if frame.width * frame.height > limits.megapixels * 1e6:
                    raise IngestError(
                        f"{name} has {frame.width} × {frame.height} pixels, more than {limits.megapixels:g} million; "
                        "save it smaller (200 dots an inch are enough)."
                    )
                yield _plain(ImageOps.exif_transpose(frame))
    except IngestError:
        raise
    except Image.DecompressionBombError as error:
        raise IngestError(
            f"{name} has more pixels than {limits.megapixels:g} million; save it smaller (200 dots an inch are "
            "enough)."
        ) from error
    except _BROKEN as error:
        raise IngestError(broken) from error


def _plain(image: Image.Image) -> Image.Image:
    """The picture in three colours without transparency."""
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        top = max(float(values.max()), 1.0)
        return Image.fromarray((values / top * 255).astype(np.uint8)).convert("RGB")
    if "A" in image.getbands() or "transparency" in image.info:
        over = image.convert("RGBA")
        ground = Image.new("RGBA", over.size, "white")
        ground.alpha_composite(over)
        return ground.convert("RGB")
    return image.convert("RGB")


@lru_cache(maxsize=1)
def _engine() -> RapidOCR:
    from rapidocr import RapidOCR  # half a second, and its models

    return RapidOCR(
        params={"Global.log_level": "critical", "Global.max_side_len": 8000, "Global.text_score": 0.0}
    )


def recognise(image: Image.Image, number: int, columns: Columns) -> Recognised:
    """The text of a page that was rendered or photographed; a page that lies on its side or head is turned.
    `columns` knows the file's earlier pages."""
    if image.width > _WIDEST * 1.15 and image.height > _WIDEST * 0.5:
        image = image.resize((_WIDEST, max(1, round(image.height * _WIDEST / image.width))))
    pixels = np.ascontiguousarray(np.asarray(image, dtype=np.uint8)[:, :, ::-1])
    with _BUSY:
        lines = _lines(pixels)
        if lines and _lies_on_side(lines):
            pixels = np.ascontiguousarray(np.rot90(pixels))
            lines = _lines(pixels)
        if lines and _stands_on_head(pixels, lines):
            pixels = np.ascontiguousarray(np.rot90(pixels, 2))
            lines = _lines(pixels)
    return _page(pixels, lines, number, columns)


@dataclass(frozen=True, slots=True)
class _Found:
    corners: NDArray[np.float64]
    text: str
    score: float

    @property
    def width(self) -> float:
        return float(np.hypot(*(self.corners[1] - self.corners[0])))

    @property
    def height(self) -> float:
        return float(np.hypot(*(self.corners[3] - self.corners[0])))


def _lines(pixels: Pixels) -> list[_Found]:
    found = []
    for top, bottom in _slices(pixels):
        result: Any = _engine()(pixels[top:bottom])
        if result.boxes is None or result.txts is None:
            continue
        for corners, text, score in zip(result.boxes, result.txts, result.scores, strict=True):
            if text.strip():
                moved = np.asarray(corners, dtype=np.float64) + np.array([0.0, top])
                found.append(_Found(moved, text.strip(), float(score)))
    return found


def _slices(pixels: Pixels) -> Iterator[tuple[int, int]]:
    """From where to where a picture is read at once; a long one is cut where the fewest letters stand."""
    height, width = pixels.shape[:2]
    reach = max(int(_SLICE * width), 200)
    if height <= 1.3 * reach:
        yield 0, height
        return
    ink = np.abs(np.diff(pixels[:, :, 1].astype(np.int16), axis=1)).sum(axis=1)
    top = 0
    while height - top > 1.3 * reach:
        low = top + int(0.7 * reach)
        window = np.convolve(ink[low : top + reach], np.ones(9), mode="same")
        cut = low + int(window.argmin())
        yield top, cut
        top = cut
    yield top, height


def _lies_on_side(lines: Sequence[_Found]) -> bool:
    """Whether most of the text runs from top to bottom (or back): boxes are higher than wide."""
    spread = [np.ptp(f.corners, axis=0) for f in lines if len(f.text) > 2]
    return len(spread) >= 3 and sum(bool(s[1] > 1.5 * s[0]) for s in spread) > 0.6 * len(spread)


def _stands_on_head(pixels: Pixels, lines: Sequence[_Found]) -> bool:
    crops = []
    for line in sorted(lines, key=lambda f: -f.width)[:9]:
        (x0, y0), (x1, y1) = line.corners.min(axis=0).astype(int), line.corners.max(axis=0).astype(int)
        crop = pixels[max(y0, 0) : y1 + 1, max(x0, 0) : x1 + 1]
        if crop.size:
            crops.append(np.ascontiguousarray(crop))
    if not crops:
        return False
    _, judged = _engine().cls_and_rotate(crops)
    votes: Any = judged.cls_res or []
    upside_down = sum(label == "180" and score > 0.8 for label, score in votes)
    return bool(upside_down > 0.6 * len(crops))


def _page(pixels: Pixels, lines: Sequence[_Found], number: int, columns: Columns) -> Recognised:
    height, width = pixels.shape[:2]
    scale = _PAGE_WIDTH / max(width, 1)
    page = Page(number, width * scale, height * scale, scanned=True)
    if not lines:
        return Recognised(page, 0.0)
    slope = _slope(lines)
    turned = np.array([[math.cos(slope), math.sin(slope)], [-math.sin(slope), math.cos(slope)]])
    pieces = [_run(line, turned, scale) for line in lines if line.score >= _GUESS]
    rules = drawn_rules(pixels, slope, scale)
    tables, rest = ruled_tables(rules, pieces)
    page.flow = columns.flow([*rest, *tables])
    letters = sum(len(f.text) for f in lines)
    return Recognised(page, sum(f.score * len(f.text) for f in lines) / letters)


def _slope(lines: Sequence[_Found]) -> float:
    """By how much the page lies askew, in radians; a little more than the measure's own error counts."""
    long = [f for f in lines if f.width > 6 * f.height]
    if len(long) < 3:
        return 0.0
    angles = [math.atan2(*(f.corners[1] - f.corners[0])[::-1]) for f in long]
    slope = median(angles)
    return slope if 0.003 < abs(slope) < 0.35 else 0.0


def _run(line: _Found, turned: NDArray[np.float64], scale: float) -> Run:
    corners = line.corners @ turned.T * scale
    middle = float(corners[:, 1].mean())
    height = line.height * scale
    size = max(height * _LETTER, 0.5)
    left, right = float(corners[:, 0].min()), float(corners[:, 0].max())
    return Run(left, middle - height / 2, right, middle + height / 2, line.text, size)
