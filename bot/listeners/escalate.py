"""上报: from a button, a message shortcut or a command to a draft that waits for a reviewer."""

from __future__ import annotations

import structlog
from slack_bolt import Args
from slack_sdk.errors import SlackApiError

from bot.assistant.drafts import EscalationDraft, Route
from bot.assistant.filing import content_of
from bot.assistant.redaction import mask
from bot.blocks import answers, escalations, procedures
from bot.blocks import contacts as contact_blocks
from bot.blocks.loading import loading
from bot.blocks.references import AnswerRef, EscalationFormRef
from bot.blocks.wording import Words
from bot.keeping.prefilling import begun_instead
from bot.listeners import contacts, errors, forms, places, sessions, threads
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.rules import Action, require

_log = structlog.get_logger(__name__)

SHORTCUT = "escalate_message"


def on_button(shared: Shared, args: Args) -> None:
    """The button below an answer."""
    args.ack()
    place = places.of_interaction(args.body)
    answer_id = AnswerRef.load(str(args.body["actions"][0].get("value") or "")).answer_id
    open_form(shared, place, str(args.body["trigger_id"]), answer_id=answer_id)


def on_shortcut(shared: Shared, args: Args) -> None:
    """The message shortcut: the message itself is what happened."""
    args.ack()
    text = threads.typed(str(args.body["message"].get("text") or ""))
    open_form(shared, places.of_interaction(args.body), str(args.body["trigger_id"]), text=text)


def open_form(
    shared: Shared, place: Place, trigger_id: str, *, answer_id: int | None = None, text: str | None = None
) -> None:
    """Open the form at once and fill it when the draft is ready. `text` None: read the thread.

    Raises NotAllowed when this role reports to nobody.
    """
    require(shared.person(place.user), Action.FILE_ESCALATION)
    words = shared.words(place.user)
    opened = shared.client.views_open(
        trigger_id=trigger_id, view=loading(words("escalation.form_title"), words)
    )
    view_id = str(opened["view"]["id"])
    errors.run_in_pool(shared, place, lambda: _fill(shared, place, view_id, answer_id, text))


def fill_soon(shared: Shared, place: Place, view_id: str, text: str) -> None:
    """Draw the form into a view that is open already. Raises NotAllowed when this role reports to nobody."""
    require(shared.person(place.user), Action.FILE_ESCALATION)
    errors.run_in_pool(shared, place, lambda: _fill(shared, place, view_id, None, text))


def _fill(shared: Shared, place: Place, view_id: str, answer_id: int | None, text: str | None) -> None:
    if text is None:
        text = "\n".join(written(shared, place, answer_id))
    filer, people, masked = shared.person(place.user), shared.services.people, mask(text)
    ladder = people.ladder_of(filer)
    draft = shared.services.drafter.draft(masked, filer.role.value, person=place.user, ladder=ladder)
    words = shared.words(place.user)
    safe = shared.services.desk.contacts.vault is not None
    view = escalations.form(
        content_of(draft, masked, filer, people),
        forms.reference(place, draft, answer_id, _answered_from(shared, answer_id)),
        words,
        hint=_hint(draft, words),
        above=ladder.above(filer.role),
        categories=forms.category_names(shared.services, draft.language),
        contact=contact_blocks.inputs(words, contacts.told(text)) if safe else (),
    )
    belongs = begun_instead(shared.services, draft.procedure, shared.person(place.user))
    view = procedures.offering(view, belongs, words)
    try:
        shared.client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
        _log.info("form.closed_early", user=place.user)


def written(shared: Shared, place: Place, answer_id: int | None) -> list[str]:
    """What people wrote up to the message at `place`, masked: from the thread, or, where there is none
    (the answer to a command), from the ledger."""
    if place.message_ts:
        messages = threads.read(shared.client, place.channel, place.thread_ts)
        return threads.questions(messages, shared.bot_user, place.message_ts)
    return [] if answer_id is None else [shared.services.desk.answer_record(answer_id).question]


def _answered_from(shared: Shared, answer_id: int | None) -> tuple[int, ...]:
    """The clauses that the answer above the button cited."""
    return () if answer_id is None else shared.services.desk.answer_record(answer_id).clause_ids


def _hint(draft: EscalationDraft, words: Words) -> str:
    """To whom it goes, and what the reviewer will miss; of what is no escalation, that."""
    if draft.route is Route.ANSWER and not draft.procedure:
        return words("escalation.is_no_escalation")
    pieces = []
    if draft.next_approver:
        pieces.append(words("escalation.goes_to", role=draft.next_approver))
    if draft.missing:
        pieces.append(words("escalation.missing", things=words("list.comma").join(draft.missing)))
    return " ".join(pieces) or words("escalation.check_hint")


def on_submit(shared: Shared, args: Args) -> None:
    """The form: recorded before the form closes, so that nothing typed is lost when that fails; that it is on its way
    is told by the outbox."""
    view = args.body["view"]
    hidden = EscalationFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    words = shared.words(place.user)
    given = forms.values(view)
    wrong = forms.problems(given, (escalations.WHAT_HAPPENED, escalations.HANDLING), words)
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    desk = shared.services.desk
    content = forms.content(given, hidden, shared.services.library, shared.house_words)
    key = f"view:{view['id']}"
    contact = contacts.typed(given)
    desk.file_escalation(shared.person(place.user), content, place.origin, key, contact, tell_filer=True)
    args.ack()
    shared.nudge()
    sessions.show(shared.client, place, sessions.WAITING)


LISTENERS = (
    Listener(Kind.ACTION, answers.ESCALATE, on_button),
    Listener(Kind.SHORTCUT, SHORTCUT, on_shortcut, scopes=("commands",), title="shortcut.escalate"),
    Listener(Kind.VIEW, escalations.FORM, on_submit),
)
