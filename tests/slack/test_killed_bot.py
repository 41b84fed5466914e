"""`kefu up` killed again and again under traffic: each question one answer, each notice one message."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from block_samples import content
from running_bot import MANUALS, PEOPLE
from sqlalchemy import make_url

from bot.demo.crew import Crew, buttons_of, text_of
from bot.settings import Settings
from bot.wiring import build_services, open_desk, open_engine, open_people
from bot.workspace import Workspace
from tickets.records import Origin
from tickets.store import READING
from tickets.store import open_engine as open_store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

KILLS = 5
QUESTIONS = ("逾期每天收多少？", "借期是多少天？", "可以续借几次？", "借书卡丢了补办要多少钱？")
PATIENCE = 180.0


@pytest.fixture(params=["embedded", "servers"])
def surroundings(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, str], list[str]]:
    """Where everything is kept, and how the bot is started: alone, or as two workers."""
    kept = {"KEFU_HOME": str(tmp_path / "home"), "KEFU_PEOPLE": str(PEOPLE.absolute())}
    if request.param == "embedded":
        return kept, []
    server, name = request.getfixturevalue("postgres_url"), "killed_bot"
    admin = open_store(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    servers = {"KEFU_DATABASE_URL": url, "KEFU_CHROMA_URL": request.getfixturevalue("chroma_url")}
    return kept | servers, ["--workers", "2"]


class Bot:
    """A bot in processes of its own."""

    def __init__(self, environment: dict[str, str], arguments: list[str], log: Path) -> None:
        self._environment, self._arguments, self._log = environment, arguments, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless it runs; returns when it is ready."""
        if self.process is not None and self.process.poll() is None:
            return
        before = self._log.read_text().count("bot.ready") if self._log.exists() else 0
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "up", *self._arguments], stderr=log, env=self._environment
            )
        until = time.monotonic() + PATIENCE
        while self._log.read_text().count("bot.ready") <= before:
            assert self.process.poll() is None, self._log.read_text()[-3000:]
            assert time.monotonic() < until, self._log.read_text()[-3000:]
            time.sleep(0.1)

    def kill(self, chance: random.Random) -> None:
        """SIGKILL: the bot, or one of its workers."""
        assert self.process is not None
        victims = _children(self.process.pid) or [self.process.pid]
        os.kill(chance.choice(victims), signal.SIGKILL)
        if victims == [self.process.pid]:
            self.process.wait(30)

    def end(self) -> None:
        """Leave nothing behind, whatever the test came to."""
        if self.process is not None and self.process.poll() is None:
            for pid in [self.process.pid, *_children(self.process.pid)]:
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> int:
        """Tell it to stop; its exit status."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(60)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in listed.read_text().split()] if listed.exists() else []


@contextmanager
def asking(crew: Crew, desk: Any) -> Iterator[tuple[list[dict[str, Any]], list[str]]]:
    """Questions and escalations, one after the other, until the end."""
    asked: list[dict[str, Any]] = []
    filed: list[str] = []
    ending = threading.Event()

    def run() -> None:
        number = 0
        while not ending.wait(1.5):
            number += 1
            user = ("U_AGENT", "U_AGENT2")[number % 2]
            asked.append(crew.say(user, "dm", QUESTIONS[number % len(QUESTIONS)]) | {"user": user})
            if number % 4 == 0:
                agent = desk.people.get("U_AGENT")
                one = desk.file_escalation(agent, content(f"第{number}件事"), Origin(), f"killed:{number}")
                filed.append(one.number)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield asked, filed
    finally:
        ending.set()
        thread.join()


def test_killed_again_and_again(
    surroundings: tuple[dict[str, str], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    kept, arguments = surroundings
    for name, value in kept.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    folder = tmp_path / "manuals"
    folder.mkdir()
    for name, text in MANUALS.items():
        (folder / name).write_text(text, encoding="utf-8")
    services = build_services(settings)
    services.publisher.publish(services.publisher.stage([folder], "test").edition_ids, "test")
    services.close()
    services.engine.dispose()
    chance = random.Random(2026)
    with Workspace(port=0) as workspace:
        crew = Crew(workspace.control_url, patience=PATIENCE)
        slack = {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_API_URL": workspace.api_url,
        }
        bot = Bot(os.environ | kept | slack, arguments, tmp_path / "bot.log")
        request.addfinalizer(bot.end)
        bot.start()
        desk = open_desk(settings, open_engine(settings), open_people(settings))
        with asking(crew, desk) as (asked, filed):
            for _ in range(KILLS):
                time.sleep(chance.uniform(0.2, 3.0))
                bot.kill(chance)
                bot.start()
        crew.wait(lambda: not desk.underway.open(), "all answers finished")
        assert len(asked) > KILLS
        crew.wait(lambda: len(filed) == _delivered(desk), "all notices delivered")
        doubled = []
        for question in asked:
            answers = [
                m for m in crew.messages(question["user"], "dm", question["ts"]) if m["user"] == "U_BOT"
            ]
            if len(answers) != 1 or "answer_feedback" not in buttons_of(answers[0]):
                doubled.append((question, [text_of(m) for m in answers]))
        assert not doubled
        for number in filed:
            cards = [m for m in crew.messages("U_LEADER", "dm") if number in text_of(m)]
            assert len(cards) == 1, number
        assert _count(desk, "SELECT count(*) FROM answers") == len(asked)
        assert desk.verify_audit() is None
        assert bot.stop() == 0
    assert "Traceback" not in (tmp_path / "bot.log").read_text()


def _count(desk: Any, query: str) -> int:
    with desk._engine.execution_options(**{READING: True}).connect() as connection:
        return int(connection.exec_driver_sql(query).scalar())


def _delivered(desk: Any) -> int:
    return _count(
        desk, "SELECT count(*) FROM notices WHERE delivered_at IS NOT NULL AND kind = 'escalation_submitted'"
    )
