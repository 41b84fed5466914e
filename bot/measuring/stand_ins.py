"""What stands in for work that would take hours and that no question waits for: embedding and storing a large corpus."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from knowledge.embedding import BundledEmbeddings, Matrix, Passage


class FewReal:
    """The bundled models for questions and for clauses that are not generated; random unit vectors for those that are.

    It goes by the name of the bundled models, so that a bot opens what was made with it.
    """

    def __init__(self, generated: str) -> None:
        """`generated`: what the titles of generated manuals begin with."""
        self._generated = generated
        self.inner = BundledEmbeddings()
        self.name = self.inner.name

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        """Vectors of passages, a row each."""
        made = np.stack([unit_vector(p.wide) for p in passages])
        real = [i for i, p in enumerate(passages) if self._generated not in p.context]
        if real:
            made[real] = self.inner.passages([passages[i] for i in real])
        return made

    def query(self, text: str) -> Matrix:
        """The vector of a question."""
        return self.inner.query(text)

    def nearness(self, one: str, other: str) -> float:
        """How much two sentences say the same."""
        return self.inner.nearness(one, other)

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]) -> Matrix:
        """The same of each pair of two lists."""
        return self.inner.nearnesses(ones, others)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for it; random vectors, too."""
        return [unit_vector(text).tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        """LangChain's name for it."""
        return self.inner.embed_query(text)


def unit_vector(text: str) -> Matrix:
    """A random direction of 896 dimensions, always the same for a text."""
    made = np.random.default_rng(crc32(text.encode())).standard_normal(896, dtype=np.float32)
    return made / np.linalg.norm(made)


class Held:
    """Vectors in memory in the place of the Chroma store, which no answer opens."""

    def __init__(self) -> None:
        self._vectors: dict[str, Matrix] = {}

    def open(self) -> None:
        """Nothing to open."""

    def missing(self, keys: Sequence[str]) -> set[str]:
        """Those of `keys` that have no vector yet."""
        return {key for key in keys if key not in self._vectors}

    def put(self, keys: Sequence[str], vectors: Matrix) -> None:
        """Keep vectors under their keys."""
        self._vectors.update(zip(keys, vectors, strict=True))

    def get(self, keys: Sequence[str]) -> dict[str, Matrix]:
        """The vectors of `keys`."""
        return {key: self._vectors[key] for key in keys if key in self._vectors}

    def close(self) -> None:
        """Forget them."""
        self._vectors.clear()
