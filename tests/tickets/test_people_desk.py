"""What commands and Slack groups say on top of the people file, on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, LEADER, SUPERVISOR, Clock
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tickets import audit
from tickets.desk import Desk
from tickets.directory_told import Facts, GroupRule
from tickets.errors import InvalidInput, NotAllowed, NotFound
from tickets.people import People, Person, Role
from tickets.store import open_engine

FILE = """
[[people]]
id = "U1"
name = "甲"
role = "leader"
team = "早班"
[[people]]
id = "U2"
name = "乙"
role = "supervisor"
deputy = "U1"
[[shifts]]
team = "早班"
from = "08:00"
to = "16:30"
[[groups]]
handle = "leads"
role = "leader"
team = "晚班"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def house(engine: Engine, clock: Clock, file: Path) -> Desk:
    return Desk(engine, People.load(file), clock)


def rewrite(path: Path, text: str) -> None:
    """Write a file so that its time shows it, also on a disk that counts in whole seconds."""
    before = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


def test_a_command_changes_what_everybody_holding_the_people_sees(house: Desk) -> None:
    people = house.people
    changed = house.directory.set_person(ADMIN, "U1", Facts(role=Role.SUPERVISOR, duties=("office_manager",)))
    assert changed == Person("U1", "甲", Role.SUPERVISOR, "早班", duties=("office_manager",))
    assert people.get("U1") == changed
    assert [one.id for one in people.with_role(Role.SUPERVISOR)] == ["U1", "U2"]
    house.directory.set_person(ADMIN, "U1", Facts(team=""))  # what is not said again stays
    assert people.get("U1").role is Role.SUPERVISOR
    assert people.get("U1").team == ""
    assert house.directory.source("U1") == {
        "name": "file",
        "role": "command",
        "team": "command",
        "duties": "command",
    }
    assert house.directory.reset(ADMIN, "U1") == 1
    assert people.get("U1") == Person("U1", "甲", Role.LEADER, "早班")
    assert house.directory.reset(ADMIN) == 0


def test_somebody_is_added_and_taken_out(house: Desk) -> None:
    assert house.directory.set_person(ADMIN, "U9", Facts(name=" 新 人 ")) == Person("U9", "新 人", Role.AGENT)
    house.directory.remove_person(ADMIN, "U9")
    assert "U9" not in {one.id for one in house.people.everybody()}
    house.directory.set_person(ADMIN, "U2", Facts(deputy=""))
    house.directory.remove_person(ADMIN, "U1")  # whom the file lists
    assert house.people.get("U1") == Person("U1", "U1", Role.AGENT)
    # Taken in again they are an agent: nobody gets back a role that was taken from them without it being said.
    assert house.directory.set_person(ADMIN, "U1", Facts(team="晚班")).role is Role.AGENT
    house.directory.reset(ADMIN, "U1")
    assert house.people.get("U1").role is Role.LEADER
    with pytest.raises(NotFound):
        house.directory.remove_person(ADMIN, "U_NOBODY")


