"""The network and Slack at their worst: a question is answered once and wholly, a click counts once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from running_bot import Desk, running

from bot.blocks import escalations
from bot.demo.crew import Crew, buttons_of, is_finished, is_from_bot, text_of

Json = dict[str, Any]
PATIENCE = 60
pytestmark = pytest.mark.slow
QUESTION, ANSWER = "逾期归还每天收多少？", "0.3"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot that may be maltreated."""
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        bot.crew.patience = PATIENCE
        yield bot


@pytest.fixture
def crew(desk: Desk) -> Iterator[Crew]:
    desk.rest()  # a fault is to strike what the test sends, not the event of the answer before
    yield desk.crew
    desk.crew.fault(kind="clear")


def deliveries(crew: Crew, ts: str) -> list[Json]:
    """How the events of a message went, once they are over."""

    def look() -> list[Json] | None:
        found: list[Json] = crew._get("deliveries", {"ts": ts})["deliveries"]
        return found if found and all(one["done"] for one in found) else None

    listed: list[Json] = crew.wait(look, "the end of the deliveries")
    return listed


def from_bot(crew: Crew, asked: Json) -> list[Json]:
    thread = crew.messages("U_AGENT", asked["channel"], asked["ts"])
    return [m for m in thread if is_from_bot(m) and not m["ephemeral"]]


def answered_once(crew: Crew, asked: Json) -> None:
    """One finished answer with the clause, and no other message beside it."""
    crew.wait(
        lambda: [m for m in from_bot(crew, asked) if is_finished(m) and ANSWER in text_of(m)], "the answer"
    )
    deliveries(crew, asked["ts"])
    said = from_bot(crew, asked)
    assert len(said) == 1, [text_of(m) for m in said]


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        ({"kind": "lose_ack", "type": "events_api"}, [["timeout", "acked"]]),
        ({"kind": "duplicate"}, [["acked"], ["acked"]]),
        ({"kind": "slow_socket", "seconds": 1.0, "type": "events_api"}, [["acked"]]),
    ],
)
def test_an_event_that_comes_late_or_again_is_answered_once(
    crew: Crew, fault: Json, attempts: list[list[str]]
) -> None:
    crew.fault(**fault)
    asked = crew.say("U_AGENT", "dm", QUESTION)
    answered_once(crew, asked)
    assert [one["attempts"] for one in deliveries(crew, asked["ts"])] == attempts


def test_questions_that_change_places_on_the_way_are_both_answered(crew: Crew) -> None:
    crew.fault(kind="reorder")
    both = [crew.say("U_AGENT", "dm", QUESTION) for _ in range(2)]
    for asked in both:
        answered_once(crew, asked)


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "delay", "seconds": 1.0},
        {"kind": "rate_limit", "retry_after": 1},
        {"kind": "http_error", "status": 503},
        {"kind": "api_error", "error": "internal_error"},
    ],
    ids=lambda fault: fault["kind"],
)
def test_an_answer_survives_what_slack_does_to_its_stream(crew: Crew, fault: Json, method: str) -> None:
    crew.fault(**fault, method=method)
    answered_once(crew, crew.say("U_AGENT", "dm", QUESTION))


def test_an_expired_stream_is_finished_otherwise(crew: Crew) -> None:
    crew.fault(kind="delay", seconds=8.0, method="chat.stopStream")
    asked = crew.say("U_AGENT", "dm", QUESTION)
    crew.wait(
        lambda: [m for m in from_bot(crew, asked) if (m["stream"] or {}).get("state") == "streaming"],
        "the stream",
    )
    assert crew.fault(kind="expire_streams")["done"] >= 1
    answered_once(crew, asked)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_what_is_asked_while_the_socket_changes_is_answered_once(crew: Crew, reason: str) -> None:
    crew.fault(kind="disconnect", reason=reason)
    answered_once(crew, crew.say("U_AGENT", "dm", QUESTION))


def test_what_is_asked_at_a_reset_is_answered_once(crew: Crew) -> None:
    before = crew.say("U_AGENT", "dm", QUESTION)
    crew.fault(kind="tcp_reset")
    after = crew.say("U_AGENT", "dm", QUESTION)
    for asked in (before, after):
        answered_once(crew, asked)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "lose_ack", "type": "interactive"},
        {"kind": "slow_socket", "seconds": 1.0, "type": "interactive"},
    ],
    ids=lambda fault: fault["kind"],
)
def test_a_click_whose_ack_is_lost_is_not_done_twice(desk: Desk, crew: Crew, fault: Json) -> None:
    asked = crew.say("U_AGENT", "dm", QUESTION)
    answered_once(crew, asked)
    message = from_bot(crew, asked)[0]
    action = next(one for one in buttons_of(message) if "escalate" in one)
    desk.rest()
    before = crew.calls()["total"]
    crew.fault(**fault)
    crew.click("U_AGENT", message, action)
    crew.form("U_AGENT", escalations.FORM)
    desk.rest()
    opened = [call for call in crew.calls("views.open")["calls"] if call["number"] > before]
    assert len(opened) == 1


def test_a_rush_beyond_slacks_tiers_is_answered(crew: Crew) -> None:
    """Slack gives 20 streams a minute to an app in a workspace; a minute of 20 seconds here."""
    crew.fault(kind="rate_limits", seconds=20)
    try:
        rush = [crew.say("U_AGENT", "dm", QUESTION) for _ in range(30)]
        for asked in rush:
            answered_once(crew, asked)
    finally:
        crew.fault(kind="rate_limits", seconds=0)
