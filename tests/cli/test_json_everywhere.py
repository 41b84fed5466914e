"""Every command answers programs, too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app

WITHOUT = {
    "demo": "runs until it is stopped; what it prints is for whoever watches",
    "manifest": "prints JSON anyway: it is one",
    "up": "runs until it is stopped and answers nobody at the terminal",
    "workspace": "runs until it is stopped, and prints one JSON line with its addresses anyway",
}


def commands(
    command: TyperCommand | TyperGroup, name: str = ""
) -> Iterator[tuple[str, TyperCommand | TyperGroup]]:
    """Every command by its words; a group that does something by itself is one as well."""
    if isinstance(command, TyperGroup):
        for word, inner in command.commands.items():
            yield from commands(inner, f"{name} {word}".strip())
        if not command.invoke_without_command:
            return
    yield name, command


def test_every_command_takes_json_or_has_a_reason_not_to() -> None:
    found = dict(commands(get_command(app)))
    assert len(found) > 60
    silent = {
        name for name, one in found.items() if not any("--json" in option.opts for option in one.params)
    }
    assert silent == set(WITHOUT)


Call = Callable[[str], dict[str, object]]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs a command and reads the one object that it prints."""
    monkeypatch.setenv("KEFU_HOME", str(tmp_path))
    runner = CliRunner()

    def run(line: str) -> dict[str, object]:
        done = runner.invoke(app, line.split())
        assert done.exit_code == 0, done.output
        assert len(done.stdout.splitlines()) == 1, "more than one object"
        found: dict[str, object] = json.loads(done.stdout)
        return found

    return run


def test_what_changes_something_says_so_in_one_object(call: Call, tmp_path: Path) -> None:
    assert list(call("privacy key --json")) == ["key"]
    assert call("procedures new keys --json") == {
        "procedure": "keys",
        "path": str(tmp_path / "procedures" / "keys.toml"),
    }
    assert call("people set U1 --name 甲 --role leader --json")["id"] == "U1"
    assert call("people groups add @night --role leader --json")["handle"] == "night"
    assert call("people groups remove night --json") == {"handle": "night", "removed": True}
    assert call("people remove U1 --json") == {"id": "U1", "name": "甲", "removed": True}
    assert call("people reset --json") == {"dropped": 2}
    added = call("notices add 春节 --from 2027-02-01 --until 2027-02-08 --json")
    assert (added["from"], added["until"]) == ("2027-02-01", "2027-02-08")
    assert call(f"notices remove {added['id']} --json") == {"id": added["id"], "removed": True}
