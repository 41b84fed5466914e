"""Fit the weights of `bot.assistant.deciding` and print what each threshold would do.

    python tests/evals/calibrate.py HOME QUESTIONS.jsonl [HOME QUESTIONS.jsonl …]

Each pair is a KEFU_HOME with ingested manuals and questions in the format of shared/eval. Questions of kind
`unanswerable` are the absent ones; `unsafe` ones are left out. Cross-validated figures are printed for all sets
together and for each set when fitted on the others, so that nothing is fitted to one corpus unseen.
"""

import json
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from bot.assistant.answers import Turn
from bot.assistant.deciding import Signals
from bot.settings import Settings
from bot.wiring import open_assistant


def collect(home: str, questions: str) -> tuple[np.ndarray, np.ndarray]:
    """Signals and answerability of every question that reaches the decision."""
    assistant = open_assistant(Settings(home=Path(home)))
    rows, labels = [], []
    for line in Path(questions).read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        if question["kind"] == "unsafe":
            continue
        history = [Turn(turn["role"], turn["text"]) for turn in question["history"]]
        details = assistant.answer(question["question"], history).details
        if "signals" in details:
            rows.append([details["signals"][field.name] for field in fields(Signals)])
            labels.append(question["kind"] != "unanswerable")
    return np.array(rows), np.array(labels)


def model() -> Pipeline:
    """Balanced, lightly regularised, on standardised signals."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=1.0, class_weight="balanced", max_iter=5000))


def main() -> None:
    """Print figures and weights."""
    pairs = list(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    sets = [collect(*pair) for pair in pairs]
    if len(sets) > 1:
        for number, (_, path) in enumerate(pairs):
            rest = [s for i, s in enumerate(sets) if i != number]
            fitted = model().fit(np.vstack([x for x, _ in rest]), np.concatenate([y for _, y in rest]))
            chance = fitted.predict_proba(sets[number][0])[:, 1]
            print(f"{path}: AUROC when fitted on the others {roc_auc_score(sets[number][1], chance):.3f}")
    x, y = np.vstack([x for x, _ in sets]), np.concatenate([y for _, y in sets])
    chance = cross_val_predict(
        model(), x, y, cv=StratifiedKFold(10, shuffle=True, random_state=0), method="predict_proba"
    )
    print(f"all sets, cross-validated: AUROC {roc_auc_score(y, chance[:, 1]):.3f}")
    print("threshold  answerable turned away  absent caught")
    for threshold in np.arange(0.1, 0.75, 0.05):
        away, caught = (chance[y, 1] < threshold).mean(), (chance[~y, 1] < threshold).mean()
        print(f"{threshold:9.2f}  {away:22.3f}  {caught:13.3f}")
    fitted = model().fit(x, y)
    scaler, logistic = fitted[0], fitted[-1]
    weights = logistic.coef_[0] / scaler.scale_
    bias = float(logistic.intercept_[0] - (weights * scaler.mean_).sum())
    print("WEIGHTS =", tuple(round(float(w), 2) for w in weights), "BIAS =", round(bias, 2))


if __name__ == "__main__":
    main()
