"""HTTP mode: an ordinary Bolt app behind a request URL gets signed requests, and again when it fails."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier
from workspace_bot import SampleBot
from workspace_http import served
from workspace_people import People, wait_for
from workspace_stage import PATIENT, QUICK

from bot.workspace import Timing, Workspace, WorkspaceError

Json = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
OK: Answer = (200, {}, b"")


@pytest.fixture(scope="module")
def http() -> Iterator[tuple[Workspace, People, SampleBot]]:
    with Workspace(timing=PATIENT) as workspace:
        bot = SampleBot(workspace.api_url, workspace.bot_token, workspace.signing_secret)
        with served(bot.app) as address:
            workspace.send_to(f"{address}/slack/events")
            yield workspace, People(workspace), bot


def test_events_commands_and_clicks_arrive_and_are_answered(
    http: tuple[Workspace, People, SampleBot],
) -> None:
    _, people, _ = http
    assert people.reply(people.say("你好"))["text"] == "收到：你好"
    done = people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="x")
    assert done["acked"], done
    said = [m for m in people.messages() if m["ts"] == done["ts"]]
    assert (said[0]["text"], said[0]["ephemeral"]) == ("你要的是：x", True), "ack(text) comes as text/plain"
    people.say("按钮")
    card = wait_for(lambda: [m for m in people.messages() if m["text"] == "请选"])[0]
    done = people.post("clicks", user="U_AGENT", channel="dm", ts=card["ts"], action_id="open_form")
    assert done["acked"], done
    view = people.modal()
    refused = people.post(
        "submissions", user="U_AGENT", view_id=view["id"], values={"what": "不行", "kind": "投诉"}
    )
    assert refused["errors"] == {"what": "再写清楚些"}
    done = people.post("submissions", user="U_AGENT", view_id=view["id"], values={"what": "客户来电"})
    assert done["closed"]


def test_a_wrong_signature_is_refused_by_the_app(http: tuple[Workspace, People, SampleBot]) -> None:
    _, people, _ = http
    people.post("faults", kind="bad_signature", count=1)
    done = people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="x")
    assert done["acked"] is False
    assert done["error"] == "the bot answered with an HTTP error"


def test_a_request_url_must_give_the_challenge_back(quiet_workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="must begin with http"):
        quiet_workspace.send_to("localhost/slack/events")
    with pytest.raises(WorkspaceError, match="did not answer the challenge"):
        quiet_workspace.send_to("http://127.0.0.1:9/slack/events")
    with (
        raw([(200, {}, b"no")]) as (url, _),
        pytest.raises(WorkspaceError, match="did not give the challenge"),
    ):
        quiet_workspace.send_to(url)
    stranger = App(token=quiet_workspace.bot_token, signing_secret="wrong", token_verification_enabled=False)
    with served(stranger) as address, pytest.raises(WorkspaceError, match="HTTP 401"):
        quiet_workspace.send_to(f"{address}/slack/events")


@contextmanager
def raw(answers: list[Answer]) -> Iterator[tuple[str, list[tuple[dict[str, str], str]]]]:
    """A server that knows nothing of Slack: it keeps what came and answers in this order, then with 200."""
    came: list[tuple[dict[str, str], str]] = []
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            came.append((dict(self.headers), body))
            status, headers, content = left.pop(0) if left else OK
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", came
    finally:
        server.shutdown()
        server.server_close()


def _workspace(url: str, timing: Timing = PATIENT) -> Workspace:
    return Workspace(timing=timing, request_url=url)


def test_requests_are_signed_and_carry_what_slack_sends() -> None:
    with raw([]) as (url, came), _workspace(url) as workspace:
        people = People(workspace)
        people.say("问")
        people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="a b")
        wait_for(lambda: len(came) == 2)
        verifier = SignatureVerifier(workspace.signing_secret)
        assert all(verifier.is_valid_request(body, headers) for headers, body in came)
        by_type = {headers["Content-Type"]: body for headers, body in came}
        event = json.loads(by_type["application/json"])
        assert event["type"] == "event_callback"
        assert event["team_id"] == "T_KEFU"
        command = parse_qs(by_type["application/x-www-form-urlencoded"])
        assert (command["command"], command["text"]) == (["/kefu"], ["a b"])


def test_a_failing_app_gets_the_event_again_with_number_and_reason() -> None:
    wrong: Answer = (500, {}, b"")
    with raw([wrong, wrong]) as (url, came), _workspace(url) as workspace:
        People(workspace).say("问")
        wait_for(lambda: len(came) == 3)
        retries = [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h, _ in came]
        assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]
        assert len({json.loads(body)["event_id"] for _, body in came}) == 1


def test_an_app_may_ask_not_to_get_it_again() -> None:
    with raw([(500, {"X-Slack-No-Retry": "1"}, b"")]) as (url, came), _workspace(url) as workspace:
        people = People(workspace)
        people.say("问")
        wait_for(lambda: came)
        people.say("另一个")
        wait_for(lambda: len(came) == 2)
        assert [json.loads(body)["event"]["text"] for _, body in came] == ["问", "另一个"]


def test_a_late_answer_counts_as_none() -> None:
    with raw([]) as (url, came), _workspace(url, QUICK) as workspace:
        people = People(workspace)
        people.post("faults", kind="lose_ack", count=1, type="events_api")
        people.say("问")
        wait_for(lambda: len(came) >= 2)
        assert came[1][0]["X-Slack-Retry-Reason"] == "http_timeout"


def test_sockets_and_the_request_url_are_one_or_the_other(http: tuple[Workspace, People, SampleBot]) -> None:
    _, people, _ = http
    url = people.get("request_url")["url"]
    assert people.post("request_url", url="") == {"url": ""}
    done = people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="x")
    assert "no bot is connected" in done["error"]
    status, body = people.try_post("request_url", {"url": "http://127.0.0.1:9/"})
    assert status == 400
    assert "did not answer the challenge" in body["error"]
    people.post("request_url", url=url)
    assert people.post("commands", user="U_AGENT", channel="dm", command="/kefu", text="x")["acked"]
