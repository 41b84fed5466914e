"""The HTTP side that the bot talks to: /api/…, uploads, downloads, response_url."""

import asyncio
import json
import time
from typing import Any

from aiohttp import BodyPartReader, web

from bot.workspace import (  # noqa: F401 - importing them fills the table of methods
    methods_agents,
    methods_app,
    methods_chat,
    methods_conversations,
    methods_files,
    methods_streams,
    methods_usergroups,
    methods_views,
)
from bot.workspace.arguments import Arguments
from bot.workspace.errors import SlackError
from bot.workspace.methods import METHODS, Method
from bot.workspace.response_urls import respond
from bot.workspace.world import World

Json = dict[str, Any]
SCOPES = (
    "app_mentions:read,assistant:write,channels:history,channels:read,chat:write,commands,files:read,"
    "files:write,groups:history,groups:read,im:history,im:read,im:write,reactions:read,reactions:write,usergroups:read,"
    "users:read"
)
FREE_FORM = {"api.test"}


class BrokenAnswer(Exception):
    """Fault switch http_error: answer with a bare HTTP status instead of JSON."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class WebApi:
    """Answers the bot's HTTP calls and writes each down."""

    def __init__(self, world: World, bot_token: str, app_token: str) -> None:
        self._world = world
        self._tokens = {bot_token: "bot", app_token: "app"}

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
        arguments: Arguments | None = None
        try:
            given = await _read(request)
            await self._misbehave(name)
            arguments = Arguments(self._world, given)
            body = {"ok": True} | self._run(name, arguments, request)
            error, status, headers = None, 200, {}
        except SlackError as refusal:
            error, body, status, headers = refusal, refusal.body(), refusal.status, refusal.headers
        except BrokenAnswer as broken:
            return web.Response(
                status=broken.status, text="<html>upstream trouble</html>", content_type="text/html"
            )
        shown = {key: value for key, value in given.items() if key != "token"}
        self._world.calls.note(
            name,
            shown,
            self._world.clock().isoformat(),
            round((time.monotonic() - started) * 1000),
            error.code if error else "",
            [*error.messages] if error else [],
            arguments.advice if arguments else [],
        )
        self._world.feed.publish("call")
        return web.json_response(
            body, status=status, headers={"x-oauth-scopes": SCOPES, **headers}, dumps=_dumps
        )

    def _run(self, name: str, arguments: Arguments, request: web.Request) -> Json:
        wanted = METHODS.get(name)
        if wanted is None:
            raise SlackError("unknown_method", f"{name} is not part of this workspace")
        self._authorise(wanted, _token(request, arguments.given))
        if name not in FREE_FORM:
            arguments.check(wanted.required, wanted.optional)
        return wanted.handler(arguments)

    def _authorise(self, wanted: Method, token: str) -> None:
        if "none" in wanted.tokens:
            return
        if not token:
            raise SlackError("not_authed", "no token given")
        kind = self._tokens.get(token)
        if kind is None:
            raise SlackError("invalid_auth", "this token belongs to nobody here")
        if kind not in wanted.tokens:
            need = "an app-level token (xapp-)" if wanted.tokens == {"app"} else "a bot token (xoxb-)"
            raise SlackError("not_allowed_token_type", f"{wanted.name} needs {need}")

    async def _misbehave(self, name: str) -> None:
        """Armed faults of the Web API."""
        faults = self._world.faults
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
        stored = self._world.files.get(request.match_info["file"])
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
        stored = self._world.files.get(request.match_info["file"])
        if self._tokens.get(_token(request, request.query)) != "bot":
            return web.Response(
                text="<!DOCTYPE html><title>Sign in</title><p>Sign in", content_type="text/html"
            )
        if stored is None or stored.content is None:
            return web.Response(status=404, text="no such file")
        return web.Response(body=stored.content, content_type=stored.mimetype)

    # -- response_url ---------------------------------------------------------------------------------
    async def respond(self, request: web.Request) -> web.Response:
        """A POST to a response_url."""
        started, error = time.monotonic(), None
        body: Any = None
        try:
            body = await request.json()
            respond(self._world, request.match_info["key"], body)
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
        at = self._world.clock().isoformat()
        self._world.calls.note(
            what, payload, at, ms, error.code if error else "", [*error.messages] if error else []
        )
        self._world.feed.publish("call")


def _token(request: web.Request, given: Any) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() if header else str(given.get("token", ""))


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
