"""One voice (统一口径): a supervisor confirms an answer, corrects it, confirms it again or withdraws it.

The desk refuses whoever may not; nothing is decided by who can see a button.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from slack_bolt import Args

from bot.assistant.clarifying import belongs, without_opening
from bot.assistant.one_voice import standing
from bot.assistant.questions import depends, language_of
from bot.assistant.redaction import mask
from bot.assistant.renewing import renewed
from bot.assistant.scripts import with_open_slots
from bot.blocks import views, voice
from bot.blocks.parts import MAX_INPUT, Block
from bot.blocks.references import ConfirmedRef, FormRef, VoiceFormRef, VoiceRef
from bot.blocks.wording import Words
from bot.listeners import errors, forms, places, threads
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.listeners.voice_reading import send
from bot.voice_cards import SentenceOf, settle
from knowledge.clauses import Clause
from knowledge.views import View
from tickets.confirmed import ConfirmedAnswer, ConfirmedContent, ConfirmedState
from tickets.rules import Action, require

_FOUND = 3
_OFFERED = 8
"""Best clauses for the question, kept to know it again by; offered as sources."""
_LISTED = 10


@dataclass(frozen=True, slots=True)
class _Seen:
    """The answer below which somebody clicked."""

    question: str
    """Masked, from the ledger."""
    text: str
    clause_ids: tuple[int, ...]
    leans: bool = False
    """Only its thread explains the question."""
    told: str = ""
    """Whose rule the answer gave, because it is that of whoever asked; empty: everybody is answered so."""


def on_confirm(shared: Shared, args: Args) -> None:
    """Stand by the answer as it is; a question that only its thread explains is written out in the form first."""
    args.ack()
    place = places.of_interaction(args.body)
    person = shared.person(place.user)
    require(person, Action.CONFIRM_ANSWER)
    reference = VoiceRef.load(_value(args))
    seen = _seen(shared, args, reference)
    view = shared.view(place, private=True)
    clauses = standing(view, seen.clause_ids) if seen.clause_ids else None
    if clauses is None:
        raise errors.Declined("confirm.changed")
    if seen.leans:
        _open(shared, args, place, reference, _draft(view, seen, clauses))
        return
    text = with_open_slots(seen.text, clauses)
    content = _content(view, seen.question, text, clauses, _organisation(seen, clauses))
    confirmed = shared.services.desk.confirmed.confirm(person, content, view.generation)
    _tell(shared, place, confirmed, shared.words(place.user)("confirm.done", id=confirmed.id))


def on_correct(shared: Shared, args: Args) -> None:
    """The wording to give instead, filled in with what was answered."""
    args.ack()
    place = places.of_interaction(args.body)
    require(shared.person(place.user), Action.CONFIRM_ANSWER)
    reference = VoiceRef.load(_value(args))
    seen, view = _seen(shared, args, reference), shared.view(place, private=True)
    clauses = standing(view, seen.clause_ids) or []
    if reference.confirmed_id is not None:
        confirmed = shared.services.desk.confirmed.get(reference.confirmed_id)
        if confirmed.state is ConfirmedState.ACTIVE:
            old = confirmed.content
            seen = replace(seen, question=old.question, text=old.text, told=old.organisation)
            reference = VoiceRef(answer_id=reference.answer_id, confirmed_id=confirmed.id)
            _open(shared, args, place, reference, _draft(view, seen, clauses), confirmed.revision)
            return
    _open(shared, args, place, VoiceRef(answer_id=reference.answer_id), _draft(view, seen, clauses))


def on_correct_stale(shared: Shared, args: Args) -> None:
    """The same from the card that asks again: what holds now is ticked."""
    args.ack()
    place, confirmed = _asked_again(shared, args)
    view = shared.view(place, private=True)
    old = confirmed.content
    seen = _Seen(old.question, old.text, (), told=old.organisation)
    clauses = _holding(view, confirmed)
    _open(
        shared,
        args,
        place,
        VoiceRef(confirmed_id=confirmed.id),
        _draft(view, seen, clauses),
        confirmed.revision,
    )


def on_again(shared: Shared, args: Args) -> None:
    """It holds on the clauses of now, what it quotes of them as they read now. A wording that would go on saying what
    is ruled no more is shown in the form instead: nobody confirms that unseen."""
    args.ack()
    place, confirmed = _asked_again(shared, args)
    view = shared.view(place, private=True)
    clauses = _holding(view, confirmed)
    if not clauses or len(clauses) < sum(clause.stands is not None for clause in confirmed.clauses):
        raise errors.Declined("confirm.changed")
    old, desk = confirmed.content, shared.services.desk
    text, is_whole = renewed(old.text, _changed(shared, confirmed))
    if not is_whole:
        seen = _Seen(old.question, text, (), told=old.organisation)
        reference = VoiceRef(confirmed_id=confirmed.id)
        _open(shared, args, place, reference, _draft(view, seen, clauses), confirmed.revision)
        return
    content = _content(view, old.question, text, clauses, old.organisation)
    again = desk.confirmed.revise(
        shared.person(place.user), confirmed.id, confirmed.revision, content, view.generation
    )
    _settle(shared, again.id, lambda words: words("confirm.again", id=again.id))
    shared.nudge()
    _send_anew(shared, place, again)


def on_withdraw(shared: Shared, args: Args) -> None:
    """Stand by it no more."""
    args.ack()
    place = places.of_interaction(args.body)
    seen = ConfirmedRef.load(_value(args))
    shared.services.desk.confirmed.withdraw(shared.person(place.user), seen.confirmed_id, seen.revision)
    if seen.generation:
        _settle(shared, seen.confirmed_id, lambda words: words("confirm.withdrawn", id=seen.confirmed_id))
    else:
        errors.whisper(shared, place, shared.words(place.user)("confirm.withdrawn", id=seen.confirmed_id))
    shared.nudge()


def on_submit(shared: Shared, args: Args) -> None:
    """The form: a new confirmed answer, or the next revision of one."""
    state = args.body["view"]
    hidden = VoiceFormRef.load(str(state.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    person, words, desk = shared.person(place.user), shared.words(place.user), shared.services.desk.confirmed
    require(person, Action.CONFIRM_ANSWER)
    given, ticked = forms.values(state), _ticked(state)
    wrong = forms.problems(given, (voice.QUESTION, voice.TEXT), words)
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    view = shared.view(place, private=True)
    clauses = standing(view, ticked) if ticked else None
    if clauses is None:
        raise errors.Declined("confirm.changed")
    question, text = mask(given[voice.QUESTION]), _masked(given[voice.TEXT], clauses)
    scope = voice.scope_of(given.get(voice.SCOPE, ""))
    content = _content(view, question, text, clauses, scope)
    if hidden.confirmed_id is None:
        confirmed = desk.confirm(person, content, view.generation)
        sentence = words("confirm.done", id=confirmed.id)
    else:
        confirmed = desk.revise(person, hidden.confirmed_id, hidden.revision, content, view.generation)
        sentence = words("confirm.corrected", id=confirmed.id, revision=confirmed.revision)
        settle(
            shared.client, shared.services, confirmed.id,
            lambda own: own("confirm.corrected", id=confirmed.id, revision=confirmed.revision),
        )  # fmt: skip
    args.ack()
    _tell(shared, place, confirmed, sentence)


def home(shared: Shared, words: Words) -> list[Block]:
    """What a supervisor's home says of confirmed answers."""
    desk = shared.services.desk.confirmed
    kept = [one for one in desk.all() if one.state is not ConfirmedState.WITHDRAWN]
    rows = [(one, desk.acknowledgements(one.id)) for one in kept[:_LISTED]]
    return [voice.title(len(kept), words), *voice.listed(rows, words)]


