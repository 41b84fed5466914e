"""Where the bots of the crash and degradation suites keep everything, and how they are started."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from bot.settings import Settings
from bot.wiring import build_services
from bot.workspace import Workspace
from tickets.store import open_engine

PEOPLE = Path("bot/demo/people.toml")
_names = itertools.count(1)

MANUALS = {
    "工具间守则.md": """# 工具间借用守则

## 一、时间

1. 工具间每天 8:50 开门，17:40 关门，关门前 10 分钟停止借出。
2. 雷雨天不外借带电的工具。

## 二、借还

1. 每人一次最多借 3 件，借期 5 天，可以续借两次。
2. 逾期归还的，每件每天收 0.6 元滞还费，封顶 9 元。
3. 借用牌遗失的，补办收工本费 4 元，原牌当场作废。
""",
    "会客室须知.md": """# 会客室使用须知

1. 会客室按刻钟预约，每个班组每天最多预约 6 刻钟。
2. 预约后 12 分钟没有人到的，会客室自动释放。
""",
}
QUESTIONS = ("逾期归还每件每天收多少？", "工具借期几天？", "可以续借几次？", "借用牌丢了补办收多少钱？")


@dataclass
class Surroundings:
    """A place for a bot's data: `kept` are its variables, `arguments` those of `kefu up`."""

    kept: dict[str, str]
    arguments: Sequence[str] = ()
    bots: int = 1
    """How many `kefu up` run beside each other."""
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = _settings(self.kept)

    def environment(self, workspace: Workspace) -> dict[str, str]:
        """All variables of a bot in this workspace."""
        slack = {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_APP_TOKEN": workspace.app_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": workspace.api_url,
            "KEFU_QUESTIONS_PER_MINUTE": "0",
        }
        return os.environ | self.kept | slack

    def publish(self, folder: Path) -> None:
        """Put the manuals of this file live."""
        folder.mkdir(exist_ok=True)
        for name, text in MANUALS.items():
            (folder / name).write_text(text, encoding="utf-8")
        services = build_services(self.settings)
        try:
            services.publisher.publish(services.publisher.stage([folder], "test").edition_ids, "test")
        finally:
            services.close()
            services.engine.dispose()


def _settings(kept: dict[str, str]) -> Settings:
    return Settings(
        home=Path(kept["KEFU_HOME"]),
        people=Path(kept["KEFU_PEOPLE"]),
        database_url=kept.get("KEFU_DATABASE_URL"),
        chroma_url=kept.get("KEFU_CHROMA_URL"),
    )


def embedded(folder: Path) -> Surroundings:
    """SQLite and Chroma in the bot's own process."""
    return Surroundings({"KEFU_HOME": str(folder / "home"), "KEFU_PEOPLE": str(PEOPLE.absolute())})


def on_servers(folder: Path, postgres: str, chroma: str, *, bots: int = 1) -> Surroundings:
    """PostgreSQL (a database of its own) and a Chroma server; one bot with two workers, or so many bots."""
    name = f"crash_{os.getpid()}_{next(_names)}"
    admin = open_engine(postgres).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    url = make_url(postgres).set(database=name).render_as_string(hide_password=False)
    servers = {"KEFU_DATABASE_URL": url, "KEFU_CHROMA_URL": chroma}
    return Surroundings(embedded(folder).kept | servers, ["--workers", "2"] if bots == 1 else [], bots)
