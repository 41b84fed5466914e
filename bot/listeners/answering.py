"""Answering one question in its thread: read the thread back, ask the assistant, stream, record."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.assistant import matters
from bot.assistant.answers import Answer, Asker, Turn
from bot.assistant.model_errors import Reason
from bot.assistant.redaction import mask
from bot.blocks import answers, procedures, sharing, voice
from bot.blocks.parts import Block
from bot.blocks.references import ShareRef
from bot.blocks.wording import Words
from bot.keeping.prefilling import recognised
from bot.listeners import errors, leftovers, sessions, threads
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.listeners.streaming import AnswerStream, StoppedByPerson
from bot.listeners.whispering import WhisperedAnswer
from bot.observing import metrics, tracing
from bot.observing.model_figures import model_took
from bot.slack_errors import TROUBLE
from tickets.channel_settings import Reach
from tickets.records import AnswerRecord, Origin
from tickets.rules import Action, allowed
from tickets.underway import TakenOver, Underway

_log = structlog.get_logger(__name__)

READ_BACK = "late:"
"""How the key of an answer begins whose question Slack did not offer at its time, or no more."""
_LATE = timedelta(minutes=8)
"""Slack itself offers a message for some six minutes."""
_PASSED_ON: tuple[type[Exception], ...] = (*TROUBLE, TakenOver)
"""What is no fault of the answer's: it is finished later, or by another process."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, as typed; it is masked before anything else sees it."""

    text: str
    place: Place
    in_thread: bool
    """It follows other messages of a thread."""
    asker: Asker | None = None
    """Who is to be taken for the asker; None: who is known to ask."""
    taken: Underway | None = None
    """What is kept of it until its answer stands in Slack."""


class Suspended(Exception):
    """The process ends before the answer is there; the next one finishes it."""


def answer(shared: Shared, question: Question) -> None:
    """Answer a question where it was asked, to whom the channel's setting says; whatever fails is told there in one
    sentence."""
    place = question.place
    words = shared.words(place.user)
    text = mask(question.text)
    if not text:
        errors.whisper(shared, place, words("ask.empty"))
        return
    reach, taken = shared.reach(place), question.taken
    out: AnswerStream | WhisperedAnswer
    if reach is Reach.EVERYBODY:
        out = _stream(shared, question, words)
    else:
        out = WhisperedAnswer(shared.client, place, words)
    started = shared.running.started(place.channel, place.thread_ts)
    with tracing.span("answer", reach=reach.value), started as stop:
        try:
            sessions.begin(shared.client, place, text, words)
            out.begin()
            generation = shared.services.library.generation()
            history = history_of(shared, question)
            final = _write(shared, question, text, history, out, stop, private=is_private(place, reach))
            if stop.is_set():
                _record_unshown(shared, place, final)
                raise StoppedByPerson
            # What the channel does not read is corrected in the DM, not in the channel's thread.
            origin = place.origin if reach is Reach.EVERYBODY else replace(place.origin, thread_ts="")
            answer_id = _entered(shared, taken, final) or record(
                shared, place.user, text, final, generation, origin, history, taken.id if taken else 0
            )
            below = below_answer(shared, place, text, final, answer_id, reach)
            if _is_late(taken):
                below.insert(0, answers.late_note(words))
            if taken and reach is Reach.EVERYBODY:
                shared.services.desk.underway.known(taken.id, final.text, below)
            out.finish(final.text, below, final.citations)
            _log.info("question.answered", answer=answer_id, outcome=final.outcome.value, reach=reach.value)
        except StoppedByPerson:
            if shared.running.ending and taken:
                out.suspend()
                raise Suspended from None
            out.abandon()
            _log.info("answer.stopped", user=place.user)
        except _PASSED_ON:
            raise
        except Exception as error:  # noqa: BLE001 - the half-written message must be closed with a sentence
            out.break_off(errors.explain(shared, error, place.user))


def _is_late(taken: Underway | None) -> bool:
    """Whether a question was heard long after it was asked: the bot was not there."""
    if taken is None or taken.started_at is None or not taken.key.startswith(READ_BACK):
        return False
    asked = datetime.fromtimestamp(float(taken.message_ts), UTC)
    return taken.started_at - asked > _LATE


def _stream(shared: Shared, question: Question, words: Words) -> AnswerStream:
    """The message that everybody reads; one that another process began is gone on with."""
    place, taken, underway = question.place, question.taken, shared.services.desk.underway
    return AnswerStream(
        shared.client,
        place,
        words,
        shared.services.settings.source_url,
        resumed=taken.stream_ts if taken and taken.attempts else None,
        began=(lambda ts: underway.streaming(taken.id, place.channel, ts)) if taken else None,
        key=taken.key if taken else "",
        left=lambda: left_stream(shared, place, taken) if taken else None,
    )


def left_stream(shared: Shared, place: Place, taken: Underway) -> str | None:
    """A message that was begun and that nobody has written into, from now on of this answer. Raises TakenOver."""
    underway = shared.services.desk.underway
    others = set(underway.streams(place.channel))
    while (ts := leftovers.of_stream(shared.client, place, others)) is not None:
        if underway.streaming(taken.id, place.channel, ts):
            return ts
        others.add(ts)
    return None


