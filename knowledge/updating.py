"""The next index out of the one before: rows that are known are taken over, the others come as they are read.

Everything is written into a folder as it comes, and the next index is put together there by blocks, so that an
index of any size is made in bounded memory (some 100 bytes a clause, and the blocks at hand).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import arrays
from knowledge.arrays import ArrayWriter
from knowledge.bridges import words_of
from knowledge.embedding import Matrix
from knowledge.index import KEY, LiveIndex, seal
from knowledge.postings import Counted
from knowledge.word_rows import WordRowsWriter, taken_rows

_BLOCK = 2048
"""Vectors in memory at once."""


@dataclass(frozen=True, slots=True)
class Places:
    """The clauses of an index, in their order, before anything is read of what they say."""

    clause_ids: NDArray[np.int64]
    manual_ids: NDArray[np.int64]
    keys: NDArray[np.bytes_]

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int, str]]) -> Places:
        """From (clause id, manual id, vector key) of each."""
        form = np.dtype([("clause", np.int64), ("manual", np.int64), ("key", KEY)])
        table = np.fromiter(((clause, manual, key.encode()) for clause, manual, key in rows), form)
        return cls(
            np.ascontiguousarray(table["clause"]),
            np.ascontiguousarray(table["manual"]),
            np.ascontiguousarray(table["key"]),
        )


class IndexUpdate:
    """An index in the making. Give it what it does not know (`unknown`): texts once each, and then their vectors."""

    def __init__(self, before: LiveIndex, places: Places, folder: Path) -> None:
        """Make the index of the clauses at `places` in an empty `folder`, with what `before` knows."""
        self._before = before
        self._places = places
        self._folder = folder
        order = np.argsort(before.keys, kind="stable")
        at = _found(before.keys[order], places.keys)
        self._taken = np.where(at >= 0, order[at] if len(order) else -1, -1)
        self._new = np.flatnonzero(self._taken < 0)
        self._keys = np.unique(places.keys[self._new])
        self._come = np.full(len(self._keys), -1, dtype=np.int64)
        """For each unknown key, which of the texts that have come is its own."""
        self._count = 0
        self._waiting: list[str] = []
        """Keys of the texts that have come, and wait for their vectors."""
        self._scratch = folder / "scratch"
        self._scratch.mkdir()
        self._body, self._context = Counted(self._scratch, "body"), Counted(self._scratch, "context")
        self._words = WordRowsWriter(self._scratch, "words")
        self._vectors: ArrayWriter | None = None

    @property
    def unknown(self) -> list[str]:
        """Keys of which the index before knows nothing, sorted."""
        return [key.decode() for key in self._keys.tolist()]

    def one_id_each(self) -> NDArray[np.int64]:
        """For each unknown key the id of a clause that has it."""
        _, first = np.unique(self._places.keys[self._new], return_index=True)
        return self._places.clause_ids[self._new][first]

    def add_text(self, key: str, context: str, body: str) -> bool:
        """What the clause of an unknown key says, and where it stands; False when that is known."""
        at = int(_found(self._keys, np.array([key.encode()], dtype=KEY))[0])
        if at < 0 or self._come[at] >= 0:
            return False
        self._come[at] = self._count
        self._count += 1
        self._waiting.append(key)
        self._body.add(body)
        self._context.add(context)
        self._words.append(words_of(f"{context} {body}"))
        return True

    def add_vectors(self, vectors: Mapping[str, Matrix]) -> None:
        """The vectors of all texts that have come since the last time. KeyError when one is missing."""
        if not self._waiting:
            return
        come = np.stack([vectors[key] for key in self._waiting])
        self._waiting.clear()
        if self._vectors is None:
            self._vectors = ArrayWriter(self._scratch, "vectors", np.float32, come.shape[1])
        self._vectors.append(come)

    def finished(self, generation: int) -> LiveIndex:
        """The index, exactly the one that would be made out of nothing, whole in its folder."""
        before, places, folder = self._before, self._places, self._folder
        taken = self._taken
        taken[self._new] = len(before.keys) + self._come[np.searchsorted(self._keys, places.keys[self._new])]
        self._write_vectors(taken)
        before.body.updated(taken, self._body, folder, "body")
        before.context.updated(taken, self._context, folder, "context")
        words = taken_rows(before.bridges.texts, self._words.closed(), taken, WordRowsWriter(folder, "words"))
        (folder / "bridges.json").write_text(before.bridges.to(words).dumps(), "utf-8")
        for name in ("clause_ids", "manual_ids", "keys"):
            arrays.write(folder, name, getattr(places, name))
        arrays.write(folder, "by_id", np.argsort(places.clause_ids, kind="stable").astype(np.int32))
        shutil.rmtree(self._scratch)
        seal(folder, len(taken))
        return LiveIndex.opened(folder, generation)

    def _write_vectors(self, taken: NDArray[np.int64]) -> None:
        before = self._before.vectors
        come = self._vectors.closed() if self._vectors is not None else before[:0]
        columns = before.shape[1] if self._vectors is None else come.shape[1]
        vectors = ArrayWriter(self._folder, "vectors", np.float32, columns)
        for start in range(0, len(taken), _BLOCK):
            rows = taken[start : start + _BLOCK]
            old = rows < len(before)
            block = np.empty((len(rows), columns), np.float32)
            block[old] = before[rows[old]]
            block[~old] = come[rows[~old] - len(before)]
            vectors.append(block)
        vectors.close()


def _found(keys: NDArray[np.bytes_], wanted: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Where each of `wanted` stands in sorted `keys`; -1 for one that does not."""
    if not len(keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, at, -1)
