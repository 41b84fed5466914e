"""Escalations, their wordings, their way, and reports owed afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base, FromSlack


class EscalationRow(FromSlack, Base):
    """An escalation as it stands now."""

    __tablename__ = "escalations"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    state: Mapped[str] = mapped_column(String(24), index=True)
    revision: Mapped[int]
    category: Mapped[str] = mapped_column(String(64))
    urgency: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    filer_id: Mapped[str] = mapped_column(String(64), index=True)
    awaiting: Mapped[str] = mapped_column(String(32))
    passed_over: Mapped[list[Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(Text, default="")
    # Since when it waits for the rung, for its filer, or for its instruction to be carried out.
    waiting_since: Mapped[datetime | None]
    # When whoever it waits for was reminded last; empty again when it waits for somebody else.
    reminded_at: Mapped[datetime | None]
    carried_out_by: Mapped[str | None] = mapped_column(String(64))
    carried_out_at: Mapped[datetime | None]


class EscalationRevisionRow(Base):
    """What an escalation said at each revision: nothing that was filed or edited is lost."""

    __tablename__ = "escalation_revisions"

    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class EscalationStepRow(Base):
    """One thing that happened to an escalation. The database itself refuses to change or delete these rows."""

    __tablename__ = "escalation_steps"

    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    actor_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    revision: Mapped[int]
    from_role: Mapped[str | None] = mapped_column(String(32))
    to_role: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    objection: Mapped[str] = mapped_column(Text, default="")
    left_out: Mapped[list[Any]]
    special: Mapped[bool]


class OwedReportRow(Base):
    """What a filer who passed a superior over has to tell them afterwards: once per escalation and rung."""

    __tablename__ = "owed_reports"
    __table_args__ = (UniqueConstraint("escalation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"))
    role: Mapped[str] = mapped_column(String(32))
    owed_to: Mapped[list[Any]]
    owed_by: Mapped[str] = mapped_column(String(64), index=True)
    grounds: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    read_by: Mapped[str | None] = mapped_column(String(64))
    read_at: Mapped[datetime | None]

    @property
    def number(self) -> str:
        """For people."""
        return f"#{self.id}"
