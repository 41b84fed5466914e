"""Titles: what looks like the name of a document, and where one manual of a page ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.cleaning import CJK, TERMINAL, letters
from ingest.enumerators import Mark, Strength, Style, starts_list, starts_with_mark
from knowledge.reading import simplify

_NOUNS = (
    "制度|规范|办法|流程|规定|手册|细则|守则|标准|指南|方案|文化|职责|须知|条例|章程|准则|规程|预案|话术|指引|政策|公约|"
    "说明书?|问答|要求|纪律|规则|程序|大全|汇编|计划|总结|范本|模板|制度范|指导书|导则|通知|公告|协议|条款|清单|要点|措施|机制|体系|"
    "章则|规约|守约|答疑|解读|白皮书|工作法|SOP|FAQ"
)
_TITLE_END = re.compile(
    rf"(?:(?:{_NOUNS})(?:范文|样本|模板|范本|制度)?|范文|(?i:policy|manual|guide|guidelines?|handbook|procedures?|rules|standards?|faq|sop|playbook|instructions?|terms|process|workflow|protocol|runbook|code of conduct))"
    r"(?:\s?[vV]?\d[\d.]*版?|[(（](?:试行|暂行|草案|修订|\d{4}年?版?|[vV]?\d[\d.]*版?)[^()（）]{0,8}[)）])?$"
)
_COLLECTION = re.compile(
    r"[(（【\[]?(?:通用|精选|优秀|最新|热门|合集|共|推荐|实用|完整版?|全文|必备|集合){0,3}\s*(?:[0-9一二两三四五六七八九十]+篇)?(?:合集|范文)?[)）】\]]?$"
)
_EDITION = re.compile(
    r"^[(（【\[](?:完整版?|最新版?|通用版?|精选|全文|word|doc|试行|修订版?|20\d\d版?)[)）】\]]", re.I
)
_PUNCTUATION = re.compile(r"[,，。;；:：!！?？“”\"]")
_PREFIXED = re.compile(r"^(?:SOP|sop|[A-Z]{2,6}-?\d{0,5})\s?[:：]\s?")
"""「SOP: 退货处理流程」"""
_FLATTENED = 120
"""A line of so many characters is a whole page printed into one line, not a paragraph."""


_TOP_STYLES = frozenset({Style.CHAPTER, Style.HAN, Style.ARTICLE})


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one manual on a page. `title` is empty when no title line was found."""

    title: str
    lines: tuple[str, ...]
    preface: tuple[str, ...] = ()
    """Short lines above the title of the first: who issued it."""


def looks_like_title(text: str) -> bool:
    """Whether a short text reads as a document's title by its last word."""
    text = _PREFIXED.sub("", text)
    core = base_title(simplify(text))
    return (
        4 <= len(text) <= 45
        and not _PUNCTUATION.search(text)
        and bool(_TITLE_END.search(core))
        and not _starts_numbered(text)
    )


def base_title(title: str) -> str:
    """`title` without 「(完整版)」, 「(通用10篇)」, 「十二篇」 around it."""
    core = _EDITION.sub("", title.strip())
    found = _COLLECTION.search(core)
    if found is None or (found.group()[:1] in ")）】]" and len(found.group()) == 1):
        return core  # the bracket of 「(试行)」
    return core[: found.start()].strip() or core


def promised_parts(title: str) -> str:
    """The number of parts that a collection's title promises (「十二」, 「10」), or nothing."""
    match = re.search(r"([0-9一二两三四五六七八九十]+)篇", title)
    return match.group(1) if match else ""


def split_titles(lines: list[str]) -> list[Section]:
    """Cut a page of manuals at its stand-alone title lines."""
    starts: list[int] = []
    for i in range(len(lines)):
        # A title printed twice as two lines begins one manual, not two.
        if starts and i == starts[-1] + 1 and letters(lines[i]) == letters(lines[i - 1]):
            continue
        if _begins_manual(lines, i, starts):
            starts.append(i)
    sections = []
    preface = tuple(lines[: starts[0]]) if starts and _is_preface(lines[: starts[0]]) else ()
    if not starts or (starts[0] > 0 and not preface):
        sections.append(Section("", tuple(lines[: starts[0]] if starts else lines)))
    for at, i in enumerate(starts):
        end = starts[at + 1] if at + 1 < len(starts) else len(lines)
        sections.append(Section(lines[i], tuple(lines[i + 1 : end]), preface if at == 0 else ()))
    return sections


