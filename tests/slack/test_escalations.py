"""上报: form, draft, card, decision, ticket, telling; refusals and races."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from running_bot import Desk

from bot.blocks import escalations
from bot.demo.crew import Crew, buttons_of, choices_of, text_of
from tickets.records import EscalationState

FILLED = {
    "what_happened": "读者在前台大声吵闹，要求免收滞还费",
    "when": "今天下午",
    "tried": "已经解释两次规定",
    "handling_suggestion": "建议由主管当面说明，并减免一半",
}


def open_form(crew: Crew, user: str = "U_AGENT", question: str = "逾期归还要收滞还费吗？") -> dict[str, Any]:
    asked = crew.say(user, "dm", question)
    answer = crew.reply(user, asked)
    crew.click(user, answer, "escalate")
    return crew.form(user, escalations.FORM)


def file(crew: Crew, user: str = "U_AGENT", **changes: str) -> tuple[dict[str, Any], str]:
    """File an escalation; its card in the review channel and its number."""
    form = open_form(crew, user)
    newest = crew.messages(user, "dm")[-1]["ts"]
    sent = crew.submit(user, form, FILLED | changes)
    assert sent["closed"], sent
    told = crew.seen(user, "dm", "等待" if user == "U_AGENT" else "waits for", after=newest)
    number = re.findall(r"E-\d+-\d+", text_of(told))[0]
    return crew.seen("U_SUPERVISOR", "C_REVIEW", number), number


def card(crew: Crew, ts: str) -> dict[str, Any]:
    return next(m for m in crew.messages("U_SUPERVISOR", "C_REVIEW") if m["ts"] == ts)


def test_the_form_is_filled_from_the_thread_and_asks_for_a_handling_suggestion(crew: Crew) -> None:
    form = open_form(crew)
    fields = {b["block_id"]: b for b in form["blocks"] if b["type"] == "input"}
    assert "滞还费" in fields["what_happened"]["element"]["initial_value"]
    assert not fields["handling_suggestion"]["optional"]
    unsent = crew.submit("U_AGENT", form, FILLED | {"handling_suggestion": ""})
    assert not unsent["sent"]
    assert "handling_suggestion" in unsent["errors"]
    blank = crew.submit("U_AGENT", form, FILLED | {"handling_suggestion": "   "})
    assert blank["sent"]
    assert "处理意见" in blank["errors"]["handling_suggestion"]


def test_an_approved_draft_becomes_a_ticket_and_the_agent_is_told(desk: Desk, crew: Crew) -> None:
    shown, number = file(crew)
    assert {"review_approve", "review_edit", "review_reject"} <= set(buttons_of(shown))
    assert "减免一半" in text_of(shown)
    crew.click("U_SUPERVISOR", shown, "review_approve")
    told = crew.seen("U_AGENT", "dm", "已批准", after=shown["ts"])
    ticket = desk.services.desk.tickets(limit=1)[0]
    assert ticket.number in text_of(told)
    assert number in text_of(told)
    decided = crew.wait(
        lambda: not choices_of(card(crew, shown["ts"])) and card(crew, shown["ts"]), "the card"
    )
    assert ticket.number in text_of(decided)
    assert "U_SUPERVISOR" in str(decided["blocks"])


def test_the_session_of_the_thread_says_that_approval_is_waited_for_and_then_that_it_was_decided(
    desk: Desk, crew: Crew
) -> None:
    shown, _ = file(crew)
    thread = desk.services.desk.escalations(limit=1)[0].origin.thread_ts

    def session() -> str:
        return str(crew.place("U_AGENT", "dm")["sessions"][thread]["status"])

    crew.wait(lambda: session() == "suspended", "the session that waits")
    crew.click("U_SUPERVISOR", shown, "review_approve")
    crew.wait(lambda: session() == "closed", "the session that is closed")


def test_private_data_in_the_form_is_masked(desk: Desk, crew: Crew) -> None:
    shown, _ = file(crew, what_happened="读者王小明（13912345678）投诉座位被占", tried="打过电话13912345678")
    assert "13912345678" not in text_of(shown)
    content = desk.services.desk.escalations(limit=1)[0].content
    assert "13912345678" not in content.report + content.summary + content.tried


def test_a_wrong_role_is_refused_in_the_service(desk: Desk, crew: Crew) -> None:
    shown, _ = file(crew)
    crew.click("U_ADMIN", shown, "review_approve")
    refusal = crew.seen("U_ADMIN", "C_REVIEW", "没有这项权限", after=shown["ts"])
    assert refusal["ephemeral"]
    assert desk.services.desk.escalations(limit=1)[0].state is EscalationState.SUBMITTED
    assert "review_approve" in buttons_of(card(crew, shown["ts"]))


def test_two_supervisors_at_once_make_one_ticket(desk: Desk, crew: Crew) -> None:
    shown, _ = file(crew)
    before = len(desk.services.desk.tickets(limit=500))
    supervisors = ("U_SUPERVISOR", "U_SUPERVISOR2")
    clicks = [
        threading.Thread(target=crew.click, args=(user, shown, "review_approve")) for user in supervisors
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    def late() -> list[str]:
        return [
            text_of(m)
            for user in supervisors
            for m in crew.messages(user, "C_REVIEW")
            if m["ephemeral"] and m["ts"] > shown["ts"] and "没有生效" in text_of(m)
        ]

    [sentence] = crew.wait(late, "the sentence for the slower one")
    winner = desk.services.desk.escalations(limit=1)[0].decided_by
    assert winner is not None
    assert desk.services.people.get(winner).name in sentence
    assert len(desk.services.desk.tickets(limit=500)) == before + 1


def test_a_rejection_needs_a_reason_and_the_agent_reads_it(crew: Crew) -> None:
    shown, _ = file(crew)
    crew.click("U_SUPERVISOR", shown, "review_reject")
    form = crew.form("U_SUPERVISOR", escalations.REJECT_FORM)
    assert crew.submit("U_SUPERVISOR", form, {"reason": " "})["errors"]
    assert crew.submit("U_SUPERVISOR", form, {"reason": "请先由班长处理"})["closed"]
    told = crew.seen("U_AGENT", "dm", "被驳回", after=shown["ts"])
    assert "请先由班长处理" in text_of(told)


def test_an_edit_is_a_new_revision_and_old_clicks_do_nothing(desk: Desk, crew: Crew) -> None:
    shown, _ = file(crew)
    crew.click("U_SUPERVISOR", shown, "review_edit")
    form = crew.form("U_SUPERVISOR", escalations.EDIT_FORM)
    assert crew.submit("U_SUPERVISOR", form, {"handling_suggestion": "改为全额减免"})["closed"]
    redrawn = crew.wait(
        lambda: "全额减免" in text_of(card(crew, shown["ts"])) and card(crew, shown["ts"]), "the new card"
    )
    assert "第 2 稿" in text_of(redrawn)
    crew.seen("U_AGENT", "dm", "第 2 稿", after=shown["ts"])
    crew.click("U_SUPERVISOR2", redrawn, "review_approve")
    crew.seen("U_AGENT", "dm", "已批准", after=shown["ts"])
    assert desk.services.desk.escalations(limit=1)[0].content.handling_suggestion == "改为全额减免"


def test_a_form_for_a_decided_draft_says_who_decided_and_keeps_what_was_typed(crew: Crew) -> None:
    shown, _ = file(crew)
    crew.click("U_SUPERVISOR", shown, "review_reject")
    form = crew.form("U_SUPERVISOR", escalations.REJECT_FORM)
    crew.click("U_SUPERVISOR2", shown, "review_approve")
    crew.seen("U_AGENT", "dm", "已批准", after=shown["ts"])
    late = crew.submit("U_SUPERVISOR", form, {"reason": "不同意"})
    assert "吴桐" in late["errors"]["reason"]
    assert not late["closed"]


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
def test_a_rate_limited_notice_arrives_all_the_same(desk: Desk, method: str) -> None:
    crew = desk.crew
    shown, _ = file(crew)
    crew.fault(kind="rate_limit", method=method, retry_after=1)
    crew.click("U_SUPERVISOR", shown, "review_approve")
    crew.seen("U_AGENT", "dm", "已批准", after=shown["ts"])
    crew.wait(lambda: not choices_of(card(crew, shown["ts"])), "the card without buttons")


def test_a_message_of_a_colleague_can_be_escalated_from_its_menu(crew: Crew) -> None:
    said = crew.say("U_AGENT2", "C_FLOOR", "二楼自习间漏水了，请尽快处理")
    crew.shortcut("U_AGENT", said, "escalate_message")
    form = crew.form("U_AGENT", escalations.FORM)
    assert "漏水" in str(form["blocks"])
    crew.submit("U_AGENT", form, FILLED)
    # In the channel: what one person sees in a thread that nobody has begun, Slack does not show.
    told = crew.seen("U_AGENT", "C_FLOOR", "已提交上报", after=said["ts"])
    assert told["ephemeral"]
    assert "thread_ts" not in told


def test_a_form_whose_acknowledgement_was_lost_is_filed_once(desk: Desk) -> None:
    crew = desk.crew
    form = open_form(crew)
    before = len(desk.services.desk.escalations(limit=500))
    newest = crew.messages("U_AGENT", "dm")[-1]["ts"]
    crew.fault(kind="lose_ack", type="interactive")
    assert not crew.submit("U_AGENT", form, FILLED)["acked"]
    assert crew.submit("U_AGENT", form, FILLED)["closed"]
    number = desk.services.desk.escalations(limit=1)[0].number
    crew.seen("U_SUPERVISOR", "C_REVIEW", number)
    assert len(desk.services.desk.escalations(limit=500)) == before + 1
    told = [m for m in crew.messages("U_AGENT", "dm") if m["ts"] > newest and number in text_of(m)]
    assert len(told) == 1
