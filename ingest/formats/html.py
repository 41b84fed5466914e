"""Web pages: the manual in them without the site's navigation, headings, lists and tables as the page states them."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace

from lxml import etree, html

from ingest.blocks import Block, BlockKind
from ingest.documents import Contents
from ingest.encodings import decode
from ingest.errors import IngestError
from ingest.formats.grids import table_blocks
from ingest.formats.html_site import BLOCKS, main_part, site_parts
from ingest.formats.html_table import PageTable, holds_values, squeezed
from ingest.formats.numerals import numeral
from ingest.formats.packages import Element
from ingest.suspicion import hidden_orders

_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}encoding=[\"']([\w-]{2,30})",
    re.I,
)
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
}
_DROPPED = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "nav", "footer",
        "aside", "button", "select", "textarea", "input", "dialog", "head", "audio", "video", "map",
        "del", "s", "strike",
    }
)  # fmt: skip
_ROLES = frozenset({"navigation", "contentinfo", "search", "complementary", "menu", "menubar", "toolbar"})
_LONGEST_ITEM = 5000
_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def read_html(data: bytes, name: str) -> Contents:
    """The blocks of a web page. Raises IngestError when its characters or its nesting cannot be made sense of."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(data, name).replace("\0", ""))
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise IngestError(f"{name} holds no text; put the manual's text into it or leave it out.") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise IngestError(
            f"{name} is nested too deeply to be read; save the page as plain text and ingest that."
        )
    title = root.findtext(".//title") or ""
    return Contents(
        tuple(_Page(main_part(root)).read()),
        re.split(r"\s*[|_–—]\s*|\s+-\s+", title.strip())[0].strip(),
        hidden_orders(text),
    )


def _decoded(data: bytes, name: str) -> str:
    """The text of a page: UTF-8 where it is valid, else what the page itself names, else what it looks like."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:200]:
        return decode(data, name)
    try:
        return decode(data, name) if data.decode("utf-8") else ""
    except UnicodeDecodeError:
        found = _META.search(data[:4096])
        named = ((found[1] or found[2]).decode("ascii").lower()) if found else ""
    if named and named not in ("utf-8", "utf8"):
        try:
            return data.decode(_WIDER.get(named, named))
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data, name)


class _Page:
    """Walks a page from tag to tag; what nests deeply costs no stack."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._site = site_parts(root)
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._lists: list[tuple[str, int]] = []
        self._marker = ""
        self._item: int | None = None
        """Index of the block that is the list item being read."""
        self._heading = 0
        self._term = False
        self._grid: PageTable | None = None
        self._level = 1

    def read(self) -> list[Block]:
        """The blocks of the page, in order."""
        dropped: Element | None = None
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            if dropped is not None:
                if event == "end" and element is dropped:
                    dropped = None
                    self._text.append(element.tail or "")
                continue
            tag = str(element.tag)
            if event == "start" and element is not self._root and self._drops(element, tag):
                dropped = element
                continue
            if event == "start":
                self._start(element, tag)
                self._text.append(element.text or "")
            else:
                self._end(element, tag)
                if element is not self._root:
                    self._text.append(element.tail or "")
        self._flush()
        return self._blocks

    def _drops(self, element: Element, tag: str) -> bool:
        if tag in _DROPPED or element.get("role") in _ROLES or element.get("hidden") is not None:
            return True
        if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", element.get("style", ""), re.I):
            return True
        return element in self._site

    def _start(self, element: Element, tag: str) -> None:
        if tag == "br":
            self._text.append("\v")
            return
        if self._grid is not None:
            self._grid.start(element, tag, self._text)
            return
        if tag not in BLOCKS and tag != "pre":
            return
        self._flush()
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._heading = self._level = int(tag[1])
        elif tag == "summary":
            self._heading = min(6, self._level + 1)
        elif tag in ("ul", "ol"):
            start = element.get("start", "1")
            self._lists.append(
                (
                    tag if tag == "ul" else element.get("type", "1"),
                    int(start) if re.fullmatch(r"\d{1,6}", start) else 1,
                )
            )
        elif tag == "li":
            self._open_item(element)
        elif tag == "dt":
            self._item, self._marker, self._term = None, "•", True
        elif tag == "table" and holds_values(element):
            self._grid = PageTable(element)

    def _open_item(self, element: Element) -> None:
        kind, number = self._lists[-1] if self._lists else ("ul", 1)
        stated = element.get("value", "")
        number = int(stated) if re.fullmatch(r"\d{1,6}", stated) else number
        self._item = None
        self._marker = "•" if kind == "ul" else f"{numeral(number, _TYPES.get(kind, 'decimal'))}."
        if self._lists:
            self._lists[-1] = (kind, number + 1)

    def _end(self, element: Element, tag: str) -> None:
        if self._grid is not None:
            if element is self._grid.element:
                self._grid.close(self._text)
                self._blocks += table_blocks(self._grid.grid)
                self._grid = None
            elif tag in BLOCKS:
                self._text.append("\v")
            return
        if tag == "pre":
            text = "".join(self._text).replace("\v", "\n").strip("\n")
            self._text = []
            self._blocks.append(Block(BlockKind.VERBATIM, text))
        elif tag in BLOCKS:
            self._flush()
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()
            if tag in ("li", "dl", "ul", "ol"):
                self._item, self._marker, self._term = None, "", False

    def _flush(self) -> None:
        """The words gathered so far become a block of the kind that is being read."""
        text = squeezed("".join(self._text))
        self._text = []
        heading, self._heading = self._heading, 0
        if not text:
            self._heading = heading
            return
        if heading:
            self._blocks.append(Block(BlockKind.HEADING, text.replace("\n", " "), heading))
        elif self._marker:
            self._item = len(self._blocks)
            self._blocks.append(Block(BlockKind.ITEM, text, max(1, len(self._lists)), self._marker))
            self._marker = ""
        elif self._continues_item():
            assert self._item is not None
            item = self._blocks[self._item]
            self._blocks[self._item] = replace(item, text=f"{item.text}\n{text}")
        else:
            self._blocks.append(Block(BlockKind.PARAGRAPH, text))

    def _continues_item(self) -> bool:
        """Whether a paragraph belongs to the list item just read."""
        last = len(self._blocks) - 1
        inside = self._item == last and bool(self._lists or self._term)
        return inside and len(self._blocks[last].text) < _LONGEST_ITEM
