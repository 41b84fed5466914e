"""Tables of the manuals: Manual, Edition, Clause, Publication, Tenure, and what is kept about them.

Which edition of a manual is live is `Manual.live_edition_id` and nothing else. A publication moves those
pointers in one transaction; its id is the generation that readers compare to know that they are behind.
A tenure says from when to when an edition was the live one: the past stays answerable.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """Aware times in, UTC out: SQLite keeps no zone, so that a time of another one would be stored wrong."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive time is taken for UTC."""
        return None if value is None else _utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as UTC."""
        return None if value is None else _utc(value)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class PublicationKind(StrEnum):
    """Why live pointers moved."""

    PUBLISH = "publish"
    ROLLBACK = "rollback"
    WITHDRAWAL = "withdrawal"
    ACTIVATION = "activation"
    """An effective date came."""
    EXPIRY = "expiry"
    """An expiry date came."""


class EditionState(StrEnum):
    """Life of an edition."""

    STAGING = "staging"
    """Still being written, in pieces, with others of its batch; nobody but `knowledge.staging` sees it."""
    STAGED = "staged"
    SCHEDULED = "scheduled"
    """Published, and goes live by itself at its effective date. `published_at` is when that was decided."""
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
    created_at: Mapped[datetime] = mapped_column(UtcTime)


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
    suspicious: Mapped[list[Any]] = mapped_column(JSON, default=list)
    clause_count: Mapped[int] = mapped_column(default=0)
    staged_at: Mapped[datetime] = mapped_column(UtcTime)
    staged_by: Mapped[str] = mapped_column(String(100), default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcTime, default=None)
    product: Mapped[str] = mapped_column(String(500), default="")
    audience: Mapped[list[Any]] = mapped_column(JSON, default=list)
    owner: Mapped[str] = mapped_column(String(100), default="")
    effective_at: Mapped[datetime | None] = mapped_column(UtcTime, default=None)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime, default=None)
    compared: Mapped[bool] = mapped_column(default=False)
    """Its texts have been compared with those of other manuals (`knowledge.conflict_book`), or are too many for that."""


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
    text_key: Mapped[str] = mapped_column(String(40), index=True, default="")
    """Hash of the verbatim text without white space (`knowledge.clauses.text_key`): the same rule in every
    edition that leaves it alone."""


class Publication(Base):
    """One moving of live pointers. `id` is the generation of everything live after it."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    by: Mapped[str] = mapped_column(String(100), default="")
    editions: Mapped[list[Any]] = mapped_column(JSON, default=list)
    kind: Mapped[str] = mapped_column(String(20), default="publish")
    """A `PublicationKind`."""
    moves: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """[manual id, edition that was live or null, edition that is live now or null] of every pointer it moved."""


class Tenure(Base):
    """A span of time in which one edition was the live one of its manual; `until_at` is empty while it lasts."""

    __tablename__ = "tenure"

    id: Mapped[int] = mapped_column(primary_key=True)
    manual_id: Mapped[int] = mapped_column(ForeignKey("manual.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(UtcTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcTime, default=None)


class ConflictRow(Base):
    """Two texts of two manuals that rule one matter differently; see `knowledge.conflicts`.

    Keyed by texts, not by clauses: it survives new editions that leave both texts alone, and a changed text is
    a new conflict that nobody has settled yet. `manual_a_id` < `manual_b_id`.
    """

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("manual_a_id", "text_a", "manual_b_id", "text_b", name="uq_conflict_pair"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manual_a_id: Mapped[int] = mapped_column(ForeignKey("manual.id"), index=True)
    text_a: Mapped[str] = mapped_column(String(40), index=True)
    manual_b_id: Mapped[int] = mapped_column(ForeignKey("manual.id"), index=True)
    text_b: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    found_at: Mapped[datetime] = mapped_column(UtcTime)
    settlement: Mapped[str] = mapped_column(String(20), default="")
    settled: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    settled_by: Mapped[str] = mapped_column(String(100), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime, default=None)


class GoldenRow(Base):
    """A question whose answer an admin wants to see before and after every publication."""

    __tablename__ = "golden"

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(2000), unique=True)
    accepted: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The answer that an admin accepted: outcome and the keys of the texts it cites; empty until then."""
    added_by: Mapped[str] = mapped_column(String(100), default="")
    added_at: Mapped[datetime] = mapped_column(UtcTime)


class NoticeRow(Base):
    """Which holiday's wording runs from one day to another, both included; see `knowledge.notices`."""

    __tablename__ = "wording_notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    wording: Mapped[str] = mapped_column(String(200))
    matter: Mapped[str] = mapped_column(String(200), default="")
    from_on: Mapped[date]
    until_on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(String(200), default="")
    added_by: Mapped[str] = mapped_column(String(100), default="")
    added_at: Mapped[datetime] = mapped_column(UtcTime)


class JobRow(Base):
    """Work on the manuals handed to the process that holds the vector store."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    request: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(20), index=True)
    """`waiting`, `running`, `done` or `failed`."""
    by: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcTime, default=None)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
