"""`kefu workspace` and `kefu up`, each in a process of its own, over real sockets: what is measured as a user has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.demo.crew import Crew
from bot.manifest import manifest
from bot.startup import StartupError

KEFU = (sys.executable, "-m", "bot.cli")
DEMO = Path(__file__).parents[1] / "demo"
PATIENCE = 900.0
"""Seconds for whatever is waited for: a measurement tells how long it took, it does not fail over it."""
_ENDING = 15.0


@dataclass(frozen=True)
class Place:
    """A local workspace."""

    control_url: str
    environment: Mapping[str, str]
    """What a bot needs to connect to it."""

    @property
    def crew(self) -> Crew:
        """Its people."""
        return Crew(self.control_url, PATIENCE)

    def read(self, name: str) -> dict[str, Any]:
        """One thing that its control API tells."""
        with urllib.request.urlopen(f"{self.control_url.rstrip('/')}/{name}", timeout=60) as answer:
            body: dict[str, Any] = json.load(answer)
            return body

    def wait_for_sockets(self, count: int) -> None:
        """So many bots are connected."""
        self.crew.wait(lambda: self.read("sockets")["count"] == count, f"{count} connected bots")


@contextmanager
def workspace(folder: Path) -> Iterator[Place]:
    """A workspace without the limits of Slack's tiers: they are counted per minute, this is a burst."""
    command = [*KEFU, "workspace", "--no-limits"]
    with process(command, folder / "workspace.log", os.environ, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        if not line:
            raise StartupError(f"kefu workspace did not start: {_last(folder / 'workspace.log')}")
        told = json.loads(line)
        url = f"{told['control_url'].rstrip('/')}/manifest"
        body = json.dumps(manifest()).encode()
        wish = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(wish, timeout=30):
            pass
        yield Place(
            told["control_url"],
            os.environ
            | {
                "SLACK_BOT_TOKEN": told["bot_token"],
                "SLACK_APP_TOKEN": told["app_token"],
                "SLACK_API_URL": told["api_url"],
                "KEFU_PEOPLE": str(DEMO / "people.toml"),
                "KEFU_QUESTIONS_PER_MINUTE": "0",  # a few people ask for a whole floor
            },
        )


@contextmanager
def bot(
    place: Place,
    home: Path,
    command: Sequence[str] = (*KEFU, "up"),
    pipe: int | None = None,
    **settings: str,
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """A bot on a data folder, ready; with the seconds that it took to get there. `pipe`: its standard input and output.

    Raises StartupError when it ends instead.
    """
    home.mkdir(parents=True, exist_ok=True)
    log = home / "bot.log"
    environment = {**place.environment, "KEFU_HOME": str(home), **settings}
    started = time.monotonic()
    with process(command, log, environment, stdin=pipe, stdout=pipe) as running:
        while "bot.ready" not in log.read_text(errors="replace"):
            if running.poll() is not None or time.monotonic() - started > PATIENCE:
                raise StartupError(f"kefu up did not get ready: {_last(log)}")
            time.sleep(0.02)
        yield running, time.monotonic() - started


def memory_mb(pid: int) -> dict[str, float]:
    """Resident memory of a process in megabytes: all of it, and what is its own and not mapped from files.

    Empty where the system does not tell (only Linux does).
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    sizes = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "RssAnon"))}
    return {name: int(sizes[key]) / 1024 for name, key in (("all", "VmRSS"), ("own", "RssAnon"))}


@contextmanager
def process(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str],
    *,
    stdin: int | None = None,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended, by force if need be."""
    with log.open("ab") as file:
        running = subprocess.Popen([*command], env=dict(environment), stderr=file, stdin=stdin, stdout=stdout)
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(_ENDING)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def _last(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing"
