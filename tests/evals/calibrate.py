"""Fit the decision found or not found (bot/assistant/decision.json) and draw its curve.

    python tests/evals/calibrate.py [--write] HOME[:tiny][=SHARE] QUESTIONS.jsonl [HOME… QUESTIONS.jsonl …]

Each pair is a KEFU_HOME with ingested manuals and a question set (format of shared/eval or of shared/eval/public);
several sets over one home count as one corpus. `:tiny` asks each question of six clauses of it alone. SHARE is what a corpus counts beside the others (1 unless given; the
decision in use: manuals of service desks 1, the public handbook 0.3). Absent questions are those that the sets hold, and all answerable ones
with their answer taken out (tests/evals/absent.py). Figures are of each corpus when fitted on the others, so that
nothing is fitted to one corpus unseen. `--write` also writes the weights and points, and beside this script the curve
(decision_curve.svg) with its figures (decision_curve.md).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from absent import examples, tiny_examples
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from bot.assistant import deciding
from bot.assistant.decision_signals import Signals

Array = NDArray[np.float64]

HERE = Path(__file__).parent
NAMES = [field.name for field in fields(Signals)]
SIGNS = {
    "thing_missing": -1,
    "missing": -1,
    "unseen": -1,
    "code_missing": -1,
    "beside": -1,
    "value": -1,
    "value_missing": -1,
}
"""All others speak for an answer. Held while fitting, so that no quirk of a corpus turns a signal round."""
STRENGTH = 0.002
"""Of the pull towards zero, per squared weight on standardised signals, against the mean loss of a question."""
ANSWERABLE = 0.75
"""Share of questions that manuals answer, for which the probability is calibrated."""
REAL = 0.6
"""Weight of the absent questions that people asked, beside those whose answer was taken out."""


@dataclass(frozen=True)
class Corpus:
    """All examples over one home."""

    name: str
    x: Array
    answerable: NDArray[np.bool_]
    real: NDArray[np.bool_]
    groups: NDArray[np.str_]
    """Question of each example: it and its twin without the answer stay on one side of a split."""
    share: float = 1.0
    """What the corpus counts beside the others in the fit."""

    @property
    def weights(self) -> Array:
        """Each corpus counts alike; see ANSWERABLE and REAL."""
        parts = [
            (self.answerable, ANSWERABLE),
            (~self.answerable & self.real, (1 - ANSWERABLE) * REAL),
            (~self.real, (1 - ANSWERABLE) * (1 - REAL)),
        ]
        weights = np.zeros(len(self.x))
        for chosen, share in parts:
            weights[chosen] = share / max(1, chosen.sum())
        return self.share * weights / weights.sum()


@dataclass(frozen=True)
class Model:
    """A logistic model of the signals as they are."""

    weights: Array
    bias: float

    def __call__(self, x: Array) -> Array:
        """Probabilities."""
        return 1 / (1 + np.exp(-np.clip(x @ self.weights + self.bias, -40, 40)))


def collect(pairs: Sequence[tuple[str, str]]) -> list[Corpus]:
    """Examples of all pairs, by home."""
    found: dict[str, list[object]] = {}
    shares: dict[str, float] = {}
    for place, questions in pairs:
        home, _, share = place.partition("=")
        home, tiny, _ = home.partition(":tiny")
        name = Path(home).resolve().name + tiny
        shares[name] = float(share or 1)
        made = tiny_examples if tiny else examples
        found.setdefault(name, []).extend(made(Path(home), Path(questions)))
    return [_corpus(name, rows, shares[name]) for name, rows in found.items()]


def _corpus(name: str, rows: Sequence[object], share: float = 1.0) -> Corpus:
    return Corpus(
        name,
        np.array([[row.signals[signal] for signal in NAMES] for row in rows]),  # type: ignore[attr-defined]
        np.array([row.answerable for row in rows]),  # type: ignore[attr-defined]
        np.array([row.is_real for row in rows]),  # type: ignore[attr-defined]
        np.array([row.identity for row in rows]),  # type: ignore[attr-defined]
        share,
    )


def fit(x: Array, answerable: NDArray[np.bool_], weights: Array) -> Model:
    """Regularised logistic regression whose signals keep their sign."""
    mean, spread = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    z, y, w = (x - mean) / spread, answerable.astype(float), weights / weights.sum()

    def loss(beta: Array) -> tuple[float, Array]:
        logits = z @ beta[:-1] + beta[-1]
        chance = 1 / (1 + np.exp(-logits))
        value = float((w * (np.logaddexp(0, logits) - y * logits)).sum() + STRENGTH * (beta[:-1] ** 2).sum())
        slope = np.append(z.T @ (w * (chance - y)) + 2 * STRENGTH * beta[:-1], (w * (chance - y)).sum())
        return value, slope

    bounds = [(0, None) if SIGNS.get(name, 1) > 0 else (None, 0) for name in NAMES] + [(None, None)]
    beta = minimize(loss, np.zeros(len(NAMES) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    raw = beta[:-1] / spread
    return Model(raw, float(beta[-1] - (raw * mean).sum()))


def fitted_on(corpora: Sequence[Corpus]) -> Model:
    """The model of some corpora together."""
    return fit(
        np.vstack([corpus.x for corpus in corpora]),
        np.concatenate([corpus.answerable for corpus in corpora]),
        np.concatenate([corpus.weights for corpus in corpora]),
    )


def points(corpora: Sequence[Corpus]) -> dict[str, float]:
    """The probability of each caution: what turns away the share of answerable questions that it may cost, on
    questions that the model was not fitted on."""
    chances, shares = [], []
    for fold in range(5):
        parts = [list(GroupKFold(5).split(c.x, groups=c.groups))[fold] for c in corpora]
        model = fit(
            np.vstack([c.x[kept] for c, (kept, _) in zip(corpora, parts, strict=True)]),
            np.concatenate([c.answerable[kept] for c, (kept, _) in zip(corpora, parts, strict=True)]),
            np.concatenate([c.weights[kept] for c, (kept, _) in zip(corpora, parts, strict=True)]),
        )
        for c, (_, held) in zip(corpora, parts, strict=True):
            answerable = held[c.answerable[held]]
            chances.append(model(c.x[answerable]))
            shares.append(np.full(len(answerable), 1 / c.answerable.sum()))
    chance, share = np.concatenate(chances), np.concatenate(shares)
    order = np.argsort(chance)
    below = np.cumsum(share[order]) / share.sum()
    return {
        caution.value: round(float(chance[order][np.searchsorted(below, away)]), 3)
        for caution, away in deciding.TURNED_AWAY.items()
    }


def table(
    corpora: Sequence[Corpus], chances: Mapping[str, Array], cut: Mapping[str, float]
) -> list[list[str]]:
    """One row a corpus: size, AUROC, and what each caution costs and catches."""
    rows = [["corpus", "answerable", "absent asked", "answer taken out", "AUROC asked", "AUROC taken out"]]
    rows[0] += [f"{name}: turned away / caught asked / caught taken out" for name in cut]
    for corpus in corpora:
        chance, yes = chances[corpus.name], corpus.answerable
        kinds = [~yes & corpus.real, ~corpus.real]
        row = [corpus.name, str(yes.sum()), *(str(kind.sum()) for kind in kinds)]
        row += [_auroc(chance, yes, kind) for kind in kinds]
        for at in cut.values():
            caught = [f"{(chance[kind] < at).mean():.0%}" if kind.any() else "-" for kind in kinds]
            row.append(" / ".join([f"{(chance[yes] < at).mean():.0%}", *caught]))
        rows.append(row)
    return rows


def _auroc(chance: Array, yes: NDArray[np.bool_], kind: NDArray[np.bool_]) -> str:
    both = yes | kind
    return f"{roc_auc_score(yes[both], chance[both]):.3f}" if kind.any() else "-"


def draw(corpora: Sequence[Corpus], chances: Mapping[str, Array], cut: Mapping[str, float]) -> None:
    """The curve as SVG, one line a corpus, the cautions marked."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "kefu"  # the same figures give the same file
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6.4, 4.2))
    for corpus in corpora:
        chance, yes = chances[corpus.name], corpus.answerable
        absent = ~yes & corpus.real if (~yes & corpus.real).any() else ~corpus.real
        steps = np.linspace(0, 1, 201)
        wrong = [(chance[absent] >= at).mean() for at in steps]
        right = [(chance[yes] >= at).mean() for at in steps]
        (line,) = axes.plot(wrong, right, label=corpus.name)
        for at, mark in zip(cut.values(), "^os", strict=True):
            axes.plot((chance[absent] >= at).mean(), (chance[yes] >= at).mean(), mark, color=line.get_color())
    axes.set(
        xlabel="absent questions answered all the same (wrong)",
        ylabel="answerable questions answered",
        xlim=(-0.02, 1.02),
        ylim=(0.4, 1.02),
        title="▲ low   ● normal   ■ high caution; each corpus fitted on the others",
    )
    axes.title.set_fontsize(9)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(HERE / "decision_curve.svg", metadata={"Date": None})


