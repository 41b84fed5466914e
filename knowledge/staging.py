"""Staging: drafts become editions beside what is live, piece by piece, and appear all at once.

Any number of drafts may come, as they are read: a piece of them is embedded and written before the next is asked
for, so that memory does not grow with the batch. Editions are written as `STAGING`, which nobody looks at, until
the last piece is in; then one transaction makes all of them `STAGED`. A process that dies on the way leaves
`STAGING` editions behind; `knowledge.sweeping` takes them for dead when nobody has signed for them for
`ABANDONED_AFTER`.

Why no clause is ever written without its vector, also beside a sweep in another process: vectors go first, and
the transaction that writes the rows begins by taking the lock that a sweep takes (`hold_sweep_lock`) and looks
once more whether all vectors are there. A sweep either came before it (then they are seen missing, and made
again) or comes after it (then it finds the rows, and keeps the vectors). Clocks and leases play no part in that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from knowledge.clauses import ManualDraft
from knowledge.editions import Change, passage, passage_key, settled, stage_drafts
from knowledge.embedding import Passage
from knowledge.errors import EditionStateError
from knowledge.filling import Filling, Progress
from knowledge.manuals import Edition, EditionState
from knowledge.portions import portions
from knowledge.publishing import lock
from knowledge.vectors import Vectors

ABANDONED_AFTER = timedelta(minutes=15)
"""Without a sign of life for so long, a staging on a shared store is dead."""
_SIGN_EVERY = timedelta(minutes=1)
_PIECE = 10_000
"""Clauses after which a piece is written: some 30 MB of drafts. One manual is never split, and an ordinary batch
is one piece."""
_LOCK = 0x6B656675
"""Number of PostgreSQL's advisory lock between writing clauses and sweeping vectors ("kefu")."""


def hold_sweep_lock(session: Session) -> None:
    """Keep sweeps and stagings from each other until this transaction ends.

    On SQLite every transaction that may write is alone from its beginning anyway (`BEGIN IMMEDIATE`).
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


class Staging:
    """One staging. `editions` holds the ids of what it has written and nobody sees yet, `reserved` the keys of the
    vectors that the piece at hand relies on."""

    def __init__(
        self, engine: Engine, vectors: Vectors, filling: Filling, clock: Callable[[], datetime]
    ) -> None:
        """Write to `engine`; `filling` makes what `vectors` lacks."""
        self._engine = engine
        self._vectors = vectors
        self._filling = filling
        self._clock = clock
        self.editions: list[int] = []
        self.reserved: frozenset[str] = frozenset()
        self._signed = clock()

    def run(self, drafts: Iterable[ManualDraft], by: str, progress: Progress | None = None) -> list[Change]:
        """Stage all of `drafts`, or none of them when anything goes wrong on the way.

        `progress` hears of texts embedded and known to need it so far; the second grows as drafts are read.
        Raises StoreUnavailable; EditionStateError when a sweep took this staging for dead.
        """
        changes: list[Change] = []
        taken: set[int] = set()
        counted = _Counted(progress, self._sign)
        try:
            for piece in _pieces(drafts):
                changes += self._write(piece, taken, by, counted)
                counted.next_piece()
            self._show()
        except BaseException:
            self._give_up()
            raise
        return changes

    def _write(
        self, piece: Sequence[ManualDraft], taken: set[int], by: str, progress: Progress
    ) -> list[Change]:
        with Session(self._engine) as session:
            passages = _passages(draft for draft, _ in settled(session, piece, taken))
        while True:
            self.reserved = frozenset(passages)
            self._filling.fill(passages, progress)
            with Session(self._engine) as session, session.begin():
                hold_sweep_lock(session)
                lock(session)
                drafts = settled(session, piece, taken)
                passages = _passages(draft for draft, _ in drafts)
                if self._vectors.missing(list(passages)):
                    continue  # a sweep came between, or another edition that says whose rules they are
                before = session.scalar(select(func.max(Edition.id))) or 0
                changes = stage_drafts(session, drafts, by, self._clock(), taken)
                session.flush()
                mine = list(session.scalars(select(Edition.id).where(Edition.id > before)))
                _move(session, mine, EditionState.STAGED, EditionState.STAGING)
                self.editions += mine  # before others can see them: a sweep of this process asks
            return changes

    def _sign(self) -> None:
        """Say in the store that this staging lives."""
        now = self._clock()
        if now - self._signed < _SIGN_EVERY:
            return
        self._signed = now
        with Session(self._engine) as session, session.begin():
            for ids in portions(self.editions):
                session.execute(update(Edition).where(Edition.id.in_(ids)).values(staged_at=now))

    def _show(self) -> None:
        with Session(self._engine) as session, session.begin():
            if _move(session, self.editions, EditionState.STAGING, EditionState.STAGED) != len(self.editions):
                raise EditionStateError(
                    "This ingest stood still for so long that a sweep cleared it away; start it again."
                )

    def _give_up(self) -> None:
        with Session(self._engine) as session, session.begin():
            _move(session, self.editions, EditionState.STAGING, EditionState.DISCARDED)


class _Counted:
    """Progress over pieces, of which each counts from nought; signs of life go with it."""

    def __init__(self, tell: Progress | None, sign: Callable[[], None]) -> None:
        self._tell = tell
        self._sign = sign
        self._earlier = self._done = self._total = 0

    def __call__(self, done: int, total: int) -> None:
        self._done, self._total = done, max(total, self._done)
        if self._tell is not None:
            self._tell(self._earlier + done, self._earlier + total)
        self._sign()

    def next_piece(self) -> None:
        self._earlier += self._done
        self._done = self._total = 0
        self._sign()


def _passages(drafts: Iterable[ManualDraft]) -> dict[str, Passage]:
    found: dict[str, Passage] = {}
    for draft in drafts:
        for clause in draft.clauses:
            made = passage(draft.title, draft.organisation, clause.heading_path, clause.search_text)
            found[passage_key(made)] = made
    return found


def _pieces(drafts: Iterable[ManualDraft]) -> Iterator[list[ManualDraft]]:
    piece: list[ManualDraft] = []
    clauses = 0
    for draft in drafts:
        piece.append(draft)
        clauses += len(draft.clauses)
        if clauses >= _PIECE:
            yield piece
            piece, clauses = [], 0
    if piece:
        yield piece


def _move(session: Session, ids: Sequence[int], old: EditionState, new: EditionState) -> int:
    """Move those of `ids` that are in one state to another; how many were."""
    moved = 0
    for portion in portions(ids):
        statement = (
            update(Edition)
            .where(Edition.id.in_(portion), Edition.state == old)
            .values(state=new)
            .returning(Edition.id)
            .execution_options(synchronize_session=False)
        )
        moved += len(session.execute(statement).all())
    return moved
