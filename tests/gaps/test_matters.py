"""Which questions are one matter: own paraphrases and near-misses, Chinese and English."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.answers import Answer, Outcome, Turn
from bot.assistant.matters import Matter, context_of, in_full, likeness, nearest, shows_gap
from knowledge.embedding import BundledEmbeddings
from knowledge.reading import search_reading

SETS = tomllib.loads(Path(__file__).with_name("matters.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def embedder() -> BundledEmbeddings:
    return BundledEmbeddings()


def matter(text: str, embedder: BundledEmbeddings) -> Matter:
    return Matter(text, embedder.query(search_reading(text)))


def grouped(questions: list[str], embedder: BundledEmbeddings) -> list[int]:
    """The group of each question, asked one after the other."""
    known: list[tuple[int, Matter]] = []
    for question in questions:
        one = matter(question, embedder)
        found = nearest(one, known, embedder.nearness)
        known.append((found or len(known) + 1, one))
    return [group for group, _ in known]


@pytest.mark.parametrize(("name", "together"), [("tuning", 0.7), ("held", 0.55)])
def test_paraphrases_group_and_matters_do_not_mix(
    name: str, together: float, embedder: BundledEmbeddings
) -> None:
    same: list[dict[str, Any]] = SETS[name]["same"]
    questions = [(number, question) for number, one in enumerate(same) for question in one["asked"]]
    groups = grouped([question for _, question in questions], embedder)
    of_group: dict[int, set[int]] = {}
    for (number, _), group in zip(questions, groups, strict=True):
        of_group.setdefault(group, set()).add(number)
    assert all(len(numbers) == 1 for numbers in of_group.values())
    pairs = [
        (a[1] == b[1])
        for a, b in itertools.combinations(zip([n for n, _ in questions], groups, strict=True), 2)
        if a[0] == b[0]
    ]
    assert sum(pairs) / len(pairs) >= together


@pytest.mark.parametrize("name", ["tuning", "held"])
def test_near_misses_stay_apart(name: str, embedder: BundledEmbeddings) -> None:
    joined = [
        one["asked"]
        for one in SETS[name]["near"]
        if likeness(*(matter(question, embedder) for question in one["asked"]), embedder.nearness) is not None
    ]
    assert joined == []


def test_the_same_words_join_whatever_stands_around_them(embedder: BundledEmbeddings) -> None:
    assert grouped(["耳机坏了找谁换?", " 耳机坏了找谁换？ ", "请问耳机坏了找谁换啊"], embedder) == [1, 1, 1]
    assert grouped(["迟到3次怎么处理", "迟到5次怎么处理"], embedder) == [1, 2]


def test_the_oldest_of_equals_is_joined(embedder: BundledEmbeddings) -> None:
    one = matter("耳机坏了找谁换?", embedder)
    assert nearest(one, [(7, one), (4, one), (9, one)], embedder.nearness) == 4


def test_only_what_the_manuals_should_answer_shows_a_gap() -> None:
    assert shows_gap(Answer(Outcome.NOT_FOUND, "", details={"probability": 0.1}))
    assert shows_gap(Answer(Outcome.NOT_FOUND, "", details={"cut_off": 7}))
    for details in ({"unusable": True}, {"manuals": 0}, {"held_as_of": "…"}, {"as_of": "…"}):
        assert not shows_gap(Answer(Outcome.NOT_FOUND, "", details=details))
    for outcome in Outcome:
        assert shows_gap(Answer(outcome, "")) is (outcome is Outcome.NOT_FOUND)


def test_only_a_follow_up_keeps_its_thread() -> None:
    history = [Turn("user", "旷工一天怎么扣"), Turn("assistant", "扣三天工资" * 400)]
    assert context_of("员工停车位在哪里申请、要带什么材料？", history) == ()
    kept = context_of("那两天呢？", history)
    assert [role for role, _ in kept] == ["user", "assistant"]
    assert len(kept[1][1]) == 600
    assert "旷工" in in_full("那两天呢？", kept)
