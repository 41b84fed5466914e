"""Said once: whatever times out, dies or restarts between Slack and the database, nothing is lost and nothing doubled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from block_samples import content
from running_bot import Desk, double_click, running
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator

from bot.demo.crew import Crew, buttons_of, text_of
from bot.listeners import answering, resuming
from bot.listeners.streaming import AnswerStream
from bot.services import Services
from bot.settings import SlackSettings
from bot.slack_app import SlackApp
from bot.slack_calls import retry_after, web_client
from bot.wiring import build_services
from tickets import outbox as rows
from tickets.people import Role
from tickets.records import Audience, Notice, NoticeKind, Origin
from tickets.rung_records import Grounds
from tickets.store import READING
from tickets.transaction import posting
from tickets.underway import HOLD, TakenOver, Underway, UnderwayDesk

EAGER = {"review_channel": None}


class Killed(BaseException):
    """The process is gone: nothing of ours catches this."""


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home, manuals = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")
    with running(home, manuals, **EAGER) as desk:
        yield desk


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery._FIRST_RETRY", timedelta(0))


def file(desk: Desk, summary: str) -> str:
    agent = desk.services.people.get("U_AGENT")
    told = replace(
        content(summary), policy_basis=(), next_role=Role.SUPERVISOR, next_reason="班长联系不上",
        grounds=Grounds.UNREACHABLE,
    )  # fmt: skip
    return desk.services.desk.file_escalation(agent, told, Origin(), f"test:{summary}").number


def count(services: Services, query: str) -> int:
    with services.engine.execution_options(**{READING: True}).connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {query}").scalar() or 0)


def settled(desk: Desk) -> None:
    """Nothing is left to be sent."""
    desk.crew.wait(lambda: not desk.unsent(), "an empty outbox")


def shown_to(crew: Crew, user: str, fragment: str) -> int:
    return sum(fragment in text_of(message) for message in crew.messages(user, "dm"))


@pytest.mark.usefixtures("at_once")
def test_a_message_whose_answer_was_lost_is_found_again(calm: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack took each message and nobody heard so, for every kind of notice on an escalation's way."""
    desk, lost = calm, 0
    call = desk.app.outbox.client._inner.api_call

    def deaf(method: str, **how: Any) -> Any:
        nonlocal lost
        answer = call(method, **how)
        if method == "chat.postMessage":
            message = how["json"]["channel"], how["json"]["metadata"]["event_payload"]
            if message not in heard:
                heard.append(message)
                lost += 1
                raise TimeoutError("the read operation timed out")
        return answer

    heard: list[Any] = []
    monkeypatch.setattr(desk.app.outbox.client._inner, "api_call", deaf)
    number = file(desk, "水管爆裂")
    desk.app.outbox.nudge()
    crew = desk.crew
    card = crew.seen("U_SUPERVISOR2", "dm", number)
    settled(desk)
    crew.click("U_SUPERVISOR2", card, "review_approve")
    crew.seen("U_AGENT", "dm", "已批准")
    settled(desk)
    assert lost >= 3
    assert [shown_to(crew, user, number) for user in ("U_SUPERVISOR", "U_SUPERVISOR2", "U_AGENT")] == [
        1,
        1,
        1,
    ]


