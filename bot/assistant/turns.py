"""How many answers are computed at the same moment, and before what they stand back.

An answer waits for Slack and for a language model most of its time; what it computes itself holds the interpreter.
With sixty answers computing at once each of them would take sixty times as long, and whatever else wants the interpreter
(a form that somebody sent) would wait behind all of them. So as many compute as there are cores, and none begins while
somebody waits with a finger on a button: what is pressed takes a few milliseconds if it need not share them.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
_LOOK_SECONDS = 0.1
_turns = threading.BoundedSemaphore(_CORES)


class Pressed:
    """What people have pressed and wait for."""

    FORGOTTEN_SECONDS = 1.0
    """What was not ended by then holds nobody back any more, whatever became of it."""
    PATIENCE = 0.25
    """How long an answer stands back at most: buttons pressed one after the other must not starve it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._since: dict[object, float] = {}

    def begin(self, name: object) -> None:
        """Somebody pressed something; `name` tells it from what else is pressed."""
        with self._changed:
            self._since[name] = time.monotonic()

    def end(self, name: object) -> None:
        """It was done, or only its name was known."""
        with self._changed:
            if self._since.pop(name, None) is not None and not self._since:
                self._changed.notify_all()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Pressed while it lasts."""
        name = object()
        self.begin(name)
        try:
            yield
        finally:
            self.end(name)

    def give_way(self) -> None:
        """Wait until nothing is pressed, a moment at most."""
        if not self._since:
            return
        with self._changed:
            forgotten = time.monotonic() - self.FORGOTTEN_SECONDS
            self._since = {name: since for name, since in self._since.items() if since > forgotten}
            self._changed.wait_for(lambda: not self._since, self.PATIENCE)


pressed = Pressed()


@contextmanager
def computing(cancelled: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Compute when it is one's turn; who was cancelled meanwhile need not wait for it (and had better not compute)."""
    mine = _turns.acquire(timeout=_LOOK_SECONDS)
    while not mine and not cancelled():
        mine = _turns.acquire(timeout=_LOOK_SECONDS)
    try:
        pressed.give_way()
        yield
    finally:
        if mine:
            _turns.release()
