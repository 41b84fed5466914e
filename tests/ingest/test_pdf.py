"""PDF with a text layer: reading order, running heads, whole sentences, tables, headings, refusals."""

from __future__ import annotations

from pathlib import Path

import pdf_samples as samples
import pytest
from pdf_samples import A4, BODY, CHAPTER, PLAIN, SONG, TITLE, clause, drawn, fine_table, lines_pdf, typeset
from reportlab.lib import colors, pdfencrypt
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table

from ingest.blocks import Block, BlockKind
from ingest.errors import IngestError
from ingest.paged.pdf import is_pdf, read_pdf
from ingest.paged.reading import PageLimits

WIDTH, HEIGHT = A4
LONG = [clause(n) for n in range(1, 25)]


def blocks(data: bytes, kind: BlockKind | None = None) -> list[Block]:
    found = list(read_pdf(data, "手册.pdf").blocks)
    return found if kind is None else [b for b in found if b.kind is kind]


def texts(data: bytes, kind: BlockKind | None = BlockKind.PARAGRAPH) -> list[str]:
    return [b.text for b in blocks(data, kind)]


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_every_article_whole_and_in_order(columns: int) -> None:
    story = [Paragraph("热线工作手册", TITLE), *(Paragraph(text, BODY) for text in LONG)]
    data = typeset(story, columns=columns, head="清泉净水 · 内部文件", foot=lambda n: f"- {n} -")
    assert texts(data) == LONG
    assert texts(data, BlockKind.HEADING) == ["热线工作手册"]


def test_paragraphs_without_indent() -> None:
    assert texts(typeset([Paragraph(text, PLAIN) for text in LONG])) == LONG


@pytest.mark.endurance
def test_a_long_manual_loses_nothing() -> None:
    """A thousand articles over a hundred pages whose sentences repeat: no line is taken for a running head."""
    wanted = [clause(n) for n in range(1, 1100)]
    data = typeset([Paragraph(t, BODY) for t in wanted], columns=2, head="守则", foot=lambda n: f"- {n} -")
    assert texts(data) == wanted


def test_pages_of_blocks() -> None:
    pages = [b.page for b in blocks(samples.manual_pdf())]
    assert pages == sorted(pages, key=lambda p: p or 0)
    assert set(pages) == {1, 2, 3, 4, 5, 6, 7}


def test_a_manual_in_two_columns_reads_as_in_one() -> None:
    one, two = blocks(samples.manual_pdf(1)), blocks(samples.manual_pdf(2))
    assert [(b.kind, b.text, b.level, b.rows) for b in one] == [
        (b.kind, b.text, b.level, b.rows) for b in two
    ]
    assert [b.rows for b in two if b.kind is BlockKind.TABLE] == [tuple(samples.FINES)]
    assert [(b.level, b.text) for b in two if b.kind is BlockKind.HEADING][:2] == [
        (1, "清泉净水服务热线工作手册"),
        (2, "第一章 滤芯服务"),
    ]


def test_a_file_of_another_producer() -> None:
    """Made by LibreOffice: columns in the middle of a page, hanging punctuation, a note at the foot, bold headings."""
    data = (Path(__file__).parent / "files" / "libreoffice_store.pdf").read_bytes()
    found = blocks(data)
    headings = [b.text for b in found if b.kind is BlockKind.HEADING]
    assert headings == [
        "城南门店接待守则",
        "一、接待时间",
        "二、赔付标准",
        "三、岗位分工",
        "四、Warranty in English",
    ]
    paragraphs = [b.text.replace(" ", "") for b in found if b.kind is BlockKind.PARAGRAPH]
    wanted = [clause(n).replace(" ", "") for n in range(1, 13)]
    assert [p for p in paragraphs if p.startswith("第")] == wanted
    table = next(b for b in found if b.kind is BlockKind.TABLE)
    assert table.rows[0] == ("情形", "赔付金额", "批准人")
    assert table.rows[3] == ("安装造成墙面损坏", "按实际修复费用,最高不超过800元", "区域经理")
    note = next(at for at, p in enumerate(paragraphs) if p.startswith("1样机仅供展示"))
    assert paragraphs[note - 1].startswith("第2条")
    assert not any("仅限内部使用" in b.text for b in found)


@pytest.mark.parametrize(
    "foot",
    [
        "第 {0} 页 共 12 页",
        "第{0}页",
        "- {0} -",
        "— {0} —",
        "{0}/12",
        "{0}",
        "Page {0} of 12",
        "共12页 第{0}页",
        "清泉净水 第{0}页",
    ],
)
def test_page_numbers_are_no_text(foot: str) -> None:
    data = typeset(
        [Paragraph(t, BODY) for t in LONG], head="热线守则 V2.3 2024-05-01", foot=lambda n: foot.format(n)
    )
    assert texts(data) == LONG


