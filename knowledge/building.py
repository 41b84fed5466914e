"""Making the index of some editions out of the one before: only what is new is read, embedded or counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from knowledge.editions import passage
from knowledge.embedding import Passage
from knowledge.errors import StoreBusy
from knowledge.filling import Filling
from knowledge.index import LiveIndex
from knowledge.manuals import ClauseRow, Edition, Publication
from knowledge.portions import portions
from knowledge.reading import said_part, search_reading
from knowledge.updating import IndexUpdate, Places
from knowledge.vectors import Vectors

_MOST_APART = 2000
"""So many unknown clauses are read by their ids, and embedded anew when the store is busy; more of them are read with
one walk over all."""
_ROWS = 2000
"""Rows, and vectors, in memory at once."""


class IndexBuilder:
    """What makes an index from rows and vectors."""

    def __init__(self, reader: Engine, vectors: Vectors, filling: Filling) -> None:
        """Read rows with `reader`; `filling` makes vectors that were lost."""
        self._reader = reader
        self._vectors = vectors
        self._filling = filling

    def build(
        self, wanted: ColumnElement[bool], folder: Path, previous: LiveIndex | None = None
    ) -> LiveIndex:
        """Make the index of the clauses of the editions that fulfil `wanted` in an empty `folder`; what `previous`
        knows is taken over.

        Its generation is the newest at the time of reading. Raises StoreUnavailable.
        """
        with Session(self._reader) as session:
            generation = session.scalar(select(func.max(Publication.id))) or 0
            rows = session.execute(
                select(ClauseRow.id, Edition.manual_id, ClauseRow.vector_key)
                .join(Edition, ClauseRow.edition_id == Edition.id)
                .where(wanted)
                .order_by(Edition.manual_id, ClauseRow.ordinal)
                .execution_options(yield_per=_ROWS)
            )
            places = Places.of((clause, manual, key) for clause, manual, key in rows)
            update = IndexUpdate(previous or LiveIndex.empty(), places, folder)
            few = len(update.one_id_each()) <= _MOST_APART
            pending: dict[str, Passage] = {}
            for key, made, reading in self._unknown(session, update, wanted):
                if update.add_text(key, made.context, reading):
                    pending[key] = made
                if len(pending) >= _ROWS:
                    self._add_vectors(update, pending, few=few)
            self._add_vectors(update, pending, few=few)
        return update.finished(generation)

    def _add_vectors(self, update: IndexUpdate, pending: dict[str, Passage], *, few: bool) -> None:
        """Vectors that are lost, or are those of another model, are made again from the text. So are a few that lie
        in a store which another process holds: what was live last month can be asked for beside a running bot."""
        try:
            known = self._vectors.get(list(pending)) if pending else {}
        except StoreBusy:
            if not few:
                raise
            known = self._filling.embedded(pending)
        lost = {key: made for key, made in pending.items() if key not in known}
        update.add_vectors(known | (self._filling.make(lost) if lost else {}))
        pending.clear()

    def _unknown(
        self, session: Session, update: IndexUpdate, wanted: ColumnElement[bool]
    ) -> Iterator[tuple[str, Passage, str]]:
        """Clauses among which there is one of every unknown key, as they are embedded, each with its reading.

        What a clause means is found out anew, whenever it was staged: so equal keys have equal terms, and a
        better list of misreadings serves what is live already.
        """
        ids = update.one_id_each()
        apart = len(ids) <= _MOST_APART
        for portion in portions(ids.tolist()) if apart else [[]]:
            rows = session.execute(
                select(
                    ClauseRow.vector_key, ClauseRow.heading_path, ClauseRow.search_text, Edition.title,
                    Edition.organisation,
                )
                .join(Edition, ClauseRow.edition_id == Edition.id)
                .where(ClauseRow.id.in_(portion) if apart else wanted)
                .execution_options(yield_per=_ROWS)
            )  # fmt: skip
            for key, path, text, title, organisation in rows:
                made = passage(title, organisation, path, text)
                yield key, made, search_reading(said_part(text))
