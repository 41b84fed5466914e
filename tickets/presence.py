"""When the bot was there to hear, and what nobody has heard: for catching up after an outage.

While requests of Slack can come in, somebody says so every five minutes; what lies between two such marks was an outage.
A mark is written only when whatever was missed before has been taken on, so that a process that dies while it catches up
leaves the whole gap to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from tickets.models import AnswerRow, ClaimRow
from tickets.store import insert_once
from tickets.transaction import posting, reading

_PREFIX, _BEHIND = "here:", "here;"
"""Claims of marks lie between the two."""
MARK_SECONDS = 300
"""How far apart marks are."""


class Presence:
    """See the module. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock
        self._marked = ""

    def mark(self) -> None:
        """The bot hears, and nothing before is missing; written once in five minutes, and the marks of before go."""
        now = self._clock()
        key = f"{_PREFIX}{int(now.timestamp()) // MARK_SECONDS:012d}"
        if key == self._marked:
            return
        with posting(self._engine) as session:
            if insert_once(session, ClaimRow, {"key": key, "at": now}):
                session.execute(delete(ClaimRow).where(ClaimRow.key > _PREFIX, ClaimRow.key < key))
        self._marked = key

    def last(self) -> datetime | None:
        """A moment until which everything was heard: at most five minutes before the last; None for a new house."""
        with reading(self._engine) as session:
            newest = session.scalar(
                select(func.max(ClaimRow.key)).where(ClaimRow.key > _PREFIX, ClaimRow.key < _BEHIND)
            )
        if newest is None:
            return None
        return datetime.fromtimestamp(int(newest.removeprefix(_PREFIX)) * MARK_SECONDS, UTC)

    def unheard(self, channel: str, messages: Collection[str]) -> set[str]:
        """Those of a channel's messages (their ts) that nobody took on and that have no answer."""
        claims = {f"message:{channel}:{ts}": ts for ts in messages}
        if not claims:
            return set()
        with reading(self._engine) as session:
            heard = set(session.scalars(select(ClaimRow.key).where(ClaimRow.key.in_(list(claims)))))
            answered = _answered(session, channel, list(messages))
        return {ts for key, ts in claims.items() if key not in heard and ts not in answered}

    def threads(self, channel: str, since: datetime, most: int) -> list[str]:
        """The threads of a channel (ts of their first message) in which an answer was given since then, newest first."""
        newest = func.max(AnswerRow.at)
        query = (
            select(AnswerRow.thread_ts)
            .where(AnswerRow.channel == channel, AnswerRow.at >= since, AnswerRow.thread_ts.is_not(None))
            .group_by(AnswerRow.thread_ts)
            .order_by(newest.desc())
            .limit(most)
        )
        with reading(self._engine) as session:
            return [ts for ts in session.scalars(query) if ts]


def _answered(session: Session, channel: str, messages: list[str]) -> set[str]:
    query = select(AnswerRow.message_ts).where(
        AnswerRow.channel == channel, AnswerRow.message_ts.in_(messages)
    )
    return {ts for ts in session.scalars(query) if ts}
