"""Found or not found: a calibrated score from several signals, no single threshold on one of them.

The weights are fitted by `tests/evals/calibrate.py` on questions whose answer is and is not in the manuals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from bot.assistant.questions import Question, Wanted, holds_value
from knowledge.clauses import Hit


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision looks at; each is roughly within 0..1 or standardised."""

    meaning: float
    """Cosine of the best hit."""
    score: float
    """Standardised mixed score of the best hit."""
    coverage: float
    """Highest share of the question's information that one of the best three holds."""
    unseen: float
    """Share of the question's information that no clause at all holds."""
    value_missing: float
    """1 when a value of some kind is asked for and none of the best three holds one."""
    crosses: float
    """1 when question and clause are in different languages: words cannot meet then."""


WEIGHTS = (9.0, 0.35, 4.0, -3.0, -1.5, 1.5)
BIAS = -7.5


def signals(question: Question, hits: Sequence[Hit], unseen: float, crosses: bool) -> Signals:
    """The signals of a question with its best hits first; `hits` is not empty."""
    best = hits[:3]
    missing = question.wanted is not Wanted.ANY and not any(
        holds_value(question.wanted, hit.clause.text) for hit in best
    )
    return Signals(
        max(hit.meaning for hit in best),
        hits[0].score,
        max(hit.coverage for hit in best),
        unseen,
        1.0 if missing else 0.0,
        1.0 if crosses else 0.0,
    )


def probability(found: Signals) -> float:
    """Calibrated probability (0..1) that the manuals answer the question."""
    z = BIAS + sum(w * x for w, x in zip(WEIGHTS, astuple(found), strict=True))
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))
