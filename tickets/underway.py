"""Answers on their way into Slack: what was taken on stands here until its answer is there, whatever happens between.

The row is written in the transaction that claims the question, so that a question is either not taken on (Slack
sends it again) or found by the next start. Whoever works on it holds it for a while and renews; what nobody holds
any more is taken over. It is deleted when the answer stands in Slack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tickets.models import ClaimRow
from tickets.rows import storable
from tickets.slack_rows import UnderwayRow
from tickets.store import insert_once
from tickets.transaction import noting, posting, reading

HOLD = timedelta(seconds=20)
"""How long a process is believed to work on what it took on without saying so again (every three seconds)."""
AGAIN = timedelta(seconds=20)
"""After how long an answer that Slack did not take is tried again."""
_CLOCK_WENT_BACK = timedelta(minutes=20)
"""Nothing is held for so long: what is was written before somebody set the clock."""
GIVEN_UP = timedelta(days=1)
"""After how long it is not tried any more: nobody waits for it."""


class TakenOver(Exception):
    """Another process finishes this answer: this one was not heard of for too long."""


@dataclass(frozen=True, slots=True)
class Underway:
    """A question that was taken on. Ids and times are Slack's; `question` is masked."""

    user_id: str
    channel: str
    thread_ts: str
    message_ts: str
    question: str
    in_thread: bool = False
    team_id: str = ""
    enterprise_id: str = ""
    asker: Mapping[str, str] = field(default_factory=dict)
    """For whom it is answered, when that was chosen (`organisation`, `product`, `staff_number`); else empty."""
    id: int = 0
    key: str = ""
    """The claim that it was taken on with: no other answer has it."""
    attempts: int = 0
    """How often somebody began to finish it; for whoever took it over, with this time."""
    stream_ts: str = ""
    """The message that the answer is written into; empty until there is one."""
    answer_id: int | None = None
    """Its entry in the ledger, once it is there."""
    shown: Mapping[str, Any] = field(default_factory=dict)
    """`text` and `below` (blocks) of the whole answer; empty until it is known."""
    started_at: datetime | None = None


