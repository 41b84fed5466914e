"""The recorder of what bots send: it finds payloads, tells what is refused, and fails the run for it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from payload_recorder import PayloadRecorder
from payload_shapes import Payload, anonymous, cover, payloads_of, shape_of

from bot.workspace.calls import Call, CallLog

Json = dict[str, Any]


def section(text: str = "文字", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def call(
    arguments: Json, error: str = "", details: list[str] | None = None, advice: list[str] | None = None
) -> Call:
    return Call(1, "chat.postMessage", arguments, not error, error, details or [], "now", 1, advice or [])


@pytest.fixture
def recorder() -> PayloadRecorder:
    config: Any = SimpleNamespace(getoption=lambda _name: None)
    made = PayloadRecorder(config)
    assert made.note in CallLog.listeners
    CallLog.listeners.remove(made.note)  # what another test's bot still says does not count here
    return made


def finished(recorder: PayloadRecorder) -> int:
    session: Any = SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    recorder.pytest_sessionfinish(session)
    return int(session.exitstatus)


def test_good_payloads_are_counted_by_shape(recorder: PayloadRecorder) -> None:
    for text in ("一", "二"):
        recorder.note(call({"text": text, "blocks": json.dumps([section(text)])}))
    recorder.note(call({"view": {"type": "home", "blocks": [section(), section("又")]}}))
    recorder.note(call({"text": "only text"}))
    assert (recorder.calls, recorder.payloads, len(recorder.shapes)) == (4, 3, 2)
    assert recorder.refused == []
    assert finished(recorder) == 0


@pytest.mark.parametrize(
    "bad",
    [
        call({"blocks": []}, "invalid_blocks", ["too long"]),
        call({}, "missing_scope"),
        call({"blocks": [section()]}, advice=["missing_text_in_message: give one"]),
        call(
            {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "长" * 151}}]}
        ),
        call({"text": "x", "blocks": [{"type": "nothing that slack_sdk knows"}]}),
    ],
)
def test_what_is_refused_fails_the_run(recorder: PayloadRecorder, bad: Call) -> None:
    recorder.note(bad)
    assert len(recorder.refused) == 1
    assert finished(recorder) == 1


def test_what_happens_meanwhile_and_what_is_provoked_does_not(recorder: PayloadRecorder) -> None:
    recorder.note(call({}, "expired_trigger_id"))
    recorder.note(call({}, "missing_scope", ["fault switch"]))
    recorder._on_purpose = True
    recorder.note(call({}, "invalid_blocks"))
    assert (recorder.refused, recorder.provoked) == ([], 1)
    assert finished(recorder) == 0


def test_processes_are_summed(recorder: PayloadRecorder) -> None:
    told = {"calls": 3, "payloads": 2, "provoked": 1, "shapes": ["a"], "samples": {}, "refused": ["bad"]}
    for _ in range(2):
        recorder.pytest_testnodedown(SimpleNamespace(workeroutput={"payloads": json.dumps(told)}))
    assert (recorder.calls, recorder.payloads, recorder.provoked) == (6, 4, 2)
    assert recorder.shapes == {"a"}
    assert finished(recorder) == 1


def test_payloads_are_found_wherever_they_are() -> None:
    chunks = [{"type": "blocks", "blocks": [section()]}, {"type": "markdown_text", "text": "x"}]
    attachments = json.dumps([{"blocks": [section()]}])
    assert len(list(payloads_of(call({"chunks": chunks, "attachments": attachments, "text": "x"})))) == 2


def test_what_is_kept_says_nothing_and_is_still_valid() -> None:
    button = {
        "type": "button",
        "action_id": "approve:17",
        "value": "17",
        "text": {"type": "plain_text", "text": "批准"},
    }
    select = {"type": "users_select", "action_id": "who", "initial_user": "U_AGENT"}
    body = {
        "text": "陈静 13800138000",
        "blocks": [section("陈静"), {"type": "actions", "elements": [button, select]}],
    }
    plain = anonymous(Payload("message", body))
    text = json.dumps(plain.body, ensure_ascii=False)
    assert not any(secret in text for secret in ("陈静", "138", "批准", "U_AGENT", ":17"))
    assert shape_of(plain) == shape_of(Payload("message", body))
    assert len(plain.body["text"]) == len(body["text"])


def test_a_few_stand_for_all() -> None:
    divider = {"type": "divider"}
    both = Payload("message", {"text": "x", "blocks": [section(), divider]})
    assert cover([Payload("message", {"text": "x", "blocks": [divider]}), both]) == [both]
    assert cover([]) == []