# -- what was clicked ------------------------------------------------------------------------------------


def _value(args: Args) -> str:
    return str(args.body["actions"][0].get("value") or "")


def _seen(shared: Shared, args: Args, reference: VoiceRef) -> _Seen:
    """The question from the ledger, the text from the message itself. Raises Declined when there is none."""
    if reference.answer_id is None:
        raise errors.Declined("error.outdated")
    record = shared.services.desk.answer_record(reference.answer_id)
    told, text = without_opening(threads.body(args.body.get("message") or {}))
    if not text:
        raise errors.Declined("confirm.no_text")
    leans = bool(record.context) or depends(record.question)
    return _Seen(record.question, text, record.clause_ids, leans, told)


def _asked_again(shared: Shared, args: Args) -> tuple[Place, ConfirmedAnswer]:
    """The stale answer of a card, if the card is still what there is to decide; else it loses its buttons."""
    place = places.of_interaction(args.body)
    require(shared.person(place.user), Action.CONFIRM_ANSWER)
    seen = ConfirmedRef.load(_value(args))
    confirmed = shared.services.desk.confirmed.get(seen.confirmed_id)
    if confirmed.state is ConfirmedState.ACTIVE and confirmed.revision == seen.revision:
        _settle(shared, confirmed.id, lambda words: words("confirm.restored", id=confirmed.id))
        raise errors.Declined("confirm.restored", id=confirmed.id)
    newest = (confirmed.revision, confirmed.asked_at_generation) == (seen.revision, seen.generation)
    if confirmed.state is not ConfirmedState.STALE or not newest:
        raise errors.Declined("confirm.outdated")
    return place, confirmed


def _holding(view: View, confirmed: ConfirmedAnswer) -> list[Clause]:
    """The clauses that stand now in place of those that it rests on."""
    return standing(view, [c.stands for c in confirmed.clauses if c.stands is not None]) or []


