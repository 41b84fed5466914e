"""A second made-up company in another trade, see model_cases.py."""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.clauses import Clause, ClauseKind

_ROWS: tuple[tuple[str, str, str, str, str], ...] = (
    ("checkin", "松岭酒店前台手册", "松岭酒店", "一、入住", "客人须出示有效证件办理入住,入住时间为14:00以后;提前到店的,有空房时可免费提前入住,没有空房的应引导客人到大堂休息。"),
    ("cancel", "松岭酒店预订规则", "松岭酒店", "三、取消", "入住前24小时以前取消的不收费用;不足24小时取消的,收取首晚房费的50%;未到店且未通知的,收取首晚全额房费。"),
    ("lost", "松岭酒店服务规范", "松岭酒店", "五、遗留物品", "客人遗留物品由客房部登记并保管90天,贵重物品交保安部保险柜存放,逾期无人认领的由行政部处理。"),
    ("noise", "松岭酒店服务规范", "松岭酒店", "六、噪音", "22:00以后接到噪音投诉的,值班经理应在10分钟内到场,先劝说;劝说两次无效的,可以要求客人换房。"),
    ("pet", "松岭酒店服务规范", "松岭酒店", "七、宠物", "谢绝携带宠物入住,导盲犬除外。"),
    ("sim", "云帆通信客服指引", "云帆通信", "二、补卡", "补卡须本人携带身份证到营业厅办理,工本费10元;代办的还须提供机主书面授权书。客服不得通过电话为客户补卡。"),
    ("outage", "云帆通信客服指引", "云帆通信", "四、故障", "宽带故障须在48小时内修复;超过48小时的,每超一天减免一天月租;因客户线路损坏造成的不予减免。"),
    ("night", "云帆通信排班办法", "云帆通信", "三、夜班", "夜班补贴每晚60元,连续夜班不得超过4晚,之后至少休息两天。怀孕员工不安排夜班。"),
    ("leave2", "云帆通信排班办法", "云帆通信", "五、请假", "事假一天以内由组长批准,一天以上三天以内由客服经理批准,三天以上报总监批准。"),
    ("en_bag", "Harrow Air Service Guide", "Harrow Air", "2 Baggage", "Delayed baggage must be reported at the airport desk within 6 hours of landing. Passengers may claim up to 80 euros for essentials; receipts are required. Claims for damaged bags are closed after 7 days."),
    ("en_up", "Harrow Air Service Guide", "Harrow Air", "4 Upgrades", "Agents may offer a free upgrade only with the duty manager's approval. Upgrades are never sold by telephone."),
    ("en_rest", "Harrow Air Staff Rules", "Harrow Air", "1 Breaks", "Each shift of eight hours has one paid break of 30 minutes. A break may not be taken during the first hour of a shift."),
)  # fmt: skip

CLAUSES: dict[str, Clause] = {
    key: Clause(
        id=500 + n, manual_id=n, edition_id=n, edition=2, manual=manual, organisation=organisation, ordinal=n,
        label=heading.split("、")[0].split()[0], heading_path=(heading,), text=text, search_text=text,
        kind=ClauseKind.TEXT, truncated=False, has_blank=False, source="fresh.txt",
        published_at=datetime(2026, 2, 1, tzinfo=UTC),
    )
    for n, (key, manual, organisation, heading, text) in enumerate(_ROWS)
}  # fmt: skip

Case = tuple[str, str, str]

