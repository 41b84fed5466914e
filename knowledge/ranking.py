"""Pure rules of ranking: how scores are mixed and cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

WORDS_WEIGHT = 0.45
"""Weight of the words' standardised score beside the meaning's (weight 1)."""
BRIDGE_WEIGHT = 1.0
"""The same when all words had to be translated: then the embedding is at its weakest."""
CONTEXT_WEIGHT = 0.5
"""Weight of a word found in title, organisation or headings beside one found in the clause itself."""


def standardise(scores: Scores) -> Scores:
    """Scores as distances from their mean in standard deviations; all equal gives zeros."""
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)


def mix(meaning: Scores, words: Scores, translated: Scores) -> Scores:
    """Weighted sum of standardised scores; it beats fusing ranks (shared/eval/README.md).

    `translated` are scores of words brought over from another language; the more of the question had to be, the
    more words weigh beside meaning.
    """
    own, other = float(words.max(initial=0.0)), float(translated.max(initial=0.0))
    share = other / (own + other) if other > 0 else 0.0
    weight = WORDS_WEIGHT + (BRIDGE_WEIGHT - WORDS_WEIGHT) * share
    return standardise(meaning) + np.float32(weight) * standardise(words + translated)


def best(scores: Scores, k: int) -> NDArray[np.intp]:
    """Rows of the k highest scores, best first."""
    if k >= len(scores):
        return np.argsort(-scores, kind="stable")
    top = np.argpartition(-scores, k)[:k]
    return top[np.argsort(-scores[top], kind="stable")]
