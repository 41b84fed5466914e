"""`kefu up` in processes of its own, killed and started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE = 300.0
READY = "bot.ready"


class Bot:
    """One `kefu up`, with or without workers. `log` takes what all of its processes say."""

    def __init__(self, environment: Mapping[str, str], arguments: Sequence[str], log: Path) -> None:
        self._environment, self._arguments, self._log = dict(environment), list(arguments), log
        self.process: subprocess.Popen[bytes] | None = None
        self._at_once = int(arguments[1]) if "--workers" in arguments else 1
        self._starts = 0
        """How often a process of it has been, or is being, started."""
        log.touch()

    @property
    def said(self) -> str:
        """Everything that was logged so far."""
        return self._log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        """Whether the process that was started is there."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it unless it runs; returns at once."""
        if not self.running:
            self._starts += self._at_once
            with self._log.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "bot.cli", "up", *self._arguments],
                    stdout=log,
                    stderr=log,
                    env=self._environment,
                )

    def ready(self, times: int) -> None:
        """Wait until processes have said so often that they are ready."""
        until = time.monotonic() + PATIENCE
        while self.said.count(READY) < times:
            assert self.running, self.said[-3000:]
            assert time.monotonic() < until, self.said[-3000:]
            time.sleep(0.05)

    def up(self) -> None:
        """Start what does not run of it; returns when all of it is ready."""
        self.start()
        self.ready(self._starts)

    def kill(self, chance: random.Random) -> None:
        """SIGKILL at this very moment: the bot, or one of its workers, which is started again by their parent."""
        assert self.process is not None
        victims = children(self.process.pid) if self._at_once > 1 else [self.process.pid]
        if not victims:
            return
        os.kill(chance.choice(victims), signal.SIGKILL)
        if self._at_once == 1:
            self.process.wait(30)
        else:
            self._starts += 1  # their parent does that

    def kill_now(self) -> None:
        """SIGKILL of the first process that answers."""
        self.kill(random.Random(0))

    def stop(self) -> int:
        """Tell it to stop; its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """Leave nothing behind, whatever the test came to."""
        if self.process is not None and self.running:
            workers = children(self.process.pid)
            for pid in (self.process.pid, *workers):
                os.kill(pid, signal.SIGKILL)
            self.process.wait(30)


def children(pid: int) -> list[int]:
    """The processes that one has started."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(one) for one in listed.read_text().split()]
    except OSError:
        return []
