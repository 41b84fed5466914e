"""The form of a procedure: drawn page by page, drawn again when a choice asks for more, and filed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.assistant.redaction import mask
from bot.blocks import procedure_reading, procedures
from bot.blocks.parts import Block
from bot.blocks.procedure_inputs import WATCHED
from bot.blocks.procedures import Filling
from bot.blocks.references import ProcedureFormRef
from bot.blocks.views import MAX_PRIVATE_METADATA
from bot.keeping.prefilling import completed
from bot.listeners import errors, forms, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.record_cards import RecordCards
from tickets.errors import StaleRevision
from tickets.procedure_records import Record
from tickets.procedure_spec import FieldKind, Procedure
from tickets.procedure_words import InvalidForm

_log = structlog.get_logger(__name__)

Values = dict[str, str]


def open_again(shared: Shared, place: Place, trigger_id: str, record: Record) -> None:
    """The form of a record that its filer corrects, filled with what it says."""
    procedure = shared.services.desk.procedures.spec_of(record)
    hidden = ProcedureFormRef(
        **forms.opened_at(place).model_dump(),
        procedure=procedure.key,
        record_id=record.id,
        revision=record.revision,
        contact_kept=record.has_contact,
    )
    view = form(shared, place, procedure, hidden, Filling(record.fields))
    shared.client.views_open(trigger_id=trigger_id, view=view)


def form(
    shared: Shared, place: Place, procedure: Procedure, hidden: ProcedureFormRef, filling: Filling
) -> Block:
    """The form at one of its pages; what the bot knows by itself is filled in where nothing was."""
    person = shared.person(place.user)
    asked = procedures.asked(procedures.pages(procedure.fields)[filling.page], filling.values)
    known = {**completed(shared.services, asked, person, place.channel, filling.values), **filling.values}
    shown = Filling(known, filling.page, filling.hint, hidden.contact_kept, hidden.record_id is not None)
    metadata = _remembering(procedure, hidden.model_copy(update={"page": filling.page}), known)
    return procedures.form(procedure, shown, metadata, shared.words(place.user), shared.zone)


def _remembering(procedure: Procedure, hidden: ProcedureFormRef, known: Mapping[str, str]) -> str:
    """The form's reference with what the form does not show, as far as Slack carries it: the longest is left out."""
    pages = procedures.pages(procedure.fields)
    there = {one.key for page in pages[: hidden.page] for one in page}
    there |= {one.key for one in procedures.asked(pages[hidden.page], known)}
    there |= {
        one.key for one in procedure.fields if one.kind is FieldKind.CONTACT
    }  # kept nowhere but in its inputs
    unseen = {key: text for key, text in known.items() if text and key.partition(".")[0] not in there}
    while True:
        found = hidden.model_copy(update={"unseen": unseen}).dump()
        if len(found) <= MAX_PRIVATE_METADATA:
            return found
        del unseen[max(unseen, key=lambda key: len(unseen[key]))]


def show(
    shared: Shared,
    place: Place,
    view_id: str,
    procedure: Procedure,
    hidden: ProcedureFormRef,
    filling: Filling,
    seen: str = "",
) -> None:
    """Draw the form into an open view, as long as it still is what was `seen` (its hash)."""
    view = form(shared, place, procedure, hidden, filling)
    try:
        shared.client.views_update(view_id=view_id, view=view, hash=seen or None)
    except SlackApiError as error:
        if error.response.get("error") not in ("not_found", "hash_conflict"):
            raise
        _log.info("form.gone_on", user=place.user)


def on_changed(shared: Shared, args: Args) -> None:
    """Something on which other fields depend was changed: they are asked, or asked no more."""
    args.ack()
    view = args.body.get("view") or {}
    if view.get("callback_id") != procedures.FORM:
        return
    hidden, procedure, values = _read(shared, view)
    place = places.of_form(args.body, hidden)
    filling = Filling(_drawn(view, procedure, values), hidden.page)
    show(shared, place, str(view["id"]), procedure, hidden, filling, str(view.get("hash") or ""))


def _drawn(view: Mapping[str, Any], procedure: Procedure, values: Values) -> Values:
    """Everything that the form held, to draw it again."""
    return {**values, **procedure_reading.contact_values(view, procedure.fields)}


