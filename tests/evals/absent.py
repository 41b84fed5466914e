"""Questions whose answer is, and is not, in the manuals, at scale: from any question set over any corpus.

An answerable question becomes an absent one when the clauses that answer it are taken out of the index: a picture is
made without them, word statistics included, and the question is searched there. Nothing is made up, nothing
depends on a corpus.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from bot.assistant.answers import Turn
from bot.assistant.choosing import adjust, candidates
from bot.assistant.composing import unsaid
from bot.assistant.deciding import LOOKED_AT
from bot.assistant.decision_signals import signals
from bot.assistant.following import find
from bot.assistant.questions import Question
from bot.assistant.refusals import reason_to_refuse
from bot.assistant.scope import Scope
from bot.settings import Settings
from bot.wiring import open_engine, open_library
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.index import LiveIndex
from knowledge.library import Library
from knowledge.postings import Counted
from knowledge.reading import normalise
from knowledge.views import Picture, View

ALIKE = 0.975
"""A clause this near to one that answers says the same, and goes with it."""
TINY = 6
"""Clauses of a manual that is hardly begun."""
_STILL = 5
"""When one of so many best clauses holds the answer all the same, the question is not absent and left out."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question over one picture."""

    identity: str
    signals: dict[str, float]
    answerable: bool
    is_real: bool
    """Asked like this by whoever wrote the set; else its answer was taken out."""


@dataclass(frozen=True, slots=True)
class _Line:
    row: dict[str, Any]

    @property
    def answerable(self) -> bool:
        return bool(self.row.get("answerable", True)) and self.row.get("kind") != "unanswerable"

    @property
    def turns(self) -> list[Turn]:
        return [Turn(turn["role"], turn["text"]) for turn in self.row.get("history") or []]

    def answered_by(self, text: str) -> bool:
        """Whether a clause holds what the set takes for an answer."""
        if "must_include" in self.row:
            must = self.row["must_include"]
            return bool(must) and all(re.search(pattern, text, re.I) for pattern in must)
        bare = _bare(text)
        return any(all(_bare(part) in bare for part in parts) for parts in self.row.get("answers") or [])


def examples(home: Path, questions: Path) -> Iterator[Example]:
    """Every question of a set over an ingested KEFU_HOME, as it is and with its answer taken out."""
    settings = Settings(home=home)
    engine = open_engine(settings)
    library = open_library(settings, engine)
    view = library.view()
    clauses = view.clauses(view.index().clause_ids.tolist())
    texts = [_bare(clause.text) for clause in clauses]
    for text in questions.read_text(encoding="utf-8").splitlines():
        line = _Line(json.loads(text))
        question = str(line.row["question"])
        if line.row.get("kind") == "unsafe" or reason_to_refuse(question):
            continue
        made = _example(view, line, question, is_real=True)
        if made is not None:
            yield made
        rows = _answering(line, clauses, texts) if line.answerable else set()
        if rows:
            without = _without(view, rows, engine, library)
            made = _example(without, line, question, is_real=False) if without else None
            if made is not None:
                yield made


def tiny_examples(home: Path, questions: Path) -> Iterator[Example]:
    """Answerable questions over a manual of `TINY` clauses, those that answer among them, and over one without them:
    what a desk is that has only begun."""
    settings = Settings(home=home)
    engine = open_engine(settings)
    library = open_library(settings, engine)
    view = library.view()
    index = view.index()
    clauses = view.clauses(index.clause_ids.tolist())
    texts = [_bare(clause.text) for clause in clauses]
    for text in questions.read_text(encoding="utf-8").splitlines():
        line = _Line(json.loads(text))
        question = str(line.row["question"])
        rows = _answering(line, clauses, texts) if line.answerable else set()
        if not rows or len(rows) > TINY // 2 or line.row.get("history") or reason_to_refuse(question):
            continue
        said = (index.vectors[sorted(rows)] @ index.vectors.T).max(axis=0)
        first = min(rows)
        manual = index.manual_ids == index.manual_ids[first]
        order = sorted(range(len(clauses)), key=lambda row: (not manual[row], abs(row - first)))
        others = [row for row in order if row not in rows and said[row] <= ALIKE]
        for kept, is_real in (({*rows, *others[: TINY - len(rows)]}, True), (set(others[:TINY]), False)):
            picture = Picture(_taken(index, np.array(sorted(kept), dtype=np.int64)), engine)
            made = _example(View(picture, lambda: library.embedder), line, question, is_real=is_real)
            if made is not None:
                yield made


