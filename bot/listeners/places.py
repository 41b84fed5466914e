"""Where in Slack something happened, read out of the different payloads, and speaking to somebody there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import parts
from bot.blocks.parts import Block
from bot.blocks.references import FormRef
from tickets.records import Origin

Payload = Mapping[str, Any]

MAX_TEXT = 3000
_ELSEWHERE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "user_not_in_channel"})
"""Slack's codes for a conversation in which the bot is not."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who, and where; empty strings where the payload does not say."""

    user: str
    channel: str = ""
    thread_ts: str = ""
    """The thread to answer in: the message's thread, or the message itself."""
    message_ts: str = ""
    team: str = ""

    @property
    def in_thread(self) -> bool:
        """It follows other messages of a thread. Slack shows what only one person reads in a thread that there is."""
        return bool(self.thread_ts) and self.thread_ts != self.message_ts

    @property
    def is_dm(self) -> bool:
        """Only this person and the bot read here."""
        return self.channel.startswith("D")

    @property
    def origin(self) -> Origin:
        """As the desk records it."""
        return Origin(self.channel, self.thread_ts, self.message_ts, self.team)


def of_event(body: Payload) -> Place:
    """From an Events API body."""
    event = body.get("event") or {}
    ts = str(event.get("ts") or "")
    return Place(
        user=str(event.get("user") or ""),
        channel=str(event.get("channel") or ""),
        thread_ts=str(event.get("thread_ts") or ts),
        message_ts=ts,
        team=str(body.get("team_id") or event.get("team") or ""),
    )


def of_interaction(body: Payload) -> Place:
    """From a click, a shortcut, a command or a submitted form."""
    if "command" in body:
        return Place(
            user=str(body.get("user_id") or ""),
            channel=str(body.get("channel_id") or ""),
            team=str(body.get("team_id") or ""),
        )
    user = body.get("user") or {}
    team = str((body.get("team") or {}).get("id") or user.get("team_id") or "")
    message = body.get("message") or {}
    container = body.get("container") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
    ts = str(message.get("ts") or container.get("message_ts") or "")
    thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
    if container.get("is_ephemeral"):
        ts = ""  # nobody else sees it: it cannot be answered to, changed or read back
    thread = thread or ts
    return Place(str(user.get("id") or ""), str(channel), thread, ts, team)


def of_form(body: Payload, reference: FormRef) -> Place:
    """From a submitted form that remembers where it was opened."""
    at = of_interaction(body)
    return Place(at.user, reference.channel, reference.thread_ts, reference.message_ts, at.team)


def of_body(body: Payload) -> Place:
    """From any payload."""
    return of_event(body) if "event" in body else of_interaction(body)


def whisper(
    client: WebClient, place: Place, text: str, blocks: Sequence[Block] = ()
) -> tuple[str, str] | None:
    """Say something that only `place.user` reads: in the DM, as an ephemeral message, or in a new DM. Channel and ts;
    None for an ephemeral message, which nobody can change later.

    `text` is the fallback and is escaped here. Where the bot is not (a message's menu is everywhere), it is said in
    the DM. Raises SlackApiError.
    """
    safe = parts.clip(parts.fallback(text), MAX_TEXT)
    shown = list(blocks) or [parts.markdown(text)]
    try:
        if place.is_dm:
            return _say(client, place.channel, place.thread_ts, safe, shown)
        if place.channel:
            client.chat_postEphemeral(
                channel=place.channel,
                user=place.user,
                text=safe,
                blocks=shown,
                thread_ts=place.thread_ts if place.in_thread else None,
            )
            return None
    except SlackApiError as error:
        if error.response.get("error") not in _ELSEWHERE:
            raise
    return tell(client, place.user, text, shown)


def tell(client: WebClient, user: str, text: str, blocks: Sequence[Block] = ()) -> tuple[str, str]:
    """Say something to somebody in their DM with the bot; channel and ts of the message. Raises SlackApiError."""
    channel = str(client.conversations_open(users=user)["channel"]["id"])
    shown = list(blocks) or [parts.markdown(text)]
    return _say(client, channel, "", parts.clip(parts.fallback(text), MAX_TEXT), shown)


def _say(
    client: WebClient, channel: str, thread_ts: str, text: str, blocks: Sequence[Block]
) -> tuple[str, str]:
    sent = client.chat_postMessage(
        channel=channel, thread_ts=thread_ts or None, text=text, blocks=list(blocks)
    )
    return str(sent["channel"]), str(sent["ts"])
