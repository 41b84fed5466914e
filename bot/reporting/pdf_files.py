"""A paper as a PDF file, with its font inside."""

from __future__ import annotations

from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos

from bot.reporting.fonts import chinese_font
from bot.reporting.papers import Paper

_FONT = "noto"
_LINE = 7.0
"""Millimetres."""


class _File(FPDF):
    """A4 with the paper's foot and page numbers below each page."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="A4")
        self._foot = paper.foot
        self.set_title(f"{paper.title} {paper.number}")
        self.set_creator("Kefu Desk")
        path, face = chinese_font()
        self.add_font(_FONT, fname=str(path), collection_font_number=face)
        self.set_margins(22, 20)
        self.set_auto_page_break(True, 22)

    def footer(self) -> None:
        """Called by fpdf at the end of each page."""
        self.set_y(-15)
        self.set_font(_FONT, size=8)
        self.cell(0, 5, f"{self._foot}    {self.page_no()}/{{nb}}", align="C")


def write(paper: Paper) -> bytes:
    """The file; its text can be selected and searched."""
    file = _File(paper)
    file.add_page()
    _lines(file, paper.title, size=18, after=4)
    file.set_font(_FONT, size=10.5)
    with file.table(col_widths=(1, 3), first_row_as_headings=False, line_height=_LINE) as table:
        for fact in paper.facts:
            table.row([_drawable(cell) for cell in fact])
    for section in paper.sections:
        file.ln(3)
        _lines(file, section.heading, size=12.5)
        for paragraph in section.paragraphs:
            _lines(file, paragraph, size=10.5)
    return bytes(file.output())


def _lines(file: FPDF, text: str, *, size: float, after: float = 0) -> None:
    file.set_font(_FONT, size=size)
    file.multi_cell(0, _LINE, _drawable(text), new_x=XPos.LMARGIN, new_y=YPos.NEXT, wrapmode=WrapMode.CHAR)
    file.ln(after)


def _drawable(text: str) -> str:
    """Without control characters, and with a visible stand-in for what the font cannot draw (emoji)."""
    return "".join(c if c.isprintable() and ord(c) <= 0xFFFF else "□" for c in text.replace("\t", " "))
