"""Requests as Slack would send them, signed, with whatever in them: straight to the bot's web server."""

from __future__ import annotations

import http.client
import itertools
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from running_bot import Desk
from slack_bolt.adapter.socket_mode.internals import run_bolt_app
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.listeners import is_only_taken_on

Json = dict[str, Any]
_numbers = itertools.count(1)


class SlackDoor:
    """Sends one request after the other."""

    def __init__(self, desk: Desk) -> None:
        assert desk.app._web is not None
        self.desk, self.port = desk, desk.app._web.port

    def send(self, body: bytes, kind: str = "application/json") -> tuple[int, str]:
        """Status and text of the answer to a signed body."""
        stamp = str(int(time.time()))
        signature = SignatureVerifier(self.desk.workspace.signing_secret).generate_signature(
            timestamp=stamp, body=body
        )
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(signature),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", "/slack/events", body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    def interact(self, payload: Mapping[str, Any]) -> tuple[int, str]:
        """A click, a form, a shortcut."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return self.send(body, "application/x-www-form-urlencoded")

    def command(self, fields: Mapping[str, Any]) -> tuple[int, str]:
        """A slash command."""
        return self.send(
            urlencode(dict(fields), errors="surrogatepass").encode(), "application/x-www-form-urlencoded"
        )

    def event(self, event: Mapping[str, Any]) -> tuple[int, str]:
        """An event."""
        return self.send(json.dumps(event_body(event)).encode())

    def by_socket(self, kind: str, body: Any) -> tuple[int, str]:
        """The same as the websocket hands it on: unsigned, already parsed."""
        envelopes = {"event": "events_api", "command": "slash_commands"}
        kind = envelopes.get(kind, "interactive")
        is_only_taken_on(kind, body)
        request = SocketModeRequest(kind, f"X{next(_numbers)}", json.loads(json.dumps(body)))
        try:
            answer = run_bolt_app(self.desk.app.bolt, request)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError):
            return 400, ""  # bolt reads before it asks us; `bot.socket_door` catches it
        return answer.status, str(answer.body)


def event_body(event: Mapping[str, Any]) -> Json:
    """An Events API body around an event."""
    number = next(_numbers)
    return {
        "type": "event_callback", "event_id": f"EvX{number}", "event_time": 1700000000, "team_id": "T_KEFU",
        "api_app_id": "A_KEFU", "token": "x", "event": dict(event),
    }  # fmt: skip


def click(user: str, action_id: str, value: str, channel: str, **changes: Any) -> Json:
    """block_actions of a button on a message of the bot."""
    ts = f"1700000000.{next(_numbers):06d}"
    return {
        "type": "block_actions", "user": {"id": user, "username": user, "team_id": "T_KEFU"},
        "team": {"id": "T_KEFU", "domain": "kefu"}, "api_app_id": "A_KEFU", "token": "x", "trigger_id": f"{ts}.x",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "channel": {"id": channel, "name": "x"},
        "message": {"type": "message", "user": "U_KEFU_BOT", "ts": ts, "text": "卡片", "blocks": []},
        "response_url": "http://127.0.0.1:9/response", "state": {"values": {}},
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": ts}],
        **changes,
    }  # fmt: skip


def submission(
    user: str, callback_id: str, metadata: str, values: Json, blocks: list[Json] | None = None
) -> Json:
    """view_submission of a modal."""
    return {
        "type": "view_submission", "user": {"id": user, "username": user, "team_id": "T_KEFU"},
        "team": {"id": "T_KEFU", "domain": "kefu"}, "api_app_id": "A_KEFU", "token": "x", "trigger_id": "1.2.x",
        "view": {
            "id": f"V{next(_numbers)}", "type": "modal", "callback_id": callback_id, "private_metadata": metadata,
            "blocks": blocks or [], "state": {"values": values}, "hash": "x", "title": {"type": "plain_text", "text": "x"},
        },
    }  # fmt: skip


def shortcut(user: str, callback_id: str, channel: str, message: Json) -> Json:
    """A shortcut out of a message's menu."""
    return {
        "type": "message_action", "callback_id": callback_id, "user": {"id": user, "username": user, "team_id": "T_KEFU"},
        "team": {"id": "T_KEFU", "domain": "kefu"}, "api_app_id": "A_KEFU", "token": "x", "trigger_id": "1.2.x",
        "message_ts": str(message.get("ts", "")), "channel": {"id": channel, "name": "x"}, "message": message,
        "response_url": "http://127.0.0.1:9/response",
    }  # fmt: skip


def command(user: str, text: str, channel: str, **changes: Any) -> Json:
    """A slash command."""
    return {
        "token": "x", "team_id": "T_KEFU", "team_domain": "kefu", "channel_id": channel, "channel_name": "x",
        "user_id": user, "user_name": user, "command": "/kefu", "text": text, "api_app_id": "A_KEFU",
        "is_enterprise_install": "false", "response_url": "http://127.0.0.1:9/response", "trigger_id": "1.2.x", **changes,
    }  # fmt: skip
