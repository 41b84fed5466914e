"""The book of conflicts: what the library finds, lists and settles, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from knowledge import conflict_records
from knowledge.clauses import Clause
from knowledge.conflict_records import Conflict, Found, Settlement, State, Text
from knowledge.embedding import Matrix
from knowledge.errors import StoreUnavailable
from knowledge.manuals import Edition, EditionState
from knowledge.portions import portions
from knowledge.publishing import lock
from knowledge.sameness import Nearnesses

_WAITING = (EditionState.STAGED, EditionState.SCHEDULED)

MOST_PAIRS = 4_000_000_000
"""New texts times texts there are, up to which staging looks for conflicts: some minutes on two cores. Beyond it
(tens of thousands of clauses at once) they are looked for when somebody asks (`kefu manuals conflicts --find`)."""

VectorsOf = Callable[[Sequence[Text]], Mapping[str, Matrix]]
Clauses = Callable[[Sequence[int]], Sequence[Clause]]


class ConflictBook:
    """Safe for many threads and processes on one database."""

    def __init__(
        self,
        engine: Engine,
        reader: Engine,
        vectors_of: VectorsOf,
        clauses: Clauses,
        nearnesses: Nearnesses,
        clock: Callable[[], datetime],
    ) -> None:
        """`vectors_of` gives the vectors of texts by their keys, `clauses` clauses by their ids, `nearnesses` how near
        words and sentences are in meaning."""
        self._engine = engine
        self._reader = reader
        self._vectors_of = vectors_of
        self._clauses = clauses
        self._nearnesses = nearnesses
        self._clock = clock

    def find(self, editions: Sequence[int] | None = None) -> int:
        """Compare each text of these editions that is not in force already with its neighbours in the other
        manuals, live and staged, and keep what disagrees; returns how many conflicts are new.

        Without `editions`, everything is compared with everything. Doing it again changes nothing.
        """
        with Session(self._reader) as session:
            waiting = session.scalars(select(Edition.id).where(Edition.state.in_(_WAITING)))
            known = conflict_records.editions_in_force(session) | set(waiting)
            looked_at = known if editions is None else set(editions)
            if editions is not None and self._too_many(session, looked_at, known):
                self._record((), looked_at)
                return 0
            others = conflict_records.texts_of(session, known - looked_at)
            new = conflict_records.texts_of(session, looked_at)
        if editions is not None:
            examined = {text.key for text in others}
            new = [text for text in new if text.key not in examined]
        if not new:
            self._record((), looked_at)
            return 0
        with Session(self._reader) as session:
            vectors = self._vectors_of([*new, *others])
            found = list(
                conflict_records.find(
                    new, others, vectors, lambda ids: conflict_records.drafts(session, ids), self._nearnesses
                )
            )
        return self._record(found, looked_at)

    def find_left(self) -> int:
        """The same for editions that nobody has compared: a process died between staging and that, or they are
        older than the search for conflicts. One small query when there are none. When the vectors are out of reach
        (another process holds them), it is left to the next time."""
        with Session(self._reader) as session:
            standing = Edition.state.in_((*_WAITING, EditionState.LIVE))
            left = list(session.scalars(select(Edition.id).where(standing, Edition.compared.is_(False))))
        if not left:
            return 0
        try:
            return self.find(left)
        except StoreUnavailable:
            return 0

    def _record(self, found: Sequence[Found], looked_at: Collection[int]) -> int:
        """Keep what was found and that it was looked for, one writer at a time."""
        with Session(self._engine) as session, session.begin():
            lock(session)  # two that find the same at once would both think it new
            for ids in portions(looked_at):
                session.execute(update(Edition).where(Edition.id.in_(ids)).values(compared=True))
            return conflict_records.record(session, found, self._clock())

    def _too_many(self, session: Session, looked_at: Collection[int], known: Collection[int]) -> bool:
        """Whether the search would take more than some minutes; told by counts, before any text is read."""
        sizes = {
            row.id: row.clause_count for row in session.execute(select(Edition.id, Edition.clause_count))
        }
        new, all_of_them = (sum(sizes.get(i, 0) for i in ids) for ids in (looked_at, {*looked_at, *known}))
        if new * all_of_them <= MOST_PAIRS:
            return False
        import structlog  # 70 ms that answering does not need

        structlog.get_logger(__name__).warning("conflicts.not_looked_for", new=new, among=all_of_them)
        return True

    def listed(self, state: State = "open", staged: Collection[int] = ()) -> tuple[Conflict, ...]:
        """The conflicts between live clauses of different manuals, the surest first; `staged`: as if these editions
        were live already."""
        with Session(self._reader) as session:
            editions = conflict_records.editions_in_force(session, staged)
            found = conflict_records.listed(session, self._clauses, editions)
        return tuple(c for c in found if state == "all" or c.is_open == (state == "open"))

    def settle(
        self, conflict_id: int, settlement: Settlement | None, by: str, superseding: int | None = None
    ) -> None:
        """Say what holds, or (None) that it is open again.

        Raises:
            ConflictError: no such conflict, or `superseding` is not one of its two manuals.
        """
        with Session(self._engine) as session, session.begin():
            conflict_records.settle(session, conflict_id, settlement, superseding, by, self._clock())
