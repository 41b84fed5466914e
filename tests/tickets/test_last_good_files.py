"""Files that are spoiled while the desk runs, or while it does not: what was right last goes on holding."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_samples import ADMIN, EVERYBODY, Clock
from sqlalchemy import Engine

from tickets import calendar_file, people_file, procedure_files
from tickets.desk import Desk
from tickets.errors import CalendarError, PeopleError
from tickets.last_good import LastGood
from tickets.people import People, Role
from tickets.toml_lines import line_of

PEOPLE = """# who is who
[[people]]
id = "U1"
name = "甲"
role = "{role}"

[[people]]
id = "U2"
deputy = "U1"
"""
APPOINTMENT = """[[appointments]]
key = "{key}"
rule = "FREQ=DAILY"
at = "{at}"
name = {{ zh = "班会", en = "Meeting" }}
text = {{ zh = "班会", en = "Meeting" }}
"""
PROCEDURE = """prefix = "KK"
name = {{ zh = "{name}", en = "Keys" }}
purpose = {{ zh = "领钥匙", en = "Keys" }}
[[fields]]
key = "room"
kind = "{kind}"
label = {{ zh = "房间", en = "Room" }}
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# -- the calendar ------------------------------------------------------------------------------------


def test_a_calendar_that_is_spoiled_goes_on_as_it_was(tmp_path: Path) -> None:
    own = write(tmp_path / "calendar.toml", APPOINTMENT.format(key="mine", at="09:00"))
    calendar = LastGood(own, tmp_path / "copy" / "calendar.toml", calendar_file.load)
    assert "mine" in {one.key for one in calendar.now()}
    write(own, APPOINTMENT.format(key="other", at="quarter past nine"))
    assert "mine" in {one.key for one in calendar.now()}
    assert "line 4, appointments.0.at" in calendar.fault
    # also after a restart, from the copy
    again = LastGood(own, tmp_path / "copy" / "calendar.toml", calendar_file.load)
    assert "mine" in {one.key for one in again.now()}
    assert again.fault == calendar.fault
    write(own, APPOINTMENT.format(key="other", at="09:15"))
    assert "other" in {one.key for one in calendar.now()}
    assert calendar.fault == ""


def test_a_calendar_that_never_was_right_gives_way_to_that_of_the_product(tmp_path: Path) -> None:
    own = write(tmp_path / "calendar.toml", "[[appointments")
    calendar = LastGood(own, None, calendar_file.load)
    assert calendar.now() == calendar_file.load()
    assert "Mend that place." in calendar.fault
    own.unlink()
    assert calendar.now() == calendar_file.load()
    assert calendar.fault == ""


# -- people ------------------------------------------------------------------------------------------


def test_a_spoiled_people_file_is_told_with_its_line_and_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "people.toml", PEOPLE.format(role="boss"))
    with pytest.raises(
        PeopleError, match=r"line 5, \[\[people\]\] number 1 \(U1\), role: .*Mend that place\.$"
    ):
        people_file.read(path)
    write(
        path,
        PEOPLE.format(role="leader").replace('"U1"\n\n', '"U3"\n').replace('deputy = "U1"', 'deputy = "U9"'),
    )
    with pytest.raises(PeopleError, match=r"line 9, \[\[people\]\] number 2 \(U2\), deputy: nobody"):
        people_file.read(path)
    write(path, "[[people]]\nid = 'U1'\n[[people]\n")
    with pytest.raises(PeopleError, match="at line 3"):
        people_file.read(path)


def test_lines_are_found_where_there_are_headers_and_keys() -> None:
    text = (
        "a = 1\n[ladder]\nrungs = []\n[ladder.names]\nleader = 3\n[[shifts]]\nteam = ''\n[[shifts]]\nto = 1\n"
    )
    assert line_of(text, ("ladder", "rungs")) == 3
    assert line_of(text, ("ladder", "names", "leader")) == 5
    assert line_of(text, ("shifts", 1, "to")) == 9
    assert line_of(text, ("shifts", 1, "from")) == 8  # what is missing: its header
    assert line_of(text, ("a",)) == 1
    assert line_of(text, ("people", 0, "id")) == 0
    assert line_of(text, ()) == 0


