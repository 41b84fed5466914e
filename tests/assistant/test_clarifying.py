"""Whose rule leads: named in the question, known of the asker, side by side, or asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import create_engine

from bot.assistant.answering import Assistant
from bot.assistant.answers import Asker, Outcome
from bot.assistant.clarifying import ALL
from ingest.pipeline import Intake
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors

QUESTION = "宿舍晚上几点关大门?"
HOURS = {"松鹤": "21:30", "柳荫": "22:10", "梅岭": "22:40", "竹溪": "23:00", "桂园": "23:20", "枫桥": "23:50"}


SECONDS = {"暖风机N1": 4, "加湿器H2": 6, "电风扇F3": 9, "空气炸锅A4": 11, "扫地机S5": 13, "豆浆机D6": 15}
STUCK = "屏幕没有反应时复位键要按住几秒?"


def _manual(house: str, hour: str) -> str:
    return (
        f"---\ntitle: {house}宿舍守则\norganisation: {house}公寓\n---\n\n# {house}宿舍守则\n\n## 一、门禁\n\n"
        f"1. 宿舍大门每晚 {hour} 关闭,晚归的找值班员登记。\n2. 访客须押证件。\n"
    )


def _assistant(home: object, houses: Sequence[str]) -> tuple[Assistant, Library]:
    folder = home / "manuals"  # type: ignore[operator]
    folder.mkdir()
    for house in houses:
        (folder / f"{house}.md").write_text(_manual(house, HOURS[house]), encoding="utf-8")
    return _opened(home)


def _opened(home: object) -> tuple[Assistant, Library]:
    engine = create_engine(f"sqlite:///{home}/kefu.db")
    upgrade(engine)
    library = Library(engine, lambda name: Vectors(home, name), load_embedder, home / "index")  # type: ignore[operator]
    intake = Intake(library)
    library.publish(intake.stage([home / "manuals"], "test").edition_ids, "test")
    return Assistant(library), library


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    assistant, library = _assistant(tmp_path_factory.mktemp("many"), list(HOURS))
    yield assistant
    library.close()


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Six products of one company, each with its own rule on one matter."""
    folder = tmp_path_factory.mktemp("products")
    (folder / "manuals").mkdir()
    for name, seconds in SECONDS.items():
        text = (
            f"---\ntitle: {name}使用手册\norganisation: 海棠电器\nproduct: {name}\n---\n\n# {name}使用手册\n\n"
            f"## 一、复位\n\n1. 屏幕没有反应时,按住复位键 {seconds} 秒,再重新通电。\n2. 外壳用软布擦拭。\n"
        )
        (folder / "manuals" / f"{name}.md").write_text(text, encoding="utf-8")
    assistant, library = _opened(folder)
    yield assistant
    library.close()


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    assistant, library = _assistant(tmp_path_factory.mktemp("few"), list(HOURS)[:3])
    yield assistant
    library.close()


def test_few_rules_stand_side_by_side(few: Assistant) -> None:
    answer = few.answer(QUESTION)
    assert answer.outcome is Outcome.CONFLICT
    assert all(HOURS[house] in answer.text for house in list(HOURS)[:3])
    assert answer.options == ()


def test_many_rules_are_asked_for_with_at_most_five_options_and_all_sources(many: Assistant) -> None:
    answer = many.answer(QUESTION)
    assert answer.outcome is Outcome.CLARIFY
    assert len(answer.options) == 5
    assert {option.organisation for option in answer.options} <= {f"{house}公寓" for house in HOURS}
    assert {citation.organisation for citation in answer.citations} == {f"{house}公寓" for house in HOURS}


@pytest.mark.parametrize("house", ["松鹤", "枫桥"])
def test_the_rule_of_the_asker_leads_and_the_others_are_a_remark(many: Assistant, house: str) -> None:
    answer = many.answer(QUESTION, asker=Asker(organisation=f"{house}公寓"))
    assert answer.outcome is Outcome.ANSWERED
    assert answer.citations[0].organisation == f"{house}公寓"
    own, _, others = answer.text.partition("另见")
    assert HOURS[house] in own
    assert not any(hour in own for other, hour in HOURS.items() if other != house)
    assert others
    assert f"按你所属的“{house}公寓”回答" in answer.text


def test_whoever_wants_all_gets_them_side_by_side(many: Assistant) -> None:
    answer = many.answer(QUESTION, asker=Asker(organisation=ALL))
    assert answer.outcome is Outcome.CONFLICT


def test_an_organisation_without_a_rule_on_the_matter_decides_nothing(few: Assistant) -> None:
    answer = few.answer(QUESTION, asker=Asker(organisation="别处公司"))
    assert answer.outcome is Outcome.CONFLICT
    assert "told" not in answer.details


def test_what_the_question_names_comes_before_what_is_known(many: Assistant) -> None:
    answer = many.answer("《柳荫宿舍守则》里晚上几点关大门?", asker=Asker(organisation="枫桥公寓"))
    assert HOURS["柳荫"] in answer.text
    assert HOURS["枫桥"] not in answer.text


def test_where_rules_differ_by_product_the_product_is_asked_for(products: Assistant) -> None:
    answer = products.answer(STUCK)
    assert answer.outcome is Outcome.CLARIFY
    assert len(answer.options) == 5
    assert {option.product for option in answer.options} <= set(SECONDS)
    assert not any(option.organisation for option in answer.options)
    assert "产品" in answer.text.split("\n")[0]


def test_an_organisation_that_all_rules_are_of_does_not_decide_between_its_products(
    products: Assistant,
) -> None:
    answer = products.answer(STUCK, asker=Asker(organisation="海棠电器"))
    assert answer.outcome is Outcome.CLARIFY
    assert {option.product for option in answer.options} <= set(SECONDS)


@pytest.mark.parametrize("organisation", ["", "海棠电器"])
def test_the_product_that_is_known_leads(products: Assistant, organisation: str) -> None:
    answer = products.answer(STUCK, asker=Asker(organisation=organisation, product="扫地机S5"))
    assert answer.outcome is Outcome.ANSWERED
    own, _, others = answer.text.partition("另见")
    assert "13秒" in own.replace(" ", "")
    assert others
