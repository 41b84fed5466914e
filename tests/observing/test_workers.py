"""`kefu up --workers N`: who is started again, who is not, and who ends without being told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import workers

PATIENCE = 60.0
WORKER = """#!/bin/sh
echo "$$" >>"{folder}/started"
[ -e "{folder}/broken" ] && exit 1
[ -e "{folder}/first" ] && exec sleep 600
touch "{folder}/first"
until [ -e "{folder}/broken" ]; do sleep 0.05; done
exit 1
"""


def wait(until: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Workers that do as files in this folder say."""
    program = tmp_path / "worker"
    program.write_text(WORKER.format(folder=tmp_path), "utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(workers.sys, "executable", str(program))
    return tmp_path


class Looks(threading.Event):
    """Tells how often somebody has looked whether it is set."""

    count = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.count += 1
        return super().wait(timeout)


def starts(folder: Path) -> int:
    file = folder / "started"
    return len(file.read_text("utf-8").split()) if file.exists() else 0


def test_workers_that_give_up_at_once_end_it_with_their_status(folder: Path) -> None:
    (folder / "broken").touch()
    assert workers.run_workers(2, [], threading.Event(), []) == 1


def test_once_one_has_lived_they_are_started_again_however_often(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the database is away for a while just when a worker dies."""
    monkeypatch.setattr(workers, "_YOUNG_SECONDS", 0.0)
    monkeypatch.setattr(workers, "_LONGEST_PAUSE_SECONDS", 0.1)
    ending, status, died = Looks(), [], []

    def run() -> None:
        status.append(workers.run_workers(1, [], ending, [], died.append))

    running = threading.Thread(target=run)
    running.start()
    try:
        wait((folder / "first").exists)
        seen = ending.count
        wait(lambda: ending.count > seen + 1)
        (folder / "broken").touch()
        wait(lambda: starts(folder) >= 4)
        assert not ending.is_set()
        (folder / "broken").unlink()
        wait(lambda: len(died) == starts(folder) - 1)  # the last one lives
    finally:
        ending.set()
        running.join(PATIENCE)
    assert status == [0]
    assert len(died) >= 3


STARTER = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', sys.argv[1], sys.argv[2]]); time.sleep(600)"
LEFT_ALONE = """
import os, pathlib, sys, threading
from bot.cli.up import _end_without
ending = threading.Event()
_end_without(os.getppid(), ending, ending.set)
there = pathlib.Path(sys.argv[1])
there.with_suffix(".up").touch()
ending.wait(60)
there.write_text("ended" if ending.is_set() else "still there")
"""


def test_a_worker_whose_starter_was_killed_ends_by_itself(tmp_path: Path) -> None:
    told = tmp_path / "told"
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, LEFT_ALONE, str(told)],
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
    )
    wait(told.with_suffix(".up").exists)
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    wait(lambda: told.exists() and told.read_text("utf-8"))
    assert told.read_text("utf-8") == "ended"


TOLD = """
import os, signal, threading, time
from bot.startup import when_told

def tell(after):
    time.sleep(after)
    os.kill(os.getpid(), signal.SIGTERM)

now = [threading.Event()]
when_told(lambda: now[0].set())
for number in range(200):
    now[0] = ending = threading.Event()
    threading.Thread(target=tell, args=(number / 100_000,)).start()
    while not ending.wait(0):
        pass
print("ended")
"""


def test_whoever_waits_hears_that_it_is_to_stop_at_whatever_moment_it_is_told() -> None:
    """A signal handler that sets what its own thread is just looking at would wait for itself."""
    done = subprocess.run(
        [sys.executable, "-c", TOLD],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (done.returncode, done.stdout) == (0, "ended\n"), done.stderr
