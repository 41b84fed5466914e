"""A paper as a Word file."""

from __future__ import annotations

import io

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from bot.reporting.papers import Paper

_LATIN, _CHINESE = "Calibri", "宋体"


def write(paper: Paper) -> bytes:
    """The file. Characters that XML cannot hold are left out."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _CHINESE)  # Word picks Chinese glyphs from here
    document.core_properties.title = f"{paper.title} {paper.number}"
    document.core_properties.author = "Kefu Desk"
    document.add_heading(_xml(paper.title), 0)
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label, value in paper.facts:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = _xml(label), _xml(value)
    for section in paper.sections:
        document.add_heading(_xml(section.heading), 2)
        for paragraph in section.paragraphs:
            document.add_paragraph(_xml(paragraph))
    document.sections[0].footer.paragraphs[0].text = _xml(paper.foot)
    for heading in ("Title", "Heading 2"):
        document.styles[heading].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _CHINESE)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _xml(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or (ord(c) >= 0x20 and ord(c) not in (0xFFFE, 0xFFFF)))