def test_roman_page_numbers() -> None:
    data = typeset([Paragraph(t, BODY) for t in LONG], foot=lambda n: ("", "i", "ii", "iii", "iv", "v")[n])
    assert texts(data) == LONG


def test_numbered_titles_at_the_top_of_pages_are_text() -> None:
    """The same words at the same place with numbers that do not grow with the pages are no running head."""
    pages = [["附件1 领用登记"], ["押金单据由门店保存两年。"], ["附件2 领用登记"], ["附件3 领用登记"]]
    assert texts(lines_pdf(pages)) == [line for page in pages for line in page]


def test_words_divided_at_the_end_of_a_line() -> None:
    data = lines_pdf(
        [
            [
                "The warranty covers faults of the pump and of the electronic con-",
                "troller for two years. It does not cover filters, which customers buy",
                "at the shop.",
            ]
        ],
        font="Helvetica",
    )
    assert texts(data) == [
        "The warranty covers faults of the pump and of the electronic controller for two years. It does not cover "
        "filters, which customers buy at the shop."
    ]


def test_list_lines_stay_apart() -> None:
    lines = [
        "退货须带齐:",
        "1. 购机发票",
        "2. 质保卡",
        "3. 全部附件",
        "第三条 逾期不退。",
        "一、适用范围",
        "(二)例外",
    ]
    assert texts(lines_pdf([lines])) == lines


def test_headings_by_size() -> None:
    story = [
        Paragraph("门店手册", TITLE),
        Paragraph("第一章 总则", CHAPTER),
        Paragraph(LONG[0], BODY),
        Paragraph("第二章 罚则", CHAPTER),
        Paragraph(LONG[1], BODY),
    ]
    found = blocks(typeset(story))
    assert [(b.kind, b.level) for b in found] == [
        (BlockKind.HEADING, 1),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
    ]


def test_a_row_that_the_page_divides_is_whole() -> None:
    rows = [("情形", "说明"), *((f"情形{n}", "说明文字" * 30 + f"第{n}种") for n in range(1, 40))]
    cells = [[Paragraph(c, samples.CELL) for c in row] for row in rows]
    table = Table(cells, colWidths=[80, 300], repeatRows=1, splitInRow=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    (found,) = blocks(typeset([table]), BlockKind.TABLE)
    assert found.rows == tuple(rows)


def test_cells_that_span_rows_stand_in_each() -> None:
    rows = [
        ["部门", "事项", "时限"],
        ["售后部", "登记", "1天"],
        ["", "上门", "3天"],
        ["财务部", "退款", "7天"],
    ]
    table = Table(rows, colWidths=[80, 80, 80])
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), SONG, 10),
            ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
            ("SPAN", (0, 1), (0, 2)),
            ("BACKGROUND", (0, 0), (-1, 0), colors.navy),
            ("TEXTCOLOR", (0, 0), (-1, 0), colors.white),
        ]
    )
    (found,) = blocks(typeset([table]), BlockKind.TABLE)
    assert found.rows == (
        ("部门", "事项", "时限"),
        ("售后部", "登记", "1天"),
        ("售后部", "上门", "3天"),
        ("财务部", "退款", "7天"),
    )


def test_a_table_without_lines() -> None:
    rows = [
        ["机型", "额定功率", "滤芯寿命"],
        ["J620", "2200W", "12个月"],
        ["J630", "2400W", "18个月"],
        ["K10", "80W", "6个月"],
    ]
    table = Table(rows, colWidths=[120, 120, 120])
    table.setStyle([("FONT", (0, 0), (-1, -1), SONG, 10)])
    found = blocks(typeset([Paragraph(LONG[0], BODY), table, Paragraph(LONG[1], BODY)]))
    assert [b.kind for b in found] == [BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PARAGRAPH]
    assert found[1].rows == tuple(map(tuple, rows))


def test_a_table_of_values_has_no_names() -> None:
    (found,) = blocks(
        typeset([fine_table([("早班", "8:00-16:00"), ("晚班", "16:00-24:00")], [80, 120])]), BlockKind.TABLE
    )
    assert found.rows == (("", ""), ("早班", "8:00-16:00"), ("晚班", "16:00-24:00"))


def test_contents_are_left_out() -> None:
    pages = [
        ["目  录", "第一章 总则 ............ 1", "第二章 上门 ............ 4", "第三章 罚则 ............ 9"],
        ["第一章 总则", "本守则由门店执行。"],
    ]
    assert "".join(texts(lines_pdf(pages))) == "第一章 总则本守则由门店执行。"


def _article(canvas: Canvas, y: float = HEIGHT - 100, x: float = 72) -> None:
    canvas.setFont(SONG, 10.5)
    canvas.drawString(x, y, "第一条 押金由门店代收,当日入账。")
    canvas.drawString(x, y - 18, "第二条 代收凭证保存两年。")


ARTICLES = ["第一条 押金由门店代收,当日入账。", "第二条 代收凭证保存两年。"]


