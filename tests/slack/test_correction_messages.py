"""Corrections in Slack: a changed manual is told, once, in the thread of every answer that cited what changed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from running_bot import MANUALS, Desk, running
from sqlalchemy.orm import Session

from bot.demo.crew import Json, text_of
from bot.slack_app import SlackApp
from knowledge.clauses import Clause
from knowledge.manuals import Manual, Publication
from tickets.people import Role
from tickets.records import AnswerRecord, Basis, EscalationContent, Origin, TicketContent

NAME = "借阅室守则.md"
LOAN = "一张卡借书的借期是多少天？"
CARD = "借书卡遗失了，补办收多少工本费？"
CHANGED = "当时引用"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot of these tests alone: its manuals change."""
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


_days = itertools.count(31)
_live = [21]


def next_days(desk: Desk, folder: Path) -> tuple[str, str]:
    """Publish the manual with another loan period; the old and the new words."""
    old, new = _live[-1], next(_days)
    publish(desk, folder, MANUALS[NAME].replace("21 天", f"{new} 天"))
    _live.append(new)
    return f"借期{old}天", f"借期{new}天"


def loan_clause(desk: Desk) -> Clause:
    """The rule of the loan period, as it is live."""
    hits = desk.services.library.search(LOAN, 5)
    return next(hit.clause for hit in hits if "续借一次" in hit.clause.text)


def ask(desk: Desk, user: str, question: str, channel: str = "dm") -> Json:
    asked = desk.crew.say(
        user, channel, question if channel == "dm" else f"<@{desk.app.shared.bot_user}> {question}"
    )
    desk.crew.reply(user, asked)
    return asked


def publish(desk: Desk, folder: Path, text: str) -> None:
    """An admin drops the manual and publishes it."""
    file = folder / NAME
    file.write_text(text, encoding="utf-8")
    dropped = desk.crew.drop("U_ADMIN", "dm", str(file))
    card = desk.crew.seen("U_ADMIN", "dm", "手册更新待发布", after=dropped["ts"], thread_ts=dropped["ts"])
    desk.crew.click("U_ADMIN", card, "manuals_publish")
    desk.crew.seen("U_ADMIN", "dm", "已发布", thread_ts=dropped["ts"])


def corrections(desk: Desk, user: str, asked: Json) -> list[str]:
    """The corrections in the thread of a question, oldest first."""
    thread = asked.get("thread_ts") or asked["ts"]
    messages = desk.crew.messages(user, asked["channel"], thread)
    return [text_of(message) for message in messages if CHANGED in text_of(message)]


def settled(desk: Desk) -> None:
    """Everything was announced, and every notice arrived or was given up."""
    desk.app.outbox.nudge()

    def done() -> bool:
        generations = set(desk.services.lineage.generations())
        if not generations <= desk.services.desk.corrections.announced().keys():
            return False
        with desk.services.desk._engine.connect() as connection:
            waiting = connection.exec_driver_sql(
                "SELECT count(*) FROM notices WHERE delivered_at IS NULL AND given_up_at IS NULL"
            )
            return waiting.scalar() == 0

    desk.crew.wait(done, "the outbox empty")


def test_whoever_cited_what_changed_hears_it_once_and_again_when_it_is_taken_back(tmp_path: Path) -> None:
    home, manuals = tmp_path / "home", tmp_path / "manuals"
    manuals.mkdir()
    with running(home, manuals) as desk:
        first, second = ask(desk, "U_AGENT", LOAN), ask(desk, "U_LEADER", CARD)
        publish(desk, tmp_path, MANUALS[NAME].replace("21 天", "33 天"))
        desk.crew.wait(lambda: corrections(desk, "U_AGENT", first), "the correction")
        settled(desk)
        (told,) = corrections(desk, "U_AGENT", first)
        assert LOAN in told
        assert "第1版" in told
        assert "第2版" in told
        assert told.index("借期21天") < told.index("借期33天")

        desk.crew.drop("U_ADMIN", "dm", str(tmp_path / NAME))  # the same again
        publish(desk, tmp_path, MANUALS[NAME].replace("21 天", "33 天").replace("0.3 元", "0.4 元"))
        desk.app.stop()
        with SlackApp(desk.services) as app:  # a restart tells nobody again
            settled(replace(desk, app=app))
            assert len(corrections(desk, "U_AGENT", first)) == 1
            publish(desk, tmp_path, MANUALS[NAME])
            desk.crew.wait(lambda: len(corrections(desk, "U_AGENT", first)) == 2, "the correction taken back")
            settled(replace(desk, app=app))
        again = corrections(desk, "U_AGENT", first)[1]
        assert again.index("借期33天") < again.index("借期21天")
        assert corrections(desk, "U_LEADER", second) == []


def test_in_a_channel_the_asker_is_addressed_in_the_thread(desk: Desk, tmp_path: Path) -> None:
    asked = ask(desk, "U_AGENT", LOAN, channel="C_FLOOR")
    old, new = next_days(desk, tmp_path)
    desk.crew.wait(lambda: corrections(desk, "U_AGENT", asked), "the correction")
    thread = desk.crew.messages("U_AGENT", asked["channel"], asked["ts"])
    message = next(m for m in thread if CHANGED in text_of(m))
    assert {"type": "user", "user_id": "U_AGENT"} in message["blocks"][0]["elements"][0]["elements"]
    assert old in text_of(message)
    assert new in text_of(message)


