"""HTTP mode: the same bot behind another door, its web server, and what it refuses."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from running_bot import Desk, running
from slack_sdk.signature import SignatureVerifier

from bot.demo.crew import Crew, text_of
from bot.web.server import LARGEST_BODY

FILLED = {
    "what_happened": "读者为滞还费在前台争执",
    "when": "今天上午",
    "tried": "已经解释过规定",
    "handling_suggestion": "请到现场处理",
}


@pytest.fixture(scope="module")
def over_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals"), http=True) as desk:
        yield desk


@pytest.fixture(params=["desk", "over_http"])
def door(request: pytest.FixtureRequest) -> Desk:
    """The bot over Socket Mode, and over HTTP."""
    found: Desk = request.getfixturevalue(request.param)
    return found


def test_a_question_is_answered_and_escalated_and_decided(door: Desk) -> None:
    crew = door.crew
    asked = crew.say("U_AGENT", "dm", "逾期每天收多少？")
    answer = crew.reply("U_AGENT", asked)
    assert "0.3" in text_of(answer)
    crew.click("U_AGENT", answer, "escalate")
    form = crew.form("U_AGENT", "escalation_form")
    blank = crew.submit("U_AGENT", form, FILLED | {"handling_suggestion": "   "})
    assert blank["errors"], "a form that is not filled in stays open and says what is missing"
    newest = crew.messages("U_AGENT", "dm")[-1]["ts"]
    assert crew.submit("U_AGENT", form, FILLED)["closed"]
    told = text_of(crew.seen("U_AGENT", "dm", "等待", after=newest))
    number = re.findall(r"E-\d+-\d+", told)[0]
    crew.click("U_LEADER", crew.seen("U_LEADER", "C_REVIEW", number), "review_approve")
    crew.wait(
        lambda: any("已批准" in text_of(m) and number in text_of(m) for m in crew.messages("U_AGENT", "dm")),
        "the decision",
    )


def test_a_command_and_a_mention(door: Desk) -> None:
    crew = door.crew
    assert crew.command("U_AGENT", "dm", "")["acked"]
    crew.seen("U_AGENT", "dm", "/kefu")
    asked = crew.say("U_AGENT", "C_FLOOR", "<@U_BOT> 自习间每人每天最多预约几小时？")
    assert "4" in text_of(crew.reply("U_AGENT", asked))


def test_a_lost_acknowledgement_is_answered_once(door: Desk) -> None:
    crew = door.crew
    crew.fault(kind="lose_ack", type="events_api")
    asked = crew.say("U_AGENT", "dm", "借期是多少天？")
    crew.reply("U_AGENT", asked)
    crew.fault(kind="duplicate")
    again = crew.say("U_AGENT", "dm", "可以续借几次？")
    crew.reply("U_AGENT", again)
    for question in (asked, again):
        thread = crew.messages("U_AGENT", "dm", question["ts"])
        assert sum(message["user"] == "U_BOT" for message in thread) == 1


@pytest.fixture
def web(over_http: Desk) -> Web:
    """The web server of the bot over HTTP."""
    assert over_http.app._web is not None
    return Web(over_http, over_http.app._web.port)


class Web:
    """Requests to the web server as anybody may send them."""

    def __init__(self, desk: Desk, port: int) -> None:
        self.desk, self.port = desk, port
        self.crew: Crew = desk.crew

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body or None, headers or {})
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def signed(self, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        verifier = SignatureVerifier(secret or self.desk.workspace.signing_secret)
        signature = verifier.generate_signature(timestamp=stamp, body=body)
        assert signature is not None
        return {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature,
        }


CHALLENGE = json.dumps({"type": "url_verification", "challenge": "drei", "token": "x"}).encode()


def test_slack_proves_itself_by_its_signature(web: Web) -> None:
    status, _, text = web.ask("POST", "/slack/events", CHALLENGE, web.signed(CHALLENGE))
    assert (status, json.loads(text)["challenge"]) == (200, "drei")
    old = web.signed(CHALLENGE, at=time.time() - 600)
    foreign = web.signed(CHALLENGE, secret="0" * 32)
    changed = web.signed(CHALLENGE.replace(b"drei", b"vier"))
    for headers in ({}, {"Content-Type": "application/json"}, old, foreign, changed):
        status, _, text = web.ask("POST", "/slack/events", CHALLENGE, headers)
        assert status == 401, text
        assert "drei" not in text


def event(text: str, **changes: Any) -> bytes:
    said = {"type": "message", "channel_type": "im", "channel": "D_U_AGENT", "user": "U_AGENT", "text": text}
    body = {
        "type": "event_callback", "event_id": "Ev_forged", "team_id": "T_KEFU", "api_app_id": "A_KEFU",
        "event": said | {"ts": "1700000000.000100"},
    }  # fmt: skip
    return json.dumps(body | changes).encode()


def test_what_is_not_signed_has_no_effect(web: Web) -> None:
    before = web.crew.calls()["total"]
    body = event("借期几天？")
    assert web.ask("POST", "/slack/events", body, {"Content-Type": "application/json"})[0] == 401
    junk = b"\xff\xfe{"
    assert web.ask("POST", "/slack/events", junk, web.signed(b"{}"))[0] in (400, 401)
    assert web.ask("POST", "/slack/events", b"{", {"Content-Type": "application/json"})[0] in (400, 401)
    large = b"x" * (LARGEST_BODY + 1)
    with contextlib.suppress(OSError):  # the server may hang up while it is still being sent
        assert web.ask("POST", "/slack/events", large)[0] == 413
    web.desk.app.outbox.nudge()
    assert web.crew.calls()["total"] == before
    assert not web.desk.services.desk.underway.open()


def test_what_else_the_server_answers(web: Web) -> None:
    status, headers, text = web.ask("GET", "/healthz")
    assert status == 200
    assert json.loads(text) == {"ready": True, "mode": "http", "connected": True}
    assert "Server" not in headers
    assert web.ask("GET", "/slack/events")[0] == 405
    for path in ("/", "/slack/install", "/slack/events/x", "/kefu/healthz", "/../../etc/passwd"):
        status, _, text = web.ask("GET", path)
        assert status == 404
        assert "Traceback" not in text


def test_behind_a_proxy_the_prefix_may_be_there_or_not(web: Web) -> None:
    from bot.web.gateway import Gateway

    gateway = Gateway(web.desk.app.bolt, lambda: {"ready": False}, prefix="/kefu")
    seen: list[str] = []

    def start(status: str, headers: Any, info: Any = None) -> Any:
        seen.append(status)

    for path in ("/healthz", "/kefu/healthz", "/kefuhealthz", "/kefu/kefu/healthz"):
        list(gateway({"PATH_INFO": path, "REQUEST_METHOD": "GET"}, start))
    assert [status[:3] for status in seen] == ["503", "503", "404", "404"]
