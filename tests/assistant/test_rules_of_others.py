"""Each other manual is asked for its own rule on the matter, and one on another matter is no rule of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine

from bot.assistant import same_matter, steps
from bot.assistant.answering import Assistant
from bot.assistant.answers import Outcome
from bot.assistant.choosing import OTHERS, adjust, candidates, choose
from bot.assistant.evidence import Evidence
from bot.assistant.following import find
from bot.assistant.questions import understand
from bot.assistant.wordings import wording_of
from knowledge.clauses import Clause, ClauseDraft, ClauseKind, ManualDraft
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.reading import normalise
from knowledge.vectors import Vectors

QUESTION = "阅览室里能吃东西吗?"
HALLS = {
    "城南馆": ("阅览室内不得进食。", "还书箱每天早晚各清一次。", "寄存柜当天闭馆前取空。"),
    "城北馆": ("饮料可以带进阅览区,食物请到休息厅享用。", "自习座位一次约四小时。", "打印每页五角。"),
    "古籍馆": ("翻阅善本须戴手套。", "库房恒温二十度。", "拍照须经馆员许可。"),
}


def draft(title: str, texts: tuple[str, ...]) -> ManualDraft:
    clauses = tuple(ClauseDraft(f"第{n}条", (), text, normalise(text)) for n, text in enumerate(texts, 1))
    return ManualDraft(f"{title}规则", title, clauses, f"{title}.txt")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    place = tmp_path_factory.mktemp("halls")
    engine = create_engine(f"sqlite:///{place / 'kefu.db'}")
    upgrade(engine)
    embedder = load_embedder()
    opened = Library(engine, lambda name: Vectors(place, name), lambda: embedder, place / "index")
    changes = opened.stage([draft(title, texts) for title, texts in HALLS.items()], "admin")
    opened.publish([change.edition_id for change in changes], "admin")
    yield opened
    opened.close()


def test_another_manuals_rule_in_other_words_is_shown(library: Library) -> None:
    answer = Assistant(library).answer(QUESTION)
    assert answer.outcome in (Outcome.ANSWERED, Outcome.CONFLICT)
    assert {"城南馆规则", "城北馆规则"} <= {citation.manual for citation in answer.citations}


def test_the_rule_on_the_matter_is_likelier_than_the_next_best_of_a_manual_without_one(
    library: Library,
) -> None:
    view = library.view()
    found = find(view, QUESTION, (), 60, of_each=2)
    bodies = candidates(adjust(found.hits, found.question, found.scope), found.scope)
    likeness = view.likeness(bodies[0].clause.id, [hit.clause.id for hit in bodies])
    rules = same_matter.rules_of_others(bodies, likeness, Evidence(found.question, view.index()))
    chances = {rule.hit.clause.organisation: rule.chance for rule in rules}
    assert set(chances) == set(HALLS) - {bodies[0].clause.organisation}
    assert chances["城北馆"] >= OTHERS
    assert chances["城北馆"] > chances["古籍馆"]


def test_a_lead_that_fits_word_for_word_does_not_hide_another_manuals_rule_on_the_same(
    library: Library,
) -> None:
    view = library.view()
    found = find(view, QUESTION, (), 60, of_each=2)
    bodies = candidates(adjust(found.hits, found.question, found.scope), found.scope)
    wording = wording_of(found.question, view.index(), view.nearnesses)
    evidence = Evidence(found.question, view.index())
    far = [bodies[0], *(replace(hit, score=hit.score - 6) for hit in bodies[1:])]
    likeness = view.likeness(bodies[0].clause.id, [hit.clause.id for hit in bodies])
    choice = choose(far, found.question, found.scope, likeness, evidence, wording)
    assert "城北馆" in {hit.clause.organisation for hit in (*choice.rivals, *choice.beside)}
    assert "古籍馆" not in {hit.clause.organisation for hit in (*choice.rivals, *choice.beside)}


def test_every_manual_gives_its_best_below_the_best_of_all(library: Library) -> None:
    view = library.view()
    alone = view.search(QUESTION, 1)
    more = view.search(QUESTION, 1, of_each=1)
    assert [hit.clause.id for hit in more[:1]] == [hit.clause.id for hit in alone]
    assert sorted(hit.clause.organisation for hit in more) == sorted(HALLS)
    assert [hit.score for hit in more] == sorted((hit.score for hit in more), reverse=True)


def clause(n: int, text: str, *above: str) -> Clause:
    return Clause(
        n, 1, 1, 1, "报告办法", "", n, f"第{n}条", above, text, normalise(text), ClauseKind.TEXT, False, False,
        "a.txt", datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def test_a_case_that_a_list_only_names_comes_with_the_rules_below_it() -> None:
    above = "有下列情况的应当上报:"
    listed = [
        clause(1, "馆内漏水;", above),
        clause(2, "读者受伤;", above),
        clause(3, "上报要在半小时内完成,并写明经过。", above),
    ]
    assert [c.id for c in steps.case_with_rules(listed[0], listed)] == [1, 3]
    assert [c.id for c in steps.case_with_rules(listed[2], listed)] == [3]
    plain = [clause(1, "馆内漏水;", "安全"), clause(2, "漏水时必须关闸。", "安全")]
    assert [c.id for c in steps.case_with_rules(plain[0], plain)] == [1]


@pytest.mark.parametrize(
    "question",
    [
        "What is the closing line on the phone?",
        "How do I end the call politely?",
        "Which exact words do we use?",
    ],
)
def test_an_english_question_for_words_to_say_is_known(question: str) -> None:
    assert understand(question).wants_script


def test_an_english_question_for_a_deadline_is_not_taken_for_words_to_say() -> None:
    assert not understand("What is the closing time of the desk?").wants_script
