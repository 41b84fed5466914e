"""Who must hear that a clause changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base


class CorrectionRow(Base):
    """What one publication changed for one record that cites clauses: at most one per record and publication."""

    __tablename__ = "corrections"
    __table_args__ = (UniqueConstraint("kind", "record_id", "generation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    record_id: Mapped[int]
    generation: Mapped[int]
    at: Mapped[datetime]


class CorrectionClauseRow(Base):
    """What a correction says of one citation; see `tickets.corrections.ChangedClause`."""

    __tablename__ = "correction_clauses"

    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    old_clause_id: Mapped[int | None]
    new_clause_id: Mapped[int | None]
    told: Mapped[bool]
    restored: Mapped[bool]


class AnnouncementRow(Base):
    """A publication of manuals whose corrections were written: once, whoever tries again."""

    __tablename__ = "announcements"

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(64))
    quiet: Mapped[list[Any]]
    through_answer: Mapped[int]


class QuietMoveRow(Base):
    """Corrections switched off for the next publication that makes this edition live (0: takes the manual out)."""

    __tablename__ = "quiet_moves"

    manual_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
