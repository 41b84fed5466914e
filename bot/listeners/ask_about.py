"""问制度: a message's text asked as a question, by whoever picked it in the message's menu."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.blocks import parts
from bot.listeners import errors, places, resuming, threads
from bot.listeners.answering import Question
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared

SHORTCUT = "ask_about_message"
_LONGEST = 1500


def on_shortcut(shared: Shared, args: Args) -> None:
    """Answered in the message's thread, or to the asker alone, as the channel is set; where the bot is not, in the
    asker's DM."""
    args.ack()
    place = places.of_interaction(args.body)
    message = args.body["message"]
    if message.get("user") == shared.bot_user:
        raise errors.Declined("ask.own_message")
    text = threads.typed(str(message.get("text") or ""))
    if not text:
        raise errors.Declined("ask.no_text")
    claim = f"shortcut:{args.body['trigger_id']}"[:240]
    if not shared.services.desk.claim(claim):
        return
    errors.run_in_pool(shared, place, lambda: _ask(shared, place, text, claim))


def _ask(shared: Shared, place: Place, text: str, claim: str) -> None:
    if not _is_there(shared, place):
        place = _in_dm(shared, place, text)
    else:
        shared.joined.add(place.channel, place.thread_ts)
    resuming.take_on(shared, Question(text, place, in_thread=place.in_thread), [f"{claim}:answer"])


def _is_there(shared: Shared, place: Place) -> bool:
    """Whether the bot takes part in the conversation: a message's menu is in all of them, other people's DMs too."""
    if place.is_dm:
        return place.channel == _dm(shared, place.user)
    try:
        found = shared.client.conversations_info(channel=place.channel)["channel"]
    except SlackApiError as error:
        if error.response.get("error") not in ("channel_not_found", "missing_scope", "not_in_channel"):
            raise
        return False
    return bool(found.get("is_member"))


def _in_dm(shared: Shared, place: Place, text: str) -> Place:
    """A thread of its own in the asker's DM, begun with what is asked."""
    quoted = parts.clip(" ".join(text.split()), _LONGEST)
    asked = parts.rich(
        parts.lines(parts.line(parts.styled(shared.words(place.user)("ask.about"), bold=True))),
        parts.quote(quoted),
    )
    channel, ts = places.tell(shared.client, place.user, quoted, [asked])
    return replace(place, channel=channel, thread_ts=ts, message_ts=ts)


def _dm(shared: Shared, user: str) -> str:
    return str(shared.client.conversations_open(users=user)["channel"]["id"])


LISTENERS = (
    Listener(
        Kind.SHORTCUT,
        SHORTCUT,
        on_shortcut,
        scopes=("commands", "channels:read", "groups:read"),
        title="shortcut.ask",
    ),
)
