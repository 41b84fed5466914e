"""What the load is measured on: `kefu workspace` and `kefu up`, each a process of its own, over real sockets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "slack"), str(Path(__file__).parents[2])]

from running_bot import MANUALS, PEOPLE
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.demo.crew import Crew
from bot.manifest import manifest
from bot.settings import Settings
from tickets.models import AnswerRow, AuditRow, EscalationRow
from tickets.records import EscalationState
from tickets.store import READING, open_engine
from tickets.underway import UnderwayDesk

Json = dict[str, Any]
PATIENCE = 600.0
QUESTION = "逾期归还每天收多少？"
KEFU = (sys.executable, "-m", "bot.cli")
_ENDING = 15.0
DEMO = Path(__file__).parents[2] / "bot" / "demo" / "manuals"


@dataclass(frozen=True)
class Place:
    """A local workspace that runs in a process of its own."""

    control_url: str
    environment: Mapping[str, str]
    """What a bot needs to connect to it."""

    @property
    def crew(self) -> Crew:
        """Its people."""
        return Crew(self.control_url, PATIENCE)

    def read(self, name: str) -> Json:
        """One thing that its control API tells."""
        with urllib.request.urlopen(f"{self.control_url.rstrip('/')}/{name}", timeout=60) as answer:
            body: Json = json.load(answer)
            return body

    def wait_for_sockets(self, count: int) -> None:
        """So many bots are connected."""
        self.crew.wait(lambda: self.read("sockets")["count"] == count, f"{count} connected bots")


@contextmanager
def process(command: Sequence[str], log: Path, environment: Mapping[str, str], **more: Any) -> Iterator[Any]:
    """A process that is ended, by force if need be."""
    with log.open("ab") as file:
        running = subprocess.Popen([*command], env=dict(environment), stderr=file, **more)
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(_ENDING)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


@contextmanager
def workspace(folder: Path) -> Iterator[Place]:
    """`kefu workspace` without the limits of Slack's tiers, for which a real workspace would not take this load."""
    command = [*KEFU, "workspace", "--no-limits"]
    with process(command, folder / "workspace.log", os.environ, stdout=subprocess.PIPE) as running:
        told = json.loads(running.stdout.readline())
        request = urllib.request.Request(
            f"{told['control_url'].rstrip('/')}/manifest",
            json.dumps(manifest()).encode(),
            {"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=30):
            pass
        environment = {
            "SLACK_BOT_TOKEN": told["bot_token"],
            "SLACK_APP_TOKEN": told["app_token"],
            "SLACK_API_URL": told["api_url"],
            "KEFU_PEOPLE": str(PEOPLE.absolute()),
            "KEFU_REVIEW_CHANNEL": "C_REVIEW",
            "KEFU_QUESTIONS_PER_MINUTE": "0",  # one person asks everything
        }
        yield Place(told["control_url"], os.environ | environment)


@contextmanager
def bot(place: Place, home: Path, **settings: str) -> Iterator[Any]:
    """`kefu up` on a data folder, connected."""
    environment = {**place.environment, "KEFU_HOME": str(home), **settings}
    home.mkdir(parents=True, exist_ok=True)
    with process([*KEFU, "up"], home / "bot.log", environment) as running:
        yield running


def ingest(folder: Path, environment: Mapping[str, str], *, demo: bool) -> None:
    """Two small manuals of the tests' own, and those of the demo, live in the data folder of an environment."""
    manuals = folder / "manuals"
    manuals.mkdir(exist_ok=True)
    for name, text in MANUALS.items():
        (manuals / name).write_text(text, encoding="utf-8")
    paths = [str(manuals), *([str(DEMO)] if demo else [])]
    subprocess.run([*KEFU, "ingest", *paths], env=dict(environment), check=True, stdout=subprocess.DEVNULL)


class Ledger:
    """What the bot's database tells, read beside it."""

    def __init__(self, home: Path, database: str | None = None) -> None:
        self._engine = open_engine(Settings(home=home, database_url=database).database)
        self._underway = UnderwayDesk(self._engine, lambda: datetime.now(UTC), "bench")

    def running(self) -> int:
        """Questions that were taken on and whose answers do not stand in Slack yet."""
        return self._underway.open()

    def answered(self) -> int:
        """Answers that were given."""
        with Session(self._engine.execution_options(**{READING: True})) as session:
            return int(session.scalar(select(func.count()).select_from(AnswerRow)) or 0)

    def approved(self) -> int:
        """Escalations that were approved."""
        with Session(self._engine.execution_options(**{READING: True})) as session:
            query = select(func.count()).select_from(EscalationRow)
            return int(
                session.scalar(query.where(EscalationRow.state == EscalationState.APPROVED.value)) or 0
            )

    def approvals(self) -> Counter[str]:
        """How often each escalation was approved, by the trail."""
        with Session(self._engine.execution_options(**{READING: True})) as session:
            query = select(AuditRow.subject).where(AuditRow.action == "escalation.approved")
            return Counter(session.scalars(query))

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()


def until(moment: float) -> None:
    """Sleep until a moment of the monotonic clock."""
    left = moment - time.monotonic()
    if left > 0:
        time.sleep(left)
