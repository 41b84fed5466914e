"""Every way to begin a procedure; its form is filled as far as the text and the bot's own records allow."""

from __future__ import annotations

from collections import Counter

from slack_bolt import Args

from bot.blocks import escalations, procedures, record_lists
from bot.blocks.loading import loading
from bot.blocks.parts import Block
from bot.blocks.procedures import Filling
from bot.blocks.references import EscalationFormRef, FormRef, OpenRef, ProcedureFormRef
from bot.keeping.prefilling import prefilled
from bot.listeners import errors, escalate, forms, places, procedure_forms, threads
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.errors import NotAllowed
from tickets.procedure_finding import Search
from tickets.procedure_records import RecordState
from tickets.procedure_spec import Procedure
from tickets.rules import Action

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
    text = threads.typed(str(args.body["message"].get("text") or ""))
    open_menu(shared, place, str(args.body["trigger_id"]), text)


def open_menu(shared: Shared, place: Place, trigger_id: str, text: str = "") -> None:
    """All that somebody may file, to choose from. `text` is shown to them as it was written: how to reach the customer
    is filled into the inputs that the vault keeps, and masked everywhere else."""
    offered, metadata = offered_to(shared, place.user), forms.opened_at(place).dump()
    own = [one for one in offered if not one.machine]
    elsewhere = [one for one in offered if one.machine]
    view = procedures.menu(own, elsewhere, text, metadata, shared.words(place.user))
    shared.client.views_open(trigger_id=trigger_id, view=view)


def on_menu_button(shared: Shared, args: Args) -> None:
    """All procedures, from the home."""
    args.ack()
    open_menu(shared, places.of_interaction(args.body), str(args.body["trigger_id"]))


def on_chosen(shared: Shared, args: Args) -> None:
    """The menu: it becomes the form of what was chosen, at once: what is drawn after the acknowledgement might arrive
    before it."""
    view = args.body["view"]
    place = places.of_form(args.body, FormRef.load(str(view.get("private_metadata") or "")))
    given = forms.values(view)
    procedure = shared.services.desk.procedures.catalogue.get(given[procedures.PROCEDURE])
    _require_filer(shared, place, procedure)
    hidden, filling = _filled(shared, place, procedure, given.get(procedures.ABOUT, ""))
    args.ack(response_action="update", view=procedure_forms.form(shared, place, procedure, hidden, filling))


def on_button(shared: Shared, args: Args) -> None:
    """A button that begins one procedure: in the home, below a record that is done, in the menu, or in the form of an
    escalation."""
    args.ack()
    asked = OpenRef.load(str(args.body["actions"][0].get("value") or ""))
    procedure = shared.services.desk.procedures.catalogue.get(asked.procedure)
    view = args.body.get("view") or {}
    text_in = {escalations.FORM: escalations.WHAT_HAPPENED, procedures.MENU: procedures.ABOUT}
    if view.get("callback_id") not in text_in:
        place, trigger_id = places.of_interaction(args.body), str(args.body["trigger_id"])
        text = "" if asked.answer_id is None else shared.services.desk.answer_record(asked.answer_id).question
        begin(shared, place, trigger_id, procedure, text)
        return
    from_menu = view["callback_id"] == procedures.MENU
    hidden = (FormRef if from_menu else EscalationFormRef).load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    _require_filer(shared, place, procedure)
    words = shared.words(place.user)
    waiting = loading(procedure.name.in_language(words.language), words)
    shared.client.views_update(view_id=str(view["id"]), view=waiting)
    text = forms.values(view).get(text_in[view["callback_id"]], "")
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
    _require_filer(shared, place, procedure)
    words = shared.words(place.user)
    waiting = loading(procedure.name.in_language(words.language), words)
    opened = shared.client.views_open(trigger_id=trigger_id, view=waiting)
    _fill_soon(shared, place, str(opened["view"]["id"]), procedure, text)


def _fill_soon(shared: Shared, place: Place, view_id: str, procedure: Procedure, text: str) -> None:
    if procedure.machine:
        escalate.fill_soon(shared, place, view_id, text)
        return

    def fill() -> None:
        hidden, filling = _filled(shared, place, procedure, text)
        procedure_forms.show(shared, place, view_id, procedure, hidden, filling)

    errors.run_in_pool(shared, place, fill)


def _filled(
    shared: Shared, place: Place, procedure: Procedure, text: str
) -> tuple[ProcedureFormRef, Filling]:
    """What the form of a new record shows at first."""
    values, found = prefilled(shared.services, procedure, text, shared.person(place.user), place.channel)
    words = shared.words(place.user)
    names = words("list.comma").join(one.label.in_language(words.language) for one in found)
    hint = words("procedure.filled", fields=names) if names else ""
    hidden = ProcedureFormRef(**forms.opened_at(place).model_dump(), procedure=procedure.key)
    return hidden, Filling(values, hint=hint)


def _require_filer(shared: Shared, place: Place, procedure: Procedure) -> None:
    """Refuse before somebody fills in a form in vain; the desk refuses all the same."""
    person = shared.person(place.user)
    if person.role not in procedure.filed_by:
        raise NotAllowed(Action.FILE_PROCEDURE, person.role)


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
    Listener(Kind.SHORTCUT, SHORTCUT, on_shortcut, scopes=("commands",), title="shortcut.procedure"),
    Listener(Kind.VIEW, procedures.MENU, on_chosen),
    *(Listener(Kind.ACTION, name, on_button) for name in procedures.OPENS),
    Listener(Kind.ACTION, procedures.OPEN_MENU, on_menu_button),
)
