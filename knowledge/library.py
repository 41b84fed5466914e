"""Library: the only door to the manuals — search, stage, publish, discard, list.

Safe for many threads: a search works on one immutable picture of what is live; a publication makes the next one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge import conflict_records, ranking
from knowledge.clauses import Clause, ClauseKind, Hit, ManualDraft
from knowledge.comparison import ChangeKind, Comparison, compare
from knowledge.conflict_records import Conflict, Settlement, Text
from knowledge.editions import (
    Change,
    context_text,
    discard_editions,
    passage,
    passage_key,
    publish_editions,
    stage_draft,
)
from knowledge.embedding import Embedder, Matrix, Passage
from knowledge.errors import EditionStateError
from knowledge.index import IndexedClause, LiveIndex
from knowledge.manuals import ClauseRow, Edition, EditionState, Manual, Publication
from knowledge.reading import normalise, question_terms
from knowledge.vectors import Vectors

Progress = Callable[[int, int], None]
"""Called with (texts embedded so far, texts to embed)."""

_EMBED_BATCH = 16
_WAITING = (EditionState.STAGED, EditionState.SCHEDULED)


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
                loaded = LiveIndex.load(path, newest)
                if loaded is None:
                    loaded = self._build_index()
                    loaded.save(path)
                self._index = loaded
                self._clauses = {}
            return self._index

    def _build_index(self) -> LiveIndex:
        with Session(self._reader) as session:
            generation = session.scalar(select(func.max(Publication.id))) or 0
            rows = session.execute(
                select(ClauseRow, Edition.manual_id, Edition.title, Edition.organisation)
                .join(Edition, ClauseRow.edition_id == Edition.id)
                .join(Manual, Manual.live_edition_id == Edition.id)
                .order_by(Manual.id, ClauseRow.ordinal)
            ).all()
            passages: dict[str, Passage] = {}
            clauses = []
            for row, manual_id, title, organisation in rows:
                context = context_text(title, organisation, row.heading_path)
                passages[row.vector_key] = passage(title, organisation, row.heading_path, row.search_text)
                clauses.append(IndexedClause(row.id, manual_id, row.search_text, context, row.vector_key))
        known = self._known_vectors(clauses)
        lost = [key for key in passages if key not in known]
        if lost:  # another embedding model than at ingest, or a vector store lost: made again from the text
            known |= self._embed({key: passages[key] for key in lost}, None)
        return LiveIndex.build(generation, clauses, known)

    def _known_vectors(self, clauses: Sequence[IndexedClause]) -> dict[str, Matrix]:
        return self._vectors.get([c.vector_key for c in clauses]) if clauses else {}

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

    def compare(self, edition_id: int, before: int | None = None) -> Comparison:
        """What an edition changes against the edition `before`; without one, against what is live of its manual
        (nothing live: every clause is added).

        Raises:
            EditionStateError: there is no such edition.
        """
        with Session(self._reader) as session:
            edition = session.get(Edition, edition_id)
            if edition is None or (before is not None and session.get(Edition, before) is None):
                raise EditionStateError("There is no such edition; look at the list of manuals.")
            before = before or session.get_one(Manual, edition.manual_id).live_edition_id
        return compare(self.edition_clauses(before) if before else [], self.edition_clauses(edition_id))

    def replacements(self, before: int, after: int) -> dict[int, int | None]:
        """Ids of the clauses of one edition whose rule another edition changes, with the clause that holds now
        (None: the rule is gone). Clauses moved, renumbered or taken whole into another are no change of the rule.
        """
        replaced: dict[int, int | None] = {}
        for change in self.compare(after, before).of(ChangeKind.CHANGED, ChangeKind.REMOVED):
            if isinstance(change.old, Clause) and change.within is None:
                replaced[change.old.id] = change.new.id if isinstance(change.new, Clause) else None
        return replaced

    def conflicts(
        self, state: conflict_records.State = "open", staged: Collection[int] = ()
    ) -> tuple[Conflict, ...]:
        """The conflicts between live clauses of different manuals, the surest first; `staged`: as if these editions
        were live already."""
        with Session(self._reader) as session:
            editions = conflict_records.editions_in_force(session, staged)
            found = conflict_records.listed(session, self.clauses, editions)
        return tuple(c for c in found if state == "all" or c.is_open == (state == "open"))

    def conflicts_of(self, clauses: Sequence[Clause]) -> tuple[Conflict, ...]:
        """The conflicts, settled ones too, that these clauses have with live ones: one indexed query."""
        texts = {(clause.manual_id, clause.text_key) for clause in clauses}
        if not texts:
            return ()
        with Session(self._reader) as session:
            editions = conflict_records.editions_in_force(session)
            return tuple(conflict_records.listed(session, self.clauses, editions, texts))

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

    def stage(self, drafts: Sequence[ManualDraft], by: str, progress: Progress | None = None) -> list[Change]:
        """Write drafts as staged editions with their vectors; nothing live changes.

        Vectors go first: an edition that the relational store knows always has all of its vectors.
        """
        passages: dict[str, Passage] = {}
        for draft in drafts:
            for clause in draft.clauses:
                made = passage(draft.title, draft.organisation, clause.heading_path, clause.search_text)
                passages[passage_key(made)] = made
        if passages:
            missing = self._vectors.missing(list(passages))
            self._embed({key: made for key, made in passages.items() if key in missing}, progress)
        taken: set[int] = set()
        with Session(self._engine) as session, session.begin():
            changes = [stage_draft(session, draft, taken, by, self._clock()) for draft in drafts]
        self.find_conflicts([change.edition_id for change in changes if not change.is_empty])
        return changes

    def _embed(self, passages: dict[str, Passage], progress: Progress | None) -> dict[str, Matrix]:
        keys = sorted(passages, key=lambda key: len(passages[key].text))
        made: dict[str, Matrix] = {}
        for start in range(0, len(keys), _EMBED_BATCH):
            batch = keys[start : start + _EMBED_BATCH]
            vectors = self.embedder.passages([passages[key] for key in batch])
            self._vectors.put(batch, vectors)
            made.update(zip(batch, vectors, strict=True))
            if progress is not None:
                progress(len(made), len(keys))
        return made

    def find_conflicts(self, editions: Sequence[int] | None = None) -> int:
        """Compare each text of these editions that is not in force already with its neighbours in the other
        manuals, live and staged, and keep what disagrees; returns how many conflicts are new.

        Without `editions`, everything is compared with everything. Doing it again changes nothing.
        """
        with Session(self._reader) as session:
            waiting = session.scalars(select(Edition.id).where(Edition.state.in_(_WAITING)))
            known = conflict_records.editions_in_force(session) | set(waiting)
            looked_at = known if editions is None else set(editions)
            others = conflict_records.texts_of(session, known - looked_at)
            new = conflict_records.texts_of(session, looked_at)
        if editions is not None:
            examined = {text.key for text in others}
            new = [text for text in new if text.key not in examined]
        if not new:
            return 0
        with Session(self._reader) as session:
            vectors = self._vectors_of([*new, *others])
            found = list(
                conflict_records.find(new, others, vectors, lambda ids: conflict_records.drafts(session, ids))
            )
        with Session(self._engine) as session, session.begin():
            return conflict_records.record(session, found, self._clock())

    def _vectors_of(self, texts: Sequence[Text]) -> dict[str, Matrix]:
        """The vectors of texts: of live ones from memory, of the others from the store."""
        index = self.index()
        rows = {int(clause): row for row, clause in enumerate(index.clause_ids)}
        held = {t.vector_key: index.vectors[rows[t.clause_id]] for t in texts if t.clause_id in rows}
        return held | self._vectors.get([t.vector_key for t in texts if t.vector_key not in held])

    def settle_conflict(
        self, conflict_id: int, settlement: Settlement, by: str, superseding: int | None = None
    ) -> None:
        """Say what holds; `superseding` is the id of the manual whose rule holds, with `SUPERSEDES` only.

        Raises:
            ConflictError: no such conflict, or `superseding` is not one of its two manuals.
        """
        with Session(self._engine) as session, session.begin():
            conflict_records.settle(session, conflict_id, settlement, superseding, by, self._clock())

    def reopen_conflict(self, conflict_id: int, by: str) -> None:
        """Take a settlement back; raises ConflictError when there is no such conflict."""
        with Session(self._engine) as session, session.begin():
            conflict_records.settle(session, conflict_id, None, None, by, self._clock())

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
