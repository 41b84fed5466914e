"""Asking: in the DM, in the thread, by mention; sources, masking, redelivery, Stop, broken streams."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from running_bot import Desk

from bot.assistant.answers import Answer, Outcome, Turn
from bot.demo.crew import Crew, buttons_of, is_finished, is_from_bot, text_of
from bot.listeners import ask
from bot.listeners.running import RunningAnswers

BOT = "<@U_BOT>"


def answers_in(crew: Crew, channel: str, thread_ts: str, user: str = "U_AGENT") -> list[str]:
    return [
        text_of(m)
        for m in crew.messages(user, channel, thread_ts)
        if is_from_bot(m) and is_finished(m) and "answer_feedback" in buttons_of(m)
    ]


def test_a_question_in_the_dm_gets_the_clause_with_its_source(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "借书卡丢了补办要多少钱？")
    answer = crew.reply("U_AGENT", asked)
    shown = text_of(answer)
    assert "补办收工本费" in shown
    assert "街角图书借阅室守则" in shown
    assert "第1版" in shown
    assert {"escalate", "log_ticket", "answer_feedback"} <= set(buttons_of(answer))
    tasks = answer["stream"]["tasks"]
    assert [task["task_id"] for task in tasks] == ["search", "read", "check"]
    assert {task["status"] for task in tasks} == {"complete"}
    assert "借阅室守则" in str(tasks[1]["output"])
    assert "sources" not in tasks[1]  # there is no address where manuals could be opened


def test_the_interface_speaks_the_locale_of_the_person(crew: Crew) -> None:
    asked = crew.say("U_AGENT2", "dm", "借书卡丢了补办要多少钱？")
    assert "Sources (verbatim)" in text_of(crew.reply("U_AGENT2", asked))


def test_a_follow_up_in_the_thread_reads_the_thread_back(desk: Desk, crew: Crew, heard: Heard) -> None:
    asked = crew.say("U_AGENT", "dm", "一张借书卡一次能借几本？")
    first = crew.reply("U_AGENT", asked)
    again = crew.say("U_AGENT", "dm", "那借期几天？", thread_ts=asked["ts"])
    crew.reply("U_AGENT", again | {"thread_ts": asked["ts"]})
    roles = [(turn.role, turn.text) for turn in heard.histories[-1]]
    assert roles[0] == ("user", "一张借书卡一次能借几本？")
    # The answer is read back with its sources: for a model as lines, for the search as ids of clauses.
    assert roles[1][0] == "assistant"
    said, *sources = roles[1][1].split("\n— ")
    assert said == first["stream"]["text"]
    assert sources
    assert all(source.startswith("《") for source in sources)
    recorded = desk.services.desk.answer_record(_newest_answer(desk) - 1)
    assert heard.histories[-1][1].cites == recorded.clause_ids != ()
    assert len(roles) == 2
    assert heard.histories[0] == []


def test_a_long_thread_is_read_over_all_pages(
    crew: Crew, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.listeners.threads._PAGE", 2)
    asked = crew.say("U_AGENT", "dm", "自习间每天最多约几小时？")
    crew.reply("U_AGENT", asked)
    for text in ("预约后多久没到座位会释放？", "那停约几天？"):
        again = crew.say("U_AGENT", "dm", text, thread_ts=asked["ts"])
        crew.reply("U_AGENT", again | {"thread_ts": asked["ts"]})
    assert [turn.role for turn in heard.histories[-1]] == ["user", "assistant", "user", "assistant"]
    assert all(turn.cites for turn in heard.histories[-1] if turn.role == "assistant")


def test_a_mention_in_a_channel_is_answered_once_in_its_thread(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 逾期归还每天收多少滞还费？")
    assert "滞还费" in text_of(crew.reply("U_AGENT", asked))
    time.sleep(0.5)
    assert len(answers_in(crew, "C_FLOOR", asked["ts"])) == 1


def test_a_reply_in_the_bots_thread_needs_no_mention(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 借阅室几点开门？")
    crew.reply("U_AGENT", asked)
    again = crew.say("U_AGENT2", "C_FLOOR", "闭馆前多久停止办理借书？", thread_ts=asked["ts"])
    crew.reply("U_AGENT2", again | {"thread_ts": asked["ts"]})
    assert len(answers_in(crew, "C_FLOOR", asked["ts"])) == 2


def test_nobody_else_in_a_channel_is_answered(crew: Crew) -> None:
    start = crew.say("U_AGENT", "C_FLOOR", "大家今天借阅室几点开门？")
    crew.say("U_AGENT2", "C_FLOOR", "好像九点四十", thread_ts=start["ts"])
    edited = crew.say("U_AGENT", "dm", "借期几天？")
    crew.reply("U_AGENT", edited)
    crew._post("edits", {"user": "U_AGENT", "channel": "dm", "ts": edited["ts"], "text": "借期是几天？"})
    # What is asked last is answered last: by then the others would have been.
    crew.reply("U_AGENT", crew.say("U_AGENT", "dm", "一次最多借几本？"))
    assert answers_in(crew, "C_FLOOR", start["ts"]) == []
    crew.wait(
        lambda: len(answers_in(crew, edited["channel"], edited["ts"])) == 1, "one answer to what was edited"
    )


def test_what_people_say_to_each_other_in_the_bots_thread_is_left_alone(crew: Crew, heard: Heard) -> None:
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 一张借书卡一次能借几本？")
    crew.reply("U_AGENT", asked)
    for user, text in (
        ("U_AGENT", "好的，谢谢！"),
        ("U_AGENT2", ":+1:"),
        ("U_AGENT", "<@U_AGENT2> 闭馆前多久停止办理借书，你知道吗？"),
        ("U_AGENT2", "ok, got it"),
    ):
        crew.say(user, "C_FLOOR", text, thread_ts=asked["ts"])
    again = crew.say("U_AGENT2", "C_FLOOR", "那借期几天？", thread_ts=asked["ts"])
    crew.reply("U_AGENT2", again | {"thread_ts": asked["ts"]})
    assert len(answers_in(crew, "C_FLOOR", asked["ts"])) == 2
    # Nor is it taken for part of the conversation with the bot.
    assert [turn.role for turn in heard.histories[-1]] == ["user", "assistant"]


def test_thanks_in_the_dm_are_not_looked_up(crew: Crew, heard: Heard) -> None:
    crew.say("U_AGENT", "dm", "收到，谢谢")
    asked = crew.say("U_AGENT", "dm", "借期几天？")
    crew.reply("U_AGENT", asked)
    assert heard.questions == ["借期几天？"]


@pytest.mark.parametrize("fault", [{"kind": "duplicate"}, {"kind": "lose_ack", "type": "events_api"}])
def test_an_event_delivered_again_gives_one_answer(crew: Crew, fault: dict[str, str]) -> None:
    crew.fault(**fault)
    asked = crew.say("U_AGENT", "dm", "补办借书卡收多少工本费？")
    crew.reply("U_AGENT", asked)
    time.sleep(3.5 if fault["kind"] == "lose_ack" else 0.5)
    assert len(answers_in(crew, asked["channel"], asked["ts"])) == 1


def test_what_no_manual_says_is_told_and_escalating_is_offered(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "食堂周三供应什么甜品？")
    answer = crew.reply("U_AGENT", asked)
    escalate = next(
        element
        for block in answer["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "escalate"
    )
    assert escalate["style"] == "primary"
    assert "出处（原文）" not in text_of(answer)


def test_private_data_is_masked_before_anything_sees_it(desk: Desk, crew: Crew, heard: Heard) -> None:
    phone = "13912345678"
    asked = crew.say("U_AGENT", "dm", f"顾客 {phone} 的借书卡丢了，补办多少钱？")
    answer = crew.reply("U_AGENT", asked)
    assert phone not in heard.questions[-1]
    assert phone not in text_of(answer)
    recorded = desk.services.desk.answer_record(_newest_answer(desk))
    assert phone not in recorded.question
    assert recorded.clause_ids


def test_every_answer_is_in_the_ledger_with_its_clauses(desk: Desk, crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "座位预约后多久没到会释放？")
    crew.reply("U_AGENT", asked)
    record = desk.services.desk.answer_record(_newest_answer(desk))
    cited = desk.services.library.clauses(list(record.clause_ids))
    assert any("自动释放" in clause.text for clause in cited)
    assert record.origin.message_ts == asked["ts"]


def test_a_stream_that_expires_is_replaced_by_the_whole_answer(desk: Desk, slow: Slow) -> None:
    crew = desk.crew
    asked = crew.say("U_AGENT", "dm", "慢慢说")
    slow.wait_until_begun()
    crew.wait(lambda: len(crew.messages("U_AGENT", "dm", asked["ts"])) > 1, "the stream")
    crew.fault(kind="expire_streams")
    slow.go_on()
    answer = crew.seen("U_AGENT", "dm", "第二段", after=asked["ts"], thread_ts=asked["ts"])
    assert "第一段" in text_of(answer)
    assert "escalate" in buttons_of(answer)
    assert len(answers_in(crew, asked["channel"], asked["ts"])) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "api_error", "method": "chat.startStream", "error": "internal_error"},
        {"kind": "api_error", "method": "chat.stopStream", "error": "internal_error"},
        {"kind": "http_error", "method": "chat.appendStream", "status": 503},
        {"kind": "api_error", "method": "agents.sessions.setStatus", "error": "internal_error"},
    ],
)
def test_an_answer_arrives_whatever_fails_on_the_way(desk: Desk, fault: dict[str, Any]) -> None:
    crew = desk.crew
    crew.fault(**fault)
    asked = crew.say("U_AGENT", "dm", "逾期归还每本每天收多少滞还费？")

    def arrived() -> bool:
        return bool(answers_in(crew, asked["channel"], asked["ts"]))

    crew.wait(arrived, "the answer")
    [answer] = answers_in(crew, asked["channel"], asked["ts"])
    assert "滞还费" in answer
    crew.fault(kind="clear")


def test_the_stop_button_goes_when_the_answer_is_there(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "借期几天？")
    crew.reply("U_AGENT", asked)
    session = crew.place("U_AGENT", "dm")["sessions"][asked["ts"]]
    assert session["status"] == "active"
    assert session["title"] == "借期几天？"


def test_clicks_are_acknowledged_while_all_answers_are_busy(desk: Desk, slow: Slow) -> None:
    crew = desk.crew
    asked = [crew.say("U_AGENT", "dm", f"慢慢说 {n}") for n in range(30)]
    slow.wait_until_begun()
    took = [crew.command("U_AGENT2", "C_FLOOR", "help") for _ in range(5)]
    assert all(answer["acked"] for answer in took)
    assert max(answer["ms"] for answer in took) < 1000
    slow.go_on()
    for message in asked:
        crew.reply("U_AGENT", message)


def test_stop_ends_a_running_answer_within_a_second(desk: Desk, slow: Slow) -> None:
    crew = desk.crew
    asked = crew.say("U_AGENT", "dm", "慢慢说")
    slow.wait_until_begun()
    crew.wait(lambda: len(crew.messages("U_AGENT", "dm", asked["ts"])) > 1, "the stream")
    crew.stop("U_AGENT", "dm", asked["ts"])
    end = time.monotonic() + 1
    while not slow.cancelled() and time.monotonic() < end:
        time.sleep(0.01)
    assert slow.cancelled()
    slow.go_on()
    message = crew.seen("U_AGENT", "dm", "已停止", after=asked["ts"], thread_ts=asked["ts"])
    assert "第二段" not in text_of(message)
    assert "answer_feedback" not in buttons_of(message)


def test_stop_reaches_an_answer_that_another_process_writes(
    desk: Desk, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack tells one process of it, whichever. What is asked in the thread afterwards goes on."""
    crew = desk.crew
    asked = crew.say("U_AGENT", "dm", "慢慢说")
    slow.wait_until_begun()
    crew.wait(lambda: len(crew.messages("U_AGENT", "dm", asked["ts"])) > 1, "the stream")
    event = {"channel": asked["channel"], "thread_ts": asked["ts"], "event_ts": "9.9"}
    other = replace(desk.app.shared, running=RunningAnswers())
    monkeypatch.setattr(type(desk.services), "alone", False)
    ask.on_stop(other, SimpleNamespace(body={"event": event}))  # type: ignore[arg-type]
    assert not slow.cancelled()
    desk.app.look_for_stops()
    assert slow.cancelled()
    slow.go_on()
    crew.seen("U_AGENT", "dm", "已停止", after=asked["ts"], thread_ts=asked["ts"])
    with desk.app.shared.running.started(asked["channel"], asked["ts"]) as flag:
        desk.app.look_for_stops()
        assert not flag.is_set()


