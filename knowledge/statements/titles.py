"""Who is named by post or department, with what narrows it: 「财务主管」 is not 「客服主管」, 「值班经理」 is a 「经理」."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.statements.segments import HAN

_HEADS = (
    "总经理|经理|主管|主任|董事长|老板|总裁|总监|店长|站长|院长|班长|组长|领班|督导|厨师长|队长|部长|处长|科长|校长|园长|馆长|护士长|行长|所长|(?:客服|服务|呼叫|运营|调度)中心|办公室"
    "|教练|老师|医生|医师|护士|药师|工程师|技师|技术员|会计|出纳|财务|人事|法务|质检员?|前台|管家|专员|负责人|委员会|仓管员?|库管员?|保安|秩序员|安全员"
    "|客服|坐席|售后|上级|领导|总部|管理员|值班员|收银员?|采购员?|文员|秘书|监督员|司机|调度员?|讲师|培训师|班主任|辅导员"
    "|(?:[\u4e00-\u9fff](?<![报向由经给交找请须应到全大局内外一总的])){2}(?:部|科|处|组)(?![分门件位理成长])"
)
_NARROW = (
    "支行|分行|采编|流通|会计|运营|值班|当班|当值|区域|大区|片区|项目|门店|前厅|客房|财务|人事|人力资源|行政|采购|医务|客服|售后|总部|运营|质检|技术|培训|训练部|护理|餐饮|大堂"
    "|仓库|物流|营销|销售|市场|安全|工程|维修|服务|教学|教务|学员|会籍|分店|公司|部门|分管|现场|副|客户|业务|商务|法务|信息|品控|质量|生产|网点|站点|小区|楼层|库房|前台|呼叫中心|中心|主治|责任"
)
_CHINESE = re.compile(
    rf"(?P<t>(?:{_NARROW}){{0,3}}(?:部)?(?:{_HEADS}))(?!的?(?:电话|微信|职责|姓名|邮箱)|[车室课证卡机服])"
)
_ENGLISH_HEAD = (
    r"managers?|directors?|supervisors?|leads?|leaders?|heads?|officers?|chef|owner|principal|accountants?|accounting"
    r"|coordinators?|engineers?|technicians?|reception|receptionists?|housekeeping|security|warden|nurse|doctor|dentist|pharmacist|librarian|headquarters|head office|finance(?: department| team)?|hr\b|human resources|department|team|board|committee|dispatcher|foreman|instructor|trainer"
)
_ENGLISH = re.compile(
    rf"\b(?P<t>(?:(?!(?:the|a|an|by|of|to|or|and|from|with|their|your|his|her|must|may|is|are|be|if|any|which|that|only|no|at|in|on|for|before|who|needs?|requires?|approved|informs?|tells?|calls?|asks?|reports?|granted|consent|approval)\b)[a-z-]+ ){{0,2}}(?:{_ENGLISH_HEAD}))\b"
)
_GENERAL = frozenset({"上级", "领导", "负责人", "部门负责人", "team", "department"})
"""May be anybody."""


@dataclass(frozen=True, slots=True)
class Person:
    """A post as a folded text names it."""

    title: str
    start: int
    end: int


def people(text: str) -> list[Person]:
    """The posts and departments that a folded text names, in order."""
    found = []
    if HAN.search(text):
        found += [Person(m["t"], m.start("t"), m.end("t")) for m in _CHINESE.finditer(text)]
    found += [Person(m["t"], m.start("t"), m.end("t")) for m in _ENGLISH.finditer(text)]
    return sorted(found, key=lambda person: person.start)


def without_people(text: str) -> str:
    """A folded text with them blanked out."""
    for person in people(text):
        text = text[: person.start] + " " * (person.end - person.start) + text[person.end :]
    return text


def may_be(one: str, other: str) -> bool:
    """Whether two titles may be one person: one is the other with something that narrows it, or says nobody."""
    a, b = sorted((one.rstrip("s"), other.rstrip("s")), key=len)
    return a == b or a in _GENERAL or b in _GENERAL or (b.endswith(a) and not b.endswith(("总" + a, "副" + a))) or (
        b.startswith(a)
    )  # fmt: skip
