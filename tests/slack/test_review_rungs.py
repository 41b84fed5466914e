"""The way up the ladder in Slack: asking back, passing up, out of reach, skipped, instructed, late; who sees what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from running_bot import Desk, left_alone, running

from bot.blocks import escalations, rungs
from bot.demo.crew import Crew, buttons_of, choices_of, text_of
from tickets.people import Role
from tickets.records import Escalation, EscalationState
from tickets.rung_records import Deadlines, StepKind

PEOPLE = """
[[people]]
id = "U_AGENT"
name = "小林"
[[people]]
id = "U_LEADER"
name = "周岚"
role = "leader"
[[people]]
id = "U_SUPERVISOR"
name = "陈静"
role = "supervisor"
[[people]]
id = "U_SUPERVISOR2"
name = "吴桐"
role = "supervisor"
[[people]]
id = "U_ADMIN"
name = "何经理"
role = "manager"
"""
FILLED = {
    "what_happened": "读者要求免收滞还费",
    "when": "今天下午",
    "tried": "解释过两次规定",
    "handling_suggestion": "建议减免一半",
    "next_role": "leader",
    "grounds": "none",
    "skip_reason": "",
    "accused": [],
}


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot without a review channel: each reviewer gets a card of their own."""
    people = tmp_path_factory.mktemp("people") / "people.toml"
    people.write_text(PEOPLE, encoding="utf-8")
    home, manuals = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")
    with running(home, manuals, review_channel=None, people=people) as desk, left_alone(desk, "deadlines"):
        yield desk  # what is late is looked for by the tests: some of them shorten the deadlines


def form_of(crew: Crew, text: str = "读者吵闹，要求免收滞还费") -> dict[str, Any]:
    crew.command("U_AGENT", "D_U_AGENT", f"escalate {text}")
    return crew.form("U_AGENT", escalations.FORM)


def file(desk: Desk, **changes: object) -> Escalation:
    crew = desk.crew
    sent = crew.submit("U_AGENT", form_of(crew), FILLED | changes)
    assert sent["closed"], sent
    return desk.services.desk.escalations(limit=1)[0]


def mine(crew: Crew, number: str, button: str) -> dict[str, Any]:
    """The agent's newest message about an escalation that has this button."""

    def look() -> dict[str, Any] | None:
        found = crew.messages("U_AGENT", "dm")[::-1]
        return next((m for m in found if number in text_of(m) and button in buttons_of(m)), None)

    shown: dict[str, Any] = crew.wait(look, f"{button} for {number}")
    return shown


def card_of(
    crew: Crew, user: str, number: str, wanted: Callable[[dict[str, Any]], object] = lambda _card: True
) -> dict[str, Any]:
    """A reviewer's newest card of an escalation, once it is as wanted."""

    def look() -> dict[str, Any] | None:
        cards = [m for m in crew.messages(user, "dm") if f"上报草稿 {number}" in text_of(m)]
        return cards[-1] if cards and wanted(cards[-1]) else None

    shown: dict[str, Any] = crew.wait(look, f"the card of {number} for {user}")
    return shown


def may_approve(card: dict[str, Any]) -> bool:
    return escalations.APPROVE in buttons_of(card)


def has_no_buttons(message: dict[str, Any]) -> bool:
    return not choices_of(message)


def fill(crew: Crew, user: str, callback: str, values: dict[str, str]) -> None:
    sent = crew.submit(user, crew.form(user, callback), values)
    assert sent["closed"], sent


def has_no_card(crew: Crew, user: str, number: str) -> bool:
    return all(number not in text_of(m) for m in crew.messages(user, "dm"))


