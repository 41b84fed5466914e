"""Retrieval alone, as `kefu search` shows it: how many questions find what they need.

    python tests/evals/retrieval.py HOME QUESTIONS.jsonl [-v]

HOME is a KEFU_HOME with ingested manuals, QUESTIONS in the format of shared/eval or of one of its public sets. Printed
for all and for each kind: the share of answerable questions with a right excerpt first and among the first five, and
with all needed ones among the first ten; for a public set (its gold names files) recall@5, recall@10 and
recall@4000chars of its own scorer.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from statistics import mean
from types import ModuleType
from typing import Any

from bot.assistant.answers import Turn
from bot.assistant.questions import understand
from bot.settings import Settings
from bot.wiring import open_library
from knowledge.excerpts import ROOM, Excerpt, excerpts
from knowledge.ranking import WEIGHTS, Weights
from knowledge.views import View

SHARED = Path(os.environ.get("KEFU_SHARED", Path(__file__).parents[3] / "shared"))
DEEP = 120
"""Hits looked at, so that 4,000 characters of excerpts are always filled."""
Row = dict[str, Any]
Shares = dict[str, dict[str, float]]
"""By kind ("all" first): figures by their names."""


def scorer() -> ModuleType:
    """The scorer of the public sets, which lies beside them."""
    spec = importlib.util.spec_from_file_location(
        "retrieval_score", SHARED / "eval" / "public" / "retrieval_score.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(questions: Path) -> list[Row]:
    """The answerable questions of a set."""
    rows = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if row["gold"] and row.get("answerable", True)]


def is_public(rows: list[Row]) -> bool:
    """Whether a set is of the public make: its gold names files."""
    return bool(rows) and "doc" in rows[0]["gold"][0]


def squeeze(text: str) -> str:
    """`text` without layout: what a quote and an excerpt are compared by."""
    return re.sub(r"[\s.|;:]+", "", unicodedata.normalize("NFKC", text))


def parted(row: Row, *, separate: bool = True) -> tuple[str, str]:
    """What is searched for a question, and its thread."""
    history = [Turn(turn["role"], turn["text"]) for turn in row.get("history") or []]
    question = understand(row["question"], history)
    return question.parted if separate else (question.search_text, "")


def found(
    view: View, row: Row, weights: Weights = WEIGHTS, *, room: int = ROOM, separate: bool = True
) -> list[Excerpt]:
    """The excerpts for a question, best first."""
    asked, thread = parted(row, separate=separate)
    hits = view.search(asked, DEEP, context=thread, weights=weights)
    return excerpts(view, hits, room=room)[:30]


def places(row: Row, ranked: list[Excerpt]) -> list[int | None]:
    """For each gold quote the place (from 0) of the first excerpt that holds it; None when there is none."""
    return [
        next(
            (
                place
                for place, excerpt in enumerate(ranked)
                if squeeze(gold["document"]) == squeeze(excerpt.hit.clause.manual)
                and squeeze(gold["quote"]) in squeeze(excerpt.text)
            ),
            None,
        )
        for gold in row["gold"]
    ]


def shares(rows: list[Row], ranked: dict[str, list[Excerpt]]) -> Shares:
    """Figures of one run over all questions and over each kind."""
    if is_public(rows):
        run = {
            str(i): {"ranked": [{"doc": e.hit.clause.source, "text": e.text} for e in found]}
            for i, found in ranked.items()
        }
        return public_shares(rows, run)
    scored: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for row in rows:
        at = [10**6 if place is None else place for place in places(row, ranked[row["id"]])]
        for kind in ("all", row["kind"]):
            scored[kind].append((min(at) < 1, min(at) < 5, max(at) < 10))
    names = ("@1", "@5", "all@10")
    return {
        kind: dict(zip(names, map(mean, zip(*scored[kind], strict=True)), strict=True)) for kind in scored
    }


def public_shares(rows: list[Row], run: dict[str, Row]) -> Shares:
    """The figures of a public set's own scorer over a run in its format."""
    scored = scorer().score(run, rows)
    kinds = {"all": scored} | {
        kind: [row for row in scored if row["type"] == kind]
        for kind in sorted({row["type"] for row in scored})
    }
    names = {"@5": "r5", "@10": "r10", "@4000chars": "rb"}
    return {
        kind: {name: mean(row[key] for row in of_kind) for name, key in names.items()}
        for kind, of_kind in kinds.items()
    }


def line(figures: Shares) -> str:
    """All kinds in one line of text."""
    return "  ".join(
        f"{kind} " + "/".join(f"{share:.3f}" for share in by_name.values())
        for kind, by_name in figures.items()
    )


def main() -> None:
    """Print the figures and, with -v, the questions that are not found among the first five."""
    rows = read(Path(sys.argv[2]))
    view = open_library(Settings(home=Path(sys.argv[1]))).view()
    ranked = {row["id"]: found(view, row) for row in rows}
    figures = shares(rows, ranked)
    print(len(rows), "questions;", "/".join(figures["all"]))
    print(line(figures).replace("  ", "\n"))
    if "-v" in sys.argv and not is_public(rows):
        for row in rows:
            at = places(row, ranked[row["id"]])
            if not any(place is not None and place < 5 for place in at):
                print(row["id"], at)


if __name__ == "__main__":
    main()
