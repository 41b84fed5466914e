"""The searchable picture of everything live: vectors and postings in memory, saved to a file.

A picture is made once per publication and never changed; readers hold on to the one they began with, so they
see the manuals wholly before or wholly after a publication. The file spares a cold `kefu ask` the opening of
Chroma; it can be deleted at any time.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.bridges import Bridges
from knowledge.embedding import Matrix
from knowledge.keywords import Keywords

_FORMAT = 3


@dataclass(frozen=True, slots=True)
class IndexedClause:
    """What the index needs of one live clause."""

    id: int
    manual_id: int
    search_text: str
    context: str
    """Title, organisation and headings: where the clause stands."""
    vector_key: str


@dataclass(frozen=True, slots=True)
class LiveIndex:
    """Row i of every array belongs to clause `clause_ids[i]`."""

    generation: int
    clause_ids: NDArray[np.int64]
    manual_ids: NDArray[np.int64]
    vectors: Matrix
    body: Keywords
    context: Keywords
    bridges: Bridges

    @classmethod
    def build(
        cls, generation: int, clauses: Sequence[IndexedClause], vectors: dict[str, Matrix]
    ) -> LiveIndex:
        """Make the picture of `clauses`; `vectors` holds at least their keys."""
        return cls(
            generation,
            np.array([c.id for c in clauses], dtype=np.int64),
            np.array([c.manual_id for c in clauses], dtype=np.int64),
            np.stack([vectors[c.vector_key] for c in clauses])
            if clauses
            else np.zeros((0, 1), dtype=np.float32),
            Keywords.build([c.search_text for c in clauses]),
            Keywords.build([c.context for c in clauses]),
            Bridges.build(f"{c.context} {c.search_text}" for c in clauses),
        )

    def save(self, path: Path) -> None:
        """Write the picture beside `path` and move it there, so that no reader meets half a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[np.generic]] = {
            "head": np.array([_FORMAT, self.generation]),
            "clause_ids": self.clause_ids,
            "manual_ids": self.manual_ids,
            "vectors": self.vectors,
            "bridges": np.array(self.bridges.dumps()),
        }
        for name, keywords in (("body", self.body), ("context", self.context)):
            arrays |= {
                f"{name}_terms": np.array("\n".join(keywords.vocabulary)),
                f"{name}_starts": keywords.starts,
                f"{name}_rows": keywords.rows,
                f"{name}_weights": keywords.weights,
                f"{name}_idf": keywords.idf,
            }
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        Path(temporary).replace(path)

    @classmethod
    def load(cls, path: Path, generation: int) -> LiveIndex | None:
        """The saved picture, or None when there is none of this generation and format."""
        try:
            with np.load(path, allow_pickle=False) as data:
                if data["head"].tolist() != [_FORMAT, generation]:
                    return None
                size = len(data["clause_ids"])
                body, context = (_load_keywords(data, name, size) for name in ("body", "context"))
                bridges = Bridges.loads(str(data["bridges"]))
                return cls(
                    generation,
                    data["clause_ids"],
                    data["manual_ids"],
                    data["vectors"],
                    body,
                    context,
                    bridges,
                )
        except (OSError, KeyError, ValueError, BadZipFile):
            return None  # missing or damaged: it is made again from the stores


def _load_keywords(data: np.lib.npyio.NpzFile, name: str, size: int) -> Keywords:
    terms = str(data[f"{name}_terms"]).split("\n") if data[f"{name}_terms"].size else []
    return Keywords(
        {term: number for number, term in enumerate(terms) if term},
        data[f"{name}_starts"],
        data[f"{name}_rows"],
        data[f"{name}_weights"],
        data[f"{name}_idf"],
        size,
    )
