"""Fit the second opinion of drafting (bot/assistant/draft_sense.json) on scenarios of our own.

    python tests/evals/fit_draft_sense.py [--write] [SCENARIOS.jsonl …]

Each scenario has `text`, `route` and, where it is an escalation, `skip`. First prints how often the opinion is right
on fifths of the scenarios that it was not fitted on; `--write` then fits on all of them. Without a file the test
suite's own scenarios are taken. The short texts of draft_sense.tsv beside it are taken in any case.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

import bot.assistant as package
from bot.assistant import signals
from bot.assistant.draft_sense import DATA, MOST_READ, NO_MATTER
from bot.assistant.drafting import Drafter
from bot.assistant.redaction import mask
from bot.assistant.signals import Matter
from bot.assistant.superiors import views
from knowledge.embedding import load_embedder
from tickets.people import DEFAULT_LADDER, Role

EXAMPLES = Path(__file__).parent / "draft_sense.tsv"
"""Short texts of our own: layer, label and text, parted by tabs."""
OWN = Path(__file__).parent.parent / "assistant" / "escalations.jsonl"
GRAVE = (Matter.SAFETY, Matter.LEAK, Matter.POLITICAL)
STRENGTH = 10.0
"""Inverse of the pull towards zero."""
Rows = list[dict[str, Any]]


def matter(row: dict[str, Any]) -> str | None:
    """The grave matter of a scenario; None where the scenario leaves it open.

    Passing rungs over is allowed for grave matters and where superiors are out of reach; the rules tell the two
    apart in scenarios that they read rightly.
    """
    found = signals.read(mask(row["text"])).matters
    if row["route"] != "ladder" or row.get("skip") is False:
        return NO_MATTER
    if "skip" not in row:
        return None
    return next((str(one) for one in GRAVE if one in found), None)


def rightly_read(row: dict[str, Any]) -> bool:
    """Whether the rules find the rung of an escalation: then what they read of superiors may be learned from."""
    if row["route"] != "ladder":
        return False
    draft = Drafter(lambda _: []).draft(row["text"], row.get("sender_role", "agent"))
    return bool(draft.next_role) and DEFAULT_LADDER.name(Role(draft.next_role)) in row["next"]


def said(rows: Rows) -> Iterator[tuple[str, str]]:
    """The words around superiors and what is said of them, from scenarios that the rules read rightly."""
    for row in rows:
        if rightly_read(row):
            for view in views(mask(row["text"])):
                yield view.words, str(view.sign)


def examples(layer: str) -> Iterator[tuple[str, str]]:
    """The short texts of our own for a layer, with their labels."""
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        of, label, text = line.split("\t")
        if of == layer != "said":
            yield text, label
        elif of == layer:
            yield from ((view.words, label) for view in views(text)[:1])


def classifier() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=3000, class_weight="balanced")


def share_right(vectors: NDArray[np.float32], labels: NDArray[np.str_]) -> float:
    """The share of labels that are found when their fifth was held back."""
    right = 0
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    for known, held in folds.split(vectors, labels):
        guessed = classifier().fit(vectors[known], labels[known]).predict(vectors[held])
        right += int((guessed == labels[held]).sum())
    return right / len(labels)


def layer(vectors: NDArray[np.float32], labels: NDArray[np.str_]) -> dict[str, Any]:
    """Names, weights and bias of a classifier fitted on everything, as plain values."""
    fitted = classifier().fit(vectors, labels)
    weights, bias = fitted.coef_, fitted.intercept_
    if len(weights) == 1:  # two classes have one row: that of the second against the first
        weights, bias = np.vstack([np.zeros_like(weights), weights]), np.concatenate([[0.0], bias])
    return {
        "names": [str(name) for name in fitted.classes_],
        "weights": [[round(float(value), 3) for value in row] for row in weights],
        "bias": [round(float(value), 3) for value in bias],
    }


def main(arguments: list[str]) -> None:
    paths = [Path(name) for name in arguments if not name.startswith("--")] or [OWN]
    rows: Rows = [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()
    ]
    model = load_embedder()
    told: dict[str, list[tuple[str, str]]] = {
        "routes": [(mask(row["text"])[:MOST_READ], row["route"]) for row in rows],
        "matters": [(mask(row["text"])[:MOST_READ], one) for row in rows if (one := matter(row))],
        "said": list(said(rows)),
    }
    found: dict[str, Any] = {}
    for name, pairs in told.items():
        pairs += examples(name)
        vectors = np.array([model.query(text) for text, _ in pairs], dtype=np.float32)
        labels = np.array([label for _, label in pairs])
        print(f"{name}: right in {share_right(vectors, labels):.3f} of {len(labels)} when held back")
        found[name] = layer(vectors, labels)
    if "--write" in arguments:
        target = Path(str(package.__file__)).parent / DATA
        plain = {"model": model.name, "scenarios": len(rows), "layers": found}
        target.write_text(json.dumps(plain, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"written: {target}")


if __name__ == "__main__":
    main(sys.argv[1:])
