"""Gaps in Slack: listed in the admin's home, one click for a ticket, askers told in their thread, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from running_bot import MANUALS, Desk, double_click, running

from bot.blocks import gaps
from bot.blocks.wording import words
from bot.demo.crew import Json, buttons_of, text_of
from tickets.gaps import GapState
from tickets.records import Origin, TicketContent, TicketState

NAME = "自习间须知.md"
QUESTION, AGAIN = "打印机没墨了找谁换？", "打印机没墨了要找谁来换啊"
RULE = "打印机没墨了找前台值班员换，换墨不收费。"
ZH = words("zh")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot of these tests alone: its manuals change."""
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


def ask(desk: Desk, user: str, question: str, channel: str) -> Json:
    call = "" if channel == "dm" else f"<@{desk.app.shared.bot_user}> "
    asked = desk.crew.say(user, channel, call + question)
    assert "没有找到" in text_of(desk.crew.reply(user, asked))
    return asked


def home(desk: Desk, user: str = "U_ADMIN") -> Json:
    desk.crew.open_app(user, "home")
    found: Json = desk.crew.wait(lambda: desk.crew.home(user), "the home")
    return found


def grouped(desk: Desk) -> Json:
    """The admin's home, once both questions are in one gap."""
    counts = ZH("gap.counts", questions=2, askers=2, last="").strip()
    found: Json = desk.crew.wait(lambda: (h := home(desk)) and counts in text_of(h) and h, "the gap at home")
    return found


def told(desk: Desk, user: str, asked: Json, title: str) -> list[str]:
    thread = asked.get("thread_ts") or asked["ts"]
    shown = [text_of(m) for m in desk.crew.messages(user, asked["channel"], thread)]
    return [text for text in shown if title in text]


def test_from_a_question_to_a_ticket_to_an_answer_and_back(desk: Desk, tmp_path: Path) -> None:
    first, second = ask(desk, "U_AGENT", QUESTION, "dm"), ask(desk, "U_LEADER", AGAIN, "C_FLOOR")
    shown = grouped(desk)
    assert AGAIN in text_of(shown)
    assert gaps.TICKET in buttons_of(shown)
    (gap,) = desk.services.desk.gaps.gaps()

    double_click(lambda: desk.crew.click_view("U_ADMIN", shown, f"gap_{gap.id}", gaps.TICKET))
    desk.crew.wait(lambda: gaps.TICKET not in buttons_of(home(desk)), "the home without the button")
    (ticket,) = desk.services.desk.tickets()
    assert ticket.number in text_of(home(desk))
    assert ticket.content.kind == gaps.KIND
    logged = desk.crew.seen("U_ADMIN", "dm", ticket.number)
    assert QUESTION in text_of(logged)

    file = tmp_path / NAME
    file.write_text(MANUALS[NAME] + f"3. {RULE}\n", encoding="utf-8")
    services = desk.services
    report = services.publisher.stage([file], "U_ADMIN")
    services.publisher.publish(report.edition_ids, "U_ADMIN")
    title = ZH("gap.answered_title")
    for user, asked in (("U_AGENT", first), ("U_LEADER", second)):
        (said,) = desk.crew.wait(
            lambda user=user, asked=asked: told(desk, user, asked, title), "what is ruled now"
        )
        assert RULE in said
        assert "《自习间使用须知》" in said
    desk.crew.wait(lambda: AGAIN not in text_of(home(desk)), "the home without the gap")
    desk.crew.wait(lambda: services.desk.ticket(ticket.id).state is TicketState.CLOSED, "the ticket closed")
    desk.crew.seen("U_ADMIN", "dm", "已自动关闭")

    manual = next(m for m in services.library.manuals() if "自习间" in m.title)
    services.publisher.rollback(manual.manual_id, "U_ADMIN")
    desk.app.outbox.nudge()
    for user, asked in (
        ("U_AGENT", first),
        ("U_LEADER", second),
    ):  # what was told is corrected like any answer
        (said,) = desk.crew.wait(
            lambda user=user, asked=asked: told(desk, user, asked, ZH("correction.title")), "the correction"
        )
        assert RULE in said
    desk.crew.wait(lambda: services.desk.gaps.gaps() != [], "the gap open again")
    assert services.desk.gaps.get(gap.id).state is GapState.OPEN
    desk.crew.wait(lambda: services.desk.ticket(ticket.id).state is TicketState.OPEN, "the ticket open again")
    desk.rest()
    for user, asked in (("U_AGENT", first), ("U_LEADER", second)):
        assert len(told(desk, user, asked, title)) == 1
    assert services.desk.verify_audit() is None


def test_only_admins_see_and_make_tickets(desk: Desk) -> None:
    assert ZH("gap.title", count=0).split("(")[0] not in text_of(home(desk, "U_AGENT"))


def test_whoever_slack_does_not_know_gets_no_ticket_but_the_admin(desk: Desk) -> None:
    admin = desk.services.people.get("U_ADMIN")
    content = TicketContent("手册缺口:拖把放在哪里", kind=gaps.KIND, owner_id="张三")
    logged = desk.services.desk.log_ticket(admin, content, Origin(), "test:nobody")
    desk.app.outbox.nudge()
    assert "拖把" in text_of(desk.crew.seen("U_ADMIN", "dm", logged.number))


def test_a_message_that_was_sent_before_the_bot_died_is_not_sent_again(desk: Desk, tmp_path: Path) -> None:
    question, rule = "空调遥控器没电了找谁换电池？", "空调遥控器没电了找前台值班员换电池，当场换好。"
    asked = ask(desk, "U_AGENT", question, "dm")
    services, title = desk.services, ZH("gap.answered_title")
    services.gaps.catch_up()  # sooner than the bot would
    desk.crew.wait(lambda: any(question in g.examples for g in services.desk.gaps.gaps()), "the gap")
    (gap,) = [g for g in services.desk.gaps.gaps() if question in g.examples]
    file = tmp_path / NAME
    file.write_text(MANUALS[NAME] + f"3. {rule}\n", encoding="utf-8")
    services.publisher.publish(services.publisher.stage([file], "U_ADMIN").edition_ids, "U_ADMIN")
    services.gaps.catch_up()
    desk.app.outbox.nudge()
    desk.crew.wait(lambda: told(desk, "U_AGENT", asked, title), "what is ruled now")
    answer_id = gap.questions[0].answer_id

    def entered() -> int | None:
        return services.desk.gaps.get(gap.id).questions[0].told_answer_id

    desk.crew.wait(entered, "the ledger")
    with services.desk._engine.begin() as connection:  # as if it had died between sending and recording
        connection.exec_driver_sql("UPDATE gap_questions SET told_answer_id = NULL")
        connection.exec_driver_sql(
            "UPDATE notices SET delivered_at = NULL, attempts = 1 WHERE kind = 'gap_answered' "
            f"AND subject_id = {answer_id}"
        )
    desk.app.outbox.nudge()
    desk.crew.wait(entered, "the ledger again")
    desk.rest()
    assert len(told(desk, "U_AGENT", asked, title)) == 1
