"""What the manuals do not answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base


class GapRow(Base):
    """A matter that the manuals do not answer; what is counted of it is read from its questions."""

    __tablename__ = "gaps"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    founded_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    # Why it was dismissed.
    reason: Mapped[str] = mapped_column(Text, default="")
    # The clauses that answer it now. No foreign key: they live in another package.
    answering: Mapped[list[Any]]
    # Number of the newest publication after which it was asked again.
    looked_at: Mapped[int]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))


class GapQuestionRow(Base):
    """A question of a gap: at most one per answer of the ledger, so that nothing is counted twice."""

    __tablename__ = "gap_questions"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True, autoincrement=False)
    # Empty until it is grouped, which needs the embedding model.
    gap_id: Mapped[int | None] = mapped_column(ForeignKey("gaps.id"), index=True)
    not_found: Mapped[bool]
    unhelpful: Mapped[bool]
    near: Mapped[list[Any]]
    # The question as the model named in `model` sees it, 32-bit floats.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    model: Mapped[str] = mapped_column(String(128), default="")
    # The answer by which the asker was told that the manuals rule it now.
    told_answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