def test_a_sender_that_died_between_posting_and_writing_it_down(
    calm: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = calm
    desk.app.outbox.stop()
    desk.app.outbox._thread.join(30)
    with monkeypatch.context() as patch:
        patch.setattr(desk.services.desk, "delivered", lambda *_: (_ for _ in ()).throw(Killed()))
        number = file(desk, "消防演练")
        with pytest.raises(Killed):
            desk.app.outbox.pump()
    assert shown_to(desk.crew, "U_SUPERVISOR", number) == 1
    assert not desk.app.outbox.pump(), "the dead sender's claim holds for a while"
    assert desk.services.desk.release_notices() >= 1
    while desk.app.outbox.pump():
        pass
    assert shown_to(desk.crew, "U_SUPERVISOR", number) == 1
    assert not desk.unsent()


def test_notices_about_one_thing_arrive_in_order(calm: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first fails and waits; what comes after it to the same reader waits behind it, others do not."""
    desk, outbox = calm, calm.app.outbox
    sent: list[int] = []
    failing = True

    def send(notice: Notice) -> tuple[str, str]:
        if not notice.subject.startswith("ticket:900"):
            return "", ""  # a duty that has just come round
        if failing and notice.subject == "ticket:9001" and notice.audience.user_id == "U_AGENT":
            raise ConnectionResetError
        sent.append(notice.subject_id)
        return "", ""

    outbox.stop()
    outbox._thread.join(30)
    monkeypatch.setattr(outbox, "_senders", dict.fromkeys(NoticeKind, send))
    agent, other = Audience(user_id="U_AGENT"), Audience(user_id="U_LEADER")
    now = datetime.now(UTC)
    with posting(desk.services.engine) as session:
        for number, subject, reader in (
            (1, "ticket:9001", agent), (2, "ticket:9001", agent), (3, "ticket:9001", other),
            (4, "ticket:9002", agent),
        ):  # fmt: skip
            rows.post(session, now, NoticeKind.TICKET_TOLD, subject, number, reader, "U_ADMIN")
    while outbox.pump():
        pass
    assert sorted(sent) == [3, 4]
    failing = False
    monkeypatch.setattr(desk.services.desk, "_clock", lambda: datetime.now(UTC) + timedelta(minutes=1))
    while outbox.pump():
        pass
    assert sent[2:] == [1, 2]


def test_slack_says_how_long_to_wait(calm: Desk) -> None:
    desk = calm
    desk.crew.fault(kind="rate_limit", count=1, retry_after=37, method="chat.postMessage")
    with pytest.raises(SlackApiError) as refused:
        desk.app.outbox.client.chat_postMessage(channel="C_REVIEW", text="x")
    assert retry_after(refused.value) == 37.0, "the outbox does not sleep: it comes back then"


def test_what_would_be_said_twice_is_not_repeated_when_a_connection_breaks() -> None:
    """A server that takes each call and hangs up: slack_sdk's own handler would post three times."""
    heard: list[str] = []

    class HangsUp(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.path.rpartition("/")[2])
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), HangsUp)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        client = web_client(SlackSettings(api_url=f"http://127.0.0.1:{server.server_port}/api/"), "xoxb-1")
        client.retry_handlers[0].interval_calculator = FixedValueRetryIntervalCalculator(0)
        with pytest.raises(OSError):
            client.chat_postMessage(channel="C1", text="x")
        assert heard == ["chat.postMessage"]
        with pytest.raises(OSError):
            client.chat_update(channel="C1", ts="1.1", text="x")
        assert heard[1:] == ["chat.update"] * 3
    finally:
        server.shutdown()
        server.server_close()


# -- answers -------------------------------------------------------------------------------------------


def restarted(desk: Desk) -> Desk:
    """The bot dies, and another process starts on what it left."""
    desk.app.stop()
    desk.services.close()
    services: Services = build_services(desk.services.settings)
    app = SlackApp(services)
    app.start()
    return Desk(desk.workspace, services, app, desk.crew)


def of_bot(crew: Crew, asked: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for m in crew.messages("U_AGENT", "dm", asked["ts"]) if m["user"] == "U_BOT"]


Moment = Callable[[pytest.MonkeyPatch], None]


def _kill(patch: pytest.MonkeyPatch, owner: object, name: str, *, after: bool) -> None:
    done = getattr(owner, name)

    def dies(*given: Any, **named: Any) -> Any:
        if after:
            done(*given, **named)
        raise Killed

    patch.setattr(owner, name, dies)


MOMENTS: dict[str, Moment] = {
    "before anything is shown": lambda p: _kill(p, AnswerStream, "begin", after=False),
    "when its message stands there empty": lambda p: _kill(p, AnswerStream, "begin", after=True),
    "in the middle of it": lambda p: _kill(p, AnswerStream, "write", after=True),
    "entered but not shown": lambda p: _kill(p, answering, "record", after=True),
    "before its buttons": lambda p: _kill(p, AnswerStream, "finish", after=False),
    "shown but not written down": lambda p: _kill(p, AnswerStream, "finish", after=True),
}


