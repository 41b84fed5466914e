"""The pure parts of words to say: holidays of a day, words out of a clause, slots."""

from datetime import date

import pytest

from bot.assistant.holidays import day_asked, holiday_of, is_known
from bot.assistant.scripts import script_of, slots, with_staff_number
from bot.assistant.steps import lines
from knowledge.clauses import Clause, ClauseKind


def clause(text: str, kind: ClauseKind = ClauseKind.TEXT) -> Clause:
    return Clause(
        1,
        1,
        1,
        1,
        "话术",
        "",
        0,
        "第1条",
        (),
        text,
        text,
        kind,
        False,
        False,
        "a.md",
        None,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 2, 17), "春节"),
        (date(2026, 9, 25), "中秋节"),
        (date(2026, 2, 14), None),  # a Saturday worked for the festival
        (date(2026, 11, 24), None),
    ],
)
def test_the_official_calendar_names_the_holiday_of_a_day(day: date, name: str | None) -> None:
    found = holiday_of(day)
    assert (found.name if found else None) == name


def test_a_year_that_is_not_announced_yet_has_only_its_fixed_days() -> None:
    far = date(2060, 10, 1)
    assert not is_known(far)
    assert holiday_of(far).name == "国庆节"  # type: ignore[union-attr]
    assert holiday_of(date(2060, 10, 3)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天怎么说", date(2026, 11, 24)),
        ("明天开场怎么说", date(2026, 11, 25)),
        ("10月1日开头怎么说", date(2026, 10, 1)),
        ("What do we say on October 1st?", date(2026, 10, 1)),
        ("2月31日怎么说", None),
        ("第一句怎么说", None),
    ],
)
def test_the_day_that_a_question_names(text: str, day: date | None) -> None:
    assert day_asked(text, date(2026, 11, 24)) == day


def test_words_are_told_from_what_is_said_about_them() -> None:
    found = script_of(clause("挂机前说：“谢谢您来电，再见。”等客户先挂。", ClauseKind.SCRIPT))
    assert found is not None
    assert found.words == "谢谢您来电，再见。"
    assert found.about == "挂机前说：“…”等客户先挂。"


def test_a_table_row_gives_the_words_of_its_column() -> None:
    found = script_of(clause("节日: 元宵; 问候语: 祝您团团圆圆!", ClauseKind.ROW))
    assert found is not None
    assert found.words == "祝您团团圆圆!"


@pytest.mark.parametrize(
    "text", ["不说“这是公司的规定呀”。", "填好“借用物品登记单”交前台。", "迟到一次扣三十元。"]
)
def test_what_is_not_to_be_said_is_no_script(text: str) -> None:
    assert script_of(clause(text)) is None


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("工号 XXX（工号）为您服务", "工号 88为您服务"),
        ("我是[工号]号客服", "我是88号客服"),
        ("工号：____,请讲", "工号：88,请讲"),
        ("Agent, staff number XXX speaking", "Agent, staff number 88 speaking"),
        ("预计 ____ 点恢复", "预计 ____ 点恢复"),
    ],
)
def test_only_the_slot_for_the_staff_number_is_filled(words: str, filled: str) -> None:
    assert with_staff_number(words, "88") == filled
    assert with_staff_number(words, "") == words


def test_open_slots_are_named_once() -> None:
    assert slots("【日期】前,____ 和 ____ 由 XXX 负责") == ("【日期】", "____", "XXX")


def test_steps_inside_one_clause_are_cut_where_they_end_and_nothing_is_lost() -> None:
    text = "分四步:先致歉;再复述;然后给方案;最后登记。"
    assert lines(text) == ["分四步:", "先致歉;", "再复述;", "然后给方案;", "最后登记。"]
    assert "".join(lines(text)) == text
    assert lines("先致歉;再登记。") == []