def test_after_stop_the_thread_does_not_say_that_work_goes_on(desk: Desk, slow: Slow) -> None:
    """Whether Slack takes a last word into a message that a person stopped is not known: here it does not."""
    crew = desk.crew
    asked = crew.say("U_AGENT", "dm", "慢慢说")
    slow.wait_until_begun()
    crew.wait(lambda: len(crew.messages("U_AGENT", "dm", asked["ts"])) > 1, "the stream")
    crew.fault(kind="api_error", method="chat.stopStream", error="stopped_by_user")
    crew.stop("U_AGENT", "dm", asked["ts"])
    slow.go_on()
    crew.wait(
        lambda: crew.place("U_AGENT", "dm")["sessions"][asked["ts"]]["status"] == "active", "an idle session"
    )


def test_stop_ends_an_answer_that_has_no_word_yet(
    desk: Desk, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quoting answer comes in one piece: stopped before, nothing of it is shown and nothing recorded."""
    searching, found = threading.Event(), threading.Event()
    kind = type(desk.services.assistant)
    answer = kind._answer

    def search(self: Any, asked: Any) -> Any:
        searching.set()
        assert found.wait(60)
        return answer(self, asked)

    monkeypatch.setattr(kind, "_answer", search)
    before = _given(desk)
    asked = crew.say("U_AGENT", "dm", "一张借书卡一次能借几本？")
    assert searching.wait(60)
    crew.wait(lambda: len(crew.messages("U_AGENT", "dm", asked["ts"])) > 1, "the stream")
    crew.stop("U_AGENT", "dm", asked["ts"])
    crew.wait(lambda: any(flag.is_set() for flag in _flags(desk)), "the flag of Stop")
    found.set()
    message = crew.seen("U_AGENT", "dm", "已停止", after=asked["ts"], thread_ts=asked["ts"])
    assert "7" not in text_of(message)
    assert crew.place("U_AGENT", "dm")["sessions"][asked["ts"]]["status"] == "active"
    assert _given(desk) == before


def _given(desk: Desk) -> int:
    return sum(entry.action == "answer.given" for entry in desk.services.desk.audit())


def _flags(desk: Desk) -> list[threading.Event]:
    return [flag for flags in list(desk.app.shared.running._flags.values()) for flag in flags]


def test_an_unforeseen_error_is_one_sentence_with_a_number(
    desk: Desk, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> Iterator[Answer]:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(type(desk.services.assistant), "stream", fail)
    asked = crew.say("U_AGENT", "dm", "借期几天？")
    shown = text_of(crew.reply("U_AGENT", asked))
    assert "编号" in shown
    assert "secret" not in shown
    assert "ZeroDivision" not in shown


class Heard:
    """What the assistant was asked."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.histories: list[list[Turn]] = []


@pytest.fixture
def heard(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Listen to what reaches the (real) assistant."""
    found = Heard()
    kind = type(desk.services.assistant)
    stream = kind.stream

    def listen(
        self: object, question: str, history: object = (), **options: object
    ) -> Iterator[str | Answer]:
        found.questions.append(question)
        found.histories.append(list(history))  # type: ignore[call-overload]
        return stream(self, question, history, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(kind, "stream", listen)
    return found


class Slow:
    """An assistant that says one thing, then waits for the test."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.released = threading.Event()
        self.cancelled = lambda: False

    def stream(
        self, question: str, history: object = (), *, cancelled: object, view: object, asker: object
    ) -> Iterator[str | Answer]:
        self.cancelled = cancelled  # type: ignore[assignment]
        yield "第一段" + "。" * 300
        self.begun.set()
        assert self.released.wait(20)
        if not self.cancelled():
            yield "第二段"
        yield Answer(Outcome.ANSWERED, "第一段第二段")

    def wait_until_begun(self) -> None:
        assert self.begun.wait(10)

    def go_on(self) -> None:
        self.released.set()


@pytest.fixture
def slow(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    scripted = Slow()
    monkeypatch.setattr(
        type(desk.services.assistant),
        "stream",
        lambda self, *args, **options: scripted.stream(*args, **options),
    )
    yield scripted
    scripted.go_on()


def _newest_answer(desk: Desk) -> int:
    given = [entry for entry in desk.services.desk.audit() if entry.action == "answer.given"]
    return int(given[-1].subject.partition(":")[2])