def _example(view: View, line: _Line, text: str, *, is_real: bool) -> Example | None:
    """The signals as the assistant sees them; None where it does not come to the decision."""
    found_at = find(view, text, line.turns, LOOKED_AT)
    question, scope = found_at.question, found_at.scope
    ranked = adjust(found_at.hits, question, scope)
    bodies = candidates(ranked, scope)
    if not bodies or _is_settled(question, ranked, bodies, scope):
        return None
    if not is_real and any(line.answered_by(hit.clause.text) for hit in bodies[:_STILL]):
        return None
    found = asdict(signals(question, ranked, bodies, view.index(), view.nearnesses))
    return Example(str(line.row["id"]), found, line.answerable and is_real, is_real)


def _is_settled(question: Question, ranked: Sequence[Hit], bodies: Sequence[Hit], scope: Scope) -> bool:
    """Whether the source says by itself that it does not say: cut off, or left blank."""
    top = ranked[0].clause
    cut = top.kind is ClauseKind.HEADING and (not scope.manual_ids or top.manual_id in scope)
    return cut or unsaid(question, [hit.clause for hit in bodies[:2]]) is not None


def _answering(line: _Line, clauses: list[Clause], texts: list[str]) -> set[int]:
    """Rows of the clauses that a set names as answering: those of the quote or, where documents are named by their
    file, the whole document."""
    rows: set[int] = set()
    for gold in line.row.get("gold") or []:
        quote = _bare(gold.get("quote") or "")
        if "doc" in gold:
            stem = Path(gold["doc"]).stem
            rows |= {row for row, clause in enumerate(clauses) if Path(clause.source).stem == stem}
        if len(quote) >= 4:
            rows |= {row for row, text in enumerate(texts) if _covers(quote, text)}
    return rows


def _without(view: View, rows: set[int], engine: Engine, library: Library) -> View | None:
    """The view as if these rows, and what says the same, had never been ingested; None when little would be left."""
    index = view.index()
    alike = (index.vectors[sorted(rows)] @ index.vectors.T).max(axis=0) > ALIKE
    gone = rows | set(np.flatnonzero(alike).tolist())
    kept = np.array([row for row in range(len(index.clause_ids)) if row not in gone], dtype=np.int64)
    if len(kept) < LOOKED_AT:
        return None
    return View(Picture(_taken(index, kept), engine), lambda: library.embedder)


def _taken(index: LiveIndex, kept: NDArray[np.int64]) -> LiveIndex:
    with tempfile.TemporaryDirectory() as made:  # what is mapped from it stays readable
        folder = Path(made)
        nothing = Counted(folder, "nothing")
        body = index.body.updated(kept, nothing, folder, "body")
        context = index.context.updated(kept, nothing, folder, "context")
    clause_ids = index.clause_ids[kept]
    return LiveIndex(
        index.generation, clause_ids, index.manual_ids[kept], index.keys[kept],
        np.argsort(clause_ids, kind="stable").astype(np.int32), index.vectors[kept], body, context, index.bridges,
    )  # fmt: skip


def _bare(text: str) -> str:
    return re.sub(r"[^\w%+$€£¥°]|_", "", normalise(text))


def _covers(quote: str, text: str) -> bool:
    """Whether a clause holds a quote or most of it in one piece, or is itself a piece of it."""
    size = max(8, round(len(quote) * 0.6))
    pieces = (quote[start : start + size] for start in range(max(1, len(quote) - size + 1)))
    return any(piece in text for piece in pieces) or (len(text) >= 12 and text in quote)
