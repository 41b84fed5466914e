"""Sweeping: what no kept edition needs goes, beside whatever else is going on.

Kept are live, staged, scheduled and retired editions: the past stays answerable, and rolling back needs it. What
goes: clauses of discarded editions, editions of a staging that died, and vectors that no clause names.

Why it is right beside a publication, a rollback and a staging, also of other processes: a vector is deleted in a
transaction that holds the lock of `knowledge.staging` and has just found no row that names it. Publications and
rollbacks only move editions between states that are all kept. A discarded edition never comes back. So only a
staging can need the vector again, and a staging, holding the same lock, looks for its vectors before it writes
its rows: it sees the vector missing and makes it again. What is deleted too much costs work, never an answer.

The vectors of a collection are taken to belong to this database alone: two installations on one Chroma server
would sweep each other's (which costs work, as above: an index makes lost vectors again).

What a sweep gives: fewer vectors to compare and to back up. Not disk: measured on embedded Chroma 1.5.9 with 896
dimensions, deleting 4,000 of 6,000 vectors left 28.2 of 28.6 MB, and 4,000 others put later took 15 MB more (the
rows of SQLite are used again, the slots of the nearness graph are not).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from knowledge.manuals import ClauseRow, Edition, EditionState
from knowledge.staging import ABANDONED_AFTER, Staging, hold_sweep_lock
from knowledge.vectors import Vectors

_PORTION = 500
"""Vectors looked at and deleted under one holding of the lock."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did, in numbers."""

    removed: int
    """Vectors deleted."""
    kept: int
    """Vectors left."""
    clauses: int = 0
    """Clauses of discarded editions and dead stagings deleted."""
    unused_collections: Mapping[str, int] = field(default_factory=dict)
    """Collections of other embedding models, with their vectors: left alone, whoever set the model decides."""


class Sweep:
    """One sweep."""

    def __init__(
        self,
        engine: Engine,
        vectors: Vectors,
        clock: Callable[[], datetime],
        running: Collection[Staging] = (),
    ) -> None:
        """Sweep the rows of `engine` and the vectors of `vectors`; `running` holds this process's stagings, and
        may change meanwhile."""
        self._engine = engine
        self._vectors = vectors
        self._clock = clock
        self._running = running

    def run(self) -> Swept:
        """Sweep. Raises StoreUnavailable."""
        stored = sorted(self._vectors.keys())
        self._bury_dead_stagings()
        clauses = self._delete_clauses()
        removed = 0
        for start in range(0, len(stored), _PORTION):
            removed += self._delete_vectors(stored[start : start + _PORTION])
        return Swept(removed, len(stored) - removed, clauses, self._vectors.others())

    def _bury_dead_stagings(self) -> None:
        """A folder has one process: what is not its own is dead. On a server silence tells."""
        with Session(self._engine) as session, session.begin():
            session.connection()  # begins: what was written before now stands in `running`, too
            dead = Edition.staged_at < self._clock() - ABANDONED_AFTER
            if not self._vectors.is_shared:
                own = [edition for staging in tuple(self._running) for edition in staging.editions]
                dead = Edition.id.not_in(own)
            session.execute(
                update(Edition)
                .where(Edition.state == EditionState.STAGING, dead)
                .values(state=EditionState.DISCARDED)
                .execution_options(synchronize_session=False)
            )

    def _delete_clauses(self) -> int:
        with Session(self._engine) as session, session.begin():
            gone = select(Edition.id).where(Edition.state == EditionState.DISCARDED)
            count = select(func.count()).select_from(ClauseRow).where(ClauseRow.edition_id.in_(gone))
            clauses = session.scalar(count) or 0
            session.execute(
                delete(ClauseRow)
                .where(ClauseRow.edition_id.in_(gone))
                .execution_options(synchronize_session=False)
            )
            return clauses

    def _delete_vectors(self, keys: Sequence[str]) -> int:
        with Session(self._engine) as session, session.begin():
            hold_sweep_lock(session)
            named = set(
                session.scalars(select(ClauseRow.vector_key).where(ClauseRow.vector_key.in_(keys)).distinct())
            )
            for staging in tuple(self._running):
                named |= staging.reserved  # it would make them again: spare it the work
            unneeded = [key for key in keys if key not in named]
            if unneeded:
                self._vectors.remove(unneeded)
            return len(unneeded)
