"""Lineage of clauses: which publications moved which manuals, and where a wording stands in an edition.

Read-only, from the relational rows alone: no search, no vectors. A wording is known by its `text_key`, so the
same rule is found again wherever another edition of its manual has moved or renumbered it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.manuals import ClauseRow, Edition, Manual, Publication
from knowledge.portions import portions
from knowledge.reading import normalise

_KEPT_EDITIONS = 64

Place = tuple[str, ...]
"""Headings and label of a clause, in their normal form."""


@dataclass(frozen=True, slots=True)
class Move:
    """A publication moved the pointer of a manual from one edition to another; None: nothing live."""

    manual_id: int
    before_edition_id: int | None
    after_edition_id: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """One publication."""

    generation: int
    at: datetime
    by: str
    kind: str
    """`publish`, `rollback`, `activation` or `expiry`."""
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clause belongs, without its text."""

    clause_id: int
    manual_id: int
    edition_id: int
    text_key: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """One edition as its wordings and places."""

    by_text: Mapping[str, int]
    """Wording → the first clause that has it."""
    by_place: Mapping[Place, int]
    places: Mapping[int, Place]


class Lineage:
    """See the module. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        """`engine` has this package's schema; it is only read."""
        self._engine = engine
        # Editions never change once written, so what was read of one stays true.
        self.edition = lru_cache(_KEPT_EDITIONS)(self._edition)

    def generations(self) -> list[int]:
        """Numbers of all publications, oldest first."""
        with Session(self._engine) as session:
            return list(session.scalars(select(Publication.id).order_by(Publication.id)))

    def history(self) -> list[Published]:
        """All publications, oldest first.

        Those written before moves were recorded have them made up from the editions that they published.
        """
        with Session(self._engine) as session:
            rows = session.scalars(select(Publication).order_by(Publication.id)).all()
            unrecorded = {number for row in rows if not row.moves for number in row.editions}
            query = select(Edition).where(Edition.id.in_(unrecorded))
            editions = {edition.id: edition for edition in session.scalars(query)} if unrecorded else {}
        live: dict[int, int | None] = {}
        found = []
        for row in rows:
            moves = tuple(Move(*move) for move in row.moves) or tuple(
                Move(edition.manual_id, live.get(edition.manual_id), edition.id)
                for number in row.editions
                if (edition := editions.get(number)) and _went_live(edition, row)
            )
            live.update({move.manual_id: move.after_edition_id for move in moves})
            at = row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC)  # SQLite forgets that it is UTC
            found.append(Published(row.id, at, row.by, row.kind, moves))
        return found

    def publication(self, generation: int) -> Published | None:
        """One publication; None when there is none of this number."""
        return next((one for one in self.history() if one.generation == generation), None)

    def moves_of(self, edition_ids: Collection[int]) -> tuple[Move, ...]:
        """What publishing these staged editions now would move."""
        query = (
            select(Edition.manual_id, Manual.live_edition_id, Edition.id)
            .join(Manual, Manual.id == Edition.manual_id)
            .where(Edition.id.in_(edition_ids))
        )
        with Session(self._engine) as session:
            return tuple(Move(*row) for row in session.execute(query))

    def standing(self, clause_ids: Collection[int]) -> dict[int, Standing]:
        """Where clauses belong; ids that do not exist are left out."""
        found: dict[int, Standing] = {}
        with Session(self._engine) as session:
            for chunk in portions(clause_ids):
                query = (
                    select(ClauseRow.id, Edition.manual_id, Edition.id, ClauseRow.text_key)
                    .join(Edition, ClauseRow.edition_id == Edition.id)
                    .where(ClauseRow.id.in_(chunk))
                )
                found.update({row[0]: Standing(*row) for row in session.execute(query)})
        return found

    def _edition(self, edition_id: int) -> Wordings:
        """The wordings and places of one edition."""
        query = (
            select(ClauseRow.id, ClauseRow.text_key, ClauseRow.heading_path, ClauseRow.label)
            .where(ClauseRow.edition_id == edition_id)
            .order_by(ClauseRow.ordinal.desc())  # the first of several equal ones is written last and stays
        )
        with Session(self._engine) as session:
            rows = session.execute(query).all()
        places = {row.id: tuple(normalise(part) for part in (*row.heading_path, row.label)) for row in rows}
        return Wordings(
            {row.text_key: row.id for row in rows}, {places[row.id]: row.id for row in rows}, places
        )

    def replacements(self, before: int, after: int) -> dict[int, int | None]:
        """Clauses of edition `before` whose rule edition `after` does not have any more → the clause that stands in
        their place (same headings and label) there, or None."""
        old, new = self.edition(before), self.edition(after)
        return {
            clause: new.by_place.get(old.places[clause])
            for wording, clause in old.by_text.items()
            if wording not in new.by_text
        }


def _went_live(edition: Edition, publication: Publication) -> bool:
    """Whether a publication without recorded moves made an edition live, and did not just schedule it."""
    waits = edition.effective_at is not None and edition.effective_at > publication.at
    return edition.published_at == publication.at and not waits
