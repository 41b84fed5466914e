"""Playing people in the local workspace: the control API as a few verbs, and waiting for what follows."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]

_PAUSE = 0.05
_HTTP_TIMEOUT = 30.0


class NotSeen(Exception):
    """What was waited for did not appear in time; `str()` says what."""


class Crew:
    """People of the workspace at `control_url`. `patience`: seconds to wait for what should appear."""

    def __init__(self, control_url: str, patience: float = 40.0) -> None:
        self._base = control_url.rstrip("/")
        self.patience = patience
        self._open_before: dict[str, tuple[str, str]] = {}
        """The modal (id, hash) that each person had open when they last did something."""

    # -- doing ---------------------------------------------------------------------------------------
    def say(self, user: str, channel: str, text: str, thread_ts: str = "") -> Json:
        """Write a message; its channel and ts."""
        wish = {"user": user, "channel": channel, "text": text}
        return self._post("messages", wish | ({"thread_ts": thread_ts} if thread_ts else {}))

    def click(self, user: str, message: Json, action_id: str, value: str = "") -> Json:
        """Press a button of a message (value: for elements with a choice)."""
        wish = {"user": user, "channel": message["channel"], "ts": message["ts"], "action_id": action_id}
        self._look_up_from(user)
        return self._post("clicks", wish | ({"value": value} if value else {}))

    def click_view(self, user: str, view: Json, block_id: str, action_id: str) -> Json:
        """Press a button of a modal or of the App Home."""
        wish = {"user": user, "view_id": view["id"], "block_id": block_id, "action_id": action_id}
        self._look_up_from(user)
        return self._post("clicks", wish)

    def change(
        self, user: str, view: Json, block_id: str, action_id: str, value: Any, values: Json | None = None
    ) -> Json:
        """Choose something in a form that other fields depend on; `values`: what else is filled in by then."""
        wish = {
            "user": user, "view_id": view["id"], "block_id": block_id, "action_id": action_id, "value": value,
            "values": values or {},
        }  # fmt: skip
        self._look_up_from(user)
        return self._post("clicks", wish)

    def submit(self, user: str, view: Json, values: Json) -> Json:
        """Submit a form; errors by field in the answer."""
        self._look_up_from(user)
        answer = self._post("submissions", {"user": user, "view_id": view["id"], "values": values})
        if answer.get("errors"):
            self._open_before.pop(user, None)  # it stays open
        return answer

    def command(self, user: str, channel: str, text: str, command: str = "/kefu") -> Json:
        """Type a slash command."""
        self._look_up_from(user)
        return self._post("commands", {"user": user, "channel": channel, "command": command, "text": text})

    def shortcut(self, user: str, message: Json, callback_id: str) -> Json:
        """Choose a shortcut out of a message's menu."""
        self._look_up_from(user)
        return self._post(
            "shortcuts",
            {"user": user, "channel": message["channel"], "ts": message["ts"], "callback_id": callback_id},
        )

    def drop(self, user: str, channel: str, path: str, text: str = "") -> Json:
        """Drop a file of this machine into a conversation, with what is typed beside it."""
        wish = {"user": user, "channel": channel, "path": path}
        return self._post("files", wish | ({"text": text} if text else {}))

    def open_app(self, user: str, tab: str) -> Json:
        """Open the app's home or messages tab."""
        return self._post("home", {"user": user, "tab": tab})

    def stop(self, user: str, channel: str, thread_ts: str) -> Json:
        """Press Stop in a thread."""
        return self._post("stops", {"user": user, "channel": channel, "thread_ts": thread_ts})

    def group(self, user: str, handle: str, users: list[str], *, disabled: bool = False) -> Json:
        """Make a Slack user group, or say who is in it."""
        wish = {"user": user, "handle": handle, "users": users}
        return self._post("groups", wish | ({"disabled": True} if disabled else {}))

    def fault(self, **fault: Any) -> Json:
        """Arm a fault of the workspace."""
        return self._post("faults", fault)

    # -- seeing --------------------------------------------------------------------------------------
    def messages(self, user: str, channel: str, thread_ts: str = "") -> list[Json]:
        """What a person sees in a channel or thread, oldest first."""
        query = {"user": user, "channel": channel} | ({"thread_ts": thread_ts} if thread_ts else {})
        listed: list[Json] = self._get("messages", query)["messages"]
        return listed

    def place(self, user: str, channel: str) -> Json:
        """A channel with statuses, prompts and sessions."""
        return self._get("messages", {"user": user, "channel": channel})

    def modal(self, user: str) -> Json | None:
        """The modal that a person has open."""
        found: Json | None = self._get("views", {"user": user})["modal"]
        return found

    def home(self, user: str) -> Json | None:
        """A person's App Home."""
        found: Json | None = self._get("views", {"user": user})["home"]
        return found

    def calls(self, method: str = "") -> Json:
        """Every call of the bot so far, with verdicts."""
        return self._get("calls", {"method": method} if method else {})

    # -- waiting -------------------------------------------------------------------------------------
    def wait(self, look: Callable[[], Any], what: str) -> Any:
        """The first true value that `look` gives. Raises NotSeen after `patience`."""
        end = time.monotonic() + self.patience
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > end:
                raise NotSeen(f"{what} did not appear within {self.patience:.0f} s")
            time.sleep(_PAUSE)

    def reply(self, user: str, asked: Json, what: str = "the answer") -> Json:
        """The bot's finished message that follows `asked` (a message of `say` or `drop`) in its thread."""
        thread = asked.get("thread_ts") or asked["ts"]

        def look() -> Json | None:
            after = (m for m in self.messages(user, asked["channel"], thread) if m["ts"] > asked["ts"])
            return next((m for m in after if is_from_bot(m) and is_finished(m)), None)

        found: Json = self.wait(look, what)
        return found

    def seen(
        self,
        user: str,
        channel: str,
        fragment: str,
        after: str = "",
        thread_ts: str = "",
        where: Callable[[Json], bool] = lambda _message: True,
    ) -> Json:
        """The newest finished message of the bot that a person sees, that holds `fragment` and is as `where` says."""

        def look() -> Json | None:
            listed = self.messages(user, channel, thread_ts)[::-1]
            return next(
                (
                    m
                    for m in listed
                    if is_from_bot(m)
                    and is_finished(m)
                    and m["ts"] > after
                    and fragment in text_of(m)
                    and where(m)
                ),
                None,
            )

        found: Json = self.wait(look, f"“{fragment}” in {channel}")
        return found

    def form(self, user: str, callback_id: str) -> Json:
        """The modal with this callback_id, once it is open: not the one that stood there before the last act."""

        def look() -> Json | None:
            view = self.modal(user)
            fresh = view and (view["id"], view["hash"]) != self._open_before.get(user)
            return view if view and fresh and view["callback_id"] == callback_id else None

        found: Json = self.wait(look, f"the form {callback_id}")
        return found

    def _look_up_from(self, user: str) -> None:
        """Remember which modal is open now, so that `form` waits for what the act brings."""
        view = self.modal(user)
        if view:
            self._open_before[user] = (view["id"], view["hash"])

    # -- HTTP ----------------------------------------------------------------------------------------
    def _post(self, name: str, body: Json) -> Json:
        data = json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self._base}/{name}", data, {"Content-Type": "application/json"}, method="POST"
        )
        return self._send(request)

    def _get(self, name: str, query: Json) -> Json:
        return self._send(urllib.request.Request(f"{self._base}/{name}?{urlencode(query)}"))

    @staticmethod
    def _send(request: urllib.request.Request) -> Json:
        try:
            with urllib.request.urlopen(request, timeout=_HTTP_TIMEOUT) as answer:
                found: Json = json.load(answer)
        except urllib.error.HTTPError as error:
            raise NotSeen(f"{request.full_url}: {error.read().decode(errors='replace')}") from error
        except OSError as error:
            raise NotSeen(f"{request.full_url}: {error}") from error
        return found


def is_from_bot(message: Json) -> bool:
    """Whether the bot wrote it."""
    return bool(message.get("bot_id"))


def is_finished(message: Json) -> bool:
    """Whether it is not being written any more."""
    stream = message.get("stream")
    return not stream or stream["state"] != "streaming"


def text_of(shown: Json) -> str:
    """Everything that can be read in a message or view: text and all blocks."""
    return "\n".join([str(shown.get("text") or ""), *_strings(shown.get("blocks") or [])])


def buttons_of(shown: Json) -> list[str]:
    """The action_ids of a message's buttons."""
    return [
        str(element["action_id"])
        for block in shown.get("blocks") or []
        for element in block.get("elements") or []
        if element.get("action_id")
    ]


def choices_of(shown: Json) -> list[str]:
    """The action_ids of a message's buttons that change something: all but those that only give a file."""
    return [action for action in buttons_of(shown) if not action.startswith("paper_")]


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _strings(value)
    elif isinstance(node, list):
        for item in node:
            yield from _strings(item)
