"""Answers that a supervisor stands by, and who has read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base


class ConfirmedRow(Base):
    """An answer that a supervisor stands by, as it stands now."""

    __tablename__ = "confirmed_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The question without spaces and marks, hashed together with its scope: one voice for one question.
    question_key: Mapped[str] = mapped_column(String(64), unique=True)
    withdrawn: Mapped[bool]
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    # Number of the publication that the clauses were read from. No foreign key: they live in another package.
    generation: Mapped[int]
    confirmed_by: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]

    @property
    def number(self) -> str:
        """For people."""
        return f"#{self.id}"


class ConfirmedRevisionRow(Base):
    """What a confirmed answer said at each revision."""

    __tablename__ = "confirmed_revisions"

    confirmed_id: Mapped[int] = mapped_column(ForeignKey("confirmed_answers.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AcknowledgementRow(Base):
    """A confirmed answer sent to a channel to be read: at most once per revision and channel."""

    __tablename__ = "acknowledgements"
    __table_args__ = (UniqueConstraint("confirmed_id", "revision", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    confirmed_id: Mapped[int] = mapped_column(ForeignKey("confirmed_answers.id"))
    revision: Mapped[int]
    channel: Mapped[str] = mapped_column(String(64))
    sent_by: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AcknowledgementReaderRow(Base):
    """Who is to read it, and when they did."""

    __tablename__ = "acknowledgement_readers"

    acknowledgement_id: Mapped[int] = mapped_column(ForeignKey("acknowledgements.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    read_at: Mapped[datetime | None]
    reminders: Mapped[int]
    reminded_at: Mapped[datetime | None]