def on_submit(shared: Shared, args: Args) -> None:
    """One page: on to the next, or filed before the form closes, so that nothing typed is lost when that fails."""
    view = args.body["view"]
    hidden, procedure, values = _read(shared, view)
    place = places.of_form(args.body, hidden)
    words = shared.words(place.user)
    if _missed(view, procedure, values, hidden.page):
        hint = words("procedure.now_asked")
        filling = Filling(_drawn(view, procedure, values), hidden.page, hint)
        args.ack(response_action="update", view=form(shared, place, procedure, hidden, filling))
        return
    following = procedures.next_page(procedure, values, hidden.page)
    if following is not None:
        args.ack(
            response_action="update", view=form(shared, place, procedure, hidden, Filling(values, following))
        )
        return
    try:
        record = _file(shared, place, view, procedure, hidden, values)
    except InvalidForm as error:
        args.ack(response_action="errors", errors=complaints(view, error, words.language))
        return
    args.ack()
    _told(shared, place, record, procedure, f"view:{view['id']}:{record.revision}")


def _read(shared: Shared, view: Mapping[str, Any]) -> tuple[ProcedureFormRef, Procedure, Values]:
    """What the form is about, and what it holds with all pages before it."""
    hidden = ProcedureFormRef.load(str(view.get("private_metadata") or ""))
    desk = shared.services.desk.procedures
    procedure = (
        desk.catalogue.get(hidden.procedure)
        if hidden.record_id is None
        else desk.spec_of(desk.get(hidden.record_id))
    )
    given = procedure_reading.given(view, procedure.fields, shared.zone)
    return hidden, procedure, {**hidden.unseen, **procedures.kept(view, procedure), **given}


def _missed(view: Mapping[str, Any], procedure: Procedure, values: Values, page: int) -> bool:
    """Whether the page asks for something now that it did not show."""
    shown = procedure_reading.shown(view)
    asked = procedures.asked(procedures.pages(procedure.fields)[page], values)
    return any(one.key not in shown for one in asked if one.kind is not FieldKind.COMPUTED)


def _file(
    shared: Shared,
    place: Place,
    view: Mapping[str, Any],
    procedure: Procedure,
    hidden: ProcedureFormRef,
    values: Values,
) -> Record:
    desk, person = shared.services.desk.procedures, shared.person(place.user)
    masked = masked_values(procedure, values)
    contact = procedure_reading.contact(view, procedure.fields)
    if hidden.record_id is not None:
        try:
            return desk.edit(person, hidden.record_id, hidden.revision, masked, contact=contact)
        except StaleRevision as error:
            raise somebody_was_faster(shared, desk.get(hidden.record_id), place) from error
    return desk.file(person, procedure.key, masked, place.origin, f"view:{view['id']}", contact)


def masked_values(procedure: Procedure, values: Mapping[str, str]) -> Values:
    """Values as the desk may see them: of what was typed freely, nothing that belongs to a customer."""
    free = {one.key for one in procedure.every_field() if one.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)}
    return {key: mask(value) if key in free else value for key, value in values.items() if value}


def complaints(view: Mapping[str, Any], error: InvalidForm, language: str) -> dict[str, str]:
    """block_id → sentence; what is wrong with a field that is not on this page stands at its first input. Raises
    Declined for a form that has none: ours have."""
    shown = procedure_reading.shown(view)
    if not shown:
        raise errors.Declined("error.outdated")
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        key = problem.field if problem.field in shown else shown[0]
        found.setdefault(key, []).append(problem.in_language(language))
    return {key: " ".join(sentences) for key, sentences in found.items()}


def somebody_was_faster(shared: Shared, record: Record, place: Place) -> errors.Declined:
    """What to say to somebody who was not the first: who was, and what became of it."""
    words = shared.words(place.user)
    person = shared.services.people.get(record.changed_by).name
    state = words(f"record.state.{record.state.value}")
    return errors.Declined("record.changed", number=record.number, person=person, state=state)


def _told(shared: Shared, place: Place, record: Record, procedure: Procedure, key: str) -> None:
    """The filer keeps the card in their DM; in a channel they read one sentence."""
    shared.nudge()
    cards = RecordCards(shared.services, shared.client, shared.languages)
    if record.revision > 1:
        cards.redraw(record.id)
    if not shared.services.desk.claim(f"told:{key}"):
        return
    words = shared.words(place.user)
    sentence = words(
        "procedure.filed" if record.step else "procedure.filed_done",
        number=record.number,
        name=procedure.name.in_language(words.language),
    )
    acts_next = place.user in record.waiting_for  # then the card is on its way to them
    if acts_next or not place.is_dm:
        places.whisper(shared.client, place, sentence)
    if not acts_next:
        dm = str(shared.client.conversations_open(users=place.user)["channel"]["id"])
        thread_ts = place.thread_ts if place.channel == dm else ""
        cards.place(record, place.user, dm, above=sentence, thread_ts=thread_ts)


LISTENERS = (
    Listener(Kind.VIEW, procedures.FORM, on_submit),
    Listener(Kind.ACTION, WATCHED, on_changed),
)
