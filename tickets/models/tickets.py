"""Tickets and comments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base, FromSlack


class TicketRow(FromSlack, Base):
    """A ticket as it stands now."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    state: Mapped[str] = mapped_column(String(24), index=True)
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    priority: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    owner_id: Mapped[str] = mapped_column(String(64), index=True)
    first_responder_id: Mapped[str] = mapped_column(String(64))
    logged_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Unique: an escalation can be approved into one ticket only, whatever the code does.
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"), unique=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    # Who the customer is, as a keyed hash: it says nothing, and the same customer has the same.
    customer: Mapped[str] = mapped_column(String(64), default="", index=True)
    # How often the customer came again; empty for never.
    asked_again: Mapped[int | None]
    changed_by: Mapped[str] = mapped_column(String(64), default="")
    resolution: Mapped[str] = mapped_column(Text, default="")
    closed_by: Mapped[str] = mapped_column(String(64), default="")
    closed_at: Mapped[datetime | None]
    # The ticket that goes on for a duplicate, and where the duplicate stood before.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    merged_state: Mapped[str] = mapped_column(String(24), default="")
    # A hand-over that was not accepted yet.
    offered_to: Mapped[str] = mapped_column(String(64), default="", index=True)
    offered_by: Mapped[str] = mapped_column(String(64), default="")
    offered_at: Mapped[datetime | None]
    offer_note: Mapped[str] = mapped_column(Text, default="")


class TicketCommentRow(Base):
    """What somebody added to a ticket; masked, never changed."""

    __tablename__ = "ticket_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    # Unique: a form that is sent twice comments once.
    key: Mapped[str] = mapped_column(String(255), unique=True)
    author_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    # The customer came with it again.
    asked_again: Mapped[bool]

    @property
    def number(self) -> str:
        """For people."""
        return f"#{self.id}"
