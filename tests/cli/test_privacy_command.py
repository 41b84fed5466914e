"""`kefu privacy …`: keys, looks and erasing, as an admin does them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import Settings
from bot.wiring import open_desk, open_engine, open_people
from tickets.contacts import Contact
from tickets.people import Person
from tickets.records import Origin, TicketContent

AGENT = Person("U_AGENT", "小林")


@pytest.fixture
def kefu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("KEFU_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KEFU_DATABASE_URL", raising=False)
    runner = CliRunner()
    monkeypatch.setenv("KEFU_CONTACT_KEY", runner.invoke(app, ["privacy", "key"]).stdout.strip())
    return runner


def logged() -> str:
    settings = Settings()
    engine = open_engine(settings)
    desk = open_desk(settings, engine, open_people(settings), lambda: datetime.now(UTC))
    ticket = desk.log_ticket(AGENT, TicketContent(title="退货款没到账"), Origin(), "t1")
    desk.contacts.keep(AGENT, f"ticket:{ticket.id}", Contact(name="麦冬", phone="13766665555"))
    desk.contacts.look(AGENT, f"ticket:{ticket.id}", "回电")
    engine.dispose()
    return ticket.number


def test_an_admin_sees_who_looked_and_erases_a_customer(kefu: CliRunner) -> None:
    number = logged()
    seen = json.loads(kefu.invoke(app, ["privacy", "looks", number, "--json"]).stdout)
    assert [(one["person"], one["reason"]) for one in seen["looks"]] == [("U_AGENT", "回电")]
    assert json.loads(kefu.invoke(app, ["privacy", "reseal", "--json"]).stdout) == {
        "resealed": 1,
        "tokens": 0,
    }
    assert json.loads(kefu.invoke(app, ["privacy", "purge", "--days", "0", "--json"]).stdout)["erased"] == []
    erased = kefu.invoke(app, ["privacy", "erase", "-"], input="137 6666 5555\n")
    assert erased.exit_code == 0
    assert "Erased for good: ticket:1." in erased.stdout
    again = kefu.invoke(app, ["privacy", "erase", "13766665555"])
    assert again.exit_code == 1
    assert "5555" not in str(again.exception)
