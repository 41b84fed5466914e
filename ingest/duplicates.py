"""The same thing twice: documents of a page, items of a list."""

from __future__ import annotations

from dataclasses import replace

from ingest.cleaning import letters
from ingest.enumerators import Style
from ingest.headings import compact
from ingest.nodes import Node
from knowledge.clauses import ManualDraft

_SHINGLE = 8
_SAME = 0.9
"""Share of the shorter document's shingles that the longer one must hold."""
_LEAST = 120
"""Documents with fewer letters are never folded by likeness: short ones resemble each other."""


def fold_manuals(drafts: list[ManualDraft]) -> list[ManualDraft]:
    """Fold near-identical manuals into the longer one; clauses that only the shorter one has are kept."""
    kept: list[ManualDraft] = []
    for draft in drafts:
        for at, other in enumerate(kept):
            merged = _merged(other, draft)
            if merged is not None:
                kept[at] = merged
                break
        else:
            kept.append(draft)
    return _told_apart(kept)


def _merged(first: ManualDraft, second: ManualDraft) -> ManualDraft | None:
    body_a, body_b = _body(first), _body(second)
    long, short = (first, second) if len(body_a) >= len(body_b) else (second, first)
    long_body, short_body = (body_a, body_b) if long is first else (body_b, body_a)
    exact = short_body and short_body in long_body and letters(first.title) == letters(second.title)
    if not exact and (len(short_body) < _LEAST or _contained(short_body, long_body) < _SAME):
        return None
    extra = tuple(c for c in short.clauses if _contained(letters(c.text), long_body) < 0.5)
    note = f"与另一份《{short.title}》重复({len(short.clauses)}条),已合并到较完整的一份。"
    return replace(
        long, clauses=(*long.clauses, *extra), notes=(*long.notes, *_kept_notes(short, extra), note)
    )


def _kept_notes(short: ManualDraft, extra: tuple[object, ...]) -> tuple[str, ...]:
    return (f"其中{len(extra)}条只见于重复的那一份,已补入。",) if extra else ()


def _body(draft: ManualDraft) -> str:
    return letters("".join(c.label + c.text for c in draft.clauses))


def _contained(short: str, long: str) -> float:
    """Share of the shingles of `short` that `long` holds."""
    if len(short) < _SHINGLE:
        return 1.0 if short in long else 0.0
    shingles = {short[i : i + _SHINGLE] for i in range(len(short) - _SHINGLE + 1)}
    others = {long[i : i + _SHINGLE] for i in range(len(long) - _SHINGLE + 1)}
    return len(shingles & others) / len(shingles)


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
