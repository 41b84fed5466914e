"""Scans and pictures: recognised without a network, turned upright, laid out like text pages, refused clearly."""

from __future__ import annotations

import socket
import sys
from subprocess import run
from typing import Any

import numpy as np
import pdf_samples as samples
import pytest
from pdf_samples import SCAN_LINES, chinese_font, drawn, encoded, picture, scanned_pdf, small_picture
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader

from ingest.blocks import BlockKind
from ingest.cleaning import letters
from ingest.errors import IngestError
from ingest.paged.ocr import is_image, read_image
from ingest.paged.pdf import read_pdf
from ingest.paged.reading import PagedReading, PageLimits
from ingest.paged.text_layer import is_garbled

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, getaddrinfo = socket.socket.connect, socket.getaddrinfo

    def connected(self: socket.socket, address: Any) -> None:
        # Bots and servers of other tests in this process talk on loopback meanwhile.
        assert self.family == socket.AF_UNIX or address[0] in LOOPBACK, (
            f"a connection was opened to {address}"
        )
        connect(self, address)

    def resolved(host: Any, *given: Any, **named: Any) -> Any:
        assert host in LOOPBACK, f"{host} was looked up"
        return getaddrinfo(host, *given, **named)

    monkeypatch.setattr(socket.socket, "connect", connected)
    monkeypatch.setattr(socket, "getaddrinfo", resolved)


def said(reading: PagedReading) -> list[str]:
    """The letters of each block: spaces and the width of punctuation are not what recognition is tested for."""
    return [letters(b.text) for b in reading.blocks]


WANTED = [letters(line) for line in SCAN_LINES]
NOTE = "第1页是扫描件,文字由OCR识别。"


@pytest.mark.parametrize(
    "kind", ["PNG", *(pytest.param(k, marks=pytest.mark.slow) for k in ("JPEG", "BMP", "WEBP"))]
)
def test_pictures(kind: str) -> None:
    data = encoded(small_picture(), kind)
    assert is_image(data[:4096])
    reading = read_image(data, "通知")
    assert said(reading) == WANTED
    assert reading.notes == (NOTE,)
    assert {b.page for b in reading.blocks} == {1}


def test_all_pages_of_a_tiff() -> None:
    data = samples.tiff()
    assert is_image(data[:4096])
    reading = read_image(data, "传真.tif")
    assert said(reading) == [*WANTED, "第四条备用钥匙由店长保管"]
    assert [b.page for b in reading.blocks] == [1, 1, 1, 2]


@pytest.mark.parametrize("angle", [180, *(pytest.param(a, marks=pytest.mark.slow) for a in (90, 270, 2))])
def test_pages_that_lie_askew(angle: int) -> None:
    turned = small_picture().rotate(angle, expand=True, fillcolor="white")
    assert said(read_image(encoded(turned, "PNG"), "a.png")) == WANTED


def test_the_cameras_orientation() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = small_picture().rotate(90, expand=True)
    assert said(read_image(encoded(turned, "JPEG", exif=exif), "a.jpg")) == WANTED


@pytest.mark.slow
def test_transparency_and_palettes() -> None:
    clear = Image.new("RGBA", (800, 420), (0, 0, 0, 0))
    pen = ImageDraw.Draw(clear)
    for at, line in enumerate(SCAN_LINES):
        pen.text((60, 120 + at * 48), line, font=chinese_font(28), fill=(0, 0, 0, 255))
    assert said(read_image(encoded(clear, "PNG"), "a.png")) == WANTED


