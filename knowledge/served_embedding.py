"""Vectors from a server: what is sent is masked, what comes back is checked, and while it is away words go on alone.

A server's model may be changed behind its address. Vectors of two models in one collection are worse than none, and
nothing would show it; so each batch carries a sentence of ours whose vector must stay what it was, and before the
first use, after every fault and every few minutes a clause that is stored already is embedded again: the stored
vectors themselves are the fingerprint of the model that made them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from langchain_core.embeddings import Embeddings

from knowledge import embedding
from knowledge.embedding import Embedder, LangChainDoor, Matrix, Passage
from knowledge.errors import EmbedderUnavailable

Known = Callable[[], tuple[Passage, Matrix] | None]
"""Gives a passage whose vector is stored, with that vector; None when nothing is."""

_PROBE = "手册 manual 0123"
"""A text that stands in every batch of passages."""
_SAME = 0.98
"""Cosine from which two vectors of one text are of one model: servers that compute in 16 bits differ by a thousandth."""
_LOOKED_AT_EVERY = 300.0
"""Seconds for which the model is believed to be the one that it was."""
_PAUSE = 5.0
"""Seconds for which a server that failed is left alone."""
_LONGEST_PAUSE = 60.0
_BATCH = 32
"""Texts in one request: what a text-embeddings-inference server takes unless it is told otherwise."""
AT_ONCE = 4 * (_BATCH - 1)
"""Passages that fill whole requests, with the probe in each."""


@runtime_checkable
class Served(Protocol):
    """An embedder whose model runs elsewhere: it may be away, and it may become another one."""

    def verify(self, known: Known, *, patient: bool = False) -> None:
        """See whether the server makes the vectors that are stored; asks it only now and then. `patient`: nobody waits
        for an answer, so a busy server is asked again.

        Raises EmbedderUnavailable.
        """

    @property
    def standing_in(self) -> Embedder:
        """What weighs a few clauses on this machine while the server is away. Its vectors are stored nowhere."""


class ServedEmbeddings(LangChainDoor):
    """The embeddings of a server behind two LangChain clients. Safe for many threads.

    Raises (from `passages`, `query` and `verify`):
        EmbedderUnavailable: the server does not answer, refuses, or has another model than before.
    """

    def __init__(
        self,
        name: str,
        address: str,
        quick: Embeddings,
        patient: Embeddings,
        mask: Callable[[str], str],
        *,
        before_query: str = "",
        before_passage: str = "",
    ) -> None:
        """`quick` is asked while somebody waits for an answer, `patient` when manuals are taken in: it comes back when
        the server says that it is busy. Both raise EmbedderUnavailable. `mask` takes out of a question what must not
        leave the machine. `before_…`: what the model wants to read before a text (`query: `)."""
        self.name = name
        self.address = address
        self._quick, self._patient, self._mask = quick, patient, mask
        self._before_query, self._before_passage = before_query, before_passage
        self._lock = threading.Lock()
        self._probe: Matrix | None = None
        self._verified_until = 0.0
        self._paused_until = 0.0

    @property
    def state(self) -> str:
        """`ok`, or `paused` while a server that failed is left alone."""
        return "paused" if time.monotonic() < self._paused_until else "ok"

    @cached_property
    def standing_in(self) -> Embedder:
        """See `Served.standing_in`: the bundled pair."""
        return embedding.BundledEmbeddings()

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        """See `Embedder.passages`."""
        texts = [self._before_passage + passage.wide for passage in passages]
        made = [self._checked(texts[at : at + _BATCH - 1]) for at in range(0, len(texts), _BATCH - 1)]
        return np.concatenate(made) if made else np.zeros((0, self.dimension), np.float32)

    def query(self, text: str) -> Matrix:
        """See `Embedder.query`. At once when the server failed a moment ago."""
        if self.state != "ok":
            raise self._away()
        made = self._asked(self._quick, [self._before_query + self._mask(text)])
        if self._probe is not None and made.shape[1] != len(self._probe):
            raise self._changed()
        vector: Matrix = made[0]
        return vector

    @property
    def dimension(self) -> int:
        """How many numbers a vector of this server has; asks it once."""
        if self._probe is None:
            self._checked([])
        assert self._probe is not None
        return len(self._probe)

    def verify(self, known: Known, *, patient: bool = False) -> None:
        """See `Served.verify`."""
        now = time.monotonic()
        if now < self._verified_until:
            return
        if now < self._paused_until and not patient:
            raise self._away()
        stored = known()
        texts = [_PROBE, *([self._before_passage + stored[0].wide] if stored else [])]
        made = self._asked(self._patient if patient else self._quick, texts)
        if stored is not None and not _alike(made[-1], stored[1]):
            raise self._changed()
        with self._lock:
            self._probe = made[0]
            self._verified_until = now + _LOOKED_AT_EVERY

    def nearness(self, one: str, other: str) -> float:
        """See `Embedder.nearness`; computed on this machine, whose scale is known."""
        return self.standing_in.nearness(one, other)

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]) -> Matrix:
        """See `Embedder.nearnesses`; computed on this machine: hundreds of words a question."""
        return self.standing_in.nearnesses(ones, others)

    def _checked(self, texts: Sequence[str]) -> Matrix:
        """Vectors of passages, made by the same model as all before them in this process."""
        made = self._asked(self._patient, [_PROBE, *texts])
        with self._lock:
            if self._probe is None:
                self._probe = made[0]
        if not _alike(made[0], self._probe):
            raise self._changed()
        return made[1:]

    def _asked(self, client: Embeddings, texts: list[str]) -> Matrix:
        """Normalised vectors of texts."""
        try:
            made = np.asarray(client.embed_documents(texts), dtype=np.float32)
            lengths = np.linalg.norm(made, axis=-1, keepdims=True)
            if made.ndim != 2 or len(made) != len(texts) or not np.isfinite(made).all() or not lengths.all():
                raise EmbedderUnavailable(self._nonsense)
        except EmbedderUnavailable as error:
            self._failed(error.retry_after)
            raise
        except ValueError as error:  # rows of different lengths
            self._failed()
            raise EmbedderUnavailable(self._nonsense) from error
        self._paused_until = 0.0
        normal: Matrix = made / lengths
        return normal

    @property
    def _nonsense(self) -> str:
        return f"What the embedding server at {self.address} sent are no vectors of the texts; check KEFU_EMBEDDING_MODEL and KEFU_EMBEDDING_BASE_URL."

    def _failed(self, retry_after: float | None = None) -> None:
        """Leave it alone for a while; whether it is still the same model is looked at afterwards."""
        pause = _PAUSE if retry_after is None else min(max(retry_after, 0.0), _LONGEST_PAUSE)
        with self._lock:
            self._paused_until = time.monotonic() + pause
            self._verified_until = 0.0

    def _away(self) -> EmbedderUnavailable:
        return EmbedderUnavailable(
            f"The embedding server at {self.address} does not answer; check that it runs, and KEFU_EMBEDDING_BASE_URL."
        )

    def _changed(self) -> EmbedderUnavailable:
        """There is another model behind the address."""
        self._failed()
        return EmbedderUnavailable(
            f"The embedding server at {self.address} makes other vectors than those that are stored: another model runs "
            "there; bring the old one back, or name the new one in KEFU_EMBEDDING_MODEL, and the manuals are embedded anew."
        )


def _alike(one: Matrix, other: Matrix) -> bool:
    return one.shape == other.shape and float(one @ other) >= _SAME
