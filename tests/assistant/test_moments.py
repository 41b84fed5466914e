"""Questions for the rules of another time are told from questions that only mention a time."""

from datetime import date

import pytest

from bot.assistant.moments import asked_moment

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.mark.parametrize(
    ("question", "day", "rest"),
    [
        ("上个月的规定是什么?", date(2026, 10, 31), "规定是什么?"),
        ("上上个月的换班规定", date(2026, 9, 30), "换班规定"),
        ("2024年5月的规定", date(2024, 5, 31), "规定"),
        ("二〇二四年二月的换班规定", date(2024, 2, 29), "换班规定"),
        ("去年的罚款标准是多少", date(2025, 12, 31), "罚款标准是多少"),
        ("去年3月的罚款标准", date(2025, 3, 31), "罚款标准"),
        ("去年底的规定", date(2025, 12, 31), "规定"),
        ("前年适用的罚则", date(2024, 12, 31), "罚则"),
        ("去年是怎么规定迟到的?", date(2025, 12, 31), "是怎么规定迟到的?"),
        ("2024-05-01的退款政策", date(2024, 5, 1), "退款政策"),
        ("半年前的退款办法", date(2026, 5, 24), "退款办法"),
        ("两个月前的换班规定是几次", date(2026, 9, 24), "换班规定是几次"),
        ("按去年的标准能退吗", date(2025, 12, 31), "标准能退吗"),
        ("上季度的考核标准", date(2026, 9, 30), "考核标准"),
        ("2025年第三季度的标准", date(2025, 9, 30), "标准"),
        ("上周的话术", date(2026, 11, 22), "话术"),
        ("12月份的排班制度", date(2025, 12, 31), "排班制度"),
        ("明年的换班规定", date(2027, 12, 31), "换班规定"),
        ("截至2026年10月31日,每月可以换几次班?", date(2026, 10, 31), "每月可以换几次班?"),
        ("上个月的更衣柜钥匙遗失赔偿标准", date(2026, 10, 31), "更衣柜钥匙遗失赔偿标准"),
        (
            "How many swaps did the rule allow in May 2024?",
            date(2024, 5, 31),
            "how many swaps did the rule allow ?",
        ),
        ("last month's rule", date(2026, 10, 31), "rule"),
        ("What was the policy in May 2024?", date(2024, 5, 31), "what was the policy ?"),
        ("What were the rules in 2024?", date(2024, 12, 31), "what were the rules ?"),
        ("the refund policy three months ago", date(2026, 8, 24), "the refund policy"),
        (
            "what was the fine for being late last year?",
            date(2025, 12, 31),
            "what was the fine for being late ?",
        ),
        ("As of 2024-05-01 how many swaps are allowed?", date(2024, 5, 1), "how many swaps are allowed?"),
    ],
)
def test_a_question_for_the_rules_of_another_time(question: str, day: date, rest: str) -> None:
    moment = asked_moment(question, TODAY)
    assert moment is not None
    assert (moment.day, moment.rest) == (day, rest)


@pytest.mark.parametrize(
    "question",
    [
        "每月可以换几次班?",
        "每年3月的调薪规定",
        "上月报表什么时候交?",
        "上个月的报表提交规定是什么?",
        "上个月的订单退款规定",
        "客户上个月买的东西能退吗?",
        "去年入职的员工有年假吗?",
        "昨天客户投诉了怎么规定处理?",
        "以前年度的规定",
        "入职1年前的规定",
        "提前3天的规定是什么",
        "本月的规定",
        "今年的规定",
        "2026年11月的规定",
        "《考勤制度(2024版)》的规定",
        "《2024年5月的规定》里换班几次?",
        "2024年13月的规定",
        "When is last month's report due?",
        "last month's report is due when",
        "What is the policy for last month's orders?",
        "the rule of 2000 yuan",
        "each month's rule",
    ],
)
def test_a_question_that_only_mentions_a_time_is_about_today(question: str) -> None:
    assert asked_moment(question, TODAY) is None


@pytest.mark.parametrize(
    ("today", "question", "day"),
    [
        (date(2026, 5, 31), "上季度的考核标准", date(2026, 3, 31)),
        (date(2026, 12, 31), "上季度的考核标准", date(2026, 9, 30)),
        (date(2028, 2, 29), "去年的罚款标准是多少", date(2027, 12, 31)),
        (date(2028, 2, 29), "半年前的退款办法", date(2027, 8, 29)),
        (date(2026, 3, 31), "上个月的规定是什么?", date(2026, 2, 28)),
        (date(2027, 1, 1), "上周的话术", date(2026, 12, 27)),
        (date(2026, 11, 29), "上周的话术", date(2026, 11, 22)),  # a Sunday
    ],
)
def test_the_last_days_of_months_and_years_have_a_past_too(today: date, question: str, day: date) -> None:
    moment = asked_moment(question, today)
    assert moment is not None
    assert moment.day == day


def test_a_moment_is_spelled_as_finely_as_it_was_asked_for() -> None:
    def spelled(question: str, language) -> str:
        moment = asked_moment(question, TODAY)
        assert moment is not None
        return moment.spelled(language)

    assert spelled("上个月的规定", "zh") == "2026年10月"
    assert spelled("去年的规定", "zh") == "2025年底"
    assert spelled("last month's rule", "en") == "October 2026"
    assert spelled("2026年10月3日的规定", "zh") == "2026年10月3日"
