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
_ITEM = re.compile(
    r"\s*(?:[•·▪◦*–-]\s|[(（]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z])[.．、)）]|[①-⑳])"
)
_DATE = r"[〇零一二三四五六七八九十\d]{4}\s?[年./-]\s?[一二三四五六七八九十\d]{1,3}\s?[月./-]\s?[一二三四五六七八九十\d]{1,3}\s?日?"
_DATED = re.compile(_DATE)
_SIGNER = re.compile(r"[^,，。;；:：!！?？\s]{2,24}")
_CLOSING = re.compile(
    rf"(?:{_SIGNER.pattern}\s+)?{_DATE}"
    rf"|{_SIGNER.pattern}(?:公司|集团|中心|部门?|处|室|店|委员会)"
    r"|[^,，。;；:：!！?？\n]{0,12}[:：]?\s*(?:https?://\S+|[\w.+-]+@[\w.-]+|\+?[\d(（)）*-][\d\s(（)）*-]{4,})"
)
"""A line below the last rule that ends without a full stop and is whole: who signs, when, a number to call."""
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
    if last.kind in (ClauseKind.TEXT, ClauseKind.SCRIPT):
        broken = _stops_early(last, clauses[:-1], cut_off=cut_off)
    if broken:
        clauses = [*clauses[:-1], replace(last, truncated=True)]
    return clauses, broken or cut_off


def _stops_early(last: ClauseDraft, before: Sequence[ClauseDraft], *, cut_off: bool) -> bool:
    """Whether the last text of a manual stops before its sentence does, and not because nobody there writes stops.

    Below the last rule a signature, a date or a telephone number may stand. A list of words without full stops is
    whole, and so is a manual that writes none: its other items, or else its other clauses, tell.
    """
    if says_cut_off(last.text):
        return True
    lines = last.text.rstrip().split("\n")
    while len(lines) > 1 and _CLOSING.fullmatch(lines[-1].strip()):
        signed = bool(_DATED.search(lines.pop()))
        if signed and len(lines) > 1 and _SIGNER.fullmatch(lines[-1].strip()) and not _ITEM.match(lines[-1]):
            lines.pop()
    text = "\n".join(lines)
    if not ends_open(text) or (_CLOSING.fullmatch(text.strip()) and before):
        return False
    if cut_off or text[-1] in "、,，:：":
        return True
    if _ITEM.match(lines[-1]):
        beside = [line for line in lines[:-1] if _ITEM.match(line)]
        if beside:
            return not all(map(ends_open, beside))
    peers = [c for c in before[-7:] if c.heading_path == last.heading_path] or [
        c for c in before[-7:] if c.kind is not ClauseKind.HEADING
    ]
    return not peers or not all(ends_open(c.text) for c in peers)


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
