"""Conflicts as they are kept: found at staging, listed while both texts are live, settled by an admin.

A row names two texts of two manuals (`text_key`), not two clauses: it outlives editions that leave both alone,
and a changed text is a new conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from knowledge.clauses import Clause
from knowledge.conflict_search import Found, Text, TextOfManual, drafts, find, texts_of
from knowledge.conflicts import Disagreement
from knowledge.embedding import Matrix
from knowledge.errors import ConflictError
from knowledge.manuals import ClauseRow, ConflictRow, Edition, EditionState, Manual
from knowledge.statements.rulings import RulingKind

State = Literal["open", "settled", "all"]
_WAITING = (EditionState.STAGED, EditionState.SCHEDULED)


class Settlement(StrEnum):
    """What an admin says of a conflict."""

    BY_ORGANISATION = "by_organisation"
    """Each rule holds for its own organisation."""
    SUPERSEDES = "supersedes"
    """One rule holds, the other does not any more."""
    BOTH_HOLD = "both_hold"
    """No conflict: both can be followed."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two live clauses of two manuals that disagree, and what was said about it."""

    id: int
    a: Clause
    b: Clause
    points: tuple[Disagreement, ...]
    """What they disagree on, the surest first; never empty."""
    found_at: datetime
    settlement: Settlement | None = None
    superseding: int | None = None
    """With `SUPERSEDES`, the id of the manual whose rule holds."""
    settled_by: str = ""
    settled_at: datetime | None = None

    @property
    def point(self) -> Disagreement:
        """What they disagree on most surely."""
        return self.points[0]

    @property
    def is_open(self) -> bool:
        """Nobody has settled it, or it was reopened."""
        return self.settlement is None

    def other(self, clause_id: int) -> Clause:
        """The clause on the other side."""
        return self.b if clause_id == self.a.id else self.a

    @property
    def superseded(self) -> Clause | None:
        """The clause that does not hold any more."""
        if self.settlement is not Settlement.SUPERSEDES:
            return None
        return self.b if self.superseding == self.a.manual_id else self.a


class ConflictBook:
    """The conflicts of one library."""

    def __init__(
        self,
        engine: Engine,
        reader: Engine,
        clauses: Callable[[Sequence[int]], Sequence[Clause]],
        vectors: Callable[[Sequence[Text]], Mapping[str, Matrix]],
        clock: Callable[[], datetime],
    ) -> None:
        """`reader` is an engine for reading only; `clauses` gives clauses by id, `vectors` those of texts."""
        self._engine = engine
        self._reader = reader
        self._clauses = clauses
        self._vectors = vectors
        self._clock = clock

    def find(self, editions: Sequence[int] | None = None) -> int:
        """Compare each text of these editions that is not in force already with its neighbours in the other
        manuals, live and staged, and keep what disagrees; returns how many conflicts are new.

        Without `editions`, everything is compared with everything. Doing it again changes nothing.
        """
        with Session(self._reader) as session:
            waiting = session.scalars(select(Edition.id).where(Edition.state.in_(_WAITING)))
            known = editions_in_force(session) | set(waiting)
            looked_at = known if editions is None else set(editions)
            others = texts_of(session, known - looked_at)
            examined = {text.key for text in others}
            new = [text for text in texts_of(session, looked_at) if text.key not in examined]
            if not new:
                return 0
            vectors = self._vectors([*new, *others])
            found = list(find(new, others, vectors, lambda ids: drafts(session, ids)))
        with Session(self._engine) as session, session.begin():
            return record(session, found, self._clock())

    def list(self, state: State = "open", staged: Collection[int] = ()) -> tuple[Conflict, ...]:
        """The conflicts between live clauses, the surest first; `staged`: as if these editions were live."""
        with Session(self._reader) as session:
            found = listed(session, self._clauses, editions_in_force(session, staged))
        return tuple(c for c in found if state == "all" or c.is_open == (state == "open"))

    def of(self, clauses: Collection[Clause]) -> tuple[Conflict, ...]:
        """The conflicts, settled ones too, that these clauses have with live ones: one indexed query."""
        texts = {(clause.manual_id, clause.text_key) for clause in clauses}
        with Session(self._reader) as session:
            return tuple(listed(session, self._clauses, editions_in_force(session), texts) if texts else ())

    def settle(
        self, conflict_id: int, settlement: Settlement | None, by: str, superseding: int | None
    ) -> None:
        """See `settle`."""
        with Session(self._engine) as session, session.begin():
            settle(session, conflict_id, settlement, superseding, by, self._clock())


