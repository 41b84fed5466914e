"""Which workflow of its own a text belongs to: a complaint to record, a repair call, a swap of shifts, … Pure.

A text belongs to a procedure when it asks for it or brings what it records; a question about its rules does not.
"""

from __future__ import annotations

import re

from bot.assistant.drafts import Route
from bot.assistant.signals import Matter, Reading

_NAMED = (
    ("repair_call", r"报修|repair(?: call| request)?"),
    ("callback", r"回访|follow-?up call|call-?back"),
    ("complaint", r"(?:客户|用户|客诉)?投诉|customer complaint"),
    ("shift_handover", r"交接班?|交班|handover|hand-over"),
    ("shift_swap", r"换班|调班|shift swap"),
    ("desk_leave", r"离席|离岗|请假|desk leave|leave request"),
    ("transfer_slip", r"转办|移交|工作联络单|transfer slip"),
    ("weekly_summary", r"周总结|周报|本周(?:工作)?总结|weekly (?:summary|report)"),
    ("daily_report", r"日报|工作报表|daily report"),
    ("office_supplies", r"领用|申领|办公用品|office supplies"),
    ("visitor_log", r"来访|访客|visitors?(?: log)?"),
    ("incident_broadcast", r"(?:统一)?口径|紧急通知|incident broadcast"),
    ("training_record", r"培训(?:记录)?|training(?: record)?"),
)
_HEADING = tuple(
    (
        key,
        re.compile(
            rf"^\s*(?:[【\[]\s*)?(?:交|提交|补交|这是|我的|附|今[天日]的?|本周的?)?(?:{words_})(?:登记|记录|申请|单|表|电话)?(?:\s*(?:[】\]]|[:：])|\s+(?=\S))",
            re.I,
        ),
    )
    for key, words_ in _NAMED
)
"""The writer says what it is: 「报修：…」, 「【来访登记】…」."""
_SUPPLIES = r"签字笔|圆珠笔|笔芯|笔|本子|笔记本(?!电脑)|计算器|订书机|钉书机|订书钉|剪刀|文件夹|便利贴|打印纸|A4纸?|墨盒|硒鼓|胶带|电池|耳机|鼠标|键盘|文具|办公用品"
_DAY = r"(?:今天|今晚|明天|明晚|后天|下?周[一二三四五六日天末]|下?星期[一二三四五六日天]|下周|[0-9]{1,2}[号日]|today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|next week)"
_FAULT = r"不(?:热|冷|亮|转|出水|出气|制冷|制热|加热|启动|通电|点火|显示)|(?:坏|堵|爆)了|漏(?:水|气|电|了)|跳闸|短路|没(?:水|电|气|热水|信号|反应)|打不着火?|点不着|报警|报错|故障|异响|(?:not working|broken|leak\w*|won't (?:start|turn on|heat)|no (?:water|power|heat))"
_PATTERNS = (
    ("shift_handover", r"交接班|交班|(?:没|未|已)(?:跟我)?交接|(?:给|跟|向|和)?(?:下一?班|夜班|早班|晚班|中班|接班(?:的)?(?:人|同事)?)[^，。,\n]{0,6}(?:交接|注意|跟进|交代|转告)|交接(?:一下|事项|内容|清单|单|给)|\b(?:hand(?:ing)? ?over (?:to|for)|shift handover|for the next shift)\b"),
    ("shift_swap", r"换班|调班|替班|代班|顶班(?!了)|换(?:一?个|一?下|成)?(?:早|晚|中|夜|白)班|换[^。！!？?，,\n]{0,8}的班(?!长|组)|换[^。！!？?，,\n]{0,6}(?:早|晚|中|夜|白)班|(?:跟|和|与)[^。！!？?，,\n]{0,8}(?:换|调)(?:一?下|个|到|成)?[^，。,\n]{0,4}班|\b(?:swap|switch|trade|exchange)\w* (?:\w+ ){0,5}shifts?\b|shift swap"),
    ("desk_leave", rf"(?:想|要|得|能不能|能否|可以|可否|申请|需要|我)[^。！!？?，,\n]{{0,12}}(?:请(?:个|半天|[一两三0-9]+天)?(?:病|事|年|婚|产|丧)?假|离席|离岗|离开座位|早退|早走|晚来|晚到|调休|休(?:一|半|两|[0-9])天|小休)|{_DAY}[^。！!？?，,\n]{{0,10}}(?:请假|请(?:个|半天|[一两三0-9]+天)?(?:病|事|年|婚|产|丧)?假|调休|想休|要休|早退|晚来)|(?:我|想)?去(?:一?趟|一?下|个)?(?:厕所|卫生间|洗手间|医务室)|\b(?:leave (?:my|the) desk|take (?:a|the) (?:day|morning|afternoon) off|day off|take leave|sick leave|come in late|leave early)\b"),
    ("weekly_summary", r"(?:交|提交|发|附|补交|这是)[^。！!？?，,\n]{0,6}(?:周总结|周报)|(?:上|本|这)周(?:的)?(?:工作)?(?:总结|小结)|\bweekly (?:summary|report)\b"),
    ("daily_report", r"(?:写|交|提交|发|附|补交|这是)[^。！!？?，,\n]{0,6}(?:日报|工作报表)|(?:今天|今日|昨天)(?:的)?(?:工作)?(?:日报|小结|总结|报表)|\bdaily report\b"),
    ("office_supplies", rf"(?:领|申领|领用|申请|需要|想要|补|换|没有?|缺|买|采购)[^。！!？?\n]{{0,8}}(?:{_SUPPLIES})(?![^，。,\s]{{0,4}}(?:坏|没声))|(?:{_SUPPLIES})[^，。,\n]{{0,4}}(?:用完|没了|写不出|不够)|\b(?:need|want|order|get|ran out of)\b[^.!?\n]{{0,20}}\b(?:pens?|notebooks?|staplers?|paper|calculators?|headsets?|office supplies)\b"),
    ("visitor_log", r"(?:来访|访客)(?:登记|记录)?|外来人员|(?:登记|进|进入|要进|参观)[^，。,\n]{0,6}(?:机房|来访|参观)|(?:施工|维保|厂家|供应商|检查|消防|审计)[^，。,\n]{0,6}(?:的人|人员|师傅|工程师)[^，。,\n]{0,8}(?:来了|到了|要进|登记)|穿工装|\b(?:visitors? (?:log|register|sign)|sign in (?:a |the )?visitor)"),
    ("incident_broadcast", r"(?:统一|对外|答复|回复|解释)(?:的)?(?:口径|说法)|怎么统一(?:答复|回复|说)|(?:群发|广播|通知)[^，。,\n]{0,6}(?:全体|所有|各|全部)?(?:坐席|座席|客服|同事|大家)|\b(?:agreed wording|tell all agents|broadcast)\b"),
    ("training_record", r"培训(?:记录|签到|完成|结束|考核|考试|了)|(?:参加|做|完成|组织|上)(?:了|完)?[^，。,\n]{0,10}培训(?!吗|么)|(?:考试|考核|测试)(?:成绩|通过|合格|[0-9]+分)|带教|\b(?:attended|completed|finished) (?:the |a )?(?:\w+ ){0,3}training\b"),
    ("callback", r"回访(?!话术|流程|规定|制度|要求)|(?:约|预约|说好|定)(?:了|好|在)?[^。！!？?，,\n]{0,12}(?:回电|再打|打给|回拨|联系)|(?:让|要)[^。！!？?，,\n]{0,8}(?:回电|回个?电话)|\b(?:call (?:him|her|them|the customer) back|follow-?up call|callback)\b"),
    ("repair_call", rf"报修|(?:客户|用户|业主|住户|他家|她家|家里)[^。！!？?\n]{{0,24}}(?:{_FAULT})(?![^，。,\n]{{0,4}}(?:赔|投诉))|(?:派|上门|约)[^，。,\n]{{0,6}}(?:师傅|维修|检修)|\brepair (?:call|request|visit)\b|\b(?:customer|client|caller)(?:'s)?\b[^.!?\n]{{0,40}}(?:not working|broken|leak|won't (?:start|turn on|heat))"),
)  # fmt: skip
_COMPILED = tuple((key, re.compile(pattern, re.I)) for key, pattern in _PATTERNS)
_COMPLAINS = re.compile(
    r"(?:客户|用户|顾客|业主|会员|客人|他|她|对方|客)[^。！!？?\n]{0,24}(?:投诉|举报|不满|抱怨|差评|曝光|12315|12345|讨?说法|拉横幅)|客诉|投诉(?:我们|单|工单|电话)"
    r"|\b(?:customer|client|caller|guest|he|she)\b[^.!?\n]{0,60}\b(?:complain\w*|angry|furious|sue|demands?)\b",
    re.I,
)
_ABOUT_DAY = re.compile(_DAY, re.I)
_CONCRETE = re.compile(r"(?:跟|和|与)[\u4e00-\u9fff*]{1,4}?(?:换|调)|with [A-Z][a-z]+")
_IN_REPORTS = frozenset({"incident_broadcast", "visitor_log", "shift_handover", "repair_call"})
"""What an escalation may belong to beside a complaint; a repair call only when it is called one."""
_TOLD_IN_RECORDS = frozenset({Matter.COMPLAINT, Matter.EQUIPMENT, Matter.MISCONDUCT})
"""What a record may mention without being an escalation: 回访 不满意, 师傅收了50."""
_INTERNAL = frozenset(
    {"shift_swap", "desk_leave", "weekly_summary", "daily_report", "office_supplies", "training_record"}
)
_OF_CUSTOMERS = frozenset({"repair_call", "callback"})
_BRIEF = 18
"""A note on a repair or a follow-up call has no more substance than this; whoever tells more reports a case."""
_OUR_OWN = frozenset({"shift_swap", "desk_leave", "office_supplies", "training_record", "visitor_log"})
"""Internal matters: not where a text tells of a customer's case."""