@pytest.mark.slow
def test_an_answer_is_finished_by_the_next_start_wherever_the_first_died(tmp_path: Path) -> None:
    """Six questions, each killed at another moment; then a restart: one answer each, whole, entered once."""
    home, manuals = tmp_path / "home", tmp_path / "manuals"
    manuals.mkdir()
    with running(home, manuals, **EAGER) as first:
        crew, questions = first.crew, []
        for moment in MOMENTS.values():
            before = first.services.desk.underway.open()
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(first.services.desk.underway, "done", lambda _id: None)
                moment(patch)
                tried = _watched(patch)
                questions.append(crew.say("U_AGENT", "dm", "借期是多少天？"))
                crew.wait(lambda: tried, "the death of the answer")  # noqa: B023 - waited for at once
            assert first.services.desk.underway.open() == before + 1
        second = restarted(first)
        try:
            crew.wait(lambda: not second.services.desk.underway.open(), "nothing left")
            for moment, asked in zip(MOMENTS, questions, strict=True):
                (answer,) = of_bot(crew, asked)
                assert "21" in text_of(answer), moment
                assert "answer_feedback" in buttons_of(answer), moment
            assert count(second.services, "answers") == len(questions)
            assert second.services.desk.verify_audit() is None
        finally:
            second.app.stop()
            second.services.close()


def _watched(patch: pytest.MonkeyPatch) -> list[bool]:
    """Becomes true when the answer's thread is through, dead or alive."""
    done: list[bool] = []
    answer = resuming.answer

    def watched(*given: Any) -> None:
        try:
            answer(*given)
        finally:
            done.append(True)

    patch.setattr(resuming, "answer", watched)
    return done


