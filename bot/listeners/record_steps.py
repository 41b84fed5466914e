"""Taking the steps of a filled-in procedure: from the buttons of its card. The desk refuses; nothing is decided by who
can see a button."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from slack_bolt import Args

from bot.assistant.redaction import mask
from bot.blocks import parts, procedure_reading, procedures, record_lists, records
from bot.blocks.parts import Block
from bot.blocks.procedure_inputs import WATCHED_AT_STEP
from bot.blocks.references import RecordRef, StepFormRef
from bot.listeners import errors, forms, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.procedure_forms import complaints, masked_values, open_again, somebody_was_faster
from bot.listeners.shared import Shared
from bot.record_cards import RecordCards
from tickets.errors import NotAllowed, Refusal, StaleRevision
from tickets.procedure_acting import DONE_BY
from tickets.procedure_records import Act, Record
from tickets.procedure_spec import Procedure, StepSpec
from tickets.procedure_words import InvalidForm
from tickets.rules import Action


def on_take(shared: Shared, args: Args) -> None:
    """Approve, accept, sign or carry out what was seen; a step that asks something opens its form first."""
    args.ack()
    place, seen = _clicked(args)
    record, step = _current(shared, place, seen)
    act = DONE_BY[step.kind]
    if step.fields:
        _require_actor(shared, place, record)
        _ask(shared, args, place, record, step, act)
        return
    _act(shared, place, record, act)
    _redraw(shared, record.id, place)


def on_send_back(shared: Shared, args: Args) -> None:
    """Ask why it goes back to its filer."""
    _why(shared, args, Act.RETURNED)


def on_reject(shared: Shared, args: Args) -> None:
    """Ask why not."""
    _why(shared, args, Act.REJECTED)


def _why(shared: Shared, args: Args, act: Act) -> None:
    args.ack()
    place, seen = _clicked(args)
    record, step = _current(shared, place, seen)
    _require_actor(shared, place, record)
    _ask(shared, args, place, record, step, act)


def _ask(shared: Shared, args: Args, place: Place, record: Record, step: StepSpec, act: Act) -> None:
    """The form of a step: its fields, or the reason why it is not taken."""
    view = _form(shared, place, record, step, act)
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def _form(
    shared: Shared,
    place: Place,
    record: Record,
    step: StepSpec,
    act: Act,
    values: Mapping[str, str] = MappingProxyType({}),
) -> Block:
    hidden = StepFormRef(
        **forms.opened_at(place).model_dump(), record_id=record.id, revision=record.revision, act=act.value
    )
    known, words = {**record.facts, **values}, shared.words(place.user)
    return procedures.step_form(
        step,
        known,
        hidden.dump(),
        words,
        shared.zone,
        takes=act is DONE_BY[step.kind],
        about=f"{record.number} {record.title}",
    )


def on_changed(shared: Shared, args: Args) -> None:
    """Something on which other fields of a step depend was changed."""
    args.ack()
    view = args.body.get("view") or {}
    if view.get("callback_id") != procedures.STEP_FORM:
        return
    hidden = StepFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    record, procedure = _found(shared, hidden.record_id)
    step = procedure.step(record.step)
    if step is None or record.revision != hidden.revision:
        return  # submitting it tells
    values = procedure_reading.given(view, step.fields, shared.zone)
    redrawn = _form(shared, place, record, step, forms.one_of(Act, hidden.act), values)
    shared.client.views_update(
        view_id=str(view["id"]), view=redrawn, hash=str(view.get("hash") or "") or None
    )


def on_submit(shared: Shared, args: Args) -> None:
    """The form of a step: it is taken before the form closes."""
    view = args.body["view"]
    hidden = StepFormRef.load(str(view.get("private_metadata") or ""))
    place, act = places.of_form(args.body, hidden), forms.one_of(Act, hidden.act)
    record, procedure = _found(shared, hidden.record_id)
    step = procedure.step(record.step)
    if step is None or record.revision != hidden.revision:
        _redraw(shared, record.id, place)
        raise somebody_was_faster(shared, record, place)
    given = procedure_reading.given(view, step.fields, shared.zone)
    note = mask(given.pop(procedures.NOTE, ""))
    takes = act is DONE_BY[step.kind]
    asked = procedures.asked(step.fields, {**record.facts, **given}) if takes else []
    if {one.key for one in asked} - set(procedure_reading.shown(view)):
        args.ack(response_action="update", view=_form(shared, place, record, step, act, given))
        return
    try:
        _act(shared, place, record, act, note, masked_values(procedure, given))
    except InvalidForm as error:
        language = shared.words(place.user).language
        args.ack(response_action="errors", errors=complaints(view, error, language))
        return
    args.ack()
    _redraw(shared, record.id, place)


def _act(
    shared: Shared,
    place: Place,
    record: Record,
    act: Act,
    note: str = "",
    values: Mapping[str, str] | None = None,
) -> None:
    desk = shared.services.desk.procedures
    try:
        desk.act(shared.person(place.user), record.id, record.revision, act, note, values)
    except StaleRevision as error:
        _redraw(shared, record.id, place)
        raise somebody_was_faster(shared, desk.get(record.id), place) from error
    shared.nudge()


def on_correct(shared: Shared, args: Args) -> None:
    """The filer changes what was filed, or files it again."""
    args.ack()
    place, seen = _clicked(args)
    record = shared.services.desk.procedures.get(seen.record_id)
    if record.filer_id != place.user:
        raise NotAllowed(Action.CHANGE_PROCEDURE, shared.person(place.user).role, Refusal.NOT_YOURS)
    _unchanged(shared, place, record, seen)
    open_again(shared, place, str(args.body["trigger_id"]), record)


def on_withdraw(shared: Shared, args: Args) -> None:
    """The filer takes it back."""
    args.ack()
    place, seen = _clicked(args)
    desk = shared.services.desk.procedures
    try:
        desk.withdraw(shared.person(place.user), seen.record_id, seen.revision)
    except StaleRevision as error:
        _redraw(shared, seen.record_id, place)
        raise somebody_was_faster(shared, desk.get(seen.record_id), place) from error
    _redraw(shared, seen.record_id, place)
    shared.nudge()


def on_revoke(shared: Shared, args: Args) -> None:
    """Ask why an approved swap is taken back."""
    args.ack()
    place, seen = _clicked(args)
    record, _ = _found(shared, seen.record_id)
    _unchanged(shared, place, record, seen)
    if place.user not in record.may_revoke:
        raise NotAllowed(Action.ACT_ON_PROCEDURE, shared.person(place.user).role, Refusal.NOT_YOURS)
    hidden = StepFormRef(
        **forms.opened_at(place).model_dump(),
        record_id=record.id,
        revision=record.revision,
        act=Act.REVOKED.value,
    )
    view = records.revoke_form(record, hidden.dump(), shared.words(place.user))
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def on_revoked(shared: Shared, args: Args) -> None:
    """With the reason, it is taken back before the form closes."""
    view = args.body["view"]
    hidden = StepFormRef.load(str(view.get("private_metadata") or ""))
    place, desk = places.of_form(args.body, hidden), shared.services.desk.procedures
    note = mask(forms.values(view)[procedures.NOTE])
    try:
        desk.revoke(shared.person(place.user), hidden.record_id, hidden.revision, note)
    except InvalidForm as error:
        language = shared.words(place.user).language
        args.ack(response_action="errors", errors=complaints(view, error, language))
        return
    except StaleRevision as error:
        _redraw(shared, hidden.record_id, place)
        raise somebody_was_faster(shared, desk.get(hidden.record_id), place) from error
    args.ack()
    _redraw(shared, hidden.record_id, place)
    shared.nudge()


def on_details(shared: Shared, args: Args) -> None:
    """Everything that it says, uncut."""
    args.ack()
    place, seen = _clicked(args)
    desk = shared.services.desk.procedures
    record = desk.view(shared.person(place.user), seen.record_id)
    procedure = desk.spec_of(record)
    view = records.details(record, procedure, shared.words(place.user), shared.zone)
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def on_show(shared: Shared, args: Args) -> None:
    """A record out of a list in the home: its card, in the reader's DM. Only for who filed it or may act."""
    args.ack()
    place, seen = _clicked(args)
    record = shared.services.desk.procedures.view_own(shared.person(place.user), seen.record_id)
    dm = str(shared.client.conversations_open(users=place.user)["channel"]["id"])
    RecordCards(shared.services, shared.client, shared.languages).place(record, place.user, dm)