def test_a_question_goes_to_the_agent_and_the_answer_back_to_who_asked(ladder: Desk) -> None:
    crew = ladder.crew
    one = file(ladder)
    card = card_of(crew, "U_LEADER", one.number)
    assert "坐席 → 班长" in text_of(card)
    crew.click("U_LEADER", card, escalations.ASK_BACK)
    form = crew.form("U_LEADER", escalations.ASK_BACK_FORM)
    assert "请写明要问什么" in str(crew.submit("U_LEADER", form, {"back_question": " "})["errors"])
    fill(crew, "U_LEADER", escalations.ASK_BACK_FORM, {"back_question": "逾期了几天？"})

    asked = mine(crew, one.number, rungs.ANSWER)
    assert "逾期了几天？" in text_of(asked)
    waiting = card_of(crew, "U_LEADER", one.number, lambda c: "已退回提交人补充" in text_of(c))
    assert escalations.ASK_BACK not in buttons_of(waiting)

    crew.click("U_AGENT", asked, rungs.ANSWER)
    fill(crew, "U_AGENT", rungs.ANSWER_FORM, {"answer": "逾期 9 天，电话 13912345678"})
    crew.seen("U_LEADER", "dm", "已补充，请在卡片上处理")
    again = card_of(
        crew,
        "U_LEADER",
        one.number,
        lambda c: "逾期 9 天" in text_of(c) and escalations.ASK_BACK in buttons_of(c),
    )
    assert "13912345678" not in text_of(again)
    crew.click("U_LEADER", again, escalations.APPROVE)
    crew.seen("U_AGENT", "dm", f"{one.number} **已批准**")
    crew.wait(
        lambda: all(has_no_buttons(m) for m in crew.messages("U_AGENT", "dm") if one.number in text_of(m)),
        "the agent's messages without buttons",
    )


def test_passing_up_moves_the_card_and_the_second_supervisor_sees_who_decided(ladder: Desk) -> None:
    crew = ladder.crew
    one = file(ladder)
    crew.click("U_LEADER", card_of(crew, "U_LEADER", one.number), escalations.UPWARD)
    fill(crew, "U_LEADER", escalations.UPWARD_FORM, {"pass_note": "超出班长权限"})
    first = card_of(crew, "U_SUPERVISOR", one.number)
    second = card_of(crew, "U_SUPERVISOR2", one.number)
    assert "坐席 → 班长（报上级） → 现场主管" in text_of(first)
    assert "超出班长权限" in text_of(first)
    assert not may_approve(card_of(crew, "U_LEADER", one.number, has_no_buttons))
    crew.seen("U_AGENT", "dm", "已转到**现场主管**")
    assert has_no_card(crew, "U_ADMIN", one.number)

    crew.click("U_SUPERVISOR2", second, escalations.APPROVE)
    for user in ("U_LEADER", "U_SUPERVISOR", "U_SUPERVISOR2"):
        decided = card_of(crew, user, one.number, lambda c: "已批准" in text_of(c) and has_no_buttons(c))
        assert "U_SUPERVISOR2" in str(decided["blocks"])


def test_who_cannot_be_reached_is_recorded_and_the_supervisor_has_to_reach_them(ladder: Desk) -> None:
    crew = ladder.crew
    one = file(ladder)
    leaders = card_of(crew, "U_LEADER", one.number)
    crew.click("U_AGENT", mine(crew, one.number, rungs.UNREACHABLE), rungs.UNREACHABLE)
    form = crew.form("U_AGENT", rungs.UNREACHABLE_FORM)
    assert "详细情况" in str(crew.submit("U_AGENT", form, {"circumstances": "  "})["errors"])
    fill(crew, "U_AGENT", rungs.UNREACHABLE_FORM, {"circumstances": "9:40、9:50 打了两次，无人接听"})
    card = card_of(crew, "U_SUPERVISOR", one.number)
    assert "请您负责联系班长" in text_of(card)
    assert "9:40、9:50 打了两次" in text_of(card)
    assert "坐席 → 班长（联系不上） → 现场主管" in text_of(card)
    assert card_of(crew, "U_LEADER", one.number, has_no_buttons)["ts"] == leaders["ts"]

    crew.click("U_SUPERVISOR", card, rungs.WAY)
    way = crew.form("U_SUPERVISOR", rungs.WAY)
    assert "联系不上" in text_of(way)
    assert "提交" in text_of(way)


def test_a_leader_who_could_not_be_reached_hears_of_it_when_back_and_confirms(ladder: Desk) -> None:
    crew, desk = ladder.crew, ladder.services.desk
    leader = ladder.services.people.get("U_LEADER")
    one = file(ladder)
    desk.directory.set_attendance(leader, leader.id, on=False)

    def told() -> dict[str, Any] | None:
        found = [m for m in crew.messages("U_LEADER", "dm") if one.number in text_of(m)]
        return next((m for m in found[::-1] if rungs.MISSED_SEEN in buttons_of(m)), None)

    try:
        desk.rungs.unreachable(
            ladder.services.people.get("U_AGENT"), one.id, one.revision, "打了三次，没人接"
        )
        ladder.app.outbox.nudge()
        card_of(crew, "U_SUPERVISOR", one.number, may_approve)
        assert told() is None
    finally:
        desk.directory.set_attendance(leader, leader.id, on=True)
    message = crew.wait(told, "that the leader could not be reached")
    assert "打了三次" in text_of(message)
    crew.click("U_LEADER", message, rungs.MISSED_SEEN)
    crew.wait(lambda: desk.escalation(one.id).steps[-1].kind is StepKind.MISSED_SEEN, "the confirmation")
    crew.wait(lambda: told() is None, "the button gone")


