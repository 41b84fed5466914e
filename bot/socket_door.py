"""Socket Mode: Slack's requests over a websocket that we open, so that nobody needs to reach us."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from http import HTTPStatus
from typing import Any

import structlog
from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketApp, WebSocketException

from bot.assistant.turns import pressed
from bot.connecting import SlackUnusable
from bot.listeners import is_only_taken_on

_log = structlog.get_logger(__name__)

_SOCKET_THREADS = 32
_CONNECT_SECONDS = 15.0
_MOST_REMEMBERED = 1000


class _Client(SocketModeClient):
    """Acknowledges what needs no answer in the thread that receives it.

    slack_sdk hands an envelope from the receiving thread to a second, a third and a fourth, which looks every ten
    milliseconds whether it was acknowledged: while answers are written, each of them waits for its turn.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._taken_on: dict[str, None] = {}

    def connect(self) -> None:
        """Open a new session in the place of the one that Slack is about to close."""
        old = self.current_session
        if old is not None:
            old.on_close = None  # it ends because there is another
            _hang_up(old)
        super().connect()

    def _run_current_session(self) -> None:
        """As slack_sdk does it, but without websocket-client's check of every byte in Python, which takes longer than
        all else that is done with a card; what is not UTF-8 fails when it is decoded."""
        session = self.current_session
        if session is None:
            return
        try:
            session.run_forever(ping_interval=self.ping_interval, skip_utf8_validation=True)
        except Exception as error:  # noqa: BLE001 - as slack_sdk: the monitor opens another
            self.logger.exception(f"Failed to start or stop the current session: {error}")
            session.close()

    def enqueue_message(self, message: str | bytes) -> None:
        """Called by the thread that received it."""
        if isinstance(message, bytes):
            message = message.decode("utf-8", "replace")
        with contextlib.suppress(ValueError, WebSocketException, OSError):  # then it is acknowledged as usual
            envelope = json.loads(message)
            if isinstance(envelope, dict):
                self._take_on(envelope)
        super().enqueue_message(message)

    def _take_on(self, envelope: dict[str, Any]) -> None:
        body, number = envelope.get("payload"), envelope.get("envelope_id")
        if not isinstance(body, dict) or not number or self.current_session is None:
            return
        if envelope.get("type") != "events_api":
            pressed.begin(number)
        if is_only_taken_on(str(envelope.get("type")), body):
            self.current_session.send(json.dumps({"envelope_id": number}))
            self._taken_on[number] = None
            while len(self._taken_on) > _MOST_REMEMBERED:
                self._taken_on.pop(next(iter(self._taken_on)))

    def was_taken_on(self, envelope_id: str) -> bool:
        """Whether Slack has the acknowledgement; asked once."""
        return self._taken_on.pop(envelope_id, self) is None


def _hang_up(session: WebSocketApp) -> None:
    """End a session from another thread than its own.

    websocket-client waits up to ten seconds in select() on a socket that was closed in another thread; shutting the
    connection down first wakes it.
    """
    channel = session.sock
    raw = channel.sock if channel is not None else None
    if channel is not None and raw is not None:
        session.keep_running = False
        with contextlib.suppress(OSError, WebSocketException):  # the other side may have closed it by now
            channel.send_close()
            raw.shutdown(socket.SHUT_RDWR)


class SocketDoor:
    """The websocket while it is open."""

    def __init__(self, bolt: App, app_token: str) -> None:
        # The websocket_client adapter notices a TCP reset in half a second, the built-in one in a minute.
        self._bolt = bolt
        self._client = _Client(
            app_token=app_token, logger=bolt.logger, web_client=bolt.client, concurrency=_SOCKET_THREADS
        )
        self._client.socket_mode_request_listeners.append(self._handle)

    def _handle(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """One request, in a thread of the client's."""
        started = time.time()
        try:
            answer = run_bolt_app(self._bolt, request)
            if request.type == "events_api" and answer.status == HTTPStatus.BAD_REQUEST:
                answer = BoltResponse(status=HTTPStatus.OK, body="")  # ill built: not to be sent again
            if not self._client.was_taken_on(request.envelope_id):
                send_response(client, request, answer, started)
        # As in the gateway: bolt trusts the body to be built as Slack builds it.
        except Exception as error:  # noqa: BLE001
            _log.warning("request.unreadable", error=type(error).__name__)
        finally:
            pressed.end(request.envelope_id)

    def open(self) -> None:
        """Connect; returns when connected. Raises SlackUnusable."""
        opened = threading.Event()
        self._client.on_open_listeners.append(lambda _session: opened.set())
        try:
            self._client.connect()
        except SlackApiError as error:
            code = error.response.get("error")
            raise SlackUnusable(
                f"Slack refused SLACK_APP_TOKEN ({code}): it needs the scope connections:write."
            ) from error
        if not opened.wait(_CONNECT_SECONDS):
            raise SlackUnusable("Slack's Socket Mode does not answer; the network may block websockets.")

    @property
    def connected(self) -> bool:
        """Whether requests can come in just now."""
        return bool(self._client.is_connected())

    def close(self, seconds: float) -> None:
        """Close the socket after the requests in hand are acknowledged, at most `seconds` later."""
        client = self._client
        client.auto_reconnect_enabled = False
        client.closed = True
        client.message_processor.shutdown()
        finishing = threading.Thread(
            target=client.message_workers.shutdown, kwargs={"wait": True}, daemon=True
        )
        finishing.start()
        finishing.join(seconds)
        client.current_session_runner.event.set()  # or it opens the session again
        if client.current_session is not None:
            _hang_up(client.current_session)
        self._client.close()
