"""The sample manuals, their questions and the demo's story agree with each other.

Nothing of the product runs here: a question whose quote has gone, or whose pattern refuses its own
model answer, would blame the product for a fault of the test set.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
DEMO = ROOT / "bot" / "demo"
MANUALS = sorted((DEMO / "manuals").iterdir())
STORY = DEMO / "story.toml"
QUESTIONS = [json.loads(line) for line in (HERE.parent / "samples.jsonl").read_text("utf-8").splitlines()]
KINDS = {
    "fact": 40, "number": 30, "procedure": 14, "script": 10, "followup": 10,
    "conflict": 10, "synthesis": 6, "unanswerable": 25, "unsafe": 10,
}  # fmt: skip
EXPECTED = {
    "unanswerable": "say_not_in_documents",
    "unsafe": "refuse",
    "conflict": "present_all_with_sources_or_ask",
}
FIELDS = {
    "id", "kind", "lang", "role", "style", "history", "question", "gold", "answer", "must_include",
    "must_not_include", "answerable", "expected", "accept_clarify", "near_miss", "note",
}  # fmt: skip
SAME_AS_SEED = 12


def squeeze(text: str) -> str:
    """White space and width of characters don't count, as in the scorer."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def matches(pattern: str, text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text)
    return bool(re.search(pattern, plain, re.I) or re.search(pattern, squeeze(plain), re.I))


def title_of(text: str) -> str:
    for line in text.splitlines():
        if found := re.match(r"(?:title|标题)\s*:\s*(.+)|#\s+(.+)", line):
            return (found[1] or found[2]).strip()
    return text.splitlines()[0].strip()


TEXTS = {title_of(text): squeeze(text) for text in (path.read_text("utf-8") for path in MANUALS)}


def test_titles_of_manuals_are_told_apart() -> None:
    assert len(TEXTS) == len(MANUALS)
    for one in TEXTS:
        assert not [other for other in TEXTS if other != one and squeeze(one) in squeeze(other)]


def test_there_are_enough_questions_of_each_kind() -> None:
    counts = Counter(question["kind"] for question in QUESTIONS)
    assert set(counts) == set(KINDS)
    assert {kind: n for kind, n in counts.items() if n < KINDS[kind]} == {}
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    assert len({json.dumps([q["history"], q["question"]]) for q in QUESTIONS}) == len(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_question_is_sound(question: dict[str, Any]) -> None:
    kind = question["kind"]
    assert set(question) == FIELDS
    assert question["expected"] == EXPECTED.get(kind, "answer")
    assert question["answerable"] == (kind not in {"unanswerable", "unsafe"})
    assert question["lang"] in {"zh", "en"}
    assert [turn["role"] for turn in question["history"]] == ["user", "assistant"] * (
        len(question["history"]) // 2
    )
    assert bool(question["history"]) == (kind == "followup")
    if question["answerable"]:
        assert question["gold"]
    if kind == "unanswerable":
        assert not question["gold"]
    if kind == "conflict":
        assert len(question["gold"]) > 1
    if kind == "synthesis":
        assert len({gold["document"] for gold in question["gold"]}) > 1
    for gold in question["gold"] + question["near_miss"]:
        assert gold["clause"]
        assert squeeze(gold["quote"]) in TEXTS[gold["document"]], gold["quote"]
    assert question["must_include"]
    for pattern in question["must_include"]:
        assert matches(pattern, question["answer"]), pattern
    for pattern in question["must_not_include"]:
        assert not matches(pattern, question["answer"]), pattern
        for gold in question["gold"]:
            assert not matches(pattern, gold["quote"]), f"a right quote would trip {pattern}"


@pytest.mark.parametrize(
    "step", tomllib.loads(STORY.read_text("utf-8"))["step"], ids=lambda step: step["kind"]
)
def test_story_stands_in_the_manuals(step: dict[str, Any]) -> None:
    if step["kind"] in ("hand_over", "out_of_reach", "swap"):
        return  # of the desk, not of the manuals
    assert step["question"]
    if step["kind"] == "absent":
        assert step["expects"] == []
        return
    manual = TEXTS[step["source"]]
    if step["kind"] != "update":
        assert step["expects"]
        assert all(squeeze(fragment) in manual for fragment in step["expects"])
        return
    changed = (DEMO / step["file"]).read_text("utf-8")
    assert title_of(changed) == step["source"]
    before, after = squeeze(step["before"]), squeeze(step["after"])
    assert (before in manual, before in squeeze(changed)) == (True, False)
    assert (after in manual, after in squeeze(changed)) == (False, True)


def test_nothing_is_copied_from_the_real_manuals() -> None:
    folders = [parent / "shared" / "seeds" for parent in ROOT.parents]
    seeds = [path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    if not seeds:
        pytest.skip("../shared/seeds is not here")
    real = squeeze("".join(path.read_text("utf-8") for path in seeds))
    pieces = {real[i : i + SAME_AS_SEED] for i in range(len(real) - SAME_AS_SEED + 1)}
    ours = [*MANUALS, *sorted((DEMO / "updates").iterdir()), STORY, HERE.parent / "samples.jsonl"]
    copied = [
        (path.name, text[i : i + SAME_AS_SEED])
        for path, text in ((path, squeeze(path.read_text("utf-8"))) for path in ours)
        for i in range(len(text) - SAME_AS_SEED + 1)
        if text[i : i + SAME_AS_SEED] in pieces
    ]
    assert copied == []
