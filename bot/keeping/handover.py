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
from knowledge.errors import KnowledgeError, StoreBusy

Show = Callable[[Mapping[str, Any]], None]
"""Called with the progress of the work: `doing`, `done`, `total`."""
Do = Callable[[Show], Mapping[str, Any]]

PATIENCE = 20.0
"""Seconds that a job may wait for somebody to take it on, while nobody works on another."""
_POLL = 0.3
_MOST_ROUNDS = 3
"""How often work is handed over whose holders die over it: it may be what kills them."""


class WorkGoesOn(KnowledgeError):
    """Whoever asked went away while the bot was at work; the bot finishes it."""


def here_or_there(
    do: Do,
    jobs: Jobs,
    kind: str,
    request: Mapping[str, Any],
    by: str,
    show: Show,
    patience: float = PATIENCE,
) -> Mapping[str, Any]:
    """The result of `do`, done here when the store is free, else by whoever holds it.

    `do` takes hold of the store first and raises StoreBusy when it can't; `request` describes the same work. When
    the holder dies over it, the work is done here as soon as the store is free, or by the holder's successor.

    Raises:
        StoreBusy: somebody holds the store, but takes on no work (another command, not a bot).
        IngestError: the work was done elsewhere and failed; the sentence is the one said there.
        WorkGoesOn: interrupted (Ctrl-C) when the work was already begun elsewhere.
    """
    nobody_there = False
    for _ in range(_MOST_ROUNDS):
        try:
            return do(show)
        except StoreBusy:
            if nobody_there:
                raise
        job_id = jobs.submit(kind, request, by)
        show({"doing": "handed_over", "done": 0, "total": 0})
        job = _followed(jobs, job_id, show, patience)
        if job is not None and job.state is JobState.FAILED:
            raise IngestError(job.error)
        if job is not None:
            return job.result
        nobody_there = not jobs.get(job_id).progress
    return do(show)


def _followed(jobs: Jobs, job_id: int, show: Show, patience: float) -> Job | None:
    """The job once it is over; None when it was taken back: nobody began it in time, or who began it died.

    Twice within the patience (far below a lease) it says that somebody waits, and looks whether the worker lives.
    """
    asked = told = time.monotonic()
    last: Mapping[str, Any] = {}
    try:
        while True:
            job = jobs.get(job_id)
            if job.progress != last:
                last = job.progress
                if last.get("doing"):
                    show(last)
            if job.is_over:
                return job
            now = time.monotonic()
            if job.state is JobState.WAITING and now - asked > patience:
                if not jobs.is_anyone_working() and jobs.withdraw(job_id):
                    return None
                asked = now  # its turn comes after the work in hand
            if now - told > patience / 2:
                told = now
                jobs.still_wanted(job_id)
                if job.state is JobState.RUNNING and jobs.withdraw(job_id):
                    return None
            time.sleep(_POLL)
    except KeyboardInterrupt:
        if jobs.withdraw(job_id) or jobs.get(job_id).is_over:
            raise
        raise WorkGoesOn(
            "The running bot goes on with this work; kefu manuals list shows what came of it."
        ) from None
