"""Doing work on the manuals here, or handing it to the process that holds the vector store.

Embedded Chroma lets one process in. The command line therefore tries to take hold of the store; when a bot has it,
the work goes to the bot as a job, and its progress is shown as if it were done here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from ingest.errors import IngestError
from ingest.jobs import Job, Jobs, JobState
from knowledge.errors import StoreBusy

Show = Callable[[Mapping[str, Any]], None]
"""Called with the progress of the work: `doing`, `done`, `total`."""
Do = Callable[[Show], Mapping[str, Any]]

_POLL = 0.3
_PATIENCE = 20.0
"""Seconds that a job may wait for somebody to take it on."""


def here_or_there(
    do: Do, jobs: Jobs, kind: str, request: Mapping[str, Any], by: str, show: Show
) -> Mapping[str, Any]:
    """The result of `do`, done here when the store is free, else by whoever holds it.

    `do` takes hold of the store first and raises StoreBusy when it can't; `request` describes the same work.

    Raises:
        StoreBusy: somebody holds the store, but takes on no work (another command, not a bot).
        IngestError: the work was done elsewhere and failed; the sentence is the one said there.
    """
    try:
        return do(show)
    except StoreBusy as busy:
        job_id = jobs.submit(kind, request, by)
        show({"doing": "handed_over", "done": 0, "total": 0})
        job = _followed(jobs, job_id, show)
        if job is None:
            return _once_more(do, show, busy)
    if job.state is JobState.FAILED:
        raise IngestError(job.error)
    return job.result


def _followed(jobs: Jobs, job_id: int, show: Show) -> Job | None:
    """The job once it is over; None when nobody took it on in time (it is withdrawn then)."""
    deadline = time.monotonic() + _PATIENCE
    last: Mapping[str, Any] = {}
    try:
        while True:
            job = jobs.get(job_id)
            if job.is_over:
                return job
            if job.progress != last:
                last = job.progress
                if last.get("doing"):
                    show(last)
            if job.state is JobState.WAITING and time.monotonic() > deadline and jobs.withdraw(job_id):
                return None
            time.sleep(_POLL)
    except KeyboardInterrupt:
        jobs.withdraw(job_id)
        raise


def _once_more(do: Do, show: Show, busy: StoreBusy) -> Mapping[str, Any]:
    """Nobody took the job: whoever held the store may be gone by now."""
    try:
        return do(show)
    except StoreBusy:
        raise busy from None
