"""What every other manual rules on the lead's matter: its best clause, and the chance that it is of that matter.

When an answer is found, each manual that is not the lead's is asked for its own rule, by the question and by the
clause that leads. Weights are data (same_matter.json), fitted and written by `tests/evals/fit_same_matter.py` on
questions whose rules in several manuals are known; nothing in them is a matter of taste.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from bot.assistant.evidence import Evidence
from knowledge.clauses import Hit

DATA = "same_matter.json"
_BASE = 0.85
"""Cosine of ordinary unrelated clauses (bundled models), from which likeness counts."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How a clause of another manual stands to the question and to the clause that leads."""

    gap: float
    """By how much it fits the question less than the lead, in standard deviations of the mixed score."""
    stands_out: float
    """By how much it fits the question better than the best clauses of the further manuals do on average."""
    alike: float
    """Its cosine with the lead above that of ordinary clauses."""
    says: float
    """Share of what is asked about that it says in one place."""
    gives: float
    """1 when a value is asked for and it gives one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A clause of another manual with the chance (0..1) that it rules the lead's matter."""

    hit: Hit
    chance: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the script found."""

    weights: Mapping[str, float]
    bias: float


@cache
def fitted() -> Fitted:
    """The weights in use."""
    found = json.loads(files("bot.assistant").joinpath(DATA).read_text(encoding="utf-8"))
    return Fitted(found["weights"], found["bias"])


def nearnesses(
    bodies: Sequence[Hit], likeness: Sequence[float], evidence: Evidence
) -> list[tuple[Hit, Nearness]]:
    """How each clause of another manual stands to the lead, bodies[0]; `likeness[i]` is its cosine with bodies[i]."""
    lead = bodies[0]
    others = [
        (hit, alike)
        for hit, alike in zip(bodies[1:], likeness[1:], strict=True)
        if hit.clause.manual_id != lead.clause.manual_id
    ]
    tops: dict[int, float] = {}
    for hit, _ in others:
        tops.setdefault(hit.clause.manual_id, hit.score)  # best first
    total = sum(tops.values())
    found = []
    for hit, alike in others:
        further = (total - tops[hit.clause.manual_id]) / (len(tops) - 1) if len(tops) > 1 else hit.score
        near = Nearness(
            gap=lead.score - hit.score,
            stands_out=hit.score - further,
            alike=alike - _BASE,
            says=evidence.of_value(hit.clause),
            gives=float(evidence.wants_value and evidence.gives_value(hit.clause)),
        )
        found.append((hit, near))
    return found


def chance(found: Nearness) -> float:
    """Calibrated chance that the two rule one matter."""
    weights = fitted().weights
    z = fitted().bias + sum(weights[name] * value for name, value in asdict(found).items())
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))


def rules_of_others(bodies: Sequence[Hit], likeness: Sequence[float], evidence: Evidence) -> list[Rule]:
    """The best clause of each manual but the lead's (bodies[0]), the likeliest first; `likeness[i]` is the cosine of
    bodies[i] with the lead."""
    best: dict[int, Rule] = {}
    for hit, near in nearnesses(bodies, likeness, evidence):
        rule = Rule(hit, chance(near))
        manual = hit.clause.manual_id
        if manual not in best or rule.chance > best[manual].chance:
            best[manual] = rule
    return sorted(best.values(), key=lambda rule: -rule.chance)
