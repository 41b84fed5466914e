"""Real PDF files and pictures that tests make: texts of our own, drawn by reportlab and Pillow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from io import BytesIO
from random import Random

from noto_cjk_sans_otc import FONT_PATH
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
WIDTH, HEIGHT = A4

BODY = ParagraphStyle(
    "body", fontName=SONG, fontSize=10.5, leading=16, firstLineIndent=21, wordWrap="CJK", spaceAfter=2
)
PLAIN = ParagraphStyle("plain", BODY, firstLineIndent=0)
CHAPTER = ParagraphStyle("chapter", fontName=SONG, fontSize=14, leading=24, wordWrap="CJK")
TITLE = ParagraphStyle("title", fontName=SONG, fontSize=20, leading=34, alignment=1, wordWrap="CJK")
CELL = ParagraphStyle("cell", fontName=SONG, fontSize=9, leading=12, wordWrap="CJK")


def drawn(draw: Callable[[Canvas, int], None], pages: int = 1, **options: object) -> bytes:
    """A PDF whose pages `draw` draws (it gets the page's number from 1)."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, **options)
    for number in range(1, pages + 1):
        draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines_pdf(pages: Sequence[Sequence[str]], *, size: float = 10.5, font: str = SONG) -> bytes:
    """A PDF with each page's lines one below the other, all from the left margin."""

    def draw(canvas: Canvas, number: int) -> None:
        canvas.setFont(font, size)
        for at, line in enumerate(pages[number - 1]):
            canvas.drawString(72, HEIGHT - 90 - at * size * 1.6, line)

    return drawn(draw, len(pages))


def typeset(
    story: Iterable[Flowable],
    *,
    columns: int = 1,
    head: str = "",
    foot: Callable[[int], str] = lambda number: "",
) -> bytes:
    """A PDF that reportlab breaks into lines, columns and pages; a title that the story begins
    with stands over the columns."""
    buffer = BytesIO()

    def margins(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont(SONG, 9)
        canvas.drawString(60, HEIGHT - 40, head)
        canvas.drawCentredString(WIDTH / 2, 30, foot(document.page))

    gap = 24
    wide = (WIDTH - 120 - gap * (columns - 1)) / columns
    frames = [
        Frame(60 + at * (wide + gap), 60, wide, HEIGHT - 120, 0, 0, 0, 0, id=f"c{at}")
        for at in range(columns)
    ]
    title = Frame(60, HEIGHT - 130, WIDTH - 120, 70, 0, 0, 0, 0, id="title")
    below = [
        Frame(60 + at * (wide + gap), 60, wide, HEIGHT - 200, 0, 0, 0, 0, id=f"f{at}")
        for at in range(columns)
    ]
    first = PageTemplate(id="first", frames=[title, *below], onPage=margins)
    later = PageTemplate(id="later", frames=frames, onPage=margins)
    story = list(story)
    titled = isinstance(story[0], Paragraph) and story[0].style is TITLE
    if titled:
        story.insert(1, FrameBreak())
    document = BaseDocTemplate(buffer, pagesize=A4)
    document.addPageTemplates([first, later] if titled else [later])
    document.build([NextPageTemplate("later"), *story])
    return buffer.getvalue()


def fine_table(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Table:
    """A ruled table whose first row is printed again on every page."""
    cells = [[Paragraph(cell, CELL) for cell in row] for row in rows]
    table = Table(cells, colWidths=list(widths), repeatRows=1)
    table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return table


TOPICS = (
    "净水器",
    "滤芯",
    "上门安装",
    "旧机回收",
    "夜间值守",
    "回访",
    "退款",
    "换货",
    "备件",
    "发票",
    "质保卡",
    "水质检测",
)
SENTENCES = (
    "接线员收到{0}方面的来电后,先核对客户登记的手机号码,再把来电时间、来电原因和客户的期望逐项写进工单,不得用缩写代替机型。",
    "{0}工单在当日18:30之前没有结果的,由接线员在下班前打电话告诉客户最新进展,并约定下一次联系的时间。",
    "涉及{0}的费用一律以系统报价为准,超过{1}元的须由组长复核后再告知客户,口头承诺的优惠同样要在工单里留下记录。",
    "客户对{0}的处理结果不满意时,接线员应当先道歉再解释,两次解释之后客户仍不接受的,在{2}分钟内转给值班组长。",
)


def clause(number: int) -> str:
    """The text of article `number`: several sentences, no two articles alike."""
    topic = TOPICS[number % len(TOPICS)]
    body = "".join(s.format(topic, 100 + number * 7, 5 + number) for s in SENTENCES[: 2 + number % 3])
    return f"第{number}条 {topic}事项第{number}号规定。{body}"


FINES = [
    ("序号", "行为", "扣款", "处理人"),
    *(
        (
            str(n),
            f"{TOPICS[n % len(TOPICS)]}工单漏记第{n}类信息且经提醒仍未补齐",
            f"{n * 5}元",
            "班组长" if n % 2 else "质检员",
        )
        for n in range(1, 31)
    ),
]


@lru_cache
def manual_pdf(columns: int = 2) -> bytes:
    """A manual of more than six pages: title over the columns, chapters, articles, a table that goes on over a
    page, running heads and page numbers."""
    story: list[Flowable] = [Paragraph("清泉净水服务热线工作手册", TITLE)]
    for chapter in range(1, 6):
        story.append(Paragraph(f"第{'一二三四五'[chapter - 1]}章 {TOPICS[chapter]}服务", CHAPTER))
        story += [Paragraph(clause(n), BODY) for n in range(chapter * 10 - 9, chapter * 10 + 1)]
        if chapter == 3:
            story += [Spacer(1, 6), fine_table(FINES, (28, 100, 45, 52)), Spacer(1, 6)]
    return typeset(story, columns=columns, head="清泉净水 · 内部文件", foot=lambda n: f"第 {n} 页 共 12 页")


def picture(
    lines: Sequence[str],
    *,
    size: int = 30,
    width: int = 1240,
    height: int = 1754,
    left: int = 120,
    step: float = 1.7,
) -> Image.Image:
    """A white page with lines of Chinese text, as a scanner at 150 dots an inch gives it."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    font = chinese_font(size)
    for at, line in enumerate(lines):
        pen.text((left, 120 + at * size * step), line, font=font, fill="black")
    return image


@lru_cache
def chinese_font(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans CJK (simplified) at `size` pixels."""
    return ImageFont.truetype(str(FONT_PATH), size, index=2)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file of one of Pillow's formats."""
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


SCAN_LINES = (
    "第一条 门店来电应当在三声之内接起。",
    "第二条 客户要求退还押金的,须核对收据编号。",
    "第三条 超过500元的赔付由区域经理签字。",
)


def text_pdf() -> bytes:
    """A small PDF with a text layer."""
    return lines_pdf([list(SCAN_LINES)])


def scanned_pdf(pages: Sequence[Sequence[str]] = (SCAN_LINES,)) -> bytes:
    """A PDF whose pages are pictures only."""
    first, *others = [picture(lines, width=827, height=1169, size=24, left=80) for lines in pages]
    return encoded(first, "PDF", save_all=True, append_images=others, resolution=100)


def small_picture() -> Image.Image:
    """Three lines: quick to recognise."""
    return picture(SCAN_LINES, width=800, height=420, size=28, left=60)


def png() -> bytes:
    """A PNG of three lines of text."""
    return encoded(small_picture(), "PNG")


def jpeg() -> bytes:
    """A JPEG of three lines of text."""
    return encoded(small_picture(), "JPEG", quality=90)


def tiff() -> bytes:
    """A TIFF of two pages."""
    return encoded(
        small_picture(),
        "TIFF",
        save_all=True,
        append_images=[picture(("第四条 备用钥匙由店长保管。",), width=800, height=420, left=60)],
    )


SEEDS: dict[str, Callable[[], bytes]] = {
    "text.pdf": text_pdf,
    "manual.pdf": manual_pdf,
    "scan.pdf": scanned_pdf,
    "picture.png": png,
    "picture.jpg": jpeg,
    "fax.tif": tiff,
}
"""Whole files to damage, by name."""


def damaged(data: bytes, seed: int) -> bytes:
    """`data` as bad luck leaves it: cut off, bytes changed, a piece missing, doubled or exchanged, numbers blown up.
    The same for the same seed."""
    chance = Random(seed)
    way = seed % 6
    if way == 0:
        return data[: chance.randrange(8, len(data))]
    if way == 1:
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 60)):
            changed[chance.randrange(8, len(data))] = chance.randrange(256)
        return bytes(changed)
    start = chance.randrange(8, len(data))
    end = min(len(data), start + chance.randrange(1, max(2, len(data) // 4)))
    if way == 2:
        return data[:start] + data[end:]
    if way == 3:
        return data[:end] + data[start:]
    if way == 4:
        return data[:start] + chance.randbytes(end - start) + data[end:]
    numbers = list(re.finditer(rb"\d+", data[8:]))
    if not numbers:
        return data[:start]
    changed = bytearray(data)
    for found in chance.sample(numbers, min(4, len(numbers))):
        wide = found.end() - found.start()
        changed[found.start() + 8 : found.end() + 8] = bytes(chance.choice(b"09") for _ in range(wide))
    return bytes(changed)
