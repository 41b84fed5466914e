"""Tables of the manuals: Manual, Edition, Clause, Publication.

Which edition of a manual is live is `Manual.live_edition_id` and nothing else. A publication moves those
pointers in one transaction; its id is the generation that readers compare to know that they are behind.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class EditionState(StrEnum):
    """Life of an edition."""

    STAGED = "staged"
    LIVE = "live"
    RETIRED = "retired"
    DISCARDED = "discarded"


class Base(DeclarativeBase):
    """Declarative base of this package's tables."""


class Manual(Base):
    """A manual, whatever its editions. Title and organisation are those of the newest published edition."""

    __tablename__ = "manual"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(500))
    organisation: Mapped[str] = mapped_column(String(500), default="")
    live_edition_id: Mapped[int | None] = mapped_column(default=None, index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Edition(Base):
    """One version of a manual's text."""

    __tablename__ = "edition"

    id: Mapped[int] = mapped_column(primary_key=True)
    manual_id: Mapped[int] = mapped_column(ForeignKey("manual.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), index=True)
    title: Mapped[str] = mapped_column(String(500))
    organisation: Mapped[str] = mapped_column(String(500), default="")
    language: Mapped[str] = mapped_column(String(10), default="zh")
    source: Mapped[str] = mapped_column(String(1000))
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    truncated: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    clause_count: Mapped[int] = mapped_column(default=0)
    staged_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    staged_by: Mapped[str] = mapped_column(String(100), default="")
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), default=None)


class ClauseRow(Base):
    """One clause of one edition; see `knowledge.clauses.Clause` for the meaning of the columns."""

    __tablename__ = "clause"
    __table_args__ = (Index("ix_clause_edition_ordinal", "edition_id", "ordinal", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    ordinal: Mapped[int]
    label: Mapped[str] = mapped_column(String(500), default="")
    heading_path: Mapped[list[Any]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(Text)
    search_text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    truncated: Mapped[bool] = mapped_column(default=False)
    has_blank: Mapped[bool] = mapped_column(default=False)
    page: Mapped[int | None] = mapped_column(default=None)
    vector_key: Mapped[str] = mapped_column(String(64), index=True)
    """Hash of the text that was embedded: the vector's id in Chroma."""


class Publication(Base):
    """One moving of live pointers. `id` is the generation of everything live after it."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    by: Mapped[str] = mapped_column(String(100), default="")
    editions: Mapped[list[Any]] = mapped_column(JSON, default=list)
