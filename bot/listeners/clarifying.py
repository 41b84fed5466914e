"""Whose rule is meant: the choice is remembered for whoever chose, and the question answered again with it."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt import Args

from bot.assistant.answers import Answer, Asker
from bot.assistant.clarifying import ALL
from bot.blocks import answers, clarifying
from bot.blocks.references import ChoiceRef
from bot.listeners import errors, places, resuming, whispering
from bot.listeners.answering import Question, asker_at, record
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared


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
    if not place.message_ts:  # below the answer to a command, which only its asker sees
        if told:
            errors.whisper(shared, place, told)
        errors.run_in_pool(shared, place, lambda: _again_alone(shared, args, place, asked.question, asker))
        return
    # As if asked anew at its old place: what was said before it is what it follows up.
    at = replace(place, message_ts=asked.origin.message_ts or place.message_ts)
    again = Question(asked.question, at, in_thread=True, asker=asker)
    if resuming.take_on(shared, again, [claim], args.context.enterprise_id or "") and told:
        errors.whisper(shared, place, told)


def _again_alone(shared: Shared, args: Args, place: Place, text: str, asker: Asker) -> None:
    generation = shared.services.library.generation()
    view = shared.answering_view(place, private=True)
    found: Answer = shared.services.assistant.answer(text, view=view, asker=asker)
    answer_id = record(shared, place.user, text, found, generation, replace(place.origin, thread_ts=""))
    words = shared.words(place.user)
    whispering.respond(args, text, found.text, answers.footer(found, answer_id, words, shared.zone), words)


LISTENERS = tuple(
    Listener(Kind.ACTION, action, on_choice, writes=True)
    for action in (*clarifying.CHOOSE, clarifying.CHOOSE_ALL)
)
"""The manifest needs nothing for them."""