def test_skipping_needs_a_reason_and_owes_a_report_that_the_leader_reads(ladder: Desk) -> None:
    crew = ladder.crew
    form = form_of(crew)
    skipping = FILLED | {"next_role": "supervisor", "urgency": "normal"}
    refused = crew.submit("U_AGENT", form, skipping | {"grounds": "none"})
    assert "除紧急或特殊情况外不得越级" in str(refused["errors"]) or "必须写明理由" in str(refused["errors"])
    refused = crew.submit("U_AGENT", form, skipping | {"grounds": "special"})
    assert "必须写明理由" in str(refused["errors"])
    sent = crew.submit(
        "U_AGENT", form, skipping | {"grounds": "special", "skip_reason": "读者正在砸门，班长在外地培训"}
    )
    assert sent["closed"], sent
    one = ladder.services.desk.escalations(limit=1)[0]
    card = card_of(crew, "U_SUPERVISOR", one.number)
    assert "班长（特殊情况越级）" in text_of(card)
    assert "读者正在砸门" in text_of(card)
    assert has_no_card(crew, "U_LEADER", one.number)

    owed = mine(crew, one.number, rungs.REPORT)
    assert "越过了**班长**" in text_of(owed)
    crew.click("U_AGENT", owed, rungs.REPORT)
    fill(crew, "U_AGENT", rungs.REPORT_FORM, {"report_text": "事急越级，已平息，读者离开"})
    given = crew.seen("U_LEADER", "dm", "已平息，读者离开")
    crew.wait(
        lambda: not any(rungs.REPORT in buttons_of(m) for m in crew.messages("U_AGENT", "dm")),
        "the owed report without its button",
    )
    crew.click("U_LEADER", given, rungs.REPORT_READ)
    report = ladder.services.desk.rungs.owed_reports(escalation_id=one.id)[0]
    crew.wait(lambda: ladder.services.desk.rungs.owed_report(report.id).read_by == "U_LEADER", "the reading")
    crew.seen("U_LEADER", "dm", "已平息，读者离开", where=has_no_buttons)


def test_whom_it_is_about_gets_no_card_and_finds_nothing(ladder: Desk) -> None:
    crew = ladder.crew
    one = file(ladder, what_happened="反映陈静值班时离岗", accused=["U_SUPERVISOR"])
    assert one.awaiting is Role.SUPERVISOR
    card = card_of(crew, "U_SUPERVISOR2", one.number)
    crew.command("U_SUPERVISOR", "D_U_SUPERVISOR", f"escalations {one.number}")
    crew.seen("U_SUPERVISOR", "dm", f"找不到 {one.number}")
    crew.command("U_SUPERVISOR", "D_U_SUPERVISOR", f"audit {one.number}")
    crew.open_app("U_SUPERVISOR", "home")
    home = crew.wait(lambda: crew.home("U_SUPERVISOR"), "the home")
    assert one.number not in text_of(home)
    crew.click("U_SUPERVISOR2", card, escalations.APPROVE)
    crew.seen("U_AGENT", "dm", f"{one.number} **已批准**")
    assert all("离岗" not in text_of(m) for m in crew.messages("U_SUPERVISOR", "dm"))
    assert has_no_card(crew, "U_LEADER", one.number)


def test_in_a_review_channel_nothing_about_people_is_shown(desk: Desk, crew: Crew) -> None:
    form = form_of(crew)
    assert crew.submit("U_AGENT", form, FILLED | {"accused": ["U_LEADER"]})["closed"]
    one = desk.services.desk.escalations(limit=1)[0]
    card_of(crew, "U_SUPERVISOR", one.number)
    assert all(one.number not in text_of(m) for m in crew.messages("U_LEADER", "C_REVIEW"))


