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
"""A worker that gives up that soon after its start will do so again: its settings are wrong."""
_PAUSE_SECONDS = 0.5
_STOP_SECONDS = 10.0


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
        from bot.observing.watched import Watched
        from bot.web.server import WebServer

        server = WebServer(Watched(lambda: {"live": True, "ready": True, "workers": count}), listening)
        server.start()
        try:
            yield forget_process
        finally:
            server.stop(1.0)


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

    def start() -> tuple[subprocess.Popen[bytes], float]:
        return subprocess.Popen(command, pass_fds=tuple(shared)), time.monotonic()

    running = [start() for _ in range(count)]
    status = 0
    while not ending.wait(_LOOK_SECONDS):
        for place, (process, since) in enumerate(running):
            if process.poll() is None:
                continue
            if process.returncode > 0 and time.monotonic() - since < _YOUNG_SECONDS:
                status = process.returncode
                ending.set()
                break
            died(process.pid)
            _log.warning("worker.died", worker=place, status=process.returncode)
            ending.wait(_PAUSE_SECONDS)
            running[place] = start()
    _stop([process for process, _ in running])
    return status


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
