"""How many answers are computed at the same moment: as many as there are cores, however many are on their way.

An answer waits for Slack and for a language model most of its time; what it computes itself holds the interpreter.
With sixty answers computing at once each of them would take sixty times as long, and whatever else wants the interpreter
(a form that somebody sent) would wait behind all of them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_LOOK_SECONDS = 0.1
_turns = threading.BoundedSemaphore(_CORES)


@contextmanager
def computing(cancelled: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Compute when it is one's turn; who was cancelled meanwhile need not wait for it (and had better not compute)."""
    mine = _turns.acquire(timeout=_LOOK_SECONDS)
    while not mine and not cancelled():
        mine = _turns.acquire(timeout=_LOOK_SECONDS)
    try:
        yield
    finally:
        if mine:
            _turns.release()
