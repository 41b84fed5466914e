"""Labels: how a person would cite a place in a manual (「三、第4条」, 「篇1 四、2.(4)」, 「4.3 Returns」)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.enumerators import Style, starts_with_mark
from ingest.headings import Parts, compact
from ingest.nodes import Node, list_name
from ingest.tidying import tidy

_NUMBERED = frozenset(
    {
        Style.ARABIC,
        Style.HALF,
        Style.PAREN,
        Style.CIRCLED,
        Style.ALPHA,
        Style.ARTICLE,
        Style.CLAUSE,
        Style.LETTER,
        Style.STEP,
    }
)
_APART = frozenset(
    {
        Style.CHAPTER,
        Style.APPENDIX,
        Style.SECTION,
        Style.ARTICLE,
        Style.CLAUSE,
        Style.LETTER,
        Style.STEP,
        Style.DECIMAL,
        Style.PART,
    }
)
_LONGEST_TITLE = 18


def label(path: Sequence[tuple[Node, Parts]], *, chinese: bool) -> str:
    """The label of the last node of `path` (outermost first, root included)."""
    out: list[str] = []
    for at, (node, parts) in enumerate(path):
        mark = node.mark
        if mark is None:
            continue
        parent = path[at - 1][0] if at else None
        name = _list_title(path, at)
        if name and mark.style is not Style.LEAD:
            out.append(name + " " if mark.style is Style.ARABIC else name)
        while mark.style is Style.DECIMAL and out and re.match(r"\d", out[-1]):
            out.pop()
        following = path[at + 1][0].style if at + 1 < len(path) else None
        leaf = following in (None, Style.ROW, Style.CODE, Style.PARAGRAPH, Style.BULLET)
        piece = _piece(node, parts, parent, leaf=leaf, chinese=chinese)
        if mark.style is Style.HEADING and not starts_with_mark(mark.title):
            # Only the innermost unnumbered heading is cited; numbered ones chain.
            out = [p for p in out if p.startswith(("第", "篇"))]
        elif mark.style is Style.HEADING and re.match(r"\d+\.\d", mark.title):
            out = [p for p in out if not re.match(r"\d", p)]
        out.append(piece)
    return re.sub(r"\s+", " ", "".join(out)).strip()


def heading(node: Node, parts: Parts) -> str:
    """The heading a node gives to what stands below it, mark included (「三、工作制度」)."""
    mark = node.mark
    if mark is None:
        return ""
    text = parts.title or parts.text
    if mark.style is Style.LEAD:
        return tidy(node.raw, breaks=False)
    if mark.style in (Style.HEADING, Style.SUBDOCUMENT, Style.UMBRELLA):
        return mark.title
    if mark.style is Style.BRACKET:
        return mark.raw
    if mark.style is Style.BULLET:
        return text
    glue = " " if mark.style in _APART and text else ""
    if mark.style is Style.ARABIC and (
        not re.search(r"[、.．。]$", mark.raw.strip()) or re.match("[A-Za-z]", text)
    ):
        glue = " "
    return f"{printed(mark.raw)}{glue}{text}"


def printed(raw: str) -> str:
    """A mark as it is cited: without stray spaces in Chinese, with the space of 「Chapter 1」."""
    return " ".join(raw.split()) if re.match("[A-Za-z]{2}", raw) else compact(raw)


def _piece(node: Node, parts: Parts, parent: Node | None, *, leaf: bool, chinese: bool) -> str:
    mark = node.mark
    assert mark is not None
    style = mark.style
    title = parts.title if leaf and not parts.colon and 0 < len(parts.title) <= _LONGEST_TITLE else ""
    raw = printed(mark.raw).rstrip(":：")
    if style in (Style.PART, Style.APPENDIX, Style.CHAPTER, Style.SECTION):
        return f"{raw} {title} " if title else f"{raw} "
    if style is Style.HEADING:
        return _heading_piece(mark.title, leaf=leaf)
    if style is Style.SUBDOCUMENT:
        return f"{mark.title} "
    if style is Style.ROW:
        return f" {mark.title}"
    if style is Style.LEAD:
        close = mark.title.endswith(")") or (node.children and node.children[0].style is Style.PAREN)
        return mark.title + ("" if close else " ")
    if style is Style.BRACKET:
        return raw
    if style is Style.HAN:
        numeral = raw.rstrip("、．.")
        return (f"{numeral}、{title}" if title else numeral) if leaf else f"{numeral}、"
    if style is Style.HAN_PAREN:
        numeral = raw.rstrip("、．.").replace("（", "(").replace("）", ")")
        nested = "之" if parent is not None and parent.style is Style.HAN_PAREN else ""
        return nested + numeral
    if style in _NUMBERED or style is Style.DECIMAL:
        return _numbered(node, parent, title, leaf=leaf, chinese=chinese)
    return ""


def _numbered(node: Node, parent: Node | None, title: str, *, leaf: bool, chinese: bool) -> str:
    mark = node.mark
    assert mark is not None
    raw = printed(mark.raw).rstrip("、．.。:：,，").replace("（", "(").replace("）", ")")
    if mark.style is Style.LETTER:
        return f"{raw}. {title}" if leaf and title else (raw if leaf else f"{raw}.")
    if mark.style in (Style.CLAUSE, Style.STEP):
        return f"{raw} "
    if mark.style is Style.DECIMAL:
        return f"{raw} {title}" if leaf and title else f"{raw} "
    if mark.style is Style.ARTICLE:
        return f"{raw} "
    if mark.style is Style.ARABIC:
        if title and leaf:
            return f"{mark.number}. {title}"
        if leaf:
            return f"第{mark.number}条" if chinese else f" item {mark.number}"
        half = bool(node.children) and node.children[0].style is Style.HALF
        return f"{mark.number}、" if half else f"{mark.number}."
    if mark.style is Style.ALPHA:
        return raw if raw.startswith("(") else f" {raw[0]}"
    return raw


def _heading_piece(title: str, *, leaf: bool) -> str:
    match = re.match(
        r"(第\S{1,4}[章节条则编]|[一二三四五六七八九十百]{1,4}、|[(（][一二三四五六七八九十]{1,3}[)）])[.、\s]?",
        title,
    )
    if match is None or leaf:
        return title + ("" if leaf or title.endswith("】") else " ")
    return match.group(1) + ("" if match.group(1).endswith(("、", ")", "）")) else " ")


def _list_title(path: Sequence[tuple[Node, Parts]], at: int) -> str:
    """Name of the first of several lists of one parent, taken from the sentence that announces it."""
    if at == 0:
        return ""
    node, (parent, _) = path[at][0], path[at - 1]
    if node.style not in (Style.ARABIC, Style.PAREN, Style.HALF) or parent.style is Style.LEAD:
        return ""
    if not parent.divided:
        return ""
    sentence = re.split(r"[。！!？?；;\s]", parent.raw.strip().rstrip(":："))[-1]
    return list_name(sentence.strip())
