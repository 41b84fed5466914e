"""Word files (.docx, .docm, .dotx): headings, numbering as printed, tables, text boxes, notes, tracked changes.

Read from the XML itself: what a reader needs most, the printed number of an automatically numbered paragraph, is
stored nowhere and has to be counted (`numbering`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.blocks import Block, BlockKind
from ingest.documents import Contents, printed
from ingest.errors import IngestError
from ingest.formats.docx_bold import bold_as_headings
from ingest.formats.docx_styles import Look, Styles, outline_level
from ingest.formats.docx_text import Words, is_placeholder, mark_is_gone, words
from ingest.formats.grids import Grid, table_blocks
from ingest.formats.numbering import Numbering, W, value, whole_number
from ingest.formats.packages import Element, Package

_NO_LIST = "0"
_DEEPEST = 12
"""Tables in tables and boxes in boxes beyond this are damage."""
_WIDEST = 512


def read_docx(package: Package, name: str) -> Contents:
    """The blocks of a Word file. Raises IngestError when its main part is missing or broken."""
    main = package.first("", "officeDocument") or "word/document.xml"
    root = package.xml(main)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise IngestError(f"{name} is broken: its text is missing; open it in Word and save it again.")
    blocks = _Reader(package, main).read(body)
    if any(block.level == 0 and block.kind is BlockKind.HEADING for block in blocks):
        # The title stands above the headings of level one.
        blocks = [replace(b, level=b.level + 1) if b.kind is BlockKind.HEADING else b for b in blocks]
    return Contents(tuple(blocks), package.title())


class _Reader:
    def __init__(self, package: Package, main: str) -> None:
        self._styles = Styles(package.xml(package.first(main, "styles")))
        self._numbering = Numbering(package.xml(package.first(main, "numbering")))
        self._notes = {
            kind: {note.get(f"{W}id", ""): note for note in root.iter(f"{W}{kind}")}
            for kind in ("footnote", "endnote")
            if (root := package.xml(package.first(main, f"{kind}s"))) is not None
        }
        self._noted = 0
        self._bold: list[Block] = []
        """Paragraphs of the body that are bold from end to end."""
        self._carried: list[str] = []
        """Words of paragraphs whose end was deleted; they run on into the next one."""

    def read(self, body: Element) -> list[Block]:
        """The blocks of a body, in order."""
        return bold_as_headings(list(self._blocks(body, 0)), self._bold)

    def _blocks(self, holder: Element, depth: int) -> Iterator[Block]:
        if depth > _DEEPEST:
            return
        for child in holder:
            if child.tag == f"{W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                yield from self._table(child, depth)
            elif child.tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None and not is_placeholder(child):
                    yield from self._blocks(content, depth)
            elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
                yield from self._blocks(child, depth)
        if left := "".join(self._carried).strip():
            yield Block(BlockKind.PARAGRAPH, left)
        self._carried = []

    # -- paragraphs --------------------------------------------------------------------------------------------

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[Block]:
        properties = paragraph.find(f"{W}pPr")
        said = words(paragraph, self._styles)
        self._carried.append(said.text)
        if mark_is_gone(properties):
            return  # what is left of it belongs to the next paragraph, and it takes no number
        text = "".join(self._carried)
        self._carried = []
        look = self._styles.look(value(properties, "pStyle") or self._styles.default)
        if not look.contents and not look.hidden:
            marker, level = self._marker(properties, look)
            if text.strip():
                block = _block(text.strip(), marker, level, look, _heading_level(properties, look))
                if depth == 0 and not said.plain:
                    self._bold.append(block)
                yield block
        yield from self._attached(said, depth)

    def _attached(self, said: Words, depth: int) -> Iterator[Block]:
        for kind, identity in said.notes:
            note = self._notes.get(kind, {}).pop(identity, None)
            if note is None:
                continue
            self._noted += 1
            for at, block in enumerate(self._blocks(note, depth + 1)):
                yield replace(block, marker=block.marker or f"[{self._noted}]") if at == 0 else block
        for box in said.boxes:
            yield from self._blocks(box, depth + 1)

    def _marker(self, properties: Element | None, look: Look) -> tuple[str, int]:
        """What is printed before a paragraph, and the level (from 1) of its list; counts it."""
        numbered = properties.find(f"{W}numPr") if properties is not None else None
        use, at = look.list_use, look.list_level
        stated = ""
        if numbered is not None:
            use = value(numbered, "numId") or use
            stated = value(numbered, "ilvl")
        if not use or use == _NO_LIST:
            return "", 0
        if stated:
            at = whole_number(stated, 0)
        elif at is None:
            at = self._numbering.level_of_style(use, look.list_style)
        return self._numbering.marker(use, at), at + 1

    # -- tables ------------------------------------------------------------------------------------------------

    def _table(self, table: Element, depth: int) -> Iterator[Block]:
        grid = Grid()
        for row in _rows(table):
            row_properties = row.find(f"{W}trPr")
            if row_properties is not None and row_properties.find(f"{W}del") is not None:
                continue
            column = whole_number(value(row_properties, "gridBefore"), 0)
            at = grid.height
            for cell in _cells(row):
                properties = cell.find(f"{W}tcPr")
                width = max(1, whole_number(value(properties, "gridSpan"), 1))
                if column + width > _WIDEST:
                    break
                merge = properties.find(f"{W}vMerge") if properties is not None else None
                text = self._cell(cell, depth)
                if merge is not None and value(merge) != "restart":
                    grid.continue_above(at, column, width)
                else:
                    grid.put(at, column, text, width=width)
                column += width
        yield from table_blocks(grid)

    def _cell(self, cell: Element, depth: int) -> str:
        lines = []
        for block in self._blocks(cell, depth + 1):
            if block.kind is BlockKind.TABLE:
                lines += ["; ".join(filter(None, row)) for row in block.rows if any(row)]
            else:
                lines.append(printed(block.marker, block.text))
        return "\n".join(lines)


def _block(text: str, marker: str, list_level: int, look: Look, heading: int) -> Block:
    if look.title and not heading:
        return Block(BlockKind.HEADING, text, 0, marker)
    if heading:
        return Block(BlockKind.HEADING, text, heading, marker)
    if marker:
        return Block(BlockKind.ITEM, text, list_level, marker)
    return Block(BlockKind.PARAGRAPH, text)


def _heading_level(properties: Element | None, look: Look) -> int:
    stated = value(properties, "outlineLvl")
    return outline_level(stated) if stated else look.level


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table, those inside content controls and insertions too."""
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml"):
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml"):
            yield from _cells(child)
