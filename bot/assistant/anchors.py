"""Where a thread stands: the clauses that its last answer quoted, read back from what was said in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.assistant.answers import Turn
from bot.assistant.scope import manuals_said, scope_of, without_quoted_titles
from knowledge.clauses import Clause, ClauseKind
from knowledge.reading import normalise, question_terms
from knowledge.views import View

_LABELLED = 0.6
"""A clause whose label the answer names counts this much more, in shares of the best words' score."""
_MOST = 4
_NEAR = 4


def anchors(view: View, history: Sequence[Turn]) -> list[Clause]:
    """The clauses that the last answer of the thread is about, best first; none when it names no manual.

    Answers of the bot say which clauses they cite (`Turn.cites`). Of one that does not, the manuals that it
    names, or the question before it, are looked through for the clause that it repeats. Clauses of editions that
    hold no more are given in their present wording.
    """
    last = next((i for i in reversed(range(len(history))) if history[i].role == "assistant"), None)
    if last is None:
        return []
    answer = history[last]
    if answer.cites:
        return _present(view, answer.cites)
    asked = next((turn.text for turn in reversed(history[:last]) if turn.role == "user"), "")
    manuals = view.manuals()
    named = manuals_said(answer.text, manuals) or scope_of(asked, manuals).manual_ids
    return _repeated(view, asked, answer.text, named) if named else []


def surroundings(view: View, quoted: Sequence[Clause], most: int) -> list[Clause]:
    """The clauses within four places of those quoted and under their headings, nearest first, at most `most`."""
    found: dict[int, tuple[int, Clause]] = {}
    for place in quoted:
        for clause in view.edition_clauses(place.edition_id):
            apart = abs(clause.ordinal - place.ordinal)
            is_near = apart <= _NEAR or clause.heading_path == place.heading_path
            if is_near and apart < found.get(clause.id, (apart + 1, clause))[0]:
                found[clause.id] = (apart, clause)
    return [clause for _, clause in sorted(found.values(), key=lambda pair: (pair[0], pair[1].id))[:most]]


def _present(view: View, cites: Sequence[int]) -> list[Clause]:
    """The cited clauses as the view holds them: the same, or the one of its manual with the same words or label."""
    found: dict[int, Clause] = {}
    editions = {manual.manual_id: manual.edition_id for manual in view.manuals()}
    for identity in cites[:_MOST]:
        try:
            clause = view.clauses([identity])[0]
        except KeyError:  # of a manual that this reader does not see, or long swept away
            continue
        edition = editions.get(clause.manual_id)
        if edition is None:
            continue
        if edition != clause.edition_id:
            of_now = view.edition_clauses(edition)
            same = [c for c in of_now if c.text_key == clause.text_key]
            same = same or [c for c in of_now if clause.label and c.label == clause.label]
            if not same:
                continue
            clause = same[0]
        found[clause.id] = clause
    return list(found.values())


def _repeated(view: View, asked: str, answer: str, named: frozenset[int]) -> list[Clause]:
    """The clause of the named manuals that an answer repeats, by its words and the label that it gives."""
    index, spoken = view.index(), _squeezed(answer)
    said = without_quoted_titles(f"{asked} {answer}")
    words = index.body.scores(question_terms(said)) * np.isin(index.manual_ids, list(named))
    best = float(words.max(initial=0.0)) or 1.0
    scored = dict(zip(index.clause_ids.tolist(), (words / best).tolist(), strict=True))
    found: list[tuple[float, Clause]] = []
    for manual in view.manuals():
        if manual.manual_id in named:
            for clause in view.edition_clauses(manual.edition_id):
                label = _squeezed(clause.label)
                labelled = _LABELLED + len(label) / 50 if len(label) >= 2 and label in spoken else 0.0
                if clause.kind is not ClauseKind.HEADING:
                    found.append((scored.get(clause.id, 0.0) + labelled, clause))
    score, place = max(((score, -i) for i, (score, _) in enumerate(found)), default=(0.0, 0))
    return [found[-place][1]] if score > 0 else []


def _squeezed(text: str) -> str:
    return "".join(normalise(text).split())
