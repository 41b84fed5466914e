"""Taking on jobs that others wrote down: the work of `bot.keeping.handover`, seen from the bot that holds the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from bot.keeping.manual_work import ManualWork
from ingest.errors import IngestError
from ingest.jobs import LEASE, Jobs
from knowledge.errors import KnowledgeError
from tickets.errors import DeskError

_log = structlog.get_logger(__name__)

_BETWEEN_REPORTS = 0.5
"""Seconds between two reports of progress: each is a write."""


def take_on(jobs: Jobs, work: ManualWork) -> int:
    """Do every waiting job; how many there were. Whatever goes wrong is the job's sentence, not an error here."""
    done = 0
    while (job := jobs.claim()) is not None:
        done += 1
        told = 0.0

        def show(progress: Mapping[str, Any], job_id: int = job.id) -> None:
            nonlocal told
            if time.monotonic() - told >= _BETWEEN_REPORTS:
                told = time.monotonic()
                jobs.report(job_id, progress)

        _log.info("job.begun", job=job.id, kind=job.kind)
        try:
            with _alive(jobs, job.id):
                result = work.do(job.kind, job.request, job.by, show)
        except (KnowledgeError, IngestError, DeskError) as error:
            jobs.fail(job.id, str(error))
            _log.info("job.failed", job=job.id, kind=job.kind, error=type(error).__name__)
        except DBAPIError:
            raise  # the database itself: the job is offered again when it is back
        except Exception as error:  # noqa: BLE001 - whoever waits for the job must hear of it
            jobs.fail(job.id, f"Something unexpected happened ({type(error).__name__}); see the bot's log.")
            _log.error("job.broke", job=job.id, kind=job.kind, error=type(error).__name__, exc_info=True)
        else:
            jobs.finish(job.id, result)
            _log.info("job.done", job=job.id, kind=job.kind)
    return done


@contextmanager
def _alive(jobs: Jobs, job_id: int, every: float = LEASE.total_seconds() / 4) -> Iterator[None]:
    """Says every so often that the worker lives: one step (a scan of many pages) may take longer than a lease."""
    over = threading.Event()

    def say() -> None:
        while not over.wait(every):
            try:
                jobs.report(job_id, {})
            except (
                DBAPIError
            ) as error:  # a busy database; there are three more times before the lease is over
                _log.warning("job.not_reported", job=job_id, error=type(error).__name__)

    thread = threading.Thread(target=say, name="job-alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
