"""The ledger's reading part of the desk, reached as `desk.answers`: what was answered to whom, and what was no help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, select

from tickets.models import AnswerRow, FeedbackRow
from tickets.people import Person
from tickets.records import Origin, Verdict
from tickets.rows import origin_value
from tickets.rules import Action, require
from tickets.transaction import reading


class Fault(StrEnum):
    """What was wrong with an answer, as whoever it did not help says."""

    WRONG_CLAUSE = "wrong_clause"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    NOT_UNDERSTOOD = "not_understood"
    UNCLEAR = "unclear"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer of the ledger in a list."""

    id: int
    question: str
    outcome: str
    at: datetime
    origin: Origin


@dataclass(frozen=True, slots=True)
class Complaint:
    """That somebody was not helped by an answer."""

    answer: GivenAnswer
    person_id: str
    fault: Fault | None
    """None: they did not say."""
    reason: str
    at: datetime


class AnswerDesk:
    """Reading the ledger of answers. Safe between threads and processes; every list is limited."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def to_message(self, channel: str, message_ts: str) -> list[int]:
        """Ids of the answers to one message, oldest first: several when it was answered again."""
        if not channel or not message_ts:
            return []
        query = select(AnswerRow.id).where(AnswerRow.channel == channel, AnswerRow.message_ts == message_ts)
        with reading(self._engine) as session:
            return list(session.scalars(query.order_by(AnswerRow.id).limit(50)))

    def recent(self, asker_id: str, limit: int) -> list[GivenAnswer]:
        """What somebody was answered last, newest first; an answer that followed a choice stands for its question."""
        query = select(AnswerRow).where(AnswerRow.asker_id == asker_id).order_by(AnswerRow.id.desc())
        with reading(self._engine) as session:
            return [_given(row) for row in session.scalars(query.limit(limit))]

    def complaints(self, reader: Person, limit: int) -> list[Complaint]:
        """The last answers that did not help, newest first, for those who keep the manuals. NotAllowed."""
        require(reader, Action.MANAGE_MANUALS)
        query = (
            select(FeedbackRow, AnswerRow)
            .join(AnswerRow, AnswerRow.id == FeedbackRow.answer_id)
            .where(FeedbackRow.verdict == Verdict.UNHELPFUL.value)
            .order_by(FeedbackRow.at.desc())
            .limit(limit)
        )
        with reading(self._engine) as session:
            return [
                Complaint(
                    _given(answer),
                    said.person_id,
                    Fault(said.kind) if said.kind in set(Fault) else None,
                    said.reason,
                    said.at,
                )
                for said, answer in session.execute(query)
            ]


def _given(row: AnswerRow) -> GivenAnswer:
    return GivenAnswer(row.id, row.question, row.outcome, row.at, origin_value(row))
