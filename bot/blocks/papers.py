"""The buttons that give an escalation as a file."""

from __future__ import annotations

from bot.blocks import parts
from bot.blocks.parts import Block
from bot.blocks.references import PaperRef
from bot.blocks.wording import Words

DOCX = "paper_docx"
PDF = "paper_pdf"


def buttons(escalation_id: int, words: Words) -> Block:
    """Word and PDF."""
    value = PaperRef(escalation_id=escalation_id).dump()
    return parts.actions(
        parts.button(DOCX, words("paper.docx"), value),
        parts.button(PDF, words("paper.pdf"), value),
        block_id=f"paper_{escalation_id}",
    )
