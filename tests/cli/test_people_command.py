"""`kefu people`: who is who on the command line, and another process that sees it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app

Command = Callable[..., Result]

FILE = """
[[people]]
id = "U1"
name = "甲"
role = "leader"
team = "早班"
[[people]]
id = "U2"
name = "乙"
team = "早班"
[[ladders]]
team = "早班"
rungs = ["leader", "manager"]
names = { leader = "组长" }
"""


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """`kefu people …` in a home of its own, in this process."""
    for name in [name for name in os.environ if name.startswith(("KEFU_", "SLACK_"))]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    (home / "people.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.setenv("KEFU_HOME", str(home))
    yield lambda *arguments: CliRunner().invoke(app, ["people", *arguments])
    structlog.reset_defaults()  # the command logs to a stderr that is closed by now; no bot after it may


def read(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, (result.output, result.exception)
    found: dict[str, object] = json.loads(result.stdout)
    return found


def test_people_are_listed_changed_shown_and_reset(people: Command) -> None:
    listed = read(people("list", "--json"))["people"]
    assert [(one["id"], one["role_name"], one["on_shift"]) for one in listed] == [  # type: ignore[attr-defined]
        ("U1", "组长", None),
        ("U2", "坐席", None),
    ]
    changed = read(
        people("set", "U2", "--role", "manager", "--deputy", "U1", "--duty", "office_manager", "--json")
    )
    assert (changed["role"], changed["deputy"], changed["duties"]) == ("manager", "U1", ["office_manager"])
    shown = read(people("show", "乙", "--json"))
    assert shown["sources"] == {
        "name": "file",
        "role": "command",
        "team": "file",
        "deputy": "command",
        "duties": "command",
    }
    assert "role: manager  [command]" in people("show", "U2").stdout
    assert "2 dropped" not in people("reset").stdout
    assert read(people("show", "U2", "--json"))["role"] == "agent"


def test_attendance_until_a_time_and_who_is_asked(people: Command) -> None:
    until = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=12)  # not a time that comes meanwhile
    said = read(people("off", "甲", "--until", f"{until:%H:%M}", "--json"))
    assert said["on"] is False
    assert "off shift" in people("list").stdout
    assert "attendance" in read(people("show", "U1", "--json"))
    (ladder,) = read(people("ladder", "U2", "--json"))["ladders"]  # type: ignore[misc]
    assert [(rung["name"], rung["people"]) for rung in ladder["rungs"]] == [("组长", ["U1"]), ("经理", [])]
    assert "早班:\n    组长 (leader): 甲" in people("ladder").stdout


def test_groups_are_set_and_taken_away(people: Command) -> None:
    assert (
        people("groups", "add", "@leads", "--role", "leader", "--team", "早班", "--on-shift").exit_code == 0
    )
    (group,) = read(people("groups", "--json"))["groups"]  # type: ignore[misc]
    assert (group["handle"], group["role"], group["on_shift"], group["read_at"]) == (
        "leads",
        "leader",
        True,
        None,
    )
    assert "not read yet" in people("groups").stdout
    assert people("groups", "remove", "leads").exit_code == 0
    assert "None yet" in people("groups").stdout


def test_a_file_is_checked_before_it_is_used(people: Command, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text("[[people]]\nid = 'U1'\ndeputy = 'U7'\n", encoding="utf-8")
    checked = people("check", str(file))
    assert checked.exit_code == 1
    assert "[[people]] number 1 (U1), deputy: nobody is listed under U7" in checked.stdout
    found = read(people("check", "--json"))
    assert found["mistakes"] == []
    assert any("Nobody is an admin" in one for one in found["concerns"])  # type: ignore[attr-defined]
    (tmp_path / "home" / "people.toml").write_text(FILE + "[[shifts]]\nteam = '早班'\n", encoding="utf-8")
    assert people("check").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("set", "U1", "--role", "boss"), "boss is no role"),
        (("set", "U1"), "say what to change"),
        (("show", "谁"), "nobody is listed as 谁"),
        (("on", "U1", "--until", "noon"), "noon is no time"),
    ],
)
def test_wrong_usage_gets_one_sentence(people: Command, arguments: tuple[str, ...], sentence: str) -> None:
    result = people(*arguments)
    assert result.exit_code == 2
    assert sentence in result.output


def test_what_another_process_says_is_seen_at_the_next_look(people: Command, kefu_in, tmp_path: Path) -> None:
    from bot.cli.people import opened

    _, desk = opened()
    done = kefu_in(tmp_path / "home", "people", "set", "U2", "--deputy", "U2")
    assert done.returncode == 1
    assert "circle" in done.stderr
    assert "Traceback" not in done.stderr
    done = kefu_in(tmp_path / "home", "people", "set", "U2", "--team", "晚班")
    assert done.returncode == 0, done.stderr
    assert desk.people.get("U2").team == "早班"
    assert desk.directory.refresh() is True
    assert desk.people.get("U2").team == "晚班"
