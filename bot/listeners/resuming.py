"""Questions are taken on once and kept until their answer stands in Slack; what a dead process left is taken up again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, replace

import structlog
from slack_bolt import Args

from bot.assistant.answers import Asker
from bot.assistant.redaction import mask
from bot.blocks import answers, parts
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from bot.listeners import errors, leftovers, places, threads
from bot.listeners.answering import Question, Suspended, answer, asker_at, left_stream
from bot.listeners.listener import Kind, Listener
from bot.listeners.places import Place
from bot.listeners.shared import Shared
from bot.listeners.streaming import AnswerStream
from bot.observing import metrics
from bot.slack_errors import PLACE_GONE, TROUBLE, code_of, slack_is_down
from tickets.underway import TakenOver, Underway

_log = structlog.get_logger(__name__)

ASK_AGAIN = "ask_again"
_MOST_ATTEMPTS = 3
"""A question over which the process died that often is not tried any more: it may be what kills it."""


def take_on(
    shared: Shared, question: Question, claims: Sequence[str], enterprise: str = "", *, paced: bool = True
) -> bool:
    """Answer a question in the pool unless somebody has taken it on; whether it was taken on.

    `claims`: what must not have been seen before, the message itself last. `paced`: whether it counts as asked now.
    """
    place = question.place
    asked = Underway(
        user_id=place.user, channel=place.channel, thread_ts=place.thread_ts, message_ts=place.message_ts,
        question=mask(question.text), in_thread=question.in_thread, team_id=place.team, enterprise_id=enterprise,
        asker=_kept(question.asker),
    )  # fmt: skip
    taken = shared.services.desk.underway.begin(claims, asked)
    metrics.CLAIMS.labels("again" if taken is None else "first").inc()
    if taken is None:
        return False
    if paced and not shared.pace.allows(
        place.user
    ):  # after the claim: what Slack sends again is one question
        shared.services.desk.underway.done(taken.id)
        errors.whisper(shared, place, shared.words(place.user)("ask.too_fast", most=shared.pace.most))
        return True
    _work(shared, replace(question, taken=taken), taken)
    return True


def take_up(shared: Shared, *, alone: bool = False) -> int:
    """Go on with what nobody works on any more; how many. `alone`: there is no other process, so that whatever is not
    this one's was left by one that died."""
    underway = shared.services.desk.underway
    underway.renew()
    left = underway.take_over(alone=alone)
    for one in left:
        _log.info("answer.taken_up", channel=one.channel, attempts=one.attempts)
        at = shared.at_team(one.team_id, one.enterprise_id)
        place = Place(one.user_id, one.channel, one.thread_ts, one.message_ts, one.team_id)
        told = one.asker
        asker = (
            Asker(
                organisation=told.get("organisation", ""),
                product=told.get("product", ""),
                staff_number=told.get("staff_number", ""),
                person=one.user_id,
            )
            if told
            else None
        )
        question = Question(one.question, place, one.in_thread, asker, one)
        _work(at, question, one, left_over=True)
    return len(left)


def _work(shared: Shared, question: Question, taken: Underway, *, left_over: bool = False) -> None:
    begun = time.perf_counter()

    def work() -> None:
        try:
            if left_over:
                _finish(shared, question, taken)
            else:
                with metrics.timed(metrics.ANSWER_SECONDS, begun):
                    answer(shared, question)
        except Suspended:
            _log.info("answer.suspended", channel=taken.channel)
            return
        except TakenOver:
            _log.warning("answer.taken_over", channel=taken.channel)
            return
        except Exception as error:
            if slack_is_down(error):
                _log.warning("answer.put_off", channel=taken.channel, error=code_of(error))
                shared.services.desk.underway.put_off(taken)
                return
            shared.services.desk.underway.done(taken.id)
            raise  # told to whoever asked by the pool's door
        shared.services.desk.underway.done(taken.id)

    errors.run_in_pool(shared, question.place, work)


def _finish(shared: Shared, question: Question, taken: Underway) -> None:
    """Finish what another process began: look what stands in Slack, and add what is missing."""
    place = question.place
    shared.services.desk.underway.tried(taken.id, taken.attempts)
    try:
        messages = threads.read(shared.client, place.channel, place.thread_ts, metadata=True)
    except TROUBLE as error:
        if code_of(error) in PLACE_GONE:  # the question was deleted meanwhile
            _log.info("answer.place_gone", channel=place.channel)
            return
        raise
    there = next((m for m in messages if taken.stream_ts and m.get("ts") == taken.stream_ts), None)
    words = shared.words(place.user)
    text, below = str(taken.shown.get("text") or ""), list(taken.shown.get("below") or ())
    in_one = not text or len(answers.messages(text, below, words)) == 1
    if in_one and there is not None and threads.is_answer(there, shared.bot_user):
        return  # it was finished, only not written down
    if in_one and leftovers.of_answer(shared.client, place, taken.key) is not None:
        return
    stream_ts = taken.stream_ts or left_stream(shared, place, taken) or ""
    taken = replace(taken, stream_ts=stream_ts)
    if taken.shown:
        AnswerStream(shared.client, place, words, resumed=stream_ts, key=taken.key).finish(text, below, ())
    elif taken.attempts > _MOST_ATTEMPTS or shared.services.desk.underway.is_stale(taken):
        stream = AnswerStream(shared.client, place, words, resumed=stream_ts, key=taken.key)
        stream.finish(words("ask.broken_off"), _again(question.text, words), ())
        _log.error("answer.broken_off", channel=place.channel, attempts=taken.attempts)
    else:
        answer(shared, replace(question, taken=taken))


def _again(text: str, words: Words) -> list[Block]:
    """The question, with a button that asks it once more."""
    button = parts.button(ASK_AGAIN, words("ask.again_button"), parts.clip(text, parts.MAX_BUTTON_VALUE))
    return [parts.markdown(f"> {' '.join(text.split())}"[:3000]), parts.actions(button)]


def on_again(shared: Shared, args: Args) -> None:
    """Ask once more what was broken off."""
    args.ack()
    place = places.of_interaction(args.body)
    text = str(args.body["actions"][0].get("value") or "")
    if not text or not place.message_ts:
        raise errors.Declined("error.outdated")
    question = Question(text, place, in_thread=True, asker=asker_at(shared, place))
    take_on(shared, question, [f"again:{place.channel}:{place.message_ts}"], args.context.enterprise_id or "")


def _kept(asker: Asker | None) -> dict[str, str]:
    """Who it is answered for, without what is known anyway."""
    if asker is None:
        return {}
    return {
        name: value for name, value in asdict(asker).items() if isinstance(value, str) and name != "person"
    }


LISTENERS = (Listener(Kind.ACTION, ASK_AGAIN, on_again, writes=True),)
