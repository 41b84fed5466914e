"""An answer that only its asker reads: share it with the channel, or keep it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from slack_bolt import Args

from bot.assistant.answers import Answer
from bot.blocks import answers, parts, sharing
from bot.blocks.parts import Block
from bot.blocks.references import ShareRef
from bot.listeners import errors, places
from bot.listeners.answering import Question, asker_at, below_answer, history_of, record
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.slack_calls import uncertain
from bot.slack_errors import TROUBLE
from tickets.channel_settings import Reach
from tickets.records import AnswerRecord


def on_share(shared: Shared, args: Args) -> None:
    """Put the answer into the thread of its question, for everybody there."""
    args.ack()
    place, answer_id, asked = _clicked(shared, args)
    claim = f"share:{answer_id}"
    if not shared.services.desk.claim(claim):
        raise errors.Declined("share.done_before")

    def share() -> None:
        with _pressed_again(shared, claim) as said:
            for number, blocks in enumerate(_to_share(shared, place, answer_id, asked)):
                said.append(number)
                shared.client.chat_postMessage(
                    channel=place.channel,
                    thread_ts=place.thread_ts or None,
                    text=answers.fallback(blocks),
                    blocks=blocks,
                )
        shared.joined.add(place.channel, place.thread_ts)
        args.respond(delete_original=True)
        shared.unshared.drop(answer_id)

    errors.run_in_pool(shared, place, share)


@contextmanager
def _pressed_again(shared: Shared, claim: str) -> Iterator[list[int]]:
    """Where nothing was said, whoever pressed may press again. What is said is noted before it is: of the first, Slack
    may tell that it did not take it; whether it took one of which nobody heard is not known, and it is not said twice."""
    said: list[int] = []
    try:
        yield said
    except Exception as error:
        if not said or (len(said) == 1 and isinstance(error, TROUBLE) and not uncertain(error)):
            shared.services.desk.disclaim(claim)
        raise


def on_keep(shared: Shared, args: Args) -> None:
    """Take it into the DM, where it stays: what only one person sees in a channel, Slack forgets."""
    args.ack()
    place, answer_id, asked = _clicked(shared, args)
    errors.run_in_pool(shared, place, lambda: _keep(shared, args, place, answer_id, asked))


def _clicked(shared: Shared, args: Args) -> tuple[Place, int, AnswerRecord]:
    """Where the question was asked, which answer, and what the ledger says of it. Declined when it is not known."""
    at = places.of_interaction(args.body)
    seen = ShareRef.load(str(args.body["actions"][0].get("value") or ""))
    if seen.answer_id is None:
        raise errors.Declined("error.outdated")
    asked = shared.services.desk.answer_record(seen.answer_id)
    message_ts = asked.origin.message_ts or seen.thread_ts
    return replace(at, thread_ts=seen.thread_ts, message_ts=message_ts), seen.answer_id, asked


def _to_share(shared: Shared, place: Place, answer_id: int, asked: AnswerRecord) -> list[list[Block]]:
    """What the channel reads, a list of blocks for each message."""
    final, generation = _as_read(shared, place, answer_id, asked)
    new = record(shared, place.user, asked.question, final, generation, place.origin)
    below = below_answer(shared, place, asked.question, final, new, Reach.EVERYBODY)
    by = sharing.shared_by(place.user, asked.question, shared.house_words)
    first, *more = answers.messages(final.text, below, shared.words(place.user))
    return [[by, *first][: parts.MAX_MESSAGE_BLOCKS], *more]


def _keep(shared: Shared, args: Args, place: Place, answer_id: int, asked: AnswerRecord) -> None:
    final, _ = _as_read(shared, place, answer_id, asked)
    words, claim = shared.words(place.user), f"keep:{answer_id}"
    below = answers.footer(final, answer_id, words, shared.zone)
    question = parts.markdown(f"> {parts.clip(' '.join(asked.question.split()), 300)}")
    shown = answers.messages(final.text, below, words)
    if shared.services.desk.claim(claim):
        with _pressed_again(shared, claim) as said:
            for number, blocks in enumerate(shown):
                said.append(number)
                places.tell(
                    shared.client,
                    place.user,
                    answers.plain_text(blocks),
                    blocks if number else [question, *blocks],
                )
    kept: list[Block] = [sharing.only_you("share.kept", words)]
    args.respond(
        text=answers.fallback(shown[-1]),
        blocks=[*kept, *shown[-1]][: parts.MAX_MESSAGE_BLOCKS],
        response_type="ephemeral",
        replace_original=True,
    )
    shared.unshared.drop(answer_id)


def _as_read(shared: Shared, place: Place, answer_id: int, asked: AnswerRecord) -> tuple[Answer, int]:
    """The answer as its asker read it, with the publication that it rests on; answered again where it is not known any
    more, where the manuals changed since, or where something in it may not be quoted to the channel any more."""
    generation = shared.services.library.generation()
    final = shared.unshared.get(answer_id)
    view = shared.answering_view(place, private=False)
    admitted = {manual.manual_id for manual in view.manuals()}
    if final is not None and asked.generation == generation:
        cited = shared.services.library.clauses([c.clause_id for c in (*final.citations, *final.near)])
        if all(clause.manual_id in admitted for clause in cited):
            return final, generation
    question = Question(asked.question, place, in_thread=place.in_thread)
    found = shared.services.assistant.answer(
        asked.question, history_of(shared, question), view=view, asker=asker_at(shared, place)
    )
    return found, generation


LISTENERS = (
    Listener(Kind.ACTION, sharing.SHARE, on_share),
    Listener(Kind.ACTION, sharing.KEEP, on_keep),
)
