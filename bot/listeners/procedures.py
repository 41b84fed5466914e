"""Filling in a procedure: every way to begin one, its form page by page, and filing it.

The form is filled by the bot as far as the text and its own records allow; the desk checks everything again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.assistant.redaction import mask
from bot.blocks import escalations, procedure_reading, procedures, record_lists
from bot.blocks.loading import loading
from bot.blocks.parts import Block
from bot.blocks.procedure_inputs import WATCHED
from bot.blocks.procedures import Filling
from bot.blocks.references import EscalationFormRef, OpenRef, ProcedureFormRef
from bot.blocks.views import MAX_PRIVATE_METADATA
from bot.keeping.prefilling import completed, prefilled
from bot.listeners import errors, escalate, forms, places, threads
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.record_cards import RecordCards
from tickets.errors import NotAllowed
from tickets.procedure_finding import Search
from tickets.procedure_records import Record, RecordState
from tickets.procedure_spec import FieldKind, Procedure
from tickets.procedure_words import InvalidForm
from tickets.rules import Action

_log = structlog.get_logger(__name__)

SHORTCUT = "start_procedure_message"

Values = dict[str, str]

_LISTED = 10
_LOOKED_BACK = 50
"""Records by which the most used procedures are known."""


# -- ways to begin -----------------------------------------------------------------------------------------


def on_shortcut(shared: Shared, args: Args) -> None:
    """办事项 on a message: which procedure, filled from what the message says."""
    args.ack()
    place = places.of_interaction(args.body)
    text = mask(threads.typed(str(args.body["message"].get("text") or "")))
    open_menu(shared, place, str(args.body["trigger_id"]), text)


def open_menu(shared: Shared, place: Place, trigger_id: str, text: str = "") -> None:
    """All that somebody may file, to choose from."""
    offered = offered_to(shared, place.user)
    metadata = forms.opened_at(place).dump()
    view = procedures.menu(offered, text, metadata, shared.words(place.user))
    shared.client.views_open(trigger_id=trigger_id, view=view)


def on_menu_button(shared: Shared, args: Args) -> None:
    """All procedures, from the home."""
    args.ack()
    open_menu(shared, places.of_interaction(args.body), str(args.body["trigger_id"]))


def on_chosen(shared: Shared, args: Args) -> None:
    """The menu: it becomes the form of what was chosen."""
    view = args.body["view"]
    hidden = ProcedureFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    given = forms.values(view)
    procedure = shared.services.desk.procedures.catalogue.get(given[procedures.PROCEDURE])
    words = shared.words(place.user)
    args.ack(response_action="update", view=loading(procedure.name.in_language(words.language), words))
    _fill_soon(shared, place, str(view["id"]), procedure, given.get(procedures.ABOUT, ""))


def on_button(shared: Shared, args: Args) -> None:
    """A button that begins one procedure: in the home, below a record that is done, or in the form of an escalation."""
    args.ack()
    key = OpenRef.load(str(args.body["actions"][0].get("value") or "")).procedure
    procedure = shared.services.desk.procedures.catalogue.get(key)
    view = args.body.get("view") or {}
    if view.get("callback_id") != escalations.FORM:
        begin(shared, places.of_interaction(args.body), str(args.body["trigger_id"]), procedure)
        return
    hidden = EscalationFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    words = shared.words(place.user)
    waiting = loading(procedure.name.in_language(words.language), words)
    shared.client.views_update(view_id=str(view["id"]), view=waiting)
    text = forms.values(view).get(escalations.WHAT_HAPPENED, "")
    _fill_soon(shared, place, str(view["id"]), procedure, text)


def offered_to(shared: Shared, user: str) -> list[Procedure]:
    """What somebody may begin, escalations included."""
    person, desk = shared.person(user), shared.services.desk.procedures
    others = [
        one for one in desk.catalogue.procedures.values() if one.machine and person.role in one.filed_by
    ]
    return [*desk.for_person(person), *others]


def begin(shared: Shared, place: Place, trigger_id: str, procedure: Procedure, text: str = "") -> None:
    """Open the form at once and fill it when that is done."""
    if procedure.machine:
        escalate.open_form(shared, place, trigger_id, text=text)
        return
    person = shared.person(place.user)
    if person.role not in procedure.filed_by:
        raise NotAllowed(Action.FILE_PROCEDURE, person.role)
    words = shared.words(place.user)
    waiting = loading(procedure.name.in_language(words.language), words)
    opened = shared.client.views_open(trigger_id=trigger_id, view=waiting)
    _fill_soon(shared, place, str(opened["view"]["id"]), procedure, text)


def _fill_soon(shared: Shared, place: Place, view_id: str, procedure: Procedure, text: str) -> None:
    if procedure.machine:
        escalate.fill_soon(shared, place, view_id, text)
        return

    def fill() -> None:
        person = shared.person(place.user)
        values, found = prefilled(shared.services, procedure, text, person, place.channel)
        words = shared.words(place.user)
        names = words("list.comma").join(one.label.in_language(words.language) for one in found)
        hint = words("procedure.filled", fields=names) if names else ""
        hidden = ProcedureFormRef(**forms.opened_at(place).model_dump(), procedure=procedure.key)
        _show(shared, place, view_id, procedure, hidden, Filling(values, hint=hint))

    errors.run_in_pool(shared, place, fill)


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
    view = _form(shared, place, procedure, hidden, Filling(record.fields))
    shared.client.views_open(trigger_id=trigger_id, view=view)


# -- the form ----------------------------------------------------------------------------------------------


def _form(
    shared: Shared, place: Place, procedure: Procedure, hidden: ProcedureFormRef, filling: Filling
) -> Block:
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
    unseen = {key: text for key, text in known.items() if text and key.partition(".")[0] not in there}
    while True:
        found = hidden.model_copy(update={"unseen": unseen}).dump()
        if len(found) <= MAX_PRIVATE_METADATA:
            return found
        del unseen[max(unseen, key=lambda key: len(unseen[key]))]


def _show(
    shared: Shared,
    place: Place,
    view_id: str,
    procedure: Procedure,
    hidden: ProcedureFormRef,
    filling: Filling,
    seen: str = "",
) -> None:
    """Draw the form into an open view, as long as it still is what was `seen` (its hash)."""
    view = _form(shared, place, procedure, hidden, filling)
    try:
        shared.client.views_update(view_id=view_id, view=view, hash=seen or None)
    except SlackApiError as error:
        if error.response.get("error") not in ("not_found", "hash_conflict"):
            raise
        _log.info("form.gone_on", user=place.user)


def on_changed(shared: Shared, args: Args) -> None:
    """Something on which other fields depend was changed: they are asked, or asked no more."""
    args.ack()
    view = args.body["view"]
    if view.get("callback_id") != procedures.FORM:
        return
    hidden, procedure, values = _read(shared, view)
    place = places.of_form(args.body, hidden)
    _show(
        shared, place, str(view["id"]), procedure, hidden, Filling(values, hidden.page), str(view.get("hash"))
    )


def on_submit(shared: Shared, args: Args) -> None:
    """One page: on to the next, or filed before the form closes, so that nothing typed is lost when that fails."""
    view = args.body["view"]
    hidden, procedure, values = _read(shared, view)
    place = places.of_form(args.body, hidden)
    words = shared.words(place.user)
    if _missed(view, procedure, values, hidden.page):
        hint = words("procedure.now_asked")
        again = _form(shared, place, procedure, hidden, Filling(values, hidden.page, hint))
        args.ack(response_action="update", view=again)
        return
    following = procedures.next_page(procedure, values, hidden.page)
    if following is not None:
        args.ack(
            response_action="update", view=_form(shared, place, procedure, hidden, Filling(values, following))
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
        return desk.edit(person, hidden.record_id, hidden.revision, masked, contact=contact)
    return desk.file(person, procedure.key, masked, place.origin, f"view:{view['id']}", contact)


def masked_values(procedure: Procedure, values: Mapping[str, str]) -> Values:
    """Values as the desk may see them: of what was typed freely, nothing that belongs to a customer."""
    free = {one.key for one in procedure.every_field() if one.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)}
    return {key: mask(value) if key in free else value for key, value in values.items() if value}


def complaints(view: Mapping[str, Any], error: InvalidForm, language: str) -> dict[str, str]:
    """block_id → sentence; what is wrong with a field that is not on this page stands at its first input."""
    shown = procedure_reading.shown(view)
    found: dict[str, list[str]] = {}
    for problem in error.problems:
        key = problem.field if problem.field in shown else shown[0]
        found.setdefault(key, []).append(problem.in_language(language))
    return {key: " ".join(sentences) for key, sentences in found.items()}


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


# -- offering it elsewhere ---------------------------------------------------------------------------------


def home(shared: Shared, user: str) -> list[Block]:
    """The section of the App Home: what can be begun, what waits, what is under way."""
    desk, person = shared.services.desk.procedures, shared.person(user)
    waiting = [(record, desk.spec_of(record)) for record in desk.waiting_for(person)]
    filed = desk.list(Search(filer_id=user, state=RecordState.WAITING), limit=_LISTED)
    mine = [(record, desk.spec_of(record)) for record in filed]
    return record_lists.home(_most_used(shared, user), waiting, mine, shared.words(user), shared.zone)


def _most_used(shared: Shared, user: str) -> list[Procedure]:
    """What somebody may begin, what they filed most of late first."""
    filed = shared.services.desk.procedures.list(Search(filer_id=user), limit=_LOOKED_BACK)
    used = Counter(record.procedure for record in filed)
    return sorted(offered_to(shared, user), key=lambda one: -used[one.key])


LISTENERS = (
    Listener(Kind.SHORTCUT, SHORTCUT, on_shortcut, scopes=("commands",), title="办事项 Start a procedure"),
    Listener(Kind.VIEW, procedures.MENU, on_chosen),
    Listener(Kind.VIEW, procedures.FORM, on_submit),
    *(Listener(Kind.ACTION, name, on_button) for name in procedures.OPENS),
    Listener(Kind.ACTION, procedures.OPEN_MENU, on_menu_button),
    Listener(Kind.ACTION, WATCHED, on_changed),
)
