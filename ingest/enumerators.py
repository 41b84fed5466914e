"""List marks and numbered headings: what could be one, where it stands, which number it carries.

This module only proposes: whether a candidate really is a mark is settled by its sequence, in `tree`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
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
    UMBRELLA = 6
    """An inner title above other inner titles."""
    SUBDOCUMENT = 7
    """An inner title without a number (「安全保密制度」)."""
    APPENDIX = 8
    """附则, 附件1, Appendix A: beside the chapters"""
    CHAPTER = 9
    SECTION = 10
    BRACKET = 11
    """【保密制度】"""
    HAN = 12
    """一、"""
    ARTICLE = 13
    """第一条"""
    CLAUSE = 14
    """第一款, 第2项"""
    HAN_PAREN = 15
    """(一)"""
    LETTER = 16
    """A."""
    STEP = 17
    """步骤一, 第一步, Step 1"""
    ARABIC = 18
    """1. or 1、, and a bare 1 where the numbers run through (see `settled_bare`)"""
    DECIMAL = 19
    """4.1, and deeper"""
    HALF = 20
    """1)"""
    PAREN = 21
    """(1)"""
    CIRCLED = 22
    ALPHA = 23
    BULLET = 24
    LEAD = 29
    """Not a mark: the sentence that announces a further list, or the place of a list without one."""
    PARAGRAPH = 30
    """Running text after a list or table of a Markdown document."""
    ROW = 31
    CODE = 32


class Strength(IntEnum):
    """How clearly something begins at a place."""

    WEAK = 0
    """Directly after a word: 「…手册第一章」. A chapter or article of a page without any spaces, or a mention of one."""
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
_NTH = rf"第[ ]?(?:{_HAN}|\d{{1,3}})[ ]?"
_REFERENCE = "规定|規定|之|款|[项項](?!目)|的|所[规規述列称]|和第|或|及|至|、|执行|執行|办理|辦理|处理的|中"
"""After 「第三条」: the article is mentioned, it does not begin here."""
_UNITS = "元|万|千|百|亿|%|％|倍|米|厘米|公分|毫米|公里|公斤|千克|克|斤|吨|升|年|月|日|号|天|周|小时|分|秒|折|寸|点|度|级|个|次|人|名|位|条|项|字|版|(?:kg|mg|cm|mm|km|ml|kW|Hz|GB|MB|KB|MP|min|px|GHz|MHz)(?![a-zA-Z])"
_BULLETS = "-–—•●○◆◇■□▪▫※★☆►▶✓✔·*"
_CANDIDATE = re.compile(
    rf"(?P<chapter>{_NTH}(?:章|编|編|部分|则|則)|(?:(?<=\n)|^)(?:Chapter|CHAPTER|Part|PART) (?:\d{{1,2}}|[IVX]{{1,4}})\b[.:]?)"
    rf"|(?P<section>{_NTH}[节節]|(?:(?<=\n)|^)(?:Section|SECTION) \d{{1,2}}(?:\.\d{{1,2}})?(?![\d.]*\d)[.:]?)"
    rf"|(?P<article>第[ ]?(?:[一二三四五六七八九十百千零〇]{{1,9}}|\d{{1,5}})[ ]?[条條](?!{_REFERENCE})|(?:(?<=\n)|^)(?:Article|ARTICLE) (?:\d{{1,3}}|[IVX]{{1,5}})\b[.:]?)"
    rf"|(?P<clause>第[ ]?(?:{_HAN}|\d{{1,2}})[ ]?(?:款|[项項](?!目))(?!规定|規定|之|的|所|和|或|及|至|、))"
    r"|(?P<appendix>(?:附[则則录錄件表](?:[一二三四五六七八九十]{1,2}|[A-Z]|\d{1,2})?(?:[:：、.]|(?=[\s第《一])|$)"
    r"|(?:(?<=\n)|^)(?:Appendix|APPENDIX|Annex|ANNEX)(?: (?:[A-Z]|\d{1,2}))?\b[.:]?))"
    rf"|(?P<step>步[骤驟][ ]?(?:{_HAN}|\d{{1,2}})[:：、. ]?|第(?:{_HAN}|\d{{1,2}})步[:：、,，]|(?:Step|STEP) \d{{1,2}}\b[:：.]?)"
    rf"|(?P<han_paren>(?:[(（]{_HAN}[)）]|[㈠-㈩])[、.．]?)"
    rf"|(?P<han>{_HAN}[ ]?[、．.])"
    r"|(?P<paren>(?:[(（]\d{1,2}[)）]|[⑴-⒇])[、.．]?)"
    rf"|(?P<decimal>\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?![\d.])[、．.]?)"
    rf"|(?P<arabic>\d{{1,3}}(?:[、．。]|\.(?!\d)|\.(?=\d+\s*(?:小时|天|分钟|年|个|日)))(?!\d+[、.]\d)|[⒈-⒛])"
    r"|(?P<half>\d{1,2}[)）])"
    r"|(?P<circled>[①-⑳❶-❿])"
    rf"|(?P<letter>[A-Z](?:[、．]|\.(?=\s*[{CJK}“]))|(?:(?<=\n)|^)[A-Z]\.(?= [A-Z]))"
    r"|(?P<alpha>[a-zA-Z][、．.)）。](?![a-zA-Z.])|[(（][a-z][)）](?![、,，])|(?:(?<=\n)|^)[(（][A-Z][)）])"
    r"|(?P<bracket>【[^】\n]{1,24}】)"
    rf"|(?P<bullet>[{re.escape(_BULLETS)}](?=\s)|(?:(?<=\n)|^)[{re.escape(_BULLETS)}](?![{re.escape(_BULLETS)}\d]))"
)
_BARE = re.compile(rf"(?:(?<=[\n。;；.] )|(?<=\n)|^)(\d{{1,2}}|{_HAN}) (?=[{CJK}A-Z])")
_SCALES = {"十": 10, "百": 100, "千": 1000}
_ROMAN = {"I": 1, "V": 5, "X": 10}
_UNIT = re.compile(rf"\s*(?:{_UNITS})|[gmLVAWshx](?![a-zA-Z])")
_FINISHED = '。;；!！?？:：…”’")）】>》.'
_COMMAS = ",，、"
_MENTIONS = "按照据據反合见見符依循及和与與或至到在用以、本该該述上下前后後的由从從对對《(（"
"""Before 「第三条」: the article is mentioned, it does not begin here."""


def candidates(text: str, *, inline: bool) -> Iterator[Mark]:
    """Everything in `text` that could be a mark, in order. Without `inline`, at the start of lines only."""
    bare = deque(settled_bare(text))
    end = -1
    for match in _CANDIDATE.finditer(text):
        while bare and bare[0].start < match.start():
            yield bare.popleft()
        style = Style[str(match.lastgroup).upper()]
        strength = _strength(text, match.start(), style)
        if strength is None or (not inline and strength < Strength.LINE):
            continue
        if style is Style.BULLET and strength < Strength.LINE and _is_dash(text, match.start(), match.end()):
            continue
        if style is Style.APPENDIX and not _is_appendix(text, match, end):
            continue
        mark = _mark(style, match, strength)
        end = mark.end
        yield mark
        if mark.doubtful and strength >= Strength.SPACE and len(mark.prefix) == 1:
            # 「3.1次不交…」: item 3 that begins with a number.
            dot = match.start() + len(str(mark.prefix[0])) + 1
            raw = text[match.start() : dot]
            yield Mark(Style.ARABIC, match.start(), dot, mark.prefix[0], raw, strength, doubtful=True)
    yield from bare


def settled_bare(text: str) -> list[Mark]:
    """Numbers without a full stop that head the sections of a text (「1 目的 … 2 范围 … 3.1 …」).

    They count only where they run 1, 2, 3 through the text and either decimal marks stand under them or there are
    at least four: elsewhere a number between spaces is one of a sentence (「满 3 天」).
    """
    run: list[Mark] = []
    han: list[Mark] = []
    for match in _BARE.finditer(text):
        raw, span = match.group(1), match.span(1)
        style, found = (Style.ARABIC, run) if raw.isdecimal() else (Style.HAN, han)
        number = int(raw) if raw.isdecimal() else han_number(raw)
        heads = style is Style.HAN and text[max(0, span[0] - 1) : span[0]] in ("", "\n")
        if number == len(found) + 1 and (heads or not _UNIT.match(text, span[1])):
            found.append(Mark(style, *span, number, raw, Strength.LINE))
    if len(han) >= 3:
        return han
    enough = len(run) >= 4 or (
        len(run) >= 2
        and re.search(rf"(?:(?<=[\s。;；])|^)[1-{min(len(run), 9)}]\.1(?![\d.]*\d)(?!\s*%)", text)
    )
    return run if enough else []


def _is_appendix(text: str, match: re.Match[str], end: int) -> bool:
    """Whether 附件 begins a place: on a line of its own or after a finished sentence, not as the name of a section
    (「五、附则」) and not as what a sentence speaks of."""
    at = match.start()
    if 0 <= end <= at <= end + 4 and not text[end:at].strip():
        return False
    before = text[max(0, at - 4) : at].rstrip(" ")[-1:] if at else ""
    return before in ("", "\n") or before in "。;；!！?？.”】"


def starts_with_mark(line: str) -> bool:
    """Whether a line opens with something that could be a mark or a numbered heading."""
    match = _CANDIDATE.match(line)
    if match is None:
        bare = _BARE.match(line)
        return bare is not None and not _UNIT.match(line, bare.end(1))
    return not (match.lastgroup == "decimal" and _UNIT.match(line, match.end()))


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
    symbol = next((c for c in raw if unicodedata.category(c) == "No"), "")
    if style is Style.DECIMAL:
        parts = [int(n) for n in re.findall(r"\d+", raw)]
        prefix, number = tuple(parts[:-1]), parts[-1]
    elif symbol:
        number = int(unicodedata.numeric(symbol))
    elif style in (Style.ALPHA, Style.LETTER):
        number = ord(raw.lstrip("(（")[0].lower()) - ord("a") + 1
    elif style is Style.BRACKET:
        title = raw[1:-1].strip()
    elif style is not Style.BULLET:
        number = _number(raw)
    doubtful = style is Style.DECIMAL and bool(_UNIT.match(match.string, match.end()))
    return Mark(
        style, match.start(), match.end(), number, raw, strength, prefix, None, False, title, doubtful
    )


def _number(raw: str) -> int:
    digits = re.findall(r"\d+", raw)
    if digits:
        return int(digits[-1])
    roman = re.search(r" ([IVX]+)\b", raw)
    if roman:
        values = [_ROMAN[c] for c in roman.group(1)]
        return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))
    letter = re.search(r"(?<![A-Za-z])[A-Z]\b", raw)
    if letter:
        return ord(letter.group()) - ord("A") + 1
    return han_number("".join(re.findall("[一二三四五六七八九十百千零〇]+", raw)[:1])) or 1


def han_number(numeral: str) -> int:
    """Value of a list numeral below ten thousand (「二十五」 → 25)."""
    values = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0}
    total = digit = 0
    for char in numeral:
        if char in _SCALES:
            total += (digit or 1) * _SCALES[char]
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
    if style in (Style.CHAPTER, Style.SECTION, Style.ARTICLE) and before not in _MENTIONS:
        return Strength.WEAK
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
