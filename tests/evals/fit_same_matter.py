"""Fit the chance that a clause of another manual rules the lead's matter (bot/assistant/same_matter.json).

    python tests/evals/fit_same_matter.py [--write] HOME QUESTIONS.jsonl [HOME QUESTIONS.jsonl …]

Each pair is a KEFU_HOME with ingested manuals and a question set (format of shared/eval) that names the clauses of
several manuals where several rule. Of each question whose lead is right, the best clause of every other manual is an
example: of the same matter when the set names it. Printed is each home's AUROC when fitted on the others, and what
thresholds keep of the rules in conflict and show beside a plain fact.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from absent import _bare, _covers
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from bot.assistant import same_matter
from bot.assistant.answers import Turn
from bot.assistant.choosing import adjust, candidates
from bot.assistant.evidence import Evidence
from bot.assistant.following import find
from bot.assistant.same_matter import Nearness
from bot.settings import Settings
from bot.wiring import open_library
from knowledge.clauses import Clause

NAMES = [field.name for field in fields(Nearness)]
SEARCH, OF_EACH = 60, 2
ROUNDS = 3
"""Which clause of a manual is its best depends on the weights: fitted anew with what the last weights choose."""


@dataclass(frozen=True)
class Example:
    """A clause of another manual."""

    question: str
    kind: str
    manual: int
    found: Nearness
    same: bool


def examples(home: Path, questions: Path) -> Iterator[Example]:
    """Every clause of another manual among the hits of each question whose lead is right."""
    view = open_library(Settings(home=home)).view()
    for text in questions.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(text)
        gold = [_bare(gold.get("quote") or "") for gold in row.get("gold") or []]
        turns = [Turn(turn["role"], turn["text"]) for turn in row.get("history") or []]
        found = find(view, row["question"], turns, SEARCH, of_each=OF_EACH)
        question, scope = found.question, found.scope
        if not gold or not found.hits or turns or scope.manual_ids or question.wants_script:
            continue
        bodies = candidates(adjust(found.hits, question, scope), scope)
        if not bodies or not _is_gold(bodies[0].clause, gold):
            continue
        evidence = Evidence(question, view.index())
        likeness = view.likeness(bodies[0].clause.id, [hit.clause.id for hit in bodies])
        for hit, near in same_matter.nearnesses(bodies, likeness, evidence):
            same = _is_gold(hit.clause, gold)
            yield Example(str(row["id"]), row["kind"], hit.clause.manual_id, near, same)


def _is_gold(clause: Clause, gold: list[str]) -> bool:
    return any(len(quote) >= 4 and _covers(quote, _bare(clause.text)) for quote in gold)


def _best(rows: list[Example], weights: NDArray[np.float64]) -> list[Example]:
    best: dict[tuple[str, int], Example] = {}
    for row in rows:
        at = row.question, row.manual
        if at not in best or _x(row) @ weights > _x(best[at]) @ weights:
            best[at] = row
    return list(best.values())


def _x(row: Example) -> NDArray[np.float64]:
    return np.array([asdict(row.found)[name] for name in NAMES])


def fit(corpora: list[list[Example]]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias, each corpus counting alike."""
    weights, bias = np.array([-0.6, 0.0, 15.0, 3.0, 1.0]), 0.0
    for _ in range(ROUNDS):
        chosen = [_best(rows, weights) for rows in corpora]
        x = np.array([_x(row) for rows in chosen for row in rows])
        y = np.array([row.same for rows in chosen for row in rows])
        share = np.concatenate([np.full(len(rows), 1 / len(rows)) for rows in chosen])
        spread = x.std(axis=0)
        model = LogisticRegression(C=0.5).fit(x / spread, y, sample_weight=share / share.mean())
        weights, bias = model.coef_[0] / spread, float(model.intercept_[0])
    return weights, bias


def report(name: str, rows: list[Example], weights: NDArray[np.float64], bias: float) -> None:
    """How well weights fitted elsewhere do on these examples."""
    rows = _best(rows, weights)
    p = 1 / (1 + np.exp(-(np.array([_x(row) for row in rows]) @ weights + bias)))
    same = np.array([row.same for row in rows])
    disputed = np.array([row.kind == "conflict" for row in rows])
    plain = np.array([row.kind in {"fact", "number", "procedure"} for row in rows])
    asked = len({row.question for row in rows if row.kind in {"fact", "number", "procedure"}})
    shown = "; ".join(
        f"{at:.2f}: {(p[same & disputed] >= at).mean():.2f} of rules, {(p[plain & ~same] >= at).sum() / asked:.2f} a fact"
        for at in (0.02, 0.04, 0.1, 0.2, 0.3)
    )
    print(f"{name}: AUROC {roc_auc_score(same, p):.3f}; {shown}")


def main() -> None:
    """See the module."""
    args = [arg for arg in sys.argv[1:] if arg != "--write"]
    if not args or len(args) % 2:
        sys.exit(__doc__)
    corpora: dict[str, list[Example]] = {}
    for home, questions in zip(args[::2], args[1::2], strict=True):
        name = Path(home).resolve().name
        corpora.setdefault(name, []).extend(examples(Path(home), Path(questions)))
    for name, rows in corpora.items():
        others = [other for key, other in corpora.items() if key != name]
        if others:
            report(name, rows, *fit(others))
    weights, bias = fit(list(corpora.values()))
    made = {
        "weights": {n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=True)},
        "bias": round(bias, 4),
    }
    print(json.dumps(made))
    if "--write" in sys.argv:
        place = Path(same_matter.__file__).with_name(same_matter.DATA)
        place.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
