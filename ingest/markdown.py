"""Markdown: its own headings, lists, tables and code as marks over plain text.

The parser (markdown-it) finds the blocks; inline Markdown is kept as it is written, since it is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.cleaning import CJK, is_chinese, starts_keyed
from ingest.enumerators import Mark, Strength, Style, candidates, starts_with_mark
from ingest.frontmatter import split_front_matter
from ingest.html_text import html_lines
from ingest.tables import is_terse, row_text

_SIGN = re.compile(r"#{1,6}[ \t]+\S|```|~~~")
_RULE = re.compile(r"\|?(?:[ \t]?:?-+:?[ \t]?\|)+(?:[ \t]?:?-+:?)?")
# Setext headings and indented code make headings and code of ordinary dashes and indentation; definitions of
# links would vanish from the text.
_TOP = re.compile(r"^ {0,3}#[ \t]", re.M)
_PARSER = MarkdownIt("commonmark").enable("table").disable(["lheading", "code", "reference"])


def looks_like_markdown(text: str) -> bool:
    """Whether a text states its structure in Markdown (front matter, # headings, tables or fences)."""
    if split_front_matter(text)[0]:
        return True
    lines = (line.strip() for line in text.split("\n"))
    return any(
        _SIGN.match(line) or (line[:1] in "|:-" and len(line) < 2000 and _RULE.fullmatch(line))
        for line in lines
    )


@dataclass(slots=True)
class Marked:
    """A text with the marks its Markdown states. `title` is the first level-one heading, if there is just one."""

    text: str
    marks: list[Mark]
    title: str = ""


@dataclass(slots=True)
class _Writer:
    """Writes the blocks of a token stream one below the other and notes where each begins."""

    parts: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    opaque: list[tuple[int, int]] = field(default_factory=list)
    at: int = 0
    lists: list[_List] = field(default_factory=list)
    loose: bool = False
    """A list, table or code block of this section has ended: a paragraph that follows is no item's text."""

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.at += len(text)

    def mark(
        self,
        style: Style,
        raw: str,
        *,
        number: int = 1,
        depth: int | None = None,
        first: bool = False,
        title: str = "",
    ) -> None:
        start = self.at
        self.write(raw)
        self.marks.append(Mark(style, start, self.at, number, raw, Strength.LINE, (), depth, first, title))


@dataclass(slots=True)
class _List:
    ordered: bool
    number: int
    fresh: bool = True


def parse_markdown(text: str) -> Marked:
    """The text of a Markdown document (front matter taken off before) and its marks.

    In Chinese documents the numbering inside paragraphs (第三条, (一) …) is proposed too.
    """
    tokens = _PARSER.parse(text)
    title_at = _title_token(tokens)
    writer = _Writer()
    at = 0
    while at < len(tokens):
        if at == title_at:
            at += 3
            continue
        at = _block(tokens, at, writer)
    body = "".join(writer.parts)
    title = tokens[title_at + 1].content.strip() if title_at is not None else ""
    return Marked(body, _with_candidates(body, writer), title)


def manual_starts(text: str) -> list[tuple[int, str]]:
    """Line numbers and texts of the level-one headings of a document that has several."""
    if len(_TOP.findall(text)) < 2:
        return []
    tokens = _PARSER.parse(text)
    return [
        (token.map[0], tokens[i + 1].content.strip())
        for i, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h1" and token.map and token.level == 0
    ]


def _title_token(tokens: Sequence[Token]) -> int | None:
    tops = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.tag == "h1" and t.level == 0]
    return tops[0] if len(tops) == 1 else None


def _with_candidates(body: str, writer: _Writer) -> list[Mark]:
    chinese = is_chinese(body)
    taken = sorted(
        [(m.start, max(m.end, m.start + 1)) for m in writer.marks if m.end > m.start] + writer.opaque
    )
    found = []
    at = 0
    for mark in candidates(body, inline=chinese):
        while at < len(taken) and taken[at][1] <= mark.start:
            at += 1
        if at < len(taken) and taken[at][0] <= mark.start:
            continue
        # Markdown states its lists; what else stands at the start of an English line is a numbered paragraph.
        if mark.style is Style.DECIMAL or (chinese and mark.style is not Style.BULLET):
            found.append(mark)
    return sorted([*writer.marks, *found], key=lambda m: (m.start, m.end))


