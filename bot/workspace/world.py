"""The state of the workspace: channels, messages, statuses, files, views. Knows no HTTP."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.workspace.events import deleted_event, edited_event
from bot.workspace.feed import Feed
from bot.workspace.grid import Grid
from bot.workspace.messages import TOMBSTONE, Message
from bot.workspace.people import FIRST_TEAM, Channel, Person, Team, UserGroup, first_channels, people_of
from bot.workspace.triggers import Triggers
from bot.workspace.views import Views

Json = dict[str, Any]


@dataclass
class Status:
    """What the app says it is doing in a thread ("is thinking…")."""

    text: str
    loading_messages: list[str]
    since: datetime


@dataclass
class Session:
    """An agent session of a thread."""

    status: str
    title: str
    initiator: str


@dataclass
class StoredFile:
    """An uploaded file. `content` is None between getUploadURLExternal and the upload itself."""

    id: str
    name: str
    title: str
    user: str
    mimetype: str
    content: bytes | None
    created: int
    shared: bool = False
    declared_length: int = 0
    channels: set[str] = field(default_factory=set)
    readers: set[str] = field(default_factory=set)
    """Who sees it in an image block of their own."""


class World:
    """Everything there is. Used from one event loop only, so there are no locks."""

    def __init__(self, grid: Grid, team: Team = FIRST_TEAM) -> None:
        self.grid = grid
        self.team = team
        self.clock = grid.clock
        self.timing = grid.timing
        self.people: dict[str, Person] = {person.id: person for person in people_of(team)}
        self.groups: dict[str, UserGroup] = {}
        """By handle; there are none before somebody makes one."""
        self.channels: dict[str, Channel] = {channel.id: channel for channel in first_channels(team)}
        self.messages: dict[str, dict[str, Message]] = {channel: {} for channel in self.channels}
        self.statuses: dict[tuple[str, str], Status] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.prompts: dict[str, Json] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.files: dict[str, StoredFile] = {}
        self.views = Views(team)
        self.triggers = Triggers(grid.clock)
        self.faults = grid.faults
        self.calls = grid.calls
        self.feed = Feed()
        self.announce: Callable[[Json], None] = lambda event: None
        """Sends an event to the app, installed or not; the server puts the real thing here."""
        self.socket_address: Callable[[], str] = str
        """Makes a single-use Socket Mode address; the server puts the real thing here."""
        self._last_ts = 0
        grid.worlds[team.id] = self

    @property
    def manifest(self) -> Json:
        """The app's manifest."""
        return self.grid.manifest

    @property
    def base_url(self) -> str:
        """The workspace's own address."""
        return self.grid.base_url

    @property
    def org_wide(self) -> bool:
        """Whether the app came here by an installation for the whole organisation."""
        installation = self.grid.tokens.installation(self.team)
        return installation is not None and installation.org_wide

    def emit(self, event: Json) -> None:
        """Send an event to the app, if it is installed here, sees the place, and has subscribed to it."""
        installed = self.grid.tokens.installation(self.team) is not None
        if installed and self._sees(event) and self._subscribed(event):
            self.announce(event)

    def _sees(self, event: Json) -> bool:
        place = event.get("channel") or event.get("item", {}).get("channel")
        channel = self.channels.get(place) if isinstance(place, str) else None
        return channel is None or self.team.bot_user in channel.members

    def _subscribed(self, event: Json) -> bool:
        """Whether the manifest lists the event; without a manifest every event comes."""
        wanted = self.manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events")
        kind = str(event["type"])
        if kind == "message":
            kind = f"message.{ {'channel': 'channels', 'group': 'groups'}.get(event['channel_type'], 'im') }"
        return wanted is None or kind in wanted

    # -- ids and times ------------------------------------------------------------------------
    def next_ts(self) -> str:
        """A message ts: seconds and microseconds, never twice, always rising."""
        now = int(self.clock().timestamp() * 1_000_000)
        self._last_ts = max(now, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def now(self) -> int:
        """Whole seconds since 1970."""
        return int(self.clock().timestamp())

    @staticmethod
    def new_id(letter: str) -> str:
        """An id in Slack's manner, such as Ev0A1B2C3D4E."""
        return f"{letter}0{secrets.token_hex(5).upper()}"

    # -- channels -----------------------------------------------------------------------------
    def direct_messages(self, user: str) -> Channel:
        """The person's direct messages with the bot."""
        return self.channels[f"D_{user}"]

    def channels_of(self, user: str) -> list[Channel]:
        """The conversations that a person is in."""
        return [channel for channel in self.channels.values() if user in channel.members]

    # -- messages -----------------------------------------------------------------------------
    def add(self, message: Message) -> Message:
        """Store a new message and count it in its thread."""
        message.team = self.team
        self.messages[message.channel][message.ts] = message
        if message.thread_ts and message.only_for is None:
            parent = self.messages[message.channel].get(message.thread_ts)
            if parent is not None:
                parent.replies.append(message.ts)
                if message.user not in parent.repliers:
                    parent.repliers.append(message.user)
                self.changed(parent)
            if message.by_bot:
                self.drop_status(message.channel, message.thread_ts)
        self.changed(message)
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        """The message, ephemeral ones included, or None."""
        return self.messages.get(channel, {}).get(ts)

    def delete(self, message: Message) -> None:
        """Take a message away for everybody, and tell the app.

        Of one that others have replied to a tombstone stays, as in Slack, which tells of it as of a change; the
        tombstone goes with the last reply.
        """
        channel = self.channels[message.channel]
        if message.replies and message.subtype != TOMBSTONE:
            before = message.to_slack()
            message.bury()
            self.changed(message)
            self.emit(edited_event(channel, message, before, self.next_ts()))
            return
        self.remove(message)
        self.emit(deleted_event(channel, message, self.next_ts()))
        parent = self.find(message.channel, message.thread_ts or "")
        if parent is not None and parent.subtype == TOMBSTONE and not parent.replies:
            self.delete(parent)

    def remove(self, message: Message) -> None:
        """Take a message away without a word to the app."""
        self.messages[message.channel].pop(message.ts, None)
        parent = self.find(message.channel, message.thread_ts or "")
        if parent is not None and message.ts in parent.replies:
            parent.replies.remove(message.ts)
            self.changed(parent)
        self.feed.publish("gone", channel=message.channel, ts=message.ts)

    def visible(self, channel: str, user: str | None, thread_ts: str | None = None) -> list[Message]:
        """Messages of a channel (or one thread of it) in order, as a person (None: the bot) sees them."""
        return [
            message
            for message in sorted(self.messages[channel].values(), key=lambda m: m.ts)
            if message.only_for in (None, user)
            and (thread_ts is None or thread_ts in (message.ts, message.thread_ts))
        ]

    def changed(self, message: Message) -> None:
        """Tell open pages about a new or altered message."""
        self.feed.publish("message", channel=message.channel, ts=message.ts)

    # -- what the app shows besides messages -----------------------------------------------------
    def drop_status(self, channel: str, thread_ts: str) -> None:
        """The status goes when a message comes."""
        if self.statuses.pop((channel, thread_ts), None) is not None:
            self.feed.publish("status", channel=channel, thread_ts=thread_ts)

    def live_statuses(self, channel: str) -> list[Json]:
        """Statuses of a channel that have not timed out."""
        oldest = self.clock().timestamp() - self.timing.status
        return [
            {
                "channel": place[0],
                "thread_ts": place[1],
                "status": status.text,
                "loading_messages": status.loading_messages,
            }
            for place, status in self.statuses.items()
            if place[0] == channel and status.since.timestamp() > oldest
        ]

    def describe_file(self, stored: StoredFile) -> Json:
        """The file object of files.info and of messages."""
        extension = stored.name.rsplit(".", 1)[-1].lower() if "." in stored.name else "binary"
        place = f"{self.base_url}files-pri/{stored.id}"
        return {
            "id": stored.id,
            "created": stored.created,
            "timestamp": stored.created,
            "name": stored.name,
            "title": stored.title,
            "mimetype": stored.mimetype,
            "filetype": "text" if extension == "txt" else extension,
            "pretty_type": extension.upper(),
            "user": stored.user,
            "user_team": self.team.id,
            "editable": False,
            "size": len(stored.content or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "public_url_shared": False,
            "url_private": f"{place}/{stored.name}",
            "url_private_download": f"{place}/download/{stored.name}",
            "permalink": f"{self.base_url}files/{stored.user}/{stored.id}/{stored.name}",
            "file_access": "visible",
        }
