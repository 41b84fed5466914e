"""Answers that are being written, so that the Stop button reaches them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

Thread = tuple[str, str]
"""Channel and thread_ts."""


class RunningAnswers:
    """One flag per running answer, by the thread it is written in. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flags: dict[Thread, set[threading.Event]] = {}
        self.ending = False
        """The process is ending: what stops now is taken up again by the next start."""

    @contextmanager
    def started(self, channel: str, thread_ts: str) -> Iterator[threading.Event]:
        """The flag of an answer while it runs; it is set when somebody stops it."""
        flag = threading.Event()
        if self.ending:
            flag.set()
        with self._lock:
            self._flags.setdefault((channel, thread_ts), set()).add(flag)
        try:
            yield flag
        finally:
            with self._lock:
                flags = self._flags[(channel, thread_ts)]
                flags.discard(flag)
                if not flags:
                    del self._flags[(channel, thread_ts)]

    def is_running(self, channel: str, thread_ts: str) -> bool:
        """Whether an answer is being written in a thread."""
        with self._lock:
            return (channel, thread_ts) in self._flags

    def any(self) -> bool:
        """Whether an answer is being written at all."""
        return bool(self._flags)

    def stop(self, channel: str, thread_ts: str) -> int:
        """Ask every answer of a thread to stop; how many there were."""
        with self._lock:
            flags = list(self._flags.get((channel, thread_ts), ()))
        for flag in flags:
            flag.set()
        return len(flags)

    def stop_all(self) -> int:
        """Ask every running answer to stop: the process is ending."""
        self.ending = True
        with self._lock:
            flags = [flag for flags in self._flags.values() for flag in flags]
        for flag in flags:
            flag.set()
        return len(flags)