def _is_preface(lines: list[str]) -> bool:
    """Whether the lines above the first title are what a cover sheet prints there (a company, a department)."""
    return 0 < len(lines) <= 3 and all(len(x) <= 30 and not _PUNCTUATION.search(x) for x in lines)


def _heads_a_list(lines: list[str], i: int) -> bool:
    """Whether the first line of a file stands as a title above a list, whatever its last word is."""
    line = _PREFIXED.sub("", lines[i])
    if (
        i
        or len(lines) < 3
        or _starts_numbered(line)
        or not 2 <= len(line) <= 30
        or _PUNCTUATION.search(line)
        or line[-1] in ".)）"
    ):
        return False
    first = starts_list(lines[1])
    return first is not None and first.style in _TOP_STYLES | {Style.ARABIC, Style.HAN_PAREN, Style.PAREN}


def _begins_manual(lines: list[str], i: int, starts: list[int]) -> bool:
    """Whether line `i` is the title of a manual, given where earlier ones began."""
    line = lines[i]
    if _heads_a_list(lines, i):
        return True
    line = _PREFIXED.sub("", line)
    if not 4 <= len(line) <= 45 or _PUNCTUATION.search(line) or _starts_numbered(line):
        return False
    following = lines[i + 1] if i + 1 < len(lines) else ""
    named = looks_like_title(line)
    if repeats_title(following, line) > 0 and (named or len(following) >= _FLATTENED):
        return True
    if not named or not following:
        return False
    if i == 0 or _is_preface(lines[:i]):
        return not starts
    previous = lines[i - 1]
    over = previous[-1] in TERMINAL + '.”")）' or len(previous) >= _FLATTENED
    head = following[:60]
    first_word = re.split(r"\s", following, maxsplit=1)[0]
    inner_title = len(first_word) < len(following) and looks_like_title(first_word)
    flattened = len(following) >= _FLATTENED // 2 or len(previous) >= _FLATTENED
    if flattened and over and (any(_list_starts(head)) or inner_title or _shares(line, head)):
        return True
    return (inner_title and _shares(line, head)) or _numbering_restarts(lines, i, starts)


def _numbering_restarts(lines: list[str], i: int, starts: list[int]) -> bool:
    """Whether, in a page of ordinary lines, the chapters begin anew after the title at `i`. The inner titles of a
    manual that has a title above them all don't count."""
    mark = starts_list(lines[i + 1])
    if mark is None or mark.style not in _TOP_STYLES:
        return False
    begun = starts[-1] if starts else 0
    if begun + 1 < len(lines) and looks_like_title(lines[begun]) and looks_like_title(lines[begun + 1]):
        return False
    return any(m.style is mark.style for line in lines[begun:i] for m in _list_starts(line))


def repeats_title(text: str, title: str) -> int:
    """How many leading characters of `text` repeat `title` (whole, without its collection words, or with its
    last characters lost); 0 when it doesn't."""
    for wanted in dict.fromkeys((title, base_title(title))):
        end = _match_ignoring_space(text, wanted)
        if end and (end == len(text) or not re.match(f"[{CJK}A-Za-z]", text[end]) or wanted == title):
            return end
    first = re.split(r"[\s>]", text, maxsplit=1)[0]
    core = letters(title)
    if (
        len(first) < len(text)
        and len(first) >= 6
        and core.startswith(letters(first))
        and len(letters(first)) >= 0.75 * len(core)
    ):
        return len(first)
    base = letters(base_title(title))
    if (
        len(first) < len(text)
        and len(first) >= 6
        and base.startswith(letters(first))
        and len(letters(first)) >= 0.75 * len(base)
    ):
        return len(first)
    return 0


