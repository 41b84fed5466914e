"""How fast somebody may ask: so many questions a minute each, so that one person or script cannot starve the others.

Only questions are counted. Approvals, forms and buttons never are: they are few, and people wait for them. Each process
counts what it takes on itself, so with several workers a person may get as many times more.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable

from bot.observing import metrics

_MINUTE = 60.0
_MOST_PEOPLE = 5_000
"""Above that, whoever has not asked for a minute is forgotten."""


class Pace:
    """Counts over the last minute. Safe between threads."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`most`: questions of one person in a minute; 0: no limit."""
        self.most = most
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: defaultdict[str, deque[float]] = defaultdict(deque)

    def allows(self, person: str) -> bool:
        """Whether one more question of this person is taken on; if so it is counted."""
        if not self.most:
            return True
        now = self._clock()
        with self._lock:
            if len(self._asked) > _MOST_PEOPLE:
                self._forget(now)
            asked = self._asked[person]
            while asked and asked[0] <= now - _MINUTE:
                asked.popleft()
            if len(asked) >= self.most:
                metrics.LIMITED.inc()
                return False
            asked.append(now)
            return True

    def _forget(self, now: float) -> None:
        for person in [one for one, asked in self._asked.items() if not asked or asked[-1] <= now - _MINUTE]:
            del self._asked[person]
