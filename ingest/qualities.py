"""What is said of a clause besides its text: words to say, blanks, cut off, which of several under one label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.cleaning import ends_open, says_cut_off
from knowledge.clauses import ClauseDraft, ClauseKind

_BLANK = re.compile(r"_{3,}|＿{2,}|(?<![\w_])__(?![\w_])")
_SPEECH = re.compile(r"您好|请问|感谢您|为您服务|请稍等|请您")
_QUOTED_SPEECH = re.compile(
    r"[“\"「](?=[^“”\"「」]{8,})[^“”\"「」]*(?:您好|你好|请问|感谢|为您|抱歉|对不起|再见|祝您|快乐)[^“”\"「」]*[”\"」]?"
)
_ATTACHED = re.compile(r"(?:附[件表录錄]|Appendix|Annex)", re.I)
_SEE_ATTACHED = re.compile(
    r"(?:详?见|参[见照考]|按照?|填写|使用)(?:本制度|本办法|本手册|文末|后附的?)?(附[件表录錄][一二三四五六七八九十\dA-Z]{0,2}(?:《[^》]{1,30}》)?)"
)
_EMPTY_BRACKETS = re.compile(r"(?<![A-Za-z_])(?:\(\s*\)|（\s*）)")
_FORM_NAME = 40
_SAYINGS = re.compile(r"用语|话术|开头语|结束语|问候语|脚本|script|greeting", re.I)


def has_blank(text: str) -> bool:
    """Whether a value was left open (`____`); `xxx` and `XXX` are slots of a script, no blanks."""
    return bool(_BLANK.search(text))


def is_spoken(text: str) -> bool:
    """Whether a text holds words to say to a customer."""
    return len(set(_SPEECH.findall(text))) >= 2 or bool(_QUOTED_SPEECH.search(text))


def is_saying(text: str, headings: Sequence[str]) -> bool:
    """Whether a text set off from the rest (a code fence) is there to be said."""
    return bool(_SAYINGS.search(" ".join(headings)) or _SPEECH.search(text))


def mark_truncated(clauses: list[ClauseDraft], *, cut_off: bool) -> tuple[list[ClauseDraft], bool]:
    """Flag the last clause when the text stops there; `cut_off`: it is known from elsewhere that parts are missing."""
    if not clauses:
        return clauses, cut_off
    last = clauses[-1]
    if _ATTACHED.match(last.label) and len(last.text) <= _FORM_NAME:
        return (
            clauses,
            cut_off,
        )  # the name of a form that was attached: its absence is noted, the text is whole
    broken = last.kind is ClauseKind.HEADING
    if last.kind in (ClauseKind.TEXT, ClauseKind.SCRIPT) and ends_open(last.text):
        peers = [c for c in clauses[-8:-1] if c.heading_path == last.heading_path]
        broken = (
            cut_off
            or says_cut_off(last.text)
            or not peers
            or not all(ends_open(c.text) for c in peers)
            or last.text[-1] in "、,，:："
        )
    if broken:
        clauses = [*clauses[:-1], replace(last, truncated=True)]
    return clauses, broken or cut_off


def gaps(clauses: Sequence[ClauseDraft]) -> list[str]:
    """Notes on what the text points to but the file does not hold: attachments, words in empty brackets, values."""
    attached = any(_ATTACHED.match(c.label) and c.kind is not ClauseKind.HEADING for c in clauses)
    named = [] if attached else [(c, m[1]) for c in clauses if (m := _SEE_ATTACHED.search(c.text))]
    notes = [f"{_place([c])}提到「{form}」,文件里没有。" for c, form in named]
    for words, found in (
        ("有空括号,可能缺字。", [c for c in clauses if _EMPTY_BRACKETS.search(c.text)]),
        ("留有空白,没有填写。", [c for c in clauses if c.has_blank]),
    ):
        if found:
            notes.append(f"{_place(found)}{words}")
    return notes


def _place(clauses: Sequence[ClauseDraft]) -> str:
    first = clauses[0].label or "开头"
    return f"{first} " if len(clauses) == 1 else f"{first} 等{len(clauses)}处"


def numbered_apart(clauses: list[ClauseDraft], *, chinese: bool) -> list[ClauseDraft]:
    """The clauses with a label each of its own: the second under one label is its 第2段."""
    seen: dict[str, int] = {}
    out = []
    for clause in clauses:
        count = seen[clause.label] = seen.get(clause.label, 0) + 1
        if count > 1:
            more = f"第{count}段" if chinese else f"(part {count})"
            clause = replace(clause, label=f"{clause.label} {more}".strip())
        out.append(clause)
    return out
