"""Several bot processes at once (`kefu up --workers N`): one that starts, watches and stops them.

Each is a whole bot; they share nothing but the database, the Chroma server, and in HTTP mode the listening socket.
Whatever must happen once is claimed in the database: events, clicks, notices, reminders, jobs, answers underway.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog

from bot.settings import Settings
from bot.startup import StartupError

_log = structlog.get_logger(__name__)

MOST = 10
"""Slack lets one app have ten sockets."""
_LOOK_SECONDS = 0.2
_YOUNG_SECONDS = 10.0
"""A worker that gives up that soon will do so again: its settings are wrong. Not once one has lived longer: then it is
its surroundings, which come back."""
_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 10.0
_STOP_SECONDS = 9.7
"""Each worker ends by itself a little earlier; who does not is killed."""


def check_workers(settings: Settings, count: int) -> None:
    """See that so many processes can share the stores. Raises StartupError."""
    if count <= 1:
        return
    if count > MOST:
        raise StartupError(f"Slack takes at most {MOST} workers of one app; give --workers {MOST} or fewer.")
    if not settings.database.startswith("postgresql") or not settings.chroma_url:
        raise StartupError(
            "Several workers need PostgreSQL (KEFU_DATABASE_URL) and a Chroma server (KEFU_CHROMA_URL): an embedded "
            "Chroma lets one process in. Leave --workers out, or set both."
        )


@contextmanager
def watched(listening: socket.socket | None, count: int) -> Iterator[Callable[[int], None]]:
    """Show the figures of all workers together where somebody watches; gives what is to be told of a worker's death.

    They write them into files of a folder that is named in the environment which they inherit.
    """
    if listening is None:
        yield lambda pid: None
        return
    with tempfile.TemporaryDirectory(prefix="kefu-figures-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # before anything imports prometheus_client here
        from bot.observing.metrics import forget_process
        from bot.observing.watched import Watched, of_workers
        from bot.web.server import WebServer

        server = WebServer(Watched(lambda: of_workers(count)), listening)
        server.start()
        try:
            yield forget_process
        finally:
            server.stop(0.2)


def run_workers(
    count: int,
    arguments: Sequence[str],
    ending: threading.Event,
    shared: Sequence[int],
    died: Callable[[int], None] = lambda pid: None,
) -> int:
    """Run so many `kefu up ARGUMENTS` until `ending`, each started again when it dies; the exit status.

    `shared` are file descriptors that they inherit; `died` is called with the process id of each that ends.
    """
    command = [sys.executable, "-m", "bot.cli", "up", *arguments]
    places = [_Place(command, shared) for _ in range(count)]
    status, settled = 0, False
    while not ending.wait(_LOOK_SECONDS):
        settled = settled or any(place.has_lived for place in places)
        for number, place in enumerate(places):
            code = place.ended()
            if code is None:
                continue
            if code > 0 and not settled:
                status = code
                ending.set()
                break
            died(place.pid)
            _log.warning("worker.died", worker=number, status=code)
            place.start_later()
        for place in places:
            place.start_if_due()
    _stop([place.process for place in places if place.process is not None])
    return status


class _Place:
    """One of the workers, whichever process it is at the moment."""

    def __init__(self, command: Sequence[str], shared: Sequence[int]) -> None:
        self._command, self._shared = command, shared
        self._failures = 0
        self._due = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.pid = 0
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(self._command, pass_fds=tuple(self._shared))
        self.pid, self._since = self.process.pid, time.monotonic()

    @property
    def has_lived(self) -> bool:
        """Whether its process has been there for long enough to say that the settings are good."""
        alive = self.process is not None and self.process.poll() is None
        return alive and time.monotonic() - self._since >= _YOUNG_SECONDS

    def ended(self) -> int | None:
        """The status of its process, if it has ended and none was started since."""
        return None if self.process is None else self.process.poll()

    def start_later(self) -> None:
        """Start again soon; and later and later while it ends at once, as it does without a database."""
        lived = time.monotonic() - self._since >= _YOUNG_SECONDS
        self._failures = 0 if lived else self._failures + 1
        pause = min(_PAUSE_SECONDS * 2 ** min(self._failures, 10), _LONGEST_PAUSE_SECONDS)
        self.process, self._due = None, time.monotonic() + pause

    def start_if_due(self) -> None:
        """Start again what is to be."""
        if self.process is None and time.monotonic() >= self._due:
            self._start()


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            _log.warning("worker.killed", pid=process.pid)
            process.kill()
            process.wait()
    _log.info("workers.stopped", count=len(processes))