def record(session: Session, found: Iterable[Found], now: datetime) -> int:
    """Keep conflicts that are not known yet; returns how many were new."""
    known = {
        (row.manual_a_id, row.text_a, row.manual_b_id, row.text_b)
        for row in session.execute(
            select(ConflictRow.manual_a_id, ConflictRow.text_a, ConflictRow.manual_b_id, ConflictRow.text_b)
        )
    }
    added = 0
    for one, other, points in found:
        if one.manual_id > other.manual_id:
            one, other, points = other, one, tuple(point.turned for point in points)
        key = (*one.key, *other.key)
        if key not in known:
            known.add(key)
            added += 1
            session.add(
                ConflictRow(
                    manual_a_id=key[0], text_a=key[1], manual_b_id=key[2], text_b=key[3],
                    kind=points[0].kind.value, detail={"points": [asdict(point) for point in points]},
                    found_at=now,
                )
            )  # fmt: skip
    return added


def editions_in_force(session: Session, staged: Collection[int] = ()) -> set[int]:
    """The live edition of every manual; where an edition in `staged` is of that manual, that one instead."""
    pointers = session.execute(select(Manual.id, Manual.live_edition_id)).all()
    live = {manual: edition for manual, edition in pointers if edition is not None}
    instead = session.execute(select(Edition.manual_id, Edition.id).where(Edition.id.in_(staged))).all()
    return set((live | {manual: edition for manual, edition in instead}).values())  # noqa: C416


def listed(
    session: Session,
    clauses: Callable[[Sequence[int]], Sequence[Clause]],
    editions: Collection[int],
    of: Collection[TextOfManual] | None = None,
) -> list[Conflict]:
    """The conflicts whose texts both stand in `editions`, the surest first.

    `of`: only those of these texts.
    """
    wanted = select(ConflictRow)
    if of is not None:
        texts = {text for _, text in of}
        wanted = wanted.where(or_(ConflictRow.text_a.in_(texts), ConflictRow.text_b.in_(texts)))
    rows = [
        row
        for row in session.scalars(wanted)
        if of is None or (row.manual_a_id, row.text_a) in of or (row.manual_b_id, row.text_b) in of
    ]
    if not rows:
        return []
    keys = {key for row in rows for key in (row.text_a, row.text_b)}
    places: defaultdict[TextOfManual, list[int]] = defaultdict(list)
    for clause_id, manual, text in session.execute(
        select(ClauseRow.id, Edition.manual_id, ClauseRow.text_key)
        .join(Edition, ClauseRow.edition_id == Edition.id)
        .where(ClauseRow.text_key.in_(keys), Edition.id.in_(editions))
        .order_by(ClauseRow.ordinal)
    ):
        places[manual, text].append(clause_id)
    pairs = [
        (row, places[row.manual_a_id, row.text_a][0], places[row.manual_b_id, row.text_b][0])
        for row in rows
        if places.get((row.manual_a_id, row.text_a)) and places.get((row.manual_b_id, row.text_b))
    ]
    by_id = dict(zip(ids := [i for _, a, b in pairs for i in (a, b)], clauses(ids), strict=True))
    found = [_conflict(row, by_id[a], by_id[b]) for row, a, b in pairs]
    return sorted(found, key=lambda conflict: (-conflict.point.certainty, conflict.id))


def _conflict(row: ConflictRow, a: Clause, b: Clause) -> Conflict:
    points = tuple(
        Disagreement(**{**point, "kind": RulingKind(point["kind"])}) for point in row.detail["points"]
    )
    return Conflict(
        row.id, a, b, points, row.found_at, Settlement(row.settlement) if row.settlement else None,
        row.settled.get("superseding"), row.settled_by, row.settled_at,
    )  # fmt: skip


def settle(
    session: Session,
    conflict_id: int,
    settlement: Settlement | None,
    superseding: int | None,
    by: str,
    now: datetime,
) -> None:
    """Say what holds, or (None) that it is open again; what was said before is kept in the row's history.

    Raises:
        ConflictError: no such conflict, or `superseding` is not one of its two manuals.
    """
    row = session.get(ConflictRow, conflict_id)
    if row is None:
        raise ConflictError("There is no conflict of this number; look at the list of conflicts.")
    if (settlement is Settlement.SUPERSEDES) != (superseding is not None) or (
        superseding not in (None, row.manual_a_id, row.manual_b_id)
    ):
        raise ConflictError("Say which of the two manuals holds: it must be one of those in the conflict.")
    history: list[dict[str, Any]] = list(row.settled.get("history", ()))
    history.append(
        {"settlement": settlement or "", "superseding": superseding, "by": by, "at": now.isoformat()}
    )
    row.settlement = settlement or ""
    row.settled = {"superseding": superseding, "history": history}
    row.settled_by, row.settled_at = by, now
