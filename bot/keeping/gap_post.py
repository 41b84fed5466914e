"""Telling an asker, once, that what the manuals could not answer them is ruled now."""

from __future__ import annotations

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.assistant.questions import language_of
from bot.blocks import gaps as gap_blocks
from bot.blocks.parts import Block
from bot.keeping.correction_post import NothingToTell, dm_of, find_message, post
from bot.listeners.languages import Languages
from bot.services import Services
from bot.slack_errors import PLACE_GONE
from knowledge.clauses import Clause
from tickets.gaps import GapQuestion
from tickets.records import AnswerRecord, Notice

_log = structlog.get_logger(__name__)


class GapPost:
    """Renders such messages and posts them. Raises `NothingToTell`, `Unreachable` and Slack's own errors."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages

    def to_asker(self, notice: Notice) -> tuple[str, str]:
        """Into the thread where it was asked, else the DM; channel and ts of the message.

        What was told is an answer like any other: it is entered into the ledger, so that its asker hears when it
        changes or is taken back.
        """
        gap = self._services.desk.gaps.get(int(notice.subject.partition(":")[2]))
        question = next((q for q in gap.questions if q.answer_id == notice.subject_id), None)
        if question is None or question.told_answer_id is not None:
            raise NothingToTell
        generation = self._services.library.generation()
        clause = self._services.gaps.for_asker(gap, question)
        if clause is None:
            raise NothingToTell
        where = (self._sent_before(question) if notice.maybe_sent else None) or self._send(question, clause)
        record = AnswerRecord(
            question.question, "answered", (clause.id,), language_of(question.question), origin=question.origin,
            generation=generation, context=question.context,
        )  # fmt: skip
        self._services.desk.gaps.told(question.answer_id, record)
        return where

    def _send(self, question: GapQuestion, clause: Clause) -> tuple[str, str]:
        reader, zone, origin = (
            self._languages.words(question.asker_id),
            self._services.settings.zone,
            question.origin,
        )
        text = gap_blocks.answered_text(question.question, reader)

        def blocks(address: str = "") -> list[Block]:
            return gap_blocks.answered(
                question.answer_id, question.question, question.at, clause, reader, zone, address=address
            )

        if origin.channel and origin.thread_ts:
            try:
                address = "" if origin.channel.startswith("D") else question.asker_id
                return post(self._client, origin.channel, text, blocks(address), origin.thread_ts)
            except SlackApiError as error:
                if error.response.get("error") not in PLACE_GONE:
                    raise
                _log.info("gap.thread_gone", answer=question.answer_id, channel=origin.channel)
        return post(self._client, dm_of(self._client, question.asker_id), text, blocks())

    def _sent_before(self, question: GapQuestion) -> tuple[str, str] | None:
        """The message that an earlier attempt left behind."""
        wanted, origin = gap_blocks.block_id(question.answer_id), question.origin
        there = None
        if origin.channel and origin.thread_ts:
            there = find_message(self._client, wanted, origin.channel, origin.thread_ts)
        return there or find_message(self._client, wanted, dm_of(self._client, question.asker_id))
