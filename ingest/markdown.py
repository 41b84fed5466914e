"""Markdown: its own headings, lists, tables and code as marks over plain text.

The parser (markdown-it) finds the blocks; inline Markdown is kept as it is written, since it is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.cleaning import CJK, starts_keyed
from ingest.frontmatter import split_front_matter
from ingest.markdown_html import html_lines
from ingest.writing import Marked, Writer, heading_text

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


def parse_markdown(text: str) -> Marked:
    """The text of a Markdown document (front matter taken off before) and its marks.

    In Chinese documents the numbering inside paragraphs (第三条, (一) …) is proposed too.
    """
    tokens = _PARSER.parse(text)
    title_at = _title_token(tokens)
    writer = Writer()
    at = 0
    while at < len(tokens):
        if at == title_at:
            at += 3
            continue
        at = _block(tokens, at, writer)
    return writer.finish(tokens[title_at + 1].content.strip() if title_at is not None else "")


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


def _block(tokens: Sequence[Token], at: int, writer: Writer) -> int:
    """Write the block at `at`; returns the index of the next token."""
    token = tokens[at]
    kind = token.type
    if kind == "heading_open":
        writer.heading(heading_text(tokens[at + 1].content), int(token.tag[1]))
        return at + 3
    if kind == "inline":
        writer.paragraph(_joined(token.content))
    elif kind in ("bullet_list_open", "ordered_list_open"):
        start = int(token.attrs.get("start", 1) or 0) if kind == "ordered_list_open" else 1
        writer.open_list(ordered=kind == "ordered_list_open", start=start)
    elif kind in ("bullet_list_close", "ordered_list_close"):
        writer.close_list()
    elif kind == "list_item_open":
        writer.item(token.markup or "-")
    elif kind == "table_open":
        return _table(tokens, at, writer)
    elif kind == "fence":
        writer.verbatim(token.content)
    elif kind == "html_block":
        for line in html_lines(token.content):
            writer.paragraph(_joined(line))
    return at + 1


def _table(tokens: Sequence[Token], at: int, writer: Writer) -> int:
    rows: list[list[str]] = []
    end = at
    while tokens[end].type != "table_close":
        if tokens[end].type == "tr_open":
            rows.append([])
        elif tokens[end].type == "inline":
            rows[-1].append(re.sub(r"\s*<br\s*/?>\s*", " ", tokens[end].content).strip())
        end += 1
    writer.table(rows)
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
