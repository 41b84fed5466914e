"""`kefu escalations`: filing, deciding and listing without Slack, by the same rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from bot import cli
from bot.cli.escalations_shown import open_desk
from tickets.vault import new_key

Kefu = Callable[..., CompletedProcess[str]]

PEOPLE = """
[[people]]
id = "U_AGENT"
name = "小林"
[[people]]
id = "U_LEADER"
name = "周岚"
role = "leader"
[[people]]
id = "U_SUPERVISOR"
name = "陈静"
role = "supervisor"
[[people]]
id = "U_MANAGER"
name = "何经理"
role = "manager"
"""
STORY = "今天上午十点客户来电要求免收上门费，解释了两次仍不同意，建议减免一半"


@pytest.fixture
def kefu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kefu:
    """`kefu escalations …` from its entry point; in this process, because there are many of them."""
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.setenv("KEFU_HOME", str(tmp_path))

    def run(*arguments: str, **variables: str) -> CompletedProcess[str]:
        with monkeypatch.context() as patch:
            patch.setattr("sys.argv", ["kefu", "escalations", *arguments])
            for name, value in variables.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                cli.main()
        said = capsys.readouterr()
        return CompletedProcess(arguments, int(ended.value.code or 0), said.out, said.err)

    return run


def given(done: CompletedProcess[str]) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def refused(done: CompletedProcess[str], fragment: str) -> None:
    assert done.returncode == 1, done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert fragment in done.stderr


def test_from_filing_to_carrying_out(kefu: Kefu) -> None:
    filed = given(kefu("file", STORY, "--as", "U_AGENT", "--json"))
    number = filed["number"]
    assert (filed["awaiting"], filed["state"]) == ("leader", "submitted")
    refused(kefu("approve", number), "--as")
    refused(kefu("approve", number, "--as", "U_AGENT"), "may not decide")
    missed = given(
        kefu("unreachable", number, "--as", "U_AGENT", "--text", "打了两次 13912345678 无人接听", "--json")
    )
    assert missed["path"] == "坐席 → 班长（联系不上） → 现场主管"
    assert "13912345678" not in missed["steps"][-1]["note"]
    known = given(kefu("seen", number, "--as", "U_LEADER", "--json"))
    assert (known["steps"][-1]["kind"], known["steps"][-1]["actor"]) == ("missed_seen", "U_LEADER")
    refused(kefu("seen", number, "--as", "U_SUPERVISOR"), "may not confirm")
    given(kefu("pass-up", number, "--as", "U_SUPERVISOR", "--text", "超出权限", "--json"))
    given(kefu("ask-back", number, "--as", "U_MANAGER", "--text", "多少钱？", "--json"))
    given(kefu("answer", number, "--as", "U_AGENT", "--text", "35 元", "--json"))
    approved = given(kefu("approve", number, "--as", "U_MANAGER", "--text", "同意减免", "--json"))
    assert approved["ticket"].startswith("T-")
    refused(kefu("reject", number, "--as", "U_SUPERVISOR", "--text", "不同意"), "may not decide")
    done = given(
        kefu("carried-out", number, "--as", "U_AGENT", "--text", "已减免", "--objection", "不该减", "--json")
    )
    assert done["steps"][-1]["objection"] == "不该减"
    shown = kefu("show", number)
    assert "报上级" in shown.stdout
    assert "carried_out" in shown.stdout


def test_lists_and_what_may_not_be_seen(kefu: Kefu) -> None:
    assert "No escalations" in kefu().stdout
    about = given(kefu("file", STORY, "--as", "U_AGENT", "--about", "U_LEADER", "--json"))
    assert about["awaiting"] == "supervisor"
    refused(kefu("show", about["number"], "--as", "U_LEADER"), "There is no escalation")
    waiting = given(kefu("--waiting", "--as", "U_SUPERVISOR", "--json"))["escalations"]
    assert [one["number"] for one in waiting] == [about["number"]]
    assert given(kefu("--waiting", "--as", "U_LEADER", "--json"))["escalations"] == []
    assert given(kefu("--mine", "--as", "U_AGENT", "--state", "submitted", "--json"))["escalations"]
    assert given(kefu("--overdue", "--json"))["escalations"] == []
    soon = {"KEFU_DEADLINE_NORMAL": "0.0000001", "KEFU_DEADLINE_IMPORTANT": "0.0000001"}
    assert given(kefu("--overdue", "--json", **soon))["escalations"]
    refused(kefu("--mine"), "--as")
    assert kefu("--state", "lost").returncode == 2


def test_skipping_and_the_report_afterwards(kefu: Kefu) -> None:
    skip = ("file", STORY, "--as", "U_AGENT", "--to", "manager")
    refused(kefu(*skip), "reason")
    filed = given(kefu(*skip, "--grounds", "urgent", "--why", "正在漏水", "--json"))
    number = filed["number"]
    assert {report["to"] for report in filed["reports"]} == {"leader", "supervisor"}
    refused(kefu("report", number, "--as", "U_AGENT", "--text", "已处理"), "say --to")
    told = given(kefu("report", number, "--as", "U_AGENT", "--to", "leader", "--text", "已处理", "--json"))
    assert [report["text"] for report in told["reports"] if report["to"] == "leader"] == ["已处理"]
    read = given(kefu("report", number, "--as", "U_LEADER", "--to", "leader", "--read", "--json"))
    assert [report["read_by"] for report in read["reports"] if report["to"] == "leader"] == ["U_LEADER"]


def test_how_to_reach_the_customer_is_kept_apart(kefu: Kefu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEFU_CONTACT_KEY", new_key())
    story = "客户 137-0000-1111 要求今天退还全部押金 2600 元，我没有权限，已经解释过两次"
    filed = given(kefu("file", story, "--as", "U_AGENT", "--json"))
    assert "0000-1111" not in str(filed)
    desk = open_desk().desk
    agent, one = desk.people.get("U_AGENT"), desk.escalations()[0]
    assert desk.contacts.look(agent, f"escalation:{one.id}").phone == "13700001111"


def test_what_is_no_escalation_is_not_filed_and_told_where_it_belongs(kefu: Kefu) -> None:
    refused(kefu("file", "谢谢", "--as", "U_AGENT"), "kefu ask")
    refused(kefu("file", "跟小王换周三晚班", "--as", "U_AGENT"), "kefu procedures file shift_swap")
    refused(kefu("file", "客户有点事", "--as", "U_AGENT"), "too little to go on")
    assert given(kefu("--json")) == {"escalations": []}
    filed = given(kefu("file", "客户有点事", "--handling", "请主管回电", "--as", "U_AGENT", "--json"))
    assert filed["awaiting"] == "leader"


def test_editing_by_the_same_rules_as_in_slack(kefu: Kefu) -> None:
    filed = given(kefu("file", STORY, "--as", "U_AGENT", "--json"))
    number = filed["number"]
    said = ("--handling", "先免上门费，客户电话 13912345678", "--urgency", "important")
    edited = given(kefu("edit", number, "--as", "U_LEADER", "--revision", "1", *said, "--json"))
    assert (edited["revision"], edited["urgency"], edited["awaiting"]) == (2, "important", "leader")
    assert "先免上门费" in edited["report"]
    assert "13912345678" not in str(edited)
    assert edited["summary"] == filed["summary"]  # what is not given stays
    assert (edited["steps"][-1]["kind"], edited["steps"][-1]["actor"]) == ("edited", "U_LEADER")
    refused(kefu("edit", number, "--as", "U_AGENT", "--revision", "1", "--where", "城东"), "周岚")
    refused(
        kefu("edit", number, "--as", "U_LEADER", "--to", "manager", "--grounds", "urgent"), "may not edit"
    )
    refused(kefu("edit", number, "--as", "U_AGENT", "--what", " "), "must not be empty")
    refused(kefu("edit", number, "--as", "U_AGENT", "--handling", ""), "must not be empty")
    refused(kefu("edit", number, "--as", "U_AGENT"), "Say what is to be changed")
    refused(kefu("edit", number, "--where", "城东"), "--as")
    for wrong in (("--urgency", "soon"), ("--to", "agent"), ("--grounds", "bored"), ("--category", "别的")):
        assert kefu("edit", number, "--as", "U_AGENT", *wrong).returncode == 2
    up = ("--to", "manager", "--grounds", "urgent", "--why", "正在漏水")
    higher = given(kefu("edit", number, "--as", "U_AGENT", *up, "--json"))
    assert (higher["awaiting"], higher["passed_over"]) == ("manager", ["leader", "supervisor"])
    assert {report["to"] for report in higher["reports"]} == {"leader", "supervisor"}
    given(kefu("approve", number, "--as", "U_MANAGER", "--json"))
    refused(kefu("edit", number, "--as", "U_AGENT", "--where", "城东"), "approved by 何经理")
    desk = open_desk().desk
    trail = desk.trails.of(desk.people.get("U_MANAGER"), number)
    assert [entry.action for entry in trail.entries].count("escalation.edited") == 2