def _block(tokens: Sequence[Token], at: int, writer: _Writer) -> int:
    """Write the block at `at`; returns the index of the next token."""
    token = tokens[at]
    kind = token.type
    if kind == "heading_open":
        content = re.sub(r"\s*\{[#.][^}]*\}\s*$", "", " ".join(tokens[at + 1].content.split()))
        writer.mark(Style.HEADING, f"{content}\n", depth=int(token.tag[1]), title=content)
        writer.loose = False
        return at + 3
    if kind == "inline":
        _paragraph(token.content, writer)
    elif kind in ("bullet_list_open", "ordered_list_open"):
        start = int(token.attrs.get("start", 1) or 0) if kind == "ordered_list_open" else 1
        writer.lists.append(_List(kind == "ordered_list_open", start))
    elif kind in ("bullet_list_close", "ordered_list_close"):
        writer.lists.pop()
        writer.loose = True
    elif kind == "list_item_open":
        _item(writer, token)
    elif kind == "table_open":
        return _table(tokens, at, writer)
    elif kind == "fence":
        _opaque(Style.CODE, token.content, writer)
    elif kind == "html_block":
        for line in html_lines(token.content):
            _paragraph(line, writer)
    return at + 1


def _paragraph(content: str, writer: _Writer) -> None:
    text = _joined(content)
    if not text:
        return
    if writer.loose and not writer.lists and not starts_with_mark(text):
        writer.mark(Style.PARAGRAPH, "")
    writer.write(f"{text}\n")


def _item(writer: _Writer, token: Token) -> None:
    current = writer.lists[-1]
    raw = f"{current.number}. " if current.ordered else f"{token.markup or '-'} "
    writer.mark(
        Style.ARABIC if current.ordered else Style.BULLET,
        raw,
        number=current.number,
        depth=len(writer.lists),
        first=current.fresh,
    )
    current.number += 1
    current.fresh = False


def _opaque(style: Style, text: str, writer: _Writer, title: str = "") -> None:
    if not text.strip():
        return
    if writer.lists:
        writer.write(f"{text.strip()}\n")
        return
    writer.mark(style, "", title=title)
    start = writer.at
    writer.write(f"{text.rstrip()}\n")
    writer.opaque.append((start, writer.at))
    writer.loose = True


def _table(tokens: Sequence[Token], at: int, writer: _Writer) -> int:
    rows: list[list[str]] = []
    end = at
    while tokens[end].type != "table_close":
        if tokens[end].type == "tr_open":
            rows.append([])
        elif tokens[end].type == "inline":
            rows[-1].append(re.sub(r"\s*<br\s*/?>\s*", " ", tokens[end].content).strip())
        end += 1
    header, *body = rows
    named = not is_terse([header, *body])
    for row in body:
        name = next((re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[*`]", r"\1", cell) for cell in row if cell), "")
        text = row_text(header, row, named=named)
        _opaque(Style.ROW, text, writer, title=name if len(name) <= 24 else "")
    if not body:
        _opaque(Style.ROW, "; ".join(filter(None, header)), writer)
    return end + 1


def _joined(content: str) -> str:
    """The lines of a paragraph as one; a hard break stays a newline."""
    content = re.sub(r"(?:<br\s*/?>|\\(?=\n)| {2,}(?=\n))\s*", "\x00", content)
    lines = content.split("\n")
    for at in range(1, len(lines)):
        if starts_keyed(lines[at]) and starts_keyed(lines[at - 1]):
            lines[at] = f"\x00{lines[at]}"
    content = "\n".join(lines)
    content = re.sub(
        rf"(?<=[{CJK}\u3000-\u303f\uff00-\uffef])\s*\n\s*(?=[{CJK}\u3000-\u303f\uff00-\uffef])", "", content
    )
    whole = (" ".join(line.split()) for line in content.split("\x00"))
    return "\n".join(line for line in whole if line)
