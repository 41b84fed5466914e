"""The outbox, the cards, and what was taken on once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base


class NoticeRow(Base):
    """The outbox: written with what it announces, sent afterwards, kept."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_due", "delivered_at", "given_up_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    subject_id: Mapped[int]
    audience_user: Mapped[str | None] = mapped_column(String(64))
    audience_role: Mapped[str | None] = mapped_column(String(32))
    actor_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(64), default="")
    ts: Mapped[str] = mapped_column(String(32), default="")
    request: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Of the request that it was written because of, to follow one through the logs."""


class CardRow(Base):
    """Where in Slack a subject is shown."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("subject", "channel", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    ts: Mapped[str] = mapped_column(String(32))
    audience_user: Mapped[str | None] = mapped_column(String(64))
    audience_role: Mapped[str | None] = mapped_column(String(32))


class ClaimRow(Base):
    """Events and clicks that were taken on by somebody already."""

    __tablename__ = "claims"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class CounterRow(Base):
    """The last number given out, per day and kind."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    last: Mapped[int]