class UnderwayDesk:
    """The part of the desk that keeps answers on their way. Safe between threads and processes."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], owner: str) -> None:
        """`owner` names this process among all that run and ran."""
        self._engine = engine
        self._clock = clock
        self.owner = owner

    def begin(self, claims: Sequence[str], asked: Underway) -> Underway | None:
        """Take a question on unless one of its claims was taken before; None then."""
        with posting(self._engine) as session:
            now = self._clock()
            for key in claims:
                if not insert_once(session, ClaimRow, {"key": key, "at": now}):
                    return None
            row = UnderwayRow(
                key=claims[-1], user_id=asked.user_id, channel=asked.channel, thread_ts=asked.thread_ts,
                message_ts=asked.message_ts, team_id=asked.team_id, enterprise_id=asked.enterprise_id,
                question=storable(asked.question), in_thread=asked.in_thread, asker=dict(asked.asker),
                started_at=now, owner=self.owner, held_until=now + HOLD, shown={}, answer_id=None,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return _value(row)

    def streaming(self, underway_id: int, channel: str, stream_ts: str) -> bool:
        """The answer is being written into this message; False when another answer has it. Raises TakenOver.

        Of two answers in one thread whose process died before it wrote down which message is whose, both may find
        the same empty one: the second would write over the first.
        """
        with posting(self._engine) as session:
            claim = {"key": f"stream:{channel}:{stream_ts}", "at": self._clock()}
            if not insert_once(session, ClaimRow, claim):
                return False
            mine = UnderwayRow.id == underway_id, UnderwayRow.owner == self.owner
            result = session.connection().execute(
                update(UnderwayRow).where(*mine).values(stream_ts=stream_ts)
            )
            if not result.rowcount:
                raise TakenOver(underway_id)
            return True

    def known(self, underway_id: int, text: str, below: Sequence[Any]) -> None:
        """What the whole answer is: from now on it needs only to be shown. Raises TakenOver."""
        self._set(underway_id, shown={"text": storable(text), "below": list(below)})

    def done(self, underway_id: int) -> None:
        """The answer stands in Slack, or its asker was told why not."""
        with noting(self._engine) as session:
            mine = UnderwayRow.id == underway_id, UnderwayRow.owner == self.owner
            session.execute(delete(UnderwayRow).where(*mine))

    def renew(self) -> int:
        """Go on holding what this process works on; how many."""
        with reading(self._engine) as session:
            mine = select(UnderwayRow.id).where(UnderwayRow.owner == self.owner).limit(1)
            if session.execute(mine).first() is None:
                return 0
        with posting(self._engine) as session:
            statement = update(UnderwayRow).where(UnderwayRow.owner == self.owner)
            result = session.connection().execute(statement.values(held_until=self._clock() + HOLD))
            return int(result.rowcount)

    def take_over(self, limit: int = 50, *, alone: bool = False) -> list[Underway]:
        """What nobody works on any more, oldest first, held by this process from now on.

        `alone`: no other process can be at work, so whatever another holds is left over from one that died.
        """
        now = self._clock()
        lapsed = and_(
            UnderwayRow.owner != self.owner,
            or_(UnderwayRow.held_until <= now, UnderwayRow.held_until > now + _CLOCK_WENT_BACK),
        )
        of_dead = UnderwayRow.owner.not_in((self.owner, ""))  # one that was put off is nobody's
        left = or_(of_dead, lapsed) if alone else lapsed
        with reading(self._engine) as session:
            if session.execute(select(UnderwayRow.id).where(left).limit(1)).first() is None:
                return []
        with posting(self._engine) as session:
            query = select(UnderwayRow).where(left).order_by(UnderwayRow.id).limit(limit)
            rows = session.execute(query.with_for_update(skip_locked=True)).scalars().all()
            for row in rows:
                row.owner, row.held_until = self.owner, now + HOLD
            return [replace(_value(row), attempts=row.attempts + 1) for row in rows]

    def tried(self, underway_id: int, attempts: int) -> None:
        """Finishing it begins for so many times: written down before, for it may be what ends the process.

        Raises TakenOver.
        """
        self._set(underway_id, attempts=attempts)

    def is_stale(self, taken: Underway) -> bool:
        """Whether nobody waits for it any more."""
        return taken.started_at is not None and self._clock() - taken.started_at > GIVEN_UP

    def put_off(self, taken: Underway) -> None:
        """Slack did not take it: tried again in a while, which counts as no attempt; given up after a day."""
        now = self._clock()
        with posting(self._engine) as session:
            row = session.get(UnderwayRow, taken.id, with_for_update=True)
            if row is None:
                return
            if now - row.started_at > GIVEN_UP:
                session.delete(row)
                return
            row.owner, row.held_until, row.attempts = "", now + AGAIN, max(taken.attempts - 1, 0)

    def streams(self, channel: str) -> frozenset[str]:
        """The messages of a channel that answers are being written into."""
        with reading(self._engine) as session:
            query = select(UnderwayRow.stream_ts).where(UnderwayRow.channel == channel)
            return frozenset(session.execute(query).scalars())

    def let_go(self) -> None:
        """This process ends: whatever it has not finished may be taken over at once."""
        with posting(self._engine) as session:
            mine = update(UnderwayRow).where(UnderwayRow.owner == self.owner)
            session.execute(mine.values(held_until=self._clock(), owner=""))

    def open(self) -> int:
        """How many answers are on their way."""
        with reading(self._engine) as session:
            return len(session.execute(select(UnderwayRow.id)).all())

    def _set(self, underway_id: int, **values: object) -> None:
        # Should it be lost, the next start looks what stands in Slack.
        with noting(self._engine) as session:
            mine = UnderwayRow.id == underway_id, UnderwayRow.owner == self.owner
            result = session.connection().execute(update(UnderwayRow).where(*mine).values(**values))
            if not result.rowcount:
                raise TakenOver(underway_id)


def entered(session: Session, underway_id: int, answer_id: int, owner: str) -> None:
    """The answer was entered into the ledger, in the transaction that enters it. Raises TakenOver, which undoes that."""
    mine = UnderwayRow.id == underway_id, UnderwayRow.owner == owner
    result = session.connection().execute(update(UnderwayRow).where(*mine).values(answer_id=answer_id))
    if not result.rowcount:
        raise TakenOver(underway_id)


def _value(row: UnderwayRow) -> Underway:
    return Underway(
        row.user_id, row.channel, row.thread_ts, row.message_ts, row.question, row.in_thread, row.team_id,
        row.enterprise_id, dict(row.asker), row.id, row.key, row.attempts, row.stream_ts, row.answer_id,
        dict(row.shown), row.started_at,
    )  # fmt: skip