HONEST: tuple[Case, ...] = (
    ("zh", "checkin", "客人从14:00以后可以办理入住,需要出示有效证件。"),
    ("zh", "checkin", "如果客人提前到店且有空房,可以免费提前入住。"),
    ("zh", "checkin", "没有空房时,应引导客人到大堂休息。"),
    ("zh", "cancel", "入住前24小时以前取消,不收任何费用。"),
    ("zh", "cancel", "不足24小时取消的,要收首晚房费的50%。"),
    ("zh", "cancel", "客人没到店也没通知,会收取首晚的全额房费。"),
    ("zh", "lost", "遗留物品由客房部登记,保管90天。"),
    ("zh", "lost", "贵重物品要交给保安部,放进保险柜。"),
    ("zh", "noise", "晚上10点以后接到噪音投诉,值班经理要在10分钟内到场并先劝说。"),
    ("zh", "noise", "如果劝说2次都没有效果,可以要求客人换房。"),
    ("zh", "pet", "不能带宠物入住,导盲犬除外。"),
    ("zh", "sim", "补卡需要本人带身份证到营业厅办理,工本费是10元。"),
    ("zh", "sim", "客服不可以通过电话给客户补卡。"),
    ("zh", "sim", "请别人代办的,还要提供机主的书面授权书。"),
    ("zh", "outage", "宽带故障应在48小时内修复。"),
    ("zh", "outage", "如果超过48小时,每超过一天就减免一天的月租。"),
    ("zh", "outage", "客户线路损坏造成的故障不予减免。"),
    ("zh", "night", "夜班每晚补贴60元。"),
    ("zh", "night", "连续上夜班不能超过四晚,之后至少要休息2天。"),
    ("zh", "night", "怀孕的员工不安排夜班。"),
    ("zh", "leave2", "事假在一天以内的,由组长批准。"),
    ("zh", "leave2", "请事假超过三天,要报总监批准。"),
    ("zh", "en_bag", "行李延误必须在落地后6小时内到机场柜台申报。"),
    ("zh", "en_up", "免费升舱须经值班经理批准。"),
    ("zh", "en_rest", "每个八小时的班次有一次30分钟的带薪休息。"),
    ("en", "en_bag", "Delayed baggage has to be reported at the airport desk within six hours of landing."),
    ("en", "en_bag", "Passengers can claim up to 80 euros for essentials if they have receipts."),
    ("en", "en_up", "A free upgrade may only be offered with the approval of the duty manager."),
    ("en", "en_up", "Upgrades are not sold by telephone."),
    ("en", "en_rest", "You may not take a break during the first hour of a shift."),
    ("en", "checkin", "Check-in starts at 2 pm, and guests must show valid identification."),
    ("en", "checkin", "If a room is free, guests who arrive early can check in early free of charge."),
    ("en", "cancel", "Cancelling more than 24 hours before arrival is free."),
    ("en", "cancel", "For cancellations less than 24 hours before check-in, 50% of the first night's rate is charged."),
    ("en", "lost", "Lost items are registered by housekeeping and kept for 90 days."),
    ("en", "noise", "The duty manager must be there within 10 minutes of a noise complaint after 22:00."),
    ("en", "pet", "Pets are not allowed, with the exception of guide dogs."),
    ("en", "sim", "The customer must bring an identity card to the store in person to replace a SIM card, and the fee is 10 yuan."),
    ("en", "sim", "Agents must not replace a SIM card over the phone."),
    ("en", "outage", "Broadband faults must be repaired within 48 hours."),
    ("en", "night", "The night shift allowance is 60 yuan a night."),
    ("en", "leave2", "Personal leave of up to one day is approved by the team leader."),
)  # fmt: skip

FORGED: tuple[Case, ...] = (
    ("zh", "checkin", "入住时间为12:00以后。"),
    ("zh", "checkin", "客人无须出示证件即可办理入住。"),
    ("zh", "checkin", "提前到店的,一律收取半天房费。"),
    ("zh", "cancel", "不足24小时取消的不收费用。"),
    ("zh", "cancel", "未到店且未通知的,收取首晚房费的50%。"),
    ("zh", "cancel", "入住前48小时以前取消的不收费用。"),
    ("zh", "lost", "遗留物品由保安部登记并保管30天。"),
    ("zh", "lost", "贵重物品交客房部存放。"),
    ("zh", "noise", "劝说一次无效的,可以报警处理。"),
    ("zh", "noise", "值班经理应在30分钟内到场。"),
    ("zh", "noise", "不得要求客人换房。"),
    ("zh", "pet", "可以携带宠物入住。"),
    ("zh", "pet", "导盲犬也谢绝入住。"),
    ("zh", "sim", "客服可以通过电话为客户补卡。"),
    ("zh", "sim", "补卡工本费20元。"),
    ("zh", "sim", "代办的无须授权书。"),
    ("zh", "outage", "宽带故障须在24小时内修复。"),
    ("zh", "outage", "因客户线路损坏造成的,也可以减免月租。"),
    ("zh", "outage", "每超一天赔偿100元。"),
    ("zh", "night", "连续夜班可以超过4晚。"),
    ("zh", "night", "怀孕员工可以安排夜班。"),
    ("zh", "night", "连续夜班不得超过4晚,之后至少休息四天。"),
    ("zh", "leave2", "事假三天以上由组长批准。"),
    ("zh", "leave2", "事假一天以内由总监批准。"),
    ("zh", "leave2", "事假无需批准。"),
    ("zh", "en_bag", "行李延误必须在24小时内申报。"),
    ("zh", "en_up", "客服可以自行提供免费升舱,不需要批准。"),
    ("zh", "en_rest", "班次的第一个小时内可以休息。"),
    ("en", "en_bag", "Delayed baggage must be reported within 7 days of landing."),
    ("en", "en_bag", "Receipts are not required."),
    ("en", "en_up", "Upgrades may be sold by telephone."),
    ("en", "en_up", "Agents may offer a free upgrade to every passenger."),
    ("en", "en_rest", "Each shift has one paid break of 45 minutes."),
    ("en", "checkin", "Check-in starts at noon, at 12:00."),
    ("en", "cancel", "Cancelling less than 24 hours before arrival is free of charge."),
    ("en", "pet", "Pets are welcome in all rooms."),
    ("en", "sim", "Agents may replace a SIM card over the phone."),
    ("en", "outage", "Faults caused by the customer's own line are also compensated."),
    ("en", "night", "Pregnant employees must work night shifts."),
    ("en", "leave2", "Leave of more than three days is approved by the team leader."),
)  # fmt: skip


def cited(keys: str) -> list[Clause]:
    """The clauses of a case."""
    return [CLAUSES[key] for key in keys.split()]
