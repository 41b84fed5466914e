"""Letting a manual hold longer: its owner was asked before it expires, or an admin does it unasked."""

from __future__ import annotations

from slack_bolt import Args

from bot.blocks import expiries, parts, views
from bot.blocks.references import ExtendFormRef, ManualRef
from bot.listeners import errors, forms, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from ingest.metadata import last_moment
from knowledge.library import ManualSummary
from tickets.errors import NotFound


def on_button(shared: Shared, args: Args) -> None:
    """Open the form."""
    args.ack()
    place = places.of_interaction(args.body)
    asked = ManualRef.load(str(args.body["actions"][0].get("value") or ""))
    manual = _allowed(shared, place.user, asked.manual_id)
    reference = ExtendFormRef(
        manual_id=manual.manual_id, channel=place.channel, message_ts=place.message_ts
    ).dump()
    view = expiries.form(manual, reference, shared.words(place.user), shared.zone)
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def on_submit(shared: Shared, args: Args) -> None:
    """The new last day was chosen."""
    view, user = args.body["view"], str(args.body["user"]["id"])
    reference = ExtendFormRef.load(str(view.get("private_metadata") or ""))
    manual = _allowed(shared, user, reference.manual_id)
    words = shared.words(user)
    chosen = str(forms.held(view, expiries.UNTIL, views.INPUT).get("selected_date") or "")
    try:
        until = last_moment(chosen, shared.zone)
    except ValueError as error:
        raise errors.Declined("error.outdated") from error
    if until <= shared.services.library.now():
        args.ack(response_action="errors", errors={expiries.UNTIL: words("expiry.past")})
        return
    args.ack()
    place = places.of_interaction(args.body)

    def work() -> None:
        shared.services.keeper.extend(shared.person(user), manual.manual_id, until)
        _settle(shared, reference, words("expiry.extended", title=manual.title, date=chosen))

    errors.run_in_pool(shared, place, work)


def _settle(shared: Shared, reference: ExtendFormRef, sentence: str) -> None:
    """The question becomes its answer, so that nobody is left with a button for what is done."""
    shared.client.chat_update(
        channel=reference.channel,
        ts=reference.message_ts,
        text=parts.fallback(sentence),
        blocks=expiries.settled(sentence),
    )


def _allowed(shared: Shared, user: str, manual_id: int) -> ManualSummary:
    """The live manual that is meant. Raises NotAllowed for those who neither own it nor keep the manuals, and
    Declined when it is not live."""
    try:
        return shared.services.keeper.to_extend(shared.person(user), manual_id)
    except NotFound as error:
        raise errors.Declined("expiry.not_live") from error


LISTENERS = (
    Listener(Kind.ACTION, expiries.EXTEND, on_button),
    Listener(Kind.VIEW, expiries.FORM, on_submit),
)