def _changed(shared: Shared, confirmed: ConfirmedAnswer) -> list[tuple[str, str]]:
    """What each clause that it rests on said and says now, of those that changed; nothing now where it is gone."""
    library = shared.services.library

    def text(clause_id: int | None) -> str:
        return "" if clause_id is None else library.clauses([clause_id])[0].text

    pairs = [(text(clause.cited), text(clause.stands)) for clause in confirmed.clauses]
    return [(said, says) for said, says in pairs if said != says]


def _ticked(view: Mapping[str, Any]) -> list[int]:
    chosen = forms.held(view, voice.SOURCES, views.INPUT).get("selected_options") or ()
    numbers = [str(option.get("value") or "") for option in chosen]
    return [int(number) for number in numbers if number.isdecimal()]


def _masked(text: str, clauses: Sequence[Clause]) -> str:
    """What was typed, masked; lines that the manuals themselves hold stay as they are, hotline numbers too."""
    known = "".join("".join(clause.text.split()) for clause in clauses)
    return "\n".join(line if "".join(line.split()) in known else mask(line) for line in text.splitlines())


# -- what is confirmed -----------------------------------------------------------------------------------


def _content(
    view: View, question: str, text: str, clauses: Sequence[Clause], organisation: str
) -> ConfirmedContent:
    products = {
        manual.product for manual in view.manuals() if manual.manual_id in {c.manual_id for c in clauses}
    }
    return ConfirmedContent(
        question=question,
        text=text,
        clause_ids=tuple(clause.id for clause in clauses),
        found_ids=tuple(hit.clause.id for hit in view.search(question, _FOUND)),
        language=language_of(text),
        organisation=organisation,
        product=products.pop() if len(products) == 1 else "",
    )


def _organisation(seen: _Seen, clauses: Sequence[Clause]) -> str:
    """For whose people an answer is. A rule of one house that was everybody's answer stays everybody's: agents of the
    call centre are asked for the fees of the repair service."""
    own = (clause.organisation for clause in clauses if seen.told and belongs(seen.told, clause))
    return next(own, "")


def _draft(view: View, seen: _Seen, clauses: Sequence[Clause]) -> voice.Draft:
    found = [hit.clause for hit in view.search(seen.question, _OFFERED)]
    offered = {clause.id: clause for clause in (*clauses, *found)}
    if not offered:
        raise errors.Declined("confirm.no_sources")
    ticked = tuple(clause.id for clause in clauses)
    text = with_open_slots(seen.text, clauses)[:MAX_INPUT]
    return voice.Draft(seen.question, text, tuple(offered.values()), ticked, _organisation(seen, clauses))


def _open(
    shared: Shared, args: Args, place: Place, reference: VoiceRef, draft: voice.Draft, revision: int = 0
) -> None:
    at: FormRef = forms.opened_at(place, reference.answer_id)
    metadata = VoiceFormRef(**at.model_dump(), confirmed_id=reference.confirmed_id, revision=revision).dump()
    form = voice.form(draft, metadata, shared.words(place.user))
    shared.client.views_open(trigger_id=str(args.body["trigger_id"]), view=form)


def _tell(shared: Shared, place: Place, confirmed: ConfirmedAnswer, sentence: str) -> None:
    """Say what was done, and have it read anew where it had been sent."""
    shared.nudge()
    places.whisper(shared.client, place, sentence, voice.done(confirmed, sentence, shared.words(place.user)))
    _send_anew(shared, place, confirmed)


def _send_anew(shared: Shared, place: Place, confirmed: ConfirmedAnswer) -> None:
    """Where it had been sent to be read and says something else now."""
    sent = shared.services.desk.confirmed.acknowledgements(confirmed.id)
    ended = [one.channel for one in sent if one.ended_at == confirmed.updated_at]
    for channel in set(ended) - {one.channel for one in sent if one.revision == confirmed.revision}:
        again = partial(send, shared, place, confirmed.id, confirmed.revision, channel)
        errors.run_in_pool(shared, place, again)


def _settle(shared: Shared, confirmed_id: int, sentence: SentenceOf) -> None:
    """The cards that asked become their answer."""
    settle(shared.client, shared.services, confirmed_id, sentence)


LISTENERS = (
    Listener(Kind.ACTION, voice.CONFIRM, on_confirm, writes=True),
    Listener(Kind.ACTION, voice.CORRECT, on_correct),
    Listener(Kind.ACTION, voice.CORRECT_STALE, on_correct_stale),
    Listener(Kind.ACTION, voice.CONFIRM_AGAIN, on_again, writes=True),
    Listener(Kind.ACTION, voice.WITHDRAW, on_withdraw, writes=True),
    Listener(Kind.VIEW, voice.FORM, on_submit),
)
