"""The control API and the server itself against bad input and foreign visitors."""

import http.client
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from workspace_people import People

from bot.workspace import Workspace, WorkspaceError


@pytest.fixture(scope="module")
def people() -> Any:
    with Workspace() as workspace:
        yield People(workspace)


@pytest.mark.parametrize(
    ("name", "wish", "status", "word"),
    [
        ("messages", {"user": "U_NOBODY", "channel": "dm", "text": "x"}, 400, "user must be one of"),
        ("messages", {"user": "U_BOT", "channel": "C_FLOOR", "text": "x"}, 400, "user must be one of"),
        ("messages", {"user": "U_AGENT", "channel": "C_NONE", "text": "x"}, 404, "C_NONE"),
        ("messages", {"user": "U_AGENT", "channel": "C_REVIEW", "text": "x"}, 403, "not in C_REVIEW"),
        ("messages", {"user": "U_AGENT", "channel": "D_U_ADMIN", "text": "x"}, 403, "not in"),
        ("messages", {"user": "U_AGENT", "channel": "dm", "text": "  "}, 400, "empty"),
        ("messages", {"user": "U_AGENT", "channel": "dm", "text": 5}, 400, "empty"),
        ("messages", {"user": "U_AGENT", "channel": "dm", "text": "x", "thread_ts": "1.2"}, 404, "1.2"),
        ("messages", {"user": "U_AGENT", "channel": "dm", "text": "x", "loud": 1}, 400, "unknown field loud"),
        ("messages", [], 400, "JSON object"),
        ("messages", b"{", 400, "not valid JSON"),
        ("songs", {}, 404, "songs"),
        ("clicks", {"user": "U_AGENT", "channel": "dm", "ts": "1.2", "action_id": "a"}, 404, "no message"),
        ("clicks", {"user": "U_AGENT", "view_id": "V1", "action_id": "a"}, 404, "no view"),
        ("submissions", {"user": "U_AGENT", "view_id": "V1", "values": {}}, 404, "no view"),
        ("commands", {"user": "U_AGENT", "channel": "dm", "command": "kefu", "text": ""}, 400, "slash"),
        ("shortcuts", {"user": "U_AGENT", "callback_id": ""}, 400, "callback_id"),
        ("files", {"user": "U_AGENT", "channel": "dm", "path": "/no/such"}, 404, "no file"),
        ("home", {"user": "U_AGENT", "tab": "about"}, 400, "home or messages"),
        ("stops", {"user": "U_AGENT", "channel": "dm"}, 400, "thread_ts"),
        ("faults", {"kind": "fire"}, 400, "kind must be one of"),
        ("faults", {"kind": "delay"}, 400, "needs seconds"),
        ("faults", {"kind": "lose_ack", "count": "2"}, 400, "wrong type"),
        ("faults", {"kind": "lose_ack", "count": -1}, 400, "negative"),
        ("faults", {"kind": "disconnect", "reason": "whim"}, 400, "reason"),
    ],
)
def test_bad_wishes_get_a_sentence(people: People, name: str, wish: Any, status: int, word: str) -> None:
    code, body = people.try_post(name, wish)
    assert (code, word in body["error"]) == (status, True), body


def test_only_json_is_read(people: People) -> None:
    """A form or text/plain post is what a foreign page could send without asking."""
    wish = {"user": "U_AGENT", "channel": "dm", "text": "x"}
    code, _ = people.try_post("messages", wish, content_type="text/plain")
    assert code == 415


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
@pytest.mark.parametrize("path", ["/", "/control/people", "/api/api.test"])
def test_foreign_names_and_pages_are_turned_away(people: People, headers: dict[str, str], path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", people.workspace.port)
    connection.request("GET", path, headers=headers)
    assert connection.getresponse().status == 403
    connection.close()


def test_the_page_is_whole_and_asks_nobody_else(people: People) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", people.workspace.port)
    connection.request("GET", "/")
    answer = connection.getresponse()
    page = answer.read().decode()
    assert answer.status == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    names = {file.name for file in (Path("bot/workspace/page")).iterdir()}
    for name in names - {"index.html"}:
        connection.request("GET", f"/page/{name}")
        file = connection.getresponse()
        text = file.read().decode()
        assert file.status == 200
        assert not re.search(r"https?://", text.replace("http://www.w3.org", "")), name
    assert 'src="/page/app.js"' in page


def test_a_message_can_be_listed_by_those_who_may(people: People) -> None:
    ts = people.say("给审核", user="U_LEADER", channel="C_REVIEW")
    assert people.messages("U_ADMIN", "C_REVIEW")[0]["ts"] == ts
    channels = {c["id"] for c in people.get("channels", user="U_AGENT")["channels"]}
    assert channels == {"C_FLOOR", "D_U_AGENT"}


def test_a_taken_port_is_one_sentence(people: People) -> None:
    with pytest.raises(WorkspaceError, match=f"Port {people.workspace.port} is in use"):
        Workspace(people.workspace.port).start()
    with pytest.raises(WorkspaceError, match="not a port"):
        Workspace(70_000).start()


def test_the_command_prints_one_json_line(people: People) -> None:
    code = "import sys; from bot.cli.workspace import workspace; workspace(int(sys.argv[1]))"
    taken = subprocess.run(
        [sys.executable, "-c", code, str(people.workspace.port)], capture_output=True, text=True, timeout=120
    )
    assert taken.returncode == 1
    assert taken.stderr.count("\n") == 1
    running = subprocess.Popen([sys.executable, "-c", code, "0"], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    line = json.loads(running.stdout.readline())
    running.terminate()
    running.wait(60)
    assert set(line) == {
        "url", "api_url", "bot_token", "app_token", "signing_secret", "bot_user", "control_url", "client_id",
        "client_secret", "authorize_url",
    }  # fmt: skip
