"""Seeing to it that passages have vectors, with the least work: none twice, and none anew that only moved.

A clause's own words cost far more to embed than its surroundings do. When the words are known and only the
manual's title, its organisation or an outer heading changed, the old vector gives the expensive part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from sqlalchemy import Engine, and_, or_, select
from sqlalchemy.orm import Session

from knowledge.editions import CLOSE_DIGITS, passage
from knowledge.embedding import Embedder, Matrix, Passage, Resituating
from knowledge.manuals import ClauseRow, Edition
from knowledge.served_embedding import AT_ONCE, Served
from knowledge.vectors import Vectors

Progress = Callable[[int, int], None]
"""Called with (texts embedded so far, texts to embed)."""

_BATCH = 32
"""Passages for the model at once: how often progress is told, and how long a stop may take."""
_STORED_TOGETHER = 256
"""Vectors for Chroma at once. Measured, 896 dimensions: 1.1 ms a vector by 16, 0.5 ms by 256; a process killed
on the way loses these at most."""
_LOOKED_UP = 200
"""Keys in one query for kin: each is a condition of its own."""


class Filling:
    """The way of passages into the vector store."""

    def __init__(self, reader: Engine, vectors: Vectors, embedder: Embedder) -> None:
        """`reader` finds clauses that say the same elsewhere."""
        self._reader = reader
        self._vectors = vectors
        self._embedder = embedder
        self._at_once = AT_ONCE if isinstance(embedder, Served) else _BATCH

    def fill(self, passages: Mapping[str, Passage], progress: Progress | None = None) -> None:
        """Store the vectors of `passages` (by key) that are missing. Raises StoreUnavailable."""
        missing = self._vectors.missing(list(passages))
        if missing:
            self.make({key: passages[key] for key in passages if key in missing}, progress)

    def make(self, passages: Mapping[str, Passage], progress: Progress | None = None) -> dict[str, Matrix]:
        """Embed and store all of `passages`, short ones first; returns their vectors."""
        if isinstance(self._embedder, Served):  # nothing of two models is mixed
            self._embedder.verify(self._stored, patient=True)
        keys = sorted(passages, key=lambda key: len(passages[key].close))
        kin = self._kin(keys)
        # Alike inside a batch: those whose words are known, then those that are new.
        order = [key for key in keys if key in kin] + [key for key in keys if key not in kin]
        made: dict[str, Matrix] = {}
        stored = 0
        for batch in _batches(order, len(kin), self._at_once):
            made.update(zip(batch, self._embed([passages[key] for key in batch], batch, kin), strict=True))
            if len(made) - stored >= _STORED_TOGETHER or len(made) == len(order):
                part = order[stored : len(made)]
                self._vectors.put(part, np.stack([made[key] for key in part]))
                stored = len(made)
            if progress is not None:
                progress(len(made), len(order))
        return made

    def embedded(self, passages: Mapping[str, Passage]) -> dict[str, Matrix]:
        """Vectors of `passages` that are stored nowhere: for a process that may not write."""
        order = sorted(passages, key=lambda key: len(passages[key].close))
        made: dict[str, Matrix] = {}
        for batch in _batches(order, 0, self._at_once):
            made.update(zip(batch, self._embed([passages[key] for key in batch], batch, {}), strict=True))
        return made

    def _stored(self) -> tuple[Passage, Matrix] | None:
        """A clause of any edition with its vector."""
        with Session(self._reader) as session:
            rows = session.execute(
                select(ClauseRow, Edition)
                .join(Edition, ClauseRow.edition_id == Edition.id)
                .order_by(ClauseRow.id.desc())
                .limit(_LOOKED_UP)
            ).all()
            made = {
                clause.vector_key: passage(
                    edition.title, edition.organisation, clause.heading_path, clause.search_text
                )
                for clause, edition in rows
            }
        known = self._vectors.get(list(made)) if made else {}
        return next(((made[key], vector) for key, vector in known.items()), None)

    def _embed(self, passages: Sequence[Passage], keys: Sequence[str], kin: Mapping[str, Matrix]) -> Matrix:
        if keys[0] in kin and isinstance(self._embedder, Resituating):
            return self._embedder.resituated(passages, np.stack([kin[key] for key in keys]))
        return self._embedder.passages(passages)

    def _kin(self, keys: Sequence[str]) -> dict[str, Matrix]:
        """For each key whose words stand elsewhere with a vector: that vector."""
        if not isinstance(self._embedder, Resituating):
            return {}
        found: dict[str, str] = {}
        with Session(self._reader) as session:
            for start in range(0, len(keys), _LOOKED_UP):
                begins = [key[:CLOSE_DIGITS] for key in keys[start : start + _LOOKED_UP]]
                same = or_(*(and_(ClauseRow.vector_key >= b, ClauseRow.vector_key < b + "g") for b in begins))
                for other in session.scalars(select(ClauseRow.vector_key).where(same).distinct()):
                    found[other[:CLOSE_DIGITS]] = other
        known = self._vectors.get(list(found.values())) if found else {}
        others = {key: found.get(key[:CLOSE_DIGITS], "") for key in keys}
        return {key: known[other] for key, other in others.items() if other in known}


def _batches(order: Sequence[str], kin: int, size: int) -> list[Sequence[str]]:
    """`order` in batches that do not mix its first `kin` with the rest."""
    starts = [*range(0, kin, size), *range(kin, len(order), size)]
    return [order[a:b] for a, b in zip(starts, [*starts[1:], len(order)], strict=True)]
