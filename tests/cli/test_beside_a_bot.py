"""The command line beside a process that holds the data folder: the work is done there, as if done here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NEW = "值班办法\n\n一、夜班须有{}人在岗。\n二、交班时清点钥匙。\n三、巡楼每{}小时一次。\n"


@contextmanager
def holding(home: Path, manner: str) -> Iterator[subprocess.Popen[str]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KEFU_", "SLACK_"))}
    holder = subprocess.Popen(
        [sys.executable, "tests/doors/holder.py", manner],
        env=environment | {"KEFU_HOME": str(home), "PYTHONPATH": os.getcwd()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    try:
        yield holder
    finally:
        holder.kill()
        holder.wait()


@pytest.mark.slow
def test_an_ingest_beside_a_bot_is_handed_over_and_shown(kefu_in, tmp_path: Path) -> None:
    path, bad, home = tmp_path / "duty.txt", tmp_path / "bad.txt", tmp_path / "home"
    path.write_text(NEW.format("两", 2), encoding="utf-8")
    bad.write_bytes(bytes(range(256)) * 40)
    with holding(home, "works"):
        done = kefu_in(home, "ingest", str(path), FORCE_COLOR="1")
        assert "handed to the running bot" in done.stderr
        assert "3 clauses live" in done.stdout
        assert "夜班须有两人在岗" in kefu_in(home, "ask", "夜班须有几人在岗?").stdout
        refused = kefu_in(home, "ingest", str(bad))
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
    assert "bad.txt is not a text file" in refused.stderr


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_work_is_done_by_whoever_holds_the_folder_and_told_as_if_done_here(kefu_in, tmp_path: Path) -> None:
    path, bad = tmp_path / "duty.txt", tmp_path / "bad.txt"
    bad.write_bytes(bytes(range(256)) * 40)

    def story(home: Path) -> list[object]:
        told: list[object] = []

        def kefu(*arguments: str, status: int = 0, **variables: str) -> str:
            done = kefu_in(home, *arguments, **variables)
            assert done.returncode == status, done.stderr
            told.append(json.loads(done.stdout) if "--json" in arguments else done.stdout or done.stderr)
            return done.stderr

        path.write_text(NEW.format("两", 2), encoding="utf-8")
        kefu("ingest", str(path), "--json")
        path.write_text(NEW.format("三", 2), encoding="utf-8")
        kefu("ingest", "--stage", str(path), "--json")
        kefu("manuals", "diff", "--json")
        kefu("manuals", "publish")
        kefu("manuals", "rollback", "1", "--json")
        assert len(kefu("ingest", str(bad), status=1).splitlines()) == 1
        return told

    here = story(tmp_path / "home")
    with holding(tmp_path / "beside", "works"):
        there = story(tmp_path / "beside")
        shown = kefu_in(tmp_path / "beside", "manuals", "sweep", FORCE_COLOR="1").stderr
        assert "handed to the running bot" in shown
        answer = kefu_in(tmp_path / "beside", "ask", "夜班须有几人在岗?").stdout
        assert "夜班须有两人在岗" in answer
    assert there == here


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_holder_that_dies_over_the_work_is_noticed_and_the_work_done_here(tmp_path: Path) -> None:
    path, home = tmp_path / "duty.txt", tmp_path / "home"
    path.write_text(NEW.format("两", 2), encoding="utf-8")
    with holding(home, "hangs") as holder:
        asked = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "ingest", str(path), "--json"],
            env=os.environ | {"KEFU_HOME": str(home)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "claimed\n"
        holder.kill()
        out, _ = asked.communicate(timeout=600)  # a lease and a look, and the work
    assert asked.returncode == 0
    assert json.loads(out)["manuals"][0]["published"]
