"""What an answer left behind in its thread when nobody heard whether it arrived: found by reading the thread back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from slack_sdk import WebClient

from bot.listeners import threads
from bot.listeners.places import Place
from bot.slack_errors import TROUBLE

EVENT_TYPE = "kefu_answer"
_OF_TASKS = frozenset({"task_card", "plan"})


def metadata(key: str) -> dict[str, Any]:
    """What the message of a whole answer carries, so that it can be known again; `key` is of this answer alone."""
    return {"event_type": EVENT_TYPE, "event_payload": {"answer": key}}


def of_answer(client: WebClient, place: Place, key: str) -> str | None:
    """The ts of the whole answer, if it stands in the thread; None, too, when Slack cannot be asked."""
    wanted = metadata(key)["event_payload"]
    for message in _below(client, place):
        found = message.get("metadata") or {}
        if found.get("event_type") == EVENT_TYPE and found.get("event_payload") == wanted:
            return str(message["ts"])
    return None


def of_stream(client: WebClient, place: Place, others: Collection[str]) -> str | None:
    """The ts of a message that was begun as an answer and holds nothing yet; `others` belong to other answers."""
    for message in _below(client, place):
        empty = not message.get("metadata") and not str(message.get("text") or "").strip()
        of_tasks = all(block.get("type") in _OF_TASKS for block in message.get("blocks") or [])
        if message.get("bot_id") and message["ts"] not in others and empty and of_tasks:
            return str(message["ts"])
    return None


def _below(client: WebClient, place: Place) -> list[Mapping[str, Any]]:
    """The messages of the thread after the question."""
    try:
        messages = threads.read(client, place.channel, place.thread_ts, metadata=True)
    except TROUBLE:
        return []
    return [message for message in messages if float(message["ts"]) > float(place.message_ts or 0)]
