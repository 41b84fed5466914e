"""记工单, /kefu, App Home and suggested prompts, feedback."""

from __future__ import annotations

import re
import threading

import pytest
from running_bot import Desk

from bot.blocks import feedbacks, homes
from bot.blocks import tickets as ticket_blocks
from bot.blocks.wording import LANGUAGES, words
from bot.demo.crew import Crew, text_of
from bot.listeners import commands, is_only_taken_on
from tickets.answer_desk import Fault
from tickets.people import Role
from tickets.records import Verdict
from tickets.rules import Action, allowed


def test_a_ticket_is_logged_from_an_answer_and_its_number_told(desk: Desk, crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "补办借书卡要交多少工本费？")
    answer = crew.reply("U_AGENT", asked)
    crew.click("U_AGENT", answer, "log_ticket")
    form = crew.form("U_AGENT", ticket_blocks.FORM)
    assert "补办借书卡" in str(form["blocks"])
    assert crew.submit("U_AGENT", form, {"title": " "})["errors"]
    assert crew.submit("U_AGENT", form, {"title": "读者补办借书卡"})["closed"]
    ticket = desk.services.desk.tickets(limit=1)[0]
    told = crew.seen("U_AGENT", "dm", ticket.number, after=asked["ts"], thread_ts=asked["ts"])
    assert "读者补办借书卡" in text_of(told)
    assert ticket.content.policy_basis


def test_a_ticket_is_logged_from_any_message(desk: Desk, crew: Crew) -> None:
    said = crew.say("U_AGENT2", "C_FLOOR", "读者反映还书箱卡住了，电话13912345678")
    crew.shortcut("U_AGENT", said, "log_ticket_message")
    form = crew.form("U_AGENT", ticket_blocks.FORM)
    assert "13912345678" not in str(form["blocks"])
    assert crew.submit("U_AGENT", form, {"priority": "urgent"})["closed"]
    crew.seen("U_AGENT", "dm", desk.services.desk.tickets(limit=1)[0].number, after=said["ts"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help", "怎么用"),
        ("", "怎么用"),
        ("manuals", "街角图书借阅室守则"),
        ("tickets", "我的工单"),
        ("audit", "没有这项权限"),
        ("自习间每天最多预约几小时？", "每人每天最多预约"),
        ("ask 自习间每天最多预约几小时？", "每人每天最多预约"),
    ],
)
def test_the_command_answers_its_user_alone(crew: Crew, text: str, expected: str) -> None:
    before = crew.say("U_AGENT2", "C_FLOOR", "早")
    assert crew.command("U_AGENT", "C_FLOOR", text)["acked"]
    seen = crew.seen("U_AGENT", "C_FLOOR", expected, after=before["ts"])
    assert seen["ephemeral"]
    assert all(
        expected not in text_of(m) for m in crew.messages("U_AGENT2", "C_FLOOR") if m["ts"] > before["ts"]
    )


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("help", False),
        ("", False),
        (None, False),
        ("借期几天？", False),
        ("工单 全部", False),
        ("上报 读者的书被雨淋了", False),
        ("换班 跟小王换周三晚班", False),
        ("on", True),
        ("Off 周岚", True),
        ("\u3000下班\u3000", True),
        ("上班\n", True),
    ],
)
def test_a_command_waits_for_the_record_only_where_it_changes_it(text: str | None, writes: bool) -> None:
    body = {
        "command": "/kefu",
        "text": text,
        "user_id": "U_AGENT",
        "channel_id": "C_FLOOR",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/response",
    }
    assert is_only_taken_on("slash_commands", body) is not writes


