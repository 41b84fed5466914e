"""The workspace as one thing: an HTTP server on 127.0.0.1 with its own event loop in a thread."""

import asyncio
import errno
import json
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from bot.workspace.clicks import Clicks
from bot.workspace.control import Control
from bot.workspace.control_http import LARGEST_BODY, ControlHttp
from bot.workspace.delivery import Delivery
from bot.workspace.errors import WorkspaceError
from bot.workspace.people import APP, BOT_USER
from bot.workspace.sockets import Sockets
from bot.workspace.timing import Timing
from bot.workspace.webapi import WebApi
from bot.workspace.wire import Wire
from bot.workspace.world import World

log = structlog.get_logger(__name__)
HOST = "127.0.0.1"
LOOPBACK = {"127.0.0.1", "localhost"}
PAGE = Path(__file__).parent / "page"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
POLICY = "default-src 'self'; img-src 'self' data: http: https:; style-src 'self'; object-src 'none'; base-uri 'none'"


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Workspace:
    """A Slack-compatible workspace. Use it as a context manager, or call start() and stop().

    port 0 takes any free port. manifest: the app's manifest as a dict, from which the page learns
    shortcuts and slash commands. Raises WorkspaceError on start if the port is taken.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        timing: Timing | None = None,
        manifest: dict[str, Any] | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._port = port
        self.bot_user = BOT_USER
        self.bot_token = f"xoxb-local-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-{APP}-{secrets.token_hex(12)}"
        self.signing_secret = secrets.token_hex(16)
        self._world = World(clock, timing or Timing())
        self._world.manifest = manifest or {}
        self._sockets = Sockets(self._world)
        self._wire = Wire(self._world, self._sockets)
        self._delivery = Delivery(self._world, self._wire)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.SockSite | None = None

    # -- addresses ------------------------------------------------------------------------------------
    @property
    def port(self) -> int:
        """The port in use once started."""
        return self._port

    @property
    def url(self) -> str:
        """The page."""
        return f"http://{HOST}:{self._port}/"

    @property
    def api_url(self) -> str:
        """For SLACK_API_URL or WebClient(base_url=…)."""
        return f"{self.url}api/"

    @property
    def control_url(self) -> str:
        """The control API: POST {control_url}/messages and so on."""
        return f"{self.url}control"

    def describe(self) -> dict[str, str]:
        """What a program needs to use the workspace; `kefu workspace` prints it as one line."""
        return {
            "url": self.url,
            "api_url": self.api_url,
            "bot_token": self.bot_token,
            "app_token": self.app_token,
            "signing_secret": self.signing_secret,
            "bot_user": self.bot_user,
            "control_url": self.control_url,
        }

    # -- life -----------------------------------------------------------------------------------------
    def start(self) -> "Workspace":
        """Listen. Raises WorkspaceError if the port is taken or out of range."""
        listener = _listen(self._port)
        self._port = listener.getsockname()[1]
        self._world.base_url = self.url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="local-workspace", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._serve(listener), self._loop).result(30)
        log.info("workspace.started", port=self._port)
        return self

    def stop(self) -> None:
        """Close sockets and the server; safe to call twice."""
        if self._loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        self._loop = self._thread = None
        log.info("workspace.stopped", port=self._port)

    def wait_for_bot(self, seconds: float = 10.0) -> bool:
        """Whether a bot's socket is (or within the time becomes) connected."""
        if self._loop is None:
            return False
        waiting = self._sockets.wait_until_connected(seconds)
        return asyncio.run_coroutine_threadsafe(waiting, self._loop).result(seconds + 5)

    def __enter__(self) -> "Workspace":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- inside the loop ------------------------------------------------------------------------------
    async def _serve(self, listener: socket.socket) -> None:
        world = self._world
        world.emit = self._delivery.event
        world.socket_address = self._sockets.address
        webapi = WebApi(world, self.bot_token, self.app_token)
        control = Control(world, Clicks(world, self._delivery, webapi.note))
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._guard])
        app.add_routes(webapi.routes())
        app.add_routes(ControlHttp(world, self._sockets, control, self._wire).routes())
        app.add_routes([web.get("/link/", self._sockets.handle)])
        app.add_routes([web.get("/", _index), web.get("/archives/{rest:.*}", _index)])
        app.add_routes([web.static("/page", PAGE)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        self._site = web.SockSite(self._runner, listener)
        await self._site.start()

    async def _close(self) -> None:
        # No new visitors first: a bot whose socket closes knocks again at once.
        if self._site is not None:
            await self._site.stop()
        await self._delivery.close()
        await self._sockets.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse foreign names for this address (DNS rebinding) and foreign pages (cross-site requests)."""
        # Only names count: the SDK's own WebSocket client sends its Host without a port.
        visitors = [f"//{request.host}"] + [
            request.headers[name] for name in ("Origin",) if name in request.headers
        ]
        if any(urlsplit(visitor).hostname not in LOOPBACK for visitor in visitors):
            return web.json_response({"error": "this workspace answers on 127.0.0.1 only"}, status=403)
        response = await handler(request)
        if (not response.prepared and request.path.startswith(("/page", "/archives"))) or request.path == "/":
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["Cache-Control"] = "no-cache"
        return response


async def _index(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


def _listen(port: int) -> socket.socket:
    """A listening socket on loopback. Raises WorkspaceError with one sentence."""
    if not 0 <= port <= 65535:
        raise WorkspaceError(f"Port {port} is not a port: it must be between 0 and 65535.")
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise WorkspaceError(
                f"Port {port} is in use by another program; choose another, or 0 for any free one."
            ) from error
        raise WorkspaceError(f"The workspace cannot listen on port {port}: {error.strerror}.") from error
    return listener


def serve(port: int = 0) -> None:
    """Run a workspace until Ctrl-C; prints the JSON line of describe() first."""
    with Workspace(port) as workspace:
        print(json.dumps(workspace.describe()), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            log.info("workspace.interrupted")
