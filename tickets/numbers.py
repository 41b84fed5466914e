"""Numbers for people: the day in the site's time zone and a count from 1, without gaps."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tickets.models import CounterRow


def next_number(session: Session, prefix: str, now: datetime, zone: ZoneInfo) -> str:
    """The next number like `T-20261124-0001`; given back when the transaction rolls back.

    The caller holds the writers' turn (`audit.lock_head`), so two never read the same count.
    """
    name = f"{prefix}-{now.astimezone(zone):%Y%m%d}"
    counter = session.get(CounterRow, name)
    if counter is None:
        counter = CounterRow(name=name, last=0)
        session.add(counter)
    counter.last += 1
    session.flush()
    return f"{name}-{counter.last:04d}"
