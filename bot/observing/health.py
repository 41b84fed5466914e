"""Whether the bot is alive and ready, and what of its surroundings answers: for `/healthz`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from bot.observing.states import OK, UNREACHABLE
from tickets.models import NoticeRow
from tickets.transaction import reading

if TYPE_CHECKING:
    from bot.services import Services

_FRESH_SECONDS = 2.0
"""So long a look counts: a balancer that asks ten times a second must not cost ten looks."""
_PATIENCE = 2.0


class Health:
    """Looks at everything at most every two seconds. Safe between threads."""

    def __init__(self, services: Services, clock: Callable[[], datetime]) -> None:
        self._services = services
        self._clock = clock
        self._lock = threading.Lock()
        self._looked = 0.0
        self._found: dict[str, Any] = {}
        self._pool = ThreadPoolExecutor(3, thread_name_prefix="health")

    def look(self) -> Mapping[str, Any]:
        """What answers: `database`, `chroma`, `model` each `ok` or `unreachable` (the model: `ok`, `paused` or `none`; `embeddings`: `ok` or `paused`), and the `outbox`."""
        with self._lock:
            if time.monotonic() - self._looked < _FRESH_SECONDS and self._found:
                return self._found
            database, chroma = self._pool.submit(self._outbox), self._pool.submit(self._chroma)
            outbox = _within(database)
            self._found = {
                "database": UNREACHABLE if outbox is None else OK,
                "chroma": _within(chroma) or UNREACHABLE,
                "model": self._model(),
                "embeddings": self._services.library.embedder_state,
                "outbox": outbox or {"waiting": None, "oldest_seconds": None, "last_delivery": None},
            }
            self._looked = time.monotonic()
            return self._found

    def close(self) -> None:
        """Wait for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _outbox(self) -> dict[str, Any]:
        now = self._clock()
        open_ = NoticeRow.delivered_at.is_(None), NoticeRow.given_up_at.is_(None), NoticeRow.due_at <= now
        with reading(self._services.engine) as session:
            session.execute(text("SELECT 1"))
            count, oldest = session.execute(
                select(func.count(), func.min(NoticeRow.due_at)).where(*open_)
            ).one()
            last = session.execute(select(func.max(NoticeRow.delivered_at))).scalar()
        return {
            "waiting": count,
            "oldest_seconds": round((now - oldest).total_seconds(), 1) if oldest else 0.0,
            "last_delivery": last.isoformat() if last else None,
        }

    def _chroma(self) -> str:
        server = self._services.settings.chroma
        if server is None:
            return OK  # in this process
        return UNREACHABLE if server.trouble(_PATIENCE) else OK

    def _model(self) -> str:
        """By what its last calls came to: asking it for health would cost money."""
        return self._services.assistant.model_state


def _within(asked: Future[Any]) -> Any:
    """What came of it; None when it failed or takes too long."""
    try:
        return asked.result(_PATIENCE)
    except TimeoutError:
        return None
    except Exception:  # noqa: BLE001 - whatever a store raises: it cannot be used
        return None
