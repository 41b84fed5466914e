"""Pure rules of ranking: how scores are mixed and cut. The weights' effects are measured in tests/evals/ABLATION.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence weighs, beside the standardised score of the meaning with weight 1."""

    words: float = 0.45
    """The words' standardised score, for a question in Chinese."""
    latin_words: float = 1.0
    """The same for a question in Latin letters: its words are whole words, and the bundled models are weaker there."""
    bridge: float = 0.5
    """The same when all words had to be translated: then the embedding is at its weakest."""
    unmet: float = 1.0
    """The standardised score of the words of a clause in another language, at least, in that of its meaning."""
    context: float = 0.75
    """A word found in title, organisation or headings beside one found in the clause itself."""
    aside: float = 0.5
    """A word of what a question sets aside (`knowledge.focus`) beside one of what it asks for."""
    thread: float = 0.7
    """A word of the thread before a question beside one of the question."""
    synonyms: float = 0.3
    """A word that means what one of the question's does beside that word."""
    language: float = 1.0
    """How much of the mean distance in cosine between the languages is taken away from clauses in the other one."""
    year: float = 1.5
    """Standard deviations for standing under a year that the question names; half of it is lost by another year."""


WEIGHTS = Weights()


def standardise(scores: Scores) -> Scores:
    """Scores as distances from their mean in standard deviations; all equal gives zeros."""
    spread = float(scores.std())
    return (scores - scores.mean()) / spread if spread > 0 else np.zeros_like(scores)


def mix(
    meaning: Scores,
    words: Scores,
    translated: Scores,
    weights: Weights = WEIGHTS,
    *,
    chinese: bool = True,
    own_language: NDArray[np.bool_] | None = None,
) -> Scores:
    """Weighted sum of standardised scores; it beats fusing ranks.

    `translated` are scores of words brought over from another language; the more of the question had to be, the
    more words weigh beside meaning. `chinese`: whether the question is. `own_language`: the rows in its language
    (all, by default); the words of the others cannot meet it, so that they count as if they said what they mean.
    """
    own, other = float(words.max(initial=0.0)), float(translated.max(initial=0.0))
    share = other / (own + other) if other > 0 else 0.0
    weight = weights.words if chinese else weights.latin_words
    weight += (weights.bridge - weight) * share
    meant, said = standardise(meaning), standardise(words + translated)
    if own_language is not None:
        said = np.where(own_language, said, np.maximum(said, np.float32(weights.unmet) * meant))
    return meant + np.float32(weight) * said


def levelled(meaning: Scores, own_language: NDArray[np.bool_], weight: float) -> Scores:
    """Cosines with the advantage of the question's own language taken away.

    A multilingual model puts what is written in one language close together: without this the right clause of an
    English manual comes behind every Chinese one for a Chinese question.
    """
    if not weight or own_language.all() or not own_language.any():
        return meaning
    gap = float(meaning[own_language].mean() - meaning[~own_language].mean())
    return np.where(own_language, meaning, meaning + np.float32(max(0.0, gap) * weight))


def reordered(scores: Scores, rows: NDArray[np.bool_], by: Scores) -> Scores:
    """Scores with those of some rows set anew: of the same mean and spread, in the order and distances of `by`."""
    mine, changed = scores[rows], scores.copy()
    changed[rows] = mine.mean() + mine.std() * standardise(by[rows])
    return changed


def best(scores: Scores, k: int) -> NDArray[np.intp]:
    """Rows of the k highest scores, best first."""
    if k >= len(scores):
        return np.argsort(-scores, kind="stable")
    top = np.argpartition(-scores, k)[:k]
    return top[np.argsort(-scores[top], kind="stable")]
