"""A question that was changed or taken back after it was asked: what was answered to it follows.

Changed: the new wording is answered where that makes a difference, and the old answer says which wording it was for.
Taken back: in a channel the answer goes too, or, where others have written since, says that its question is gone.
"""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.assistant.answers import Answer
from bot.assistant.redaction import mask
from bot.blocks import answers, parts, sharing
from bot.listeners import errors, resuming, sessions, threads
from bot.listeners.answering import Question, asker_at, history_of, is_private
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.listeners.small_talk import is_small_talk
from bot.listeners.threads import Message
from bot.slack_errors import PLACE_GONE

_log = structlog.get_logger(__name__)

_TOMBSTONE = "tombstone"
"""What Slack leaves of a deleted message that has replies (so of every question that was answered in its thread). It
tells of it as of a change; only what has none is told to be deleted."""
_PATIENCE_SECONDS = 60.0
"""How long an answer that is being written is waited for before what it answers is looked at again."""
_SETTLING_SECONDS = 1.0
"""How long after a change an answer may still be about to begin."""
_LOOK_SECONDS = 0.25


def on_changed(shared: Shared, args: Args) -> None:
    """Somebody edited a message; Slack says the same of links that it unfolds, where the words stay."""
    event: Mapping[str, Any] = args.body["event"]
    new, old = event.get("message") or {}, event.get("previous_message") or {}
    if new.get("subtype") == _TOMBSTONE:
        on_deleted(shared, args)
        return
    if not threads.is_from_person(new, shared.bot_user) or not _is_new(shared, args.body):
        return
    text, before = str(new.get("text") or ""), str(old.get("text") or "")
    called = threads.is_mentioned(text, shared.bot_user) and not threads.is_mentioned(before, shared.bot_user)
    if not called and same_words(threads.typed(text), threads.typed(before)):
        return
    place = _place(args.body, event, new)
    if not _may_be_ours(shared, place, text):
        return
    change = str(args.body.get("event_id") or event.get("ts") or "")
    errors.run_in_pool(shared, place, lambda: _redo(shared, place, threads.typed(text), change))


def on_deleted(shared: Shared, args: Args) -> None:
    """Somebody took a message back."""
    event: Mapping[str, Any] = args.body["event"]
    old = event.get("previous_message") or {}
    if not threads.is_from_person(old, shared.bot_user) or not _is_new(shared, args.body):
        return
    place = _place(args.body, event, old)
    if place.is_dm or not _may_be_ours(shared, place, str(old.get("text") or "")):
        return
    errors.run_in_pool(shared, place, lambda: _take_back(shared, place))


def same_words(one: str, other: str) -> bool:
    """Whether two wordings differ in no more than signs, spaces and capital letters.

    >>> same_words("退货，几天内？", "退货,几天内"), same_words("退货几天内", "换货几天内")
    (True, False)
    """
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _is_new(shared: Shared, body: Mapping[str, Any]) -> bool:
    event_id = str(body.get("event_id") or "")
    return not event_id or shared.services.desk.claim(f"event:{event_id}")


def _place(body: Mapping[str, Any], event: Mapping[str, Any], message: Message) -> Place:
    ts = str(message.get("ts") or event.get("deleted_ts") or "")
    return Place(
        user=str(message.get("user") or ""),
        channel=str(event.get("channel") or ""),
        thread_ts=str(message.get("thread_ts") or ts),
        message_ts=ts,
        team=str(body.get("team_id") or message.get("team") or ""),
    )


def _may_be_ours(shared: Shared, place: Place, text: str) -> bool:
    """Whether the bot may have answered a message, so that nobody else's edits are looked into."""
    if place.is_dm or threads.is_mentioned(text, shared.bot_user):
        return True
    if (place.channel, place.thread_ts) in shared.joined:
        return True
    return bool(shared.services.desk.answers.to_message(place.channel, place.message_ts))


def _given(shared: Shared, place: Place) -> list[int]:
    """The answers to a message, oldest first; one that is being written is waited for."""
    began = time.monotonic()
    while True:
        busy = shared.running.is_running(place.channel, place.thread_ts)
        found = shared.services.desk.answers.to_message(place.channel, place.message_ts)
        waited = time.monotonic() - began
        if waited > _PATIENCE_SECONDS or (not busy and (found or waited > _SETTLING_SECONDS)):
            return found
        time.sleep(_LOOK_SECONDS)


# -- changed ---------------------------------------------------------------------------------------------


