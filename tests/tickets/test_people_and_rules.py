"""Who is who, which rung comes next, who may do what."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tickets.errors import PeopleError
from tickets.people import People, Person, Role
from tickets.records import EscalationState
from tickets.rules import PERMISSIONS, Action, allowed, may_change

FILE = """
[ladder]
rungs = ["leader", "manager"]
[ladder.names]
leader = "组长"

[[people]]
id = "U1"
name = "甲"
role = "leader"
team = "夜班"
[[people]]
id = "U2"
"""


def load(tmp_path: Path, text: str) -> People:
    path = tmp_path / "people.toml"
    path.write_text(text, encoding="utf-8")
    return People.load(path)


def test_people_are_read_from_their_file(tmp_path: Path) -> None:
    people = load(tmp_path, FILE)
    assert people.get("U1") == Person("U1", "甲", Role.LEADER, "夜班")
    assert people.get("U2") == Person("U2", "U2", Role.AGENT)
    assert people.get("U_NEW").role is Role.AGENT
    assert people.with_role(Role.LEADER) == [people.get("U1")]
    assert people.ladder.name(Role.LEADER) == "组长"
    assert people.ladder.name(Role.MANAGER) == "经理"
    assert people.ladder.above(Role.AGENT) == (Role.LEADER, Role.MANAGER)


@pytest.mark.parametrize(
    "text",
    [
        "people = 3",
        "[[people]]\nname = '无号'",
        "[[people]]\nid = 'U1'\nrole = 'boss'",
        "[[people]]\nid = 'U1'\nrolle = 'agent'",
        "[[people]]\nid = 'U1'\n[[people]]\nid = 'U1'",
        "[ladder]\nrungs = ['leader', 'leader']",
        "[ladder]\nrungs = ['agent']",
        "[ladder]\nrungs = []",
        "not toml",
    ],
)
def test_a_bad_people_file_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(PeopleError) as error:
        load(tmp_path, text)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")


def test_a_missing_or_binary_people_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PeopleError, match="cannot be read"):
        People.load(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PeopleError, match="UTF-8"):
        People.load(tmp_path / "binary.toml")


def test_the_next_rung_is_the_nearest_with_somebody_on_it() -> None:
    people = People([Person("U1", "甲", Role.SUPERVISOR), Person("U2", "乙", Role.GENERAL_MANAGER)])
    assert people.next_rung(Role.AGENT) is Role.SUPERVISOR
    assert people.next_rung(Role.ADMIN) is Role.SUPERVISOR
    assert people.next_rung(Role.AGENT, excluding={Role.SUPERVISOR}) is Role.GENERAL_MANAGER
    assert people.next_rung(Role.GENERAL_MANAGER) is None
    assert People().next_rung(Role.AGENT) is Role.LEADER


def test_every_permission_is_decided() -> None:
    assert set(PERMISSIONS) == set(Action)
    deciders = {role for role in Role if allowed(role, Action.DECIDE_ESCALATION)}
    assert deciders == {Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER}
    assert {role for role in Role if allowed(role, Action.MANAGE_MANUALS)} == {Role.ADMIN}
    assert not allowed(Role.AGENT, Action.SEE_AUDIT)


def test_decided_and_withdrawn_is_final() -> None:
    changes = {(a, b) for a, b in product(EscalationState, EscalationState) if may_change(a, b)}
    assert {a for a, _ in changes} == {EscalationState.SUBMITTED, EscalationState.RETURNED}
