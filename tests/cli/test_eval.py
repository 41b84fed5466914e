"""`kefu eval` and `kefu gaps` as an admin runs them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app

Kefu = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def kefu_there(
    stocked_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Result]]:
    """Runs in a copy of the data folder with one manual; in this process, for a start takes longer than the rest."""
    shutil.copytree(stocked_home, tmp_path / "home")
    for name in [name for name in os.environ if name.startswith("KEFU_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KEFU_HOME", str(tmp_path / "home"))
    yield lambda *arguments: CliRunner().invoke(app, arguments)
    structlog.reset_defaults()  # the command logs to a stderr that is closed by now; no bot after it may


def write(path: Path, *rows: dict[str, object]) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


LATE = {"question": "上班迟到一次扣多少钱?", "id": "late", "must_include": "二十元", "manual": "考勤办法"}
CAT = {"id": "cat", "question": "公司的猫叫什么名字?", "expected": "not_found", "kind": "absent"}


def test_from_a_run_to_the_next_one(kefu_there: Callable[..., Result], tmp_path: Path) -> None:
    questions = write(tmp_path / "mine.jsonl", LATE, CAT)
    first = kefu_there("eval", questions)
    assert first.exit_code == 0, first.output
    assert "100.0%" in first.stdout
    assert "No earlier run" in first.stdout
    write(tmp_path / "mine.jsonl", {**LATE, "must_include": "三十元"}, CAT)
    report = tmp_path / "out" / "report.html"
    second = kefu_there("eval", questions, "--json", "--report", str(report), "--fail-under", "0.9")
    assert second.exit_code == 1
    found = json.loads(second.stdout)
    assert (found["passed"], found["asked"], found["share"]) == (1, 2, 0.5)
    assert found["comparison"]["newly_failing"] == ["late"]
    assert found["failures"][0]["detail"] == "三十元"
    assert "上班迟到一次扣多少钱?" in report.read_text(encoding="utf-8")
    third = kefu_there("eval", questions, "--fail-under", "0.5")
    assert third.exit_code == 0
    assert "0 newly failing" in third.stdout
    assert "FAIL late" in third.stdout
    assert "lacks 三十元" in third.stdout


def test_a_bad_line_is_one_sentence(stocked: Kefu, tmp_path: Path) -> None:
    questions = write(tmp_path / "bad.jsonl", LATE, {"question": "x", "must_include": "("})
    done = stocked("eval", questions)
    assert done.returncode == 1
    assert done.stderr.startswith("kefu: bad.jsonl, line 2: must_include")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.slow
def test_golden_questions_are_an_evaluation(kefu_there: Callable[..., Result], tmp_path: Path) -> None:
    assert kefu_there("golden", "add", "迟到一次扣多少钱?").exit_code == 0
    report = tmp_path / "golden.html"
    same = kefu_there("golden", "run", "--report", str(report), "--json")
    assert same.exit_code == 0
    assert json.loads(same.stdout)["report"] == str(report)
    assert "100.0 %" in report.read_text(encoding="utf-8")
    rules = tmp_path / "rules.txt"
    rules.write_text(
        "考勤办法\n\n一、班次\n1、早班八点到十七点,晚班十六点到次日一点。\n2、每月换班不得多于三次,须提前一天报班组长同意。\n"
        "二、处罚\n1、迟到一次扣四十元,当月第三次起每次扣五十元。\n2、旷工一天扣三天工资。\n",
        encoding="utf-8",
    )
    assert kefu_there("ingest", str(rules)).exit_code == 0
    other = kefu_there("golden", "run", "--report", str(report))
    assert other.exit_code == 1
    assert "1 of 1 golden questions changed" in other.stdout
    page = report.read_text(encoding="utf-8")
    assert "与认可的回答不同" in page
    assert "新出现的失败: 1" in page


@pytest.fixture
def asked(tmp_path: Path, stocked_home: Path) -> Callable[..., None]:
    """Enters questions that were not found into the ledger of the copied folder."""
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine
    from tickets.people import People
    from tickets.records import AnswerRecord

    def ask(*questions: str) -> None:
        settings = Settings(home=tmp_path / "home")
        engine = open_engine(settings)
        desk = open_desk(settings, engine, People())
        for question in questions:
            desk.record_answer("U_AGENT", AnswerRecord(question, "not_found", generation=1, absent=True))
        engine.dispose()

    return ask


def test_gaps_from_the_command_line(
    kefu_there: Callable[..., Result], asked: Callable[..., None], tmp_path: Path
) -> None:
    assert "No gaps" in kefu_there("gaps").stdout
    asked("员工停车位怎么申请?", "停车位要怎么申请啊", "公司的猫叫什么名字?")
    checked = json.loads(kefu_there("gaps", "check", "--json").stdout)
    assert checked == {"grouped": 3, "answered": 0, "reopened": 0, "open": 2}
    parking, cat = json.loads(kefu_there("gaps", "--json").stdout)["gaps"]
    assert (parking["questions"], parking["askers"], len(parking["examples"])) == (2, ["U_AGENT"], 2)
    shown = kefu_there("gaps", "show", str(parking["id"])).stdout
    assert "asked: 员工停车位怎么申请?" in shown

    number = str(parking["id"])
    nobody = kefu_there("gaps", "ticket", number)
    assert "list an admin" in str(nobody.exception)
    (tmp_path / "home" / "people.toml").write_text(
        '[[people]]\nid = "U_ADMIN"\nname = "管库"\nrole = "admin"\n', encoding="utf-8"
    )
    ticket = json.loads(kefu_there("gaps", "ticket", number, "--json").stdout)
    again = json.loads(kefu_there("gaps", "ticket", number, "--json").stdout)
    assert ticket == again
    assert ticket["owner"] == "U_ADMIN"
    assert ticket["ticket"] in kefu_there("gaps").stdout

    assert kefu_there("gaps", "dismiss", str(cat["id"])).exit_code == 2
    assert kefu_there("gaps", "dismiss", str(cat["id"]), "--why", "与工作无关").exit_code == 0
    assert "猫" not in kefu_there("gaps").stdout
    assert "dismissed: 与工作无关" in kefu_there("gaps", "--all").stdout
    assert str(kefu_there("gaps", "show", "99").exception) == "There is no gap 99."
