"""Customers and how to reach them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base


class CustomerRow(Base):
    """A customer who was in touch: a random id, and the keyed hash by which a phone number finds it."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Emptied when nothing is kept of them any more.
    lookup: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class ContactRow(Base):
    """How to reach the customer of a subject (`ticket:7`), sealed; emptied when erased."""

    __tablename__ = "contacts"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    kept_by: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
