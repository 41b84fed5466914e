"""Where the agent's session of a thread stands, as Slack shows it. A courtesy: nothing is withheld because it fails."""

from __future__ import annotations

from typing import Literal

import structlog
from slack_sdk import WebClient

from bot.blocks import parts
from bot.blocks.wording import Words
from bot.listeners.places import Place
from bot.slack_errors import TROUBLE, code_of

_log = structlog.get_logger(__name__)

Status = Literal["processing", "active", "suspended", "closed"]

WORKING: Status = "processing"
"""An answer is being written: Slack offers Stop."""
IDLE: Status = "active"
WAITING: Status = "suspended"
"""What came of the thread waits for somebody's approval."""
CLOSED: Status = "closed"
"""It was decided."""

DOING = ("searching", "reading", "checking")
"""What is shown in turn while an answer is worked on."""
_TITLE = 60


def begin(client: WebClient, place: Place, text: str, words: Words) -> None:
    """An answer to `text` (masked) is worked on: status, what is being done, and the title of a new session."""
    title = parts.clip(" ".join(text.split()), _TITLE)
    show(client, place, WORKING, title)
    look(client, place, words("ask.status"), [words(f"ask.status_{doing}") for doing in DOING])


def show(client: WebClient, place: Place, status: Status, title: str = "") -> None:
    """Set the status of a thread's session; the title counts for a new one."""
    if not place.channel or not place.thread_ts:
        return
    named = {"title": title, "initiator_user_id": place.user} if title else {}
    try:
        client.agents_sessions_setStatus(
            channel_id=place.channel, thread_ts=place.thread_ts, status=status, **named
        )
    except TROUBLE as error:
        _log.warning("status.not_shown", error=code_of(error))


def rename(client: WebClient, place: Place, text: str) -> None:
    """Give a session the title of what its thread is about now (`text` is masked)."""
    title = parts.clip(" ".join(text.split()), _TITLE)
    try:
        client.agents_sessions_rename(channel_id=place.channel, thread_ts=place.thread_ts, title=title)
    except TROUBLE as error:
        _log.warning("title.not_shown", error=code_of(error))


def look(client: WebClient, place: Place, status: str, doing: list[str] | None = None) -> None:
    """What the bot is seen doing in a thread; an empty status takes it away."""
    try:
        client.assistant_threads_setStatus(
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            status=status,
            loading_messages=doing or None,
        )
    except TROUBLE as error:
        _log.warning("status.not_shown", error=code_of(error))