def test_a_question_that_kills_is_given_up_with_a_way_to_ask_again(
    calm: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, crew = calm, calm.crew
    with pytest.MonkeyPatch.context() as patch:
        _kill(patch, AnswerStream, "begin", after=True)
        tried = _watched(patch)
        asked = crew.say("U_AGENT", "dm", "自习间每天最多预约几小时？")
        crew.wait(lambda: tried, "the death of the answer")
    monkeypatch.setattr(resuming, "_MOST_ATTEMPTS", 0)
    underway = desk.services.desk.underway
    later = datetime.now(UTC) + HOLD + timedelta(seconds=1)
    underway.owner, mine = "another process", underway.owner
    monkeypatch.setattr(underway, "_clock", lambda: later)
    resuming.take_up(desk.app.shared)  # or the bot itself, which looks every three seconds
    underway.owner = mine
    (left,) = crew.wait(
        lambda: [m for m in of_bot(crew, asked) if resuming.ASK_AGAIN in buttons_of(m)], "the button"
    )
    assert "没能写完" in text_of(left)
    double_click(lambda: crew.click("U_AGENT", left, resuming.ASK_AGAIN))
    crew.wait(
        lambda: [m for m in of_bot(crew, asked) if "answer_feedback" in buttons_of(m)], "the answer after all"
    )
    desk.rest()
    assert sum("answer_feedback" in buttons_of(m) for m in of_bot(crew, asked)) == 1


def test_what_slack_does_not_take_is_answered_when_it_does_again(
    calm: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, crew = calm, calm.crew
    monkeypatch.setattr("tickets.underway.AGAIN", timedelta(0))
    put_off: list[object] = []
    underway = desk.services.desk.underway
    monkeypatch.setattr(
        underway, "put_off", lambda taken: (type(underway).put_off(underway, taken), put_off.append(taken))
    )
    for method in ("chat.startStream", "chat.appendStream", "chat.postMessage", "chat.postEphemeral"):
        crew.fault(kind="http_error", status=503, count=0, method=method)
    asked = crew.say("U_AGENT", "dm", "借书卡丢了补办要多少钱？")
    crew.wait(lambda: put_off, "Slack's refusal")
    assert underway.open() == 1
    crew.fault(kind="clear")
    crew.wait(
        lambda: resuming.take_up(desk.app.shared) or "answer_feedback" in str(of_bot(crew, asked)),
        "an attempt",
    )
    crew.wait(lambda: not underway.open(), "the end of it")
    (answer,) = of_bot(crew, asked)
    assert "补办收工本费" in text_of(answer)


@pytest.mark.slow
def test_what_runs_when_the_bot_is_told_to_stop_is_finished_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, manuals = tmp_path / "home", tmp_path / "manuals"
    manuals.mkdir()
    monkeypatch.setattr("bot.slack_app.STOP_SECONDS", 2.0)
    with running(home, manuals, **EAGER, answer_workers=1) as first:
        crew, stream = first.crew, type(first.services.assistant).stream

        def slowly(self: Any, *given: Any, cancelled: Callable[[], bool], **named: Any) -> Iterator[Any]:
            yield "借期"
            while not cancelled():
                time.sleep(0.02)
            yield "是"

        with monkeypatch.context() as patch:
            patch.setattr(type(first.services.assistant), "stream", slowly)
            asked = crew.say("U_AGENT", "dm", "借期是多少天？")
            crew.wait(lambda: of_bot(crew, asked), "the beginning of an answer")
            waiting = crew.say("U_AGENT", "dm", "可以续借几次？")
            crew.wait(lambda: first.services.desk.underway.open() == 2, "both taken on")
            first.app.stop()
        assert "马上接着写完" in text_of(of_bot(crew, asked)[0])
        assert type(first.services.assistant).stream is stream
        second = restarted(first)
        try:
            for question in (asked, waiting):
                crew.wait(
                    lambda: [m for m in of_bot(crew, question) if "answer_feedback" in buttons_of(m)],  # noqa: B023
                    "the answer",
                )
                assert len(of_bot(crew, question)) == 1
        finally:
            second.app.stop()
            second.services.close()


# -- who has what ---------------------------------------------------------------------------------------


def test_a_question_is_acknowledged_when_it_is_taken_on(calm: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it cannot be written down, Slack is not told so, and sends it again; it is answered once."""
    desk, crew, free = calm, calm.crew, threading.Event()
    underway = desk.services.desk.underway
    begin = type(underway).begin

    def slowly(self: Any, *given: Any) -> Any:
        free.wait(60)
        return begin(self, *given)

    monkeypatch.setattr("bot.listeners.acknowledging.PATIENCE", 0.3)
    with monkeypatch.context() as patch:
        patch.setattr(type(underway), "begin", slowly)
        asked = crew.say("U_AGENT", "dm", "借期是多少天？")
        trip = crew.wait(lambda: next(iter(_trips(crew, asked, 1)), None), "an attempt")
        free.set()
    assert trip["attempts"][0] != "acked"
    crew.wait(lambda: "acked" in str(_trips(crew, asked, 2)), "the event taken on")
    crew.wait(lambda: "answer_feedback" in str(of_bot(crew, asked)), "the answer")
    crew.wait(lambda: not underway.open(), "nothing underway")
    assert len(of_bot(crew, asked)) == 1


def _trips(crew: Crew, asked: dict[str, Any], attempts: int) -> list[dict[str, Any]]:
    trips = crew._get("deliveries", {"ts": asked["ts"]})["deliveries"]
    return [trip for trip in trips if len(trip["attempts"]) >= attempts]


def _asked(number: int) -> Underway:
    return Underway("U_AGENT", "D_U_LEADER", f"17.{number}", f"17.{number}", "几点开门？")


def test_two_answers_never_share_a_message(calm: Desk) -> None:
    underway = calm.services.desk.underway
    begun = [underway.begin([f"message:shared:{number}"], _asked(number)) for number in (1, 2)]
    first, second = (one.id for one in begun if one is not None)
    assert underway.streaming(first, "D_U_LEADER", "18.1")
    assert not underway.streaming(second, "D_U_LEADER", "18.1")
    for one in (first, second):
        underway.done(one)


def test_what_another_process_took_over_is_not_ours_to_write_any_more(calm: Desk) -> None:
    underway, later = calm.services.desk.underway, datetime.now(UTC) + HOLD + timedelta(seconds=1)
    begun = underway.begin(["message:taken over"], _asked(3))
    assert begun is not None
    other = UnderwayDesk(calm.services.engine, lambda: later, "the other one")
    assert [one.id for one in other.take_over()] == [begun.id]
    with pytest.raises(TakenOver):
        underway.known(begun.id, "9:40", [])
    underway.done(begun.id)
    assert underway.open() == 1, "the other one works on it"
    other.done(begun.id)
