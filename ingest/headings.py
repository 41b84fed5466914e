"""What of a numbered place is its heading and what is its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.cleaning import CJK, collapse_repeats
from ingest.enumerators import Style
from ingest.nodes import Node
from ingest.tidying import tidy

_RULE_WORDS = re.compile(
    r"应(?![急用对答收付聘])|必须|不得|不能|不准|严禁|须(?!知)|请(?![示假求])|可以|不许|负责(?![制人])|(?<![重主必需])要(?![求点素])|将|均|会(?![议员计场])"
)
_BROKEN_OFF = tuple("的地得内外等和与及或中上下时后前了并而且之0123456789")
_ALWAYS_TITLED = frozenset(
    {
        Style.PART,
        Style.APPENDIX,
        Style.CHAPTER,
        Style.SECTION,
        Style.HAN,
        Style.HAN_PAREN,
        Style.LETTER,
        Style.DECIMAL,
    }
)
_TITLE_ITSELF = frozenset({Style.HEADING, Style.SUBDOCUMENT, Style.UMBRELLA, Style.BRACKET})
_SPACED = re.compile(rf"^([{CJK}])[ \u3000]+([{CJK}])(?=\s|$)")
"""A heading of two characters that is printed wide: 「第一章 总 则」."""
_LONGEST = 24
_LATIN_HEADED = _ALWAYS_TITLED | {Style.ARABIC, Style.ARTICLE}


@dataclass(frozen=True, slots=True)
class Parts:
    """The heading of a place (without its mark) and its own text, both verbatim. Either may be empty."""

    title: str
    text: str
    colon: bool = False
    """The heading was the beginning of the sentence (「业务支撑:保证…」) and is repeated in `text`."""


def parts_of(node: Node, *, breaks: bool) -> Parts:
    """Tell heading and text of `node` apart. `breaks`: spaces may be old line breaks (see cleaning.tidy)."""
    raw = node.raw.strip()
    mark = node.mark
    if mark is not None and mark.style in _ALWAYS_TITLED:
        raw = _SPACED.sub(r"\1\2", raw)
    if mark is not None and mark.style in (Style.CODE, Style.ROW):
        return Parts("", node.raw.strip("\n"))
    if mark is None or mark.style is Style.LEAD:
        return Parts("", _whole(raw, breaks))
    if mark.style in _TITLE_ITSELF:
        return Parts(mark.title, _whole(raw, breaks))
    line = _latin_heading(node)
    if line:
        return Parts(line, _whole(raw[len(line) :], breaks))
    titled = mark.style in _ALWAYS_TITLED or (
        mark.style in (Style.ARABIC, Style.ARTICLE, Style.CLAUSE, Style.STEP) and _may_be_titled(node)
    )
    if not titled or not raw:
        return Parts("", _whole(raw, breaks))
    first, rest = _first_line(raw)
    if mark.style is Style.ARABIC and not node.children and not _headed(first, rest):
        return Parts("", _whole(raw, breaks))
    whole = _whole(raw, breaks)
    apart = breaks or bool(re.match(f"[{CJK}“「]", rest) and re.search(f"[{CJK}:：]$", first)) or "\n" in raw
    if node.children and re.match(rf"[{CJK}]+ [A-Z][A-Za-z&/ -]*$", raw) and _nominal(first):
        return Parts(whole, "")
    if rest and apart and _nominal(first) and not rest.startswith(_BROKEN_OFF) and not _runs_on(first, rest):
        return Parts(first.rstrip(":："), _whole(rest, breaks))
    if re.search(r"(?:以下|如下|下列|包括|执行|分为|要求)\S{0,4}[:：]$", whole):
        return Parts("", whole)
    ruled = mark.style in (Style.ARTICLE, Style.CLAUSE)
    short = bool(node.children) and len(whole) <= _LONGEST // 2 and not ruled
    only = not rest and (not whole.endswith("。") or short)
    if (node.children or mark.style in _ALWAYS_TITLED) and only and _nominal(whole.rstrip(":：。")):
        return Parts(whole.rstrip(":：。"), "")
    lead = re.match(r"([^,，。;；:：!！?？\n]{2,14})(?:(?<!\d)[:：]|[:：](?!\d))\s*(?=\S)", whole)
    if lead and _nominal(lead.group(1)):
        if mark.style in (Style.HAN, Style.CHAPTER):
            return Parts(lead.group(1), whole[lead.end() :])
        return Parts(lead.group(1), whole, colon=True)
    return Parts("", whole)


def _whole(raw: str, breaks: bool) -> str:
    return collapse_repeats(tidy(raw, breaks=breaks))


def compact(raw: str) -> str:
    """A mark without the spaces inside and around it."""
    return re.sub(r"\s+", "", raw)


def _may_be_titled(node: Node) -> bool:
    """An arabic number heads a section when something stands under it or a line of its own follows."""
    return bool(node.children) or bool(re.match(rf"\s*[{CJK}A-Za-z ]{{2,12}}\s+\S", node.raw))


def _headed(first: str, rest: str) -> bool:
    """Whether the first line of a numbered paragraph is its heading (「1. 背景」 and then sentences)."""
    return len(first) <= 6 and bool(re.match(f"[{CJK}]", rest)) and "。" in rest


def _latin_heading(node: Node) -> str:
    """The line of a Latin-script heading under a numbered mark (「1. Purpose」 and then sentences or items)."""
    first, newline, rest = node.raw.strip().partition("\n")
    words = first.split()
    if not words or not re.match("[A-Z]", first) or len(words) > 8 or re.search(f"[{CJK}]|[.,;:!?]$", first):
        return ""
    below = bool(node.children) or bool(newline and rest.strip())
    return first if below and node.style in _LATIN_HEADED else ""


def _runs_on(first: str, rest: str) -> bool:
    """Whether a space between Chinese and Latin stands inside a sentence rather than after a heading."""
    if re.match(f"[{CJK}]", first):
        return bool(re.match("[A-Za-z]", rest)) and (
            len(first) > 8 or first.endswith(tuple("到由用被把至给让使将"))
        )
    return not re.match(f"[{CJK}“「]", rest) and "\n" not in rest


def _first_line(raw: str) -> tuple[str, str]:
    words = r"\S+" if re.match(f"[{CJK}]", raw) else rf"\S+(?: [A-Za-z][^\s{CJK}]*)*"
    match = re.match(rf"({words})\s+(.+)", raw, re.S)
    if match is None:
        return raw, ""
    return match.group(1), match.group(2).strip()


def _nominal(text: str) -> bool:
    """Whether a short text can be a heading: no sentence punctuation, no word that rules something."""
    core = text.rstrip(":：")
    return (
        1 < len(core) <= _LONGEST
        and (core.endswith("目的") or not core.endswith(tuple("为是的有在和与及按含从对")))
        and not re.search(r"[,，。;；:：!！?？\"“”]", core)
        and not _RULE_WORDS.search(core)
    )
