"""List marks and numbered headings: what could be one, where it stands, which number it carries.

This module only proposes: whether a candidate really is a mark is settled by its sequence, in `tree`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from ingest.cleaning import CJK


class Style(IntEnum):
    """Kinds of marks. The value is the usual rank, outermost first."""

    PART = 0
    """篇1: one document of a collection."""
    HEADING = 1
    """A Markdown heading; its level is the mark's depth."""
    UMBRELLA = 7
    """An inner title above other inner titles."""
    SUBDOCUMENT = 8
    """An inner title without a number (「安全保密制度」)."""
    CHAPTER = 9
    SECTION = 10
    BRACKET = 11
    """【保密制度】"""
    HAN = 12
    """一、"""
    ARTICLE = 13
    """第一条"""
    HAN_PAREN = 14
    """(一)"""
    ARABIC = 15
    """1. or 1、"""
    DECIMAL = 16
    """4.1, and deeper"""
    HALF = 19
    """1)"""
    PAREN = 20
    """(1)"""
    CIRCLED = 21
    ALPHA = 22
    BULLET = 23
    LEAD = 29
    """Not a mark: the sentence that announces a further list, or the place of a list without one."""
    PARAGRAPH = 30
    """Running text after a list or table of a Markdown document."""
    ROW = 31
    CODE = 32


class Strength(IntEnum):
    """How clearly something begins at a place."""

    GLUED = 1
    """Directly after a finished clause: 「公正;(4)记录」"""
    SPACE = 2
    LINE = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """A candidate mark at `[start, end)` of the text. `number` counts from 1; `prefix` are the numbers before it
    in a decimal mark (4 of 4.1). `depth` is given for marks that a Markdown document states itself."""

    style: Style
    start: int
    end: int
    number: int
    raw: str
    strength: Strength
    prefix: tuple[int, ...] = ()
    depth: int | None = None
    first: bool = False
    """Begins a new list (known for Markdown lists only)."""
    title: str = ""
    """Text that belongs to the mark itself: of a bracket, of an inner title, of a Markdown heading."""
    doubtful: bool = False
    """Followed by what may be a unit (1.5 小时): a mark only where exactly this number is due."""


_HAN = "[一二三四五六七八九十百零〇]{1,5}"
_UNITS = "元|万|千|百|亿|%|％|倍|米|厘米|公分|毫米|公里|公斤|千克|克|斤|吨|升|年|月|日|号|天|周|小时|分|秒|折|寸|点|度|级|个|次|人|名|位|条|项|字|版|(?:kg|mg|cm|mm|km|ml|kW|Hz|GB|MB|KB|MP|min|px|GHz|MHz)(?![a-zA-Z])"
_BULLETS = "-–—•●○◆◇■□▪▫※★☆►▶✓✔·*"
_CANDIDATE = re.compile(
    rf"(?P<chapter>第(?:{_HAN}|\d{{1,3}})(?:章|编|部分|则))"
    rf"|(?P<section>第(?:{_HAN}|\d{{1,3}})节)"
    rf"|(?P<article>第(?:{_HAN}|\d{{1,3}})条(?!规定|之|款|项|的|所[规述列称]|和第|或|及|至|、))"
    rf"|(?P<han_paren>[(（]{_HAN}[)）][、.．]?)"
    rf"|(?P<han>{_HAN}[、．.])"
    r"|(?P<paren>[(（]\d{1,2}[)）][、.．]?)"
    rf"|(?P<decimal>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?![\d.])[、．.]?)"
    rf"|(?P<arabic>\d{{1,3}}(?:[、．。]|\.(?!\d)|\.(?=\d+\s*(?:小时|天|分钟|年|个|日)))(?!\d+[、.]\d))"
    r"|(?P<half>\d{1,2}[)）])"
    r"|(?P<circled>[①-⑳])"
    r"|(?P<alpha>[a-zA-Z][、．.)）。](?![a-zA-Z.]))"
    r"|(?P<bracket>【[^】\n]{1,24}】)"
    rf"|(?P<bullet>[{re.escape(_BULLETS)}](?=\s)|(?:(?<=\n)|^)[{re.escape(_BULLETS)}](?![{re.escape(_BULLETS)}\d]))"
)
_UNIT = re.compile(rf"\s*(?:{_UNITS})|[gmLVAWshx](?![a-zA-Z])")
_FINISHED = '。;；!！?？:：…”’")）】>》.'
_COMMAS = ",，、"


