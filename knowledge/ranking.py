"""Pure rules of ranking: how scores are mixed and what share of a question a clause holds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from knowledge.keywords import Keywords

Scores = NDArray[np.float32]

WORDS_WEIGHT = 0.45
"""Weight of the words' standardised score beside the meaning's (weight 1)."""
CONTEXT_WEIGHT = 0.5
"""Weight of a word found in title, organisation or headings beside one found in the clause itself."""


def standardise(scores: Scores) -> Scores:
    """Scores as distances from their mean in standard deviations; all equal gives zeros."""
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)


def mix(meaning: Scores, words: Scores, words_weight: float = WORDS_WEIGHT) -> Scores:
    """Weighted sum of standardised scores; it beats fusing ranks (shared/eval/README.md)."""
    return standardise(meaning) + np.float32(words_weight) * standardise(words)


def best(scores: Scores, k: int) -> NDArray[np.intp]:
    """Rows of the k highest scores, best first."""
    if k >= len(scores):
        return np.argsort(-scores, kind="stable")
    top = np.argpartition(-scores, k)[:k]
    return top[np.argsort(-scores[top], kind="stable")]


def coverage(question_terms: Iterable[str], held: set[str], keywords: Keywords) -> float:
    """Share (0..1) of the question's information (inverse document frequency) whose terms are in `held`."""
    total = found = 0.0
    for term in set(question_terms):
        weight = keywords.rarity(term) * (1.0 if len(term) > 1 else 0.5)
        total += weight
        found += weight if term in held else 0.0
    return found / total if total else 0.0
