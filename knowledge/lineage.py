"""Lineage of clauses: which publications moved which manuals, and where a wording stands in an edition.

Read-only, from the relational rows alone: no search, no vectors. A wording is known by its `text_key`, so the
same rule is found again wherever another edition of its manual has moved or renumbered it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from knowledge.history import Move, PublicationRecord, publications_after
from knowledge.manuals import ClauseRow, Edition, Manual, Publication
from knowledge.portions import portions

_KEPT_EDITIONS = 64


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a clause belongs, without its text."""

    clause_id: int
    manual_id: int
    edition_id: int
    text_key: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """One edition as its wordings."""

    by_text: Mapping[str, int]
    """Wording → the first clause that has it."""


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

    def extent(self) -> tuple[int, int]:
        """How many publications there are, and the number of the newest (0: none): as long as neither changes, no
        other was added, whatever the order in which writers that began together came to their end."""
        with self._engine.connect() as connection:
            count, newest = connection.execute(select(func.count(), func.max(Publication.id))).one()
        return int(count), int(newest or 0)

    def history(self) -> list[PublicationRecord]:
        """All publications, oldest first."""
        with Session(self._engine) as session:
            return publications_after(session, 0)

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
        """The wordings of one edition."""
        query = (
            select(ClauseRow.id, ClauseRow.text_key)
            .where(ClauseRow.edition_id == edition_id)
            .order_by(ClauseRow.ordinal.desc())  # the first of several equal ones is written last and stays
        )
        with Session(self._engine) as session:
            return Wordings({row.text_key: row.id for row in session.execute(query)})
