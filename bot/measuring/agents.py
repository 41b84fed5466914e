"""Agents who all ask at once: how soon Slack is told that their questions were heard, and how soon they have answers.

The bot is a process of its own, quotes (no language model), and has the demo's manuals. Beside the crowd somebody
types a slash command twice a second: what is pressed must not wait for what is asked.
"""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.measuring.house import DEMO, KEFU, PATIENCE, Place, bot, memory_mb, workspace
from bot.measuring.sizes import QUESTIONS
from bot.settings import Settings
from tickets.models import AnswerRow
from tickets.store import READING, open_engine

_PEOPLE = ("U_AGENT", "U_AGENT2")
_LOOK = 0.02


class AgentFigures(BaseModel):
    """What a crowd of one size met."""

    model_config = ConfigDict(frozen=True)

    agents: int
    acknowledged: int
    """Questions that were acknowledged at the first try."""
    ack_p50_ms: float
    ack_p95_ms: float
    ack_longest_ms: float
    answered: int
    answer_p50_s: float
    answer_p95_s: float
    answer_longest_s: float
    answers_a_second: float
    pressed: int
    """Slash commands typed meanwhile."""
    press_longest_ms: float
    memory_mb: Mapping[str, float]


def measure(crowds: Sequence[int]) -> list[AgentFigures]:
    """Each crowd once, on one bot, after a few questions to warm up."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        home.mkdir()
        with workspace(Path(folder)) as place:
            environment = {**place.environment, "KEFU_HOME": str(home)}
            taken = [*KEFU, "ingest", str(DEMO / "manuals")]
            subprocess.run(taken, env=environment, check=True, stdout=subprocess.DEVNULL)
            with bot(place, home) as (running, _):
                engine = open_engine(Settings(home=home).database).execution_options(**{READING: True})
                _crowd(place, engine, len(QUESTIONS), running.pid)
                return [_crowd(place, engine, count, running.pid) for count in crowds]


def _crowd(place: Place, engine: Engine, count: int, pid: int) -> AgentFigures:
    crew = place.crew
    with _pressing(place) as presses, ThreadPoolExecutor(min(count, 64)) as pool:
        started = time.monotonic()

        def ask(number: int) -> tuple[str, float]:
            text = QUESTIONS[number % len(QUESTIONS)]
            at = time.monotonic()
            return str(crew.say(_PEOPLE[number % len(_PEOPLE)], "dm", text)["ts"]), at

        asked = dict(pool.map(ask, range(count)))
        moments = _moments(engine, set(asked))
    waits = sorted(moments[ts] - asked[ts] for ts in moments)
    acks = sorted(_acks(place, set(asked)))
    return AgentFigures(
        agents=count,
        acknowledged=len(acks),
        ack_p50_ms=_at(acks, 0.5),
        ack_p95_ms=_at(acks, 0.95),
        ack_longest_ms=_at(acks, 1),
        answered=len(moments),
        answer_p50_s=round(_at(waits, 0.5), 2),
        answer_p95_s=round(_at(waits, 0.95), 2),
        answer_longest_s=round(_at(waits, 1), 2),
        answers_a_second=round(len(moments) / (max(moments.values(), default=PATIENCE) - started), 1),
        pressed=len(presses),
        press_longest_ms=max(presses, default=0.0),
        memory_mb={name: round(size) for name, size in memory_mb(pid).items()},
    )


def _moments(engine: Engine, questions: set[str]) -> dict[str, float]:
    """When the answer to each question first stood in the ledger (monotonic seconds)."""
    moments: dict[str, float] = {}
    until = time.monotonic() + PATIENCE
    with Session(engine) as session:
        last = 0
        while len(moments) < len(questions) and time.monotonic() < until:
            query = (
                select(AnswerRow.id, AnswerRow.thread_ts).where(AnswerRow.id > last).order_by(AnswerRow.id)
            )
            for answer_id, thread in session.execute(query).all():
                last = answer_id
                if thread in questions:
                    moments[thread] = time.monotonic()
            session.rollback()
            time.sleep(_LOOK)
    return moments


def _acks(place: Place, questions: set[str]) -> list[float]:
    """How long each question's first delivery took to be acknowledged, in milliseconds."""
    found: dict[str, float] = {}
    seen = place.read(f"traffic?direction=in&limit=2000&search={quote('events_api')}")["traffic"]
    seen = seen or place.read("traffic?direction=in&limit=2000")["traffic"]
    for one in reversed(seen):
        event: dict[str, Any] = one["payload"].get("event") or {}
        if one["ok"] and event.get("type") == "message" and event.get("ts") in questions:
            found.setdefault(event["ts"], float(one["ms"]))
    return list(found.values())


@contextmanager
def _pressing(place: Place) -> Iterator[list[float]]:
    """Somebody types `/kefu help` twice a second; yields how long each took to be acknowledged."""
    crew, ending, taken = place.crew, threading.Event(), list[float]()

    def press() -> None:
        while not ending.wait(0.5):
            ack = crew.command("U_SUPERVISOR", "dm", "help")
            taken.append(float(ack["ms"]) if ack["acked"] else PATIENCE * 1000)

    presser = threading.Thread(target=press)
    presser.start()
    try:
        yield taken
    finally:
        ending.set()
        presser.join()


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0
