"""`kefu tickets` and `kefu audit`: the same desk by the command line, in this process."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from bot.cli import app
from tickets.errors import InvalidInput, NotAllowed, NotFound
from tickets.vault import new_key

PEOPLE = """
[[people]]
id = "U_LIN"
name = "小林"
team = "早班"
[[people]]
id = "U_AN"
name = "小安"
team = "早班"
[[people]]
id = "U_NIGHT"
name = "晚晚"
team = "晚班"
[[people]]
id = "U_CHEN"
name = "陈静"
role = "supervisor"
"""

Run = Callable[..., Result]


@pytest.fixture
def kefu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    home = tmp_path / "home"
    home.mkdir()
    (home / "people.toml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.setenv("KEFU_HOME", str(home))
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, (result.output, result.exception)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def log(kefu: Run, *arguments: str, as_whom: str = "小林") -> str:
    return str(told(kefu("tickets", "log", *arguments, "--as", as_whom, "--json"))["number"])


def test_a_ticket_from_being_logged_to_being_closed(kefu: Run) -> None:
    number = log(kefu, "滤网漏水，回拨 13912345678", "--kind", "repair", "--due", "2199-01-02 18:00")
    shown = told(kefu("tickets", "show", number.lower(), "--as", "U_LIN", "--json"))
    assert "13912345678" not in str(shown)
    assert (shown["owner"], shown["first_responder"], shown["kind"]) == ("U_LIN", "U_LIN", "repair")
    assert shown["due_at"] == "2199-01-02T10:00:00+00:00"

    assert (
        "小安"
        in kefu("tickets", "hand-over", number, "--to", "小安", "--note", "请周三前", "--as", "小林").stdout
    )
    waiting = told(kefu("tickets", "list", "--which", "accept", "--as", "小安", "--json"))
    assert [one["number"] for one in waiting["tickets"]] == [number]
    refused = kefu("tickets", "accept", number, "--as", "小林")
    assert isinstance(refused.exception, NotAllowed)
    assert kefu("tickets", "decline", number, "--reason", "休息", "--as", "小安").exit_code == 0
    kefu("tickets", "hand-over", number, "--to", "U_AN", "--note", "那就周四", "--as", "小林")
    assert told(kefu("tickets", "accept", number, "--as", "小安", "--json"))["owner"] == "U_AN"

    assert kefu("tickets", "comment", number, "已约周四", "--as", "小林").exit_code == 0
    closed = told(kefu("tickets", "close", number, "--resolution", "换了滤网", "--as", "小安", "--json"))
    assert (closed["state"], closed["resolution"]) == ("closed", "换了滤网")
    again = told(kefu("tickets", "comment", number, "又漏了", "--again", "--as", "晚晚", "--json"))
    assert (again["state"], again["contacts"]) == ("open", 2)
    kefu("tickets", "close", number, "--resolution", "再换", "--as", "小安")
    assert kefu("tickets", "reopen", number, "--reason", "没好", "--as", "小安").exit_code == 0
    text = kefu("tickets", "show", number).stdout
    assert all(said in text for said in ("已约周四", "ticket.accepted", "换了滤网", "asked 2 times"))


def test_a_customer_is_known_again_by_their_number_however_it_is_written(
    kefu: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEFU_CONTACT_KEY", new_key())
    first = log(kefu, "客户夏荷 13700001111 的洗衣机不脱水")
    again = kefu("tickets", "log", "夏荷 137-0000-1111 又问洗衣机怎么没人上门", "--as", "小安", "--json")
    assert again.exit_code == 1
    assert [one["number"] for one in json.loads(again.stdout)["asked_before"]] == [first]
    assert "13700001111" not in str(told(kefu("tickets", "show", first, "--json")))
    another = kefu("tickets", "log", "客户秋实 13700002222 的空调不制冷", "--as", "小安", "--json")
    assert another.exit_code == 0


def test_what_was_asked_before_is_shown_instead_of_logged_twice(kefu: Run) -> None:
    first = log(kefu, "订单 KX20261188 少件", "--customer", "k1")
    again = kefu("tickets", "log", "单号 KX20261188 还没补", "--as", "小安", "--json")
    assert again.exit_code == 1
    assert [one["number"] for one in json.loads(again.stdout)["asked_before"]] == [first]
    second = log(kefu, "单号 KX20261188 另一件事", "--new")
    merged = told(kefu("tickets", "merge", second, "--into", first, "--as", "小林", "--json"))
    assert merged["number"] == first
    assert told(kefu("tickets", "show", first, "--json"))["duplicates"][0]["number"] == second
    assert told(kefu("tickets", "merge", second, "--into", "-", "--json"))["state"] == "open"


def test_lists_filter_and_page(kefu: Run) -> None:
    numbers = [log(kefu, f"第{n}件", "--new") for n in range(3)]
    log(kefu, "晚班的事", as_whom="晚晚")
    page = told(kefu("tickets", "list", "--as", "小安", "--limit", "2", "--json"))
    assert ([one["number"] for one in page["tickets"]], page["total"], page["next_offset"]) == (
        [numbers[2], numbers[1]],
        3,
        2,
    )
    assert "1 more: --offset 2" in kefu("tickets", "list", "--as", "小安", "--limit", "2").stdout
    assert kefu("tickets", "list", "没有的词").stdout == "No tickets.\n"
    assert told(kefu("tickets", "list", "--until", "2000-01-01", "--json"))["total"] == 0
    assert kefu("tickets", "list", "--since", "someday").exit_code == 2
    assert kefu("tickets", "list", "--as", "谁").exit_code == 2
    assert isinstance(kefu("tickets", "show", numbers[0], "--as", "晚晚").exception, NotAllowed)
    assert isinstance(kefu("tickets", "show", "T-19990101-0001").exception, NotFound)
    assert isinstance(kefu("tickets", "close", numbers[0], "--resolution", " ").exception, InvalidInput)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exports_are_written_for_those_who_may(kefu: Run, tmp_path: Path, ending: str) -> None:
    number = log(kefu, "=HYPERLINK(1)")
    path = tmp_path / "out" / f"tickets.{ending}"
    assert isinstance(kefu("tickets", "export", str(path), "--as", "小林").exception, NotAllowed)
    assert not path.exists()
    assert told(kefu("tickets", "export", str(path), "--as", "陈静", "--json"))["tickets"] == 1
    if ending == "csv":
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert (rows[0]["number"], rows[0]["title"]) == (number, "'=HYPERLINK(1)")
    else:
        sheet = load_workbook(path).active
        assert sheet is not None
        assert (sheet["A2"].value, sheet["E2"].data_type) == (number, "s")
    assert kefu("tickets", "export", str(tmp_path / "x.pdf")).exit_code == 2


def test_the_trail_is_shown_exported_and_checked(kefu: Run, tmp_path: Path) -> None:
    number = log(kefu, "漏水")
    kefu("tickets", "close", number, "--resolution", "好了", "--as", "小林")
    assert kefu("audit", "verify").stdout == "The audit trail is intact.\n"
    shown = told(kefu("audit", "show", number, "--json"))["entries"]
    assert [(one["actor"], one["action"]) for one in shown] == [
        ("U_LIN", "ticket.logged"),
        ("U_LIN", "ticket.closed"),
    ]
    assert "好了" in kefu("audit", "show").stdout
    path = tmp_path / "trail.jsonl"
    assert "2 entries" in kefu("audit", "export", str(path)).stdout
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1])["previous_hash"] == shown[0]["hash"]
    assert isinstance(kefu("audit", "show", "T-19990101-0001").exception, NotFound)

    with sqlite3.connect(tmp_path / "home" / "kefu.db") as connection:
        connection.execute("UPDATE tickets SET resolution = '赔了五百'")
    broken = kefu("audit", "verify", "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["break"] == {
        "entry": 2,
        "reason": f"The ticket {number} was changed after entry 2.",
    }
    assert number in kefu("audit", "verify").stderr
