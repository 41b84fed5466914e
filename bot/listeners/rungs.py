"""What a filer does after filing: says that somebody cannot be reached, answers, takes back, confirms that an
instruction was carried out, reports to those who were passed over. And the whole way, for whoever may read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from slack_bolt import Args

from bot import cards
from bot.assistant.redaction import mask
from bot.blocks import parts, rung_lists, rungs, views
from bot.blocks.parts import Block
from bot.blocks.references import CardRef, DecisionFormRef, ReportFormRef, ReportRef
from bot.blocks.wording import Words
from bot.listeners import forms, places, review
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from tickets.errors import NotAllowed, Refusal
from tickets.people import Person
from tickets.records import Escalation
from tickets.rules import Action, allowed
from tickets.rung_records import OwedReport


def on_edit(shared: Shared, args: Args) -> None:
    """The filer words it anew."""
    args.ack()
    place, seen = _clicked(args)
    review.open_editing(shared, place, seen, str(args.body["trigger_id"]))


def on_withdraw(shared: Shared, args: Args) -> None:
    """The filer takes it back."""
    args.ack()
    place, seen = _clicked(args)
    desk = shared.services.desk
    back = desk.rungs.withdraw(shared.person(place.user), seen.escalation_id, seen.revision)
    _after(shared, place, back, "rung.withdrawn")


def _opens(make: Callable[[Escalation, str, Words], Block]) -> Callable[[Shared, Args], None]:
    """A listener that opens a form to whoever the escalation belongs to."""

    def on_click(shared: Shared, args: Args) -> None:
        args.ack()
        place, seen = _clicked(args)
        escalation = review.current(shared, place, seen)
        owned = [one.id for one in shared.services.desk.rungs.to_carry_out(place.user)]
        if place.user != escalation.filer_id and escalation.id not in owned:
            actor = shared.person(place.user)
            raise NotAllowed(Action.EDIT_ESCALATION, actor.role, Refusal.NOT_YOURS)
        view = make(escalation, review.remember(place, seen), shared.words(place.user))
        shared.client.views_open(trigger_id=args.body["trigger_id"], view=view)

    return on_click


def _unreachable_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    role = words(f"role.{escalation.awaiting.value}")
    field = views.text_field(
        rungs.CIRCUMSTANCES, words("rung.circumstances"), hint=words("rung.circumstances_hint")
    )
    hint = words("rung.unreachable_hint", number=escalation.number, role=role)
    title = words("rung.unreachable_title")
    return rungs.note_form(
        rungs.UNREACHABLE_FORM, title, hint, field, metadata, words("button.submit"), words
    )


def _answer_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    question = next((s.note for s in escalation.steps[::-1] if s.kind == "returned"), "")
    field = views.text_field(rungs.ANSWERED, words("rung.answer"))
    title = words("button.answer")
    return rungs.note_form(
        rungs.ANSWER_FORM,
        title,
        question or escalation.number,
        field,
        metadata,
        words("button.submit"),
        words,
    )


def _carried_out_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    field = views.text_field(rungs.DONE, words("rung.carried_out"))
    objection = views.text_field(
        rungs.OBJECTION, words("rung.objection_label"), hint=words("rung.objection_hint"), optional=True
    )
    hint = words("rung.instruction", text=escalation.decision_note or escalation.number)
    return rungs.note_form(
        rungs.CARRIED_OUT_FORM,
        words("button.carried_out"),
        hint,
        field,
        metadata,
        words("button.submit"),
        words,
        objection,
    )


Deed = Callable[[Shared, Person, DecisionFormRef, forms.Values], Escalation]


def _does(field: str, key: str, deed: Deed) -> Callable[[Shared, Args], None]:
    """A listener that does something with a submitted form and says so (`key`)."""

    def on_submit(shared: Shared, args: Args) -> None:
        view = args.body["view"]
        hidden = DecisionFormRef.load(str(view.get("private_metadata") or ""))
        place = places.of_form(args.body, hidden)
        given = forms.values(view)
        wrong = forms.problems(given, (field,), shared.words(place.user))
        if wrong:
            args.ack(response_action="errors", errors=wrong)
            return
        masked = {name: mask(text) for name, text in given.items()}
        done = deed(shared, shared.person(place.user), hidden, masked)
        args.ack()
        _after(shared, place, done, key)

    return on_submit


def _unreachable(shared: Shared, actor: Person, seen: DecisionFormRef, given: forms.Values) -> Escalation:
    desk = shared.services.desk
    return desk.rungs.unreachable(actor, seen.escalation_id, seen.revision, given[rungs.CIRCUMSTANCES])


def _answer(shared: Shared, actor: Person, seen: DecisionFormRef, given: forms.Values) -> Escalation:
    return shared.services.desk.rungs.answer(actor, seen.escalation_id, seen.revision, given[rungs.ANSWERED])


def _carried_out(shared: Shared, actor: Person, seen: DecisionFormRef, given: forms.Values) -> Escalation:
    note, objection = given[rungs.DONE], given.get(rungs.OBJECTION, "")
    return shared.services.desk.rungs.carried_out(actor, seen.escalation_id, seen.revision, note, objection)


def on_way(shared: Shared, args: Args) -> None:
    """Every step, for whoever may read the escalation."""
    args.ack()
    place, seen = _clicked(args)
    desk, words = shared.services.desk, shared.words(place.user)
    escalation = desk.rungs.view(shared.person(place.user), seen.escalation_id)
    reports = desk.rungs.owed_reports(escalation_id=escalation.id)
    shown = cards.seen(shared.services, escalation)
    view = rungs.whole_way(escalation, reports, shown, words, shared.zone)
    shared.client.views_open(trigger_id=args.body["trigger_id"], view=view)


# -- reports owed --------------------------------------------------------------------------------------


def on_report(shared: Shared, args: Args) -> None:
    """Open the report that is owed."""
    args.ack()
    place, report = _about_report(shared, args)
    report = shared.services.desk.rungs.report_to_write(shared.person(place.user), report.id)
    words = shared.words(place.user)
    hidden = ReportFormRef(channel=place.channel, thread_ts=place.thread_ts, report_id=report.id).dump()
    field = views.text_field(rungs.REPORT_TEXT, words("report.text"), hint=words("report.text_hint"))
    hint = rungs.owed_text(report, words).replace("*", "")
    title, submit = words("button.report"), words("button.send")
    view = rungs.note_form(rungs.REPORT_FORM, title, hint, field, hidden, submit, words)
    shared.client.views_open(trigger_id=args.body["trigger_id"], view=view)


def on_reported(shared: Shared, args: Args) -> None:
    """The report goes to whoever was passed over."""
    view = args.body["view"]
    hidden = ReportFormRef.load(str(view.get("private_metadata") or ""))
    place = places.of_form(args.body, hidden)
    given, words = forms.values(view), shared.words(place.user)
    wrong = forms.problems(given, (rungs.REPORT_TEXT,), words)
    if wrong:
        args.ack(response_action="errors", errors=wrong)
        return
    text = mask(given[rungs.REPORT_TEXT])
    report = shared.services.desk.rungs.report(shared.person(place.user), hidden.report_id, text)
    args.ack()
    shared.nudge()
    cards.redraw_report(shared.client, shared.services, report.id, shared.languages.words)
    places.whisper(shared.client, place, rungs.owed_text(report, words))


def on_report_read(shared: Shared, args: Args) -> None:
    """A superior has read the report."""
    args.ack()
    place, report = _about_report(shared, args)
    shared.services.desk.rungs.report_read(shared.person(place.user), report.id)
    cards.redraw_report(shared.client, shared.services, report.id, shared.languages.words)


def on_missed_seen(shared: Shared, args: Args) -> None:
    """A superior who could not be reached knows of it."""
    args.ack()
    place, seen = _clicked(args)
    shared.services.desk.rungs.missed_seen(shared.person(place.user), seen.escalation_id)
    cards.redraw_missed(shared.client, shared.services, seen.escalation_id, shared.languages.words)


def _about_report(shared: Shared, args: Args) -> tuple[Place, OwedReport]:
    place = places.of_interaction(args.body)
    report_id = ReportRef.load(str(args.body["actions"][0].get("value") or "")).report_id
    return place, shared.services.desk.rungs.owed_report(report_id)


# -- the home, the list --------------------------------------------------------------------------------


def home(shared: Shared, person: Person) -> list[Block]:
    """What a person's home says of escalations: own ones that can still change, duties, and what is late."""
    desk, words = shared.services.desk.rungs, shared.words(person.id)
    blocks: list[Block] = []
    open_ones = [one for one in desk.listed(filer_id=person.id, limit=20) if rung_lists.is_open(one)]
    if open_ones:
        can_pass = [one.id for one in open_ones if cards.seen(shared.services, one).can_pass]
        blocks += rung_lists.own(open_ones, can_pass, words)
    duties = desk.to_carry_out(person.id), desk.owed_reports(owed_by=person.id, missing=True)
    blocks += rung_lists.duties(*duties, words)
    if allowed(person.role, Action.DECIDE_ESCALATION):
        late = desk.listed(waiting_for=person, overdue=True)
        blocks += rung_lists.overdue(late, words, shared.zone)
    return blocks


