"""Library: the only door to the manuals — views to search in, stage, publish, roll back, discard, list.

Safe for many threads: a search works on one immutable picture of what is live; a publication makes the next one.
What the clock makes due (an effective date, an expiry) is done by whoever reads or writes first after it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge import history, publishing
from knowledge.building import IndexBuilder
from knowledge.clauses import Clause, Hit, ManualDraft
from knowledge.comparison import ChangeKind, Comparison, compare
from knowledge.conflict_book import ConflictBook
from knowledge.conflict_records import Conflict, Settlement, State, Text
from knowledge.editions import Change, change_of, discard_editions, draft_of
from knowledge.embedding import Embedder, Matrix
from knowledge.errors import EditionStateError
from knowledge.filling import Filling, Progress
from knowledge.history import EditionRecord, PublicationRecord
from knowledge.index import LiveIndex
from knowledge.manuals import Edition, EditionState, Manual, Publication
from knowledge.notices import Notices
from knowledge.pictures import Pictures, RowVectors
from knowledge.reranking import Reranker
from knowledge.staging import Staging
from knowledge.sweeping import Sweep, Swept
from knowledge.vectors import Vectors
from knowledge.views import ManualSummary, Picture, Reader, View, hidden_from, summary

__all__ = ["Library", "ManualSummary", "Progress", "Reader", "View"]


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
        reranker: Reranker | None = None,
    ) -> None:
        """`engine` has this package's schema; `embedder` loads the model when it is first needed, `vectors`
        opens the store of that model's vectors (given its name). `reader` is an engine for reading only, where
        the store tells the two apart. `reranker` looks at the best hits of every search again.
        """
        self._reranker = reranker
        self._reader = reader or engine
        self._engine = engine
        self._open_vectors = vectors
        self._opened_vectors: Vectors | None = None
        self._load_embedder = embedder
        self._embedder: Embedder | None = None
        self._clock = clock
        self._due: tuple[int, datetime | None] | None = None
        self._stagings: list[Staging] = []
        self._conflicts = ConflictBook(
            self._engine,
            self._reader,
            self._vectors_of,
            lambda ids: self.clauses(ids),
            lambda ones, others: self.embedder.nearnesses(ones, others),
            clock,
        )
        self.notices = Notices(self._engine, clock, self._reader)
        """Which holiday's wording an admin says runs when."""
        self._lock = threading.RLock()
        self._pictures = Pictures(
            self._reader,
            index_folder,
            lambda: self.embedder.name,
            lambda: IndexBuilder(self._reader, self._vectors, self._filling()),
        )

    @property
    def embedder(self) -> Embedder:
        """The embedding model, loaded on first use."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._load_embedder()
            return self._embedder

    @property
    def embedder_state(self) -> str:
        """`ok`; `paused` while a server that embeds does not answer, or has another model than the stored vectors."""
        return str(getattr(self._embedder, "state", "ok"))

    @property
    def _vectors(self) -> Vectors:
        with self._lock:
            if self._opened_vectors is None:
                self._opened_vectors = self._open_vectors(self.embedder.name)
            return self._opened_vectors

    # -- reading ---------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The time by the library's clock (aware, UTC)."""
        return self._clock().astimezone(UTC)

    def generation(self) -> int:
        """Number of the newest publication, after whatever is due; 0 when nothing was published."""
        newest = self._newest()
        if self._due is None or self._due[0] != newest:
            with Session(self._reader) as session:
                self._due = newest, history.next_due(session)
        due = self._due[1]
        if due is None or due > self._clock():
            return newest
        self.turn()
        return self._newest()

    def _newest(self) -> int:
        with Session(self._reader) as session:
            return session.scalar(select(func.max(Publication.id))) or 0

    def view(
        self, *, as_of: datetime | None = None, staged: Collection[int] = (), reader: Reader | None = None
    ) -> View:
        """An immutable picture to search in: what is live now, or

        - `as_of` (aware): what was live at that moment, or will be by what is scheduled;
        - `staged`: as if these editions were live, each in the place of its manual's own;
        - `reader`: only what they may see.

        Raises EditionStateError for an edition that does not exist.
        """
        live = self._live_picture()
        picture = live if as_of is None and not staged else self._picture(live, as_of, staged)
        hidden = hidden_from(reader, picture, live) if reader is not None else ()
        return View(
            picture, lambda: self.embedder, as_of=as_of, staged=staged, reader=reader, hidden=hidden,
            reranker=self._reranker,
        )  # fmt: skip

    def index(self) -> LiveIndex:
        """The index of what is live now."""
        return self._live_picture().index

    def _live_picture(self) -> Picture:
        return self._pictures.live(self.generation())

    def _picture(self, live: Picture, as_of: datetime | None, staged: Collection[int]) -> Picture:
        """The picture of a moment with some editions put into it."""
        with Session(self._reader) as session:
            ids = live.edition_ids if as_of is None else history.edition_ids_at(session, as_of, self.now())
            if staged:
                ids = history.with_editions(session, ids, staged)
        return self._pictures.of(ids, live)

    def search(self, question: str, k: int = 10, within: Collection[int] = ()) -> list[Hit]:
        """What `View.search` finds in what is live now."""
        return self.view().search(question, k, within)

    def likeness(self, clause_id: int, others: Sequence[int]) -> list[float]:
        """Cosines between one live clause and others; 0 for one that is not live."""
        return self.view().likeness(clause_id, others)

    def clauses(self, ids: Sequence[int]) -> list[Clause]:
        """Clauses of any edition by id, in the order asked; KeyError for an id that does not exist."""
        return self._pictures.reading.clauses(ids)

    def edition_clauses(self, edition_id: int) -> list[Clause]:
        """All clauses of one edition, in their order."""
        return self._pictures.reading.edition_clauses(edition_id)

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

    def staged_changes(self, edition_ids: Sequence[int]) -> list[Change]:
        """How staged or scheduled editions differ from what is live now.

        Raises:
            EditionStateError: one of them is neither any more.
        """
        with Session(self._reader) as session:
            return [change_of(session, edition_id) for edition_id in edition_ids]

    def replacements(self, before: int, after: int) -> dict[int, int | None]:
        """Ids of the clauses of one edition whose rule another edition changes, with the clause that holds now
        (None: the rule is gone). Clauses moved, renumbered or taken whole into another are no change of the rule.
        """
        replaced: dict[int, int | None] = {}
        for change in self.compare(after, before).of(ChangeKind.CHANGED, ChangeKind.REMOVED):
            if isinstance(change.old, Clause) and change.within is None:
                replaced[change.old.id] = change.new.id if isinstance(change.new, Clause) else None
        return replaced

    def conflicts(self, state: State = "open", staged: Collection[int] = ()) -> tuple[Conflict, ...]:
        """The conflicts between live clauses of different manuals. See `ConflictBook.listed`.

        Editions that nobody has compared yet are compared first.
        """
        self._conflicts.find_left()
        return self._conflicts.listed(state, staged)

    def manuals(self) -> list[ManualSummary]:
        """Every live manual, in the order of first publication."""
        self.generation()
        with Session(self._reader) as session:
            editions = session.scalars(
                select(Edition).join(Manual, Manual.live_edition_id == Edition.id).order_by(Manual.id)
            )
            return [summary(edition) for edition in editions]

    def history(self, manual_id: int) -> list[EditionRecord]:
        """Every edition of a manual, newest first, with when it was live and who did that.

        Raises EditionStateError for an unknown manual.
        """
        self.generation()
        with Session(self._reader) as session:
            return history.history(session, manual_id)

    def known(self) -> dict[int, str]:
        """Every manual that ever was, live or not: its id and its title."""
        with Session(self._reader) as session:
            return history.titles(session)

    def first_held(self, manual_id: int | None = None) -> datetime | None:
        """Since when a manual, or the first of all, has been answering; None when none ever was live."""
        with Session(self._reader) as session:
            return history.first_held(session, manual_id)

    def scheduled(self) -> list[EditionRecord]:
        """Editions that go live by themselves, soonest first."""
        self.generation()
        with Session(self._reader) as session:
            return history.waiting(session, EditionState.SCHEDULED)

    def staged(self) -> list[EditionRecord]:
        """Editions that wait for somebody to publish or discard them."""
        with Session(self._reader) as session:
            return history.waiting(session, EditionState.STAGED)

    def expiring(self, within: timedelta) -> list[ManualSummary]:
        """Live manuals that expire within that time, soonest first: their owners are to be asked."""
        self.generation()
        with Session(self._reader) as session:
            return history.expiring(session, self.now() + within)

    def publication(self, generation: int) -> PublicationRecord:
        """One publication. Raises EditionStateError when there is none of this number."""
        with Session(self._reader) as session:
            return history.publication(session, generation)

    def publications(self, after: int = 0) -> list[PublicationRecord]:
        """All publications after a generation, oldest first."""
        with Session(self._reader) as session:
            return history.publications_after(session, after)

    # -- writing ---------------------------------------------------------------------------------------------

    def stage(self, drafts: Iterable[ManualDraft], by: str, progress: Progress | None = None) -> list[Change]:
        """Write drafts as staged editions with their vectors; nothing live changes.

        They may come from an iterator that reads as it goes: memory holds a piece of them. See `Staging`.
        """
        staging = Staging(self._engine, self._vectors, self._filling(), self._clock)
        self._stagings.append(staging)
        try:
            changes = staging.run(drafts, by, progress)
        finally:
            self._stagings.remove(staging)
        self._conflicts.find_left()
        return changes

    def sweep(self) -> Swept:
        """Delete what no edition needs that is live, staged, scheduled or retired. See `Sweep`."""
        return Sweep(self._engine, self._vectors, self._clock, self._stagings).run()

    def open_store(self) -> None:
        """Take hold of the vector store now. Raises StoreBusy when another process has it, StoreUnavailable."""
        self._vectors.open()

    def _vectors_of(self, texts: Sequence[Text]) -> Mapping[str, Matrix]:
        """The vectors of texts: of live ones from the index, of the others from the store."""
        index = self._live_picture().index
        rows = index.rows_of(np.array([text.clause_id for text in texts], np.int64))
        held = {text.vector_key: row for text, row in zip(texts, rows.tolist(), strict=True) if row >= 0}
        stored = self._vectors.get([t.vector_key for t in texts if t.vector_key not in held])
        return RowVectors(index.vectors, held, stored)

    def _filling(self) -> Filling:
        return Filling(self._reader, self._vectors, self.embedder)

    def publish(self, edition_ids: Sequence[int], by: str, *, force: bool = False) -> int:
        """Make staged editions live in one transaction, or schedule those with a future effective date; returns
        the generation. See `publishing.publish_editions` for what is refused and what `force` overrules."""
        if not edition_ids:
            return self.generation()
        self._conflicts.find_left()
        return self._write(
            lambda session, at: publishing.publish_editions(session, edition_ids, by, at, force=force)
        ).generation

    def rollback_target(self, manual_id: int, to: int | None = None) -> int:
        """Id of the edition that `rollback` would make live. Raises EditionStateError."""
        with Session(self._reader) as session:
            return publishing.rollback_target(session, manual_id, to).id

    def extend(self, manual_id: int, until: datetime | None, by: str) -> PublicationRecord:
        """Let a live manual hold until another moment (None: for good), by an edition that differs in nothing else.

        Raises EditionStateError when it is not live.
        """
        with Session(self._reader) as session:
            manual = session.get(Manual, manual_id)
            if manual is None or manual.live_edition_id is None:
                raise EditionStateError("This manual is not live; bring it back with a rollback first.")
            draft = draft_of(session, session.get_one(Edition, manual.live_edition_id))
        if until is not None and until <= self.now():
            raise EditionStateError(
                f"{until:%Y-%m-%d %H:%M} is over already; give a later end, or withdraw the manual."
            )
        metadata = replace(draft.metadata, expires_at=until)
        change = self.stage([replace(draft, metadata=metadata, manual_id=manual_id)], by)[0]
        if change.is_empty:
            return self.publication(self.generation())
        return self.publication(self.publish([change.edition_id], by))

    def rollback(self, manual_id: int, by: str, to: int | None = None) -> PublicationRecord:
        """Make the edition before the live one (or number `to`) live again. See `publishing.roll_back`."""
        made = self._write(lambda session, at: publishing.roll_back(session, manual_id, by, at, to))
        self.find_conflicts(made.edition_ids)  # with what has come since it was live
        return made

    def withdraw(self, manual_id: int, by: str) -> PublicationRecord:
        """Let a manual answer no more; `rollback` brings it back. See `publishing.withdraw`."""
        return self._write(lambda session, at: publishing.withdraw(session, manual_id, by, at))

    def _write(self, act: Callable[[Session, datetime], PublicationRecord]) -> PublicationRecord:
        with Session(self._engine) as session, session.begin():
            made = act(session, publishing.begin(session, self.now()))
        self.index()
        return made

    def find_conflicts(self, editions: Sequence[int] | None = None) -> int:
        """Compare what is new in these editions with every other manual. See `ConflictBook.find`."""
        return self._conflicts.find(editions)

    def settle_conflict(
        self, conflict_id: int, settlement: Settlement, by: str, superseding: int | None = None
    ) -> None:
        """Say what holds; `superseding` is the id of the manual whose rule holds, with `SUPERSEDES` only. Raises
        ConflictError."""
        self._conflicts.settle(conflict_id, settlement, by, superseding)

    def reopen_conflict(self, conflict_id: int, by: str) -> None:
        """Take a settlement back; raises ConflictError when there is no such conflict."""
        self._conflicts.settle(conflict_id, None, by)

    def turn(self) -> list[PublicationRecord]:
        """Do what the clock has made due: scheduled editions go live, expired ones end. Doing it twice, or in
        several processes at once, does it once."""
        before = self._newest()
        with Session(self._engine) as session, session.begin():
            publishing.begin(session, self.now())
        return [r for r in self.publications(before) if r.kind in history.BY_THE_CLOCK]

    def discard(self, edition_ids: Sequence[int]) -> None:
        """Give staged or scheduled editions up. See `discard_editions`."""
        with Session(self._engine) as session, session.begin():
            publishing.lock(session)
            discard_editions(session, edition_ids)

    def close(self) -> None:
        """Let go of the data folder."""
        if self._opened_vectors is not None:
            self._opened_vectors.close()
