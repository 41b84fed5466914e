"""Reading a thread back: Slack's log of messages is the truth about what was said."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slack_sdk import WebClient

from bot.assistant.answers import Turn
from bot.assistant.redaction import mask
from bot.blocks import answers
from bot.blocks.answers import FOOTER_PREFIX, SOURCE_PREFIX
from bot.blocks.parts import unescape
from bot.blocks.sharing import OLDER
from bot.listeners.small_talk import is_small_talk

Message = Mapping[str, Any]

SPOKEN = (None, "file_share", "thread_broadcast")
"""Subtypes of messages that somebody said; edits, deletions, joins and the like are not."""
_OF_APPS = ("bot_id", "bot_profile", "app_id", "workflow_id")
"""What only messages of apps, webhooks and workflows carry."""
_PAGE = 200
_SOURCE = re.compile(rf"{SOURCE_PREFIX}_\d+_(\d+)")
_MENTION = re.compile(r"<@[A-Z0-9_]+(?:\|[^>]*)?>")
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>")


class OurThreads:
    """Threads that the bot is known to take part in, so that Slack isn't asked at every message."""

    _KEPT = 10_000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], None] = {}

    def add(self, channel: str, thread_ts: str) -> None:
        """Remember a thread; the oldest are forgotten and then asked about again."""
        with self._lock:
            self._known[channel, thread_ts] = None
            while len(self._known) > self._KEPT:
                self._known.pop(next(iter(self._known)))

    def __contains__(self, thread: tuple[str, str]) -> bool:
        with self._lock:
            return thread in self._known


def read(client: WebClient, channel: str, thread_ts: str, *, metadata: bool = False) -> list[Message]:
    """Every message of a thread, oldest first, over all pages; with their metadata if wished. Raises SlackApiError."""
    messages: list[Message] = []
    cursor = ""
    while True:
        page = client.conversations_replies(
            channel=channel,
            ts=thread_ts,
            limit=_PAGE,
            cursor=cursor or None,
            include_all_metadata=metadata or None,
        )
        messages += page.get("messages") or []
        cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return messages


def typed(text: str) -> str:
    """What a person typed: without mentions, links as they read, Slack's escapes undone."""
    bare = _MENTION.sub(" ", text)
    bare = _LINK.sub(lambda link: link.group(2) or link.group(1), bare)
    return unescape(bare).strip()


def is_mentioned(text: str, user_id: str) -> bool:
    """Whether `text` of a message mentions the user."""
    return re.search(rf"<@{re.escape(user_id)}(?:\|[^>]*)?>", text) is not None


def is_answer(message: Message, bot_user: str) -> bool:
    """Whether a message is an answer of the bot, known by the blocks below its text."""
    if message.get("user") != bot_user:
        return False
    return any(
        str(block.get("block_id", "")).startswith(FOOTER_PREFIX) for block in message.get("blocks") or []
    )


def is_older(message: Message) -> bool:
    """Whether an answer says of itself that it is not for what stands there now."""
    return any(block.get("block_id") == OLDER for block in message.get("blocks") or [])


def answer_id(message: Message) -> int | None:
    """The number in the ledger of the answer that a message shows, or a part of."""
    return answers.number(message.get("blocks") or [])


def is_ours(messages: Iterable[Message], bot_user: str) -> bool:
    """Whether the bot takes part in a thread: it answered there, or somebody called it there."""
    return any(
        is_answer(message, bot_user) or is_mentioned(str(message.get("text") or ""), bot_user)
        for message in messages
    )


def is_for_bot(text: str, bot_user: str) -> bool:
    """Whether a reply in a thread of the bot wants an answer: not thanks or assent, not said to somebody else."""
    if is_mentioned(text, bot_user):
        return True
    return not _MENTION.match(text.strip()) and not is_small_talk(typed(text))


def turns(messages: Sequence[Message], bot_user: str, before_ts: str) -> list[Turn]:
    """The conversation before `before_ts`: what people asked the bot (masked), and what it answered from where."""
    found: list[Turn] = []
    for message in messages:
        if float(message["ts"]) >= float(before_ts):
            break
        if is_older(message):
            continue
        if is_answer(message, bot_user):
            found.append(Turn("assistant", answer_text(message), cited_clauses(message)))
        elif is_from_person(message, bot_user) and is_for_bot(str(message.get("text") or ""), bot_user):
            text = typed(str(message.get("text") or ""))
            if text:
                found.append(Turn("user", mask(text)))
    return found


def questions(messages: Sequence[Message], bot_user: str, until_ts: str) -> list[str]:
    """What people wrote up to a message, that message included, masked."""
    upto = [message for message in messages if float(message["ts"]) <= float(until_ts)]
    written = [typed(str(message.get("text") or "")) for message in upto if is_from_person(message, bot_user)]
    return [mask(text) for text in written if text]


def cited_clauses(message: Message) -> tuple[int, ...]:
    """Ids of the clauses that an answer cites, in the order of its sources; none of answers of before 2026-12."""
    found = [_SOURCE.fullmatch(str(block.get("block_id", ""))) for block in message.get("blocks") or []]
    return tuple(int(source[1]) for source in found if source)


def body(message: Message) -> str:
    """The text of an answer without its buttons, as it was given."""
    pieces = [
        str(block["text"])
        for block in message.get("blocks") or []
        if block.get("type") == "markdown" and not str(block.get("block_id", "")).startswith(FOOTER_PREFIX)
    ]
    text = "\n\n".join(pieces).strip() or unescape(str(message.get("text") or "")).strip()
    return text.replace("\u2060", "")  # the joiner of `parts.harmless`


def answer_text(message: Message) -> str:
    """The text of an answer without its buttons, and below it a line for each source: manual and where in it."""
    sources = [
        _first_line(block)
        for block in message.get("blocks") or []
        if str(block.get("block_id", "")).startswith(f"{SOURCE_PREFIX}_")
    ]
    return "\n".join([body(message), *(f"— {line}" for line in sources if line)])


def _first_line(block: Mapping[str, Any]) -> str:
    """The first section of a rich text as plain text; empty for other blocks."""
    elements: Sequence[Any] = block.get("elements") or ()
    if block.get("type") != "rich_text" or not elements:
        return ""
    parts: Sequence[Mapping[str, Any]] = elements[0].get("elements") or ()
    return "".join(str(part.get("text") or "") for part in parts).strip()


def is_from_person(message: Message, bot_user: str) -> bool:
    """Whether a person wrote a message: not this bot, no other app or workflow, not Slackbot, no notice of Slack's."""
    return (
        message.get("subtype") in SPOKEN
        and not any(message.get(mark) for mark in _OF_APPS)
        and message.get("user") not in (None, "", bot_user, "USLACKBOT")
    )
