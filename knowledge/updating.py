"""The next index out of the one before: rows that are known are taken over, the others come as they are read.

Nothing of a text is kept but its counted terms and the numbers of its words, so that an index of any size is made
in little more memory than it and its predecessor take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.bridges import words_of
from knowledge.embedding import Matrix
from knowledge.index import LiveIndex
from knowledge.keywords import Counted

_KEY = "S40"


@dataclass(frozen=True, slots=True)
class Places:
    """The clauses of an index, in their order, before anything is read of what they say."""

    clause_ids: NDArray[np.int64]
    manual_ids: NDArray[np.int64]
    keys: NDArray[np.bytes_]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, str]]) -> Places:
        """From (clause id, manual id, vector key) of each."""
        form = np.dtype([("clause", np.int64), ("manual", np.int64), ("key", _KEY)])
        table = np.fromiter(((clause, manual, key.encode()) for clause, manual, key in rows), form)
        return cls(
            np.ascontiguousarray(table["clause"]),
            np.ascontiguousarray(table["manual"]),
            np.ascontiguousarray(table["key"]),
        )


class IndexUpdate:
    """An index in the making. Give it what it does not know (`unknown`): texts once each, and vectors."""

    def __init__(self, before: LiveIndex, places: Places) -> None:
        """Make the index of the clauses at `places`, with what `before` knows."""
        self._before = before
        self._places = places
        order = np.argsort(before.keys, kind="stable")
        at = _found(before.keys[order], places.keys)
        self._taken = np.where(at >= 0, order[at] if len(order) else -1, -1)
        self._new = np.flatnonzero(self._taken < 0)
        self._keys = np.unique(places.keys[self._new])
        self._come = np.full(len(self._keys), -1, dtype=np.int64)
        """For each unknown key, which of the texts that have come is its own."""
        self._count = 0
        self._body, self._context = Counted(), Counted()
        self._words: list[NDArray[np.int32]] = []
        self._vectors: Matrix | None = None

    @property
    def unknown(self) -> list[str]:
        """Keys of which the index before knows nothing, sorted."""
        return [key.decode() for key in self._keys.tolist()]

    def one_id_each(self) -> list[int]:
        """For each unknown key the id of a clause that has it."""
        _, first = np.unique(self._places.keys[self._new], return_index=True)
        ids: list[int] = self._places.clause_ids[self._new][first].tolist()
        return ids

    def add_text(self, key: str, context: str, body: str) -> bool:
        """What the clause of an unknown key says, and where it stands; False when that is known."""
        at = int(_found(self._keys, np.array([key.encode()], dtype=_KEY))[0])
        if at < 0 or self._come[at] >= 0:
            return False
        self._come[at] = self._count
        self._count += 1
        self._body.add(body)
        self._context.add(context)
        self._words.append(words_of(f"{context} {body}"))
        return True

    def add_vectors(self, vectors: Mapping[str, Matrix]) -> None:
        """Vectors of unknown keys."""
        for key, vector in vectors.items():
            if self._vectors is None:
                self._vectors = np.zeros((len(self._keys), len(vector)), dtype=np.float32)
            self._vectors[np.searchsorted(self._keys, key.encode())] = vector

    def finished(self, generation: int) -> LiveIndex:
        """The index, exactly the one that would be made out of nothing."""
        before, places = self._before, self._places
        taken = self._taken.copy()
        at = np.searchsorted(self._keys, places.keys[self._new])
        taken[self._new] = len(before.keys) + self._come[at]
        return LiveIndex(
            generation,
            places.clause_ids,
            places.manual_ids,
            places.keys,
            self._rows(at),
            before.body.updated(taken, self._body),
            before.context.updated(taken, self._context),
            before.bridges.updated(taken, self._words),
        )

    def _rows(self, at: NDArray[np.int64]) -> Matrix:
        if self._vectors is None:
            return self._before.vectors[self._taken]
        if not len(self._before.keys) and np.array_equal(at, np.arange(len(self._vectors))):
            return self._vectors
        rows = np.empty((len(self._taken), self._vectors.shape[1]), dtype=np.float32)
        old = self._taken >= 0
        rows[old] = self._before.vectors[self._taken[old]]
        rows[self._new] = self._vectors[at]
        return rows


def _found(keys: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Where each of `wanted` stands in sorted `keys`; -1 for one that does not."""
    if not len(keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, at, -1)