def _redo(shared: Shared, place: Place, text: str, change: str) -> None:
    given = _given(shared, place)
    question = Question(text, place, in_thread=place.in_thread)
    if not given:
        _ask_late(shared, question)
        return
    if not text or is_small_talk(text):
        _mark(shared, place, given, "revise.no_question")
        return
    reach = shared.reach(place)
    view = shared.answering_view(place, private=is_private(place, reach))
    history = history_of(shared, question)
    final = shared.services.assistant.answer(mask(text), history, view=view, asker=asker_at(shared, place))
    if _says_the_same(shared, place, given[-1], final):
        _log.info("question.changed", again=False)
        return
    _mark(shared, place, given, "revise.older")
    sessions.rename(shared.client, place, mask(text))
    _log.info("question.changed", again=True)
    resuming.take_on(shared, question, [f"changed:{place.channel}:{place.message_ts}:{change}"])


def _ask_late(shared: Shared, question: Question) -> None:
    """A message that was no question for the bot, or did not reach it, until somebody changed it."""
    place, text = question.place, question.text
    if not text or is_small_talk(text):
        return
    if resuming.take_on(shared, question, [f"message:{place.channel}:{place.message_ts}"]):
        shared.joined.add(place.channel, place.thread_ts)


def _says_the_same(shared: Shared, place: Place, answer_id: int, final: Answer) -> bool:
    """Whether the new wording is answered as the old one was."""
    old = shared.services.desk.answer_record(answer_id)
    if (old.outcome, old.clause_ids) != (final.outcome.value, tuple(c.clause_id for c in final.citations)):
        return False
    if final.model is not None or old.model is not None:
        return True  # no two answers of a model read the same; what they rest on does
    shown = _shown(shared, place, [answer_id])
    return not shown or same_words("".join(threads.body(part) for part in shown), final.text)


def _mark(shared: Shared, place: Place, given: Sequence[int], key: str) -> None:
    """Say on the answers to a message that they are not for what stands there now."""
    words = shared.words(place.user) if place.is_dm else shared.house_words
    for message, answer_id in _shown_with_ids(shared, place, given):
        old = shared.services.desk.answer_record(answer_id).question
        note = words(key, question=parts.clip(" ".join(old.split()), 200))
        _replace(shared, place, message, note)


def _replace(shared: Shared, place: Place, message: Message, note: str) -> None:
    blocks = sharing.outdated(note, message.get("blocks") or [])
    text = parts.clip(parts.fallback(f"{note}\n{answers.plain_text(blocks)}"), 3000)
    try:
        shared.client.chat_update(channel=place.channel, ts=str(message["ts"]), text=text, blocks=blocks)
    except SlackApiError as error:
        if error.response.get("error") not in PLACE_GONE:
            raise
        _log.info("answer.gone", channel=place.channel)


# -- taken back ------------------------------------------------------------------------------------------


def _take_back(shared: Shared, place: Place) -> None:
    given = _given(shared, place)
    if not given:
        return
    messages = _thread(shared, place)
    for message in _of(messages, given):
        later = (m for m in messages if float(m["ts"]) > float(message["ts"]))
        others = [m for m in later if threads.is_from_person(m, shared.bot_user) and m["user"] != place.user]
        if others:
            _replace(shared, place, message, shared.house_words("revise.deleted"))
            continue
        try:
            shared.client.chat_delete(channel=place.channel, ts=str(message["ts"]))
        except SlackApiError as error:
            if error.response.get("error") not in PLACE_GONE:
                raise
    _log.info("question.deleted", answers=len(given))


# -- finding the answers in Slack ------------------------------------------------------------------------


def _thread(shared: Shared, place: Place) -> list[Message]:
    """The thread of a message; empty when Slack does not know it any more."""
    try:
        return threads.read(shared.client, place.channel, place.thread_ts)
    except SlackApiError as error:
        if error.response.get("error") not in PLACE_GONE:
            raise
        return []


def _of(messages: Sequence[Message], given: Sequence[int]) -> list[Message]:
    return [message for message in messages if threads.answer_id(message) in given]


def _shown(shared: Shared, place: Place, given: Sequence[int]) -> list[Message]:
    return _of(_thread(shared, place), given)


def _shown_with_ids(shared: Shared, place: Place, given: Sequence[int]) -> list[tuple[Message, int]]:
    found = [(message, threads.answer_id(message)) for message in _shown(shared, place, given)]
    return [(message, number) for message, number in found if number is not None]
