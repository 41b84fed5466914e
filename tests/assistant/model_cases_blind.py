"""A third made-up organisation and a library; see model_cases.py."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.clauses import Clause, ClauseKind

_ROWS: tuple[tuple[str, str, str, str, str], ...] = (
    ("card", "北岭健身会籍制度", "北岭健身", "二、会员卡", "会员卡仅限本人使用,转让须双方到前台办理,手续费100元;冻结每年最多2次,每次不超过30天。"),
    ("locker", "北岭健身场馆须知", "北岭健身", "三、储物柜", "储物柜当日使用,闭馆后前台统一清柜;遗失钥匙赔偿20元,贵重物品请自行保管。"),
    ("coach", "北岭健身私教管理", "北岭健身", "四、约课", "私教课须提前12小时预约,迟到15分钟以上视为缺席并扣除一节课;教练缺席的,补偿会员一节课。"),
    ("pool", "北岭健身场馆须知", "北岭健身", "五、泳池", "1.2米以下儿童须由家长陪同下水,酒后禁止游泳;救生员有权要求违规者离开泳池。"),
    ("complain", "北岭健身客诉流程", "北岭健身", "一、受理", "前台接到投诉后应在30分钟内报店长,店长须在当日联系会员;涉及退费的由区域总监审批。"),
    ("en_lend", "Milton Library Desk Rules", "Milton Library", "2 Lending", "Members may borrow up to 12 books for 21 days and renew each loan twice. Reference books are not lent. Late returns cost 0.20 pounds a day."),
    ("en_room", "Milton Library Desk Rules", "Milton Library", "4 Rooms", "Study rooms can be booked for at most two hours a day. Food is not allowed in study rooms; water is. Bookings lapse after 15 minutes."),
)  # fmt: skip

CLAUSES: dict[str, Clause] = {
    key: Clause(
        id=900 + n, manual_id=n, edition_id=n, edition=1, manual=manual, organisation=organisation, ordinal=n,
        label=heading.split("、")[0].split()[0], heading_path=(heading,), text=text, search_text=text,
        kind=ClauseKind.TEXT, truncated=False, has_blank=False, source="blind.txt",
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    for n, (key, manual, organisation, heading, text) in enumerate(_ROWS)
}  # fmt: skip

Case = tuple[str, str, str]

HONEST: tuple[Case, ...] = (
    ("zh", "card", "会员卡只能本人使用。"),
    ("zh", "card", "转让会员卡要双方一起到前台办理,手续费是100元。"),
    ("zh", "card", "每年最多可以冻结两次,每次不能超过30天。"),
    ("zh", "locker", "储物柜只限当天使用,闭馆后由前台统一清柜。"),
    ("zh", "locker", "钥匙丢了要赔偿20元。"),
    ("zh", "locker", "贵重物品需要会员自己保管。"),
    ("zh", "coach", "私教课要提前12个小时预约。"),
    ("zh", "coach", "会员迟到超过15分钟会视为缺席,扣除一节课。"),
    ("zh", "coach", "如果教练缺席,会补偿会员1节课。"),
    ("zh", "pool", "身高1.2米以下的儿童下水必须有家长陪同。"),
    ("zh", "pool", "喝酒之后不能游泳。"),
    ("zh", "pool", "违规的人,救生员有权要求其离开泳池。"),
    ("zh", "complain", "前台应在接到投诉后30分钟内报告店长。"),
    ("zh", "complain", "店长当天要联系会员,退费则由区域总监审批。"),
    ("zh", "en_lend", "会员最多可以借12本书,期限21天。"),
    ("zh", "en_lend", "参考书不外借。"),
    ("zh", "en_room", "自习室每天最多预约两小时。"),
    ("en", "en_lend", "You can borrow up to 12 books for 21 days."),
    ("en", "en_lend", "Each loan may be renewed two times."),
    ("en", "en_room", "Food is not permitted in study rooms, but water is."),
    ("en", "en_room", "A booking lapses after 15 minutes."),
    ("en", "card", "The membership card may only be used by its owner."),
    ("en", "card", "A transfer must be handled at the front desk by both parties and costs a fee of 100 yuan."),
    ("en", "locker", "A lost key costs 20 yuan in compensation."),
    ("en", "coach", "Private lessons must be booked 12 hours in advance."),
    ("en", "pool", "Swimming after drinking alcohol is forbidden."),
    ("en", "complain", "The front desk must report a complaint to the store manager within 30 minutes."),
    ("en", "complain", "Refunds are approved by the regional director."),
)  # fmt: skip

FORGED: tuple[Case, ...] = (
    ("zh", "card", "会员卡可以借给家人使用。"),
    ("zh", "card", "转让手续费30元。"),
    ("zh", "card", "冻结每年最多30次。"),
    ("zh", "locker", "遗失钥匙无须赔偿。"),
    ("zh", "locker", "贵重物品由前台保管。"),
    ("zh", "coach", "迟到15分钟以内视为缺席。"),
    ("zh", "coach", "教练缺席的,扣除会员一节课。"),
    ("zh", "coach", "私教课须提前24小时预约。"),
    ("zh", "pool", "酒后可以游泳。"),
    ("zh", "pool", "1.2米以上儿童须由家长陪同。"),
    ("zh", "complain", "涉及退费的由店长审批。"),
    ("zh", "complain", "前台应在当日报店长。"),
    ("zh", "complain", "区域总监须在30分钟内联系会员。"),
    ("zh", "en_lend", "参考书可以外借。"),
    ("zh", "en_room", "自习室里允许吃东西。"),
    ("en", "en_lend", "Members may borrow up to 21 books."),
    ("en", "en_lend", "Reference books may be lent for 12 days."),
    ("en", "en_room", "Water is not allowed in study rooms."),
    ("en", "en_room", "Study rooms can be booked for two days."),
    ("en", "card", "The membership card may be used by friends."),
    ("en", "coach", "If the coach is absent, the member loses a lesson."),
    ("en", "pool", "Swimming after drinking is allowed."),
    ("en", "complain", "Refunds are approved by the store manager."),
    ("en", "locker", "Lost keys cost 100 yuan."),
)  # fmt: skip


def cited(keys: str) -> list[Clause]:
    """The clauses of a case."""
    return [CLAUSES[key] for key in keys.split()]
