"""The searchable picture of everything live: vectors and postings, mapped from a folder of arrays.

A picture is made once per publication and never changed; readers hold on to the one they began with, so they
see the manuals wholly before or wholly after a publication. It spares a cold `kefu ask` the opening of Chroma, and
takes hardly any memory of its own: its pages are the files', which the system drops when it needs the room.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import arrays
from knowledge.bridges import Bridges
from knowledge.embedding import Matrix
from knowledge.keywords import Keywords
from knowledge.word_rows import WordRows

_FORMAT = 6
"""Goes up with the layout, and with the dictionary behind `Bridges`, whose words are stored by number."""
_READING = (
    "reading.py", "misreadings.py", "misreadings.txt", "keywords.py", "postings.py", "bridges.py", "building.py",
)  # fmt: skip
"""What makes terms out of texts: another version of one of these makes other terms."""
KEY = np.dtype("S40")


@dataclass(frozen=True, slots=True)
class LiveIndex:
    """Row i of every array belongs to clause `clause_ids[i]`."""

    generation: int
    clause_ids: NDArray[np.int64]
    manual_ids: NDArray[np.int64]
    keys: NDArray[np.bytes_]
    """Key of each row's vector. It stands for all that the index knows of the clause: its words and its place."""
    by_id: NDArray[np.int32]
    """The rows in the order of their clauses' ids."""
    vectors: Matrix
    body: Keywords
    context: Keywords
    bridges: Bridges

    @classmethod
    def empty(cls) -> LiveIndex:
        """The picture of nothing."""
        none = np.zeros(0, dtype=np.int64)
        return cls(
            0, none, none, np.zeros(0, KEY), none.astype(np.int32), np.zeros((0, 1), np.float32),
            Keywords.empty(), Keywords.empty(), Bridges(),
        )  # fmt: skip

    @classmethod
    def opened(cls, folder: Path, generation: int) -> LiveIndex:
        """The picture in a folder that `IndexUpdate` wrote.

        Raises OSError or ValueError when it is not whole, or of another format or reading.
        """
        head = json.loads((folder / "head.json").read_bytes())
        clause_ids = arrays.read(folder, "clause_ids")
        if head != _head(len(clause_ids)):
            raise ValueError("The saved index is of another format or reading.")
        rows = WordRows.opened(folder, "words")
        found = cls(
            generation=generation,
            clause_ids=clause_ids,
            manual_ids=arrays.read(folder, "manual_ids"),
            keys=arrays.read(folder, "keys"),
            by_id=arrays.read(folder, "by_id"),
            vectors=arrays.read(folder, "vectors"),
            body=Keywords.opened(folder, "body"),
            context=Keywords.opened(folder, "context"),
            bridges=Bridges.loads((folder / "bridges.json").read_text("utf-8"), rows),
        )
        parts = (
            found.manual_ids, found.keys, found.by_id, found.vectors, found.body.lengths, found.context.lengths,
            rows,
        )  # fmt: skip
        if any(len(part) != len(clause_ids) for part in parts):
            raise ValueError("The arrays of the saved index do not fit together.")
        return found

    def similarities(self, vector: Matrix) -> Matrix:
        """The cosine of every row with a normalised vector, shape (rows,).

        Row by row in this thread: with 16 who ask at once, the threads of a matrix product wait for each other
        (measured, 40,000 rows of 896 on two busy cores: 4.5 ms of a processor against 14).
        """
        found: Matrix = np.vecdot(self.vectors, vector)
        return found

    def rows_of(self, clause_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The row of each of these clauses; -1 for one that is not in the picture."""
        if not len(self.by_id):
            return np.full(len(clause_ids), -1)
        at = np.minimum(np.searchsorted(self.clause_ids, clause_ids, sorter=self.by_id), len(self.by_id) - 1)
        rows = self.by_id[at].astype(np.int64)
        return np.where(self.clause_ids[rows] == clause_ids, rows, -1)


def seal(folder: Path, rows: int) -> None:
    """Say that the arrays of a picture are all there."""
    (folder / "head.json").write_text(json.dumps(_head(rows)))


def _head(rows: int) -> dict[str, int | str]:
    return {"format": _FORMAT, "reading": reading_fingerprint(), "rows": rows}


@lru_cache(maxsize=1)
def reading_fingerprint() -> str:
    """Changes whenever texts may be read otherwise: what another version counted must not be taken over."""
    digest = hashlib.sha256()
    for name in _READING:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()
