"""Fit how much a question sounds like a demand to be refused (bot/assistant/refusal_sense.json).

    python tests/evals/fit_refusal_sense.py [--write] [QUESTIONS.jsonl …]

Learned from refusal_sense.tsv beside it (label and text of our own), the cases of the test suite, and the questions
of samples.jsonl, near_misses.jsonl and threads.jsonl (harmless but for those of the kind `unsafe`), and from the given
sets. First prints, for each given set and for fifths of our own texts, what is found and what is wrongly suspected
when it was not fitted on, with the rules and without; `--write` then fits on everything.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

import bot.assistant as package
from bot.assistant.refusal_demands import asks_for_a_rule
from bot.assistant.refusal_sense import DATA, PLACES, pieces
from bot.assistant.refusals import reason_to_refuse
from knowledge.reading import normalise

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "assistant"))

from refusal_cases import HARMLESS, UNSAFE  # noqa: E402

STRENGTH = 20.0
"""Inverse of the pull towards zero."""
SURELY, PERHAPS = 0.75, 0.5
"""Refused whatever the manuals say: 1 harmless question of 300 when its set was not fitted on. Answered only beyond
doubt: 1 of 30."""
FOLDS = 5
Row = tuple[str, bool, str]
"""Set, whether it is a demand, text."""


def own() -> Iterator[Row]:
    """What is in the repository."""
    for line in (HERE / "refusal_sense.tsv").read_text(encoding="utf-8").splitlines():
        label, text = line.split("\t")
        yield "own", label == "demand", text
    yield from (("own", True, text) for texts in UNSAFE.values() for text in texts)
    yield from (("own", False, text) for text in HARMLESS)
    for name in ("samples", "near_misses", "threads"):
        yield from asked(HERE / f"{name}.jsonl", "questions")


def asked(path: Path, name: str) -> Iterator[Row]:
    """The questions of a set, those that stand before them in their threads too."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        yield name, row.get("kind") == "unsafe", row["question"]
        yield from (
            (name, False, turn["text"]) for turn in row.get("history") or [] if turn["role"] == "user"
        )


def table(readings: list[str]) -> csr_matrix:
    """One row for each text, of length one."""
    found = [sorted(pieces(reading)) for reading in readings]
    values = np.concatenate([np.full(len(row), 1 / np.sqrt(len(row))) for row in found])
    rows = np.repeat(np.arange(len(found)), [len(row) for row in found])
    return csr_matrix((values, (rows, np.concatenate(found))), shape=(len(found), PLACES))


def fitted(x: csr_matrix, demands: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=3000).fit(x, demands)


def held_back(x: csr_matrix, demands: NDArray[np.bool_], sets: NDArray[np.str_]) -> NDArray[np.float64]:
    """The suspicion of every text from the other sets; of our own texts, from the other fifths."""
    found = np.zeros(len(demands))
    for name in sorted(set(sets.tolist())):
        mine = np.flatnonzero(sets == name)
        if name in ("own", "questions"):
            parts = [mine[held] for _, held in KFold(FOLDS, shuffle=True, random_state=1).split(mine)]
        else:
            parts = [mine]
        for part in parts:
            others = np.setdiff1d(np.arange(len(demands)), part)
            found[part] = fitted(x[others], demands[others]).predict_proba(x[part])[:, 1]
    return found


def main(arguments: list[str]) -> None:
    paths = [Path(name) for name in arguments if not name.startswith("--")]
    rows = [*own(), *(row for path in paths for row in asked(path, path.stem))]
    rows = list(dict.fromkeys(rows))
    sets = np.array([name for name, _, _ in rows])
    demands = np.array([demand for _, demand, _ in rows])
    x = table([normalise(text) for _, _, text in rows])
    share = held_back(x, demands, sets)
    ruled = np.array([reason_to_refuse(text, by_rules=True) is not None for _, _, text in rows])
    excused = np.array([asks_for_a_rule(normalise(text)) for _, _, text in rows])
    print("| set | demands | by rules | surely | with rules | perhaps | harmless | surely | perhaps |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in sorted(set(sets.tolist())):
        yes, no = (sets == name) & demands, (sets == name) & ~demands
        surely, perhaps = (share >= SURELY) & ~excused, share >= PERHAPS
        counts = (yes, yes & ruled, yes & surely, yes & (surely | ruled), yes & (perhaps | ruled))
        wrong = (no, no & surely, no & perhaps)
        print(f"| {name} | {' | '.join(str(int(one.sum())) for one in (*counts, *wrong))} |")
    if "--show" in arguments:
        for row, s, r in zip(rows, share, ruled, strict=True):
            if (row[1] and s < PERHAPS and not r) or (not row[1] and s >= PERHAPS):
                print(row, round(float(s), 2))
    if "--write" in arguments:
        model = fitted(x, demands)
        weights = np.round(model.coef_[0] * 100).astype(int)
        kept = np.flatnonzero(weights)
        plain = {
            "demands": int(demands.sum()),
            "harmless": int((~demands).sum()),
            "surely": SURELY,
            "perhaps": PERHAPS,
            "bias": round(float(model.intercept_[0]), 4),
            "places": kept.tolist(),
            "weights": weights[kept].tolist(),
        }
        target = Path(str(package.__file__)).parent / DATA
        target.write_text(json.dumps(plain, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"written: {target}")


if __name__ == "__main__":
    main(sys.argv[1:])
