"""What an admin has said of a conflict shapes the answer: side by side, one only, or both without quarrel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from bot.assistant.answering import Assistant
from bot.assistant.answers import Outcome
from bot.assistant.choosing import without_superseded
from knowledge.clauses import ClauseDraft, Hit, ManualDraft
from knowledge.conflict_records import Conflict, Settlement
from knowledge.embedding import Embedder, load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.reading import normalise
from knowledge.vectors import Vectors

LODGE = (
    "客人遗失房卡的,每张收取工本费五十元。",
    "房间内禁止使用明火煮食。",
    "退房时间为每天十一点。",
    "公共厨房的锅具用后当天洗净归位。",
)
INN = (
    "房卡工本费二十元一张,房卡遗失的照此收取,并由前台重新登记房号、核对入住人身份后当场制作新卡交给本人。",
    "早餐供应到九点半,过时不补。",
    "雨伞可以借用,次日归还。",
)


def draft(title: str, organisation: str, texts: tuple[str, ...]) -> ManualDraft:
    clauses = tuple(ClauseDraft(f"第{n}条", (), text, normalise(text)) for n, text in enumerate(texts, 1))
    return ManualDraft(title, organisation, clauses, f"{title}.txt")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


@pytest.fixture
def library(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    engine = create_engine(f"sqlite:///{tmp_path / 'kefu.db'}")
    upgrade(engine)
    opened = Library(engine, lambda name: Vectors(tmp_path, name), lambda: embedder, tmp_path / "index")
    changes = opened.stage([draft("山居守则", "山居", LODGE), draft("水榭守则", "水榭", INN)], "admin")
    opened.publish([change.edition_id for change in changes], "admin")
    yield opened
    opened.close()


QUESTION = "房卡丢了要收多少工本费?"


def only(library: Library) -> Conflict:
    (conflict,) = library.conflicts("all")
    return conflict


def test_an_open_conflict_gives_both_rules_with_their_sources(library: Library) -> None:
    answer = Assistant(library).answer(QUESTION)
    assert answer.outcome is Outcome.CONFLICT
    assert {citation.manual for citation in answer.citations} >= {"山居守则", "水榭守则"}
    assert "五十元" in answer.text
    assert "二十元" in answer.text


@pytest.mark.parametrize(("holds", "gone"), [("山居守则", "二十元"), ("水榭守则", "五十元")])
def test_a_superseded_rule_is_left_out_and_the_other_leads(library: Library, holds: str, gone: str) -> None:
    conflict = only(library)
    winner = next(clause for clause in (conflict.a, conflict.b) if clause.manual == holds)
    library.settle_conflict(conflict.id, Settlement.SUPERSEDES, "U1", superseding=winner.manual_id)
    answer = Assistant(library).answer(QUESTION)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.citations[0].clause_id == winner.id
    assert gone not in answer.text
    library.reopen_conflict(conflict.id, "U1")
    assert Assistant(library).answer(QUESTION).outcome is Outcome.CONFLICT


def test_rules_that_both_hold_are_no_conflict(library: Library) -> None:
    library.settle_conflict(only(library).id, Settlement.BOTH_HOLD, "U1")
    assert Assistant(library).answer(QUESTION).outcome is Outcome.ANSWERED


def test_rules_of_two_organisations_say_whose_each_is(library: Library) -> None:
    library.settle_conflict(only(library).id, Settlement.BY_ORGANISATION, "U1")
    answer = Assistant(library).answer(QUESTION)
    assert answer.outcome is Outcome.CONFLICT
    lines = answer.text.splitlines()
    assert any("山居" in line and "五十元" in line for line in lines)
    assert any("水榭" in line and "二十元" in line for line in lines)


def test_naming_a_manual_or_asking_for_something_else_brings_no_other_rule(library: Library) -> None:
    assistant = Assistant(library)
    assert {c.manual for c in assistant.answer("《山居守则》里房卡丢了收多少?").citations} == {"山居守则"}
    assert assistant.answer("早餐供应到几点?").outcome is Outcome.ANSWERED


def test_two_rules_that_supersede_each_other_in_a_ring_still_answer(library: Library) -> None:
    conflict = only(library)
    hits = [Hit(clause, 1.0, 0.9, 1.0) for clause in (conflict.a, conflict.b)]
    ring = [
        Conflict(
            n,
            conflict.a,
            conflict.b,
            conflict.points,
            conflict.found_at,
            Settlement.SUPERSEDES,
            winner.manual_id,
        )
        for n, winner in enumerate((conflict.a, conflict.b))
    ]
    assert without_superseded(hits, ring)
