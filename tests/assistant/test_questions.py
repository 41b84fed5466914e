"""Reading a question by itself: what kind of answer it wants, and whether it leans on something said before."""

import pytest

from bot.assistant.answers import Turn
from bot.assistant.asking import Asks, Wanted, asks_of
from bot.assistant.questions import depends, holds_value, language_of, points_back, understand


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("钥匙交给谁保管？", {Asks.WHO}),
        ("这事归哪个部门管", {Asks.WHO}),
        ("Who signs the green sheet?", {Asks.WHO}),
        ("雨伞放在哪里", {Asks.WHERE}),
        ("Where are the ladders kept?", {Asks.WHERE}),
        ("请假用什么系统提", {Asks.CHANNEL}),
        ("值班时能听收音机吗？", {Asks.PERMISSION}),
        ("穿凉鞋行不行", {Asks.PERMISSION}),
        ("May a visitor enter the workshop?", {Asks.PERMISSION}),
        ("漏登记会怎么处罚", {Asks.CONSEQUENCE}),
        ("What happens if I lose the card?", {Asks.CONSEQUENCE}),
        ("为什么要换水", {Asks.REASON}),
        ("退卡怎么办", {Asks.HOW}),
        ("要填什么表", {Asks.DOCUMENT}),
        ("押金多少钱", set()),
    ],
)
def test_what_is_asked_for_is_read_in_both_languages(question: str, asks: set[Asks]) -> None:
    assert asks_of(question) == asks


@pytest.mark.parametrize(
    "question", ["第三次呢?", "那晚班", "and for dismissals?", "What about them?", "Sundays too?"]
)
def test_what_names_no_matter_depends_on_what_was_said(question: str) -> None:
    assert depends(question)


@pytest.mark.parametrize(
    "question", ["年卡开卡几天之内没有入场可以退？", "How long may a member keep a hand tool from the shed?"]
)
def test_what_names_its_matter_does_not(question: str) -> None:
    assert not depends(question)


def test_a_follow_up_wants_what_the_question_before_wanted_unless_it_says_otherwise() -> None:
    before = [Turn("user", "补一张卡多少钱？")]
    assert understand("那第二回呢", before, follows=True).wanted is Wanted.MONEY
    assert understand("谁收这笔钱？", before, follows=True).wanted is Wanted.ANY
    assert understand("那第二回呢", before, follows=False).wanted is Wanted.ANY


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("各制度里跟盘点有关的规定汇总下", "跟盘点"),
        ("归纳下对待访客的礼节,各手册怎么要求的", "对待访客的礼节"),
        ("对消防器材的保管,各家都有什么规矩,列列", "对消防器材的保管"),
    ],
)
def test_a_survey_is_searched_without_the_words_that_ask_for_it(question: str, matter: str) -> None:
    understood = understand(question)
    assert understood.wants_survey
    assert understood.search_text == matter


@pytest.mark.parametrize(
    "question",
    ["谁给各部门买茶叶", "汇总稿什么时候交", "合同一式几份", "白班中途想出去,完整流程给我讲讲"],
)
def test_a_question_about_one_rule_is_no_survey(question: str) -> None:
    assert not understand(question).wants_survey


def test_a_sum_in_everyday_words_asks_for_no_list() -> None:
    assert not understand("钥匙丢了扣几块").wants_list
    assert understand("盘点工作分几块").wants_list


@pytest.mark.parametrize(
    ("question", "language"),
    [("E1", "zh"), ("RO-2?", "zh"), ("what is E1", "en"), ("FY26 budget", "en"), ("G1012 净重", "zh")],
)
def test_a_code_alone_is_of_no_language(question: str, language: str) -> None:
    assert language_of(question) == language


def test_whose_rule_alone_leans_on_what_was_said() -> None:
    assert points_back("维修部的？")
    assert depends("净饮机的")
    assert not points_back("换班是谁批的")


@pytest.mark.parametrize(
    ("question", "told", "untold"),
    [
        ("门卫要什么学历", "高中以上学历", "品行端正,认真负责"),
        ("花房的温度是多少", "保持在18度", "花房每日浇水1次"),
        ("寄回去的邮费谁出", "邮费由店方承担", "3日内寄回"),
        ("申请表在哪下载", "表格在内网下载", "申请表交门卫"),
        ("Is there a template for the weekly note?", "Use the template in annex 2", "A note is due weekly"),
    ],
)
def test_a_detail_with_a_name_is_told_only_by_what_speaks_of_it(
    question: str, told: str, untold: str
) -> None:
    understood = understand(question)
    assert understood.wanted is Wanted.DETAIL
    assert holds_value(understood, told)
    assert not holds_value(understood, untold)
