"""Working on a ticket by its card. The desk refuses; nothing is done by who can see a button."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.assistant.redaction import mask
from bot.blocks import ticket_cards, ticket_forms
from bot.blocks import tickets as ticket_blocks
from bot.blocks.parts import Block
from bot.blocks.references import TicketFormRef, TicketRef
from bot.blocks.wording import Words
from bot.listeners import errors, forms, places, ticket_lists
from bot.listeners.forms import Values
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from tickets.errors import NotAllowed, Refusal, StaleRevision
from tickets.people import Person
from tickets.records import Ticket, TicketState, Urgency
from tickets.ticket_records import TicketChange
from tickets.ticket_rules import Act

_Do = Callable[[Shared, Person, TicketRef], object]
_Submit = Callable[[Shared, Person, TicketFormRef, Values, str], object]
_Draw = Callable[[Shared, Ticket, str, Words], Block]

# -- buttons that do something at once -------------------------------------------------------------


def _click(do: _Do) -> Callable[[Shared, Args], None]:
    def on_click(shared: Shared, args: Args) -> None:
        args.ack()
        user = places.of_interaction(args.body).user
        seen = _seen(args)
        try:
            do(shared, shared.person(user), seen)
        finally:  # whoever was too late sees why
            _refresh(shared, args, seen.ticket_id)
        shared.nudge()

    return on_click


def _seen(args: Args) -> TicketRef:
    """The ticket as it was on the card that was clicked."""
    action = args.body["actions"][0]
    chosen = (action.get("selected_option") or {}).get("value")
    return TicketRef.load(str(action.get("value") or chosen or ""))


def _refresh(shared: Shared, args: Args, ticket_id: int) -> None:
    """Draw again the modal in which something was clicked, or over which a form was; cards follow by the outbox."""
    view = args.body.get("view") or {}
    below = view.get("previous_view_id") if view.get("callback_id") != ticket_cards.VIEW else view.get("id")
    if not below:
        return
    user = places.of_interaction(args.body).user
    shown = shared.services.desk.board.shown(ticket_id)
    try:
        shared.client.views_update(view_id=below, view=ticket_lists.modal(shared, user, shown))
    except SlackApiError as error:
        if error.response.get("error") != "not_found":  # closed meanwhile
            raise


def _take(shared: Shared, actor: Person, seen: TicketRef) -> object:
    return shared.services.desk.board.take(actor, seen.ticket_id, seen.revision)


def _accept(shared: Shared, actor: Person, seen: TicketRef) -> object:
    return shared.services.desk.board.accept(actor, seen.ticket_id, seen.revision)


def _unmerge(shared: Shared, actor: Person, seen: TicketRef) -> object:
    return shared.services.desk.board.unmerge(actor, seen.ticket_id, seen.revision)


def _withdraw(shared: Shared, actor: Person, seen: TicketRef) -> object:
    return shared.services.desk.board.withdraw(actor, seen.ticket_id, seen.revision)


# -- buttons that open a form ----------------------------------------------------------------------


def _opening(act: Act | None, draw: _Draw) -> Callable[[Shared, Args], None]:
    def on_click(shared: Shared, args: Args) -> None:
        args.ack()
        _open(shared, args, act, draw)

    return on_click


def _open(shared: Shared, args: Args, act: Act | None, draw: _Draw) -> None:
    """Open the form at once when the person may do it and sees the ticket as it is."""
    place, seen = places.of_interaction(args.body), _seen(args)
    actor, board = shared.person(place.user), shared.services.desk.board
    ticket = shared.services.desk.ticket(seen.ticket_id)
    if act is not None and not board.may(actor, act, ticket):
        raise NotAllowed(act, actor.role, Refusal.NOT_YOUR_TICKET)
    if act not in (None, Act.COMMENT) and ticket.revision != seen.revision:
        _refresh(shared, args, ticket.id)
        raise StaleRevision(
            ticket.number, state=ticket.state.value, revision=ticket.revision, changed_by=ticket.changed_by
        )
    hidden = TicketFormRef(
        channel=place.channel,
        thread_ts=place.thread_ts,
        message_ts=place.message_ts,
        ticket_id=seen.ticket_id,
        revision=seen.revision,
    )
    ticket_lists.open_modal(shared, args, draw(shared, ticket, hidden.dump(), shared.words(place.user)))


def _offer_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    return ticket_forms.offer(ticket, metadata, words)


def _decline_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    return ticket_forms.decline(ticket, metadata, words)


def _comment_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    return ticket_forms.comment(ticket, metadata, words, again=False)


def _again_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    return ticket_forms.comment(ticket, metadata, words, again=True)


def _close_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    return ticket_forms.close(ticket, metadata, words)


def _reopen_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    return ticket_forms.reopen(ticket, metadata, words)


def _change_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    return ticket_forms.change(ticket, metadata, words)


def _merge_form(shared: Shared, ticket: Ticket, metadata: str, words: Words) -> Block:
    content = ticket.content
    alike = shared.services.desk.board.asked_before(
        customer=ticket.customer, title=content.title, description=content.description, origin=ticket.origin
    )
    others = [one for one in alike if one.ticket.id != ticket.id]
    return ticket_forms.merge(ticket, others, metadata, words)


# -- the menu --------------------------------------------------------------------------------------


def on_menu(shared: Shared, args: Args) -> None:
    """The three dots: what is done more rarely."""
    act = _seen(args).act
    if act == ticket_cards.WITHDRAW:
        _click(_withdraw)(shared, args)
    elif act == ticket_cards.PAST:
        on_history(shared, args)
    elif act in _MENU:
        args.ack()
        _open(shared, args, *_MENU[act])
    else:
        args.ack()


_MENU: Mapping[str, tuple[Act | None, _Draw]] = {
    ticket_cards.CHANGE: (Act.CHANGE, _change_form),
    ticket_cards.MERGE: (Act.MERGE, _merge_form),
    ticket_cards.AGAIN: (None, _again_form),
}


def on_history(shared: Shared, args: Args) -> None:
    """Everything that happened."""
    args.ack()
    user = places.of_interaction(args.body).user
    view = shared.services.desk.board.view(shared.person(user), _seen(args).ticket_id)
    drawn = ticket_cards.history(view, shared.words(user), shared.zone)
    ticket_lists.open_modal(shared, args, drawn)


# -- forms -----------------------------------------------------------------------------------------


def _form(field: str, do: _Submit) -> Callable[[Shared, Args], None]:
    """The listener of a form: recorded before it closes. `field` must not be empty ("": nothing must).

    Whoever was too late is told who was faster, in the form: what they typed stays, and they may send it again
    knowing that.
    """

    def on_submit(shared: Shared, args: Args) -> None:
        view = args.body["view"]
        hidden = TicketFormRef.load(str(view.get("private_metadata") or ""))
        place, given = places.of_form(args.body, hidden), forms.values(view)
        wrong = forms.problems(given, (field,) if field else (), shared.words(place.user))
        if wrong:
            args.ack(response_action="errors", errors=wrong)
            return
        try:
            do(shared, shared.person(place.user), hidden, given, f"view:{view['id']}")
        except StaleRevision as error:
            again = hidden.model_copy(update={"revision": error.revision}).dump()
            told = errors.explain(shared, error, place.user)
            args.ack(response_action="update", view=ticket_forms.again(view, given, told, again))
            return
        args.ack()
        shared.nudge()
        _refresh(shared, args, hidden.ticket_id)

    return on_submit


def _offered(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    note, to = mask(given[ticket_forms.NOTE]), given.get(ticket_forms.TO, "")
    return shared.services.desk.board.offer(actor, at.ticket_id, at.revision, to, note)


def _declined(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    reason = mask(given[ticket_forms.REASON])
    return shared.services.desk.board.decline(actor, at.ticket_id, at.revision, reason)


def _commented(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    return shared.services.desk.board.comment(actor, at.ticket_id, mask(given[ticket_forms.COMMENT]), key)


def _asked_again(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    return shared.services.desk.board.ask_again(actor, at.ticket_id, mask(given[ticket_forms.COMMENT]), key)


def _closed(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    resolution = mask(given[ticket_forms.RESOLUTION])
    return shared.services.desk.board.close(actor, at.ticket_id, at.revision, resolution)


def _reopened(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    reason = mask(given[ticket_forms.REASON])
    return shared.services.desk.board.reopen(actor, at.ticket_id, at.revision, reason)


def _merged(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    return shared.services.desk.board.merge(actor, at.ticket_id, at.revision, given[ticket_forms.INTO])


def _changed(shared: Shared, actor: Person, at: TicketFormRef, given: Values, key: str) -> object:
    due = given.get(ticket_blocks.DUE, "")
    before = shared.services.desk.ticket(at.ticket_id).due_at
    due_at = forms.moment(due)
    if before is not None and due_at == before.replace(microsecond=0):
        due_at = before
    asked = TicketChange(
        state=forms.one_of(TicketState, given[ticket_forms.STATE]),
        priority=forms.one_of(Urgency, given[ticket_blocks.PRIORITY]),
        kind=given[ticket_blocks.KIND],
        due_at=due_at,
    )
    return shared.services.desk.board.change(actor, at.ticket_id, at.revision, asked)


LISTENERS = (
    Listener(Kind.ACTION, ticket_cards.TAKE, _click(_take), writes=True),
    Listener(Kind.ACTION, ticket_cards.ACCEPT, _click(_accept), writes=True),
    Listener(Kind.ACTION, ticket_cards.UNMERGE, _click(_unmerge), writes=True),
    Listener(Kind.ACTION, ticket_cards.DECLINE, _opening(Act.SEE, _decline_form)),
    Listener(Kind.ACTION, ticket_cards.OFFER, _opening(Act.HAND_OVER, _offer_form)),
    Listener(Kind.ACTION, ticket_cards.COMMENT, _opening(Act.COMMENT, _comment_form)),
    Listener(Kind.ACTION, ticket_cards.CLOSE, _opening(Act.CLOSE, _close_form)),
    Listener(Kind.ACTION, ticket_cards.REOPEN, _opening(Act.REOPEN, _reopen_form)),
    Listener(Kind.ACTION, ticket_cards.HISTORY, on_history),
    Listener(Kind.ACTION, ticket_cards.MORE, on_menu, writes=True),
    Listener(Kind.VIEW, ticket_forms.OFFER_FORM, _form(ticket_forms.NOTE, _offered)),
    Listener(Kind.VIEW, ticket_forms.DECLINE_FORM, _form(ticket_forms.REASON, _declined)),
    Listener(Kind.VIEW, ticket_forms.COMMENT_FORM, _form(ticket_forms.COMMENT, _commented)),
    Listener(Kind.VIEW, ticket_forms.AGAIN_FORM, _form(ticket_forms.COMMENT, _asked_again)),
    Listener(Kind.VIEW, ticket_forms.CLOSE_FORM, _form(ticket_forms.RESOLUTION, _closed)),
    Listener(Kind.VIEW, ticket_forms.REOPEN_FORM, _form(ticket_forms.REASON, _reopened)),
    Listener(Kind.VIEW, ticket_forms.MERGE_FORM, _form(ticket_forms.INTO, _merged)),
    Listener(Kind.VIEW, ticket_forms.CHANGE_FORM, _form("", _changed)),
)
