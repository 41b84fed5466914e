"""Numbers in rules, as they are typed."""

from __future__ import annotations

import pytest

from knowledge.statements.quantities import folded, quantities, supported


def read(text: str) -> list[tuple[str, str]]:
    return [(str(q.value), q.unit) for q in quantities(folded(text))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三次", "3次"),
        ("第三次", "3 次"),
        ("the third time", "第三次"),
        ("半小时", "30分钟"),
        ("half an hour", "三十分钟"),
        ("下午5点", "17:00"),
        ("5 pm", "17:00"),
        ("下午5点半", "17:30"),
        ("1.5%", "百分之一点五"),
        ("一个月", "1 month"),
        ("50元", "五十块钱"),
        ("50 yuan", "¥50"),
        ("3万元", "30,000元"),
        ("two working days", "2个工作日"),
        ("24小时", "1440分钟"),
        ("双倍", "twofold"),
        ("twice", "两次"),
        ("周五", "Friday"),
    ],
)
def test_the_same_quantity_in_two_spellings(one: str, other: str) -> None:
    a, b = quantities(folded(one)), quantities(folded(other))
    assert len(a) == len(b) == 1
    assert supported(a[0], b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三次", "3天"),
        ("50元", "50分"),
        ("3天", "3个工作日"),
        ("17:00", "17:30"),
        ("五折", "5%"),
        ("12 books", "12 days"),
        ("一周", "一个月"),
    ],
)
def test_different_quantities(one: str, other: str) -> None:
    a, b = quantities(folded(one)), quantities(folded(other))
    assert a
    assert b
    assert not supported(a[0], b)


@pytest.mark.parametrize(
    "text",
    [
        "一般情况",
        "万一联系不上",
        "一律不得",
        "十分抱歉",
        "First, ask the caller.",
        "one of them",
        "一位客户",
        "第三方",
        "一点",
    ],
)
def test_what_only_looks_like_a_number(text: str) -> None:
    assert read(text) == []


def test_numbers_that_count_clauses_are_left_out() -> None:
    assert read("第3条 1、罚10元") == [("10", "money")]
    assert read("按第二章第十二条执行") == []


def test_both_ends_of_a_range_have_its_unit() -> None:
    assert read("3到5天") == [("3", "day"), ("5", "day")]
    assert read("2-3 hours") == [("120", "minute"), ("180", "minute")]
    assert read("早班8:00-17:30") == [("480", "clock"), ("1050", "clock")]
