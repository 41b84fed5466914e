"""Found or not found: the calibrated probability that the manuals answer, and the point from which it counts.

Weights and points are data (decision.json), fitted and written by `tests/evals/calibrate.py` on questions whose
answer is, and is not, in the manuals; nothing in them is a matter of taste.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from bot.assistant.choosing import adjust, candidates
from bot.assistant.decision_signals import Signals, signals
from bot.assistant.questions import Question
from bot.assistant.scope import Scope
from knowledge.clauses import Hit
from knowledge.views import View

DATA = "decision.json"
NO_VALUE = 0.1
"""Measured on the development questions, two sets of our own and their questions with the answer taken out: 2 of 355
answerable questions lack the value, 7 of 46 absent ones and 16 of 316 taken out."""
LOOKED_AT = 30
"""Hits that the signals compare; fewer give other signals."""


class Caution(StrEnum):
    """Where on the curve of answered against wrong a site stands. Shares are of all corpora of the fit together, on questions held
    back from it; what each costs on a corpus that the fit had not seen stands in tests/evals/decision_curve.md."""

    LOW = "low"
    """Answers all but the hopeless: 2 % of the answerable are turned away."""
    NORMAL = "normal"
    """4 %."""
    HIGH = "high"
    """12 %: rather the supervisor is asked than a clause quoted that does not answer."""


TURNED_AWAY: Mapping[Caution, float] = {Caution.LOW: 0.02, Caution.NORMAL: 0.04, Caution.HIGH: 0.12}
"""Share of answerable questions that each may cost; the points are set by it when the weights are fitted."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the script found."""

    weights: Mapping[str, float]
    bias: float
    points: Mapping[str, float]


@cache
def fitted() -> Fitted:
    """The weights and points in use."""
    found = json.loads(files("bot.assistant").joinpath(DATA).read_text(encoding="utf-8"))
    return Fitted(
        found["weights"], found["bias"], {name: at["point"] for name, at in found["points"].items()}
    )


def point(caution: Caution | str = Caution.NORMAL) -> float:
    """The probability from which a question counts as answered."""
    return fitted().points[Caution(caution)]


def probability(found: Signals) -> float:
    """Calibrated probability (0..1) that the manuals answer the question: at most `NO_VALUE` when a value is asked for
    that no sentence holds, however near their words are."""
    weights = fitted().weights
    z = fitted().bias + sum(weights.get(name, 0.0) * value for name, value in asdict(found).items())
    chance = 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))
    return min(chance, NO_VALUE) if found.value_missing else chance


def standing(question: Question, hits: Sequence[Hit], scope: Scope, view: View) -> float:
    """The probability for the hits of a search, as an answer from them would see it; 0 without any to quote."""
    ranked = adjust(hits, question, scope)
    bodies = candidates(ranked, scope)
    return probability(signals(question, ranked, bodies, view.index(), view.nearnesses)) if bodies else 0.0


def spread(chance: float, scores: Iterable[float]) -> list[float]:
    """Scores for a list of hits, best first, that compare across questions: the first is the probability that it
    answers, each further one is less by its distance in the search's own scores, never more than the one above.
    """
    given: list[float] = []
    first = None
    for score in scores:
        first = score if first is None else first
        value = chance * math.exp(-max(0.0, first - score))
        given.append(min(value, given[-1]) if given else value)
    return given
