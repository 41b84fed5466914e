"""The table of what language models took."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models import Base


class ModelUsageRow(Base):
    """One call; see `tickets.usage_records.ModelUse`. `day` is the site's, so that a day's sum needs no time zone."""

    __tablename__ = "model_usage"
    __table_args__ = (Index("ix_model_usage_day_person", "day", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    day: Mapped[str] = mapped_column(String(10))
    model: Mapped[str] = mapped_column(String(128))
    prompt: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    fault: Mapped[str] = mapped_column(String(32), default="")
    tokens_in: Mapped[int] = mapped_column(Integer)
    tokens_out: Mapped[int] = mapped_column(Integer)
    estimated: Mapped[bool]
    micros: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(8), default="")
    first_ms: Mapped[float | None] = mapped_column(Float)
    ms: Mapped[float] = mapped_column(Float)
    kept: Mapped[int] = mapped_column(Integer)
    dropped: Mapped[dict[str, Any]]
