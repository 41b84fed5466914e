"""Addresses, headers and queries with every kind of injection in them, at the bot's web server, at OAuth's pages and at the local
workspace's: nothing is read that is not offered, nothing comes back as markup, no header is forged."""

from __future__ import annotations

import http.client
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from attacks import KINDS, PATHS
from slack_door import SlackDoor

from bot.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from test_installing import company as company  # noqa: PLC0414 - the fixture: a bot that workspaces install

pytestmark = pytest.mark.refusals


def asked(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, str], str]:
    """One request, its path as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest(method, path, skip_host="Host" in (headers or {}), skip_accept_encoding=True)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def test_paths_and_queries_of_the_web_server(door: SlackDoor) -> None:
    tried = 0
    for kind, attacks in KINDS.items():
        for attack in attacks:
            safe = quote(attack, safe="/\\.:")
            for path in (f"/{safe}", f"/healthz/{safe}", f"/healthz?x={safe}", f"/slack/events/{safe}"):
                status, headers, said = asked(door.port, "GET", path)
                # What takes two seconds to look at counts as away: a busy machine is not well, but nothing is given away.
                wanted = (200, 503) if path.startswith("/healthz?") else (404,)
                assert status in wanted, (kind, path, status)
                assert headers["Content-Type"].startswith("application/json")
                assert "X-Injected" not in headers
                assert not [one for one in ("<script", "root:", "Traceback") if one in said]
                tried += 1
    assert tried > 100


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/slack/events/../../../etc/passwd",
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/\\..\\..\\x",
    ],
)
def test_no_path_leads_to_a_file(door: SlackDoor, path: str) -> None:
    status, _, said = asked(door.port, "GET", path)
    assert status in (400, 404)
    assert "root:" not in said


def test_headers_of_the_web_server(door: SlackDoor) -> None:
    """They decide nothing but whether a request is Slack's."""
    for attacks in KINDS.values():
        for attack in attacks:
            clean = "".join(c for c in attack if " " <= c < "\x7f")
            forged = {
                "X-Slack-Signature": f"v0={clean}",
                "X-Slack-Request-Timestamp": clean or "x",
                "X-Forwarded-For": clean,
                "User-Agent": clean,
            }
            status, _, said = asked(
                door.port, "POST", "/slack/events", {**forged, "Content-Type": "application/json"}, b"{}"
            )
            assert status in (400, 401), (status, said)
            assert "Traceback" not in said
    status, _, _ = asked(
        door.port, "POST", "/slack/events", {"Content-Type": "application/json"}, b"[" * 200_000
    )
    assert status in (400, 401)


def visited(address: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the loopback
            return answer.status, answer.headers.get("Content-Type", ""), answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Content-Type", ""), error.read().decode()


@pytest.mark.slow
def test_oauth_takes_nothing_that_it_did_not_give(company) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """State, code and error of the way back from Slack."""
    before = company.bots()
    for attacks in KINDS.values():
        for attack in attacks:
            safe = quote(attack, safe="")
            for query in (
                f"code={safe}&state={safe}",
                f"error={safe}&state={safe}",
                f"code={safe}",
                f"state={safe}",
                safe,
            ):
                status, _, page = visited(f"{company.address}/slack/oauth_redirect?{query}")
                assert status in (200, 400, 401, 403), (status, query)
                assert not [
                    one for one in ("<script", "<img", "onerror", "Traceback", "evil.example") if one in page
                ], page
    assert company.bots() == before


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    """The local workspace alone."""
    with Workspace(port=0) as made:
        yield made


def test_the_workspace_reads_no_other_files_and_answers_no_other_names(workspace: Workspace) -> None:
    for path in (
        *PATHS,
        "../people.py",
        "..%2f..%2fpeople.py",
        "%2e%2e/server.py",
        "page/../../server.py",
        "//etc/passwd",
    ):
        for base in ("/page/", "/", "/archives/", "/files/"):
            status, _, said = asked(workspace.port, "GET", quote(f"{base}{path}", safe="/%.\\:"))
            # Below /archives/ the page itself opens, which finds the message that is meant, or none.
            assert status in (400, 403, 404, 405) or (base == "/archives/" and status == 200), (
                base,
                path,
                status,
            )
            assert not [one for one in ("root:", "def ", "Traceback") if one in said], (base, path)
    for name in (
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "[::1].evil.example",
        "",
    ):
        assert asked(workspace.port, "GET", "/", {"Host": name})[0] in (400, 403), name
    assert asked(workspace.port, "GET", "/", {"Host": "127.0.0.1", "Origin": "http://evil.example"})[0] == 403


def test_the_workspace_page_may_load_nothing_from_elsewhere_and_its_api_takes_any_text(
    workspace: Workspace,
) -> None:
    _, headers, page = asked(workspace.port, "GET", "/")
    assert "script-src" in (policy := headers["Content-Security-Policy"]) or "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "<script>" not in page
    for attacks in KINDS.values():
        for attack in attacks:
            body = json.dumps({"user": attack, "channel": attack, "text": attack, "blocks": attack}).encode()
            for path in (
                "/control/messages",
                "/control/clicks",
                "/control/commands",
                "/api/chat.postMessage",
            ):
                status, told, said = asked(
                    workspace.port, "POST", path, {"Content-Type": "application/json"}, body
                )
                assert status in (200, 400, 403, 404, 405), (path, attack, status)
                assert told["Content-Type"].startswith("application/json"), path
                assert "Traceback" not in said
