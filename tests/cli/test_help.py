"""`--help` of every command: whole sentences at the width of a terminal, and a word on each option."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from bot.cli import app

ROOT: Any = typer.main.get_command(app)


def groups(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if getattr(command, "commands", None):
        yield path
        for name, one in command.commands.items():
            yield from groups(one, (*path, name))


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from commands(one, (*path, name))


@pytest.mark.parametrize("path", list(groups(ROOT)), ids=" ".join)
def test_a_list_of_commands_has_no_half_sentences(path: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"}).output
    listed = shown.partition("Commands:")[2].splitlines()
    assert listed
    assert [line for line in listed if line.endswith("...")] == []


def test_every_option_and_argument_says_what_it_is() -> None:
    silent = [
        (" ".join(path), parameter.name)
        for path, command in commands(ROOT)
        for parameter in command.params
        if not (getattr(parameter, "help", None) or getattr(parameter, "hidden", False))
    ]
    assert silent == []
