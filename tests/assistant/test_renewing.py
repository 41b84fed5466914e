"""What a confirmed answer quotes of a changed clause is put anew, or found to be told in words that nobody can change."""

import pytest

from bot.assistant.renewing import renewed

OLD = "球拍每小时租金四元,押金 30 元。弄丢球拍的照价赔偿。"
NEW = "球拍每小时租金四元,押金 50 元。弄丢球拍的照价赔偿。"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OLD, NEW),
        (f"{OLD}\n另见:\n- 《球馆守则》:球鞋不外借。", f"{NEW}\n另见:\n- 《球馆守则》:球鞋不外借。"),
        ("球拍每小时租金四元,押金 30 元。", "球拍每小时租金四元,押金 50 元。"),
        ("弄丢的要赔,去前台办。", "弄丢的要赔,去前台办。"),
    ],
)
def test_what_is_quoted_reads_as_it_reads_now(text: str, says: str) -> None:
    assert renewed(text, [(OLD, NEW)]) == (says, True)


@pytest.mark.parametrize("text", ["收三十块押金。", "The deposit is 30 yuan."])
def test_the_old_number_in_other_words_is_noticed(text: str) -> None:
    assert renewed(text, [(OLD, NEW)]) == (text, False)


def test_what_a_clause_said_that_is_gone_is_left_to_somebody() -> None:
    assert renewed(OLD, [(OLD, "")]) == (OLD, False)


def test_several_clauses() -> None:
    other = ("球鞋不外借。", "球鞋外借须押证件。")
    assert renewed(f"{OLD}{other[0]}", [(OLD, NEW), other]) == (f"{NEW}{other[1]}", True)
