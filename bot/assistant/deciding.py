"""Found or not found: a calibrated score from several signals, no single threshold on one of them.

The weights are fitted by `tests/evals/calibrate.py` on questions whose answer is and is not in the manuals.
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import astuple, dataclass

from bot.assistant.questions import Question, Wanted, content_terms, holds_value
from bot.assistant.quoting import sentences
from knowledge.bridges import Bridges
from knowledge.clauses import Hit
from knowledge.index import LiveIndex
from knowledge.reading import terms


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision looks at; each lies within 0..1."""

    meaning: float
    """Highest cosine among the best three hits."""
    coverage: float
    """Highest share of the question's content that one of the best three clauses holds."""
    unseen: float
    """Share of the question's content that no clause at all holds."""
    value_near: float
    """Highest share of the question's content in one sentence that also holds a value of the wanted kind."""
    value_missing: float
    """1 when a value is asked for and no sentence of the best three holds one."""
    wants_value: float
    """1 when a value (money, time, count) is asked for: such questions are answered or not, never roughly."""
    crosses: float
    """1 when question and clause are in different languages: words cannot meet then."""


# Fitted, but for the last: too few absent questions cross languages to fit it, so it makes up for the 0.06 by which
# cosines across languages lie lower.
WEIGHTS = (36.88, -2.26, -1.87, 2.83, -1.72, -1.43, 2.2)
BIAS = -29.5


def _share(weights: Mapping[str, float], held: Container[str], bridges: Bridges) -> float:
    total = sum(weights.values())
    return (
        sum(weight for term, weight in weights.items() if bridges.holds(term, held)) / total if total else 0.0
    )


def signals(question: Question, hits: Sequence[Hit], index: LiveIndex, *, crosses: bool) -> Signals:
    """The signals of a question with its best hits first; `hits` is not empty."""
    keywords, bridges = index.body, index.bridges
    content = content_terms(bridges.spelled_out(question.search_text))
    weights = {term: weight * keywords.rarity(term) for term, weight in content.items()}
    best = hits[:3]
    values = []
    for hit in best:
        heading = set(terms(" ".join(hit.clause.heading_path)))
        values += [
            _share(weights, heading | set(terms(sentence)), bridges)
            for sentence in sentences(hit.clause.text)
            if holds_value(question, sentence)
        ]
    wants = question.wanted is not Wanted.ANY
    return Signals(
        meaning=max(hit.meaning for hit in best),
        coverage=max(_share(weights, set(terms(hit.clause.search_text)), bridges) for hit in best),
        unseen=1.0 - _share(weights, keywords.vocabulary, bridges),
        value_near=max(values, default=0.0),
        value_missing=float(wants and not values),
        wants_value=float(wants),
        crosses=float(crosses),
    )


def probability(found: Signals) -> float:
    """Calibrated probability (0..1) that the manuals answer the question."""
    z = BIAS + sum(w * x for w, x in zip(WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))
