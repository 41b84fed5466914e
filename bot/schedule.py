"""What happens without anybody asking: jobs handed over, effective dates, expiries, gaps, reminders to read.

Each task looks into the database for what is due, so that a restart or a second process loses and doubles nothing;
the scheduler only says when to look.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import DBAPIError

from bot.observing import metrics
from ingest.errors import IngestError
from knowledge.errors import KnowledgeError
from tickets.errors import DeskError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to look after every `seconds`; it is never run twice at once."""

    name: str
    seconds: float
    run: Callable[[], object]


class Schedule:
    """Runs tasks in threads of their own while the bot is up."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._scheduler = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for task in tasks:
            self._scheduler.add_job(_guarded(task), "interval", seconds=task.seconds, id=task.name)

    def start(self) -> None:
        """Begin to look; what became due while nobody was up is found at the first look."""
        self._scheduler.start()

    def stop(self) -> None:
        """End after the tasks in hand."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)


def _guarded(task: Task) -> Callable[[], None]:
    """A task that fails is logged and tried at the next look; it never ends the schedule."""

    def run() -> None:
        try:
            task.run()
        except (KnowledgeError, IngestError, DeskError, DBAPIError, OSError) as error:
            _log.warning("schedule.task_failed", task=task.name, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the outermost door of the thread
            metrics.ERRORS.labels("schedule").inc()
            _log.error("schedule.task_broke", task=task.name, error=type(error).__name__, exc_info=True)

    return run
