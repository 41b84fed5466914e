"""Making the index of some editions out of the one before: only what is new is read, embedded or counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from knowledge.editions import context_text, passage
from knowledge.embedding import Passage
from knowledge.filling import Filling
from knowledge.index import ClausePlace, IndexedClause, LiveIndex
from knowledge.manuals import ClauseRow, Edition, Publication
from knowledge.vectors import Vectors

_MOST_APART = 2000
"""So many unknown clauses are read by their ids; more of them with one walk over all."""
_IDS = 500


class IndexBuilder:
    """What makes an index from rows and vectors."""

    def __init__(self, reader: Engine, vectors: Vectors, filling: Filling) -> None:
        """Read rows with `reader`; `filling` makes vectors that were lost."""
        self._reader = reader
        self._vectors = vectors
        self._filling = filling

    def build(self, wanted: ColumnElement[bool], previous: LiveIndex | None = None) -> LiveIndex:
        """The index of the clauses of the editions that fulfil `wanted`; what `previous` knows is taken over.

        Its generation is the newest at the time of reading. Raises StoreUnavailable.
        """
        before = previous or LiveIndex.empty()
        with Session(self._reader) as session:
            generation = session.scalar(select(func.max(Publication.id))) or 0
            rows = session.execute(
                select(ClauseRow.id, Edition.manual_id, ClauseRow.vector_key)
                .join(Edition, ClauseRow.edition_id == Edition.id)
                .where(wanted)
                .order_by(Edition.manual_id, ClauseRow.ordinal)
            ).all()
            places = [ClausePlace(*row) for row in rows]
            unknown = before.unknown(places)
            clauses: dict[str, IndexedClause] = {}
            passages: dict[str, Passage] = {}
            for indexed, embedded in self._read(session, places, unknown, wanted):
                clauses[indexed.vector_key], passages[indexed.vector_key] = indexed, embedded
        vectors = self._vectors.get(list(unknown)) if unknown else {}
        lost = {key: passages[key] for key in sorted(unknown - vectors.keys())}
        if lost:  # another embedding model than at ingest, or a vector store lost: made again from the text
            vectors |= self._filling.make(lost)
        return before.updated(generation, places, clauses, vectors)

    def _read(
        self,
        session: Session,
        places: Sequence[ClausePlace],
        unknown: Collection[str],
        wanted: ColumnElement[bool],
    ) -> Iterator[tuple[IndexedClause, Passage]]:
        """What an index and a model need of one clause for each unknown key."""
        ids = list({place.vector_key: place.id for place in places if place.vector_key in unknown}.values())
        apart = len(ids) <= _MOST_APART
        portions = [ids[i : i + _IDS] for i in range(0, len(ids), _IDS)] if apart else [[]]
        for portion in portions:
            rows = session.execute(
                select(
                    ClauseRow.id, ClauseRow.heading_path, ClauseRow.search_text, ClauseRow.vector_key,
                    Edition.manual_id, Edition.title, Edition.organisation,
                )
                .join(Edition, ClauseRow.edition_id == Edition.id)
                .where(ClauseRow.id.in_(portion) if apart else wanted)
            )  # fmt: skip
            for id_, path, text, key, manual_id, title, organisation in rows:
                if key in unknown:
                    context = context_text(title, organisation, path)
                    indexed = IndexedClause(id_, manual_id, text, context, key)
                    yield indexed, passage(title, organisation, path, text)
