"""Fit what tells a follow-up from a new topic, and print how well it does.

    python -m tests.evals.calibrate_threads HOME QUESTIONS.jsonl … [--check]

HOME is a KEFU_HOME with the manuals of the questions. Follow-ups are the questions of kind `followup`; new topics are
those of kind `new_topic` and every question without a history, put into two threads about something else. `--check`
fits nothing and measures the weights that the product has. Fitted on bot/demo/manuals with samples.jsonl and
threads.jsonl; other manuals are for checking only.
"""

from __future__ import annotations

import json
import os
import random
import sys
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from bot.assistant.answers import Turn
from bot.assistant.following import THRESHOLD, find, is_new_topic
from bot.settings import Settings
from bot.wiring import open_library

_WRITTEN = 6.0
"""Weight of a new topic that was written as one beside a question put into a foreign thread: it is as short and as
near to the thread as those of real threads."""
_THRESHOLDS = (0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3)


def cases(questions: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, str]], bool, float]]:
    """(question, history, whether it follows up, weight) of every case."""
    chance = random.Random(7)
    threads = [q["history"] for q in questions if q["history"]]
    for q in questions:
        if not q["history"] and q["answerable"] and q["gold"]:
            gold = q["gold"][0]
            answer = f"{q['answer']}(《{gold['document']}》{gold['clause']})"
            threads.append([{"role": "user", "text": q["question"]}, {"role": "assistant", "text": answer}])
    found = []
    for q in questions:
        if q["history"]:
            follows = q["kind"] == "followup"
            found.append((q["question"], q["history"], follows, 1.0 if follows else _WRITTEN))
        else:
            others = [t for t in chance.sample(threads, 2) if t[0]["text"] != q["question"]]
            found += [(q["question"], thread, False, 1.0) for thread in others]
    return found


def main() -> None:
    """See the module."""
    arguments = [a for a in sys.argv[1:] if a != "--check"]
    os.environ["KEFU_HOME"] = arguments[0]
    questions = [
        json.loads(line)
        for name in arguments[1:]
        for line in Path(name).read_text("utf-8").splitlines()
        if line
    ]
    view = open_library(Settings()).view()
    rows, truth, weights = [], [], []
    for text, history, follows, weight in cases(questions):
        evidence = find(view, text, [Turn(t["role"], t["text"]) for t in history], 30).evidence  # type: ignore[arg-type]
        if evidence is not None and not is_new_topic(text):
            rows.append((*astuple(evidence), evidence.probability))
            truth.append(follows)
            weights.append(weight)
    table, y = np.array(rows), np.array(truth)
    chances = table[:, -1]
    if "--check" not in sys.argv:
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=3.0, max_iter=2000).fit(table[:, :-1], y, sample_weight=weights)
        print("WEIGHTS", model.coef_[0].round(2).tolist(), "BIAS", model.intercept_.round(2).tolist())
        chances = model.predict_proba(table[:, :-1])[:, 1]
    print(f"{y.sum()} follow-ups, {(~y).sum()} new topics; the product's threshold is {THRESHOLD}")
    for threshold in _THRESHOLDS:
        caught, wrong = (chances[y] >= threshold).mean(), (chances[~y] >= threshold).mean()
        print(f"from {threshold:.2f}: {caught:.3f} of the follow-ups, {wrong:.3f} of the new topics")


if __name__ == "__main__":
    main()
