"""Library: the only door to the manuals — search, stage, publish, discard, list.

Safe for many threads: a search works on one immutable picture of what is live; a publication makes the next one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge import ranking
from knowledge.building import IndexBuilder
from knowledge.clauses import Clause, ClauseKind, Hit, ManualDraft
from knowledge.editions import (
    Change,
    discard_editions,
    publish_editions,
)
from knowledge.embedding import Embedder
from knowledge.filling import Filling
from knowledge.filling import Progress as Progress
from knowledge.index import LiveIndex
from knowledge.manuals import ClauseRow, Edition, Manual, Publication
from knowledge.reading import normalise, question_terms
from knowledge.staging import Staging
from knowledge.sweeping import Sweep, Swept
from knowledge.vectors import Vectors


@dataclass(frozen=True, slots=True)
class ManualSummary:
    """One live manual, for lists."""

    manual_id: int
    title: str
    organisation: str
    edition: int
    clauses: int
    truncated: bool
    source: str
    published_at: datetime
    language: str
    notes: tuple[str, ...]


def _utc(moment: datetime | None) -> datetime:
    """SQLite gives times back without their zone; they are UTC."""
    moment = moment or datetime.fromtimestamp(0, UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Library:
    """See the module."""

    def __init__(
        self,
        engine: Engine,
        vectors: Callable[[str], Vectors],
        embedder: Callable[[], Embedder],
        index_folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        reader: Engine | None = None,
    ) -> None:
        """`engine` has this package's schema; `embedder` loads the model when it is first needed, `vectors`
        opens the store of that model's vectors (given its name). `reader` is an engine for reading only, where
        the store tells the two apart.
        """
        self._reader = reader or engine
        self._engine = engine
        self._open_vectors = vectors
        self._opened_vectors: Vectors | None = None
        self._load_embedder = embedder
        self._embedder: Embedder | None = None
        self._folder = index_folder
        self._clock = clock
        self._index: LiveIndex | None = None
        self._clauses: dict[int, Clause] = {}
        self._stagings: list[Staging] = []
        self._lock = threading.RLock()

    @property
    def embedder(self) -> Embedder:
        """The embedding model, loaded on first use."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._load_embedder()
            return self._embedder

    @property
    def _vectors(self) -> Vectors:
        with self._lock:
            if self._opened_vectors is None:
                self._opened_vectors = self._open_vectors(self.embedder.name)
            return self._opened_vectors

    # -- reading ---------------------------------------------------------------------------------------------

    def generation(self) -> int:
        """Number of the newest publication; 0 when nothing was published."""
        with Session(self._reader) as session:
            return session.scalar(select(func.max(Publication.id))) or 0

    def index(self) -> LiveIndex:
        """The picture of what is live now."""
        newest = self.generation()
        index = self._index
        if index is not None and index.generation == newest:
            return index
        with self._lock:
            if self._index is None or self._index.generation != newest:
                path = self._folder / f"live-{self.embedder.name.replace('/', '-')}.npz"
                loaded = self._index or LiveIndex.load(path)
                if loaded is None or loaded.generation != newest:
                    loaded = self._build_index(loaded)
                    loaded.save(path)
                self._index = loaded
                self._clauses = {}
            return self._index

    def _build_index(self, previous: LiveIndex | None) -> LiveIndex:
        builder = IndexBuilder(self._reader, self._vectors, self._filling())
        return builder.build(Edition.id.in_(select(Manual.live_edition_id)), previous)

    def search(self, question: str, k: int = 10, within: Collection[int] = ()) -> list[Hit]:
        """The k live clauses that fit the question best, best first; none when nothing is published.

        `within`: ids of manuals to look in; empty means all.
        """
        index = self.index()
        if not len(index.clause_ids):
            return []
        question = index.bridges.spelled_out(question)
        asked = question_terms(question)
        meaning = index.vectors @ self.embedder.query(normalise(question))
        words = index.body.scores(asked) + np.float32(ranking.CONTEXT_WEIGHT) * index.context.scores(asked)
        scores = ranking.mix(meaning, words, index.bridges.scores(asked, index.body))
        if within:
            scores = np.where(np.isin(index.manual_ids, list(within)), scores, -np.inf)
        rows = [row for row in ranking.best(scores, k) if np.isfinite(scores[row])]
        clauses = self.clauses([int(index.clause_ids[row]) for row in rows])
        return [
            Hit(clause, float(scores[row]), float(meaning[row]), float(words[row]))
            for row, clause in zip(rows, clauses, strict=True)
        ]

    def likeness(self, clause_id: int, others: Sequence[int]) -> list[float]:
        """Cosines between one live clause and others; 0 for one that is not live."""
        index = self.index()
        rows = {int(clause): row for row, clause in enumerate(index.clause_ids)} if others else {}
        if clause_id not in rows:
            return [0.0] * len(others)
        lead = index.vectors[rows[clause_id]]
        return [float(lead @ index.vectors[rows[i]]) if i in rows else 0.0 for i in others]

    def clauses(self, ids: Sequence[int]) -> list[Clause]:
        """Clauses by id, in the order asked; KeyError for an id that does not exist."""
        cache = self._clauses
        missing = [i for i in ids if i not in cache]
        if missing:
            with Session(self._reader) as session:
                rows = session.execute(
                    select(ClauseRow, Edition).join(Edition, ClauseRow.edition_id == Edition.id)
                    .where(ClauseRow.id.in_(missing))
                ).all()  # fmt: skip
                cache.update({row.id: _clause(row, edition) for row, edition in rows})
        return [cache[i] for i in ids]

    def edition_clauses(self, edition_id: int) -> list[Clause]:
        """All clauses of one edition, in their order."""
        with Session(self._reader) as session:
            ids = list(
                session.scalars(
                    select(ClauseRow.id).where(ClauseRow.edition_id == edition_id).order_by(ClauseRow.ordinal)
                )
            )
        return self.clauses(ids)

    def manuals(self) -> list[ManualSummary]:
        """Every live manual, in the order of first publication."""
        with Session(self._reader) as session:
            editions = session.scalars(
                select(Edition).join(Manual, Manual.live_edition_id == Edition.id).order_by(Manual.id)
            )
            return [
                ManualSummary(
                    e.manual_id, e.title, e.organisation, e.number, e.clause_count, e.truncated, e.source,
                    _utc(e.published_at), e.language, tuple(e.notes),
                )
                for e in editions
            ]  # fmt: skip

    # -- writing ---------------------------------------------------------------------------------------------

    def stage(self, drafts: Iterable[ManualDraft], by: str, progress: Progress | None = None) -> list[Change]:
        """Write drafts as staged editions with their vectors; nothing live changes.

        They may come from an iterator that reads as it goes: memory holds a piece of them. See `Staging`.
        """
        staging = Staging(self._engine, self._vectors, self._filling(), self._clock)
        self._stagings.append(staging)
        try:
            return staging.run(drafts, by, progress)
        finally:
            self._stagings.remove(staging)

    def sweep(self) -> Swept:
        """Delete what no edition needs that is live, staged, scheduled or retired. See `Sweep`."""
        return Sweep(self._engine, self._vectors, self._clock, self._stagings).run()

    def _filling(self) -> Filling:
        return Filling(self._reader, self._vectors, self.embedder)

    def publish(self, edition_ids: Sequence[int], by: str) -> int:
        """Make staged editions live in one transaction; returns the generation. See `publish_editions`."""
        with Session(self._engine) as session, session.begin():
            generation = publish_editions(session, edition_ids, by, self._clock())
        self.index()
        return generation

    def discard(self, edition_ids: Sequence[int]) -> None:
        """Give staged editions up. See `discard_editions`."""
        with Session(self._engine) as session, session.begin():
            discard_editions(session, edition_ids)

    def close(self) -> None:
        """Let go of the data folder."""
        if self._opened_vectors is not None:
            self._opened_vectors.close()


def _clause(row: ClauseRow, edition: Edition) -> Clause:
    return Clause(
        row.id, edition.manual_id, edition.id, edition.number, edition.title, edition.organisation, row.ordinal,
        row.label, tuple(row.heading_path), row.text, row.search_text, ClauseKind(row.kind), row.truncated,
        row.has_blank, edition.source, _utc(edition.published_at), row.page,
    )  # fmt: skip
