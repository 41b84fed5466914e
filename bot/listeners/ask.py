"""Questions: in the DM, by @mention, and in threads where the bot already takes part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import Args

from bot.listeners import errors, manuals, places, resuming, revising, threads
from bot.listeners.answering import READ_BACK, Question
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.listeners.small_talk import is_small_talk
from tickets.rules import Action, allowed

Event = Mapping[str, Any]


def on_message(shared: Shared, args: Args) -> None:
    """A message in the DM, or in a channel where the bot is."""
    event: Event = args.body["event"]
    if event.get("subtype") == "message_changed":
        revising.on_changed(shared, args)
    elif event.get("subtype") == "message_deleted":
        revising.on_deleted(shared, args)
    elif is_spoken_by_person(event, shared.bot_user):
        _on_spoken(shared, args, event)


def _on_spoken(shared: Shared, args: Args, event: Event) -> None:
    place = places.of_event(args.body)
    text = str(event.get("text") or "")
    if event.get("channel_type") == "im":
        if not event.get("files") and is_small_talk(threads.typed(text)):
            return
        if not event.get("files"):
            _ask(shared, args, place)
        elif not allowed(shared.person(place.user).role, Action.MANAGE_MANUALS):
            _on_picture(shared, args, place, text)
        elif _claim(shared, args.body, place):
            manuals.on_files(shared, place, event)
        return
    if threads.is_mentioned(text, shared.bot_user):
        return  # the same message also comes as app_mention
    if not event.get("thread_ts") or not threads.is_for_bot(text, shared.bot_user):
        return
    if _is_ours(shared, place):
        _ask(shared, args, place)


def _on_picture(shared: Shared, args: Args, place: Place, text: str) -> None:
    """A file from somebody who keeps no manuals, mostly a picture to go with what they ask: that is answered, and they
    are told that the file is not read."""
    asks = bool(threads.typed(text)) and not is_small_talk(threads.typed(text))
    if _ask(shared, args, place) if asks else _claim(shared, args.body, place):
        errors.whisper(shared, place, shared.words(place.user)("manuals.not_read"))


def on_mention(shared: Shared, args: Args) -> None:
    """The bot was called in a channel."""
    event: Event = args.body["event"]
    if not is_spoken_by_person(event, shared.bot_user):
        return
    place = places.of_event(args.body)
    if _ask(shared, args, place):
        shared.joined.add(place.channel, place.thread_ts)


def heard_later(shared: Shared, event: Event, place: Place, *, ours: bool) -> bool:
    """Take on what Slack did not tell at its time (`bot.listeners.catching_up`), if it was said to the bot and nobody
    took it on; whether this call did. `ours`: it stands in a thread of the bot."""
    text = str(event.get("text") or "")
    claims = _claims({}, place)
    if event.get("channel_type") == "im" and event.get("files"):
        if not all(shared.services.desk.claim(key) for key in claims):
            return False
        manuals.on_files(shared, place, event)
        return True
    called = threads.is_mentioned(text, shared.bot_user)
    if event.get("channel_type") == "im":
        meant = not is_small_talk(threads.typed(text))
    else:
        meant = called or (ours and threads.is_for_bot(text, shared.bot_user))
    if not meant:
        return False
    question = Question(threads.typed(text), place, in_thread=place.thread_ts != place.message_ts)
    read_back = f"{READ_BACK}{place.channel}:{place.message_ts}"
    taken = resuming.take_on(shared, question, [*claims, read_back], paced=False)
    if taken and called:
        shared.joined.add(place.channel, place.thread_ts)
    return taken


def on_stop(shared: Shared, args: Args) -> None:
    """The Stop button of a running answer."""
    event: Event = args.body["event"]
    channel, thread_ts = str(event.get("channel") or ""), str(event.get("thread_ts") or "")
    if not shared.running.stop(channel, thread_ts) and not shared.services.alone:
        shared.services.desk.pass_stop_on(channel, thread_ts, str(event.get("event_ts") or ""))


def is_spoken_by_person(event: Event, bot_user: str) -> bool:
    """Whether a person said this just now: not a bot, not the bot itself, not an edit or a notice."""
    return threads.is_from_person(event, bot_user) and not event.get("edited")


def _claims(body: Mapping[str, Any], place: Place) -> list[str]:
    """What all copies of this message have in common: redelivered, or sent as two kinds of event."""
    event_id = str(body.get("event_id") or "")
    event = [f"event:{event_id}"] if event_id else []
    return [*event, f"message:{place.channel}:{place.message_ts}"]


def _claim(shared: Shared, body: Mapping[str, Any], place: Place) -> bool:
    """True for the first of all copies of this message."""
    return all(shared.services.desk.claim(key) for key in _claims(body, place))


def _is_ours(shared: Shared, place: Place) -> bool:
    thread = (place.channel, place.thread_ts)
    if thread in shared.joined:
        return True
    if not threads.is_ours(threads.read(shared.client, *thread), shared.bot_user):
        return False
    shared.joined.add(*thread)
    return True


def _ask(shared: Shared, args: Args, place: Place) -> bool:
    """Answer it unless another copy is being answered; whether this was the first."""
    typed = threads.typed(str(args.body["event"].get("text") or ""))
    question = Question(typed, place, in_thread=place.thread_ts != place.message_ts)
    claims = _claims(args.body, place)
    return resuming.take_on(shared, question, claims, args.context.enterprise_id or "")


LISTENERS = (
    Listener(
        Kind.EVENT,
        "message",
        on_message,
        events=("message.im", "message.channels", "message.groups"),
        scopes=("im:history", "channels:history", "groups:history", "chat:write", "files:read", "users:read"),
        writes=True,
    ),
    Listener(Kind.EVENT, "app_mention", on_mention, scopes=("app_mentions:read", "chat:write"), writes=True),
    Listener(Kind.EVENT, "agent_session_stopped", on_stop, scopes=("assistant:write",)),
)
