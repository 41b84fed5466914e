"""Conflicts as they are kept: found at staging, listed while both texts are live, settled by an admin.

A row names two texts of two manuals (`text_key`), not two clauses: it outlives editions that leave both alone,
and a changed text is a new conflict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge.clauses import Clause, ClauseDraft
from knowledge.conflicts import (
    LIKENESS,
    Disagreement,
    clashes,
    clause_rulings,
    disagreements,
    of_other_products,
)
from knowledge.editions import drafted
from knowledge.embedding import Matrix
from knowledge.errors import ConflictError
from knowledge.manuals import ClauseRow, ConflictRow, Edition, Manual
from knowledge.portions import portions
from knowledge.sameness import Nearnesses, Sameness
from knowledge.statements.quantities import folded
from knowledge.statements.rulings import RulingKind

NEIGHBOURS = 16
"""Clauses of other manuals that each new text is compared with: every conflict of the sample manuals but one lay
among the first seven, and false alarms lie further out."""
_BLOCK = 256
_POOL_BLOCK = 8192
_PAIRS_AT_ONCE = 2048

TextOfManual = tuple[int, str]
"""Manual id and `text_key`."""
State = Literal["open", "settled", "all"]


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


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a manual that can be compared."""

    manual_id: int
    title: str
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
        select(Edition.manual_id, Edition.title, ClauseRow.id, ClauseRow.text_key, ClauseRow.vector_key)
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
    for part in portions(ids):
        found.update(
            (row.id, drafted(row)) for row in session.scalars(select(ClauseRow).where(ClauseRow.id.in_(part)))
        )
    return found


def find(
    new: Sequence[Text],
    others: Sequence[Text],
    vectors: Mapping[str, Matrix],
    clauses: Drafts,
    nearnesses: Nearnesses,
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
    sameness = Sameness(nearnesses, (folded(draft.text) for draft in read.values()))
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        part = pairs[start : start + _PAIRS_AT_ONCE]
        met = [
            () if of_other_products(text.title, other.title)
            else tuple(clashes(rulings[text.clause_id], rulings[other.clause_id]))
            for text, other in part
        ]  # fmt: skip
        for (text, other), points in zip(part, disagreements(met, sameness), strict=True):
            if points:
                yield text, other, points


def _pairs(
    new: Sequence[Text], pool: Sequence[Text], vectors: Mapping[str, Matrix]
) -> list[tuple[Text, Text]]:
    """Each new text with its nearest neighbours in other manuals."""
    if not new:
        return []
    pairs: list[tuple[Text, Text]] = []
    seen: set[frozenset[TextOfManual]] = set()
    for text, nearest in zip(new, _nearest(new, pool, vectors), strict=True):
        for other in nearest:
            pair = frozenset({text.key, other.key})
            if pair not in seen:
                seen.add(pair)
                pairs.append((text, other))
    return pairs


def _nearest(
    new: Sequence[Text], pool: Sequence[Text], vectors: Mapping[str, Matrix]
) -> Iterator[list[Text]]:
    """For each text its nearest neighbours in other manuals, if they are near. The pool is read once, by blocks."""
    lead = np.stack([vectors[text.vector_key] for text in new])
    owners = np.array([text.manual_id for text in new])
    count = min(NEIGHBOURS, len(pool))
    scores = np.full((len(new), count), -2.0, np.float32)
    places = np.zeros((len(new), count), np.int64)
    for start in range(0, len(pool), _POOL_BLOCK):
        part = pool[start : start + _POOL_BLOCK]
        matrix = np.stack([vectors[text.vector_key] for text in part]).T
        others = np.array([text.manual_id for text in part])
        for first in range(0, len(new), _BLOCK):
            rows = slice(first, first + _BLOCK)
            come = lead[rows] @ matrix
            come[owners[rows, None] == others[None, :]] = -1.0
            nearest = np.argpartition(-come, min(count, len(part)) - 1, axis=1)[:, :count]
            both = np.concatenate([scores[rows], np.take_along_axis(come, nearest, 1)], axis=1)
            at = np.concatenate([places[rows], nearest + start], axis=1)
            best = np.argsort(-both, axis=1, kind="stable")[:, :count]
            scores[rows], places[rows] = np.take_along_axis(both, best, 1), np.take_along_axis(at, best, 1)
    for likest, near in zip(scores.tolist(), places.tolist(), strict=True):
        yield [pool[place] for score, place in zip(likest, near, strict=True) if score >= LIKENESS]


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
