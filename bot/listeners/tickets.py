"""记工单: from a button or a message shortcut to a ticket with a number, or to the one that there is already."""

from __future__ import annotations

from slack_bolt import Args

from bot.assistant.redaction import mask
from bot.blocks import answers
from bot.blocks import tickets as ticket_blocks
from bot.blocks.loading import loading
from bot.blocks.parts import Block
from bot.blocks.references import AnswerRef, TicketLogRef
from bot.blocks.tickets import Logged
from bot.listeners import contacts, errors, forms, places, threads
from bot.listeners.escalate import written
from bot.listeners.forms import Values
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.contacts import Contact
from tickets.records import TicketContent, Urgency
from tickets.rows import ticket_subject
from tickets.ticket_records import AskedBefore

SHORTCUT = "log_ticket_message"


def on_button(shared: Shared, args: Args) -> None:
    """The button below an answer: the form is filled from the thread."""
    args.ack()
    place = places.of_interaction(args.body)
    answer_id = AnswerRef.load(str(args.body["actions"][0].get("value") or "")).answer_id
    words = shared.words(place.user)
    waiting = loading(words("ticket.form_title"), words)
    opened = shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=waiting)
    view_id = str(opened["view"]["id"])

    def fill() -> None:
        found = written(shared, place, answer_id)
        shared.client.views_update(view_id=view_id, view=_form(shared, place, answer_id, found))

    errors.run_in_pool(shared, place, fill)


def on_shortcut(shared: Shared, args: Args) -> None:
    """The message shortcut: the ticket is about that message."""
    args.ack()
    place = places.of_interaction(args.body)
    written = threads.typed(str(args.body["message"].get("text") or ""))
    view = _form(shared, place, None, [mask(written)], contacts.told(written))
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=view)


def _form(
    shared: Shared, place: Place, answer_id: int | None, texts: list[str], known: Contact | None = None
) -> Block:
    title = texts[0].splitlines()[0] if texts and texts[0] else ""
    filled = Logged(title, "\n".join(texts))
    before = shared.services.desk.board.asked_before(
        title=filled.title, description=filled.description, origin=place.origin
    )
    hidden = TicketLogRef(
        channel=place.channel,
        thread_ts=place.thread_ts,
        message_ts=place.message_ts,
        answer_id=answer_id,
        shown=bool(before),
    )
    return _drawn(shared, place, filled, hidden, before, known)


def _drawn(
    shared: Shared,
    place: Place,
    filled: Logged,
    hidden: TicketLogRef,
    before: list[AskedBefore],
    known: Contact | None = None,
) -> Block:
    return ticket_blocks.form(
        filled,
        hidden.dump(),
        shared.words(place.user),
        shared.zone,
        before=before,
        contact=shared.services.desk.contacts.vault is not None,
        known=known,
    )


def on_submit(shared: Shared, args: Args) -> None:
    """The form: what is in it is recorded before it closes; the number comes through the outbox.

    When there are tickets that may be about the same matter and were not shown yet, the form asks about them first;
    everything typed stays in it.
    """
    view = args.body["view"]
    hidden = TicketLogRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    given = forms.values(view)
    wrong = forms.problems(given, (ticket_blocks.TITLE,), shared.words(place.user))
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    contact = contacts.typed(given)
    customer = shared.services.desk.contacts.known_customer(contact) if contact else ""
    if not hidden.shown:
        before = shared.services.desk.board.asked_before(
            customer=customer,
            title=mask(given[ticket_blocks.TITLE]),
            description=mask(given.get(ticket_blocks.DESCRIPTION, "")),
            origin=place.origin,
        )
        if before:
            asking = hidden.model_copy(update={"shown": True})
            args.ack(response_action="update", view=_drawn(shared, place, _typed(given), asking, before))
            return
    same = given.get(ticket_blocks.SAME, ticket_blocks.NEW)
    key = f"view:{view['id']}"
    if same.isdecimal():
        _add(shared, place, int(same), given, contact, key)
    else:
        _log(shared, place, hidden, given, contact, customer, key)
    args.ack()
    shared.nudge()


def _typed(given: Values) -> Logged:
    due = given.get(ticket_blocks.DUE, "")
    return Logged(
        given[ticket_blocks.TITLE],
        given.get(ticket_blocks.DESCRIPTION, ""),
        given.get(ticket_blocks.KIND) or Logged().kind,
        given.get(ticket_blocks.PRIORITY) or Logged().priority,
        int(due) if due.isdecimal() else None,
    )


def _log(
    shared: Shared,
    place: Place,
    hidden: TicketLogRef,
    given: Values,
    contact: Contact | None,
    customer: str,
    key: str,
) -> None:
    desk, typed = shared.services.desk, _typed(given)
    cited = () if hidden.answer_id is None else desk.answer_record(hidden.answer_id).clause_ids
    content = TicketContent(
        title=mask(typed.title),
        description=mask(typed.description),
        kind=typed.kind,
        priority=forms.one_of(Urgency, typed.priority),
        policy_basis=forms.basis(shared.services.library, cited),
    )
    due_at = None if typed.due_at is None else forms.moment(str(typed.due_at))
    actor = shared.person(place.user)
    desk.log_ticket(actor, content, place.origin, key, customer=customer, due_at=due_at, contact=contact)


def _add(
    shared: Shared, place: Place, ticket_id: int, given: Values, contact: Contact | None, key: str
) -> None:
    """To the ticket that there is: the customer came with it again."""
    desk, actor = shared.services.desk, shared.person(place.user)
    said = [given[ticket_blocks.TITLE], given.get(ticket_blocks.DESCRIPTION, "")]
    text = mask("\n".join(dict.fromkeys(filter(None, said))))
    ticket = desk.board.ask_again(actor, ticket_id, text, key)
    subject, words = ticket_subject(ticket.id), shared.words(place.user)
    sentence = words("ticket.added", number=ticket.number, count=ticket.contacts)
    if contact is not None and desk.contacts.may_look(actor, subject):
        desk.contacts.keep(actor, subject, contact)
    elif contact is not None:
        owner = shared.person(ticket.owner_id).name
        sentence = f"{sentence} {words('ticket.contact_not_kept', person=owner)}"
    if desk.claim(f"told:{key}"):
        errors.whisper(shared, place, sentence)


LISTENERS = (
    Listener(Kind.ACTION, answers.LOG_TICKET, on_button),
    Listener(Kind.SHORTCUT, SHORTCUT, on_shortcut, scopes=("commands",), title="shortcut.ticket"),
    Listener(Kind.VIEW, ticket_blocks.FORM, on_submit),
)
