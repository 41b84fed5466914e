"""Starting the demo: workspace, sample manuals, bot, in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from bot.demo.guide import offer
from bot.manifest import manifest
from bot.services import Services
from bot.settings import Settings, SlackSettings
from bot.slack_app import SlackApp
from bot.startup import StartupError
from bot.wiring import build_services
from bot.workspace import Timing, Workspace, WorkspaceError
from tickets import reminding
from tickets.reminders import ReportTime, report_due
from tickets.store import open_engine
from tickets.transaction import writing
from tickets.vault import new_key

FOLDER = Path(__file__).parent
MANUALS = FOLDER / "manuals"
PEOPLE = FOLDER / "people.toml"
REVIEW_CHANNEL = "C_REVIEW"
_TIMING = Timing(ack=10.0, trigger=10.0)
"""Slack gives three seconds; whoever looks at the demo on a busy laptop is to see forms open all the same."""


class Progress(Protocol):
    """Who is told how the start goes."""

    def step(self, key: str) -> None:
        """Something begins: `workspace`, `manuals` or `bot`."""

    def embedded(self, done: int, total: int) -> None:
        """`done` of `total` clauses are embedded."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo as it runs."""

    workspace: Workspace
    services: Services
    manuals: int
    clauses: int
    week_over: Callable[[], None]
    """Sends the supervisors this week's figures now, which otherwise go out on Monday."""


@contextmanager
def running(home: Path, port: int, progress: Progress) -> Iterator[Demo]:
    """Everything up and connected; `port` 0 takes a free one.

    Raises StartupError (port in use) and the errors of `build_services`, each one sentence.
    """
    progress.step("workspace")
    try:
        workspace = Workspace(port=port, manifest=manifest(), timing=_TIMING).start()
    except WorkspaceError as error:
        raise StartupError(str(error)) from error
    try:
        offer(workspace, FOLDER)
        services = build_services(settings(workspace, home))
        try:
            progress.step("manuals")
            _ingest(services, progress)
            live = services.library.manuals()
            progress.step("bot")
            with SlackApp(services) as app:
                services.assistant.warm_up()
                clauses = sum(manual.clauses for manual in live)
                yield Demo(workspace, services, len(live), clauses, lambda: _end_the_week(services, app))
        finally:
            services.close()
    finally:
        workspace.stop()


def settings(workspace: Workspace, home: Path) -> Settings:
    """The demo's settings. What could reach real data is set here, whatever the environment says."""
    return Settings(
        home=home,
        database_url=None,
        chroma_url=None,
        people=PEOPLE,
        timezone="Asia/Shanghai",
        language="zh",
        review_channel=REVIEW_CHANNEL,
        contact_key=SecretStr(_key(home)),
        slack=SlackSettings(
            bot_token=SecretStr(workspace.bot_token),
            app_token=SecretStr(workspace.app_token),
            api_url=workspace.api_url,
        ),
    )


def _key(home: Path) -> str:
    """The demo's own key for contact details, made once: the demo needs nothing from the environment."""
    file = home / "contact.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(new_key(), encoding="ascii")
    return file.read_text(encoding="ascii")


def _end_the_week(services: Services, app: SlackApp) -> None:
    """Send now what is due next Monday: the figures of this week."""
    zone = services.settings.zone
    now = datetime.now(UTC)
    due = report_due(ReportTime(1, time()), now + timedelta(days=7), zone)
    if due is None:
        return
    engine = open_engine(services.settings.database)
    try:
        with writing(engine, now, zone) as tx:
            reminding.send(tx, services.people, due)
    finally:
        engine.dispose()
    app.outbox.nudge()


def _ingest(services: Services, progress: Progress) -> None:
    def tell(doing: str, done: int, total: int) -> None:
        if doing == "embedding":
            progress.embedded(done, total)

    report = services.publisher.stage([MANUALS], "demo", progress=tell)
    if report.edition_ids:  # a folder that was kept has them already
        services.publisher.publish(report.edition_ids, "demo")