def _two_columns() -> Image.Image:
    """A page with a head, a heading, two columns, a ruled table and a page number."""
    image = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(image)
    font = chinese_font(24)
    pen.text((440, 110), "上门服务细则", font=chinese_font(40), fill="black")
    body = "".join(samples.clause(n).replace(",", "").replace(" ", "") for n in (1, 2, 3))
    lines = [body[at : at + 20] for at in range(0, len(body), 20)]
    half = -(-len(lines) // 2)
    for at, line in enumerate(lines):
        column, row = divmod(at, half)
        pen.text((100 + column * 560, 210 + row * 40), line, font=font, fill="black")
    rows = [
        ("故障", "原因", "处理"),
        ("不出水", "滤芯堵塞或水压过低", "更换滤芯"),
        ("漏水", "接头松动", "上门紧固"),
    ]
    across = (100, 300, 800, 1140)
    for level in range(4):
        pen.line((100, 1100 + level * 60, 1140, 1100 + level * 60), fill="black", width=2)
    for x in across:
        pen.line((x, 1100, x, 1280), fill="black", width=2)
    for level, row in enumerate(rows):
        for x, cell in zip(across, row, strict=False):
            pen.text((x + 12, 1114 + level * 60), cell, font=font, fill="black")
    pen.text((600, 1690), "- 3 -", font=font, fill="black")
    return image


@pytest.mark.slow
@pytest.mark.parametrize("angle", [1.2, 0])
def test_columns_and_tables_of_a_scan(angle: float) -> None:
    image = _two_columns()
    data = encoded(image.rotate(angle, fillcolor="white") if angle else image, "PNG")
    found = read_image(data, "a.png").blocks
    assert (found[0].kind, found[0].text) == (BlockKind.HEADING, "上门服务细则")
    body = letters("".join(b.text for b in found if b.kind is BlockKind.PARAGRAPH))
    assert body == letters("".join(samples.clause(n) for n in (1, 2, 3)))
    assert found[-1].rows == (
        ("故障", "原因", "处理"),
        ("不出水", "滤芯堵塞或水压过低", "更换滤芯"),
        ("漏水", "接头松动", "上门紧固"),
    )


@pytest.mark.slow
def test_running_heads_of_scanned_pages() -> None:
    pages = [
        [f"清泉净水守则 第{n}页", "", f"第{n + 4}条 {topic}登记须当日完成。"]
        for n, topic in enumerate(("押金", "备件", "回访"), 1)
    ]
    reading = read_pdf(scanned_pdf(pages), "a.pdf")
    assert said(reading) == ["第5条押金登记须当日完成", "第6条备件登记须当日完成", "第7条回访登记须当日完成"]
    assert [b.page for b in reading.blocks] == [1, 2, 3]
    assert reading.notes == ("第1–3页是扫描件,文字由OCR识别。",)


def _mixed() -> bytes:
    """Page 1 has text; page 2 is a scan with a stamped number and an invisible text of nonsense; page 3 is empty."""

    def draw(canvas: Any, number: int) -> None:
        if number == 1:
            canvas.setFont(samples.SONG, 10.5)
            canvas.drawString(72, 700, "第一章规定门店的押金。")
        if number == 2:
            canvas.drawImage(ImageReader(small_picture()), 0, 400, width=595, height=312)
            hidden = canvas.beginText(72, 600)
            hidden.setFont(samples.SONG, 10.5)
            hidden.setTextRenderMode(3)
            for _ in range(10):
                hidden.textLine("这一层看不见的文字与图上写的不同")
            canvas.drawText(hidden)
            canvas.drawString(500, 20, "2")

    return drawn(draw, 3)


def test_files_of_text_and_scans() -> None:
    reading = read_pdf(_mixed(), "a.pdf")
    assert said(reading) == ["第一章规定门店的押金", *WANTED]
    assert [b.page for b in reading.blocks] == [1, 2, 2, 2]
    assert reading.notes == ("第2页是扫描件,文字由OCR识别。", "第3页没有文字。")


def test_faint_scans_are_doubted() -> None:
    noise = np.random.default_rng(7).normal(128, 120, (420, 800, 3)).clip(0, 255).astype(np.uint8)
    blurred = Image.blend(small_picture().resize((200, 105)).resize((800, 420)), Image.fromarray(noise), 0.35)
    reading = read_image(encoded(blurred, "PNG"), "a.png")
    assert reading.notes == (NOTE, "第1页识别把握不大,请对照原件核对。")


@pytest.mark.slow
def test_long_screenshots_are_read_in_slices() -> None:
    lines = [f"第{n}条 {samples.TOPICS[n % 12]}登记须在{n}天内完成。" for n in range(1, 61)]
    data = encoded(picture(lines, width=620, height=3400, size=26, left=40, step=2.0), "PNG")
    assert said(read_image(data, "聊天记录.png")) == [letters(line) for line in lines]


def test_refusals() -> None:
    with pytest.raises(IngestError, match="shows no text"):
        read_image(encoded(Image.new("RGB", (300, 300), "white"), "PNG"), "a.png")
    with pytest.raises(IngestError, match=r"more than 0\.1 million"):
        read_image(samples.png(), "a.png", PageLimits(megapixels=0.1))
    with pytest.raises(IngestError, match="has 2 pages, more than the 1"):
        read_image(samples.tiff(), "a.tif", PageLimits(recognised_pages=1))
    with pytest.raises(IngestError, match="has 2 scanned pages, more than the 1"):
        read_pdf(scanned_pdf([SCAN_LINES, SCAN_LINES]), "a.pdf", PageLimits(recognised_pages=1))
    with pytest.raises(IngestError, match="broken picture"):
        read_image(samples.png()[:300], "a.png")


def test_bombs_are_not_opened() -> None:
    """A small file that says it is 20 000 pixels wide and high."""
    bomb = Image.new("1", (20_000, 20_000))
    with pytest.raises(IngestError, match="million"):
        read_image(encoded(bomb, "PNG"), "a.png")


@pytest.mark.parametrize(
    "head", [b"BM is a firm that repairs pumps.", b"RIFFxxxxWAVE", b"%PDF-1.4", b"PK\3\4"]
)
def test_what_is_no_picture(head: bytes) -> None:
    assert not is_image(head)


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("门店代收押金,当日入账并在系统登记,凭证保存两年。" * 2, False),
        ("門店代收押金,當日入賬並在系統登記,憑證保存兩年。" * 2, False),
        ("Deposits are booked on the same day.", False),
        ("门店代收押金\ufffd\ufffd\ufffd当日入账".replace("门", "\ue001"), True),
        ("ÃÅµêÊÕÈ¡Ñº½ðµ±ÈÕÈëÕË²¢ÔÚÏµÍ³µÇ¼ÇÆ¾Ö¤±£´æÁ½Äê", True),
        ("闂ㄥ簵浠ｆ敹鎶奸噾褰撴棩鍏ヨ处骞跺湪绯荤粺鐧昏鍑瘉淇濆瓨涓ゅ勾", True),
    ],
)
def test_text_layers_that_are_not_to_be_trusted(text: str, garbled: bool) -> None:
    assert is_garbled(text) is garbled


def test_importing_costs_nothing() -> None:
    """The runtime for recognition is loaded when the first scan is read, not before."""
    code = "import sys, ingest.paged.pdf, ingest.paged.ocr; print([m for m in ('rapidocr', 'onnxruntime', 'cv2') if m in sys.modules])"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
