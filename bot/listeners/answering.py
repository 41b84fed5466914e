"""Answering one question in its thread: read the thread back, ask the assistant, stream, record."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog

from bot.assistant import matters
from bot.assistant.answers import Answer, Asker, Turn
from bot.assistant.model_errors import Reason
from bot.assistant.redaction import mask
from bot.blocks import answers, parts, procedures, voice
from bot.keeping.prefilling import recognised
from bot.listeners import errors, leftovers, threads
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.listeners.streaming import AnswerStream, StoppedByPerson
from bot.slack_errors import TROUBLE, code_of
from tickets.records import AnswerRecord
from tickets.rules import Action, allowed
from tickets.underway import Underway

_log = structlog.get_logger(__name__)

_TITLE = 60


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
    """Answer a question where it was asked; whatever fails is told there in one sentence."""
    place = question.place
    words = shared.words(place.user)
    text = mask(question.text)
    if not text:
        errors.whisper(shared, place, words("ask.empty"))
        return
    taken, underway = question.taken, shared.services.desk.underway
    stream = AnswerStream(
        shared.client,
        place,
        words,
        resumed=taken.stream_ts if taken and taken.attempts else None,
        began=(lambda ts: underway.streaming(taken.id, ts)) if taken else None,
        key=taken.key if taken else "",
        left=lambda: leftovers.of_stream(shared.client, place, underway.streams(place.channel)),
    )
    with shared.running.started(place.channel, place.thread_ts) as stop:
        try:
            _announce(shared, place, text)
            stream.begin()
            generation = shared.services.library.generation()
            history = _history(shared, question)
            final = _write(shared, question, text, history, stream, stop)
            if stop.is_set():
                _record_unshown(shared, place, final)
                raise StoppedByPerson
            answer_id = _entered(shared, taken, final) or record(
                shared, place, text, final, generation, history, taken.id if taken else 0
            )
            supervised = not place.is_dm or allowed(shared.person(place.user).role, Action.CONFIRM_ANSWER)
            under = voice.under(final, answer_id, words, shared.zone, supervised=supervised)
            wanted = recognised(shared.services, text, shared.person(place.user))
            under += procedures.below_answer(wanted, answer_id, words)
            below = answers.footer(final, answer_id, words, shared.zone, under)
            if _must_say_spent(shared, place, final):
                below.insert(0, answers.budget_note(words))
            if taken:
                underway.known(taken.id, final.text, below)
            stream.finish(final.text, below, len(final.citations))
            _log.info("question.answered", answer=answer_id, outcome=final.outcome.value)
        except StoppedByPerson:
            if shared.running.ending and taken:
                stream.suspend()
                raise Suspended from None
            stream.abandon()
            _log.info("answer.stopped", user=place.user)
        except TROUBLE:
            raise
        except Exception as error:  # noqa: BLE001 - the half-written message must be closed with a sentence
            stream.break_off(errors.explain(shared, error, place.user))


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
    stream: AnswerStream,
    stop: threading.Event,
) -> Answer:
    view = shared.view(question.place, private=question.place.is_dm)
    asker = question.asker or asker_at(shared, question.place)
    pieces = shared.services.assistant.stream(text, history, cancelled=stop.is_set, view=view, asker=asker)
    try:
        for piece in pieces:
            if isinstance(piece, Answer):
                return piece
            if stop.is_set():
                raise StoppedByPerson
            stream.write(piece)
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
        shared.services.desk.usage.record(place.user, final.usage)


def _must_say_spent(shared: Shared, place: Place, final: Answer) -> bool:
    """Whether it is to be said that the day's budget of the language model is spent: once to each person a day."""
    if final.usage is None or final.usage.fault != Reason.BUDGET:
        return False
    day = shared.services.desk.usage.today()
    return shared.services.desk.claim(f"budget-spent:{day.isoformat()}:{place.user}")


def _history(shared: Shared, question: Question) -> list[Turn]:
    if not question.in_thread:
        return []
    place = question.place
    messages = threads.read(shared.client, place.channel, place.thread_ts)
    return threads.turns(messages, shared.bot_user, place.message_ts)


def _announce(shared: Shared, place: Place, text: str) -> None:
    """Status and session title. They are a courtesy: an answer is not withheld because one fails."""
    words = shared.words(place.user)
    try:
        shared.client.agents_sessions_setStatus(
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            status="processing",
            title=parts.clip(" ".join(text.split()), _TITLE),
            initiator_user_id=place.user,
        )
        shared.client.assistant_threads_setStatus(
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            status=words("ask.status"),
            loading_messages=[words("ask.status"), words("ask.status_checking")],
        )
    except TROUBLE as error:
        _log.warning("status.not_shown", error=code_of(error))


def record(
    shared: Shared,
    place: Place,
    text: str,
    final: Answer,
    generation: int,
    history: Sequence[Turn] = (),
    underway: int = 0,
) -> int:
    """Write the answer into the desk's ledger; the id that its buttons carry.

    `generation`: the newest publication of manuals before the question was worked on. Should one follow while
    the answer is written, it is known that the answer is old. What the manuals lack is noted with it.
    """
    absent = matters.shows_gap(final)
    entry = AnswerRecord(
        question=text,
        outcome=final.outcome.value,
        clause_ids=tuple(citation.clause_id for citation in final.citations),
        language=final.language,
        model=final.model,
        latency_ms=final.latency_ms,
        origin=place.origin,
        generation=generation,
        absent=absent,
        near=tuple(citation.clause_id for citation in final.near) if absent else (),
        context=matters.context_of(text, history, final.details.get("follows_up")),
        usage=final.usage,
    )
    return shared.services.desk.record_answer(place.user, entry, underway)
