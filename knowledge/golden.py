"""Golden questions: what an admin wants to see answered, before and after every publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge.errors import KnowledgeError
from knowledge.manuals import GoldenRow

MOST_CHARACTERS = 2000


class GoldenError(KnowledgeError):
    """A golden question that cannot be kept, or that does not exist."""


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """One of them. `accepted` is the answer an admin accepted, in the form that `bot.keeping.golden` gives it."""

    id: int
    question: str
    accepted: Mapping[str, Any]
    added_by: str
    added_at: datetime


class GoldenQuestions:
    """The list of golden questions. Safe for many threads and processes on one database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`engine` has the schema of `knowledge.migrations`."""
        self._engine = engine
        self._clock = clock

    def add(self, question: str, by: str) -> GoldenQuestion:
        """Keep a question; one that is kept already is given back. Raises GoldenError for an unusable one."""
        question = " ".join(question.split())
        if not question:
            raise GoldenError("A golden question has no words; write what agents ask.")
        if len(question) > MOST_CHARACTERS:
            raise GoldenError(f"A golden question has at most {MOST_CHARACTERS} characters; shorten it.")
        with Session(self._engine) as session, session.begin():
            row = session.scalars(select(GoldenRow).where(GoldenRow.question == question)).first()
            if row is None:
                row = GoldenRow(question=question, accepted={}, added_by=by, added_at=self._clock())
                session.add(row)
                session.flush()
            return _value(row)

    def accept(self, question_id: int, answer: Mapping[str, Any]) -> None:
        """Take `answer` as the right one from now on. Raises GoldenError when the question is gone."""
        with Session(self._engine) as session, session.begin():
            _row(session, question_id).accepted = dict(answer)

    def remove(self, question_id: int) -> None:
        """Keep it no more. Raises GoldenError when it is gone already."""
        with Session(self._engine) as session, session.begin():
            session.delete(_row(session, question_id))

    def all(self) -> list[GoldenQuestion]:
        """Every golden question, oldest first."""
        with Session(self._engine) as session:
            return [_value(row) for row in session.scalars(select(GoldenRow).order_by(GoldenRow.id))]


def _row(session: Session, question_id: int) -> GoldenRow:
    row = session.get(GoldenRow, question_id, with_for_update=True)
    if row is None:
        raise GoldenError(f"There is no golden question {question_id}; look at kefu golden list.")
    return row


def _value(row: GoldenRow) -> GoldenQuestion:
    added = row.added_at if row.added_at.tzinfo else row.added_at.replace(tzinfo=UTC)
    return GoldenQuestion(row.id, row.question, row.accepted, row.added_by, added)
