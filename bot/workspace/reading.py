"""What each person has read, so that the page can mark who has something waiting."""

from __future__ import annotations

from bot.workspace.messages import Message
from bot.workspace.people import Channel
from bot.workspace.world import World


class Reading:
    """A mark per person and channel: everything up to this ts was on their screen."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._marks: dict[tuple[str, str], str] = {}

    def mark(self, user: str, channel: str) -> None:
        """The person sees the newest of the channel now."""
        newest = max(self._world.messages.get(channel, {}), default="")
        self._marks[user, channel] = max(newest, self._marks.get((user, channel), ""))

    def unread(self) -> dict[str, dict[str, int]]:
        """person → channel → how many messages wait there; channels without any are left out."""
        people = [person.id for person in self._world.people.values() if not person.is_bot]
        return {user: self._of(user) for user in people}

    def _of(self, user: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for channel in self._world.channels_of(user):
            mark = self._marks.get((user, channel.id), "")
            stored = self._world.messages[channel.id]
            waiting = sum(self._waits(user, channel, m) for ts, m in stored.items() if ts > mark)
            if waiting:
                counts[channel.id] = waiting
        return counts

    def _waits(self, user: str, channel: Channel, message: Message) -> bool:
        """As Slack's badges: all that comes in direct messages, in a private channel (there are few, and of few people)
        each new message; elsewhere, and in threads, what names the person or answers where they wrote.
        """
        if message.user == user or message.only_for not in (None, user):
            return False
        if channel.is_im or message.only_for == user or f"<@{user}>" in message.text:
            return True
        if not message.thread_ts or message.thread_ts == message.ts:
            return channel.is_private
        parent = self._world.find(channel.id, message.thread_ts)
        return parent is not None and user in (parent.user, *parent.repliers)