def main() -> None:
    """Print figures; with --write also write weights, points, curve."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    corpora = collect(list(zip(arguments[::2], arguments[1::2], strict=True)))
    if len(corpora) < 2:
        sys.exit("At least two corpora are needed: what is fitted on one says nothing of another.")
    report(corpora, write="--write" in sys.argv)


def report(corpora: Sequence[Corpus], *, write: bool) -> None:
    """Figures, weights and points of these corpora, on the screen or in their files too."""
    chances = {
        corpus.name: fitted_on([other for other in corpora if other is not corpus])(corpus.x)
        for corpus in corpora
    }
    cut = points(corpora)
    rows = table(corpora, chances, cut)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    print("\n".join(lines))
    model = fitted_on(corpora)
    for name, weight in zip(NAMES, model.weights, strict=True):
        print(f"{name:16s} {weight:+8.3f}")
    if not write:
        return
    data = {
        "weights": {name: round(float(w), 4) for name, w in zip(NAMES, model.weights, strict=True)},
        "bias": round(model.bias, 4),
        "points": {
            name: {"point": at, "turned_away_at_most": deciding.TURNED_AWAY[deciding.Caution(name)]}
            for name, at in cut.items()
        },
    }
    target = Path(deciding.__file__).with_name(deciding.DATA)
    target.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    draw(corpora, chances, cut)
    text = "Made by tests/evals/calibrate.py; each corpus when fitted on the others.\n\n" + "\n".join(lines)
    (HERE / "decision_curve.md").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
