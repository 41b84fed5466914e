"""Feedback on answers: the verdict counts at once, a thumbs-down also asks why."""

from __future__ import annotations

from slack_bolt import Args

from bot.assistant.redaction import mask
from bot.blocks import answers, feedbacks
from bot.blocks.references import AnswerRef, FormRef
from bot.listeners import errors, forms, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from tickets.answer_desk import Fault
from tickets.records import Verdict


def on_feedback(shared: Shared, args: Args) -> None:
    """One of the two buttons below an answer."""
    args.ack()
    place = places.of_interaction(args.body)
    verdict, _, reference = str(args.body["actions"][0].get("value") or "").partition(" ")
    answer_id = AnswerRef.load(reference).answer_id
    if answer_id is None:
        raise errors.Declined("error.outdated")
    good = verdict == "good"
    actor = shared.person(place.user)
    shared.services.desk.record_feedback(actor, answer_id, Verdict.HELPFUL if good else Verdict.UNHELPFUL)
    args.ack()
    words = shared.words(place.user)
    if good:
        errors.whisper(shared, place, words("feedback.thanks"))
        return
    metadata = forms.opened_at(place, answer_id).dump()
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=feedbacks.form(metadata, words))


def on_reason(shared: Shared, args: Args) -> None:
    """Why the answer was no help."""
    view = args.body["view"]
    hidden = FormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    if hidden.answer_id is None:
        raise errors.Declined("error.outdated")
    given = forms.values(view)
    chosen, reason = given.get(feedbacks.FAULT, ""), mask(given.get(feedbacks.REASON, ""))
    if chosen == Fault.OTHER and not reason:
        wrong = {feedbacks.REASON: shared.words(place.user)("feedback.say_what")}
        args.ack(response_action="errors", errors=wrong)
        return
    fault = chosen if chosen in set(Fault) else ""
    actor = shared.person(place.user)
    shared.services.desk.record_feedback(actor, hidden.answer_id, Verdict.UNHELPFUL, reason, fault)
    args.ack()
    errors.whisper(shared, place, shared.words(place.user)("feedback.thanks"))


LISTENERS = (
    Listener(Kind.ACTION, answers.FEEDBACK, on_feedback, writes=True),
    Listener(Kind.VIEW, feedbacks.FORM, on_reason),
)