def test_watermarks_and_hidden_text_are_left_out() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        _article(canvas)
        canvas.drawString(72, HEIGHT - 140 - 20 * number, f"第{number + 10}条 本页另有规定。")
        canvas.saveState()
        canvas.translate(200, 400)
        canvas.setFont(SONG, 60)
        canvas.drawString(0, -100, "内部资料")
        canvas.rotate(45)
        canvas.drawString(0, 0, "严禁外传")
        canvas.restoreState()
        canvas.setFont(SONG, 10.5)
        canvas.setFillColor(colors.white)
        canvas.drawString(72, 300, "白纸上的白字")
        canvas.setFillColor(colors.black)
        canvas.drawString(WIDTH + 50, 300, "页外的字")
        hidden = canvas.beginText(72, 260)
        hidden.setTextRenderMode(3)
        hidden.textOut("看不见的字")
        canvas.drawText(hidden)

    got = "".join(texts(drawn(draw, 4), None))
    assert "本页另有规定" in got
    for unwanted in ("内部资料", "严禁外传", "白字", "页外", "看不见"):
        assert unwanted not in got


def test_turned_pages() -> None:
    def landscape(canvas: Canvas, number: int) -> None:
        canvas.setPageRotation(90)
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        _article(canvas, y=400)

    def sideways(canvas: Canvas, number: int) -> None:
        canvas.translate(0, HEIGHT)
        canvas.rotate(-90)
        _article(canvas, y=400)

    def head_down(canvas: Canvas, number: int) -> None:
        canvas.setPageRotation(180)
        canvas.translate(WIDTH, HEIGHT)
        canvas.rotate(180)
        _article(canvas)

    for draw in (landscape, sideways, head_down):
        assert texts(drawn(draw)) == ARTICLES


def test_spaces_that_the_page_does_not_show() -> None:
    """A space after every ideograph (as some exporters write) is none; a gap without a space character is one."""

    def draw(canvas: Canvas, number: int) -> None:
        canvas.setFont(SONG, 10.5)
        for at, char in enumerate("押金由门店代收当日入账"):
            canvas.drawString(72 + at * 10.5, 700, f"{char} ")
        canvas.drawString(72, 650, "第一条")
        canvas.drawString(72 + 31.5 + 8, 650, "押金不退。")
        for at, char in enumerate("工作守则"):
            canvas.drawString(200 + at * 20, 600, char)

    assert texts(drawn(draw)) == ["押金由门店代收当日入账", "第一条 押金不退。", "工作守则"]


def test_letters_printed_twice_count_once() -> None:
    def draw(canvas: Canvas, number: int) -> None:
        _article(canvas)
        canvas.drawString(72.3, HEIGHT - 100, ARTICLES[0])

    assert [b.text for b in blocks(drawn(draw))] == ARTICLES


def test_letters_standing_alone_are_kept() -> None:
    """One letter a text object, in a font that neither the file nor the machine has."""

    def draw(canvas: Canvas, number: int) -> None:
        canvas.setFont(SONG, 10.5)
        for at, char in enumerate(ARTICLES[1]):
            canvas.drawString(72 + at * 10.5, 700, char)

    assert texts(drawn(draw)) == [ARTICLES[1]]


def test_passwords() -> None:
    locked = pdfencrypt.StandardEncryption("geheim", ownerPassword="owner", strength=128)
    with pytest.raises(IngestError, match=r"^手册.pdf is protected by a password"):
        read_pdf(drawn(lambda c, n: _article(c), encrypt=locked), "手册.pdf")
    printable = pdfencrypt.StandardEncryption("", ownerPassword="owner", canCopy=0, strength=128)
    assert texts(drawn(lambda c, n: _article(c), encrypt=printable)) == ARTICLES


@pytest.mark.parametrize("data", [b"%PDF-1.4\n", b"%PDF-1.7\n" + b"\0" * 500, samples.text_pdf()[:200]])
def test_broken_files(data: bytes) -> None:
    assert is_pdf(data)
    with pytest.raises(IngestError, match=r"^a.pdf is a (?:broken )?PDF"):
        read_pdf(data, "a.pdf")


def test_a_file_without_its_end_is_repaired() -> None:
    data = samples.text_pdf()
    assert texts(data[: data.rindex(b"xref")]) == texts(data)


def test_limits_and_emptiness() -> None:
    data = lines_pdf([["一、概述"]] * 4)
    with pytest.raises(IngestError, match="has 4 pages, more than the 3"):
        read_pdf(data, "a.pdf", PageLimits(pages=3))
    with pytest.raises(IngestError, match="holds no text"):
        read_pdf(drawn(lambda c, n: None, 2), "a.pdf")
    notes = read_pdf(lines_pdf([["一、概述如下。"], [], ["二、细则如下。"]]), "a.pdf").notes
    assert notes == ("第2页没有文字。",)
