"""Which conflicts are found in whole manuals: the sample manuals and the real page."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest

from ingest.readers import find_files, read
from ingest.structure import split_manuals
from knowledge.clauses import ClauseDraft, ManualDraft
from knowledge.conflicts import Disagreement, clause_rulings, contradictions
from knowledge.statements.quantities import folded
from knowledge.statements.topics import topic

ROOT = Path(__file__).resolve().parents[2]

Found = list[tuple[ClauseDraft, ClauseDraft, Disagreement]]


def found_in(drafts: list[ManualDraft]) -> Found:
    """Every disagreement, without the choice of neighbours that the library makes."""
    rules = [(d, c, made) for d in drafts for c in d.clauses if (made := clause_rulings(c))]
    found: Found = []
    for (d, one, mine), (e, other, theirs) in combinations(rules, 2):
        if d is not e and one.text != other.text:
            apart = topic(folded(f"{d.organisation} {e.organisation}"))
            found += [(one, other, point) for point in contradictions(mine, theirs, apart)]
    return found


def tight(text: str) -> str:
    return "".join(folded(text).split())


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
    assert contradictions(clause_rulings(draft), clause_rulings(draft)) == ()
