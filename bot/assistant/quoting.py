"""Cutting a clause to what was asked, word for word, and laying quotes out for reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.assistant.answers import Language
from bot.assistant.asking import Wanted
from bot.assistant.questions import Question, holds_value
from knowledge.clauses import Citation, Clause
from knowledge.reading import terms

_LONG = 70
"""A longer sentence is cut at its commas too: manuals put half a page between two full stops."""


def sentences(text: str) -> list[str]:
    """Sentences of a text, marks kept: joined together they are the text again."""
    pieces = re.split(r"(?<=[。!?!?;;\n])(?![”’\"』」)])|(?<=[a-z)\]]\.)(?=\s)", text)
    cut: list[str] = []
    for piece in pieces:
        cut += re.split(r"(?<=[,,])(?!\d)", piece) if len(piece) > _LONG else [piece]
    return [piece for piece in cut if piece]


def excerpt(
    text: str, asked: Sequence[str], weight: Callable[[str], float], question: Question, budget: int
) -> str:
    """The contiguous sentences of `text` that say most about the terms asked for, at most about `budget` characters."""
    text = text.strip()
    if len(text) <= budget:
        return text
    parts = sentences(text)
    wanted = set(asked)
    scores = []
    for part in parts:
        score = sum(weight(term) * (1.0 if len(term) > 1 else 0.4) for term in wanted & set(terms(part)))
        scores.append(
            score * (1.4 if question.wanted is not Wanted.ANY and holds_value(question, part) else 1.0)
        )
    first = last = max(range(len(parts)), key=scores.__getitem__)
    while True:
        size = sum(map(len, parts[first : last + 1]))
        after = scores[last + 1] + 0.01 if last + 1 < len(parts) else -1.0
        before = scores[first - 1] if first > 0 else -1.0
        if max(after, before) < 0:
            break
        grown = size + len(parts[last + 1] if after >= before else parts[first - 1])
        if grown > budget:
            break
        if after >= before:
            last += 1
        else:
            first -= 1
    return "".join(parts[first : last + 1]).strip()


_ORDERED = re.compile(r"\n|[①-⑳]|[((]?\d{1,2}[)).、]|第[一二三四五六]|首先|其次|然后")


def answering_first(text: str, question: Question, weight: Callable[[str], float]) -> str:
    """A quote with the one or two sentences that answer in front, what stands before them on a line below.

    A quote that begins with them, is short, or counts its sentences stays as it is.
    """
    parts = [part for part in re.split(r"(?<=[。!?！？;；])(?![”’\"』」)])", text) if part]
    if len(text) < _LONG or len(parts) < 3 or _ORDERED.search(text):
        return text
    asked = set(terms(question.search_text))
    scores = []
    for part in parts:
        score = sum(weight(term) * (1.0 if len(term) > 1 else 0.4) for term in asked & set(terms(part)))
        valued = question.wanted is not Wanted.ANY and holds_value(question, part)
        scores.append(score * (1.4 if valued else 1.0))
    best = max(range(len(parts)), key=scores.__getitem__)
    if best == 0 or scores[best] < 1.5 * scores[0]:
        return text
    return f"{''.join(parts[best:]).strip()}\n{''.join(parts[:best]).strip()}"


def cite(clause: Clause, quote: str | None = None) -> Citation:
    """The citation of a clause; the quote is the whole clause unless a part of it is given."""
    return Citation(
        clause.id, clause.manual, clause.organisation, clause.label, quote or clause.text, clause.edition,
        clause.published_at, clause.source, clause.truncated, clause.has_blank, clause.page,
    )  # fmt: skip


def place(clause: Clause, *, with_label: bool = True) -> str:
    """Where a clause stands, for the start of a line: 《title》label · organisation."""
    owner = f" · {clause.organisation}" if clause.organisation else ""
    return f"《{clause.manual}》{clause.label if with_label else ''}{owner}"


def remark(clause: Clause, language: Language) -> str:
    """What must be said of a damaged source; empty for a sound one."""
    if clause.truncated:
        return " (the source text is cut off here)" if language == "en" else "(原文在此处截断)"
    if clause.has_blank:
        return " (the source leaves this value blank)" if language == "en" else "(原文此处为空白,未写明)"
    return ""
