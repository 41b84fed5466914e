"""Letting a manual hold longer: its owner was asked before it expires, or an admin does it unasked."""

from __future__ import annotations

from slack_bolt import Args

from bot.blocks import expiries, views
from bot.blocks.references import ManualRef
from bot.listeners import errors, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from ingest.metadata import last_moment
from knowledge.library import ManualSummary
from tickets.errors import NotFound
from tickets.rules import Action, require


def on_button(shared: Shared, args: Args) -> None:
    """Open the form."""
    args.ack()
    place = places.of_interaction(args.body)
    manual = _allowed(shared, place.user, str(args.body["actions"][0].get("value") or ""))
    reference = ManualRef(manual_id=manual.manual_id).dump()
    view = expiries.form(manual, reference, shared.words(place.user), shared.zone)
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def on_submit(shared: Shared, args: Args) -> None:
    """The new last day was chosen."""
    view, user = args.body["view"], str(args.body["user"]["id"])
    manual = _allowed(shared, user, str(view.get("private_metadata") or ""))
    words = shared.words(user)
    chosen = str(view["state"]["values"][expiries.UNTIL][views.INPUT].get("selected_date") or "")
    until = last_moment(chosen, shared.zone)
    if until <= shared.services.library.now():
        args.ack(response_action="errors", errors={expiries.UNTIL: words("expiry.past")})
        return
    args.ack()
    place = places.of_interaction(args.body)

    def work() -> None:
        shared.services.library.extend(manual.manual_id, until, user)
        places.tell(shared.client, user, words("expiry.extended", title=manual.title, date=chosen))

    errors.run_in_pool(shared, place, work)


def _allowed(shared: Shared, user: str, reference: str) -> ManualSummary:
    """The live manual that is meant. Raises NotAllowed for those who neither own it nor keep the manuals."""
    manual_id = ManualRef.load(reference).manual_id
    manual = next((m for m in shared.services.library.manuals() if m.manual_id == manual_id), None)
    if manual is None:
        raise NotFound("manual", manual_id)
    if manual.owner != user:
        require(shared.person(user), Action.MANAGE_MANUALS)
    return manual


LISTENERS = (
    Listener(Kind.ACTION, expiries.EXTEND, on_button),
    Listener(Kind.VIEW, expiries.FORM, on_submit),
)
