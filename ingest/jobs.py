"""Work on the manuals handed to the process that holds the vector store, and its progress.

Embedded Chroma lets one process in. While a bot runs on a data folder, `kefu ingest` beside it writes a job; the
bot takes it, does the work and reports how far it is. A job is offered again when whoever took it died: everything
a job does may be done twice without harm (the same text again is no new edition).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, and_, or_, select
from sqlalchemy.orm import Session

from knowledge.manuals import JobRow

LEASE = timedelta(seconds=60)
"""How long a job is left alone without news of whoever works on it or, while it waits, of whoever waits for it."""
_MOST_ATTEMPTS = 3


class JobState(StrEnum):
    """Life of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands."""

    id: int
    kind: str
    request: Mapping[str, Any]
    state: JobState
    by: str
    progress: Mapping[str, Any]
    result: Mapping[str, Any]
    error: str
    """One sentence; empty unless it failed."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (JobState.DONE, JobState.FAILED)


class Jobs:
    """The queue. Safe for many threads and processes on one database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`engine` has the schema of `knowledge.migrations`."""
        self._engine = engine
        self._clock = clock

    def submit(self, kind: str, request: Mapping[str, Any], by: str) -> int:
        """Write a job down; its id. Whoever waits for it says so now and then (`still_wanted`)."""
        now = self._clock()
        row = JobRow(
            kind=kind, request=dict(request), state=JobState.WAITING, by=by, created_at=now,
            claimed_until=now + LEASE, progress={}, result={}, error="",
        )  # fmt: skip
        with Session(self._engine) as session, session.begin():
            session.add(row)
            session.flush()
            return row.id

    def claim(self) -> Job | None:
        """The oldest job that nobody works on, now this caller's; None when there is none.

        A job whose worker died three times is given up: it may be what kills them. One that nobody waits for any
        more is left: a command that was killed yesterday must not publish today.
        """
        now = self._clock()
        lapsed = and_(JobRow.state == JobState.RUNNING, JobRow.claimed_until < now)
        wanted = and_(JobRow.state == JobState.WAITING, JobRow.claimed_until >= now)
        query = (
            select(JobRow)
            .where(or_(wanted, lapsed))
            .order_by(JobRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            row = session.scalars(query).first()
            if row is None:
                return None
            attempts = int(row.progress.get("attempts", 0)) + 1
            if attempts > _MOST_ATTEMPTS:
                row.state = JobState.FAILED
                row.error = "The work was begun three times and broke off each time; try it with fewer files."
                return None
            row.state, row.claimed_until = JobState.RUNNING, now + LEASE
            row.progress = {"attempts": attempts}
            return _value(row)

    def still_wanted(self, job_id: int) -> None:
        """Somebody still waits for a job that nobody has begun."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(JobRow, job_id, with_for_update=True)
            if row.state == JobState.WAITING:
                row.claimed_until = self._clock() + LEASE

    def is_anyone_working(self) -> bool:
        """Whether some job is being done: a job that waits will have its turn after it."""
        running = and_(JobRow.state == JobState.RUNNING, JobRow.claimed_until >= self._clock())
        with Session(self._engine) as session:
            return session.scalar(select(JobRow.id).where(running).limit(1)) is not None

    def report(self, job_id: int, progress: Mapping[str, Any]) -> None:
        """How far a running job is; also says that its worker lives."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(JobRow, job_id, with_for_update=True)
            if row.state == JobState.RUNNING:
                row.claimed_until = self._clock() + LEASE
                row.progress = {**row.progress, **progress}

    def finish(self, job_id: int, result: Mapping[str, Any]) -> None:
        """The work is done; `result` is what the command would have printed."""
        self._end(job_id, JobState.DONE, result, "")

    def fail(self, job_id: int, sentence: str) -> None:
        """The work could not be done, and why."""
        self._end(job_id, JobState.FAILED, {}, sentence)

    def _end(self, job_id: int, state: JobState, result: Mapping[str, Any], error: str) -> None:
        with Session(self._engine) as session, session.begin():
            row = session.get_one(JobRow, job_id, with_for_update=True)
            if row.state == JobState.RUNNING:  # not one that was taken back meanwhile
                row.state, row.result, row.error, row.claimed_until = state, dict(result), error, None

    def withdraw(self, job_id: int) -> bool:
        """Take back a job that nobody works on: not begun, or its worker died; False when somebody does, or did."""
        with Session(self._engine) as session, session.begin():
            row = session.get_one(JobRow, job_id, with_for_update=True)
            died = row.state == JobState.RUNNING and (row.claimed_until or self._clock()) < self._clock()
            if row.state != JobState.WAITING and not died:
                return False
            row.state, row.error = JobState.FAILED, "withdrawn"
            return True

    def get(self, job_id: int) -> Job:
        """One job; KeyError when there is no such job."""
        with Session(self._engine) as session:
            row = session.get(JobRow, job_id)
            if row is None:
                raise KeyError(job_id)
            return _value(row)


def _value(row: JobRow) -> Job:
    return Job(
        row.id, row.kind, row.request, JobState(row.state), row.by, row.progress, row.result, row.error
    )