def overview(shared: Shared, person: Person, number: str) -> list[Block]:
    """What `/kefu escalations` shows: one with its whole way, or what waits for the person and what they filed."""
    desk, words, zone = shared.services.desk.rungs, shared.words(person.id), shared.zone
    if number:
        one = desk.find(number, person)
        seen = replace(cards.seen(shared.services, one), buttons=False)
        return [parts.header(one.number), *rungs.shown(one, seen, words, zone)]
    mine, waiting = desk.listed(filer_id=person.id, limit=15), desk.listed(waiting_for=person, limit=15)
    blocks = [
        parts.header(words("home.my_escalations")),
        *rung_lists.listed(mine, desk.is_overdue, words, zone),
    ]
    if allowed(person.role, Action.DECIDE_ESCALATION) or waiting:
        blocks += [
            parts.header(words("home.waiting", count=len(waiting))),
            *rung_lists.listed(waiting, desk.is_overdue, words, zone),
        ]
    return blocks


def _clicked(args: Args) -> tuple[Place, CardRef]:
    """As a click on a card, but the message is the filer's own and no card."""
    place, seen = review.clicked(args)
    return replace(place, message_ts=""), seen


def _after(shared: Shared, place: Place, escalation: Escalation, key: str) -> None:
    """Bring everything up to date and say what was done."""
    review.refresh(shared, escalation.id)
    shared.nudge()
    words = shared.words(place.user)
    role = words(f"role.{escalation.awaiting.value}")
    places.whisper(shared.client, place, words(key, number=escalation.number, role=role))


