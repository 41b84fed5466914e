"""The HTTP side that the bot talks to: /api/…, uploads, downloads, response_url."""

import asyncio
import json
import time
from typing import Any

from aiohttp import BasicAuth, BodyPartReader, web

from bot.workspace import (  # noqa: F401 - importing them fills the table of methods
    methods_agents,
    methods_app,
    methods_chat,
    methods_conversations,
    methods_files,
    methods_oauth,
    methods_streams,
    methods_usergroups,
    methods_views,
)
from bot.workspace.arguments import Arguments, missing_scope
from bot.workspace.errors import SlackError
from bot.workspace.grid import Grid
from bot.workspace.methods import METHODS, Method
from bot.workspace.response_urls import respond
from bot.workspace.tokens import Grant
from bot.workspace.world import StoredFile, World

Json = dict[str, Any]
FREE_FORM = {"api.test"}
SECRET = {"token", "client_secret", "code", "refresh_token"}
NAMING = ("channel", "channel_id", "channels", "user", "user_id", "users", "file")
NEED_TEAM = {"conversations.list", "users.list", "usergroups.list"}
"""With a token for a whole organisation these must say which team they mean."""


class BrokenAnswer(Exception):
    """Fault switch http_error: answer with a bare HTTP status instead of JSON."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class WebApi:
    """Answers the bot's HTTP calls and writes each down."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def routes(self) -> list[web.RouteDef]:
        """Everything under the workspace's address that is the bot's."""
        return [
            web.post("/api/{method}", self.call),
            web.get("/api/{method}", self.call),
            web.post("/upload/v1/{file}", self.upload),
            web.get("/files-pri/{file}/{rest:.*}", self.download),
            web.post("/actions/{key}", self.respond),
        ]

    # -- Web API ------------------------------------------------------------------------------------
    async def call(self, request: web.Request) -> web.StreamResponse:
        """One Web API call."""
        name, started = request.match_info["method"], time.monotonic()
        given: Json = {}
        grant: Grant | None = None
        arguments: Arguments | None = None
        world = self._grid.first
        try:
            given = await _read(request)
            await self._misbehave(name)
            wanted = METHODS.get(name)
            if wanted is None:
                raise SlackError("unknown_method", f"{name} is not part of this workspace")
            grant = self._authorised(wanted, _token(request, given))
            world = self._world_of(wanted, grant, given)
            self._grid.rates.take(name, wanted.tier, world.team.id, str(given.get("channel", "")))
            arguments = Arguments(world, given, grant, _basic(request))
            if name not in FREE_FORM:
                arguments.check(wanted.required, wanted.optional)
            body = {"ok": True} | wanted.handler(arguments)
            error, status, headers = None, 200, {}
        except SlackError as refusal:
            error, body, status, headers = refusal, refusal.body(), refusal.status, refusal.headers
        except BrokenAnswer as broken:
            return web.Response(
                status=broken.status, text="<html>upstream trouble</html>", content_type="text/html"
            )
        shown = {key: value for key, value in given.items() if key not in SECRET}
        self._grid.calls.note(
            name,
            shown,
            self._grid.clock().isoformat(),
            round((time.monotonic() - started) * 1000),
            error.code if error else "",
            ([*error.messages] or error.errors) if error else [],
            arguments.advice if arguments else [],
        )
        world.feed.publish("call")
        if grant is not None:
            headers = {"x-oauth-scopes": ",".join(sorted(grant.scopes)), **headers}
        return web.json_response(body, status=status, headers=headers, dumps=_dumps)

    def _authorised(self, wanted: Method, token: str) -> Grant | None:
        """What the token stands for, if the method takes one. Raises SlackError."""
        if "none" in wanted.tokens:
            return None
        grant = self._grid.tokens.check(token)
        if grant.kind not in wanted.tokens:
            need = "an app-level token (xapp-)" if wanted.tokens == {"app"} else "a bot token (xoxb-)"
            raise SlackError("not_allowed_token_type", f"{wanted.name} needs {need}")
        if wanted.scopes and grant.kind == "bot" and not grant.scopes & set(wanted.scopes):
            raise missing_scope(grant, wanted.scopes)
        return grant

    def _world_of(self, wanted: Method, grant: Grant | None, given: Json) -> World:
        """The team that a call is about. A token for a whole organisation says it by team_id, or by what it names."""
        if grant is None or grant.kind == "app":
            return self._grid.first
        covered = [world for world in self._grid.worlds.values() if grant.covers(world.team)]
        if not grant.org_wide:
            return covered[0]
        asked = given.get("team_id")
        if asked:
            named = self._grid.worlds.get(str(asked))
            if named not in covered:
                raise SlackError("team_access_not_granted", f"the token does not cover {asked}")
            return named
        if wanted.name in NEED_TEAM:
            raise SlackError(
                "missing_argument", "missing required field: team_id (the token is an organisation's)"
            )
        mentioned = {str(given[name]) for name in NAMING if given.get(name)}
        views = {str(given["view_id"])} if given.get("view_id") else set()
        for world in covered:
            known = world.channels.keys() | world.people.keys() | world.files.keys()
            if (
                mentioned & known
                or world.triggers.knows(str(given.get("trigger_id")))
                or world.views.knows(views)
            ):
                return world
        return covered[0]

    async def _misbehave(self, name: str) -> None:
        """Armed faults of the Web API."""
        faults = self._grid.faults
        if late := faults.take("delay", method=name):
            await asyncio.sleep(late.seconds)
        if limit := faults.take("rate_limit", method=name):
            raise SlackError("ratelimited", status=429, headers={"Retry-After": str(limit.retry_after)})
        if failure := faults.take("api_error", method=name):
            raise SlackError(failure.error, "fault switch")
        if broken := faults.take("http_error", method=name):
            raise BrokenAnswer(broken.status)

    # -- files --------------------------------------------------------------------------------------
    async def upload(self, request: web.Request) -> web.Response:
        """The bytes after files.getUploadURLExternal: raw, or one part of a form."""
        stored = self._file(request)
        if stored is None or stored.content is not None:
            return web.Response(status=404, text="no such upload")
        if request.content_type.startswith("multipart/"):
            content = b""
            async for part in await request.multipart():
                if isinstance(part, BodyPartReader):
                    content = bytes(await part.read())
        else:
            content = await request.read()
        if len(content) != stored.declared_length:
            return web.Response(status=400, text=f"{stored.declared_length} bytes were announced")
        stored.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file's bytes, for the bot's token only; anybody else gets a sign-in page, status 200, as in Slack."""
        stored = self._file(request)
        if not self._may_download(_token(request, request.query), request.match_info["file"]):
            return web.Response(
                text="<!DOCTYPE html><title>Sign in</title><p>Sign in", content_type="text/html"
            )
        if stored is None or stored.content is None:
            return web.Response(status=404, text="no such file")
        return web.Response(body=stored.content, content_type=stored.mimetype)

    def _file(self, request: web.Request) -> StoredFile | None:
        name = request.match_info["file"]
        return next((w.files[name] for w in self._grid.worlds.values() if name in w.files), None)

    def _may_download(self, token: str, file: str) -> bool:
        try:
            grant = self._grid.tokens.check(token)
        except SlackError:
            return False
        elsewhere = [
            w.team for w in self._grid.worlds.values() if file in w.files and not grant.covers(w.team)
        ]
        return grant.kind == "bot" and "files:read" in grant.scopes and not elsewhere

    # -- response_url ---------------------------------------------------------------------------------
    async def respond(self, request: web.Request) -> web.Response:
        """A POST to a response_url."""
        started, error = time.monotonic(), None
        body: Any = None
        try:
            body = await request.json()
            respond(self._grid, request.match_info["key"], body)
        except json.JSONDecodeError:
            error = SlackError("invalid_payload", "the body is not JSON", status=400)
        except SlackError as refusal:
            error = refusal
        self.note("response_url", body if isinstance(body, dict) else {}, error, started)
        if error:
            return web.json_response(error.body(), status=error.status)
        return web.Response(text="ok")

    def note(self, what: str, payload: Json, error: SlackError | None, started: float | None = None) -> None:
        """Write down something the bot sent outside the Web API."""
        ms = round((time.monotonic() - started) * 1000) if started else 0
        at = self._grid.clock().isoformat()
        self._grid.calls.note(
            what, payload, at, ms, error.code if error else "", [*error.messages] if error else []
        )
        for world in self._grid.worlds.values():
            world.feed.publish("call")


def _basic(request: web.Request) -> tuple[str, str] | None:
    """Client id and secret of an HTTP Basic header."""
    header = request.headers.get("Authorization", "")
    if not header.startswith("Basic "):
        return None
    try:
        auth = BasicAuth.decode(header)
    except ValueError:
        raise SlackError("invalid_auth", "the Authorization header is no HTTP Basic") from None
    return auth.login, auth.password


def _token(request: web.Request, given: Any) -> str:
    header = request.headers.get("Authorization", "")
    return (
        header.removeprefix("Bearer ").strip()
        if header.startswith("Bearer ")
        else str(given.get("token", ""))
    )


async def _read(request: web.Request) -> Json:
    """The arguments from query, form or JSON body."""
    given: Json = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            text = await request.text()
            try:
                # The SDK declares JSON and sends nothing when a call has no arguments.
                body = json.loads(text) if text.strip() else {}
            except json.JSONDecodeError:
                raise SlackError("invalid_json", "the body is not JSON") from None
            if not isinstance(body, dict):
                raise SlackError("json_not_object", "the body must be a JSON object")
            given |= body
        else:
            form = await request.post()
            given |= {name: value for name, value in form.items() if isinstance(value, str)}
    return given


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
