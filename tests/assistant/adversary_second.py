"""A second pair of manuals with truths and lies, written after the checks had been made to pass the first: what they
gave when they were first run stands in the test that uses them. Same shape as `adversary_manuals`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.clauses import Clause, ClauseKind

_CANTEEN, _BRANCH, _CINEMA = "云禾团餐服务规范", "云禾团餐北区补充规定", "Lantern Cinema Service Rules"

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("order", _CANTEEN, "订餐", "企业订餐须在前一天16:00前提交;临时加餐不超过10份的,当天9:30前致电调度员,超过10份的不予受理。"),
    ("late", _CANTEEN, "延误", "送餐晚到15分钟以内的,向客户致歉;晚到15分钟至40分钟的,减免当餐费用的20%;晚到40分钟以上的,全额免单并由区域经理登门道歉。"),
    ("taste", _CANTEEN, "异物", "菜品中发现异物的,客服先登记照片,再通知品控员;品控员应当在当天21:00前给出结论,未出结论前不得与客户谈赔付。"),
    ("invoice", _CANTEEN, "结算", "月结客户每月8日前对账,15日前付款;逾期7天以上的暂停供餐,但学校和医院除外。"),
    ("north", _BRANCH, "延误", "北区送餐晚到15分钟至40分钟的,减免当餐费用的30%。"),
    ("diet", _CANTEEN, "忌口", "清真餐由专用厨房制作,不得与普通餐同车配送。素食餐可以与普通餐同车配送,但须单独装箱。"),
    ("tickets", _CINEMA, "Tickets", "Tickets can be exchanged up to 2 hours before the show. Tickets bought with a voucher cannot be exchanged. A fee of 3 euros applies to each exchange."),
    ("children", _CINEMA, "Children", "Children under 12 need an adult after 20:00. Students pay 7 euros on weekdays and 9 euros at weekends."),
    ("found", _CINEMA, "Cleaning", "Ushers check every seat after each show. Valuables are locked in the office, and the shift manager calls the owner within 24 hours."),
    ("noise", _CINEMA, "Disturbance", "Guests who disturb a show are warned once. After the second complaint the shift manager asks them to leave; no refund is given."),
)  # fmt: skip

CLAUSES: dict[str, Clause] = {
    key: Clause(
        id=4000 + n, manual_id=20 + n, edition_id=20 + n, edition=1, manual=manual, organisation="", ordinal=n,
        label=f"{n}", heading_path=(heading,), text=text, search_text=text, kind=ClauseKind.TEXT, truncated=False,
        has_blank=False, source="own", published_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    for n, (key, manual, heading, text) in enumerate(_ROWS)
}  # fmt: skip

HONEST: dict[str, tuple[str, ...]] = {
    "order": ("企业订餐要在前一天16:00前提交。", "临时加餐超过10份的,不予受理。", "临时加餐不超过10份的,当天9:30前打电话给调度员。"),
    "late": ("晚到15分钟以内的,向客户致歉。", "晚到15分钟至40分钟的,当餐费用减免20%。", "晚到40分钟以上的,全额免单。"),
    "taste": ("客服先登记照片,再通知品控员。", "品控员要在当天21:00前给出结论。", "未出结论前,不得和客户谈赔付。"),
    "invoice": ("月结客户每月8日前对账。", "逾期7天以上的暂停供餐,但学校和医院除外。"),
    "north": ("北区晚到15分钟至40分钟的,减免当餐费用的30%。",),
    "diet": ("清真餐由专用厨房制作。", "素食餐可以与普通餐同车配送,但须单独装箱。"),
    "tickets": ("Tickets can be exchanged up to 2 hours before the show.", "Tickets bought with a voucher cannot be exchanged.",
                "Each exchange costs a fee of 3 euros."),
    "children": ("Children under 12 need an adult after 20:00.", "Students pay 7 euros on weekdays.", "Students pay 9 euros at weekends."),
    "found": ("Valuables are locked in the office.", "The shift manager calls the owner within 24 hours."),
    "noise": ("Guests who disturb a show are warned once.", "After the second complaint the shift manager asks them to leave.", "No refund is given."),
}  # fmt: skip

LIES: dict[str, tuple[str, ...]] = {
    "order": ("swap: 企业订餐须在当天9:30前提交。", "bound: 临时加餐超过10份的,当天9:30前致电调度员。", "negation: 临时加餐一律不予受理。", "number: 企业订餐须在前一天18:00前提交。",
              "day: 企业订餐须在当天16:00前提交。", "role: 临时加餐由区域经理受理。", "language: Extra meals must be ordered by 16:00 the same day.", "condition: 临时加餐当天9:30前致电调度员即可。"),
    "late": ("swap: 晚到15分钟以内的,减免当餐费用的20%。", "swap: 晚到40分钟以上的,减免当餐费用的20%。", "swap: 晚到15分钟至40分钟的,全额免单。", "role: 由客服登门道歉。",
             "condition: 送餐晚到的,全额免单。", "number: 晚到15分钟至40分钟的,减免当餐费用的40%。", "language: A delay of 15 to 40 minutes means the meal is free.", "way: 晚到40分钟以上的,由区域经理电话道歉。"),
    "taste": ("order: 客服先通知品控员,再登记照片。", "role: 客服应当在当天21:00前给出结论。", "negation: 未出结论前可以与客户谈赔付。", "number: 品控员应当在当天20:00前给出结论。",
              "day: 品控员应当在次日21:00前给出结论。", "language: Agents may discuss compensation before the result.", "tail: 品控员给出结论后赔付三倍。"),
    "invoice": ("swap: 月结客户每月15日前对账。", "swap: 月结客户每月8日前付款。", "exception: 学校逾期7天以上的暂停供餐。", "bound: 逾期7天以内的暂停供餐。", "unit: 逾期7个月以上的暂停供餐。",
                "scope: 所有客户逾期7天以上的都暂停供餐。", "language: Hospitals are suspended after 7 days overdue."),
    "north": ("number: 北区送餐晚到15分钟至40分钟的,减免当餐费用的20%。", "scope: 各区送餐晚到15分钟至40分钟的,减免当餐费用的30%。", "condition: 北区送餐晚到的,减免当餐费用的30%。"),
    "diet": ("negation: 清真餐可以与普通餐同车配送。", "negation: 素食餐不得与普通餐同车配送。", "swap: 素食餐由专用厨房制作。", "negation: 素食餐无须单独装箱。", "language: Halal meals may travel with ordinary meals."),
    "tickets": ("number: Tickets can be exchanged up to 3 hours before the show.", "negation: Tickets bought with a voucher can be exchanged.", "side: Tickets can be exchanged up to 2 hours after the show.",
                "swap: A fee of 2 euros applies to each exchange.", "condition: All tickets can be exchanged.", "negation: Exchanges are free of charge.", "language: 用代金券买的票可以换。", "invented: Tickets can be refunded up to 2 hours before the show."),
    "children": ("swap: Students pay 9 euros on weekdays.", "swap: Students pay 7 euros at weekends.", "swap: Children pay 7 euros on weekdays.", "bound: Children over 12 need an adult after 20:00.",
                 "side: Children under 12 need an adult before 20:00.", "negation: Children under 12 do not need an adult after 20:00.", "language: 12岁以上儿童20:00后须有成人陪同。", "language: 学生周末票价7欧元。"),
    "found": ("role: Ushers call the owner within 24 hours.", "side: Ushers check every seat before each show.", "number: The shift manager calls the owner within 48 hours.", "role: Valuables are locked in by the owner.",
              "way: Valuables are handed to the police.", "unit: The shift manager calls the owner within 24 days."),
    "noise": ("swap: Guests who disturb a show are asked to leave at once.", "negation: A refund is given.", "number: After the third complaint the shift manager asks them to leave.", "role: Ushers ask them to leave.",
              "number: Guests who disturb a show are warned twice.", "language: 第一次投诉后就请客人离场。"),
}  # fmt: skip

JOINED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("late", "north"), "union: 北区晚到40分钟以上的,减免当餐费用的30%。"),
    (("late", "north"), "union: 晚到15分钟至40分钟的,减免当餐费用的50%。"),
    (("late", "north"), "union: 北区晚到15分钟至40分钟的,减免30%,并由区域经理登门道歉。"),
    (("taste", "order"), "neither: 调度员应当在当天21:00前给出结论。"),
    (("tickets", "children"), "neither: Students pay a fee of 3 euros."),
    (("found", "noise"), "neither: The shift manager calls the guests within 24 hours."),
)  # fmt: skip
