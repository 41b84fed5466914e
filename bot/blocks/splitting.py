"""Cutting long Markdown into pieces that Slack takes, never in the middle of a quotation or a block of code."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^\s{0,3}(```+|~~~+)")


def split(text: str, limit: int) -> list[str]:
    """`text` as pieces of at most `limit` characters (100 or more); empty text is one empty piece.

    Cut between paragraphs where possible, else between lines outside of quotations and code, and only what is longer
    than a piece by itself within them: then each piece is a quotation or a block of code of its own.
    """
    pieces: list[str] = []
    while len(text) > limit:
        head, text = cut(text, limit)
        pieces.append(head)
    return [*pieces, text] if text or not pieces else pieces


def cut(text: str, limit: int, at_least: int = 0) -> tuple[str, str]:
    """The beginning of `text` within `limit` characters, and the rest; a block of code that has to be cut is closed and
    opened again. `at_least`: so much is on screen already."""
    room = limit - 8  # for closing a block of code
    end = max(_boundary(text, room), at_least)
    head, rest = text[:end], text[end:]
    fence = _open_fence(head)
    if fence:
        head, rest = f"{head.rstrip()}\n{fence}", f"{fence}\n{rest.lstrip(chr(10))}"
    return head, rest.lstrip("\n")


def _boundary(text: str, limit: int) -> int:
    """Where to cut `text` so that what stands before it has at most `limit` characters (0 < result <= limit)."""
    paragraph = line = inside = at = 0
    fence = last = ""
    for row in text[: limit + 1].splitlines(keepends=True):
        if 0 < at <= limit:
            if fence or (_quoted(row) and _quoted(last)):
                inside = at
            elif not last.strip():
                paragraph = at
            else:
                line = at
        mark = _FENCE.match(row)
        if mark:
            fence = "" if fence else mark[1]
        at, last = at + len(row), row
    if paragraph >= limit // 2:
        return paragraph
    outside = max(paragraph, line)
    if outside:
        return outside
    return (
        inside if inside >= limit // 2 else limit
    )  # one long line within: its beginning alone would be empty


def _quoted(row: str) -> bool:
    return row.lstrip().startswith(">")


def _open_fence(text: str) -> str:
    """The mark of a block of code that is not closed in `text`."""
    fence = ""
    for row in text.splitlines():
        mark = _FENCE.match(row)
        if mark:
            fence = "" if fence else mark[1]
    return fence