@pytest.mark.parametrize("thread", [("C_NOWHERE", "1790000000.000100"), ("", "")])
def test_where_the_thread_is_gone_or_never_was_the_dm_is_told(
    desk: Desk, tmp_path: Path, thread: tuple[str, str]
) -> None:
    cited_by_hand(desk, "U_AGENT", Origin(*thread))
    _, new = next_days(desk, tmp_path)
    assert CHANGED in text_of(desk.crew.seen("U_AGENT", "dm", new))


def cited_by_hand(desk: Desk, user: str, origin: Origin) -> None:
    """An answer in the ledger that cites the rule of the loan period."""
    generation = desk.services.library.generation()
    record = AnswerRecord(LOAN, "answered", (loan_clause(desk).id,), origin=origin, generation=generation)
    desk.services.desk.record_answer(user, record)


def test_a_message_that_was_sent_by_a_bot_that_died_is_not_sent_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery._FIRST_RETRY", timedelta(0))
    asked = ask(desk, "U_AGENT", LOAN)
    slack, broken = desk.app.outbox.client._inner, []
    call = slack.api_call

    def lose_the_answer(api_method: str, **how: Any) -> object:
        sent = call(api_method, **how)
        given = how.get("json") or {}
        if CHANGED in str(given.get("blocks")) and given.get("thread_ts") == asked["ts"] and not broken:
            broken.append(True)
            raise ConnectionResetError("gone")
        return sent

    monkeypatch.setattr(slack, "api_call", lose_the_answer)
    next_days(desk, tmp_path)
    settled(desk)
    assert broken == [True]
    assert len(corrections(desk, "U_AGENT", asked)) == 1


def test_a_person_that_slack_does_not_know_any_more_is_given_up(desk: Desk, tmp_path: Path) -> None:
    cited_by_hand(desk, "U_LEFT", Origin())
    next_days(desk, tmp_path)
    settled(desk)
    with desk.services.desk._engine.connect() as connection:
        given_up = connection.exec_driver_sql(
            "SELECT audience_user FROM notices WHERE given_up_at IS NOT NULL AND kind = 'correction'"
        )
        assert given_up.scalars().all() == ["U_LEFT"]


def test_a_withdrawn_manual_is_told_as_such_without_anybody_clicking(desk: Desk) -> None:
    asked = ask(desk, "U_AGENT", "自习间每人每天最多预约几小时？")
    with desk.services.desk._engine.connect() as connection, Session(connection) as session, session.begin():
        manual = session.query(Manual).filter(Manual.title.contains("自习间")).one()
        before, manual.live_edition_id = manual.live_edition_id, None
        move = [manual.id, before, None]
        session.add(Publication(at=datetime.now(UTC), by="", kind="expiry", moves=[move], editions=[]))
    desk.crew.wait(lambda: corrections(desk, "U_AGENT", asked), "the correction")
    assert "已过有效期" in corrections(desk, "U_AGENT", asked)[0]


def test_drafts_and_tickets_that_rest_on_it_are_flagged(desk: Desk, tmp_path: Path) -> None:
    clause = loan_clause(desk)
    basis = (Basis(clause.id, clause.manual, clause.label, clause.text),)
    agent = desk.services.people.get("U_AGENT")
    content = EscalationContent(
        "读者要多借几天", "报告", handling_suggestion="请定", next_role=Role.LEADER, policy_basis=basis
    )
    filed = desk.services.desk.file_escalation(agent, content, Origin(), "e")
    logged = desk.services.desk.log_ticket(agent, TicketContent("多借", policy_basis=basis), Origin(), "t")
    desk.app.outbox.nudge()
    card = desk.crew.seen("U_LEADER", "C_REVIEW", filed.number)
    _, new = next_days(desk, tmp_path)
    settled(desk)
    for number in (filed.number, logged.number):
        assert new in text_of(desk.crew.seen("U_AGENT", "dm", f"**{number}** 所依据"))
    thread = desk.crew.messages("U_LEADER", "C_REVIEW", card["ts"])
    assert sum("所依据的规定有变化" in text_of(message) for message in thread) == 1
    assert "依据已变更" in text_of(thread[0])


def test_a_rule_that_its_asker_may_not_read_any_more_is_not_quoted(desk: Desk, tmp_path: Path) -> None:
    asked = ask(desk, "U_AGENT", CARD)
    file = tmp_path / NAME
    file.write_text(MANUALS[NAME].replace("工本费 8 元", "工本费 77 元"), encoding="utf-8")
    publisher = desk.services.publisher
    restricted = publisher.stage([file], "U_ADMIN", metadata={"audience": "role:supervisor"})
    publisher.publish(restricted.edition_ids, "U_ADMIN")
    desk.crew.wait(lambda: corrections(desk, "U_AGENT", asked), "the correction")
    told = corrections(desk, "U_AGENT", asked)[0]
    assert "8元" in told
    assert "77" not in told
    assert "不对此处开放" in told
    publisher.rollback(restricted.editions[0].manual_id, "U_ADMIN")
