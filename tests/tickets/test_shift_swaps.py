"""An approved swap of shifts changes who is on shift, who is asked and who hands over; revoked, it does not any more."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from desk_samples import Clock
from procedure_samples import notices, step
from sqlalchemy import Engine

from tickets.desk import Desk
from tickets.directory_shifts import Roster, Shift, Swap, roster_of, turns_of
from tickets.errors import InvalidInput, NotAllowed, StaleRevision
from tickets.people import People, Person, Role
from tickets.procedure_records import Act, Record, RecordState
from tickets.procedure_words import InvalidForm
from tickets.records import NoticeKind, Origin

FILE = """
[[people]]
id = "U_EVE"
name = "早早"
team = "早班"
[[people]]
id = "U_NOX"
name = "小夜"
team = "夜班"
[[people]]
id = "U_LIU"
name = "刘班"
role = "leader"
team = "早班"
[[people]]
id = "U_LI"
name = "李班"
role = "leader"
team = "早班"
[[people]]
id = "U_SUN"
name = "孙管"
role = "supervisor"
[[people]]
id = "U_TOP"
name = "顶头"
role = "manager"
[[shifts]]
team = "早班"
days = ["mon", "tue", "wed", "thu", "fri"]
from = "08:00"
to = "16:00"
[[shifts]]
team = "夜班"
days = ["mon", "tue", "wed", "thu", "fri", "sat"]
from = "16:00"
to = "24:00"
[[shifts]]
people = ["U_LIU"]
days = ["thu"]
from = "08:00"
to = "16:00"
[[shifts]]
people = ["U_LI"]
days = ["fri"]
from = "08:00"
to = "16:00"
"""
THURSDAY, FRIDAY, SATURDAY = date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28)


@pytest.fixture
def desk(engine: Engine, clock: Clock, tmp_path: Path) -> Desk:
    path = tmp_path / "people.toml"
    path.write_text(FILE, encoding="utf-8")
    desk = Desk(engine, People.load(path), clock)
    desk.directory.refresh()
    return desk


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def person(desk: Desk, name: str) -> Person:
    return next(one for one in desk.people.everybody() if one.name == name)


def swapped(desk: Desk, filer: str, partner: str, day: date, back: date | None = None) -> Record:
    """Filed, agreed to and approved."""
    mate = person(desk, partner)
    values = {"shift_date": day.isoformat(), "partner": mate.id, "reason": "有事"}
    values |= {"return_date": back.isoformat()} if back else {}
    record = desk.procedures.file(person(desk, filer), "shift_swap", values, Origin(), f"{filer}{day}{back}")
    record = step(desk, record, mate, Act.ACCEPTED)
    assert not desk.directory.refresh()  # until it is approved, the old roster holds
    approver = person(desk, "孙管")
    record = step(desk, record, approver, Act.APPROVED)
    assert record.state is RecordState.DONE
    assert desk.directory.refresh()
    return record


def there(desk: Desk, moment: str) -> set[str]:
    return {one.name for one in desk.people.everybody() if desk.people.on_shift(one.id, at(moment))}


def ends(desk: Desk, name: str, day: date) -> str:
    end = desk.people.shift_end(person(desk, name), day)
    return f"{end:%d %H:%M}" if end else ""


def test_who_is_on_shift_follows_the_swap_until_it_is_revoked(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T09:00")
    assert there(desk, "2026-11-26T10:00") == {"早早", "刘班"}
    record = swapped(desk, "早早", "小夜", THURSDAY, SATURDAY)
    assert there(desk, "2026-11-26T10:00") == {"小夜", "刘班"}
    assert there(desk, "2026-11-26T18:00") == {"小夜"}  # who stands in has their own shift besides
    assert there(desk, "2026-11-28T18:00") == {"早早"}
    assert there(desk, "2026-11-27T10:00") == {"早早", "李班"}  # on the days between nothing changes
    assert (ends(desk, "早早", THURSDAY), ends(desk, "小夜", THURSDAY)) == ("", "27 00:00")
    assert (ends(desk, "早早", SATURDAY), ends(desk, "小夜", SATURDAY)) == ("29 00:00", "")
    notices(desk)
    gone = desk.procedures.revoke(person(desk, "顶头"), record.id, record.revision, "那天缺人")
    assert (gone.state, gone.path[-1].act, gone.path[-1].note) == (
        RecordState.WITHDRAWN,
        Act.REVOKED,
        "那天缺人",
    )
    told = {one.audience.user_id for one in notices(desk) if one.kind is NoticeKind.PROCEDURE_CHANGED}
    assert told == {"U_EVE", "U_NOX", "U_SUN"}
    assert desk.directory.refresh()
    assert there(desk, "2026-11-26T10:00") == {"早早", "刘班"}
    assert ends(desk, "早早", SATURDAY) == ""
    assert desk.verify_audit() is None


def test_on_one_day_they_have_each_others_shift(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T09:00")
    swapped(desk, "早早", "小夜", THURSDAY, THURSDAY)
    assert (ends(desk, "早早", THURSDAY), ends(desk, "小夜", THURSDAY)) == ("27 00:00", "26 16:00")


def test_what_was_taken_over_may_be_given_on(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T09:00")
    swapped(desk, "早早", "小夜", THURSDAY)
    clock.now += timedelta(minutes=1)
    swapped(desk, "小夜", "刘班", THURSDAY)
    assert there(desk, "2026-11-26T10:00") == {"刘班"}
    assert there(desk, "2026-11-26T18:00") == {"刘班"}


def test_the_ladder_asks_who_is_there_after_the_swap(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T09:00")
    eve = person(desk, "早早")
    asked = desk.people.superiors(eve, Role.LEADER, (), at("2026-11-26T10:00"))
    assert [one.name for one in asked] == ["刘班", "李班"]  # who is off comes last
    swapped(desk, "刘班", "李班", THURSDAY, FRIDAY)
    asked = desk.people.superiors(eve, Role.LEADER, (), at("2026-11-26T10:00"))
    assert [one.name for one in asked] == ["李班", "刘班"]
    # A deadline's hours pass while somebody who has it is there.
    liu = [person(desk, "刘班")]
    later = desk.people.later(at("2026-11-26T10:00"), timedelta(hours=1), liu, urgent=False)
    assert later == at("2026-11-27T09:00")


def test_the_handover_is_expected_of_who_works(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T09:00")
    swapped(desk, "早早", "小夜", THURSDAY, THURSDAY)
    handover = [desk.procedures.catalogue.get("shift_handover")]
    clock.now = at("2026-11-26T15:45")
    desk.reminders.look([], handover, desk.people.shift_end)
    notices(desk)
    clock.now = at("2026-11-26T15:50")
    found = desk.reminders.look([], handover, desk.people.shift_end)
    assert found == 0  # each once
    clock.now = at("2026-11-26T19:30")
    desk.reminders.look([], handover, desk.people.shift_end)
    missing = desk.reminders.missing(at("2026-11-26T00:00"), clock.now)
    assert "U_NOX" in str(missing[-1])  # who has the early shift of that day now
    assert "U_EVE" not in str(missing[-1])


def test_who_may_revoke_and_when(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T09:00")
    record = swapped(desk, "早早", "小夜", THURSDAY, SATURDAY)
    desk_ = desk.procedures
    assert record.may_revoke == ("U_SUN", "U_TOP")
    for who in ("早早", "小夜", "刘班"):
        with pytest.raises(NotAllowed):
            desk_.revoke(person(desk, who), record.id, record.revision, "不换了")
    supervisor = person(desk, "孙管")
    with pytest.raises(InvalidForm):
        desk_.revoke(supervisor, record.id, record.revision, " ")
    with pytest.raises(StaleRevision):
        desk_.revoke(supervisor, record.id, record.revision - 1, "不换了")
    # When half of it is over, that half stays as it was worked.
    clock.now = at("2026-11-27T09:00")
    desk_.revoke(supervisor, record.id, record.revision, "周六缺人")
    desk.directory.refresh()
    assert there(desk, "2026-11-26T10:00") == {"小夜", "刘班"}
    assert there(desk, "2026-11-28T18:00") == {"小夜"}
    with pytest.raises(StaleRevision):
        desk_.revoke(supervisor, record.id, record.revision + 1, "再一次")
    other = swapped(desk, "早早", "小夜", SATURDAY)
    clock.now = at("2026-11-28T08:00")
    with pytest.raises(InvalidInput, match="over"):
        desk_.revoke(supervisor, other.id, other.revision, "晚了")


def test_a_swap_with_somebody_whose_shifts_nobody_told(desk: Desk) -> None:
    known, unknown = Person("U_A", "甲"), Person("U_B", "乙")
    lines = [Shift(480, 960, frozenset(range(1, 8)), people=frozenset({"U_A"}))]
    turns = turns_of([Swap(THURSDAY, "U_A", "U_B"), Swap(FRIDAY, "U_B", "U_A")])
    people = {one.id: one for one in (known, unknown)}
    taker = roster_of(lines, unknown, turns, people)
    assert not taker  # of their other days nothing is known
    assert (len(taker.on(THURSDAY)), len(taker.on(FRIDAY))) == (1, 0)
    giver = roster_of(lines, known, turns, people)
    assert giver == Roster(tuple(lines), {THURSDAY: (), FRIDAY: tuple(lines)})
