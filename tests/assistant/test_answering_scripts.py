"""Words to say: word for word, slots kept, the right holiday's on the right day, and the reason said."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine

from bot.assistant.answering import Assistant
from bot.assistant.answers import Answer, Asker, Outcome
from bot.assistant.one_voice import Confirmed
from bot.assistant.scripts import with_open_slots
from bot.blocks import answers as blocks
from bot.blocks import voice
from bot.blocks.wording import words
from ingest.pipeline import Intake
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors

WORDS = """---
title: 青禾供水热线话术
organisation: 青禾供水热线
---

# 青禾供水热线话术

## 一、接听开场

1. 平日接起电话先说：“您好，青禾供水，工号 XXX（工号）为您服务。”
2. 春节期间接起电话先说：“新春吉祥，青禾供水，工号 XXX（工号）给您拜年！”
3. 中秋节接起电话先说：“月圆中秋，青禾供水，工号 XXX（工号）为您服务！”

## 二、停水来电

1. 客户问停水时说：“给您添麻烦了，____ 片区预计 ____ 点恢复供水，请您先储一些水。”
2. 说完以后在系统里登记片区，不登记的扣二十元。

## 三、考勤

1. 迟到一次扣三十元，旷工一天扣两百元。
"""
NATIONAL, SPRING, PLAIN = date(2026, 10, 1), date(2026, 2, 18), date(2026, 11, 24)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("scripts")
    (home / "manuals").mkdir()
    (home / "manuals" / "words.md").write_text(WORDS, encoding="utf-8")
    engine = create_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    opened = Library(engine, lambda name: Vectors(home, name), load_embedder, home / "index")
    intake = Intake(opened)
    opened.publish(intake.stage([home / "manuals"], "test").edition_ids, "test")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def assistant(library: Library) -> Assistant:
    return Assistant(library)


def on(assistant: Assistant, day: date, question: str = "今天接起电话怎么说?", **known: str) -> Answer:
    return assistant.answer(question, asker=Asker(today=day, **known))


def test_the_words_stand_in_a_block_of_their_own_exactly_as_written(assistant: Assistant) -> None:
    answer = on(assistant, PLAIN, "客户问停水怎么说?")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.script.startswith("给您添麻烦了")
    assert answer.script.endswith("请您先储一些水。")
    assert f"```\n{answer.script}\n```" in answer.text
    assert answer.text.startswith("```")


def test_slots_stay_and_are_named(assistant: Assistant) -> None:
    answer = on(assistant, PLAIN, "客户问停水怎么说?")
    assert answer.script.count("____") == 2
    assert "____ 处填" in answer.text


def test_the_staff_number_is_filled_in_only_when_it_is_known(assistant: Assistant) -> None:
    assert "工号 XXX（工号）" in on(assistant, PLAIN).script
    filled = on(assistant, PLAIN, staff_number="7702")
    assert "工号 7702为您服务" in filled.script
    assert "XXX" not in filled.script
    assert "XXX" in filled.citations[0].quote  # the source stays as it is


@pytest.mark.parametrize(
    ("day", "says", "because"),
    [
        (SPRING, "给您拜年", "今天是2026年2月18日,按日历是春节:"),
        (PLAIN, "您好，青禾供水", "今天是2026年11月24日,不是节假日,也没有节日用语的通知,按平时用语:"),
        (NATIONAL, "您好，青禾供水", "按日历是国庆节,手册里没有它的专门用语,按平时用语:"),
    ],
)
def test_the_day_decides_and_is_given_as_the_reason(
    assistant: Assistant, day: date, says: str, because: str
) -> None:
    answer = on(assistant, day)
    assert says in answer.script
    assert because in answer.text.split("\n")[0]


def test_a_notice_goes_before_the_calendar(assistant: Assistant, library: Library) -> None:
    notice = library.notices.add("春节", date(2026, 9, 28), date(2026, 10, 3), "admin", note="提前预热")
    try:
        answer = on(assistant, NATIONAL)
        assert "给您拜年" in answer.script
        assert "按管理员通知用“春节”用语(2026-09-28 至 2026-10-03,提前预热):" in answer.text
        unasked = on(assistant, NATIONAL, "接起电话第一句怎么说?")
        assert "给您拜年" in unasked.script  # in force, whether or not the day is asked for
        for ordinary in ("平时接起电话怎么说?", "不过节的时候接起电话怎么说?", "普通日子第一句说什么?"):
            assert "您好，青禾供水" in on(assistant, NATIONAL, ordinary).script
    finally:
        library.notices.remove(notice.id)
    assert "给您拜年" not in on(assistant, NATIONAL).script


def test_what_the_day_asks_for_goes_before_a_confirmed_answer(library: Library) -> None:
    question = "接起电话第一句怎么说?"
    found = tuple(hit.clause.id for hit in library.search(question, 3))
    one = Confirmed(
        7, 1, question, "“您好，青禾供水。”", found[:1], found, "zh", "", "", "U_SUPERVISOR",
        datetime(2026, 11, 24, tzinfo=UTC),
    )  # fmt: skip
    assistant = Assistant(library, confirmed=lambda: [one])
    assert on(assistant, PLAIN, question).confirmed is not None
    notice = library.notices.add("春节", date(2026, 9, 28), date(2026, 10, 3), "admin")
    try:
        festive = on(assistant, NATIONAL, question)
        assert festive.confirmed is None
        assert "给您拜年" in festive.script
    finally:
        library.notices.remove(notice.id)
    assert on(assistant, NATIONAL, question).confirmed is not None


def test_what_holds_for_a_day_is_not_to_be_confirmed(assistant: Assistant) -> None:
    def below(answer: Answer) -> list[str]:
        under = voice.under(answer, 1, words("zh"), ZoneInfo("Asia/Shanghai"), supervised=True)
        return [element["action_id"] for block in under for element in block.get("elements", ())]

    assert below(on(assistant, SPRING)) == []
    assert voice.CONFIRM in below(on(assistant, SPRING, "中秋节接起电话怎么说?"))


def test_whose_number_stands_in_words_to_say_is_taken_out_again(
    assistant: Assistant, library: Library
) -> None:
    question = "平时接起电话怎么说?"
    filled = on(assistant, PLAIN, question, staff_number="7702")
    assert "7702" in filled.text
    clauses = library.clauses([citation.clause_id for citation in filled.citations])
    opened = with_open_slots(filled.text, clauses)
    assert "7702" not in opened
    assert on(assistant, PLAIN, question).script in opened
    assert with_open_slots("按原文念。", clauses) == "按原文念。"


def test_a_notice_for_another_matter_does_not_count(assistant: Assistant, library: Library) -> None:
    notice = library.notices.add("春节", NATIONAL, NATIONAL, "admin", matter="回访结束语")
    try:
        assert "给您拜年" not in on(assistant, NATIONAL).script
    finally:
        library.notices.remove(notice.id)


@pytest.mark.parametrize(
    "question", ["zhongqiu 那几天接起电话怎么说?", "Mid-Autumn Festival: what do we say on the phone?"]
)
def test_a_holiday_is_known_by_its_names_and_others_are_kept_away(
    assistant: Assistant, question: str
) -> None:
    answer = on(assistant, SPRING, question)
    assert answer.script.startswith("月圆中秋")
    assert "拜年" not in answer.text
    assert "今天" not in answer.text


def test_a_question_for_a_rule_is_no_script(assistant: Assistant) -> None:
    answer = on(assistant, PLAIN, "迟到一次扣多少钱?")
    assert answer.script == ""
    assert "```" not in answer.text


def test_slack_gets_a_block_to_copy_when_the_text_says_it_otherwise() -> None:
    said = Answer(Outcome.ANSWERED, "Say hello first.", script="您好,这里是前台。")
    block = blocks.spoken(said)[0]
    assert block["elements"][0]["type"] == "rich_text_preformatted"
    assert block["elements"][0]["elements"][0]["text"] == said.script
    assert blocks.spoken(Answer(Outcome.ANSWERED, f"```\n{said.script}\n```", script=said.script)) == []
