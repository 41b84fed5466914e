"""The search for conflicts: each new text is compared with its nearest neighbours in other manuals."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.clauses import ClauseDraft
from knowledge.conflicts import LIKENESS, Disagreement, clause_rulings, contradictions
from knowledge.editions import drafted
from knowledge.embedding import Matrix
from knowledge.manuals import ClauseRow, Edition
from knowledge.statements.quantities import folded
from knowledge.statements.topics import topic

NEIGHBOURS = 16
"""Clauses of other manuals that each new text is compared with: every conflict of the sample manuals but one lay
among the first seven, and false alarms lie further out."""
_BLOCK = 1024
_ASKED = 500
"""Ids in one query."""

TextOfManual = tuple[int, str]
"""Manual id and `text_key`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a manual that can be compared."""

    manual_id: int
    organisation: str
    clause_id: int
    """A clause that holds it."""
    text_key: str
    vector_key: str

    @property
    def key(self) -> TextOfManual:
        """What a conflict row knows it by."""
        return self.manual_id, self.text_key


Found = tuple[Text, Text, tuple[Disagreement, ...]]
Drafts = Callable[[Sequence[int]], Mapping[int, ClauseDraft]]
"""Gives clauses by their ids."""


def texts_of(session: Session, editions: Collection[int]) -> list[Text]:
    """The different texts of some editions."""
    rows = session.execute(
        select(
            Edition.manual_id, Edition.organisation, ClauseRow.id, ClauseRow.text_key, ClauseRow.vector_key
        )
        .join(Edition, ClauseRow.edition_id == Edition.id)
        .where(Edition.id.in_(editions))
        .order_by(ClauseRow.id)
    )
    found: dict[TextOfManual, Text] = {}
    for row in rows:
        text = Text(*row)
        found.setdefault(text.key, text)
    return list(found.values())


def drafts(session: Session, ids: Sequence[int]) -> dict[int, ClauseDraft]:
    """Clauses by their ids, as they were drafted."""
    found: dict[int, ClauseDraft] = {}
    for start in range(0, len(ids), _ASKED):
        part = ids[start : start + _ASKED]
        found.update(
            (row.id, drafted(row)) for row in session.scalars(select(ClauseRow).where(ClauseRow.id.in_(part)))
        )
    return found


def find(
    new: Sequence[Text], others: Sequence[Text], vectors: Mapping[str, Matrix], clauses: Drafts
) -> Iterator[Found]:
    """Disagreements of each new text with its nearest neighbours in other manuals, each pair once.

    `vectors` holds the normalised vectors; a text without one (embedded by another model) is left out. Only
    neighbours are read.
    """
    new = [text for text in new if text.vector_key in vectors]
    pool = list({text.key: text for text in (*others, *new) if text.vector_key in vectors}.values())
    pairs = _pairs(new, pool, vectors)
    read = clauses(sorted({text.clause_id for pair in pairs for text in pair}))
    rulings = {clause_id: clause_rulings(draft) for clause_id, draft in read.items()}
    names: dict[str, frozenset[str]] = {}
    for text, other in pairs:
        mine, theirs = rulings[text.clause_id], rulings[other.clause_id]
        if mine and theirs:
            apart = _words(text.organisation, names) | _words(other.organisation, names)
            points = contradictions(mine, theirs, apart)
            if points:
                yield text, other, points


def _pairs(
    new: Sequence[Text], pool: Sequence[Text], vectors: Mapping[str, Matrix]
) -> list[tuple[Text, Text]]:
    """Each new text with its nearest neighbours in other manuals. Blocks of rows keep the product small."""
    if not new:
        return []
    owners = np.array([text.manual_id for text in pool])
    matrix = np.stack([vectors[text.vector_key] for text in pool])
    pairs: list[tuple[Text, Text]] = []
    seen: set[frozenset[TextOfManual]] = set()
    count = min(NEIGHBOURS, len(pool))
    for start in range(0, len(new), _BLOCK):
        block = new[start : start + _BLOCK]
        scores = np.stack([vectors[text.vector_key] for text in block]) @ matrix.T
        scores[np.array([text.manual_id for text in block])[:, None] == owners[None, :]] = -1.0
        nearest = np.argpartition(-scores, count - 1, axis=1)[:, :count]
        for text, row, places in zip(block, scores, nearest, strict=True):
            for other in (pool[i] for i in places if row[i] >= LIKENESS):
                pair = frozenset({text.key, other.key})
                if pair not in seen:
                    seen.add(pair)
                    pairs.append((text, other))
    return pairs


def _words(organisation: str, names: dict[str, frozenset[str]]) -> frozenset[str]:
    if organisation not in names:
        names[organisation] = topic(folded(organisation))
    return names[organisation]
