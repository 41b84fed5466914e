"""What the load is measured on: the house of `kefu bench` with the tests' manuals, and what its database tells."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "slack"), str(Path(__file__).parents[2])]

from running_bot import MANUALS
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.measuring import house
from bot.measuring.house import DEMO, KEFU, Place
from bot.settings import Settings
from tickets.models import AnswerRow, AuditRow, EscalationRow
from tickets.records import EscalationState
from tickets.store import READING, open_engine
from tickets.underway import UnderwayDesk

Json = dict[str, Any]
PATIENCE = 600.0
QUESTION = "逾期归还每天收多少？"


@contextmanager
def workspace(folder: Path) -> Iterator[Place]:
    """`kefu workspace` without the limits of Slack's tiers, and a channel where drafts are decided."""
    with house.workspace(folder) as place:
        yield Place(place.control_url, {**place.environment, "KEFU_REVIEW_CHANNEL": "C_REVIEW"})


@contextmanager
def bot(place: Place, home: Path, **settings: str) -> Iterator[Any]:
    """`kefu up` on a data folder, ready."""
    with house.bot(place, home, **settings) as (running, _):
        yield running


def ingest(folder: Path, environment: Mapping[str, str], *, demo: bool) -> None:
    """Two small manuals of the tests' own, and those of the demo, live in the data folder of an environment."""
    manuals = folder / "manuals"
    manuals.mkdir(exist_ok=True)
    for name, text in MANUALS.items():
        (manuals / name).write_text(text, encoding="utf-8")
    paths = [str(manuals), *([str(DEMO / "manuals")] if demo else [])]
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
