"""The control API: JSON over HTTP on loopback, for tests, other programs and the page to play people.

All paths are below `control_url`. Bodies are JSON objects; errors are `{"error": "a sentence"}` with
status 400 (bad input), 403 (that person may not) or 404 (not there).

- `POST messages {user, channel, text, thread_ts?}` → `{ts, channel}`; channel "dm" is the person's DM.
- `POST clicks {user, channel, ts, action_id, block_id?, value?}` → `{acked, ms, error?}`; with
  `{user, view_id, action_id, …, values?}` for a modal or Home tab. value: a select's option value,
  positive/negative for feedback buttons, the new value of an input.
- `POST submissions {user, view_id, values}` → `{sent, acked, ms, errors, closed, response_action}`;
  values by action_id, by block_id, or {block_id: {action_id: value}}. sent is false when the client
  itself objects (a required input is empty).
- `POST closings {user, view_id}` · `POST commands {user, channel, command, text}` ·
  `POST shortcuts {user, channel?, ts?, callback_id}` · `POST files {user, channel, path, text?, thread_ts?}`
- `POST home {user, tab}` · `POST stops {user, channel, thread_ts}` ·
  `POST reactions {user, channel, ts, name}` · `POST edits {user, channel, ts, text}` ·
  `POST deletions {user, channel, ts}`
- `POST channels {user, name, members?, private?}` → `{id, members}` · `POST members {user, channel, member, leaves?}`:
  the app is a member like others, and reads and writes only where it is one · `POST archives {user, channel}`.
- `POST groups {user, handle, users, name?, disabled?}`: make a user group or change who is in it → `{id}`.
- `GET messages?channel=&thread_ts=&user=` → every message of the channel (replies included) or of one
  thread as that person sees them, plus statuses, prompts, sessions.
- `GET views?user=` → `{modal, stack, home}` · `GET calls?method=&after=&limit=` ·
  `GET deliveries?ts=` → each event with what its attempts came to · `GET people` · `GET channels?user=` · `GET sockets` · `GET faults` · `POST faults {…}` (see faults.py) ·
  `GET request_url`, `POST request_url {url}`: HTTP mode, once the address has answered the challenge; an empty
  url goes back to Socket Mode ·
  `GET manifest`, `POST manifest {…}`: the app manifest, from which the page knows shortcuts and commands.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.workspace import acts, memberships
from bot.workspace.clicks import Clicks, told
from bot.workspace.errors import Refused, SlackError
from bot.workspace.messages import Message
from bot.workspace.views import View
from bot.workspace.world import World

Json = dict[str, Any]


class Control:
    """Turns wishes of the control API into acts of people."""

    def __init__(self, world: World, clicks: Clicks) -> None:
        self._world = world
        self._press = clicks
        self._wishes: dict[str, tuple[str, Callable[[Json], Awaitable[Json]]]] = {
            "messages": ("user channel text thread_ts", self._say),
            "clicks": ("user channel ts action_id block_id value view_id values", self._click),
            "submissions": ("user view_id values", self._submit),
            "closings": ("user view_id", self._close),
            "commands": ("user channel command text", self._command),
            "shortcuts": ("user channel ts callback_id", self._shortcut),
            "files": ("user channel path text thread_ts", self._upload),
            "home": ("user tab", self._open_app),
            "stops": ("user channel thread_ts", self._stop),
            "reactions": ("user channel ts name", self._react),
            "edits": ("user channel ts text", self._edit),
            "deletions": ("user channel ts", self._delete),
            "channels": ("user name members private", self._make_channel),
            "members": ("user channel member leaves", self._change_members),
            "archives": ("user channel", self._archive),
            "groups": ("user handle users name disabled", self._change_group),
        }

    def knows(self, name: str) -> bool:
        """Whether there is such a wish."""
        return name in self._wishes

    async def grant(self, name: str, wish: Json) -> Json:
        """Carry out one wish. Raises Refused with a sentence on bad input."""
        fields, act = self._wishes[name]
        unknown = sorted(set(wish) - set(fields.split()))
        if unknown:
            raise Refused(f"unknown field {', '.join(unknown)}; {name} takes {', '.join(fields.split())}")
        acts.known_person(self._world, wish.get("user"))
        return await act(wish)

    # -- what a wish is about ---------------------------------------------------------------------------
    def _message(self, wish: Json) -> Message:
        channel = acts.place_of(self._world, wish["user"], wish.get("channel"))
        return acts.seen_message(self._world, wish["user"], channel, wish.get("ts"))

    def _view(self, wish: Json) -> View:
        try:
            view = self._world.views.find(str(wish.get("view_id") or ""))
        except SlackError:
            raise Refused(f"no view {wish.get('view_id')!r} is open", 404) from None
        if view.user != wish["user"]:
            raise Refused(f"{wish['user']} does not see this view", 403)
        return view

    @staticmethod
    def _values(wish: Json) -> Json:
        values = wish.get("values") or {}
        if not isinstance(values, dict):
            raise Refused("values must be an object: input → value")
        return values

    # -- acts -------------------------------------------------------------------------------------------
    async def _say(self, wish: Json) -> Json:
        channel = acts.place_of(self._world, wish["user"], wish.get("channel"))
        message = acts.say(self._world, wish["user"], channel, wish.get("text"), wish.get("thread_ts"))
        return {"ts": message.ts, "channel": channel.id}

    async def _click(self, wish: Json) -> Json:
        self._values(wish)
        if wish.get("view_id"):
            return told(await self._press.on_view(wish["user"], self._view(wish), wish))
        return told(await self._press.on_message(wish["user"], self._message(wish), wish))

    async def _submit(self, wish: Json) -> Json:
        return await self._press.submit(wish["user"], self._view(wish), self._values(wish))

    async def _close(self, wish: Json) -> Json:
        return await self._press.close(wish["user"], self._view(wish))

    async def _command(self, wish: Json) -> Json:
        channel = acts.place_of(self._world, wish["user"], wish.get("channel"))
        return await self._press.command(wish["user"], channel, wish.get("command"), wish.get("text", ""))

    async def _shortcut(self, wish: Json) -> Json:
        message = self._message(wish) if wish.get("ts") else None
        return told(await self._press.shortcut(wish["user"], message, wish.get("callback_id")))

    async def _upload(self, wish: Json) -> Json:
        channel = acts.place_of(self._world, wish["user"], wish.get("channel"))
        text = wish.get("text") or ""
        message = acts.upload(
            self._world, wish["user"], channel, wish.get("path"), text, wish.get("thread_ts")
        )
        return {"ts": message.ts, "channel": channel.id, "file_id": message.files[0]["id"]}

    async def _open_app(self, wish: Json) -> Json:
        return acts.open_app(self._world, wish["user"], wish.get("tab"))

    async def _stop(self, wish: Json) -> Json:
        channel = acts.place_of(self._world, wish["user"], wish.get("channel"))
        stopped = acts.stop(self._world, wish["user"], channel, wish.get("thread_ts"))
        return {"streaming_message_ts": stopped}

    async def _react(self, wish: Json) -> Json:
        return {"added": acts.react(self._world, wish["user"], self._message(wish), wish.get("name"))}

    async def _edit(self, wish: Json) -> Json:
        return {"ts": acts.edit(self._world, wish["user"], self._message(wish), wish.get("text")).ts}

    async def _delete(self, wish: Json) -> Json:
        acts.delete(self._world, wish["user"], self._message(wish))
        return {"deleted": True}

    async def _make_channel(self, wish: Json) -> Json:
        channel = memberships.make_channel(
            self._world, wish["user"], wish.get("name"), wish.get("members"), wish.get("private")
        )
        return {"id": channel.id, "members": list(channel.members)}

    async def _change_members(self, wish: Json) -> Json:
        channel = memberships.change_members(
            self._world, wish["user"], wish.get("channel"), wish.get("member"), bool(wish.get("leaves"))
        )
        return {"id": channel.id, "members": list(channel.members)}

    async def _archive(self, wish: Json) -> Json:
        return {"id": memberships.archive(self._world, wish["user"], wish.get("channel")).id}

    async def _change_group(self, wish: Json) -> Json:
        group = acts.change_group(
            self._world, wish.get("handle"), wish.get("users"), wish.get("name"), wish.get("disabled")
        )
        return {"id": group.id, "users": group.users}
