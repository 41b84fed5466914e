"""The workspace as one thing: an HTTP server on 127.0.0.1 with its own event loop in a thread."""

import asyncio
import errno
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
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
from bot.workspace.grid import Grid
from bot.workspace.oauth import OAuthPage, decide
from bot.workspace.people import FIRST_TEAM, Team
from bot.workspace.timing import Timing
from bot.workspace.ways import Ways
from bot.workspace.webapi import WebApi
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
    shortcuts and slash commands, and the bot its scopes. Raises WorkspaceError on start if the port is taken.

    request_url: HTTP mode from the beginning (without the challenge; `send_to` asks for it). teams: several
    workspaces (`SECOND_TEAM`, `ENTERPRISE_TEAMS` in people.py), each with people, channels and a control API
    of its own. installed: whether the first team has the app from the beginning; the others get it by OAuth
    only (`install_url`, `authorize`). token_seconds: life of tokens that OAuth hands out, 0: for ever.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        timing: Timing | None = None,
        manifest: dict[str, Any] | None = None,
        clock: Callable[[], datetime] = _utc_now,
        request_url: str = "",
        signing_secret: str = "",
        teams: Sequence[Team] = (FIRST_TEAM,),
        installed: bool = True,
        token_seconds: float = 0,
    ) -> None:
        self._port = port
        self._grid = Grid(clock, timing or Timing(), manifest=manifest or {}, token_seconds=token_seconds)
        if signing_secret:
            self._grid.signing_secret = signing_secret
        for team in teams:
            World(self._grid, team)
        self.bot_user = teams[0].bot_user
        self.bot_token = ""
        if installed:
            self.bot_token = self._grid.tokens.issue_bot(teams[0], self._grid.scopes).token
        self.app_token = self._grid.tokens.issue_app().token
        self._request_url = request_url
        self._ways = Ways(self._grid)
        self._deliveries = {team: Delivery(world, self._ways) for team, world in self._grid.worlds.items()}
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

    @property
    def world(self) -> World:
        """What there is in the first team, for tests that add people; not safe while people act."""
        return self._grid.first

    _world = world
    """Its name before there were several teams."""

    def team_control_url(self, team: str) -> str:
        """The control API of one of several teams."""
        first = self._grid.first.team.id == team
        return self.control_url if first else f"{self.url}teams/{team}/control"

    @property
    def signing_secret(self) -> str:
        """With which requests are signed in HTTP mode."""
        return self._grid.signing_secret

    @property
    def client_id(self) -> str:
        """The app's id for OAuth."""
        return self._grid.client_id

    @property
    def client_secret(self) -> str:
        """The app's secret for OAuth."""
        return self._grid.client_secret

    @property
    def authorize_url(self) -> str:
        """Bolt's `OAuthSettings(authorization_url=…)`."""
        return f"{self.url}oauth/v2/authorize"

    def describe(self) -> dict[str, str]:
        """What a program needs to use the workspace; `kefu workspace` prints it as one line."""
        return {
            "url": self.url,
            "api_url": self.api_url,
            "bot_token": self.bot_token,
            "app_token": self.app_token,
            "signing_secret": self.signing_secret,
            "bot_user": self.bot_user,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "authorize_url": self.authorize_url,
            "control_url": self.control_url,
        }

    # -- life -----------------------------------------------------------------------------------------
    def start(self) -> "Workspace":
        """Listen. Raises WorkspaceError if the port is taken or out of range."""
        listener = _listen(self._port)
        self._port = listener.getsockname()[1]
        self._grid.base_url = self.url
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

    def send_to(self, request_url: str) -> None:
        """HTTP mode from now on; an empty address goes back to sockets.

        Raises WorkspaceError if the address does not answer the challenge.
        """
        if self._loop is None:
            raise WorkspaceError("The workspace is not running.")
        asyncio.run_coroutine_threadsafe(self._ways.send_to(request_url), self._loop).result(30)

    def authorize(self, install_url: str, team: str, *, org_wide: bool = False, deny: bool = False) -> str:
        """Agree (as the team's administrator) to an installation; the address that the browser is sent back to.

        install_url: where the app's install page redirects to. Raises WorkspaceError with the page's objection.
        """
        return decide(install_url, team, org_wide=org_wide, deny=deny)

    def wait_for_bot(self, seconds: float = 10.0) -> bool:
        """Whether a bot's socket is (or within the time becomes) connected."""
        if self._loop is None:
            return False
        waiting = self._ways.sockets.wait_until_connected(seconds)
        return asyncio.run_coroutine_threadsafe(waiting, self._loop).result(seconds + 5)

    def __enter__(self) -> "Workspace":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- inside the loop ------------------------------------------------------------------------------
    async def _serve(self, listener: socket.socket) -> None:
        self._ways.http.url = self._request_url
        webapi = WebApi(self._grid)
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._guard])
        app.add_routes(webapi.routes())
        app.add_routes(OAuthPage(self._grid).routes())
        for team, world in self._grid.worlds.items():
            delivery = self._deliveries[team]
            world.announce = delivery.event
            world.socket_address = self._ways.sockets.address
            control = Control(world, Clicks(world, delivery, webapi.note))
            app.add_routes(ControlHttp(world, self._ways, control, delivery).routes())
        app.add_routes([web.get("/link/", self._ways.sockets.handle)])
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
        for delivery in self._deliveries.values():
            await delivery.close()
        await self._ways.close()
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


def serve(port: int = 0, timing: Timing | None = None) -> None:
    """Run a workspace until Ctrl-C; prints the JSON line of describe() first."""
    with Workspace(port, timing=timing) as workspace:
        print(json.dumps(workspace.describe()), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            log.info("workspace.interrupted")
