"""What is answered under which path: a WSGI application around bolt's own.

`/slack/events` takes everything that Slack sends (events, clicks, forms, commands); bolt checks its signature.
`/healthz` says whether the bot is ready, `/livez` whether the process lives. With OAuth there are `/slack/install` and `/slack/oauth_redirect`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import structlog
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_log = structlog.get_logger(__name__)

EVENTS = "/slack/events"
INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
HEALTH = "/healthz"
LIVE = "/livez"

Health = Callable[[], Mapping[str, Any]]
"""What `/healthz` tells; `ready` among it decides between 200 and 503."""

_STATUS = {
    200: "200 OK",
    400: "400 Bad Request",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    503: "503 Service Unavailable",
}


class Gateway:
    """The application. Safe to call from many threads."""

    def __init__(self, bolt: App, health: Health, *, prefix: str = "", events: bool = True) -> None:
        """`prefix`: the path below which a proxy shows the server (`/kefu`), whether or not the proxy takes it away.

        `events`: False in Socket Mode, where Slack's requests come another way and here none is taken.
        """
        self._slack = SlackRequestHandler(bolt, EVENTS)
        self._health = health
        self._prefix = prefix.rstrip("/")
        self._methods = {HEALTH: {"GET", "HEAD"}, LIVE: {"GET", "HEAD"}}
        if events:
            self._methods[EVENTS] = {"POST"}
        if bolt.oauth_flow is not None:
            self._methods |= {INSTALL: {"GET"}, REDIRECT: {"GET"}}
        self.draining = False
        """No new request of Slack is taken: it delivers events again, to whoever is up then."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        path, method = self._path(environ), str(environ.get("REQUEST_METHOD", "GET"))
        allowed = self._methods.get(path)
        if allowed is None:
            return say(start_response, 404, {"error": "there is nothing here"})
        if method not in allowed:
            headers = [("Allow", ", ".join(sorted(allowed)))]
            return say(start_response, 405, {"error": f"{path} does not take {method}"}, headers)
        if path == HEALTH:
            told = dict(self._health())
            return say(start_response, 200 if told.get("ready") else 503, told)
        if path == LIVE:
            return say(start_response, 200, {"live": True})
        if self.draining:
            return say(start_response, 503, {"error": "stopping"}, [("Retry-After", "5")])
        try:
            return list(self._slack({**environ, "PATH_INFO": path}, start_response))
        # bolt reads the body before it checks who signed it, and trusts it to be built as Slack builds it; what our own
        # listeners raise never comes up here.
        except Exception as error:  # noqa: BLE001
            _log.warning("request.unreadable", path=path, error=type(error).__name__)
            return say(start_response, 400, {"error": "the body cannot be read"})

    def _path(self, environ: WSGIEnvironment) -> str:
        path = str(environ.get("PATH_INFO", ""))
        if self._prefix and path.startswith(f"{self._prefix}/"):
            return path[len(self._prefix) :]
        return path


def say(
    start_response: StartResponse,
    status: int,
    body: Mapping[str, Any],
    headers: Iterable[tuple[str, str]] = (),
) -> Iterable[bytes]:
    """Answer with JSON that nobody keeps."""
    encoded = json.dumps(body, ensure_ascii=False).encode("utf-8")
    start_response(
        _STATUS[status],
        [
            ("Content-Type", "application/json; charset=utf-8"),
            ("Content-Length", str(len(encoded))),
            ("Cache-Control", "no-store"),
            *headers,
        ],
    )
    return [encoded]
