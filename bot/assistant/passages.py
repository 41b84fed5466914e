"""What the cited clauses offer to a sentence, and how much of a sentence they cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.clauses import Clause
from knowledge.statements.concepts import Concepts, blanked, concepts
from knowledge.statements.quantities import Quantity, folded, quantities
from knowledge.statements.segments import (
    HAN,
    LATIN_WORD,
    Segment,
    content_runs,
    content_words,
    is_chinese,
    pairs,
    segments,
    sentences,
    statements,
    stem,
    tight,
)

_CELL = re.compile(r"^[^:：;；,，。]{1,20}[:：]\s*\S")


@dataclass(frozen=True)
class Support:
    """What the cited clauses offer to a sentence: their own text, and the headings and titles above it."""

    clauses: tuple[Clause, ...]
    segments: tuple[Segment, ...]
    statements: tuple[Segment, ...]
    verbatim: frozenset[str]
    """The sentences as written, without blanks and punctuation."""
    text: str
    """Folded text of the clauses, with headings and titles."""
    tight: str
    """The same without blanks and particles, for finding quotes and names."""
    quantities: tuple[Quantity, ...]
    concepts: Concepts
    pairs: frozenset[str]
    stems: frozenset[str]
    chinese: bool
    english: bool


def support(clauses: Sequence[Clause]) -> Support:
    """Read the cited clauses once for all checks of a sentence."""
    return _support(tuple(clauses))


@lru_cache(maxsize=512)
def _support(clauses: tuple[Clause, ...]) -> Support:
    bodies = [spelled_out(clause.text) for clause in clauses]
    # The clause's own number supports no number of a sentence.
    titles = [" ; ".join((*c.heading_path, c.manual, c.organisation)) for c in clauses]
    above = [f"{title} ; {clause.label}" for title, clause in zip(titles, clauses, strict=True)]
    whole = folded(" \n ".join((*bodies, *above)))
    own = tuple(
        replace(segment, sentence=1000 * n + segment.sentence)
        for n, body in enumerate(bodies)
        for segment in segments(body)
    )
    return Support(
        clauses=clauses,
        segments=own,
        verbatim=frozenset(tight(part) for clause in clauses for part in sentences(folded(clause.text))),
        statements=tuple(statement for body in bodies for statement in statements(body)),
        text=whole,
        tight=tight(whole),
        quantities=tuple(q for text in (*bodies, *titles) for q in quantities(folded(text))),
        concepts=concepts(whole, source=True),
        pairs=pairs(whole),
        stems=frozenset(stem(word) for word in LATIN_WORD.findall(whole)),
        chinese=any(is_chinese(body) for body in bodies),
        english=any(not is_chinese(body) for body in bodies),
    )


def spelled_out(text: str) -> str:
    """A table row (「项目: 转速; 甲: 1400; 乙: 1200」) with its key before every value, as separate statements."""
    cells = [cell.strip() for cell in re.split(r"[;；]", text)]
    if len(cells) < 2 or not all(_CELL.match(cell) for cell in cells):
        return text
    key = re.sub(r"^[^:：]{1,20}[:：]\s*", "", cells[0])
    return ";\n".join(f"{key} {re.sub(r'[:：]', ' ', cell, count=1)}" for cell in cells[1:])


def covered_share(text: str, source: Support) -> tuple[float, int]:
    """How much of a folded text's content the source also says: share 0..1, and how many units were counted.

    Chinese is counted in characters (each must stand in a pair that the source has too), English in words.
    A word whose concept the source names in other words counts as said.
    """
    known = source.concepts.strict | source.concepts.soft
    rest = blanked(text, known)
    hits = total = len(HAN.findall(text)) - len(HAN.findall(rest))
    for run in content_runs(rest):
        inside = [False, *(run[i : i + 2] in source.pairs for i in range(len(run) - 1)), False]
        for i, character in enumerate(run):
            total += 1
            hits += inside[i] or inside[i + 1] or (len(run) == 1 and character in source.text)
    for word in content_words(text):
        total += 1
        named = concepts(word)
        hits += stem(word) in source.stems or bool((named.strict | named.soft) & known)
    return (hits / total if total else 0.0), total
