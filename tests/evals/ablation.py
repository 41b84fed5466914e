"""What each choice of the retrieval is worth: every one taken away or changed alone, on any number of sets.

    python tests/evals/ablation.py HOME QUESTIONS.jsonl [HOME QUESTIONS.jsonl …] [--out ABLATION.md]

HOME and QUESTIONS as in retrieval.py; homes must not be in use. Printed, and written as Markdown to --out. A question is
embedded once per text, so all rows of the table cost little more than one. Which half of a joint vector is which is
known for the bundled models only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import other_indexes as others
from retrieval import DEEP, ROOM, Row, excerpts, line, parted, read, shares

from bot.settings import Settings
from bot.wiring import open_library
from knowledge.embedding import Embedder, Matrix
from knowledge.excerpts import Excerpt
from knowledge.ranking import WEIGHTS, Weights, best
from knowledge.reading import question_terms, search_reading
from knowledge.views import View

E5 = 384
"""Dimensions of the first model in a joint vector."""


@dataclass(frozen=True)
class Choice:
    """One row of the table."""

    name: str
    weights: Weights = WEIGHTS
    room: int = ROOM
    separate: bool = True
    copies_last: bool = True
    view: Callable[[View, Embedder], View] = lambda view, embedder: view
    read: dict[str, Any] = field(default_factory=dict)
    """How questions are read: see `other_indexes.reading_as`."""


def _cut(name: str, terms: others.Terms) -> Choice:
    return Choice(name, view=lambda v, e: others.counted(v, e, terms), read={"terms": terms})


CHOICES = (
    Choice("as it is"),
    Choice("embedded: the clause alone", view=lambda v, e: others.embedded(v, e, others.alone)),
    Choice(
        "embedded: with all headings, for both models", view=lambda v, e: others.embedded(v, e, others.placed)
    ),
    Choice(
        "embedded: with the clauses beside it",
        view=lambda v, e: others.embedded(v, e, others.among_neighbours),
    ),
    Choice(
        "embedded twice: as it is, and alone", view=lambda v, e: others.twice_embedded(v, e, others.alone)
    ),
    Choice(
        "embedded twice: as it is, and with those beside it",
        view=lambda v, e: others.twice_embedded(v, e, others.among_neighbours),
    ),
    _cut("words: pairs of characters", others.pairs),
    _cut("words: single characters", others.characters),
    _cut("words: jieba's", others.words),
    _cut("words: characters, pairs and jieba's", others.all_of_them),
    Choice("slips of typing not read", read={"slips": False}),
    Choice("words that only ask kept", read={"asking": True}),
    Choice("no words of like meaning", replace(WEIGHTS, synonyms=0)),
    Choice("pinyin and English not brought over", view=others.not_brought_over),
    Choice("copies of another manual's words not put last", copies_last=False),
    Choice("no neighbours joined", room=0),
    Choice("neighbours up to 250 characters", room=250),
    Choice("neighbours up to 900 characters", room=900),
    Choice("words of title and headings: weight 0", replace(WEIGHTS, context=0)),
    Choice("words of title and headings: weight 0.5", replace(WEIGHTS, context=0.5)),
    Choice("words of title and headings: weight 1", replace(WEIGHTS, context=1)),
    Choice("words: weight 0.45 for Latin script too", replace(WEIGHTS, latin_words=0.45)),
    Choice("words: half the weight", replace(WEIGHTS, words=WEIGHTS.words / 2, latin_words=0.5)),
    Choice("words: double the weight", replace(WEIGHTS, words=WEIGHTS.words * 2, latin_words=2.0)),
    Choice("what a question sets aside: full weight of its words", replace(WEIGHTS, aside=1)),
    Choice("what a question sets aside: no weight", replace(WEIGHTS, aside=0)),
    Choice("languages not levelled", replace(WEIGHTS, language=0)),
    Choice("years in titles not counted", replace(WEIGHTS, year=0)),
    Choice("thread: its words as heavy as the question's", replace(WEIGHTS, thread=1)),
    Choice("thread: its words at 0.4", replace(WEIGHTS, thread=0.4)),
    Choice("thread and question as one text", separate=False),
)


class Remembering:
    """An embedder that embeds no question twice."""

    def __init__(self, inner: Embedder) -> None:
        self._inner, self.name = inner, inner.name
        self._known: dict[str, Matrix] = {}

    def query(self, text: str) -> Matrix:
        """See `Embedder.query`."""
        if text not in self._known:
            self._known[text] = self._inner.query(text)
        return self._known[text]

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


def by_choice(view: View, embedder: Embedder, choice: Choice) -> Callable[[Row], list[Excerpt]]:
    """The excerpts for a question, best first, by one row of the table."""
    made = choice.view(view, embedder)

    def ranked(row: Row) -> list[Excerpt]:
        asked, thread = parted(row, separate=choice.separate)
        with others.reading_as(**choice.read):
            hits = made.search(asked, DEEP, context=thread, weights=choice.weights)
        return excerpts(made, hits, room=choice.room, copies_last=choice.copies_last)[:30]

    return ranked


def by_scores(view: View, embedder: Embedder, how: str) -> Callable[[Row], list[Excerpt]]:
    """Rankings by one kind of score alone, or by fused ranks, without anything else (neighbours are joined)."""
    index = view.index()

    def ranked(row: Row) -> list[Excerpt]:
        text = " ".join(part for part in reversed(parted(row)) if part)
        vector, terms = embedder.query(search_reading(text)), question_terms(text)
        words = index.body.scores(terms)
        e5, use = index.vectors[:, :E5] @ vector[:E5], index.vectors[:, E5:] @ vector[E5:]
        places = [np.argsort(np.argsort(-scores)) for scores in (e5 + use, words)]
        fused = (1 / (60 + places[0]) + 1 / (60 + places[1])).astype(np.float32)
        scores = {"e5": e5, "USE": use, "both models": e5 + use, "words": words, "fused ranks": fused}[how]
        wanted = [int(index.clause_ids[i]) for i in best(scores, DEEP)]
        hits = {hit.clause.id: hit for hit in view.search(text, len(index.clause_ids))}
        return excerpts(view, [hits[i] for i in wanted])[:30]

    return ranked


def table(home: str, questions: str) -> list[str]:
    """The Markdown table of one set."""
    library = open_library(Settings(home=Path(home)))
    embedder = Remembering(library.embedder)
    library._embedder = embedder
    view, rows = library.view(), read(Path(questions))
    runs: list[tuple[str, Callable[[Row], list[Excerpt]]]] = [
        (choice.name, by_choice(view, embedder, choice)) for choice in CHOICES
    ]
    runs += [
        (f"{how} alone", by_scores(view, embedder, how))
        for how in ("e5", "USE", "both models", "words", "fused ranks")
        if library.embedder.name.startswith("e5-small")
    ]
    lines: list[str] = []
    for name, run in runs:
        figures = shares(rows, {row["id"]: run(row) for row in rows})
        if not lines:
            names = "/".join(figures["all"])
            lines = [
                f"## {Path(questions).parent.name}/{Path(questions).name} ({len(rows)} questions)", "",
                f"Each cell: {names}.", "", f"| choice | {' | '.join(figures)} |",
                f"|---|{'---|' * len(figures)}",
            ]  # fmt: skip
        cells = [" / ".join(f"{share:.3f}" for share in kind.values()) for kind in figures.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
        print(f"{name:55}", line(figures), flush=True)
    library.close()
    return [*lines, ""]


def main() -> None:
    """Print and write the tables of all sets."""
    arguments = sys.argv[1:]
    out = Path(arguments[arguments.index("--out") + 1]) if "--out" in arguments else None
    pairs = arguments[: arguments.index("--out")] if out else arguments
    text = ["# Retrieval: what each choice is worth", "", "Made by `tests/evals/ablation.py`.", ""]
    for home, questions in zip(pairs[::2], pairs[1::2], strict=True):
        text += table(home, questions)
        if out:
            out.write_text("\n".join(text), encoding="utf-8")


if __name__ == "__main__":
    main()
