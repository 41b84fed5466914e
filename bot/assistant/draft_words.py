"""The words of a draft: category, handling suggestion, policy queries, by what a text tells of.

Suggestions are for the approver to decide on; none promises a customer anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.assistant.answers import Language
from bot.assistant.drafts import Route
from bot.assistant.signals import Matter, Reading
from tickets.people import Role


@dataclass(frozen=True, slots=True)
class MatterWords:
    """How a kind of matter is called, what is suggested, and what to look up about it."""

    category: str
    category_en: str
    suggestion: str
    suggestion_en: str
    query: str


# In order of weight: the first that a text tells of gives the category.
_MATTERS: dict[Matter, MatterWords] = {
    Matter.SAFETY: MatterWords(
        "危及人身或设备安全",
        "Danger to people or equipment",
        "先保证人员安全：撤离危险区域并清点人数，必要时拨打119、120、110；请负责人通知保卫部门到场；确认安全前任何人不要返回；现场保留原样，事后补写经过。",
        "People first: leave the danger area and count heads, call the fire, ambulance or police service where needed; the person in charge alerts security; nobody goes back before it is declared safe; write up the course of events afterwards.",
        "突发事件 人身安全 通信设备 应急 请示报告",
    ),
    Matter.POLITICAL: MatterWords(
        "政治问题",
        "Political matter",
        "不与对方争论、不传播相关内容；保留记录和证据，只向上级报告；由负责人决定是否报有关部门。",
        "Do not argue and do not pass the content on; keep the records and report upwards only; the person in charge decides whether the authorities are told.",
        "政治问题 必须请示报告",
    ),
    Matter.LEAK: MatterWords(
        "失泄密、客户信息安全",
        "Leak of private or confidential data",
        "立即制止继续传播并要求撤回、删除，同时保留证据；截图等原件不要再转发；不要自行质问当事人，由负责人核实泄露范围；是否以及如何告知受影响的客户，由上级决定。",
        "Stop the spreading at once and have it withdrawn and deleted while keeping evidence; do not forward the originals again; do not question the person yourself, the person in charge finds out the extent; superiors decide whether and how affected customers are told.",
        "失泄密 客户信息保密 泄露 处理",
    ),
    Matter.OUTAGE: MatterWords(
        "系统、线路故障",
        "System or line failure",
        "立即通知技术支持并登记故障现象和开始时间；请负责人确定统一的对外口径；受影响的来电先做好登记，恢复后逐一回复。",
        "Tell technical support at once and write down symptoms and start; the person in charge sets one wording for customers; note the affected calls and get back to each once it works again.",
        "系统故障 突发 统一口径 应急",
    ),
    Matter.MAJOR_ERROR: MatterWords(
        "差错、事故",
        "Error or accident at work",
        "立即停止相关操作，核实受影响的范围并保留记录；补救办法请审批人确定后再执行；事后查明原因。",
        "Stop the operation at once, find out who is affected and keep the records; carry out a remedy only once it is approved; look into the cause afterwards.",
        "重大差错 事故 请示报告",
    ),
    Matter.MISCONDUCT: MatterWords(
        "违反纪律",
        "Breach of discipline",
        "先停止相关行为，保留录音、记录等证据；由负责人向各方核实后按制度处理，核实前不下结论、不扩散。",
        "Have it stopped and keep recordings and records; the person in charge hears everybody and acts by the rules; no verdict and no talk about it before that.",
        "严重违反纪律 处罚 请示报告",
    ),
    Matter.HARASSMENT: MatterWords(
        "用户故意刁难、骚扰",
        "Harassment by a customer",
        "坐席保持克制，不与对方争执，提醒后仍继续的，由班长接手；保留通话录音和来电记录；是否限制来电或报警由上级决定；安排当事坐席短暂休息。",
        "The agent stays calm and does not argue; when a reminder does not help, the shift leader takes over; keep recording and call records; superiors decide about blocking or the police; give the agent a short break.",
        "用户故意刁难 辱骂 班长 处理",
    ),
    Matter.COMPLAINT: MatterWords(
        "客户投诉",
        "Customer complaint",
        "先调取录音和工单核实经过，再确定责任：属我方责任的致歉并提出解决办法，不属我方责任的耐心说明；由专人在上级定下的时间内回复客户，答复前不作承诺。",
        "Check recordings and tickets first, then settle whose fault it is: apologise and propose a remedy when it is ours, explain patiently when it is not; one person replies by the time that superiors set; no promises before that.",
        "投诉处理 核实 解决方案 反馈",
    ),
    Matter.DEMAND: MatterWords(
        "超出本职范围的客户要求",
        "Customer demand beyond the agent's authority",
        "不当场答应也不当场拒绝；核对订单、合同和收费依据后，请审批人决定能否满足及由谁答复；向客户说明已上报，答复时间以审批人意见为准。",
        "Neither grant nor refuse on the spot; check order, contract and the basis of charges, then let the approver decide whether it can be met and who replies; tell the customer that it was passed on.",
        "超出本职范围 请示 退款 赔偿 权限",
    ),
    Matter.BEYOND: MatterWords(
        "超出本职范围",
        "Beyond the agent's authority",
        "请审批人给出处理意见或指定处理人；在此之前如实告知对方已上报，不作承诺。",
        "The approver decides or names who handles it; until then say truthfully that it was passed on, and promise nothing.",
        "超出本职范围 无法解决 请示班长主管",
    ),
    Matter.EQUIPMENT: MatterWords(
        "设备报修",
        "Equipment fault",
        "登记故障设备和现象，报技术支持检修；影响接线的，请安排临时更换座席。",
        "Note device and symptoms and call technical support; move to another seat for now when calls are affected.",
        "设备故障 技术支持 报修",
    ),
    Matter.GRIEVANCE: MatterWords(
        "内部意见",
        "Internal grievance",
        "由负责人当面听取意见，核对相关记录后答复；本人可同时写明希望怎样调整。",
        "The person in charge listens, checks the records and replies; the writer may add what change they wish for.",
        "意见 反映 逐级上报 不得越级",
    ),
}
_OTHER = MatterWords("其他请示事项", "Other matter", "", "", "无法解决的问题 请示班长或主管 逐级上报")
_ACCUSED = MatterWords(
    "内部投诉（针对上级）",
    "Internal complaint about a superior",
    "被反映人回避；由上一级分别听取双方意见，核对排班、考勤等记录后答复，反映人不因此受到不利对待。",
    "The person complained about stays out of it; the next level up hears both sides, checks the records and replies; the writer must not suffer for it.",
    "意见 投诉上级 逐级上报 不得越级",
)
_SKIP_QUERY = "逐级上报 越级 特殊情况 紧急 事后汇报"
_UNREACHABLE_QUERY = "突发事件 联系不上班长 请示现场主管"
_ROUTE_QUERIES = {
    Route.TRANSFER: "首问负责 不属于职责范围 登记移交",
    Route.ANSWER: "",
    Route.ASK_FOR_DETAILS: "",
}


def is_about_a_colleague(category: str) -> bool:
    """Whether an escalation of this category is about somebody of our own: not for everybody who comes by."""
    personal = (_ACCUSED, _MATTERS[Matter.GRIEVANCE], _MATTERS[Matter.MISCONDUCT])
    return any(category in (words.category, words.category_en) for words in personal)


def of(reading: Reading) -> MatterWords:
    """The words for the weightiest matter of a text."""
    if (
        reading.standing.accused
        and not reading.about_customer
        and not reading.matters & {Matter.SAFETY, Matter.LEAK}
    ):
        return _ACCUSED
    return next((words for matter, words in _MATTERS.items() if matter in reading.matters), _OTHER)


def key(reading: Reading) -> str:
    """The key of the category that the rules find: a Matter's value, `accused` or `other`."""
    words = of(reading)
    if words is _ACCUSED:
        return "accused"
    return next((str(matter) for matter, known in _MATTERS.items() if known is words), "other")


