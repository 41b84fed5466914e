"""What reading a file of pages gives and may cost, and what the admin is told about its pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.blocks import Block
from ingest.paged.pages import Page


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How much one file may cost: pages in all, pages to recognise, and pixels of a picture in millions."""

    pages: int = 2000
    recognised_pages: int = 200
    megapixels: float = 100.0


@dataclass(frozen=True, slots=True)
class PagedReading:
    """What a paged file says. `notes` are sentences for the admin; `pages` counts the file's pages."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    pages: int


def notes(pages: Sequence[Page], broken: Sequence[int], doubtful: Sequence[int]) -> Iterable[str]:
    """Sentences for the admin about pages that were recognised, hard to read, empty or broken."""
    scanned = [p.number for p in pages if p.scanned and p.flow]
    empty = [p.number for p in pages if not p.flow]
    if scanned:
        yield f"第{spans(scanned)}页是扫描件,文字由OCR识别。"
    if doubtful:
        yield f"第{spans(doubtful)}页识别把握不大,请对照原件核对。"
    if empty:
        yield f"第{spans(empty)}页没有文字。"
    if broken:
        yield f"第{spans(broken)}页已损坏,未能读取。"


def spans(numbers: Sequence[int]) -> str:
    """Page numbers for people: 1、3–5."""
    ordered = sorted(numbers)
    groups = [[ordered[0]]]
    for a, b in pairwise(ordered):
        if b == a + 1:
            groups[-1].append(b)
        else:
            groups.append([b])
    return "、".join(str(g[0]) if len(g) == 1 else f"{g[0]}–{g[-1]}" for g in groups)
