"""`kefu doctor` looks at everything that the bot needs: each thing broken by itself is found, named, and told how to mend."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from sqlite3 import connect
from threading import Thread

import pytest

from bot.doctoring.checks import Finding, State, examine
from bot.doctoring.everything import CHECKS
from bot.manifest import manifest
from bot.settings import Settings, SlackSettings
from bot.startup import BOT_LOCK, MARKER, alone_in
from bot.wiring import open_desk, open_engine, open_people
from bot.workspace import Workspace
from tests.model_server import ModelServer, Reply
from tickets.directory_told import Facts
from tickets.people import Person, Role
from tickets.records import EscalationContent, Origin, TicketContent
from tickets.vault import new_key

AGENT, CONSOLE = Person("U_AGENT", "小林"), Person("console", "console", Role.ADMIN)


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace(manifest=manifest()) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("KEFU_", "SLACK_", "OTEL_")):
            monkeypatch.delenv(name)


PEOPLE = "".join(
    f'[[people]]\nid = "U_{role.upper()}"\nname = "{role}"\nrole = "{role}"\n'
    for role in ("agent", "leader", "supervisor", "manager", "general_manager", "admin")
)


@pytest.fixture
def listed_people(tmp_path: Path) -> Path:
    file = tmp_path / "everybody.toml"
    file.write_text(PEOPLE, "utf-8")
    return file


@pytest.fixture
def house(tmp_path: Path, listed_people: Path) -> Settings:
    return Settings(home=tmp_path / "home", people=listed_people)


def found(settings: Settings, name: str) -> Finding:
    return dict(examine(settings, [CHECKS[name]]))[name]


def is_bad(finding: Finding, *words: str) -> bool:
    """It is told, with what to do, and names these."""
    assert finding.state is State.BAD, finding
    assert finding.remedy
    assert [word for word in words if word not in f"{finding.sentence} {finding.remedy}"] == []
    return True


def test_a_whole_house_has_nothing_to_mend(
    workspace: Workspace, stocked_home: Path, listed_people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = SlackSettings(
        bot_token=workspace.bot_token,  # type: ignore[arg-type]
        app_token=workspace.app_token,  # type: ignore[arg-type]
        api_url=workspace.api_url,
    )
    with ModelServer() as server:
        server.play(Reply("ok"))
        monkeypatch.setenv("KEFU_MODEL", "openai:scripted")
        monkeypatch.setenv("KEFU_MODEL_BASE_URL", server.url)
        monkeypatch.setenv("KEFU_MODEL_API_KEY", "k-test")
        monkeypatch.setenv("KEFU_MODEL_FIRST_TOKEN_SECONDS", "60")
        settings = Settings(home=stocked_home, people=listed_people, contact_key=new_key(), slack=slack)  # type: ignore[arg-type]
        listed = dict(examine(settings, CHECKS.values()))
    assert {name: one for name, one in listed.items() if one.state is not State.OK} == {}
    assert "1 live" in listed["manuals"].sentence
    assert "replies" in listed["language model"].sentence


def test_of_what_an_organisation_writes_the_mistake_is_named(house: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "people.toml"
    broken.write_text("[[people]]\nid = 3\n", "utf-8")
    assert is_bad(found(house.model_copy(update={"people": broken}), "people"), str(broken))
    house.home.mkdir()
    house.calendar_file.write_text("[[appointments]\n", "utf-8")
    assert is_bad(found(house, "calendar"), "calendar.toml", "Mend that place")
    house.procedures_folder.mkdir()
    (house.procedures_folder / "own.toml").write_text("key = 1\n", "utf-8")
    assert is_bad(found(house, "procedures"), "own.toml", "kefu procedures check")
    away = house.model_copy(update={"procedures": tmp_path / "none"})
    assert is_bad(found(away, "procedures"), "KEFU_PROCEDURES")
    key = Settings(home=house.home, contact_key="PLANTED-not-a-key")  # type: ignore[arg-type]
    assert is_bad(found(key, "contact key"), "KEFU_CONTACT_KEY")
    assert "PLANTED" not in found(key, "contact key").sentence


def test_whoever_commands_have_told_counts_as_listed(house: Settings) -> None:
    alone = house.model_copy(update={"people": None})
    assert found(alone, "people").state is State.WARNING
    engine = open_engine(alone)
    directory = open_desk(alone, engine, open_people(alone)).directory
    for role in (Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER, Role.ADMIN):
        directory.set_person(CONSOLE, f"U_{role.upper()}", Facts(name=role.value, role=role))
    engine.dispose()
    assert found(alone, "people").state is State.OK, found(alone, "people")


def test_a_model_that_does_not_reply_is_told(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_MODEL", "openai:none")
    monkeypatch.setenv("KEFU_MODEL_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("KEFU_MODEL_API_KEY", "sk-PLANTED")
    monkeypatch.setenv("KEFU_MODEL_MAX_RETRIES", "0")
    finding = found(house, "language model")
    assert is_bad(finding, "openai:none")
    assert "PLANTED" not in finding.sentence
    monkeypatch.setenv("KEFU_PROMPTS_FOLDER", str(house.home / "none"))
    assert is_bad(found(house, "prompts"), "KEFU_PROMPTS_FOLDER")


def test_chroma_that_is_away_is_told_without_its_password(house: Settings) -> None:
    away = house.model_copy(update={"chroma_url": "http://kefu:PLANTED@127.0.0.1:9"})
    finding = found(away, "chroma")
    assert is_bad(finding, "127.0.0.1:9", "KEFU_CHROMA_URL")
    assert "PLANTED" not in finding.sentence + finding.remedy


def test_a_house_that_was_moved_or_is_newer_is_told(house: Settings) -> None:
    engine = open_engine(house)
    open_desk(house, engine, open_people(house))
    engine.dispose()
    assert found(house, "schema").state is State.OK
    (house.home / MARKER).write_text("set KEFU_DATABASE_URL and start the bot.\n", "utf-8")
    assert is_bad(found(house, "moved"), "KEFU_DATABASE_URL")
    with closing(connect(house.home / "kefu.db")) as database, database:
        database.execute("UPDATE tickets_version SET version_num = '9999'")
    assert is_bad(found(house, "schema"), "newer Kefu Desk")


def test_a_record_that_was_changed_and_messages_that_wait_are_told(house: Settings) -> None:
    engine = open_engine(house)
    desk = open_desk(house, engine, open_people(house))
    desk.log_ticket(AGENT, TicketContent("漏水"), Origin(), "k1")
    content = EscalationContent("客户催单", "【事件】催单", handling_suggestion="请加急")
    desk.file_escalation(AGENT, content, Origin(), "k1")
    assert found(house, "audit trail").state is State.OK
    assert found(house, "outbox").state is State.OK
    engine.dispose()
    with closing(connect(house.home / "kefu.db")) as database, database:
        hour = (desk.board.now() - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
        assert database.execute("UPDATE notices SET due_at = ?", (hour,)).rowcount
        database.execute("UPDATE tickets SET owner_id = 'U_X'")
    waiting = found(house, "outbox")
    assert waiting.state is State.WARNING
    assert "60 minutes" in waiting.sentence or "61 minutes" in waiting.sentence
    assert waiting.remedy
    assert is_bad(found(house, "audit trail"), "kefu audit show")


def test_slack_by_every_way_that_a_bot_can_be_reached(workspace: Workspace, house: Settings) -> None:
    def of(**slack: str) -> Settings:
        given = SlackSettings(api_url=workspace.api_url, **slack)  # type: ignore[arg-type]
        return house.model_copy(update={"slack": given})

    over_http = of(bot_token=workspace.bot_token, signing_secret="s")
    assert found(over_http, "slack tokens").state is State.OK
    assert found(over_http, "slack socket").state is State.OK
    installed = {"client_id": "1.2", "client_secret": "s", "signing_secret": "s"}
    assert is_bad(found(of(**installed), "slack tokens"), "SLACK_WORKSPACES")
    assert found(of(**installed, workspaces="*"), "slack tokens").state is State.OK
    assert found(of(**installed, workspaces="*"), "slack").state is State.OK
    assert is_bad(found(of(app_token="xapp-1-PLANTED"), "slack socket"), "SLACK_APP_TOKEN", "invalid_auth")
    assert "PLANTED" not in found(of(app_token="xapp-1-PLANTED"), "slack socket").sentence


def test_a_data_folder_is_its_owners_alone_and_one_that_is_not_is_told(house: Settings) -> None:
    open_engine(house).dispose()
    assert house.home.stat().st_mode & 0o077 == 0
    assert found(house, "folder").state is State.OK
    house.home.chmod(0o755)
    told = found(house, "folder")
    assert (told.state, "chmod 700" in told.remedy) == (State.WARNING, True)


class _Sick(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"live": True, "ready": False, "database": "unreachable"}).encode()
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_a_bot_that_runs_is_asked(house: Settings) -> None:
    assert "Not running" in found(house, "bot").sentence
    house.home.mkdir()
    with alone_in(house.home):
        assert "Running on" in found(house, "bot").sentence
    assert (house.home / BOT_LOCK).exists()
    assert "Not running" in found(house, "bot").sentence
    with ThreadingHTTPServer(("127.0.0.1", 0), _Sick) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        sick = found(house.model_copy(update={"metrics_port": server.server_port}), "bot")
        server.shutdown()
    assert sick.state is State.WARNING
    assert "database" in sick.sentence
