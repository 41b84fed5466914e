"""What is wrong in an organisation's own files (people, calendar, procedures) is told in the reader's language."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.blocks import reminders
from bot.blocks.refusals import refusal
from bot.blocks.wording import words as words_of
from tickets import calendar_file, people_file, procedure_files
from tickets.errors import CalendarError, PeopleError
from tickets.people import People
from tickets.procedure_spec import Wording
from tickets.reminders import Due, Reminder, ReminderKind

ROOT = Path(__file__).parents[2]
CATALOGUE = json.loads((ROOT / "bot/blocks/words/settings.zh.json").read_text(encoding="utf-8"))
CHECKS = ("people_file", "directory_times", "calendar_file", "procedure_files", "procedure_checks")
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
"""Two English words beside each other: a sentence that stayed as it was. Keys and values stand alone."""


def sentences() -> Iterator[tuple[str, str]]:
    """Where and what: the sentences in the modules that check, `{}` for what is filled in."""
    for name in CHECKS:
        tree = ast.parse((ROOT / "tickets" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            said: list[ast.expr] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                of_error = node.func.id in ("ValueError", "PeopleError", "CalendarError")
                said = node.args[:1] if of_error else node.args[1:2] if node.func.id == "Fault" else []
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in (
                "message",
                "missing",
            ):
                said = [node.value]
            for text in map(template, said):
                if re.search(r"[A-Za-z]{2,} [a-z]{2,}", text):
                    yield f"{name}:{node.lineno}", text


def template(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    return ""


@pytest.mark.parametrize(("place", "english"), [pytest.param(*found, id=found[0]) for found in sentences()])
def test_every_sentence_has_a_chinese_one(place: str, english: str) -> None:
    known = {**CATALOGUE["sentences"], **CATALOGUE["parts"]}
    filled = [english, english.replace("{} numbers the {}", "{} numbers the tickets")]
    filled += [
        english.replace("The field {} {}", f"The field {{}} {how}")
        for how in ("does not exist", "is asked only later")
    ]
    filled += [english.replace("in {} who", f"in {how} who") for how in ("no way", "several ways")]
    assert known.keys() & set(filled), f"{place} says what words/settings.zh.json lacks: {english}"


PEOPLE = {
    "名单": (
        '[[people]]\nid = "U1"\nname = "甲"\nrole = "boss"\n',
        ("第 4 行", "[[people]] 第 1 项（U1），role", "只能写"),
    ),
    "缺名字以外": ('[[people]]\nname = "甲"\nrole = "agent"\n', ("缺少这一项",)),
    "代理": (
        '[[people]]\nid = "U1"\nname = "甲"\nrole = "agent"\ndeputy = "U9"\n',
        ("第 5 行", "名单里没有 U9"),
    ),
    "不是": ("[[people]\n", ("不符合 TOML", "第 1 行")),
    "表名": ('[[peple]]\nid = "U1"\n', ("没有这个表", "people")),
    "班次": (
        '[[shifts]]\ndays = ["mon"]\nfrom = "08:00"\nto = "08:00"\nteam = "A"\n',
        ("from 和 to 不能相同",),
    ),
    "时刻": ('[[shifts]]\ndays = ["mon"]\nfrom = "8点"\nto = "17:00"\nteam = "A"\n', ("08:30",)),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_a_wrong_people_file_says_in_chinese_where_and_what(name: str, tmp_path: Path) -> None:
    text, expected = PEOPLE[name]
    (tmp_path / "people.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PeopleError) as error:
        people_file.read(tmp_path / "people.toml")
    said = refusal(str(error.value), "zh")
    assert not ENGLISH.search(said), said
    assert all(part in said for part in ("人员文件", "people.toml", *expected)), said
    assert refusal(str(error.value), "en") == str(error.value)


def test_a_wrong_calendar_says_so_in_chinese(tmp_path: Path) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(
        '[[appointments]]\nkey = "tea"\nname = {zh = "茶", en = "Tea"}\ntext = {zh = "喝茶", en = "Tea"}\nrule = "FREQ=SOMETIMES"\nat = "16:00"\n',
        encoding="utf-8",
    )
    with pytest.raises(CalendarError) as error:
        calendar_file.load(file)
    said = refusal(str(error.value), "zh")
    assert "第 5 行" in said
    assert "不是 RFC 5545 的 RRULE" in said


PROCEDURE = """\
key = "lost_keys"
prefix = "LK"
name = {zh = "丢钥匙", en = "Lost keys"}
purpose = {zh = "登记", en = "Register"}
filed_by = ["agent"]

[[fields]]
key = "which"
kind = "KIND"
label = {zh = "哪把", en = "Which"}
"""
WRONG = {
    "种类": (PROCEDURE.replace("KIND", "colour"), "不能写 'colour'"),
    "没有选项": (PROCEDURE.replace("KIND", "choice"), "至少要有两个选项"),
    "多出": (PROCEDURE.replace("KIND", "text") + 'colour = "red"\n', "这里没有 colour"),
    "没有人": (
        PROCEDURE.replace("KIND", "text")
        + '[[steps]]\nkey = "ok"\nkind = "approve"\nlabel = {zh="批", en="OK"}\n[steps.by]\n',
        "没有写由谁处理",
    ),
    "不是": (PROCEDURE.replace("KIND", 'text"') + "=\n", "不符合 TOML"),
    "编号": (PROCEDURE.replace("KIND", "text").replace('"LK"', '"lk"'), "一到三个大写字母"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_procedures_say_so_in_chinese_each_on_its_line(name: str, tmp_path: Path) -> None:
    text, expected = WRONG[name]
    (tmp_path / "lost_keys.toml").write_text(text, encoding="utf-8")
    problems = [str(one) for one in procedure_files.check(tmp_path).problems]
    assert problems
    said = refusal("\n".join(problems), "zh")
    assert len(said.splitlines()) == len(problems)
    assert not ENGLISH.search(said), said
    assert all(line.startswith("lost_keys.toml") for line in said.splitlines())
    assert expected in said, said


@pytest.mark.parametrize(
    ("language", "expected"), [("zh", "名单里没有 U9"), ("en", "nobody is listed under U9")]
)
def test_the_admins_notice_is_in_their_language(language: str, expected: str) -> None:
    fault = "The people file p.toml is wrong at line 5, [[people]] number 1 (U1), deputy: nobody is listed under U9. Mend that place."
    at = datetime(2026, 11, 30, 8, tzinfo=UTC)
    due = Due(
        "file:people:1",
        ReminderKind.FILE,
        at,
        Wording(zh="people", en="people"),
        procedure="people",
        fault=fault,
    )
    told = reminders.text(
        Reminder(1, due, at),
        People(),
        words_of(language),
        ZoneInfo("Asia/Shanghai"),  # type: ignore[arg-type]
    )
    assert expected in told


@pytest.mark.parametrize(
    ("locale", "expected"), [("zh_CN.UTF-8", "名单里没有 U9"), ("en_GB.UTF-8", "nobody is listed under U9")]
)
def test_a_command_tells_it_in_the_terminals_language(locale: str, expected: str, tmp_path: Path) -> None:
    file = tmp_path / "people.toml"
    file.write_text('[[people]]\nid = "U1"\nname = "甲"\nrole = "agent"\ndeputy = "U9"\n', encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "bot.cli", "people", "check", str(file)],
        env={**os.environ, "LC_ALL": locale, "PYTHONUTF8": "1", "KEFU_HOME": str(tmp_path / "home")},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert found.returncode == 1
    assert expected in found.stdout
