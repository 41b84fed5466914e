"""Which conflicts are found in whole manuals: the sample manuals and the real page."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ingest.readers import find_files, read
from ingest.structure import split_manuals
from knowledge.clauses import ClauseDraft, ManualDraft
from knowledge.conflicts import Disagreement, clashes, clause_rulings, contradictions
from knowledge.embedding import BundledEmbeddings
from knowledge.sameness import Sameness
from knowledge.statements.quantities import folded

ROOT = Path(__file__).resolve().parents[2]

Found = list[tuple[ClauseDraft, ClauseDraft, Disagreement]]


NEAREST = 16


def found_in(drafts: list[ManualDraft]) -> Found:
    """Every disagreement of clauses that are near each other in meaning, by a quicker model than the library's."""
    rules = [(n, c, made) for n, d in enumerate(drafts) for c in d.clauses if (made := clause_rulings(c))]
    model = BundledEmbeddings()
    sameness = Sameness(model.nearnesses, [folded(clause.text) for _, clause, _ in rules])
    texts = [clause.text for _, clause, _ in rules]
    near = model.nearnesses(texts, texts)
    owners = np.array([owner for owner, _, _ in rules])
    near[owners[:, None] == owners[None, :]] = -1
    pairs = {
        (min(i, k), max(i, k)) for i, row in enumerate(np.argsort(-near)[:, :NEAREST].tolist()) for k in row
    }  # fmt: skip
    found: Found = []
    for i, k in sorted(pairs):
        (d, one, mine), (e, other, theirs) = rules[i], rules[k]
        if d != e and one.text != other.text:
            found += [(one, other, point) for point in contradictions(mine, theirs, sameness)]
    return found


def tight(text: str) -> str:
    return "".join(folded(text).split())


@pytest.mark.slow
def test_conflicts_that_people_ask_about_are_found_in_the_sample_manuals() -> None:
    paths = find_files([ROOT / "bot/demo/manuals"])
    found = found_in([draft for path in paths for draft in split_manuals(read(path))])
    asked = [
        json.loads(line) for line in (ROOT / "tests/evals/samples.jsonl").read_text("utf-8").splitlines()
    ]
    asked = [question for question in asked if question["kind"] == "conflict"]
    met = []
    for question in asked:
        quotes = [tight(gold["quote"]) for gold in question["gold"]]
        for one, other, _ in found:
            sides = [
                {i for i, quote in enumerate(quotes) if quote in tight(clause.text)}
                for clause in (one, other)
            ]
            if all(sides) and sides[0] != sides[1]:
                met.append(question["id"])
                break
    assert len(met) >= 0.45 * len(asked), sorted({question["id"] for question in asked} - set(met))
    assert len(found) <= 22  # few false alarms: of 16 pairs 12 were right, 1 arguable


def test_the_real_page_gives_a_short_list_with_its_fines_hours_and_approvers(
    seed_drafts: list[ManualDraft],
) -> None:
    found = found_in(seed_drafts)
    values = {frozenset((made.value_a, made.value_b)) for _, _, made in found}
    assert frozenset({"30元", "100元"}) in values
    assert frozenset({"店长", "主管"}) in values
    assert any(":" in made.value_a and ":" in made.value_b for _, _, made in found)
    assert len(found) <= 12


@pytest.mark.parametrize("text", ["", "。", ";;;", "第三次", "不得", "由主管批准", "18:30至24:00", "9" * 400])
def test_any_text_can_be_read(text: str) -> None:
    draft = ClauseDraft("1", (), text, text)
    assert [*clashes(clause_rulings(draft), clause_rulings(draft))] == []
