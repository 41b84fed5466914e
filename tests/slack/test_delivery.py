"""The outbox: cards to reviewers' DMs when no channel is set, nothing lost over failures and restarts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from block_samples import content
from running_bot import Desk, running

from bot.blocks import escalations
from bot.demo.crew import buttons_of, text_of
from bot.slack_app import SlackApp
from tickets.people import Role
from tickets.records import EscalationContent, Origin
from tickets.rung_records import Grounds


@pytest.fixture(scope="module")
def without_channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home, manuals = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")
    with running(home, manuals, review_channel=None) as desk:
        yield desk


def for_supervisors(summary: str) -> EscalationContent:
    return replace(
        content(summary),
        policy_basis=(),
        next_role=Role.SUPERVISOR,
        next_reason="班长联系不上",
        grounds=Grounds.UNREACHABLE,
    )


def file(desk: Desk, summary: str) -> str:
    agent = desk.services.people.get("U_AGENT")
    filed = desk.services.desk.file_escalation(agent, for_supervisors(summary), Origin(), f"test:{summary}")
    return filed.number


def test_each_reviewer_of_the_rung_gets_the_card_and_sees_the_decision(without_channel: Desk) -> None:
    desk, crew = without_channel, without_channel.crew
    number = file(desk, "楼梯间漏水")
    desk.app.outbox.nudge()
    first = crew.seen("U_SUPERVISOR", "dm", number)
    second = crew.seen("U_SUPERVISOR2", "dm", number)
    crew.click("U_SUPERVISOR2", second, "review_approve")
    ticket = desk.services.desk.tickets
    crew.seen("U_AGENT", "dm", "已批准")
    crew.wait(
        lambda: (
            not any(
                escalations.APPROVE in buttons_of(m)
                for m in crew.messages("U_SUPERVISOR", "dm")
                if m["ts"] == first["ts"]
            )
        ),
        "the first card without buttons",
    )
    assert ticket(limit=1)[0].number in text_of(crew.seen("U_SUPERVISOR", "dm", number))
    assert not any(
        escalations.APPROVE in buttons_of(m) for m in crew.messages("U_LEADER", "dm") if number in text_of(m)
    ), "who could not be reached hears of it and decides nothing"


def test_a_failure_for_one_reviewer_does_not_repeat_the_card_for_the_other(
    without_channel: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, crew = without_channel, without_channel.crew
    monkeypatch.setattr("bot.delivery._FIRST_RETRY", timedelta(0))
    number = file(desk, "电梯停运")
    attempts: list[object] = []
    post = desk.app.outbox.client.chat_postMessage

    def fail_second(**values: object) -> object:
        if values["channel"] in ("D_U_SUPERVISOR", "D_U_SUPERVISOR2"):
            attempts.append(values["channel"])
            if len(attempts) == 2:
                raise ConnectionResetError("gone")
        return post(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.app.outbox.client, "chat_postMessage", fail_second)
    desk.app.outbox.nudge()
    crew.seen("U_SUPERVISOR2", "dm", number)
    for user in ("U_SUPERVISOR", "U_SUPERVISOR2"):
        assert sum(number in text_of(m) for m in crew.messages(user, "dm")) == 1
    assert len(attempts) == 3


@pytest.mark.slow
def test_what_was_not_delivered_is_delivered_by_the_next_start(tmp_path: Path) -> None:
    home, manuals = tmp_path / "home", tmp_path / "manuals"
    manuals.mkdir()
    with running(home, manuals) as desk:
        desk.app.stop()
        number = file(desk, "空调漏水")
        assert all(number not in text_of(m) for m in desk.crew.messages("U_SUPERVISOR", "C_REVIEW"))
        with SlackApp(desk.services, lambda: datetime.now(UTC)):
            desk.crew.seen("U_SUPERVISOR", "C_REVIEW", number)


@pytest.mark.parametrize("fault", [{"kind": "tcp_reset"}, {"kind": "disconnect"}])
def test_a_broken_connection_comes_back_and_nothing_is_lost(
    without_channel: Desk, fault: dict[str, str]
) -> None:
    crew = without_channel.crew
    crew.fault(**fault)
    asked = crew.say("U_AGENT", "dm", "借期几天？")
    assert "21" in text_of(crew.reply("U_AGENT", asked))
