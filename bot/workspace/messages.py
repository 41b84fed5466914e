"""A message and, while it is being written by the bot, its stream."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.workspace.people import APP, FIRST_TEAM, Team

Json = dict[str, Any]


class StreamState(StrEnum):
    """Where a streamed message stands."""

    STREAMING = "streaming"
    STOPPED = "stopped"
    STOPPED_BY_USER = "stopped_by_user"
    EXPIRED = "expired"


@dataclass
class Stream:
    """What has been streamed so far: parts in order of appearance, already in the form of blocks."""

    mode: str = "timeline"
    state: StreamState = StreamState.STREAMING
    parts: list[Json] = field(default_factory=list)
    final_blocks: list[Json] = field(default_factory=list)
    appends: int = 0
    touched: float = 0.0
    """When it was last written to, in seconds since 1970."""

    @property
    def text(self) -> str:
        """All Markdown streamed so far."""
        return "".join(part["text"] for part in self.parts if part["type"] == "markdown")

    @property
    def tasks(self) -> list[Json]:
        """All task cards, whether they stand alone or in the plan."""
        tasks: list[Json] = []
        for part in self.parts:
            if part["type"] == "task_card":
                tasks.append(part)
            elif part["type"] == "plan":
                tasks.extend(part["tasks"])
        return tasks


TOMBSTONE = "tombstone"


@dataclass
class Message:
    """One message, mutable because people and the bot edit it in place."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    only_for: str | None = None
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    client_msg_id: str | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    stream: Stream | None = None
    broadcast: bool = False
    replies: list[str] = field(default_factory=list)
    repliers: list[str] = field(default_factory=list)
    choices: dict[str, Json] = field(default_factory=dict)
    """What each person has picked in this message's selects and inputs: user → block_id → action_id."""

    team: Team = FIRST_TEAM

    def bury(self) -> None:
        """What is left of a message that was deleted although others have replied to it."""
        self.subtype, self.user, self.text = TOMBSTONE, "USLACKBOT", "This message was deleted."
        self.blocks, self.attachments, self.files, self.reactions = [], [], [], {}
        self.client_msg_id = self.edited = self.metadata = self.stream = None

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return self.user == self.team.bot_user

    @property
    def all_blocks(self) -> list[Json]:
        """The blocks to draw, including what was streamed."""
        if self.stream is None:
            return self.blocks
        return self.stream.parts + self.stream.final_blocks + self.blocks

    def to_slack(self, metadata: bool = False) -> Json:
        """The message object of the Web API and of events."""
        out: Json = {
            "type": "message",
            "user": self.user,
            "ts": self.ts,
            "text": self.text,
            "team": self.team.id,
        }
        if self.by_bot:
            out |= {"bot_id": self.team.bot, "app_id": APP}
        out |= {
            name: value
            for name, value in {
                "subtype": self.subtype,
                "hidden": True if self.subtype == TOMBSTONE else None,
                "client_msg_id": self.client_msg_id,
                "blocks": self.all_blocks or None,
                "attachments": self.attachments or None,
                "files": self.files or None,
                "thread_ts": self.thread_ts or (self.ts if self.replies else None),
                "edited": self.edited,
                "metadata": self.metadata if metadata else None,
            }.items()
            if value is not None
        }
        if self.files:
            out["upload"] = True
        if self.reactions:
            out["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        if self.replies:
            out |= {
                "reply_count": len(self.replies),
                "reply_users": self.repliers,
                "reply_users_count": len(self.repliers),
                "latest_reply": self.replies[-1],
            }
        return out

    def as_seen(self) -> Json:
        """The message as the page and the control API show it: with stream state and visibility."""
        out = self.to_slack(metadata=True) | {
            "channel": self.channel,
            "ephemeral": self.only_for is not None,
            "stream": None,
        }
        out.setdefault("blocks", [])
        if self.stream is not None:
            out["stream"] = {
                "state": self.stream.state.value,
                "text": self.stream.text,
                "mode": self.stream.mode,
                "tasks": self.stream.tasks,
                "appends": self.stream.appends,
            }
        return out
