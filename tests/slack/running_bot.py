"""The bot as it runs: real workspace, real desk, real library with two small manuals of the tests' own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.demo.crew import Crew, NotSeen
from bot.manifest import manifest
from bot.services import Services
from bot.settings import Settings, SlackSettings
from bot.slack_app import SlackApp
from bot.web.server import listen
from bot.wiring import build_services
from bot.workspace import Workspace
from bot.workspace.timing import Timing
from tickets.store import READING

PATIENT = Timing(ack=6.0, retries=(0.0, 5.0, 60.0, 300.0), wait_for_socket=20.0, trigger=20.0)
"""Slack's patience, with room for a machine on which several such bots and their tests share two processors."""
ACKNOWLEDGED_WITHIN = 5.0
"""Seconds, in place of the bot's own 2.5: below what the workspace waits."""
_REST_SECONDS = 20.0
PEOPLE = Path("bot/demo/people.toml")

MANUALS = {
    "借阅室守则.md": """# 街角图书借阅室守则

## 一、开放

1. 借阅室每天 9:40 开门，18:20 闭馆，闭馆前 15 分钟停止办理借书。
2. 雨天请把雨伞放进门口的伞桶，不得带入书架区。

## 二、借还

1. 每张借书卡一次最多借 7 本，借期 21 天，可以续借一次。
2. 逾期归还的，每本每天收 0.3 元滞还费，封顶 12 元。
3. 借书卡遗失的，补办收工本费 8 元，原卡当场注销。
""",
    "自习间须知.md": """# 自习间使用须知

1. 自习间按小时预约，每人每天最多预约 4 小时。
2. 预约后 25 分钟没有到场的，座位自动释放，当周累计三次的停约 5 天。
""",
}


class Work:
    """Counts what the bot's pools have in hand or before them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left = 0

    def count(self, pool: ThreadPoolExecutor) -> None:
        """Count what is given to a pool from now on."""
        submit = pool.submit

        def counted(*work: Any, **named: Any) -> Future[Any]:
            self._add(1)
            try:
                future = submit(*work, **named)
            except BaseException:
                self._add(-1)
                raise
            future.add_done_callback(lambda _: self._add(-1))
            return future

        pool.submit = counted  # type: ignore[method-assign]

    def _add(self, number: int) -> None:
        with self._lock:
            self._left += number

    @property
    def left(self) -> int:
        """How much is not done yet."""
        return self._left


@dataclass(frozen=True)
class Desk:
    """A running bot and the people who talk to it."""

    workspace: Workspace
    services: Services
    app: SlackApp
    crew: Crew
    work: Work = field(default_factory=Work)

    def rest(self) -> None:
        """Wait until nothing that was begun goes on any more: what an earlier test left under way (an edit that is
        still looked at, a home that is drawn, a message whose event comes) is not to meet the next one's faults and
        counts. What never comes to rest (a test that stopped the outbox) is waited for in vain, and fails nobody."""
        self.crew.fault(kind="clear")
        end = time.monotonic() + _REST_SECONDS
        while not (self._rests() and self._rests()) and time.monotonic() < end:
            time.sleep(0.02)

    def _rests(self) -> bool:
        if self.work.left or self.services.desk.underway.open() or self.unsent():
            return False
        trips = self.crew._get("deliveries", {})["deliveries"]
        # Slack tries again after a while what was refused twice.
        return all(trip["done"] or len(trip["attempts"]) > 1 for trip in trips) and not self.work.left

    def unsent(self) -> int:
        """How many notices are in the outbox: neither delivered nor given up. (Asking the desk for those that are due
        claims them, so that the bot's own outbox sends them only when that has lapsed.)"""
        query = "SELECT count(*) FROM notices WHERE delivered_at IS NULL AND given_up_at IS NULL"
        with self.services.engine.execution_options(**{READING: True}).connect() as connection:
            return int(connection.exec_driver_sql(query).scalar() or 0)


@contextmanager
def left_alone(desk: Desk, task: str) -> Iterator[None]:
    """The running bot does not look after one of its tasks meanwhile: the test does."""
    scheduler = desk.app.schedule._scheduler
    scheduler.pause_job(task)
    running = scheduler._lookup_executor("default")._instances
    desk.crew.wait(lambda: not running.get(task), f"the end of {task}")
    try:
        yield
    finally:
        scheduler.resume_job(task)


def at_once(*presses: Callable[[], object]) -> int:
    """Press all at the same moment; how many found something to press. The first may have been carried out, and what
    the others press drawn anew, before they arrive."""
    start = threading.Barrier(len(presses))

    def one(press: Callable[[], object]) -> bool:
        start.wait()
        try:
            press()
        except NotSeen:
            return False
        return True

    with ThreadPoolExecutor(len(presses)) as hands:
        found = sum(hands.map(one, presses))
    assert found
    return found


def double_click(press: Callable[[], object]) -> int:
    """Press twice at the same moment; how many of the two found something to press."""
    return at_once(press, press)


def settings_for(workspace: Workspace, home: Path) -> Settings:
    return Settings(
        home=home,
        people=PEOPLE.absolute(),
        review_channel="C_REVIEW",
        questions_per_minute=0,  # a test asks faster than a person
        slack=SlackSettings(
            bot_token=workspace.bot_token,
            app_token=workspace.app_token,
            signing_secret=workspace.signing_secret,
            api_url=workspace.api_url,
        ),
    )


@contextmanager
def running(
    home: Path, folder: Path, *, http: bool = False, watching: socket.socket | None = None, **settings: object
) -> Iterator[Desk]:
    """A bot connected to a workspace of its own, with MANUALS live; `http`: over HTTP; `settings` override."""
    for name, text in MANUALS.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Workspace(port=0, manifest=manifest(), timing=PATIENT) as workspace:
        chosen = settings_for(workspace, home).model_copy(update=settings)
        services = build_services(chosen)
        services.publisher.publish(services.publisher.stage([folder], "test").edition_ids, "test")
        listening = listen("127.0.0.1", 0) if http else None
        app, work = SlackApp(services, http=http, listening=listening, watching=watching), Work()
        for pool in (app._pool, app._later, app._listeners):
            work.count(pool)
        with app:
            if listening is not None:
                workspace.send_to(f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events")
            yield Desk(workspace, services, app, Crew(workspace.control_url), work)
        services.close()