def category(reading: Reading) -> str:
    """The category in the text's language."""
    words = of(reading)
    return words.category_en if reading.language == "en" else words.category


_OWN_AND_RULED = frozenset({Matter.SAFETY, Matter.LEAK, Matter.POLITICAL})
"""Where people or data are in danger, what has to be done first stands beside whatever the writer suggests."""


def suggestion(reading: Reading, draft_route: Route, own: str = "") -> str:
    """What is suggested: by the writer (`own`, masked and checked) where they do, else by rule; empty when neither
    knows anything sensible."""
    english = reading.language == "en"
    if draft_route is Route.TRANSFER:
        return (
            "Write the customer's matter down completely and hand it to the department concerned; stay responsible until they confirm, and tell the customer who will get in touch."
            if english
            else "完整登记客户诉求，填写转办单移交对应部门；对方确认接收前由首问人负责跟进，并告知客户由谁联系。"
        )
    if draft_route is not Route.LADDER:
        return ""
    words = of(reading)
    ruled = words.suggestion_en if english else words.suggestion
    if not own:
        return ruled
    theirs = f"Suggested by the writer: {own}." if english else f"坐席建议：{own}。"
    return f"{theirs}{' ' if english else ''}{ruled}" if reading.matters & _OWN_AND_RULED else theirs


def policy_queries(reading: Reading, draft_route: Route, passed_over: Sequence[Role]) -> list[str]:
    """What to look up in the manuals for the policy basis, weightiest first."""
    if draft_route is not Route.LADDER:
        query = _ROUTE_QUERIES[draft_route]
        return [query] if query else []
    queries = [of(reading).query]
    if Role.LEADER in reading.standing.unreachable:
        queries.append(_UNREACHABLE_QUERY)
    if passed_over or reading.standing.wanted or reading.standing.unreachable:
        queries.append(_SKIP_QUERY)
    return queries


_MISSING = {
    "zh": {
        "what": "具体发生了什么",
        "when": "发生时间",
        "where": "发生地点",
        "tried": "已采取的措施和沟通情况",
        "who": "涉及的客户或工单号",
        "suggestion": "处理意见",
        "department": "应移交的部门",
    },
    "en": {
        "what": "what exactly happened",
        "when": "when it happened",
        "where": "where it happened",
        "tried": "what has been tried so far",
        "who": "the customer or ticket number concerned",
        "suggestion": "handling suggestion (处理意见)",
        "department": "the department to hand it to",
    },
}


def missing(language: Language, *keys: str) -> tuple[str, ...]:
    """What the agent should still add, in their language."""
    return tuple(_MISSING[language][key] for key in keys)
