"""The ledger of answers, and what people think of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base, FromSlack


class AnswerRow(FromSlack, Base):
    """One answered question; the question is masked."""

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    asker_id: Mapped[str] = mapped_column(String(64), index=True)
    question: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(8))
    model: Mapped[str | None] = mapped_column(String(128))
    latency_ms: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(index=True)
    # Number of the publication that it was answered from. No foreign key: they live in another package.
    generation: Mapped[int | None]
    # What was said before in the thread, for a question that cannot be understood without it; masked.
    context: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class AnswerClauseRow(Base):
    """The clauses that an answer quoted, in order. No foreign key: clauses live in another package."""

    __tablename__ = "answer_clauses"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(index=True)


class FeedbackRow(Base):
    """What a person thinks of an answer; a second opinion of the same person replaces the first."""

    __tablename__ = "feedback"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
