"""记工单: from a button or a message shortcut to a ticket with a number."""

from __future__ import annotations

from slack_bolt import Args

from bot.assistant.redaction import mask
from bot.blocks import answers
from bot.blocks import tickets as ticket_blocks
from bot.blocks.loading import loading
from bot.blocks.references import AnswerRef, FormRef
from bot.listeners import errors, forms, places, threads
from bot.listeners.escalate import written
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.records import TicketContent, Urgency

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
    texts = [mask(threads.typed(str(args.body["message"].get("text") or "")))]
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=_form(shared, place, None, texts))


def _form(shared: Shared, place: Place, answer_id: int | None, texts: list[str]) -> dict[str, object]:
    title = texts[0].splitlines()[0] if texts and texts[0] else ""
    metadata = forms.opened_at(place, answer_id).dump()
    return ticket_blocks.form(title, "\n".join(texts), metadata, shared.words(place.user))


def on_submit(shared: Shared, args: Args) -> None:
    """The form: the ticket is logged before the form closes; its number comes through the outbox."""
    view = args.body["view"]
    hidden = FormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    given = forms.values(view)
    wrong = forms.problems(given, (ticket_blocks.TITLE,), shared.words(place.user))
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    desk = shared.services.desk
    cited = () if hidden.answer_id is None else desk.answer_record(hidden.answer_id).clause_ids
    content = TicketContent(
        title=mask(given[ticket_blocks.TITLE]),
        description=mask(given.get(ticket_blocks.DESCRIPTION, "")),
        priority=Urgency(given.get(ticket_blocks.PRIORITY) or Urgency.NORMAL),
        policy_basis=forms.basis(shared.services.library, cited),
    )
    desk.log_ticket(shared.person(place.user), content, place.origin, f"view:{view['id']}")
    args.ack()
    shared.nudge()


LISTENERS = (
    Listener(Kind.ACTION, answers.LOG_TICKET, on_button),
    Listener(Kind.SHORTCUT, SHORTCUT, on_shortcut, scopes=("commands",), title="记工单 Log ticket"),
    Listener(Kind.VIEW, ticket_blocks.FORM, on_submit),
)
