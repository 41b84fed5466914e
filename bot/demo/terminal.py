"""What `kefu demo` says on the terminal, in the language of the terminal."""

from __future__ import annotations

import os
from collections.abc import Mapping

_ZH = {
    "workspace": "启动本地工作区",
    "manuals": "读取示例手册，建立索引",
    "bot": "机器人经 Socket Mode 连接工作区",
    "clauses": "  条款向量",
    "ready": "就绪：{manuals} 本手册，{clauses} 条，用时 {seconds:.1f} 秒。日志：{log}",
    "try": """\
在浏览器里打开上面的地址，点一个问题，或点“带我走一遍”（约 2 分钟）。
也可以自己切换身份来试：

 · 坐席小林，私信：{ask}
   在同一话题里追问：{follow_up}
 · 问一个手册里没有的：{absent}
   按“上报”，填表，提交
 · 主管陈静，“审核”频道：批准草稿
   再输入 /kefu audit 工单号；私信里提问，按“确认为口径”
 · 谁都可以：/kefu 我 填单位与工号，先得到自己单位的规定
 · 管理员老何，私信：发送改好的手册
   （Word、PDF、文本等），核对后发布""",
    "end": "Ctrl-C 结束。",
    "ending": "正在结束…",
    "played": "{done} 步完成，{failed} 步未完成。",
}
_EN = {
    "workspace": "Starting the local workspace",
    "manuals": "Reading the sample manuals",
    "bot": "The bot connects over Socket Mode",
    "clauses": "  Vectors of clauses",
    "ready": "Ready: {manuals} manuals, {clauses} clauses, after {seconds:.1f} s. Log: {log}",
    "try": """\
Open the address above in a browser; click one of the three questions, or take the guided tour (2 minutes).
Or switch personas and try by yourself:

 · the agent 小林, in the DM: {ask}
   (what an inspection out of warranty costs), then in its thread: {follow_up}
 · what no manual says: {absent}
   (marriage leave); press Escalate, fill in the form, submit
 · the supervisor 陈静, in the channel 审核: approve the draft
   then /kefu audit and the ticket's number
 · anybody: /kefu me tells whose rules you go by
 · the admin 老何, in the DM: send a changed manual
   (Word, PDF, text …), look at what changes, publish""",
    "end": "Ctrl-C ends it.",
    "ending": "Ending …",
    "played": "{done} steps happened, {failed} did not.",
}


def languages(environment: Mapping[str, str] = os.environ) -> tuple[Mapping[str, str], ...]:
    """What is said, in the language that the locale asks for; where it asks for none, in Chinese and in English.

    >>> [len(languages({"LANG": one})) for one in ("zh_CN.UTF-8", "en_US.UTF-8", "C.UTF-8", "")]
    [1, 1, 2, 2]
    """
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "").partition(".")[0]
    if locale.startswith("zh"):
        return (_ZH,)
    return (_ZH, _EN) if locale in ("", "C", "POSIX") else (_EN,)
