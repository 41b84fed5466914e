"""Deciding a draft: approve, instruct, edit, ask back, reject, pass up. The desk refuses; nothing is decided by who can
see a button."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import Args

from bot.assistant.redaction import mask
from bot.blocks import escalations, review_forms
from bot.blocks.parts import Block
from bot.blocks.references import CardRef, DecisionFormRef
from bot.blocks.wording import Words
from bot.cards import redraw
from bot.listeners import forms, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.errors import StaleRevision
from tickets.people import Person
from tickets.records import Escalation
from tickets.rungs import require_editor, require_reviewer

Form = Callable[[Escalation, str, Words], Block]
Deed = Callable[[Shared, Person, int, int, str], object]
"""Does something to an escalation (id, revision) with the text that was written."""


def on_approve(shared: Shared, args: Args) -> None:
    """Approve what was seen."""
    args.ack()
    place, seen = clicked(args)
    try:
        shared.services.desk.approve(shared.person(place.user), seen.escalation_id, seen.revision)
    except StaleRevision:
        refresh(shared, seen.escalation_id, place)
        raise
    args.ack()  # it is written down; the cards may take a while
    refresh(shared, seen.escalation_id, place)
    shared.nudge()


def on_edit(shared: Shared, args: Args) -> None:
    """Open the draft for editing."""
    args.ack()
    place, seen = clicked(args)
    open_editing(shared, place, seen, str(args.body["trigger_id"]))


def open_editing(shared: Shared, place: Place, seen: CardRef, trigger_id: str) -> None:
    """The form of a draft; its filer may also change to whom it goes. Raises NotAllowed, StaleRevision."""
    escalation = current(shared, place, seen)
    people, actor = shared.services.people, shared.person(place.user)
    filer = people.get(escalation.filer_id)
    require_editor(people, actor, filer, escalation.awaiting, escalation.content.accused)
    above = people.ladder_of(filer).above(filer.role) if actor.id == filer.id else ()
    form = escalations.form(
        escalation.content,
        remember(place, seen),
        shared.words(place.user),
        editing=True,
        above=above,
        categories=forms.category_names(shared.services, escalation.content.language),
    )
    shared.client.views_open(trigger_id=trigger_id, view=form)


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
        refresh(shared, before.id, place)
        raise
    args.ack()
    refresh(shared, before.id, place)
    shared.nudge()


def asking(form: Form) -> Callable[[Shared, Args], None]:
    """A listener that opens a form to a reviewer whose turn it is."""

    def on_click(shared: Shared, args: Args) -> None:
        args.ack()
        place, seen = clicked(args)
        escalation = current(shared, place, seen)
        people = shared.services.people
        filer, accused = people.get(escalation.filer_id), escalation.content.accused
        require_reviewer(people, shared.person(place.user), filer, escalation.awaiting, accused)
        view = form(escalation, remember(place, seen), shared.words(place.user))
        shared.client.views_open(trigger_id=args.body["trigger_id"], view=view)

    return on_click


def doing(field: str, deed: Deed, *, required: bool = True) -> Callable[[Shared, Args], None]:
    """A listener that does something with the text of a submitted form; refused, what was typed stays."""

    def on_submit(shared: Shared, args: Args) -> None:
        view = args.body["view"]
        hidden = DecisionFormRef.load(str(view.get("private_metadata") or ""))
        place = places.of_form(args.body, hidden)
        given = forms.values(view)
        wrong = forms.problems(given, (field,) if required else (), shared.words(place.user))
        if wrong:
            args.ack(response_action="errors", errors=wrong)
            return
        text = mask(given.get(field, ""))
        try:
            deed(shared, shared.person(place.user), hidden.escalation_id, hidden.revision, text)
        except StaleRevision:
            refresh(shared, hidden.escalation_id, place)
            raise
        args.ack()
        refresh(shared, hidden.escalation_id, place)
        shared.nudge()

    return on_submit


def _approve(shared: Shared, actor: Person, escalation_id: int, revision: int, text: str) -> object:
    return shared.services.desk.approve(actor, escalation_id, revision, text)


def _reject(shared: Shared, actor: Person, escalation_id: int, revision: int, text: str) -> object:
    return shared.services.desk.reject(actor, escalation_id, revision, text)


def _ask_back(shared: Shared, actor: Person, escalation_id: int, revision: int, text: str) -> object:
    return shared.services.desk.rungs.ask_back(actor, escalation_id, revision, text)


def _pass_up(shared: Shared, actor: Person, escalation_id: int, revision: int, text: str) -> object:
    return shared.services.desk.rungs.pass_up(actor, escalation_id, revision, text)


def clicked(args: Args) -> tuple[Place, CardRef]:
    """Where a button was pressed, and the escalation as it was seen there."""
    return places.of_interaction(args.body), CardRef.load(str(args.body["actions"][0].get("value") or ""))


def current(shared: Shared, place: Place, seen: CardRef) -> Escalation:
    """The draft, if it still is what was seen; otherwise the card is redrawn and StaleRevision raised."""
    escalation = shared.services.desk.escalation(seen.escalation_id)
    if escalation.revision == seen.revision:
        return escalation
    refresh(shared, escalation.id, place)
    raise StaleRevision(
        escalation.number,
        state=escalation.state.value,
        revision=escalation.revision,
        changed_by=escalation.changed_by,
        decided_by=escalation.decided_by,
        decided_at=escalation.decided_at,
    )


def remember(place: Place, seen: CardRef) -> str:
    """Where a form was opened and about what, for when it comes back."""
    return DecisionFormRef(
        channel=place.channel,
        thread_ts=place.thread_ts,
        message_ts=place.message_ts,
        escalation_id=seen.escalation_id,
        revision=seen.revision,
    ).dump()


def refresh(shared: Shared, escalation_id: int, place: Place | None = None) -> None:
    """Bring every message about the draft up to date; `place`: the card that was clicked, too."""
    card = (place.channel, place.message_ts) if place and place.message_ts else None
    redraw(shared.client, shared.services, escalation_id, card, shared.languages.words)


LISTENERS = (
    Listener(Kind.ACTION, escalations.APPROVE, on_approve, writes=True),
    Listener(Kind.ACTION, escalations.EDIT, on_edit),
    Listener(Kind.VIEW, escalations.EDIT_FORM, on_edited),
    Listener(Kind.ACTION, escalations.INSTRUCT, asking(review_forms.instruct_form)),
    Listener(Kind.VIEW, escalations.INSTRUCT_FORM, doing(escalations.INSTRUCTION, _approve)),
    Listener(Kind.ACTION, escalations.ASK_BACK, asking(review_forms.ask_back_form)),
    Listener(Kind.VIEW, escalations.ASK_BACK_FORM, doing(escalations.QUESTION, _ask_back)),
    Listener(Kind.ACTION, escalations.REJECT, asking(review_forms.reject_form)),
    Listener(Kind.VIEW, escalations.REJECT_FORM, doing(escalations.REASON, _reject)),
    Listener(Kind.ACTION, escalations.UPWARD, asking(review_forms.pass_up_form)),
    Listener(Kind.VIEW, escalations.UPWARD_FORM, doing(escalations.NOTE, _pass_up, required=False)),
)