def procedure(reading: Reading, route: Route) -> str:
    """The key of the procedure that a text belongs to, given where it goes; empty when it belongs to none of them."""
    if route is Route.TRANSFER:
        return "transfer_slip"
    if heading := _heading(reading.text):
        return heading
    if route is Route.ASK_FOR_DETAILS or _only_asks(reading):
        return ""
    if _complains(reading):
        return "complaint"
    found = _told(reading)
    return found if route is not Route.LADDER or _in_reports(found, reading.text) else ""


def has_workflow(reading: Reading) -> bool:
    """Whether a text plainly asks for or brings what a procedure records, and tells nothing that goes up the ladder."""
    standing = reading.standing
    quiet = not (standing.accused or standing.exhausted or standing.unreachable)
    if heading := _heading(reading.text):
        return quiet and heading != "complaint" and not reading.matters - _TOLD_IN_RECORDS
    told = "" if _only_asks(reading) else _told(reading)
    if not quiet or reading.matters or reading.refused or reading.many:
        return False
    return told in _INTERNAL or (told in _OF_CUSTOMERS and reading.substance <= _BRIEF)


def _heading(text: str) -> str:
    return next((key for key, heading in _HEADING if heading.search(text)), "")


def _told(reading: Reading) -> str:
    return next(
        (
            key
            for key, pattern in _COMPILED
            if pattern.search(reading.text) and not (key in _OUR_OWN and _is_customers(reading, key))
        ),
        "",
    )


def _in_reports(key: str, text: str) -> bool:
    return key in _IN_REPORTS and (key != "repair_call" or "报修" in text or "repair" in text.lower())


def _only_asks(reading: Reading) -> bool:
    """A question about the rules, with no day, person or case of its own."""
    own = _ABOUT_DAY.search(reading.text) or _CONCRETE.search(reading.text)
    return reading.asks and not own and not (reading.happened and not reading.about_rules)


def _complains(reading: Reading) -> bool:
    """A customer complains; a complaint of our own people about a superior is none of theirs."""
    if reading.standing.accused or not reading.about_customer:
        return False
    return bool(_COMPLAINS.search(reading.text)) and bool(reading.matters & {Matter.COMPLAINT, Matter.DEMAND})


def _is_customers(reading: Reading, key: str) -> bool:
    return reading.about_customer and key != "visitor_log"