def candidates(text: str, *, inline: bool) -> Iterator[Mark]:
    """Everything in `text` that could be a mark, in order. Without `inline`, at the start of lines only."""
    for match in _CANDIDATE.finditer(text):
        style = Style[str(match.lastgroup).upper()]
        strength = _strength(text, match.start(), style)
        if strength is None or (not inline and strength < Strength.LINE):
            continue
        if style is Style.BULLET and strength < Strength.LINE and _is_dash(text, match.start(), match.end()):
            continue
        mark = _mark(style, match, strength)
        yield mark
        if mark.doubtful and strength is Strength.LINE and len(mark.prefix) == 1:
            # 「3.1次不交…」: item 3 that begins with a number.
            dot = match.start() + len(str(mark.prefix[0])) + 1
            raw = text[match.start() : dot]
            yield Mark(Style.ARABIC, match.start(), dot, mark.prefix[0], raw, strength, doubtful=True)


def starts_with_mark(line: str) -> bool:
    """Whether a line opens with something that could be a mark or a numbered heading."""
    match = _CANDIDATE.match(line)
    return match is not None and not (match.lastgroup == "decimal" and _UNIT.match(line, match.end()))


def starts_list(text: str) -> Mark | None:
    """The first mark of a list (一、, 第一章, 1. …) at the very start of `text`, if there is one."""
    match = _CANDIDATE.match(text)
    if match is None:
        return None
    mark = _mark(Style[str(match.lastgroup).upper()], match, Strength.LINE)
    return mark if mark.number == 1 and mark.style is not Style.BULLET else None


def read_marker(marker: str) -> Mark | None:
    """The mark that `marker` is when it stands alone (「第三条」, `2.`, `(4)`, `1.2`); None for anything else."""
    text = marker.strip()
    match = _CANDIDATE.match(text) or _CANDIDATE.match(f"{text}.")
    if match is None or match.end() < len(text) or match.lastgroup in ("bullet", "bracket"):
        return None
    return _mark(Style[str(match.lastgroup).upper()], match, Strength.LINE)


def _mark(style: Style, match: re.Match[str], strength: Strength) -> Mark:
    raw = match.group()
    prefix: tuple[int, ...] = ()
    number, title = 1, ""
    if style is Style.DECIMAL:
        parts = [int(n) for n in re.findall(r"\d+", raw)]
        prefix, number = tuple(parts[:-1]), parts[-1]
    elif style is Style.CIRCLED:
        number = ord(raw) - ord("①") + 1
    elif style is Style.ALPHA:
        number = ord(raw[0].lower()) - ord("a") + 1
    elif style is Style.BRACKET:
        title = raw[1:-1].strip()
    elif style is not Style.BULLET:
        digits = re.search(r"\d+", raw)
        number = int(digits.group()) if digits else han_number("".join(re.findall(_HAN, raw)[:1]))
    doubtful = style is Style.DECIMAL and bool(_UNIT.match(match.string, match.end()))
    return Mark(
        style, match.start(), match.end(), number, raw, strength, prefix, None, False, title, doubtful
    )


def han_number(numeral: str) -> int:
    """Value of a list numeral below one thousand (「二十五」 → 25)."""
    values = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
    total = digit = 0
    for char in numeral:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = values[char]
    return total + digit


def _strength(text: str, start: int, style: Style) -> Strength | None:
    at = start
    while at > 0 and text[at - 1] == " ":
        at -= 1
    if at == 0 or text[at - 1] == "\n":
        return Strength.LINE
    before = text[at - 1]
    if at < start:
        return Strength.SPACE
    if style in (Style.BRACKET, Style.BULLET):
        return Strength.GLUED if style is Style.BRACKET and before in "。;；!！?？" else None
    if before == "." and not (at > 1 and re.match(f"[{CJK})）]", text[at - 2])):
        return None
    if before in _FINISHED or style is Style.CIRCLED:
        return Strength.GLUED
    if before in _COMMAS and style in (Style.PAREN, Style.HALF):
        return Strength.GLUED
    return None


def _is_dash(text: str, start: int, end: int) -> bool:
    """A spaced dash between numbers or weekdays is a range, between Latin words a dash."""
    before, after = text[max(0, start - 8) : start].rstrip()[-1:], text[end : end + 8].lstrip()[:1]
    return (
        not after
        or before.isdigit()
        or after.isdigit()
        or not re.match(f"[{CJK}“【(（]", after)
        or before in "周月日期"
    )
