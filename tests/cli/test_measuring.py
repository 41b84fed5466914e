"""`kefu bench` and `kefu board`: small, through the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def kefu():
    """`kefu …` without a limit of time: these commands measure, however long it takes."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot.cli", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


SET = [
    {"id": "a", "question": "图书逾期每天收多少钱?", "gold": [{"document": "借阅办法", "quote": "逾期每天收2元"}]},
    {"id": "b", "question": "食堂几点开门?", "expected": "say_not_in_documents", "kind": "unanswerable"},
]  # fmt: skip


def test_a_board_has_each_figure_with_its_command(kefu, tmp_path: Path) -> None:
    manuals, questions = tmp_path / "manuals", tmp_path / "questions.jsonl"
    manuals.mkdir()
    (manuals / "a.txt").write_text(
        "借阅办法\n\n第一条 图书逾期每天收2元。\n第二条 借书卡每人一张。\n第三条 馆内不得饮食。\n",
        encoding="utf-8",
    )
    questions.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in SET), encoding="utf-8")
    wanted = ("--only", "answers", "--only", "decisions")
    done = kefu("board", str(questions), "--manuals", str(manuals), *wanted, "--json")
    assert done.returncode == 0, done.stderr
    figures = {one["name"]: one for one in json.loads(done.stdout)["figures"]}
    assert figures["clause citations: recall"]["value"] == "100.0% (1 of 1)"
    assert figures["double (or lost) decisions under races"]["value"] == "0"
    assert figures["the trail verifies afterwards"]["value"] == "yes"
    assert all(one["command"].startswith("kefu board") for one in figures.values())


def test_a_board_needs_questions_for_answers(kefu) -> None:
    done = kefu("board", "--only", "answers")
    assert done.returncode == 2
    assert "needs a file of questions" in done.stderr


def test_a_bench_measures_a_size_and_a_crowd_and_draws_them(kefu, tmp_path: Path) -> None:
    asked = ("--clauses", "200", "--agents", "2", "--rounds", "1", "--out", str(tmp_path / "out"))
    done = kefu("bench", *asked, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (size,), (crowd,) = found["sizes"], found["crowds"]
    assert size["clauses"] > 200
    assert size["sides"]["embedding of the question alone"]["by_embedding"] == 1
    assert size["start_seconds"] > 0
    assert (crowd["agents"], crowd["acknowledged"], crowd["answered"]) == (2, 2, 2)
    assert "<svg" in (tmp_path / "out" / "bench.svg").read_text(encoding="utf-8")
    assert "| agents at once |" in (tmp_path / "out" / "bench.md").read_text(encoding="utf-8")
