"""Deciding a draft: approve, edit, reject. The desk refuses; nothing is decided by who can see a button."""

from __future__ import annotations

from slack_bolt import Args

from bot.assistant.redaction import mask
from bot.blocks import escalations
from bot.blocks.references import CardRef, DecisionFormRef
from bot.cards import redraw
from bot.listeners import forms, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.errors import StaleRevision
from tickets.records import Escalation
from tickets.rules import require_decider, require_editor


def on_approve(shared: Shared, args: Args) -> None:
    """Approve what was seen."""
    args.ack()
    place, seen = _clicked(args)
    try:
        shared.services.desk.approve(shared.person(place.user), seen.escalation_id, seen.revision)
    except StaleRevision:
        _redraw(shared, seen.escalation_id, place)
        raise
    _redraw(shared, seen.escalation_id, place)
    shared.nudge()


def on_edit(shared: Shared, args: Args) -> None:
    """Open the draft for editing."""
    args.ack()
    place, seen = _clicked(args)
    escalation = _current(shared, place, seen)
    require_editor(
        shared.person(place.user), escalation.filer_id, escalation.awaiting, shared.services.people.ladder
    )
    form = escalations.form(
        escalation.content, _remember(place, seen), shared.words(place.user), editing=True
    )
    shared.client.views_open(trigger_id=args.body["trigger_id"], view=form)


def on_edited(shared: Shared, args: Args) -> None:
    """A new revision of the draft."""
    view = args.body["view"]
    hidden = DecisionFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    given = forms.values(view)
    required = (escalations.WHAT_HAPPENED, escalations.HANDLING)
    wrong = forms.problems(given, required, shared.words(place.user))
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    desk = shared.services.desk
    before = desk.escalation(hidden.escalation_id)
    content = forms.amended(before.content, given, shared.house_words)
    try:
        desk.edit_escalation(shared.person(place.user), before.id, hidden.revision, content)
    except StaleRevision:
        _redraw(shared, before.id, place)
        raise
    args.ack()
    _redraw(shared, before.id, place)
    shared.nudge()


def on_reject(shared: Shared, args: Args) -> None:
    """Ask why."""
    args.ack()
    place, seen = _clicked(args)
    escalation = _current(shared, place, seen)
    require_decider(
        shared.person(place.user), escalation.filer_id, escalation.awaiting, shared.services.people.ladder
    )
    form = escalations.reject_form(escalation, _remember(place, seen), shared.words(place.user))
    shared.client.views_open(trigger_id=args.body["trigger_id"], view=form)


def on_rejected(shared: Shared, args: Args) -> None:
    """Reject with the reason."""
    view = args.body["view"]
    hidden = DecisionFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    given = forms.values(view)
    wrong = forms.problems(given, (escalations.REASON,), shared.words(place.user))
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    actor, reason = shared.person(place.user), mask(given[escalations.REASON])
    try:
        shared.services.desk.reject(actor, hidden.escalation_id, hidden.revision, reason)
    except StaleRevision:
        _redraw(shared, hidden.escalation_id, place)
        raise
    args.ack()
    _redraw(shared, hidden.escalation_id, place)
    shared.nudge()


def _clicked(args: Args) -> tuple[Place, CardRef]:
    return places.of_interaction(args.body), CardRef.load(str(args.body["actions"][0].get("value") or ""))


def _current(shared: Shared, place: Place, seen: CardRef) -> Escalation:
    """The draft, if it still is what was seen; otherwise the card is redrawn and StaleRevision raised."""
    escalation = shared.services.desk.escalation(seen.escalation_id)
    if escalation.revision == seen.revision:
        return escalation
    _redraw(shared, escalation.id, place)
    raise StaleRevision(
        escalation.number,
        state=escalation.state.value,
        revision=escalation.revision,
        changed_by=escalation.changed_by,
        decided_by=escalation.decided_by,
        decided_at=escalation.decided_at,
    )


def _remember(place: Place, seen: CardRef) -> str:
    return DecisionFormRef(
        channel=place.channel,
        thread_ts=place.thread_ts,
        message_ts=place.message_ts,
        escalation_id=seen.escalation_id,
        revision=seen.revision,
    ).dump()


def _redraw(shared: Shared, escalation_id: int, place: Place) -> None:
    """Bring every card of the draft up to date, the clicked one included."""
    clicked = (place.channel, place.message_ts) if place.message_ts else None
    redraw(shared.client, shared.services, escalation_id, clicked)


LISTENERS = (
    Listener(Kind.ACTION, escalations.APPROVE, on_approve),
    Listener(Kind.ACTION, escalations.EDIT, on_edit),
    Listener(Kind.ACTION, escalations.REJECT, on_reject),
    Listener(Kind.VIEW, escalations.EDIT_FORM, on_edited),
    Listener(Kind.VIEW, escalations.REJECT_FORM, on_rejected),
)
