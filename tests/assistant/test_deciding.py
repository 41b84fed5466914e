"""The decision without a corpus: what a question asks for, what the weights may say, how scores are spread."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot.assistant import deciding
from bot.assistant.asking import things_asked
from bot.assistant.deciding import Caution, fitted, point, probability, spread
from bot.assistant.decision_signals import Signals
from knowledge.reading import normalise

ASKED = (
    ("逾期一本收几块钱?", "逾期的,每本每天收 0.3 元。", "逾期的须写说明。"),
    ("逾期一本收多少钱?", "逾期的,每本每天收2角。", "逾期的,画一个三角形。"),
    ("押金退还要几天", "押金在 5 个工作日内退还。", "押金退还找前台。"),
    ("会员续费打几折?", "会员续费打八折。", "会员续费到前台办理。"),
    ("好评率要达到百分之几", "好评率不低于 92%。", "好评率每月公布。"),
    ("闭馆是几点", "每天 18:20 闭馆。", "闭馆时关灯。"),
    ("钥匙丢了找谁登记", "钥匙丢了由前台主管登记。", "钥匙丢了须登记。"),
    ("一周能预约多少次", "每周最多预约三次。", "预约须用本人的卡。"),
    ("How many days do I have to return it?", "Return it within 21 days.", "Return it to the desk."),
    ("How much is the late fee?", "The late fee is $3 a day.", "The late fee is charged at the desk."),
    ("When does the hall close?", "The hall closes at 18:20.", "The hall is cleaned by volunteers."),
)


@pytest.mark.parametrize(("question", "answer", "other"), ASKED)
def test_a_sentence_answers_only_with_what_was_asked_for(question: str, answer: str, other: str) -> None:
    ask = things_asked(question)[0]
    assert ask.answer.search(normalise(answer))
    assert not ask.answer.search(normalise(other))


@pytest.mark.parametrize("question", ["为什么要登记?", "哪几样东西不能带", "Why do I have to register?"])
def test_a_question_for_no_value_is_taken_for_none(question: str) -> None:
    assert not any(ask.is_value for ask in things_asked(question))


def test_the_data_holds_a_weight_for_every_signal_and_no_other() -> None:
    assert set(fitted().weights) == {field.name for field in fields(Signals)}
    assert set(fitted().points) == set(Caution)


def test_more_caution_answers_less() -> None:
    assert 0 < point(Caution.LOW) < point("normal") < point(Caution.HIGH) < 1


def test_what_speaks_against_an_answer_lowers_its_probability() -> None:
    held = Signals(0.9, 0.04, 0.5, 0.3, 0.7, 0.7, 0.6, 0.0, 0.2, 0.1, 0.0, 0.9, 0.1, 0.7, 1.0, 0.0, 0.6, 0.03)
    lacking = Signals(
        0.82, 0.01, 0.1, 0.1, 0.2, 0.0, 0.0, 0.3, 1.0, 0.6, 0.0, 0.3, 0.9, 0.3, 1.0, 1.0, 0.0, -0.02
    )
    assert probability(held) > point("high")
    assert probability(lacking) < point("low")


def test_scores_of_a_list_begin_with_the_probability_and_never_rise() -> None:
    given = spread(0.8, [3.0, 2.5, 2.5, 2.7, 0.1])
    assert given[0] == 0.8
    assert given == sorted(given, reverse=True)
    assert spread(0.8, []) == []


def test_the_points_are_set_by_what_they_may_cost() -> None:
    assert list(deciding.TURNED_AWAY.values()) == sorted(deciding.TURNED_AWAY.values())
