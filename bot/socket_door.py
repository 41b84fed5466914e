"""Socket Mode: Slack's requests over a websocket that we open, so that nobody needs to reach us."""

from __future__ import annotations

import contextlib
import socket
import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError
from websocket import WebSocketException

from bot.connecting import SlackUnusable

_SOCKET_THREADS = 32
_CONNECT_SECONDS = 15.0


class SocketDoor:
    """The websocket while it is open."""

    def __init__(self, bolt: App, app_token: str) -> None:
        # The websocket_client adapter notices a TCP reset in half a second, the built-in one in a minute.
        self._handler = SocketModeHandler(bolt, app_token, concurrency=_SOCKET_THREADS)

    def open(self) -> None:
        """Connect; returns when connected. Raises SlackUnusable."""
        opened = threading.Event()
        self._handler.client.on_open_listeners.append(lambda _session: opened.set())
        try:
            self._handler.connect()
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
        return bool(self._handler.client.is_connected())

    def close(self, seconds: float) -> None:
        """Close the socket after the requests in hand are acknowledged, at most `seconds` later.

        websocket-client waits up to ten seconds in select() on a socket that was closed in another thread;
        shutting the connection down first wakes it.
        """
        client = self._handler.client
        client.auto_reconnect_enabled = False
        client.closed = True
        client.message_processor.shutdown()
        finishing = threading.Thread(
            target=client.message_workers.shutdown, kwargs={"wait": True}, daemon=True
        )
        finishing.start()
        finishing.join(seconds)
        client.current_session_runner.event.set()  # or it opens the session again
        session = client.current_session
        channel = session.sock if session is not None else None
        raw = channel.sock if channel is not None else None
        if session is not None and channel is not None and raw is not None:
            session.keep_running = False
            with contextlib.suppress(OSError, WebSocketException):  # the other side may have closed it by now
                channel.send_close()
                raw.shutdown(socket.SHUT_RDWR)
        self._handler.close()
