"""Questions and clauses meet in one normal form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.reading import chinese_number, normalise, terms


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("第三次", "第3次"),
        ("三次", "3次"),
        ("两个小时", "2个小时"),
        ("二十五天", "25天"),
        ("一百零五元", "105元"),
        ("统一口径", "统一口径"),
        ("一律不准", "一律不准"),
        ("ＡＢＣ１２？", "abc12?"),
        ("客戶投訴", "客户投诉"),
    ],
)
def test_what_is_typed_in_many_ways_is_read_in_one(typed: str, read: str) -> None:
    assert normalise(typed) == read


@given(st.integers(min_value=1, max_value=9999))
def test_chinese_numbers_are_read_as_they_are_written(number: int) -> None:
    digits = "零一二三四五六七八九"
    written, zero = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            written += ("零" if zero and written else "") + digits[digit] + name
            zero = False
        else:
            zero = True
    assert chinese_number(written) == number


@given(st.text())
def test_reading_never_fails_and_is_stable(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    terms(text)


def test_terms_are_characters_pairs_stems_and_numbers() -> None:
    assert terms("罚款50元 Fines for late shifts") == ["罚", "款", "罚款", "50", "元", "fin", "late", "shift"]