def test_only_admins_say_who_is_who(house: Desk) -> None:
    acts: list[Callable[[], object]] = [
        lambda: house.directory.set_person(SUPERVISOR, SUPERVISOR.id, Facts(role=Role.MANAGER)),
        lambda: house.directory.remove_person(SUPERVISOR, "U1"),
        lambda: house.directory.reset(SUPERVISOR),
        lambda: house.directory.set_group(SUPERVISOR, GroupRule("x", Role.ADMIN)),
        lambda: house.directory.remove_group(SUPERVISOR, "leads"),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert house.audit() == []


def test_a_mistake_changes_nothing(house: Desk) -> None:
    for person_id, facts, field in [
        ("U1", Facts(deputy="U_NOBODY"), "deputy"),
        ("U1", Facts(deputy="U1"), "deputy"),
        ("U1", Facts(deputy="U2"), "deputy"),  # whose deputy is U1
        ("U1", Facts(team="长" * 121), "team"),
        ("U 1", Facts(), "person"),
        ("", Facts(), "person"),
    ]:
        with pytest.raises(InvalidInput) as refused:
            house.directory.set_person(ADMIN, person_id, facts)
        assert refused.value.field == field
    assert house.audit() == []
    house.directory.refresh()
    assert house.people.get("U1") == Person("U1", "甲", Role.LEADER, "早班")


def test_a_deputy_of_somebody_is_not_taken_out(house: Desk) -> None:
    with pytest.raises(InvalidInput, match="deputy of 乙"):
        house.directory.remove_person(ADMIN, "U1")


def test_every_change_stands_in_the_trail_which_vouches_for_the_rows(house: Desk, engine: Engine) -> None:
    directory = house.directory
    directory.set_person(ADMIN, "U1", Facts(role=Role.MANAGER))
    directory.set_person(ADMIN, "U1", Facts(role=Role.MANAGER))  # nothing changes
    directory.set_attendance(house.people.get("U1"), "U1", on=False)
    directory.set_group(ADMIN, GroupRule("bosses", Role.MANAGER))
    directory.keep_members("bosses", "S1", {"U5": "五"})
    directory.keep_members("bosses", "S1", {"U5": "五"})
    directory.remove_group(ADMIN, "leads")
    directory.reset(ADMIN)
    assert [(entry.action, entry.subject) for entry in house.audit()] == [
        ("people.set", "person:U1"),
        ("attendance.off", "attendance:U1"),
        ("group.set", "group_rule:bosses"),
        ("group.read", "group_members:bosses"),
        ("group.removed", "group_rule:leads"),
        ("people.reset", "person:U1"),
        ("group.reset", "group_rule:bosses"),
        ("group.reset", "group_rule:leads"),
    ]
    assert house.verify_audit() is None
    directory.set_person(ADMIN, "U1", Facts(role=Role.LEADER))
    with engine.begin() as connection:
        connection.execute(text("UPDATE people SET facts = '{\"role\": \"admin\"}' WHERE id = 'U1'"))
    broken = house.verify_audit()
    assert broken is not None
    assert "person U1" in broken.reason


def test_a_change_behind_the_desk_shows(house: Desk, engine: Engine) -> None:
    house.directory.set_group(ADMIN, GroupRule("bosses", Role.MANAGER))
    house.directory.keep_members("bosses", "S1", {"U5": "五"})
    house.directory.set_attendance(ADMIN, "U1", on=True)
    assert house.verify_audit() is None
    for tampering in [
        'UPDATE people_group_members SET members = \'{"U6": "六"}\'',
        'UPDATE people_groups SET rule = \'{"role": "admin"}\'',
        "UPDATE attendance SET until = '2099-01-01 00:00:00'",
        "DELETE FROM attendance",
    ]:
        with engine.connect() as connection, connection.begin() as undone:
            connection.execute(text(tampering))
            with Session(connection) as session:
                assert audit.verify(session) is not None, tampering
            undone.rollback()
    assert house.verify_audit() is None


def test_attendance_is_ones_own_to_say_and_ends_with_the_shift(house: Desk, clock: Clock) -> None:
    said = house.directory.set_attendance(house.people.get("U1"), "U1", on=False)  # 10:00 in Shanghai
    assert said.until - clock() == timedelta(hours=6, minutes=30)
    assert house.people.on_shift("U1") is False
    clock.advance(timedelta(hours=22, minutes=30))  # the next morning, 08:30
    assert house.people.on_shift("U1") is True
    with pytest.raises(NotAllowed):
        house.directory.set_attendance(AGENT, "U1", on=True)
    house.directory.set_attendance(Person("U2", "乙", Role.SUPERVISOR, "早班"), "U1", on=False)
    assert house.people.on_shift("U1") is False
    with pytest.raises(InvalidInput):
        house.directory.set_attendance(ADMIN, "U1", on=True, until=clock())


def test_the_deputy_is_asked_while_somebody_is_off_shift(engine: Engine, clock: Clock) -> None:
    stand_in = Person("U_D", "代", Role.SUPERVISOR, "晚班")
    boss = Person("U_B", "班", Role.SUPERVISOR, "早班", deputy="U_D")
    asker = Person("U_A", "问", team="早班")
    desk = Desk(engine, People([boss, stand_in, asker]), clock)
    assert desk.people.superiors(asker, Role.SUPERVISOR) == [boss]
    desk.directory.set_attendance(boss, boss.id, on=False)
    assert desk.people.superiors(asker, Role.SUPERVISOR) == [stand_in]
    desk.directory.set_attendance(stand_in, stand_in.id, on=False)
    assert desk.people.superiors(asker, Role.SUPERVISOR) == [boss]


def test_a_group_gives_what_nobody_else_said(house: Desk) -> None:
    house.directory.keep_members("leads", "S1", {"U1": "Jia", "U7": "七"})
    assert house.people.get("U7") == Person("U7", "七", Role.LEADER, "晚班")
    assert house.people.get("U1") == Person("U1", "甲", Role.LEADER, "早班")
    house.directory.group_unread("leads", "missing_scope")
    (state,) = house.directory.groups()
    assert state.fault == "missing_scope"
    assert house.people.get("U7").role is Role.LEADER  # who was in it last stays
    assert any("@leads cannot be read (missing_scope); its 2" in one for one in house.directory.concerns())
    house.directory.keep_members("leads", "S1", {"U1": "Jia"})
    assert house.people.get("U7").role is Role.AGENT
    assert not any("@leads" in one for one in house.directory.concerns())
    house.directory.remove_group(ADMIN, "@leads")
    assert house.directory.groups() == []
    with pytest.raises(NotFound):
        house.directory.remove_group(ADMIN, "leads")


def test_another_process_sees_a_change_at_its_next_look(
    house: Desk, url: str, file: Path, clock: Clock
) -> None:
    other_engine = open_engine(url)
    other = Desk(other_engine, People.load(file), clock)
    other.directory.refresh()
    assert other.directory.refresh() is False
    house.directory.set_person(ADMIN, "U1", Facts(role=Role.MANAGER))
    assert other.people.get("U1").role is Role.LEADER
    assert other.directory.refresh() is True
    assert other.people.get("U1").role is Role.MANAGER
    assert other.directory.refresh() is False
    other_engine.dispose()


def test_an_edited_file_is_read_and_a_broken_one_is_not_believed(house: Desk, file: Path) -> None:
    house.directory.set_person(ADMIN, "U2", Facts(team="晚班"))
    rewrite(file, FILE.replace('"甲"', '"甲甲"'))
    assert house.directory.refresh() is True
    assert house.people.get("U1").name == "甲甲"
    assert house.people.get("U2").team == "晚班"
    rewrite(file, "[[people]]\nid = 'U1'\nrole = 'boss'\n")
    house.directory.refresh()
    assert house.people.get("U1").role is Role.LEADER
    assert any("[[people]] number 1 (U1), role" in one for one in house.directory.concerns())
    house.directory.set_person(ADMIN, "U2", Facts(team="早班"))  # commands go on working
    assert house.people.get("U2").team == "早班"
    file.unlink()
    house.directory.refresh()
    assert house.people.get("U1").name == "甲甲"
    assert "cannot be read" in house.directory.file_fault
    file.write_text(FILE, encoding="utf-8")
    house.directory.refresh()
    assert house.people.get("U1").name == "甲"
    assert house.directory.file_fault == ""


def test_a_file_that_is_written_later_is_found(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    desk = Desk(engine, People(path=path), clock)
    desk.directory.refresh()
    assert desk.people.everybody() == []
    path.write_text(FILE, encoding="utf-8")
    assert desk.directory.refresh() is True
    assert [one.id for one in desk.people.everybody()] == ["U1", "U2"]


def test_many_at_once_lose_nothing(house: Desk) -> None:
    ids = [f"U{number}" for number in range(100, 120)]
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(house.directory.set_person, ADMIN, one, Facts(name=one)) for one in ids]
        jobs += [pool.submit(house.directory.set_attendance, ADMIN, one, on=True) for one in ids]  # type: ignore[arg-type]
        for job in jobs:
            job.result()
    assert set(ids) <= {one.id for one in house.people.everybody()}
    assert all(house.people.on_shift(one) for one in ids)
    assert house.verify_audit() is None


def test_people_are_found_by_id_mention_and_name(desk: Desk) -> None:
    named = desk.directory.named
    assert named("U_LEADER") == named("<@U_LEADER|lin>") == named(" 林领 ") == [LEADER]
    assert named(AGENT2.name) == [AGENT2]
    assert named("") == named("谁") == []