LISTENERS = (
    Listener(Kind.ACTION, rungs.EDIT_OWN, on_edit),
    Listener(Kind.ACTION, rungs.WITHDRAW, on_withdraw, writes=True),
    Listener(Kind.ACTION, rungs.WAY, on_way),
    Listener(Kind.ACTION, rungs.UNREACHABLE, _opens(_unreachable_form)),
    Listener(Kind.VIEW, rungs.UNREACHABLE_FORM, _does(rungs.CIRCUMSTANCES, "rung.asked_next", _unreachable)),
    Listener(Kind.ACTION, rungs.ANSWER, _opens(_answer_form)),
    Listener(Kind.VIEW, rungs.ANSWER_FORM, _does(rungs.ANSWERED, "rung.resubmitted", _answer)),
    Listener(Kind.ACTION, rungs.CARRIED_OUT, _opens(_carried_out_form)),
    Listener(Kind.VIEW, rungs.CARRIED_OUT_FORM, _does(rungs.DONE, "rung.recorded", _carried_out)),
    Listener(Kind.ACTION, rungs.REPORT, on_report),
    Listener(Kind.VIEW, rungs.REPORT_FORM, on_reported),
    Listener(Kind.ACTION, rungs.REPORT_READ, on_report_read, writes=True),
    Listener(Kind.ACTION, rungs.MISSED_SEEN, on_missed_seen, writes=True),
)