def test_an_instruction_is_carried_out_and_whoever_gave_it_told(ladder: Desk) -> None:
    crew = ladder.crew
    one = file(ladder)
    crew.click("U_LEADER", card_of(crew, "U_LEADER", one.number), escalations.INSTRUCT)
    fill(crew, "U_LEADER", escalations.INSTRUCT_FORM, {"instruction": "先道歉，再减免一半"})
    outcome = mine(crew, one.number, rungs.CARRIED_OUT)
    assert "先道歉，再减免一半" in text_of(outcome)
    crew.click("U_AGENT", outcome, rungs.CARRIED_OUT)
    fill(
        crew, "U_AGENT", rungs.CARRIED_OUT_FORM, {"carried_out": "已道歉并减免", "objection": "认为不该道歉"}
    )
    told = crew.seen("U_LEADER", "dm", "批示已执行")
    assert "已道歉并减免" in text_of(told)
    assert "认为不该道歉" in text_of(told)
    card_of(crew, "U_LEADER", one.number, lambda c: "已道歉并减免" in text_of(c))


def test_a_late_card_is_reminded_of_and_then_goes_up(ladder: Desk) -> None:
    crew, desk = ladder.crew, ladder.services.desk
    one = file(ladder, urgency="urgent")
    card_of(crew, "U_LEADER", one.number)
    normal = desk.rungs.deadlines
    desk.rungs.deadlines = replace(Deadlines(*[timedelta(0)] * 5), urgent=timedelta(microseconds=1))
    try:
        assert one.id in desk.rungs.watch().reminded
        ladder.app.outbox.nudge()
        card_of(crew, "U_LEADER", one.number, lambda c: "已超过期限" in text_of(c) and may_approve(c))
        assert one.id in desk.rungs.watch().moved
    finally:
        desk.rungs.deadlines = normal
    ladder.app.outbox.nudge()
    card = card_of(crew, "U_SUPERVISOR", one.number)
    assert "班长（逾期未处理）" in text_of(card)
    card_of(crew, "U_LEADER", one.number, has_no_buttons)
    crew.seen("U_AGENT", "dm", f"{one.number}** 已转到**现场主管**")


def test_taking_it_back_ends_it_everywhere(ladder: Desk) -> None:
    crew = ladder.crew
    one = file(ladder)
    card_of(crew, "U_LEADER", one.number)
    crew.click("U_AGENT", mine(crew, one.number, rungs.WITHDRAW), rungs.WITHDRAW)
    card_of(crew, "U_LEADER", one.number, lambda c: "已撤回" in text_of(c) and has_no_buttons(c))
    assert ladder.services.desk.escalation(one.id).state is EscalationState.WITHDRAWN


def test_the_home_and_the_list_show_what_is_mine_and_what_is_late(ladder: Desk) -> None:
    crew, desk = ladder.crew, ladder.services.desk
    one = file(ladder, what_happened="座椅断裂，读者擦伤")
    card_of(crew, "U_LEADER", one.number)
    crew.open_app("U_AGENT", "home")
    shown = crew.wait(
        lambda: (home := crew.home("U_AGENT")) and one.number in text_of(home) and home, "the agent's home"
    )
    block = f"own_{one.id}_{one.revision}"
    crew.click_view("U_AGENT", shown, block, rungs.UNREACHABLE)
    fill(crew, "U_AGENT", rungs.UNREACHABLE_FORM, {"circumstances": "无人接听"})
    card_of(crew, "U_SUPERVISOR", one.number)

    normal = desk.rungs.deadlines
    desk.rungs.deadlines = replace(
        normal, normal=timedelta(microseconds=1), important=timedelta(microseconds=1)
    )
    try:
        crew.command("U_SUPERVISOR", "D_U_SUPERVISOR", "上报列表")
        listed = crew.seen("U_SUPERVISOR", "dm", "等我审批")
        assert one.number in text_of(listed)
        assert "已逾期" in text_of(listed)
        crew.open_app("U_SUPERVISOR", "home")
        crew.wait(
            lambda: "已逾期" in text_of(crew.home("U_SUPERVISOR") or {}),
            "what is late in the supervisor's home",
        )
    finally:
        desk.rungs.deadlines = normal
    crew.command("U_AGENT", "D_U_AGENT", f"escalations {one.number}")
    assert "联系不上" in text_of(crew.seen("U_AGENT", "dm", "：无人接听"))
