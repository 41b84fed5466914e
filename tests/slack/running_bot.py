"""The bot as it runs: real workspace, real desk, real library with two small manuals of the tests' own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.demo.crew import Crew, NotSeen
from bot.manifest import manifest
from bot.services import Services
from bot.settings import Settings, SlackSettings
from bot.slack_app import SlackApp
from bot.web.server import listen
from bot.wiring import build_services
from bot.workspace import Workspace

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


@dataclass(frozen=True)
class Desk:
    """A running bot and the people who talk to it."""

    workspace: Workspace
    services: Services
    app: SlackApp
    crew: Crew


def double_click(press: Callable[[], object]) -> int:
    """Press twice at the same moment; how many of the two found something to press. The first may have been carried
    out, and what it was pressed on drawn anew, before the second arrives."""
    start = threading.Barrier(2)

    def one(_: int) -> bool:
        start.wait()
        try:
            press()
        except NotSeen:
            return False
        return True

    with ThreadPoolExecutor(2) as hands:
        found = sum(hands.map(one, range(2)))
    assert found
    return found


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
    with Workspace(port=0, manifest=manifest()) as workspace:
        chosen = settings_for(workspace, home).model_copy(update=settings)
        services = build_services(chosen)
        services.publisher.publish(services.publisher.stage([folder], "test").edition_ids, "test")
        listening = listen("127.0.0.1", 0) if http else None
        with SlackApp(services, http=http, listening=listening, watching=watching) as app:
            if listening is not None:
                workspace.send_to(f"http://127.0.0.1:{listening.getsockname()[1]}/slack/events")
            yield Desk(workspace, services, app, Crew(workspace.control_url))
        services.close()
