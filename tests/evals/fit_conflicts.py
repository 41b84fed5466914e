"""Fit the chance that two rulings which disagree are about one matter (knowledge/sameness.json).

    python tests/evals/fit_conflicts.py [--write] [--verbose] [--keep FILE] FOLDER

FOLDER holds sets of manuals, `NAME/*.md|txt` with `NAME/labels.jsonl`: a row per pair of quotes ({"a": {"file", "quote"},
"b": …, "conflict": true|false}). Each set is staged as a user would; every pair of rulings that exclude each other is an
example: of one matter when a row says that its sentences conflict. Printed is what thresholds keep when each set is
judged by weights fitted on the others. --keep: the examples are kept in FILE, or read from it.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.settings import Settings
from bot.wiring import open_intake, open_library
from knowledge import embedding, sameness
from knowledge.sameness import FEATURES, Likeness, Sameness, related
from knowledge.statements.quantities import folded
from knowledge.statements.rulings import Ruling

FLOORS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
AIM = 0.88
"""Share of what is listed that must be right, each set judged by the others: the lowest floor that keeps it is written."""
PENALTY = 1.0
LONELY = "pairs"
"""In sets whose name begins so only labelled pairs are examples: their rules repeat each other."""


@dataclass(frozen=True)
class Example:
    """Two rulings that exclude each other."""

    group: str
    one: Ruling
    other: Ruling
    likeness: Likeness
    row: int
    """Number of the label of these two sentences, -1 when there is none."""
    same: bool


def tight(text: str) -> str:
    """Letters and digits only."""
    return "".join(c for c in folded(text) if c.isalnum())


def examples(folder: Path) -> list[Example]:
    """The examples of one set."""
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (folder / "labels.jsonl").read_text("utf-8").splitlines() if line.strip()
    ]
    quotes = [(tight(row["a"]["quote"]), tight(row["b"]["quote"])) for row in rows]
    met: list[tuple[Ruling, Ruling, Likeness]] = []

    def noted(self: Sameness, pairs: Sequence[tuple[Ruling, Ruling]]) -> list[float]:
        for (one, other), found in zip(pairs, self.likenesses(pairs), strict=True):
            if found is not None and related(found):
                met.append((one, other, found))
        return [0.0] * len(pairs)

    judged, Sameness.chances = Sameness.chances, noted  # type: ignore[method-assign]
    try:
        with tempfile.TemporaryDirectory() as home:
            library = open_library(Settings(home=Path(home)))
            files = sorted(path for path in folder.iterdir() if path.suffix in (".md", ".txt"))
            open_intake(Settings(home=Path(home)), library).stage(files, "fit")
            library.close()
    finally:
        Sameness.chances = judged  # type: ignore[method-assign]
    made = []
    for one, other, found in met:
        a, b = tight(one.sentence), tight(other.sentence)
        row = next((i for i, (x, y) in enumerate(quotes) if _meet(a, b, x, y) or _meet(b, a, x, y)), -1)
        if row >= 0 or not folder.name.startswith(LONELY):
            made.append(Example(folder.name, one, other, found, row, row >= 0 and rows[row]["conflict"]))
    return made


def _meet(a: str, b: str, x: str, y: str) -> bool:
    return (a in x or x in a) and (b in y or y in b)


def fit(points: np.ndarray, same: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias for features as they are."""
    scale = points.std(0)
    scale[scale < 1e-6] = 1.0
    model = LogisticRegression(C=PENALTY, max_iter=2000).fit(points / scale, same, weights)
    return model.coef_[0] / scale, float(model.intercept_[0])


def main() -> None:
    """Fit, judge each set by the others, and write the weights when asked."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    kept = Path(arguments.pop(0)) if "--keep" in sys.argv else None
    if kept and kept.exists():
        found: list[Example] = pickle.loads(kept.read_bytes())
    else:
        model = embedding.load_embedder()
        embedding.load_embedder = lambda _="": model
        found = [
            e for folder in sorted(Path(arguments[0]).iterdir()) if folder.is_dir() for e in examples(folder)
        ]
        if kept:
            kept.write_bytes(pickle.dumps(found))
    points = np.array([[asdict(e.likeness)[name] for name in FEATURES] for e in found])
    same = np.array([e.same for e in found])
    weights = np.array([1.0 if e.row >= 0 else 0.7 for e in found])
    groups = np.array([e.group for e in found])
    chances = np.zeros(len(found))
    for group in sorted(set(groups)):
        left = groups == group
        w, bias = fit(points[~left], same[~left], weights[~left])
        chances[left] = 1 / (1 + np.exp(-(points[left] @ w + bias)))
    kinds = np.array([e.one.kind.value for e in found])
    print(len(found), "examples,", same.sum(), "of one matter")
    chosen = FLOORS[-1]
    for floor in FLOORS:
        # A pair of clauses counts once, whatever its points are.
        rows: dict[tuple[str, Any], bool] = {}
        for e, chance in zip(found, chances, strict=True):
            if chance >= floor:
                key = (e.group, e.row if e.row >= 0 else frozenset((e.one.sentence, e.other.sentence)))
                rows[key] = rows.get(key, False) or e.same
        right = sum(rows.values())
        if right >= AIM * len(rows):
            chosen = min(chosen, floor)
        print(f"  from {floor:.2f}: right {right}, listed {len(rows)}, precision {right / max(1, len(rows)):.2f}",
              {k: f"{int((same & (kinds == k) & (chances >= floor)).sum())}+{int((~same & (kinds == k) & (chances >= floor)).sum())}" for k in sorted(set(kinds))})  # fmt: skip
    w, bias = fit(points, same, weights)
    print({name: round(float(value), 3) for name, value in zip(FEATURES, w, strict=True)}, round(bias, 3))
    if "--verbose" in sys.argv:
        for i in np.argsort(-chances):
            e = found[i]
            if (not e.same and chances[i] >= 0.4) or (e.same and chances[i] < 0.5):
                print("LOW  " if e.same else "FALSE", f"{chances[i]:.2f}", e.one.kind.value, e.one.role, e.row >= 0, e.one.written, "/", e.other.written, "|", e.one.sentence, "|", e.other.sentence, [round(v, 2) for v in points[i][:9]])  # fmt: skip
    if "--write" in sys.argv:
        place = Path(sameness.__file__).with_name(sameness.DATA)
        data = {
            "weights": {name: round(float(value), 4) for name, value in zip(FEATURES, w, strict=True)},
            "bias": round(bias, 4), "floor": chosen,
        }  # fmt: skip
        place.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
