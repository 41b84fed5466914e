"""Reading the arguments of a Web API call: form or JSON, checked against the method's own list."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.workspace.errors import SlackError
from bot.workspace.messages import Message
from bot.workspace.people import Channel, Person
from bot.workspace.tokens import Grant
from bot.workspace.world import World

Json = dict[str, Any]

ALWAYS_ALLOWED = {"token", "team_id", "enterprise_id", "pretty"}
"""bolt adds team_id to every call; the SDK may put the token among the parameters."""
TRUE = {True, "1", "true", "True"}


def missing_scope(grant: Grant, needed: Sequence[str]) -> SlackError:
    """The error that names what is needed and what there is."""
    have = ",".join(sorted(grant.scopes))
    return SlackError("missing_scope", more={"needed": ",".join(needed), "provided": have})


class Arguments:
    """The arguments of one call, read with the error names that Slack uses."""

    def __init__(
        self,
        world: World,
        given: Mapping[str, Any],
        grant: Grant | None = None,
        basic: tuple[str, str] | None = None,
    ) -> None:
        self.world = world
        self.given = given
        self._grant = grant
        self.basic = basic
        """Client id and secret of an HTTP Basic header, if there was one."""
        self.advice: list[str] = []

    @property
    def grant(self) -> Grant:
        """What the call's token stands for. Raises SlackError not_authed when the method takes none."""
        if self._grant is None:
            raise SlackError("not_authed", "no token given")
        return self._grant

    def check(self, required: frozenset[str], optional: frozenset[str]) -> None:
        """Raise invalid_arguments for a missing or unknown argument."""
        missing = [name for name in sorted(required) if self.given.get(name) in (None, "")]
        unknown = sorted(set(self.given) - required - optional - ALWAYS_ALLOWED)
        complaints = [f"missing required field: {name}" for name in missing]
        complaints += [f"unknown argument: {name}" for name in unknown]
        if complaints:
            raise SlackError("invalid_arguments", *complaints)

    def text(self, name: str, default: str = "") -> str:
        """A string argument."""
        value = self.given.get(name)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise SlackError("invalid_arguments", f"{name} must be a string")
        return str(value)

    def flag(self, name: str) -> bool:
        """A boolean argument; forms carry 1 or true."""
        return self.given.get(name) in TRUE

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number between 1 and most."""
        value = self.given.get(name, default)
        try:
            return max(1, min(int(value), most))
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", f"{name} must be a number") from None

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """A list or object that comes as such or as a JSON string; None if absent."""
        value = self.given.get(name)
        if isinstance(value, str):
            try:
                return json.loads(value) if value.strip() else None
            except json.JSONDecodeError:
                raise SlackError(error, f"{name} is not valid JSON") from None
        return value

    def names(self, name: str) -> list[str]:
        """A list of strings: a list, a JSON list or comma-separated."""
        value = self.given.get(name)
        if isinstance(value, str) and not value.startswith("["):
            return [part.strip() for part in value.split(",") if part.strip()]
        return [str(part) for part in self.structure(name) or []]

    def may(self, channel: Channel, what: str) -> None:
        """Raise missing_scope unless the token may read this kind of conversation (what: history, read)."""
        kind = {"im": "im", "group": "groups", "channel": "channels"}[channel.channel_type]
        if f"{kind}:{what}" not in self.grant.scopes:
            raise missing_scope(self.grant, (f"{kind}:{what}",))

    # -- things of this workspace -----------------------------------------------------------------
    def channel(self, name: str = "channel", users_too: bool = False) -> Channel:
        """The channel meant. A user id stands for that person's DM where Slack allows it."""
        wanted = self.text(name)
        if users_too and wanted in self.world.people and f"D_{wanted}" in self.world.channels:
            return self.world.direct_messages(wanted)
        channel = self.world.channels.get(wanted)
        hidden = channel is not None and channel.channel_type != "channel" and not self._in(channel)
        if channel is None or hidden:
            raise SlackError("channel_not_found", f"there is no channel {wanted!r} that the app can see")
        return channel

    def _in(self, channel: Channel) -> bool:
        return self.world.team.bot_user in channel.members

    def joined(
        self, name: str = "channel", users_too: bool = False, error: str = "not_in_channel"
    ) -> Channel:
        """The channel meant, of which the app must be a member."""
        channel = self.channel(name, users_too)
        if not self._in(channel):
            raise SlackError(error, f"the app is not in {channel.id}; invite it")
        if channel.is_archived:
            raise SlackError("is_archived", f"{channel.id} is archived")
        return channel

    def looks(self) -> None:
        """Name and icon of one's own need chat:write.customize."""
        if any(self.text(name) for name in ("icon_emoji", "icon_url", "username")):
            needed = "chat:write.customize"
            if needed not in self.grant.scopes:
                raise missing_scope(self.grant, (needed,))

    def person(self, name: str = "user") -> Person:
        """The person meant."""
        person = self.world.people.get(self.text(name))
        if person is None:
            raise SlackError("user_not_found", f"there is no user {self.text(name)!r}")
        return person

    def message(self, channel: Channel, name: str = "ts") -> Message:
        """A message that is not ephemeral."""
        message = self.world.find(channel.id, self.text(name))
        if message is None or message.only_for is not None:
            raise SlackError("message_not_found", f"no message {self.text(name)!r} in {channel.id}")
        return message

    def thread(self, channel: Channel, error: str = "cannot_reply_to_message") -> str | None:
        """The parent's ts of the thread to write in, or None outside threads."""
        ts = self.text("thread_ts")
        if not ts:
            return None
        parent = self.world.find(channel.id, ts)
        if parent is None or parent.only_for is not None:
            raise SlackError(error, f"thread_ts {ts!r} is no message of {channel.id}")
        if parent.thread_ts:
            raise SlackError(error, "thread_ts is the ts of a reply; use its parent's ts")
        return ts

    def metadata(self) -> Json | None:
        """Message metadata, checked."""
        metadata = self.structure("metadata", "invalid_metadata_format")
        if metadata is None:
            return None
        if not isinstance(metadata, dict) or not (
            isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
        ):
            raise SlackError("invalid_metadata_format", "metadata needs event_type and event_payload")
        if len(json.dumps(metadata)) > 16_000:
            raise SlackError("metadata_too_large", "metadata holds at most 16 kB")
        return metadata
