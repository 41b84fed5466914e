"""Manuals for the benchmarks: chapters and numbered articles of ordinary length, no two alike, from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

_WHO = [
    "客服专员",
    "值班班长",
    "现场主管",
    "质检员",
    "培训讲师",
    "回访专员",
    "工单管理员",
    "夜班坐席",
    "售后工程师",
    "仓库联系人",
]
_WHEN = [
    "接到来电后",
    "工单建立后",
    "客户再次来访时",
    "交接班之前",
    "系统报警时",
    "收到退件后",
    "月度盘点期间",
    "合同到期前",
    "新品上架首周",
    "节假日期间",
]
_WHAT = [
    "核对客户登记的手机号码与收货地址",
    "将通话要点写入工单备注",
    "向上一级说明原因并留下书面记录",
    "确认物流单号与包裹外观",
    "用统一话术安抚客户情绪",
    "检查录音是否完整可听",
    "为客户办理换货或补发手续",
    "在共享表格中登记处理进度",
    "提醒客户保留原包装与购买凭证",
    "复核赔付金额与审批权限",
]
_LIMIT = [
    "不得超过{n}分钟",
    "应当在{n}小时内完成",
    "每逾期一次扣{n}元",
    "满{n}次的当月不参加评优",
    "累计达到{n}件须提交分析报告",
    "低于百分之{n}的安排复训",
    "最多可以延长{n}天",
    "每班至少抽查{n}通录音",
]
_UNLESS = [
    "客户书面同意的除外",
    "遇系统故障时以公告为准",
    "特殊情况由当班负责人批准",
    "涉及隐私的内容必须打码",
    "跨区域的单据抄送两地负责人",
    "首次违反的以口头提醒为主",
    "情节严重的上报部门经理处理",
]
_NUMERALS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below ten thousand in Chinese: 1204 is 一千二百零四."""
    parts, gap = "", False
    for scale, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            parts += ("零" if gap else "") + _NUMERALS[digit] + sign
        gap = bool(parts) and not digit
    return parts


def articles(count: int, seed: int) -> list[str]:
    """That many articles of some fifty characters each."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        who, when, what = chance.choice(_WHO), chance.choice(_WHEN), chance.choice(_WHAT)
        limits = ",".join(text.format(n=chance.randint(2, 96)) for text in chance.sample(_LIMIT, 2))
        made.append(f"{who}{when}应{what},{limits};{chance.choice(_UNLESS)}。")
    return made


def manual_text(title: str, texts: list[str]) -> str:
    """A manual of these articles, twenty to a chapter."""

    def lines() -> Iterator[str]:
        yield title
        for number, text in enumerate(texts, 1):
            if number % 20 == 1:
                yield f"第{numeral(number // 20 + 1)}章 {_WHAT[number // 20 % len(_WHAT)][:6]}管理"
            yield f"第{numeral(number)}条 {text}"

    return "\n".join(lines()) + "\n"
