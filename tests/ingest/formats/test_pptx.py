"""Slides: titles are headings, points are items, the page is the slide."""

from __future__ import annotations

import io

from pptx import Presentation
from pptx.util import Inches

from ingest.blocks import Block, BlockKind
from ingest.readers import read_bytes
from ingest.structure import split_manuals


def deck() -> bytes:
    show = Presentation()
    opening = show.slides.add_slide(show.slide_layouts[0])
    opening.shapes.title.text = "喂鸟培训"
    opening.placeholders[1].text = "鸟舍 2026"
    points = show.slides.add_slide(show.slide_layouts[1])
    points.shapes.title.text = "一、喂食"
    frame = points.placeholders[1].text_frame
    frame.text = "每天早上七点喂一次"
    below = frame.add_paragraph()
    below.text, below.level = "雏鸟两次", 1
    points.notes_slide.notes_text_frame.text = "此处示范用小勺。"
    hidden = show.slides.add_slide(show.slide_layouts[1])
    hidden.shapes.title.text = "作废"
    hidden._element.set("show", "0")
    last = show.slides.add_slide(show.slide_layouts[5])
    last.shapes.title.text = "二、用量"
    table = last.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for r, row in enumerate((("品种", "食量"), ("文鸟", "一勺"), ("鹦鹉", "两勺"))):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    right = last.shapes.add_textbox(Inches(5), Inches(5), Inches(2), Inches(1))
    left = last.shapes.add_textbox(Inches(1), Inches(5), Inches(2), Inches(1))
    right.text_frame.text, left.text_frame.text = "右边的话。", "左边的话。"
    numbered = last.shapes.add_textbox(Inches(1), Inches(6), Inches(2), Inches(1)).text_frame
    for text in ("先洗手", "再喂食"):
        paragraph = numbered.paragraphs[0] if text == "先洗手" else numbered.add_paragraph()
        paragraph.text = text
        numbering = paragraph._p.get_or_add_pPr().makeelement(
            "{http://schemas.openxmlformats.org/drawingml/2006/main}buAutoNum", {"type": "arabicPeriod"}
        )
        paragraph._p.get_or_add_pPr().append(numbering)
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def test_blocks_of_a_deck() -> None:
    assert list(read_bytes(deck(), "课.pptx").blocks) == [
        Block(BlockKind.HEADING, "喂鸟培训", 1, page=1),
        Block(BlockKind.PARAGRAPH, "鸟舍 2026", page=1),
        Block(BlockKind.HEADING, "一、喂食", 2, page=2),
        Block(BlockKind.ITEM, "每天早上七点喂一次", 1, "•", page=2),
        Block(BlockKind.ITEM, "雏鸟两次", 2, "•", page=2),
        Block(BlockKind.PARAGRAPH, "此处示范用小勺。", page=2),
        Block(BlockKind.HEADING, "二、用量", 2, page=4),
        Block(BlockKind.TABLE, rows=(("品种", "食量"), ("文鸟", "一勺"), ("鹦鹉", "两勺")), page=4),
        Block(BlockKind.PARAGRAPH, "左边的话。", page=4),
        Block(BlockKind.PARAGRAPH, "右边的话。", page=4),
        Block(BlockKind.ITEM, "先洗手", 1, "1.", page=4),
        Block(BlockKind.ITEM, "再喂食", 1, "2.", page=4),
    ]


def test_clauses_know_their_slide() -> None:
    (draft,) = split_manuals(read_bytes(deck(), "课.pptx"))
    assert draft.title == "喂鸟培训"
    pages = {c.text.split("\n")[0]: c.page for c in draft.clauses}
    assert pages["• 每天早上七点喂一次"] == 2
    assert pages["品种: 鹦鹉; 食量: 两勺"] == 4
    assert all(c.page for c in draft.clauses)
