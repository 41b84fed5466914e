"""The pictures that a library searches in: what is live, what was, what would be."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge import history
from knowledge.building import IndexBuilder
from knowledge.embedding import Matrix
from knowledge.index import LiveIndex
from knowledge.manuals import Edition, Manual
from knowledge.saved import SavedPictures
from knowledge.views import ClauseReader, Picture

_KEPT = 4
"""Pictures of the past or of previews that are kept open."""


class Pictures:
    """Makes pictures when they are asked for. Safe for many threads."""

    def __init__(
        self, reader: Engine, folder: Path, model: Callable[[], str], builder: Callable[[], IndexBuilder]
    ) -> None:
        """Rows are read from `reader`, pictures kept in `folder`; `model` (the name of the embedding model) and
        `builder` are asked when they are first needed."""
        self._reader = reader
        self._folder = folder
        self._model = model
        self._builder = builder
        self._live: Picture | None = None
        self._others: OrderedDict[tuple[int, ...], Picture] = OrderedDict()
        self._lock = threading.RLock()
        self.reading = ClauseReader(reader)
        """What reads clauses, whatever edition they are of."""

    def live(self, newest: int) -> Picture:
        """The picture of what is live; `newest` is the number of the newest publication.

        Raises StoreUnavailable when it has to be made and cannot be.
        """
        live = self._live
        if live is not None and live.index.generation == newest:
            return live
        with self._lock:
            if self._live is None or self._live.index.generation != newest:
                saved = SavedPictures(self._folder, self._model())
                known = self._live.index if self._live else saved.newest()
                if known is None or known.generation != newest:
                    known = self._still_live(saved, newest) or self._made(saved, known)
                self.reading = ClauseReader(self._reader)
                self._live = Picture(known, self._reader, self.reading)
            return self._live

    def of(self, edition_ids: tuple[int, ...], live: Picture) -> Picture:
        """The picture of some editions (ascending), made out of what `live` knows."""
        if edition_ids == live.edition_ids:
            return live
        with self._lock:
            if edition_ids not in self._others:
                self._others[edition_ids] = Picture(self.built(live.index, edition_ids), self._reader)
            self._others.move_to_end(edition_ids)
            while len(self._others) > _KEPT:
                self._others.popitem(last=False)
            return self._others[edition_ids]

    def built(self, previous: LiveIndex | None, edition_ids: Collection[int]) -> LiveIndex:
        """The index of some editions, kept nowhere but in this process."""
        with SavedPictures(self._folder, self._model()).making() as folder:
            return self._builder().build(Edition.id.in_(edition_ids), folder, previous)

    def _made(self, saved: SavedPictures, previous: LiveIndex | None) -> LiveIndex:
        """The index of what is live, made and kept."""
        live = Edition.id.in_(select(Manual.live_edition_id))
        with saved.making() as folder:
            index = self._builder().build(live, folder, previous)
            saved.keep(folder, index.generation)
        return index

    def _still_live(self, saved: SavedPictures, newest: int) -> LiveIndex | None:
        """The open picture under the newest number, when everything published since was only scheduled."""
        if self._live is None:
            return None
        with Session(self._reader) as session:
            since = history.publications_after(session, self._live.index.generation)
        if any(record.moves for record in since):
            return None
        return saved.renumbered(self._live.index, newest)


class RowVectors(Mapping[str, Matrix]):
    """Vectors by their keys: some stand in rows of an index and are read when asked for."""

    def __init__(self, vectors: Matrix, rows: Mapping[str, int], others: Mapping[str, Matrix]) -> None:
        """`rows` tells where in `vectors` a key stands; `others` are held as they are."""
        self._vectors = vectors
        self._rows = rows
        self._others = others

    def __getitem__(self, key: str) -> Matrix:
        row = self._rows.get(key)
        if row is None:
            return self._others[key]
        found: Matrix = np.asarray(self._vectors[row])
        return found

    def __iter__(self) -> Iterator[str]:
        yield from self._rows
        yield from self._others

    def __len__(self) -> int:
        return len(self._rows) + len(self._others)