def on_read(shared: Shared, args: Args) -> None:
    """Somebody has read a broadcast."""
    args.ack()
    place, seen = _clicked(args)
    desk = shared.services.desk.procedures
    desk.acknowledge(shared.person(place.user), seen.record_id)
    record, procedure = _found(shared, seen.record_id)
    blocks = record_lists.broadcast(
        record, procedure, desk.broadcast(record)[1], len(desk.read_by(record.id)), shared.house_words
    )
    text = parts.fallback(records.card_text(record, procedure, shared.house_words))
    shared.client.chat_update(channel=place.channel, ts=place.message_ts, text=text, blocks=blocks)
    errors.whisper(shared, place, shared.words(place.user)("ack.recorded"))


# -- what was clicked --------------------------------------------------------------------------------------


def _clicked(args: Args) -> tuple[Place, RecordRef]:
    return places.of_interaction(args.body), RecordRef.load(str(args.body["actions"][0].get("value") or ""))


def _found(shared: Shared, record_id: int) -> tuple[Record, Procedure]:
    desk = shared.services.desk.procedures
    record = desk.get(record_id)
    return record, desk.spec_of(record)


def _current(shared: Shared, place: Place, seen: RecordRef) -> tuple[Record, StepSpec]:
    """The record and the step that it waits at, if it still is what was seen; else its cards are redrawn and who was
    faster is told."""
    record, procedure = _found(shared, seen.record_id)
    _unchanged(shared, place, record, seen)
    step = procedure.step(record.step)
    if step is None:
        _redraw(shared, record.id, place)
        raise somebody_was_faster(shared, record, place)
    return record, step


