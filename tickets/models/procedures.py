"""Filled-in procedures, and reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base, FromSlack


class ProcedureVersionRow(Base):
    """What a procedure's file said: records go on under the wording that they were filed under."""

    __tablename__ = "procedure_versions"

    # SHA-256 of the content.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class ProcedureRecordRow(FromSlack, Base):
    """A filled-in procedure as it stands now, with everything that happened to it."""

    __tablename__ = "procedure_records"
    __table_args__ = (Index("ix_procedure_records_filed", "procedure", "filer_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    procedure: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(ForeignKey("procedure_versions.digest"))
    state: Mapped[str] = mapped_column(String(16), index=True)
    revision: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]]
    filer_id: Mapped[str] = mapped_column(String(64), index=True)
    # Key of the step that it waits at.
    step: Mapped[str] = mapped_column(String(32), default="")
    # Keys of the steps that were taken and still hold.
    settled: Mapped[list[Any]]
    # Everything that happened, see `tickets.procedure_records.Taken`.
    path: Mapped[list[Any]]
    # Numbers of the limits that are exceeded, and of the alarms that were told.
    exceeded: Mapped[list[Any]]
    alarmed: Mapped[list[Any]]
    # 0 in time, 1 reminded, 2 passed up.
    overdue: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    # [number of the reminder, moment] still to come, and the earliest of them and of `due_at`.
    moments: Mapped[list[Any]]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    # ISO day on which a recurring duty was due.
    due_day: Mapped[str] = mapped_column(String(10), default="")
    has_contact: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    # What `list` searches: number, title and values in lower case.
    words: Mapped[str] = mapped_column(Text)


class ProcedureReadRow(Base):
    """Who confirmed having read a broadcast."""

    __tablename__ = "procedure_reads"

    record_id: Mapped[int] = mapped_column(ForeignKey("procedure_records.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class ReminderRow(Base):
    """A reminder that went out: once, whoever looks."""

    __tablename__ = "reminders"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    procedure: Mapped[str] = mapped_column(String(32), index=True)
    content: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
