"""Reading and writing the `.jsonl` files of `--batch` and `--out`, and the conversation of `--history`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.wellformed import cleaned

if TYPE_CHECKING:
    from bot.assistant.answers import Turn


def read_lines(path: Path, required: Sequence[str]) -> list[dict[str, Any]]:
    """The objects of a `.jsonl` file; usage error when the file is missing or a line is not such an object."""
    if not path.is_file():
        raise typer.BadParameter(f"{path} is not a file; give a .jsonl file with one object a line.")
    rows: list[dict[str, Any]] = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            row = json.loads(line)
            if not isinstance(row, dict) or any(name not in row for name in required):
                raise typer.BadParameter(
                    f"{path}, line {number}: an object with {', '.join(required)} is needed."
                )
            rows.append(cleaned(row))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"{path} is not UTF-8 JSON, one object a line ({error}).") from error
    return rows


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows to `path` as they come; returns how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def turns(history: Any) -> list[Turn]:
    """The turns of a `history` field; anything that is not a turn is a usage error."""
    from bot.assistant.answers import Turn

    if not isinstance(history, list):
        raise typer.BadParameter('A history is a list of {"role": "user" or "assistant", "text": "…"}.')
    found = []
    for turn in history:
        if not isinstance(turn, dict) or turn.get("role") not in ("user", "assistant") or "text" not in turn:
            raise typer.BadParameter('A history is a list of {"role": "user" or "assistant", "text": "…"}.')
        found.append(Turn(turn["role"], str(cleaned(turn)["text"])))
    return found


def read_history(path: Path | None) -> list[Turn]:
    """The turns in a JSON file (a list) or a `.jsonl` file (a turn a line); none without a path."""
    if path is None:
        return []
    if not path.is_file():
        raise typer.BadParameter(f"{path} is not a file; give a JSON list of turns.")
    try:
        text = path.read_text(encoding="utf-8").strip()
        if text.startswith("["):
            return turns(json.loads(text))
        return turns([json.loads(line) for line in text.splitlines() if line.strip()])
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise typer.BadParameter(f"{path} is not JSON in UTF-8 ({error}).") from error


def one_of(text: str | None, batch: Path | None, out: Path | None, what: str) -> None:
    """Usage error unless either a text, or both `--batch` and `--out` are given."""
    if batch is not None and out is None:
        raise typer.BadParameter("--batch needs --out OUT.jsonl.")
    if (text is None) == (batch is None):
        raise typer.BadParameter(f"Give either {what}, or --batch IN.jsonl --out OUT.jsonl.")


def print_json(value: Mapping[str, Any]) -> None:
    """One object on stdout, readable Chinese."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()  # whoever reads a watch line by line waits for it