def is_private(place: Place, reach: Reach) -> bool:
    """Whether nobody but the asker will ever read the answer, so that their role may open manuals. What may still be
    shared holds only what the channel may read."""
    return place.is_dm or reach is Reach.ASKER


def below_answer(
    shared: Shared, place: Place, text: str, final: Answer, answer_id: int, reach: Reach
) -> list[Block]:
    """Everything that stands below an answer where it is first given."""
    words = shared.words(place.user)
    open_ = reach is Reach.EVERYBODY
    # The text of what only one person sees comes back in no click: it cannot be confirmed from there.
    supervised = open_ and (not place.is_dm or allowed(shared.person(place.user).role, Action.CONFIRM_ANSWER))
    under = voice.under(final, answer_id, words, shared.zone, supervised=supervised)
    under += procedures.below_answer(
        recognised(shared.services, text, shared.person(place.user)), answer_id, words
    )
    below = answers.footer(final, answer_id, words, shared.zone, under)
    if reach is Reach.ASKER_FIRST:
        shared.unshared.put(answer_id, final)
        reference = ShareRef(answer_id=answer_id, thread_ts=place.thread_ts)
        below = [*sharing.choice(reference, words), *below]
    elif reach is Reach.ASKER:
        below.insert(0, sharing.only_you("share.only_you_here", words))
    if _must_say_spent(shared, place, final):
        below.insert(0, answers.budget_note(words))
    if final.details.get("by_words"):
        below.insert(0, answers.by_words_note(words))
    return below


def _entered(shared: Shared, taken: Underway | None, final: Answer) -> int | None:
    """The entry that this very answer has in the ledger already, made before a restart."""
    if taken is None or taken.answer_id is None:
        return None
    entry = shared.services.desk.answer_record(taken.answer_id)
    same = (final.outcome.value, tuple(citation.clause_id for citation in final.citations))
    return taken.answer_id if (entry.outcome, entry.clause_ids) == same else None


def _write(
    shared: Shared,
    question: Question,
    text: str,
    history: Sequence[Turn],
    out: AnswerStream | WhisperedAnswer,
    stop: threading.Event,
    *,
    private: bool,
) -> Answer:
    view = shared.answering_view(question.place, private=private)
    asker = question.asker or asker_at(shared, question.place)
    pieces = shared.services.assistant.stream(text, history, cancelled=stop.is_set, view=view, asker=asker)
    try:
        for piece in pieces:
            if isinstance(piece, Answer):
                return piece
            if stop.is_set():
                raise StoppedByPerson
            out.write(piece)
    except BaseException:
        _end_early(shared, question.place, pieces, stop)
        raise
    raise RuntimeError("the assistant ended without an answer")


def asker_at(shared: Shared, place: Place) -> Asker:
    """What is known of who asks at a place: what the channel is set to, else what the person told."""
    told = shared.services.desk.preferences.effective(
        place.user, "" if place.is_dm else place.channel
    ).preference
    return Asker(told.organisation, told.product, told.staff_number, person=place.user)


def _end_early(shared: Shared, place: Place, pieces: Iterator[str | Answer], stop: threading.Event) -> None:
    """Make the assistant stop, and record what the model took for an answer that nobody will see whole."""
    stop.set()
    for piece in pieces:
        if isinstance(piece, Answer):
            _record_unshown(shared, place, piece)


def _record_unshown(shared: Shared, place: Place, final: Answer) -> None:
    if final.usage is not None:
        model_took(final.usage)
        shared.services.desk.usage.record(place.user, final.usage)


def _count(final: Answer) -> None:
    metrics.QUESTIONS.labels(final.outcome.value).inc()
    if final.usage is not None:
        model_took(final.usage)


def _must_say_spent(shared: Shared, place: Place, final: Answer) -> bool:
    """Whether it is to be said that the day's budget of the language model is spent: once to each person a day."""
    if final.usage is None or final.usage.fault != Reason.BUDGET:
        return False
    day = shared.services.desk.usage.today()
    return shared.services.desk.claim(f"budget-spent:{day.isoformat()}:{place.user}")


def history_of(shared: Shared, question: Question) -> list[Turn]:
    """What was said before a question in its thread, as far as it is part of the conversation."""
    if not question.in_thread:
        return []
    place = question.place
    messages = threads.read(shared.client, place.channel, place.thread_ts)
    return threads.turns(messages, shared.bot_user, place.message_ts)


def record(
    shared: Shared,
    user: str,
    text: str,
    final: Answer,
    generation: int,
    origin: Origin,
    history: Sequence[Turn] = (),
    underway: int = 0,
) -> int:
    """Write the answer into the desk's ledger; the id that its buttons carry.

    `generation`: the newest publication of manuals before the question was worked on. Should one follow while
    the answer is written, it is known that the answer is old. What the manuals lack is noted with it.
    """
    _count(final)
    absent = matters.shows_gap(final)
    entry = AnswerRecord(
        question=text,
        outcome=final.outcome.value,
        clause_ids=tuple(citation.clause_id for citation in final.citations),
        language=final.language,
        model=final.model,
        latency_ms=final.latency_ms,
        origin=origin,
        generation=generation,
        absent=absent,
        near=tuple(citation.clause_id for citation in final.near) if absent else (),
        context=matters.context_of(text, history, final.details.get("follows_up")),
        usage=final.usage,
    )
    return shared.services.desk.record_answer(user, entry, underway)
