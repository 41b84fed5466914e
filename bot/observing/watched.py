"""What is shown to whoever watches the bot, on a port of its own (KEFU_METRICS_PORT): `/metrics`, `/healthz`, `/livez`.

A port of its own, because the one that Slack reaches is open to the world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from bot.observing import metrics
from bot.observing.states import OK, UNREACHABLE
from bot.web.gateway import HEALTH, LIVE, Health, say

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

METRICS = "/metrics"


class Watched:
    """A WSGI application. Safe to call from many threads."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self.draining = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        path = str(environ.get("PATH_INFO", ""))
        if path not in (HEALTH, LIVE, METRICS):
            return say(start_response, 404, {"error": "there is nothing here"})
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return say(start_response, 405, {"error": f"{path} is only read"}, [("Allow", "GET, HEAD")])
        if path == LIVE:
            return say(start_response, 200, {"live": True})
        if path == HEALTH:
            told = dict(self._health())
            return say(start_response, 200 if told.get("ready") else 503, told)
        body = metrics.rendered()
        headers = [("Content-Type", metrics.CONTENT_TYPE), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [body]


def of_workers(count: int) -> Mapping[str, Any]:
    """What `/healthz` tells of several workers, by the figures that each writes every five seconds: ready as long as one
    of them is."""
    ready, waiting, oldest, reachable = metrics.at_the_moment()
    parts = {part: OK if answers else UNREACHABLE for part, answers in reachable.items()}
    return {
        "live": True,
        "ready": ready > 0,
        "workers": count,
        "workers_ready": ready,
        **parts,
        "outbox": {"waiting": waiting, "oldest_seconds": oldest},
    }
