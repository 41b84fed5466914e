"""One transaction of the desk: take the writers' turn, change rows, write audit and notices, commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tickets import audit, numbers, outbox
from tickets.models import AuditHeadRow
from tickets.records import Audience, NoticeKind
from tickets.store import READING, UNHURRIED


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the parts of the desk write with."""

    session: Session
    now: datetime
    zone: ZoneInfo
    head: AuditHeadRow

    def number(self, prefix: str) -> str:
        """The next number for people."""
        return numbers.next_number(self.session, prefix, self.now, self.zone)

    def record(self, actor_id: str, action: str, subject: str, details: Mapping[str, Any]) -> None:
        """An audit entry."""
        audit.append(self.session, self.head, self.now, actor_id, action, subject, details)

    def tell(
        self, kind: NoticeKind, subject: str, subject_id: int, audience: Audience, actor_id: str
    ) -> None:
        """A notice in the outbox."""
        outbox.post(self.session, self.now, kind, subject, subject_id, audience, actor_id)


@contextmanager
def writing(engine: Engine, now: datetime, zone: ZoneInfo) -> Iterator[Transaction]:
    """An audited transaction; commits at the end, rolls back on any error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield Transaction(session, now, zone, audit.lock_head(session))


@contextmanager
def posting(engine: Engine) -> Iterator[Session]:
    """A write without an audit entry: claims, deliveries, cards."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def noting(engine: Engine) -> Iterator[Session]:
    """A write that may be lost together with the machine's power: whoever finds it missing finds out in another way."""
    with (
        Session(engine.execution_options(**{UNHURRIED: True}), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A look at one moment's state, however many queries it takes; takes no write lock."""
    options: dict[str, Any] = {READING: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"  # SQLite reads this way by itself
    with Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session