def test_what_changes_nothing_is_acknowledged_before_it_is_done(
    desk: Desk, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both take long here: Slack hears of the one at once, of the other when it is written down."""
    done = threading.Event()
    monkeypatch.setattr("bot.listeners.acknowledging.PATIENCE", 60.0)
    for name in ("help", "off"):
        monkeypatch.setitem(commands._SUBCOMMANDS, name, lambda *_: done.wait(60))  # type: ignore[index]
    try:
        assert crew.command("U_AGENT", "C_FLOOR", "help")["acked"]
        assert not crew.command("U_AGENT", "C_FLOOR", "off")["acked"]
    finally:
        done.set()


@pytest.mark.parametrize("blank", [" ", "\u3000", "\n"])
def test_whatever_blank_parts_a_subcommand_from_the_rest(crew: Crew, blank: str) -> None:
    before = crew.say("U_AGENT2", "C_FLOOR", "早")
    crew.command("U_AGENT", "C_FLOOR", f"问{blank}自习间每天最多预约几小时？")
    seen = crew.seen("U_AGENT", "C_FLOOR", "每人每天最多预约", after=before["ts"])
    assert text_of(seen).splitlines()[-1] != f"> 问{blank}自习间每天最多预约几小时？"
    assert f"问{blank}自习间" not in text_of(seen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", Role)
def test_every_command_that_the_help_names_is_one(desk: Desk, role: Role, language: str) -> None:
    shown = text_of({"blocks": homes.usage(words(language), role, commands=True)})  # type: ignore[arg-type]
    named = re.findall(r"/kefu (\w+)", shown)
    assert ("audit" in named, "channel" in named) == (
        allowed(role, Action.SEE_AUDIT),
        allowed(role, Action.SET_CHANNEL),
    )
    catalogue = desk.services.desk.procedures.catalogue
    known = {name for name in named if name in commands._SUBCOMMANDS or catalogue.named(name)}
    assert set(named) - known == ({"问题"} if language == "zh" else {"QUESTION"})


def test_the_answer_to_a_command_can_be_escalated(crew: Crew) -> None:
    before = crew.say("U_AGENT2", "C_FLOOR", "早")
    crew.command("U_AGENT", "C_FLOOR", "雨伞可以带进书架区吗？")
    answer = crew.seen("U_AGENT", "C_FLOOR", "伞桶", after=before["ts"])
    crew.click("U_AGENT", answer, "escalate")
    assert "雨伞可以带进书架区吗" in str(crew.form("U_AGENT", "escalation_form")["blocks"])


def test_supervisors_see_the_audit_trail_of_a_ticket(desk: Desk, crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "补办借书卡要交多少工本费？")
    crew.click("U_AGENT", crew.reply("U_AGENT", asked), "log_ticket")
    crew.submit("U_AGENT", crew.form("U_AGENT", ticket_blocks.FORM), {"title": "审计测试"})
    number = desk.services.desk.tickets(limit=1)[0].number
    crew.command("U_SUPERVISOR", "C_REVIEW", f"audit {number}")
    trail = crew.seen("U_SUPERVISOR", "C_REVIEW", f"审计轨迹 {number}")
    assert "登记工单" in text_of(trail)
    assert "哈希链校验通过" in text_of(trail)
    crew.command("U_SUPERVISOR", "C_REVIEW", "audit T-19990101-0001")
    crew.seen("U_SUPERVISOR", "C_REVIEW", "找不到 T-19990101-0001")


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("U_AGENT", "我的上报"),
        ("U_SUPERVISOR", "等我审批"),
        ("U_ADMIN", "现行手册"),
        ("U_AGENT2", "My escalations"),
    ],
)
def test_home_and_prompts_fit_the_role(crew: Crew, user: str, expected: str) -> None:
    crew.open_app(user, "home")
    home = crew.wait(lambda: crew.home(user), "the home")
    assert expected in text_of(home)
    crew.open_app(user, "messages")
    prompts = crew.wait(lambda: crew.place(user, "dm")["prompts"], "the prompts")
    assert len(prompts["prompts"]) == 4


def test_feedback_counts_at_once_and_a_thumbs_down_asks_why(desk: Desk, crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "借阅室几点闭馆？")
    answer = crew.reply("U_AGENT", asked)
    crew.click("U_AGENT", answer, "answer_feedback", "positive")
    crew.seen("U_AGENT", "dm", "谢谢反馈", after=asked["ts"], thread_ts=asked["ts"])
    crew.click("U_AGENT", answer, "answer_feedback", "negative")
    form = crew.form("U_AGENT", feedbacks.FORM)
    assert "reason" in crew.submit("U_AGENT", form, {"fault": "other"})["errors"]  # what is it, then?
    assert crew.submit("U_AGENT", form, {"fault": "incomplete", "reason": "没有回答周末，顾客 13912345678"})[
        "closed"
    ]
    said = desk.services.desk.answers.complaints(desk.services.people.get("U_ADMIN"), 1)[0]
    assert (said.fault, said.person_id) == (Fault.INCOMPLETE, "U_AGENT")
    assert "没有回答周末" in said.reason
    assert "13912345678" not in said.reason
    crew.open_app("U_ADMIN", "home")
    crew.wait(
        lambda: "没有回答周末" in text_of(crew.home("U_ADMIN") or {}), "the complaint in the admin's home"
    )
    rated = [e for e in desk.services.desk.audit() if e.action == "answer.rated"]
    assert [entry.details["verdict"] for entry in rated[-3:]] == [
        Verdict.HELPFUL,
        Verdict.UNHELPFUL,
        Verdict.UNHELPFUL,
    ]
