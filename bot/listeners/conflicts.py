"""Settling a conflict between manuals from the App Home; answers follow it from then on."""

from __future__ import annotations

from slack_bolt import Args

from bot.blocks import conflicts
from bot.blocks.references import ConflictRef
from bot.listeners import errors, forms, homes, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from knowledge.conflict_records import Conflict, Settlement
from tickets.rules import Action, require


def on_button(shared: Shared, args: Args) -> None:
    """Open the form with both rules."""
    args.ack()
    user = str(args.body["user"]["id"])
    conflict = _open(shared, user, str(args.body["actions"][0].get("value") or ""))
    view = conflicts.form(conflict, shared.words(user))
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def on_submit(shared: Shared, args: Args) -> None:
    """What holds was chosen."""
    view, user = args.body["view"], str(args.body["user"]["id"])
    conflict = _open(shared, user, str(view.get("private_metadata") or ""))
    words = shared.words(user)
    given = forms.values(view)
    wrong = forms.problems(given, (conflicts.HOLDS,), words)
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    chosen = given[conflicts.HOLDS]
    alone = {conflicts.FIRST: conflict.a.manual_id, conflicts.SECOND: conflict.b.manual_id}.get(chosen)
    settlement = forms.one_of(Settlement, chosen) if alone is None else Settlement.SUPERSEDES
    shared.services.library.settle_conflict(conflict.id, settlement, user, alone)
    args.ack()
    errors.whisper(shared, places.of_interaction(args.body), words("conflict.settled", number=conflict.id))
    homes.refresh(shared, shared.person(user))


def _open(shared: Shared, user: str, reference: str) -> Conflict:
    """The conflict that is meant. Raises NotAllowed, and Declined when somebody has settled it or a rule is not live."""
    require(shared.person(user), Action.MANAGE_MANUALS)
    wanted = ConflictRef.load(reference).conflict_id
    found = next((one for one in shared.services.library.conflicts() if one.id == wanted), None)
    if found is None:
        raise errors.Declined("conflict.gone", number=wanted)
    return found


LISTENERS = (
    Listener(Kind.ACTION, conflicts.SETTLE, on_button),
    Listener(Kind.VIEW, conflicts.FORM, on_submit),
)
