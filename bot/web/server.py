"""The HTTP server: waitress, in a thread of its own, on 127.0.0.1 unless told otherwise.

Why waitress: our bolt `App` is synchronous and lives in one process with its pools, its outbox and its schedule. A
WSGI server with threads fits that; bolt's ASGI adapter would run each request on the event loop itself, and servers
that fork (gunicorn) would copy our threads. Waitress is pure Python without dependencies, buffers slow clients before
they cost a thread, limits headers and bodies, drops forged proxy headers, and never shows a traceback.
"""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from waitress import wasyncore
from waitress.server import create_server

from bot.startup import StartupError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_log = structlog.get_logger(__name__)

_THREADS = 32
"""A request is a short acknowledgement: the work goes on in bolt's pool."""
LARGEST_BODY = 2 << 20
"""Bytes; Slack's largest payload, a submitted view, stays under 250 kB before it is percent-encoded."""
_LARGEST_HEADER = 64 << 10
_LOOK_SECONDS = 0.5
_IDLE_SECONDS = 30


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes any free one. Raises StartupError with one sentence."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
    except (OSError, OverflowError, UnicodeError) as error:
        raise StartupError(f"There is no address {host} to listen on; use 127.0.0.1 or 0.0.0.0.") from error
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(address)
        made.listen(1024)
    except (OSError, OverflowError) as error:
        made.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise StartupError(
                f"Port {port} is in use by another program; choose another with --port."
            ) from error
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise StartupError(f"The web server cannot listen on {host}, port {port}: {reason}.") from error
    return made


class Application(Protocol):
    """A WSGI application that can be told to take nothing new."""

    draining: bool

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""


class WebServer:
    """Serves a gateway until stopped."""

    def __init__(self, gateway: Application, listening: socket.socket) -> None:
        """`listening` is closed by `stop`; several processes may serve the same one."""
        self._gateway = gateway
        self.port = int(listening.getsockname()[1])
        self._sockets: dict[int, Any] = {}
        self._server: Any = create_server(
            gateway,
            map=self._sockets,
            sockets=[listening],
            threads=_THREADS,
            ident="",
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=_LARGEST_HEADER,
            channel_timeout=_IDLE_SECONDS,
            clear_untrusted_proxy_headers=True,
        )
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        _log.info("web.started", port=self.port)

    def _serve(self) -> None:
        while not self._ending.is_set():
            # poll(), where there is one: select() ends with an error once a process has a thousand files open.
            wasyncore.loop(timeout=_LOOK_SECONDS, use_poll=True, map=self._sockets, count=1)
        wasyncore.close_all(self._sockets)

    def stop(self, seconds: float) -> None:
        """Take no new request of Slack, answer those in hand (at most `seconds`), close."""
        if self._ending.is_set():
            return
        self._gateway.draining = True
        until = time.monotonic() + seconds
        self._server.task_dispatcher.shutdown(cancel_pending=False, timeout=max(seconds - 0.2, 0.1))
        self._ending.set()
        if self._thread.is_alive():
            self._server.pull_trigger()
            self._thread.join(max(until - time.monotonic(), 0.2))
        else:
            wasyncore.close_all(self._sockets)
        _log.info("web.stopped", port=self.port)