def leading_title(text: str, end: int) -> str:
    """The title that a page without line breaks runs into its first mark at `end` (「…手册第一章…」); or nothing."""
    head = text[:end].strip()
    return head if "\n" not in head and looks_like_title(head) else ""


def strip_repeated_titles(text: str, title: str) -> str:
    """`text` without the copies of `title` it begins with (a copy with 「篇1」 glued to it keeps that)."""
    for _ in range(3):
        end = repeats_title(text, title)
        rest = text[end:].lstrip(" \n>")
        if not end or not rest:
            return text
        text = rest
    return text


def title_marks(text: str, title: str) -> list[Mark]:
    """Inner titles (「安全保密制度」) and parts of a collection (「篇1」) as marks of `text`."""
    marks = [*_part_marks(text, title), *_inner_titles(text)]
    return sorted(marks, key=lambda m: m.start)


def _part_marks(text: str, title: str) -> list[Mark]:
    base = re.escape(base_title(title)) if title else r"(?!)"
    pattern = re.compile(
        rf"(?:(?<=\s)|^)(?:{base})?\s?(?:[【(（\[]\s?(?:精选|热门|优秀|推荐|范文)?第?(?:篇(?P<a>\d{{1,2}})|(?P<b>[\d一二三四五六七八九十]{{1,3}})篇)[】)）\]]"
        rf"|(?:精选|热门|优秀|推荐|范文)?篇(?P<c>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?=[\s:：]))"
    )
    marks: list[Mark] = []
    for match in pattern.finditer(text):
        digits = next(g for g in match.groups() if g)
        number = int(digits) if digits.isdigit() else len(marks) + 1
        marks.append(Mark(Style.PART, match.start(), match.end(), number, f"篇{digits}", Strength.LINE))
    return marks


def _inner_titles(text: str) -> list[Mark]:
    marks: list[Mark] = []
    for match in re.finditer(r"(?:(?<=[\n ])|^)(\S{4,40})(?=\s)", text):
        before = text[max(0, match.start(1) - 2) : match.start(1)]
        own_line = not before or before[-1] == "\n" or before[0] in TERMINAL + ".)）"
        _collect_inner(text, match.start(1), match.group(1), marks, own_line=own_line)
    return marks


def _collect_inner(text: str, start: int, word: str, marks: list[Mark], *, own_line: bool) -> None:
    """One inner title, or two in a row of which the first stands above all others."""
    if not looks_like_title(word) or (marks and start < marks[-1].end):
        return
    after = re.match(r"\s+(\S{1,40})", text[start + len(word) : start + len(word) + 60])
    if after is None:
        return
    end = start + len(word)
    at = end + after.start(1)
    if starts_list(text[at : at + 8]) or (start == 0 and not marks):
        style = Style.SUBDOCUMENT
        if looks_like_title(after.group(1)):
            style = Style.UMBRELLA
    elif own_line and looks_like_title(after.group(1)):
        style = Style.UMBRELLA
    else:
        return
    marks.append(Mark(style, start, end, len(marks) + 1, "", Strength.LINE, title=word))
    if style is Style.UMBRELLA:
        _collect_inner(text, at, after.group(1), marks, own_line=True)


def _starts_numbered(text: str) -> bool:
    return starts_with_mark(text) and not _EDITION.match(text)


def _list_starts(text: str) -> Iterator[Mark]:
    """The first marks of lists in `text`, at its start or after a space or a finished clause."""
    for match in re.finditer(r"(?:^|[\s:：。])(?=\S)", text):
        mark = starts_list(text[match.end() : match.end() + 12])
        if mark is not None:
            yield mark


def _shares(title: str, head: str) -> bool:
    core = letters(title)
    other = letters(head)
    return any(core[i : i + 6] in other for i in range(max(0, len(core) - 5)))


def _match_ignoring_space(text: str, wanted: str) -> int:
    """End of `wanted` at the start of `text`, spaces ignored on both sides; 0 when it isn't there."""
    at = 0
    for char in wanted:
        if char.isspace():
            continue
        while at < len(text) and text[at] == " ":
            at += 1
        if at >= len(text) or text[at] != char:
            return 0
        at += 1
    return at
