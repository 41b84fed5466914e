"""Fields of forms read from free text: what it says is filled, what it leaves open is not."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.extracting import Kind, Wanted, extract
from bot.assistant.spoken_times import times

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)  # 10:00 on Monday 30 November in Shanghai

SWAP = [
    Wanted("colleague", Kind.PERSON, ("换班人", "对方", "colleague")),
    Wanted("date", Kind.DATE, ("日期", "date")),
    Wanted("shift", Kind.CHOICE, ("班次", "shift"), (("early", ("早班", "白班", "early")), ("late", ("晚班", "夜班", "late")))),
    Wanted("reason", Kind.TEXT, ("原因", "reason")),
]  # fmt: skip
REPAIR = [
    Wanted("place", Kind.TEXT, ("地点", "地址", "place")),
    Wanted("problem", Kind.LONG_TEXT, ("故障现象", "问题", "problem")),
    Wanted("name", Kind.PERSON, ("姓名", "name")),
    Wanted("visit", Kind.DATE, ("上门日期", "visit date")),
]
CALLBACK = [
    Wanted("solved", Kind.YES_NO, ("是否解决", "solved")),
    Wanted("attitude", Kind.CHOICE, ("态度",), (("good", ("满意",)), ("plain", ("普通", "一般")), ("bad", ("不满意",)))),
    Wanted("charged", Kind.YES_NO, ("是否收费", "charged")),
    Wanted("score", Kind.SCORE, ("评分", "score")),
    Wanted("booked", Kind.DATETIME, ("预约回访时间", "booked for")),
]  # fmt: skip
LEAVE = [
    Wanted("date", Kind.DATE, ("日期",)),
    Wanted("start", Kind.TIME, ("开始时间",)),
    Wanted("end", Kind.TIME, ("结束时间",)),
]
SUPPLIES = [Wanted("count", Kind.NUMBER, ("数量",)), Wanted("item", Kind.TEXT, ("物品",))]


def read(text: str, wanted: list[Wanted]) -> dict[str, str]:
    return extract(text, wanted, now=MONDAY, zone=ZONE)


@pytest.mark.parametrize(
    ("text", "wanted", "told"),
    [
        ("跟小王换周三的晚班", SWAP, {"colleague": "小王", "date": "2026-12-02", "shift": "late"}),
        ("日期:12月5号 班次:早班 对方:李* 原因:家里有事", SWAP, {"colleague": "李*", "date": "2026-12-05", "shift": "early", "reason": "家里有事"}),
        ("Swap Friday late shift with Anna because of a wedding", SWAP, {"colleague": "Anna", "date": "2026-12-04", "shift": "late", "reason": "a wedding"}),
        ("想换个班", SWAP, {}),
        ("早班换晚班", SWAP, {}),
        ("跟小王小李换", SWAP, {}),
        ("跟小王和小李换", SWAP, {}),
        ("报修:3号楼热水器不加热,明天上午有人", REPAIR, {"place": "3号楼", "problem": "3号楼热水器不加热", "visit": "2026-12-01"}),
        ("回访 满意 打9分 没收费", CALLBACK, {"attitude": "good", "score": "9", "charged": "no"}),
        ("回访 不满意 师傅收了50块 问题没解决 6分", CALLBACK, {"attitude": "bad", "score": "6", "charged": "yes", "solved": "no"}),
        ("评分10 态度:普通 收费:否 已解决", CALLBACK, {"attitude": "plain", "score": "10", "charged": "no", "solved": "yes"}),
        ("客户不方便,约后天下午3点再回访", CALLBACK, {"booked": "2026-12-02T15:00"}),
        ("约后天下午再回访", CALLBACK, {}),
        ("昨天下午3点打过一次", CALLBACK, {}),
        ("not charged, solved, score 8", CALLBACK, {"charged": "no", "solved": "yes", "score": "8"}),
        ("打了12分", CALLBACK, {}),
        ("讲了9分钟", CALLBACK, {}),
        ("收费了吗", CALLBACK, {}),
        ("明天9点到11点离席", LEAVE, {"date": "2026-12-01", "start": "09:00", "end": "11:00"}),
        ("明天下午2点到4点半", LEAVE, {"date": "2026-12-01", "start": "14:00", "end": "16:30"}),
        ("领2支签字笔", SUPPLIES, {"count": "2"}),
        ("领两支笔三个本子", SUPPLIES, {}),
        ("数量:3 物品:计算器", SUPPLIES, {"count": "3", "item": "计算器"}),
    ],
)  # fmt: skip
def test_what_is_told_is_filled_and_nothing_else(
    text: str, wanted: list[Wanted], told: dict[str, str]
) -> None:
    assert read(text, wanted) == told


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("今天", "2026-11-30", ""),
        ("明天", "2026-12-01", ""),
        ("大后天", "2026-12-03", ""),
        ("下周三", "2026-12-09", ""),
        ("上周五", "2026-11-27", ""),
        ("这周日", "2026-12-06", ""),
        ("周六晚上", "2026-12-05", ""),
        ("周五打过电话", "2026-11-27", ""),
        ("后天下午3点", "2026-12-02", "15:00"),
        ("星期天下午两点", "2026-12-06", "14:00"),
        ("12月5号晚上8点一刻", "2026-12-05", "20:15"),
        ("1月3日", "2027-01-03", ""),
        ("15号", "2026-12-15", ""),
        ("下个月5号", "2026-12-05", ""),
        ("三天后", "2026-12-03", ""),
        ("今晚12点", "2026-12-01", "00:00"),
        ("2026-12-01 14:30", "2026-12-01", "14:30"),
        ("next Monday at 3 pm", "2026-12-07", "15:00"),
        ("day after tomorrow", "2026-12-02", ""),
        ("中午12点半", "", "12:30"),
        ("凌晨2点", "", "02:00"),
        ("3点", "", ""),
        ("周一", "", ""),
        ("2月30日", "", ""),
        ("3号楼", "", ""),
        ("第3天", "", ""),
        ("早班换晚班", "", ""),
    ],
)
def test_times_are_resolved_against_now(text: str, day: str, clock: str) -> None:
    told = times(text, MONDAY.astimezone(ZONE))
    first = told[0] if told else None
    assert (first.day.isoformat() if first and first.day else "") == day
    assert (f"{first.clock:%H:%M}" if first and first.clock else "") == clock


def test_days_are_those_of_the_site() -> None:
    late = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)  # 01:00 on Tuesday in Shanghai
    assert extract("明天", [Wanted("d", "date")], now=late, zone=ZONE) == {"d": "2026-12-02"}


@given(
    st.text(
        alphabet=st.sampled_from("0123456789周月日号点下午明天上个一二三十半:-/. 分收费没满意跟小王ab"),
        max_size=40,
    )
)
def test_no_text_breaks_it(text: str) -> None:
    for form in (SWAP, REPAIR, CALLBACK, LEAVE, SUPPLIES):
        values = read(text, form)
        assert set(values) <= {want.key for want in form}
        assert all(value.strip() for value in values.values())


@pytest.mark.parametrize(
    "piece",
    [
        "周三",
        "一",
        *(
            pytest.param(one, marks=pytest.mark.slow)
            for one in ("1点", "收了", "打分", "2026-", "跟小王", "地址:")
        ),
    ],
)
def test_hostile_texts_take_no_time(piece: str) -> None:
    # The timeout of the test run is the judge: quadratic patterns take minutes here.
    for form in (SWAP, REPAIR, CALLBACK, LEAVE, SUPPLIES):
        read(piece * (10_000 // len(piece)), form)


OWN_SWAP = [
    Wanted("shift_date", Kind.DATE, ("我的班次日期", "Date of my shift")),
    Wanted("partner", Kind.PERSON, ("与谁换", "Swap with")),
    Wanted("return_date", Kind.DATE, ("对方的班次日期", "Date of their shift")),
]


@pytest.mark.parametrize(
    ("text", "partner", "day"),
    [
        ("我想跟Amy换2026-12-09的早班", "Amy", "2026-12-09"),
        ("和Tom Lee对换下周三夜班", "Tom Lee", "2026-12-09"),
        ("跟amy换2026/12/9的班", "amy", "2026-12-09"),
        ("swap with Bob on 2026-12-09", "Bob", "2026-12-09"),
        ("请给Apple手机换电池", None, None),
    ],
)
def test_a_partner_with_a_latin_name_and_the_one_day_of_a_swap(
    text: str, partner: str | None, day: str | None
) -> None:
    found = read(text, OWN_SWAP)
    assert (found.get("partner"), found.get("shift_date"), found.get("return_date")) == (partner, day, None)
