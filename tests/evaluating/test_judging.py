"""Judging: the same verdicts as the acceptance scorer's, and what an admin's own fields mean."""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bot.evaluating.cases import Accepted, Case, read_cases
from bot.evaluating.judging import Cited, Fault, Said, judge

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("KEFU_SHARED", ROOT.parent / "shared"))
if not SHARED.exists():
    SHARED = ROOT.parents[1] / "shared"
SCORER = SHARED / "eval" / "score.py"
SETS = [SHARED / "eval" / "questions.dev.jsonl", ROOT / "tests" / "evals" / "samples.jsonl"]


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("acceptance_scorer", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answers(question: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Right, half right and wrong answers to a question, in every outcome."""
    gold = [{"manual": g["document"], "clause": g["clause"], "quote": g["quote"]} for g in question["gold"]]
    halves = [{**one, "quote": one["quote"][: max(1, len(one["quote"]) // 2)]} for one in gold]
    longer = [
        {**one, "manual": f"《{one['manual']}》(第2版)", "quote": f"前言。{one['quote']} 后文。"}
        for one in gold
    ]
    elsewhere = [{**one, "manual": "别的手册"} for one in gold]
    texts = [
        question["answer"], question["answer"].replace(" ", "\n"), question["answer"][:12], "无关的话。" * 150 + question["answer"],
        "无关的话。" * 400 + question["answer"], "", *(f"{question['answer']} {p}" for p in question["must_not_include"]),
    ]  # fmt: skip
    outcomes = ("answered", "conflict", "clarify", "not_found", "refused")
    for outcome, text, cited in itertools.product(
        outcomes, texts, (gold, gold[:1], halves, longer, elsewhere, [])
    ):
        yield {"outcome": outcome, "text": text, "citations": cited}


@pytest.mark.skipif(not SCORER.exists(), reason=f"the acceptance scorer {SCORER} is not on this machine")
@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_verdicts_are_those_of_the_acceptance_scorer(path: Path) -> None:
    theirs = scorer().judge
    cases = {case.id: case for case in read_cases(path)}
    verdicts: Counter[bool] = Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        for answer in answers(question):
            said = Said(answer["outcome"], answer["text"], [Cited(**cited) for cited in answer["citations"]])
            ours = judge(cases[question["id"]], said).passed
            assert ours == theirs(question, answer)[0], (question["id"], answer)
            verdicts[ours] += 1
    assert min(verdicts.values()) > sum(verdicts.values()) * 0.05


def fault(case: dict[str, Any], said: Said) -> Fault | None:
    return judge(Case.model_validate({"question": "几点开门", **case}), said).fault


SAID = Said(
    "answered", "借阅室 9:40 开门。", [Cited("街角图书借阅室守则", "一、第1条", "每天 9:40 开门")], ["k1"]
)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({}, None),
        ({"expected": "answered"}, None),
        ({"expected": "conflict"}, Fault.ENDED),
        ({"expected": "not_found"}, Fault.ENDED),
        ({"must_include": "9:40"}, None),
        ({"must_include": ["9:40", "闭馆"]}, Fault.LACKS),
        ({"must_not_include": r"\d+:\d+"}, Fault.SAYS),
        ({"manual": "借阅室守则", "clause": "第1条"}, None),
        ({"manual": "借阅室守则", "clause": "第2条"}, Fault.NOT_CITED),
        ({"manual": "自习间须知"}, Fault.NOT_CITED),
        ({"accepted": Accepted(outcome="answered", keys=("k1",))}, None),
        ({"accepted": Accepted(outcome="answered", keys=("k2",))}, Fault.NOT_ACCEPTED),
    ],
)
def test_what_an_admin_may_want(case: dict[str, Any], expected: Fault | None) -> None:
    assert fault(case, SAID) is expected


def test_a_question_with_no_wish_must_be_answered() -> None:
    assert fault({}, Said("not_found", "没有找到。")) is Fault.ENDED
    assert fault({}, Said("clarify", "哪个单位?")) is Fault.ASKS_BACK
    assert fault({"expected": "refused"}, Said("not_found", "没有找到。")) is Fault.ENDED
    assert fault({"expected": "refuse"}, Said("not_found", "没有找到。")) is None


def test_what_nobody_reads_does_not_count() -> None:
    late = Said("answered", "无关。" * 300 + "9:40")
    assert fault({"must_include": "9:40"}, late) is Fault.LACKS
    assert fault({"must_include": "9:40", "kind": "conflict", "expected": "answer"}, late) is None
