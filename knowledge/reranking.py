"""An optional second look at the best hits by a cross-encoder, which reads question and clause together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from knowledge import ranking
from knowledge.clauses import Hit
from knowledge.errors import StoreUnavailable

POOL = 40
"""Best hits that are looked at again: each costs a run of the model."""
WEIGHT = 1.0
"""Weight of the standardised second score beside the first."""


class Reranker(Protocol):
    """What judges how well each of some texts fits a question."""

    def fits(self, question: str, texts: Sequence[str]) -> list[float]:
        """One number for each text, higher is better, comparable within one call. Raises StoreUnavailable."""


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder by name or folder, loaded when the first question comes.

    Safe for many threads; one works at a time.
    """

    def __init__(self, model: str) -> None:
        """`model`: see the setting KEFU_RERANKER."""
        self._name = model
        self._model: Any = None
        self._lock = threading.Lock()

    def fits(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker.fits`."""
        if not texts:
            return []
        with self._lock:
            if self._model is None:
                self._model = _load(self._name)
            found = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(score) for score in np.asarray(found).reshape(len(texts), -1)[:, -1]]


def _load(model: str) -> Any:
    from sentence_transformers import CrossEncoder  # seven seconds: only when such a model is named

    try:
        return CrossEncoder(model, device="cpu")
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        raise StoreUnavailable(
            f"The reranking model {model!r} could not be loaded ({type(error).__name__}); "
            "give KEFU_RERANKER the folder of a sentence-transformers CrossEncoder or unset it."
        ) from error


def reranked(hits: Sequence[Hit], question: str, reranker: Reranker) -> list[Hit]:
    """Hits in the order of both scores; a clause is read below the headings that it stands under."""
    if len(hits) < 2:
        return list(hits)
    texts = ["\n".join((*hit.clause.heading_path[-1:], hit.clause.text)) for hit in hits]
    second = ranking.standardise(np.asarray(reranker.fits(question, texts), dtype=np.float32))
    again = [
        replace(hit, score=hit.score + WEIGHT * float(fit)) for hit, fit in zip(hits, second, strict=True)
    ]
    return sorted(again, key=lambda hit: -hit.score)
