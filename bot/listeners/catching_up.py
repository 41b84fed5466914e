"""What people said to the bot while it was not there, longer than Slack tries again: read back, and answered once.

Slack offers an event four times within some six minutes; what was said in a longer outage comes no more. So the bot
reads back its conversations from when it was last there, and takes on what it would have taken on then, unless somebody
did or it has an answer. Each message is claimed like any other: two processes that catch up answer it once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.listeners import ask, threads
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.slack_errors import PLACE_GONE, TROUBLE, code_of

_log = structlog.get_logger(__name__)

GAP = timedelta(minutes=12)
"""After so long without a mark there was an outage that outlasted Slack's attempts: six minutes, and five of a mark."""
_OVERLAP = timedelta(minutes=1)
"""The clocks of Slack and of this machine need not agree exactly."""
_THREADS_OF = timedelta(days=1)
"""In which threads somebody may have asked on: those in which an answer was given so long before."""
_MOST_THREADS = 30
"""Of one conversation."""
_MOST_PAGES = 5
_PAGE = 200
_AT_ONCE = 20
"""Calls that are made without a pause; afterwards half of what Slack allows in a minute (tier 3: 50)."""
_PAUSE = 2.4
_KINDS = "public_channel,private_channel,im"

Message = Mapping[str, Any]


class Stopped(Exception):
    """The bot ends; the next start catches up."""


class CatchingUp:
    """Looks for outages and makes up for them. One for each process."""

    def __init__(
        self,
        shared: Shared,
        clock: Callable[[], datetime],
        hours: float,
        connected: Callable[[], bool],
        everywhere: Callable[[Shared], Iterable[Shared]],
    ) -> None:
        """`hours`: what is older is left (0: nothing is read back). `connected`: whether requests of Slack can come in.
        `everywhere`: what to work with in each workspace."""
        self._shared, self._clock, self._hours = shared, clock, hours
        self._connected, self._everywhere = connected, everywhere
        self._ending = threading.Event()
        self._calls = 0

    def stop(self) -> None:
        """End between two calls."""
        self._ending.set()

    def look(self) -> int:
        """Make up for an outage that ended, if there was one, and say that the bot is there; how much was taken on."""
        presence = self._shared.services.desk.presence
        if not self._connected() or self._ending.is_set():
            return 0
        last, now, taken = presence.last(), self._clock(), 0
        if last is not None and self._hours and now - last > GAP:
            since = max(last - _OVERLAP, now - timedelta(hours=self._hours))
            try:
                taken = sum(self._catch_up(at, since) for at in self._everywhere(self._shared))
            except Stopped:
                return 0
            _log.info("messages.caught_up", since=since.isoformat(), taken=taken, calls=self._calls)
        presence.mark()
        return taken

    def _catch_up(self, at: Shared, since: datetime) -> int:
        """In one workspace. Raises Stopped, and what Slack raises when it is away: then it is tried again."""
        self._calls, taken = 0, 0
        mine = self._pages(
            lambda cursor: at.client.users_conversations(types=_KINDS, limit=_PAGE, cursor=cursor), "channels"
        )
        for conversation in list(mine):
            channel = str(conversation["id"])
            try:
                found = [*self._said_in(at, channel, since)]
            except TROUBLE as error:
                if code_of(error) not in PLACE_GONE:
                    raise
                continue
            unheard = at.services.desk.presence.unheard(channel, [str(m["ts"]) for m, _ in found])
            kind = "im" if conversation.get("is_im") else "channel"
            for message, ours in sorted(found, key=lambda pair: float(pair[0]["ts"])):
                if message["ts"] in unheard:
                    taken += _take_on(at, {**message, "channel": channel, "channel_type": kind}, ours=ours)
        return taken

    def _said_in(self, at: Shared, channel: str, since: datetime) -> Iterator[tuple[Message, bool]]:
        """What people said in a conversation since then, and whether it was said in a thread of the bot."""
        oldest = f"{since.timestamp():.6f}"
        history = self._pages(
            lambda cursor: at.client.conversations_history(
                channel=channel, oldest=oldest, limit=_PAGE, cursor=cursor
            ),
            "messages",
        )
        roots = list(history)
        yield from ((message, False) for message in roots if threads.is_from_person(message, at.bot_user))
        known = at.services.desk.presence.threads(channel, since - _THREADS_OF, _MOST_THREADS)
        went_on = [str(root["ts"]) for root in roots if float(root.get("latest_reply") or 0) > float(oldest)]
        for thread_ts in dict.fromkeys([*went_on, *known]):
            try:
                replies = self._thread(at, channel, thread_ts)
            except TROUBLE as error:
                if code_of(error) not in PLACE_GONE:
                    raise
                continue  # deleted meanwhile
            ours = threads.is_ours(replies, at.bot_user)
            later = (m for m in replies if float(m["ts"]) > float(oldest) and m["ts"] != thread_ts)
            yield from ((reply, ours) for reply in later if threads.is_from_person(reply, at.bot_user))

    def _thread(self, at: Shared, channel: str, thread_ts: str) -> list[Message]:
        pages = self._pages(
            lambda cursor: at.client.conversations_replies(
                channel=channel, ts=thread_ts, limit=_PAGE, cursor=cursor
            ),
            "messages",
        )
        return list(pages)

    def _pages(self, read: Callable[[str | None], Any], name: str) -> Iterator[Message]:
        """What the Web API lists, over its pages; `read` is given where a page begins."""
        cursor = ""
        for _ in range(_MOST_PAGES):
            self._pace()
            page = read(cursor or None)
            yield from page.get(name) or []
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _pace(self) -> None:
        """Leave Slack's patience to those who ask now. Raises Stopped."""
        self._calls += 1
        if self._ending.wait(_PAUSE if self._calls > _AT_ONCE else 0):
            raise Stopped


def _take_on(at: Shared, message: Message, *, ours: bool) -> bool:
    """Take on what was said to the bot; whether this call did."""
    ts = str(message["ts"])
    place = Place(
        str(message["user"]),
        str(message["channel"]),
        str(message.get("thread_ts") or ts),
        ts,
        str(message.get("team") or ""),
    )
    return ask.heard_later(at, message, place, ours=ours)
