"""The same thing twice: documents of a page, items of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from ingest.cleaning import letters
from ingest.enumerators import Style
from ingest.headings import compact
from ingest.nodes import Node
from knowledge.clauses import ManualDraft

_SHINGLE = 8
_SAME = 0.9
"""Share of the shorter document that the longer one must hold."""
_VARIANT = 0.3
"""From this share of common shingles on, a clause is another version of a clause, not an additional one."""
_LEAST = 120
"""Documents with fewer letters are never folded by likeness: short ones resemble each other."""
_TOGETHER = 10_000
"""Clauses of the files that are looked at together for copies: an ordinary batch; their shingles need memory."""


@dataclass(slots=True)
class _Body:
    """A manual with what comparing it needs, computed once."""

    draft: ManualDraft
    letters: str
    shingles: frozenset[str]

    @classmethod
    def of(cls, draft: ManualDraft) -> _Body:
        text = letters("".join(c.label + c.text for c in draft.clauses))
        return cls(draft, text, _shingles(text))


def fold_manuals(drafts: list[ManualDraft]) -> list[ManualDraft]:
    """Fold near-identical manuals into the longer one; clauses that only the shorter one has are kept."""
    if len(drafts) < 2:
        return drafts
    kept: list[_Body] = []
    for body in map(_Body.of, drafts):
        for at, other in enumerate(kept):
            merged = _merged(other, body)
            if merged is not None:
                kept[at] = merged
                break
        else:
            kept.append(body)
    return _told_apart([body.draft for body in kept])


def fold_copies(drafts: Iterable[ManualDraft]) -> Iterator[ManualDraft]:
    """The manuals of a batch of files, in order, those of one title that stand in several files folded into the
    longer one: the Word file and its PDF, a folder and a zip of it, a copy that breaks off.

    Manuals for which something else was stated (whose they are, who may read them, from when) stay apart, and so do
    those that try to instruct the bot. What lies more than 10,000 clauses apart in a batch is not compared.
    """
    together: list[ManualDraft] = []
    clauses = 0
    for draft in drafts:
        together.append(draft)
        clauses += len(draft.clauses)
        if clauses >= _TOGETHER:
            yield from _copies_folded(together)
            together, clauses = [], 0
    yield from _copies_folded(together)


def _copies_folded(drafts: list[ManualDraft]) -> list[ManualDraft]:
    named = Counter(letters(draft.title) for draft in drafts)
    kept: list[ManualDraft] = []
    bodies: dict[str, list[tuple[int, _Body]]] = {}
    for draft in drafts:
        title = letters(draft.title)
        if named[title] == 1 or draft.suspicious:
            kept.append(draft)
            continue
        body = _Body.of(draft)
        beside = bodies.setdefault(title, [])
        for number, (at, other) in enumerate(beside):
            merged = _merged(other, body) if _may_be_copies(other.draft, draft) else None
            if merged is not None:
                kept[at] = merged.draft
                beside[number] = (at, merged)
                break
        else:
            beside.append((len(kept), body))
            kept.append(draft)
    return kept


def _may_be_copies(one: ManualDraft, other: ManualDraft) -> bool:
    guessed = {"organisation"}
    said = [(draft.metadata, draft.inherits - guessed, draft.manual_id) for draft in (one, other)]
    organisations = {one.organisation, other.organisation} - {""}
    return said[0] == said[1] and len(organisations) <= 1


def _merged(first: _Body, second: _Body) -> _Body | None:
    """The two as one when the shorter says nothing that the longer doesn't, or nearly so under one title.

    A clause of the shorter that resembles one of the longer but differs (another number, another approver) keeps
    them apart: those are two rules, not one printed twice.
    """
    long, short = (first, second) if len(first.letters) >= len(second.letters) else (second, first)
    same_title = letters(long.draft.title) == letters(short.draft.title)
    if not short.letters or not (same_title or len(short.letters) >= _LEAST):
        return None
    if _contained(short.shingles, long.shingles) < _SAME:
        return None
    extra = tuple(c for c in short.draft.clauses if letters(c.text) not in long.letters)
    missing = sum(len(letters(c.text)) for c in extra)
    if extra and not (same_title and missing <= (1 - _SAME) * len(short.letters)):
        return None
    if any(_contained(_shingles(letters(c.text)), long.shingles) >= _VARIANT for c in extra):
        return None
    note = f"与另一份《{short.draft.title}》重复({len(short.draft.clauses)}条),已合并到较完整的一份。"
    notes = (*long.draft.notes, *_kept_notes(extra), note)
    return replace(long, draft=replace(long.draft, clauses=(*long.draft.clauses, *extra), notes=notes))


def _kept_notes(extra: tuple[object, ...]) -> tuple[str, ...]:
    return (f"其中{len(extra)}条只见于重复的那一份,已补入。",) if extra else ()


def _shingles(text: str) -> frozenset[str]:
    if len(text) < _SHINGLE:
        return frozenset([text] if text else [])
    return frozenset(text[i : i + _SHINGLE] for i in range(len(text) - _SHINGLE + 1))


def _contained(short: frozenset[str], long: frozenset[str]) -> float:
    """Share of the shingles of `short` that `long` holds; a first sample settles most pairs."""
    if not short:
        return 1.0
    sample = list(islice(short, 64))
    if sum(s in long for s in sample) < 0.4 * len(sample):
        return 0.0
    return len(short & long) / len(short)


def _told_apart(drafts: list[ManualDraft]) -> list[ManualDraft]:
    """Different manuals with one title must differ in organisation."""
    seen: dict[tuple[str, str], int] = {}
    out = []
    for draft in drafts:
        key = (letters(draft.title), draft.organisation)
        count = seen[key] = seen.get(key, 0) + 1
        if count > 1:
            draft = replace(draft, organisation=f"{draft.organisation}(第{count}份)".lstrip())
        out.append(draft)
    return out


def fold_items(node: Node) -> list[str]:
    """Drop items of a list that repeat an earlier item of it with everything below; returns notes."""
    notes: list[str] = []
    seen: dict[str, Node] = {}
    kept = []
    for child in node.children:
        key = letters(_whole(child))
        first = seen.get(key)
        numbered = child.style not in (Style.BULLET, Style.PARAGRAPH, Style.ROW, Style.CODE, Style.HEADING)
        if first is not None and numbered and len(key) >= 20 and child.mark and first.mark:
            notes.append(
                f"「{compact(child.mark.raw)}」与「{compact(first.mark.raw)}」内容重复,只保留前者一次。"
            )
            continue
        seen.setdefault(key, child)
        kept.append(child)
    node.children[:] = kept
    for child in kept:
        notes += fold_items(child)
    return notes


def _whole(node: Node) -> str:
    return node.raw + "".join((c.mark.raw if c.mark else "") + _whole(c) for c in node.children)