def _unchanged(shared: Shared, place: Place, record: Record, seen: RecordRef) -> None:
    if record.revision != seen.revision:
        _redraw(shared, record.id, place)
        raise somebody_was_faster(shared, record, place)


def _require_actor(shared: Shared, place: Place, record: Record) -> None:
    """Refuse before somebody fills in a form in vain; the desk refuses all the same."""
    if place.user not in record.waiting_for:
        refusal = Refusal.OWN_WORK if place.user == record.filer_id else Refusal.NOT_YOURS
        raise NotAllowed(Action.ACT_ON_PROCEDURE, shared.person(place.user).role, refusal)


def _redraw(shared: Shared, record_id: int, place: Place) -> None:
    """Bring every card of the record up to date, the clicked one included."""
    clicked = (place.channel, place.message_ts) if place.message_ts else None
    RecordCards(shared.services, shared.client, shared.languages).redraw(record_id, clicked, place.user)


LISTENERS = (
    Listener(Kind.ACTION, records.TAKE, on_take, writes=True),
    Listener(Kind.ACTION, records.SEND_BACK, on_send_back),
    Listener(Kind.ACTION, records.REJECT, on_reject),
    Listener(Kind.ACTION, records.CORRECT, on_correct),
    Listener(Kind.ACTION, records.WITHDRAW, on_withdraw, writes=True),
    Listener(Kind.ACTION, records.REVOKE, on_revoke),
    Listener(Kind.VIEW, records.REVOKE_FORM, on_revoked),
    Listener(Kind.ACTION, records.DETAILS, on_details),
    Listener(Kind.ACTION, records.SHOW, on_show),
    Listener(Kind.ACTION, records.READ, on_read, writes=True),
    Listener(Kind.ACTION, WATCHED_AT_STEP, on_changed),
    Listener(Kind.VIEW, procedures.STEP_FORM, on_submit),
)
