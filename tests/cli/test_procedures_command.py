"""`kefu procedures`: one's own files are checked, and a record goes from its form to its end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

PEOPLE = """
[[people]]
id = "U1"
name = "小安"
[[people]]
id = "U2"
name = "小宁"
[[people]]
id = "U3"
name = "苏主管"
role = "supervisor"
"""


def test_a_record_goes_from_its_form_to_its_end(
    kefu_in: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")

    def kefu(*arguments: str) -> CompletedProcess[str]:
        return kefu_in(tmp_path, "procedures", *arguments)

    wrong = kefu("file", "换班", "--as", "小安", "shift_date=昨天", "partner=小宁")
    assert wrong.returncode == 1
    assert wrong.stderr == (
        "kefu: “Date of my shift” must be a date, like 2026-12-03. Please fill in “Reason”.\n"
    )
    far = "2999-12-05"
    filed = kefu(
        "file",
        "换班",
        "--as",
        "小安",
        f"shift_date={far}",
        "partner=小宁",
        "reason=客户13800001111找我",
        "--json",
    )
    record = json.loads(filed.stdout)
    assert (record["state"], record["waiting_for"]) == ("waiting", ["U2"])
    assert "13800001111" not in filed.stdout
    number = record["number"]
    assert json.loads(kefu("waiting", "--as", "U2", "--json").stdout)["records"][0]["number"] == number
    assert kefu("act", number, "accept", "--as", "小宁").returncode == 0
    own = kefu("act", number, "approve", "--as", "小安")
    assert (own.returncode, len(own.stderr.splitlines())) == (1, 1)
    done = json.loads(kefu("act", number, "approve", "--as", "苏主管", "--note", "好", "--json").stdout)
    assert (done["state"], [taken["act"] for taken in done["path"]]) == (
        "done",
        ["filed", "accepted", "approved"],
    )
    listed = kefu("records", "--find", "小宁", "--state", "done")
    assert listed.stdout == f"{number}  done      小安  {far} 与小宁换班\n"
    nobody = kefu("waiting", "--as", "没有这人")
    assert nobody.returncode == 2


def test_own_files_are_begun_and_checked(kefu: Callable[..., CompletedProcess[str]], tmp_path: Path) -> None:
    folder = tmp_path / "home" / "procedures"
    assert kefu("procedures", "new", "errand").returncode == 0
    assert kefu("procedures", "new", "shift_swap").returncode == 0
    good = json.loads(kefu("procedures", "check", "--json").stdout)
    assert (good["own"], good["problems"]) == (["errand", "shift_swap"], [])
    text = (folder / "errand.toml").read_text(encoding="utf-8").replace('role = "leader"', 'role = "boss"')
    (folder / "errand.toml").write_text(text.replace('"{what}"', '"{where}"'), encoding="utf-8")
    (folder / "visitor_log.toml").write_text("disabled = true", encoding="utf-8")
    bad = kefu("procedures", "check")
    assert bad.returncode == 1
    assert bad.stdout.startswith(
        "errand.toml, steps.approve.by.role: 'boss' is not possible: write one of agent,"
    )
    shown = json.loads(kefu("procedures", "list", "--json").stdout)
    assert {one["key"]: one["source"] for one in shown["procedures"]}["shift_swap"] == "shift_swap.toml"
    assert (shown["disabled"], len(shown["problems"])) == (["visitor_log"], 1)
    again = kefu("procedures", "new", "errand")
    assert "is there already" in again.stderr
