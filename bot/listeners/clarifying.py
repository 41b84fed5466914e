"""Whose rule is meant: the choice is remembered for whoever chose, and the question answered again with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from slack_bolt import Args

from bot.assistant.answers import Answer, Asker, Turn
from bot.assistant.clarifying import ALL
from bot.blocks import answers, clarifying
from bot.blocks.references import ChoiceRef
from bot.listeners import errors, places, resuming, whispering
from bot.listeners.answering import Question, asker_at, below_answer, history_of, is_private, record
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.channel_settings import Reach
from tickets.records import AnswerRecord


def on_choice(shared: Shared, args: Args) -> None:
    """One of the buttons below an answer that asks whose rule is meant."""
    args.ack()
    place = places.of_interaction(args.body)
    chosen = ChoiceRef.load(str(args.body["actions"][0].get("value") or ""))
    if chosen.answer_id is None:
        raise errors.Declined("error.outdated")
    asked = shared.services.desk.answer_record(chosen.answer_id)
    choice = chosen.organisation or chosen.product
    claim = f"clarify:{chosen.answer_id}:{place.user}:{choice}"[:255]
    if not place.message_ts and not shared.services.desk.claim(claim):
        return  # a second click on the same button
    known = asker_at(shared, place)
    asker = replace(known, organisation=chosen.organisation, product=chosen.product or known.product)
    if chosen.organisation != ALL:
        shared.services.desk.preferences.choose(
            shared.person(place.user), chosen.organisation, chosen.product
        )
    told = "" if chosen.organisation == ALL else shared.words(place.user)("clarify.chosen", told=choice)
    if not place.message_ts:  # below an answer that only its asker sees
        if told:
            errors.whisper(shared, place, told)
        again_alone = _again_whispered if asked.origin.message_ts else _again_to_command
        errors.run_in_pool(shared, place, lambda: again_alone(shared, args, place, asked, asker))
        return
    # As if asked anew at its old place: what was said before it is what it follows up.
    at = replace(place, message_ts=asked.origin.message_ts or place.message_ts)
    again = Question(asked.question, at, in_thread=True, asker=asker)
    if resuming.take_on(shared, again, [claim], args.context.enterprise_id or "") and told:
        errors.whisper(shared, place, told)


def _again_to_command(shared: Shared, args: Args, place: Place, asked: AnswerRecord, asker: Asker) -> None:
    """Below the answer to a command."""
    found, answer_id = _answered(shared, place, asked.question, [], asker, Reach.ASKER)
    words = shared.words(place.user)
    below = answers.footer(found, answer_id, words, shared.zone)
    whispering.respond(args, asked.question, found.text, below, words)


def _again_whispered(shared: Shared, args: Args, place: Place, asked: AnswerRecord, asker: Asker) -> None:
    """Below the answer to a question in a channel that is answered to the asker first: what can be shared of the one
    can be of the other."""
    asked_in = place.thread_ts or asked.origin.message_ts
    at = replace(place, thread_ts=asked_in, message_ts=asked.origin.message_ts)
    reach = Reach.ASKER if shared.reach(place) is Reach.ASKER else Reach.ASKER_FIRST
    history = history_of(shared, Question(asked.question, at, in_thread=at.in_thread))
    found, answer_id = _answered(shared, at, asked.question, history, asker, reach)
    below = below_answer(shared, at, asked.question, found, answer_id, reach)
    for blocks in answers.messages(found.text, below, shared.words(place.user)):
        places.whisper(shared.client, at, answers.plain_text(blocks), blocks)


def _answered(
    shared: Shared, place: Place, text: str, history: Sequence[Turn], asker: Asker, reach: Reach
) -> tuple[Answer, int]:
    """The answer, and its number in the ledger."""
    generation = shared.services.library.generation()
    view = shared.answering_view(place, private=is_private(place, reach))
    found = shared.services.assistant.answer(text, history, view=view, asker=asker)
    origin = replace(place.origin, thread_ts="")
    return found, record(shared, place.user, text, found, generation, origin, history)


LISTENERS = tuple(
    Listener(Kind.ACTION, action, on_choice, writes=True)
    for action in (*clarifying.CHOOSE, clarifying.CHOOSE_ALL)
)
"""The manifest needs nothing for them."""