def test_a_desk_opens_with_what_the_people_file_said_last(
    tmp_path: Path, engine: Engine, clock: Clock
) -> None:
    path, copy = (
        write(tmp_path / "people.toml", PEOPLE.format(role="leader")),
        tmp_path / "copy" / "people.toml",
    )
    assert People.load_or_last_good(path, copy).fault == ""
    write(path, PEOPLE.format(role="boss"))
    people = People.load_or_last_good(path, copy)
    assert people.get("U1").role is Role.LEADER
    desk = Desk(engine, people, clock)
    desk.directory.copy = copy
    assert "line 5" in desk.directory.file_fault
    desk.directory.refresh()
    assert "line 5" in desk.directory.file_fault
    write(path, PEOPLE.format(role="supervisor"))
    desk.directory.refresh()
    assert desk.directory.file_fault == ""
    assert people.get("U1").role is Role.SUPERVISOR
    assert "supervisor" in copy.read_text(encoding="utf-8")


def test_without_a_copy_a_desk_does_not_open_on_a_spoiled_people_file(tmp_path: Path) -> None:
    path = write(tmp_path / "people.toml", PEOPLE.format(role="boss"))
    with pytest.raises(PeopleError, match=r"people\.toml is wrong at line 5"):
        People.load_or_last_good(path, tmp_path / "copy" / "people.toml")
    write(tmp_path / "copy" / "people.toml", "people = 3")
    with pytest.raises(PeopleError, match=r"people\.toml is wrong at line 5"):
        People.load_or_last_good(path, tmp_path / "copy" / "people.toml")


# -- procedures --------------------------------------------------------------------------------------


def test_a_spoiled_procedure_file_goes_on_as_it_was(tmp_path: Path, engine: Engine, clock: Clock) -> None:
    folder, copies = tmp_path / "procedures", tmp_path / "copy"
    file = write(folder / "keys.toml", PROCEDURE.format(name="钥匙", kind="text"))
    desk = Desk(engine, People(EVERYBODY), clock, procedures=folder)
    desk.procedures.copies = copies
    assert desk.procedures.catalogue.get("keys").name.zh == "钥匙"
    assert not desk.procedures.refresh()
    write(file, PROCEDURE.format(name="门卡", kind="colour"))
    assert desk.procedures.refresh()
    assert desk.procedures.catalogue.get("keys").name.zh == "钥匙"
    assert "keys.toml, fields.room.kind" in str(desk.procedures.catalogue.problems[0])
    assert procedure_files.load(folder, copies).get("keys").name.zh == "钥匙"  # after a restart
    write(file, PROCEDURE.format(name="门卡钥匙", kind="text"))
    assert desk.procedures.refresh()
    assert desk.procedures.catalogue.get("keys").name.zh == "门卡钥匙"
    assert not desk.procedures.catalogue.problems
    file.unlink()
    assert desk.procedures.refresh()
    assert "keys" not in desk.procedures.catalogue.procedures


# -- telling -----------------------------------------------------------------------------------------


def test_the_admins_hear_once_that_a_file_is_spoiled_and_once_that_it_is_good(
    engine: Engine, clock: Clock
) -> None:
    desks = [Desk(engine, People(EVERYBODY), clock) for _ in range(2)]
    assert [desk.reminders.tell_of_file("calendar", "") for desk in desks] == [False, False]
    assert [desk.reminders.tell_of_file("calendar", "line 4") for desk in desks] == [True, False]
    assert not Desk(engine, People(EVERYBODY), clock).reminders.tell_of_file(
        "calendar", "line 4"
    )  # restarted
    assert desks[1].reminders.tell_of_file("calendar", "line 5")  # mended there, and wrong elsewhere
    assert not desks[0].reminders.tell_of_file("people", "")
    assert [desk.reminders.tell_of_file("calendar", "") for desk in desks] == [True, False]
    notices = desks[0].due_notices(100)
    assert [notice.audience.user_id for notice in notices] == [ADMIN.id] * 3
    faults = [desks[0].reminders.get(notice.subject_id).due.fault for notice in notices]
    assert faults == ["line 4", "line 5", ""]
    assert desks[0].verify_audit() is None


def test_a_calendar_says_what_is_wrong_and_where(tmp_path: Path) -> None:
    own = write(
        tmp_path / "calendar.toml", APPOINTMENT.format(key="x", at="09:00").replace("DAILY", "EVERY DAY")
    )
    with pytest.raises(CalendarError, match=r"line 3, appointments\.0\.rule: .* no RRULE"):
        calendar_file.load(own)
