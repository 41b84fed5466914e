"""Plays people through the control API, over HTTP, as any other program would."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from bot.workspace import Workspace

Json = dict[str, Any]
PATIENCE = 60.0
"""Seconds for what should come: the machine may have much else to do."""


class People:
    """A thin client of the control API; refusals come back as (status, body)."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.base = workspace.control_url

    def post(self, what: str, /, **wish: Any) -> Json:
        status, body = self.try_post(what, wish)
        assert status == 200, body
        return body

    def try_post(self, name: str, wish: Any, content_type: str = "application/json") -> tuple[int, Json]:
        data = wish if isinstance(wish, bytes) else json.dumps(wish).encode()
        request = urllib.request.Request(f"{self.base}/{name}", data, {"Content-Type": content_type})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return 200, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def get(self, name: str, **query: Any) -> Json:
        address = f"{self.base}/{name}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            body: Json = json.load(answer)
            return body

    # -- shorthands -----------------------------------------------------------------------------------
    def say(self, text: str, user: str = "U_AGENT", channel: str = "dm", **more: Any) -> str:
        return str(self.post("messages", user=user, channel=channel, text=text, **more)["ts"])

    def messages(self, user: str = "U_AGENT", channel: str = "dm", **more: Any) -> list[Json]:
        found: list[Json] = self.get("messages", user=user, channel=channel, **more)["messages"]
        return found

    def replies(self, ts: str, user: str = "U_AGENT", channel: str = "dm") -> list[Json]:
        return [m for m in self.messages(user, channel, thread_ts=ts) if m["ts"] != ts]

    def reply(self, ts: str, user: str = "U_AGENT", channel: str = "dm") -> Json:
        """The first answer in a thread, once it is there."""
        return wait_for(lambda: self.replies(ts, user, channel))[0]

    def modal(self, user: str = "U_AGENT") -> Json:
        """The open modal, once there is one."""
        view: Json = wait_for(lambda: self.get("views", user=user)["modal"])
        return view

    def calls(self, method: str) -> list[Json]:
        listed: list[Json] = self.get("calls", method=method)["calls"]
        return listed


def wait_for(look: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What look returns once it is true; fails the test after the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("nothing came in time")
