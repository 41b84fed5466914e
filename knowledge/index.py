"""The searchable picture of everything live: vectors and postings in memory, saved to a file.

A picture is made once per publication and never changed; readers hold on to the one they began with, so they
see the manuals wholly before or wholly after a publication. The file spares a cold `kefu ask` the opening of
Chroma; it can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.bridges import Bridges
from knowledge.embedding import Matrix
from knowledge.keywords import Keywords

_LEFT_AFTER = 3600.0
"""Seconds after which nobody is still writing a picture."""
_FORMAT = 5
"""Goes up with the layout, and with the dictionary behind `Bridges`, whose words are stored by number."""
_READING = ("reading.py", "misreadings.py", "misreadings.txt", "keywords.py", "bridges.py", "building.py")
"""What makes terms out of texts: another version of one of these makes other terms."""


@dataclass(frozen=True, slots=True)
class LiveIndex:
    """Row i of every array belongs to clause `clause_ids[i]`."""

    generation: int
    clause_ids: NDArray[np.int64]
    manual_ids: NDArray[np.int64]
    keys: NDArray[np.bytes_]
    """Key of each row's vector. It stands for all that the index knows of the clause: its words and its place."""
    vectors: Matrix
    body: Keywords
    context: Keywords
    bridges: Bridges

    @classmethod
    def empty(cls) -> LiveIndex:
        """The picture of nothing."""
        none = np.zeros(0, dtype=np.int64)
        return cls(
            0, none, none, np.zeros(0, dtype="S40"), np.zeros((0, 1), dtype=np.float32),
            Keywords.empty(), Keywords.empty(), Bridges(),
        )  # fmt: skip

    def save(self, path: Path) -> None:
        """Write the picture beside `path` and move it there, so that no reader meets half a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path.parent)
        arrays: dict[str, NDArray[np.generic]] = {
            "head": np.array([_FORMAT, self.generation]),
            "reading": np.array(reading_fingerprint()),
            "clause_ids": self.clause_ids,
            "manual_ids": self.manual_ids,
            "keys": self.keys,
            "vectors": self.vectors,
            "bridges": np.array(self.bridges.dumps()),
            "bridges_starts": self.bridges.starts,
            "bridges_words": self.bridges.words,
        }
        for name, keywords in (("body", self.body), ("context", self.context)):
            arrays |= {
                f"{name}_terms": np.array("\n".join(keywords.vocabulary)),
                f"{name}_starts": keywords.starts,
                f"{name}_rows": keywords.rows,
                f"{name}_counts": keywords.counts,
                f"{name}_weights": keywords.weights,
                f"{name}_idf": keywords.idf,
            }
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        Path(temporary).replace(path)

    @classmethod
    def load(cls, path: Path) -> LiveIndex | None:
        """The saved picture of whatever generation, or None when there is none of this format and reading."""
        try:
            with np.load(path, allow_pickle=False) as data:
                form, generation = data["head"].tolist()
                if form != _FORMAT or str(data["reading"]) != reading_fingerprint():
                    return None
                size = len(data["clause_ids"])
                body, context = (_load_keywords(data, name, size) for name in ("body", "context"))
                return cls(
                    generation,
                    data["clause_ids"],
                    data["manual_ids"],
                    data["keys"],
                    data["vectors"],
                    body,
                    context,
                    Bridges.loads(str(data["bridges"]), data["bridges_starts"], data["bridges_words"]),
                )
        except (OSError, KeyError, ValueError, BadZipFile):
            return None  # missing or damaged: it is made again from the stores


@lru_cache(maxsize=1)
def reading_fingerprint() -> str:
    """Changes whenever texts may be read otherwise: what another version counted must not be taken over."""
    digest = hashlib.sha256()
    for name in _READING:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def _remove_leftovers(folder: Path) -> None:
    """Halves of pictures that processes were writing when they died."""
    for part in folder.glob("*.part"):
        with suppress(FileNotFoundError):  # another process was quicker
            if time.time() - part.stat().st_mtime > _LEFT_AFTER:
                part.unlink()


def _load_keywords(data: np.lib.npyio.NpzFile, name: str, size: int) -> Keywords:
    terms = str(data[f"{name}_terms"]).split("\n") if data[f"{name}_terms"].size else []
    return Keywords(
        {term: number for number, term in enumerate(terms) if term},
        data[f"{name}_starts"],
        data[f"{name}_rows"],
        data[f"{name}_counts"],
        data[f"{name}_weights"],
        data[f"{name}_idf"],
        size,
    )
