"""`kefu` in a process of its own, quickly: forked from one that has imported what the commands import.

A start of Python with Chroma, SQLAlchemy and the readers takes longer than most commands. All else is as at a terminal:
own environment, own standard streams, an exit status, and whatever a command leaves open ends with it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired

SECONDS = 240
_IMPORTED = (
    *(
        "bot.cli.failures",
        "bot.logs",
        "bot.settings",
        "bot.wiring",
        "bot.assistant.answering",
        "bot.keeping.manual_work",
    ),
    *("knowledge.library", "knowledge.migrations", "tickets.desk", "tickets.migrations", "ingest.pipeline"),
    *(
        "alembic.command",
        "alembic.config",
        "chromadb",
        "chromadb.config",
        "rich.console",
        "rich.table",
        "psycopg",
    ),
)

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([*_IMPORTED, __name__])


def environment(home: Path, **variables: str) -> dict[str, str]:
    """What a command sees: nothing of the settings of whoever runs the tests."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KEFU_", "SLACK_"))}
    return kept | {"KEFU_HOME": str(home), **variables}


def run_forked(arguments: tuple[str, ...], variables: Mapping[str, str]) -> CompletedProcess[str]:
    """Runs `kefu ARGUMENTS` with these environment variables; raises TimeoutExpired."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        child = _forks.Process(target=_main, args=(arguments, dict(variables), out, err))
        child.start()
        child.join(SECONDS)
        if child.exitcode is None:
            child.kill()
            child.join()
            raise TimeoutExpired(arguments, SECONDS)
        return CompletedProcess(arguments, child.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))


def _main(arguments: tuple[str, ...], variables: dict[str, str], out: Path, err: Path) -> None:
    os.environ.clear()
    os.environ.update(variables)
    for path, stream in ((out, sys.stdout), (err, sys.stderr)):
        file = os.open(path, os.O_CREAT | os.O_WRONLY)
        os.dup2(file, stream.fileno())
        os.close(file)
    sys.argv = ["kefu", *arguments]
    from bot.cli import main

    main()
