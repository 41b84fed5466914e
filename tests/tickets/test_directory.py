"""The directory: what the people file may say, whose ladder counts, who is on shift, who is asked for whom."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk_samples import escalation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tickets.directory import Snapshot
from tickets.directory_roles import DEFAULT_LADDER, Ladder, ScopedLadder
from tickets.directory_shifts import Attendance, Roster, Shift, lasts_until, running
from tickets.directory_told import Facts, GroupRule, Membership, Overlay, Told, merge
from tickets.errors import NotAllowed, PeopleError
from tickets.people import People, Person, Role
from tickets.people_file import parse
from tickets.rules import require_attendance
from tickets.rungs import Addressed, address

ZONE = ZoneInfo("Asia/Shanghai")

FILE = """
[[people]]
id = "U_A"
name = "甲"
team = "早班"
organisation = "松林"
[[people]]
id = "U_L"
name = "乙"
role = "leader"
team = "早班"
organisation = "松林"
deputy = "U_S"
[[people]]
id = "U_S"
name = "丙"
role = "supervisor"
organisation = "松林"
duties = ["office_manager"]
[[people]]
id = "U_B"
name = "丁"
organisation = "白桦"
[[people]]
id = "U_M"
name = "戊"
role = "manager"
organisation = "白桦"
[[people]]
id = "U_G"
name = "己"
role = "general_manager"

[ladder.names]
leader = "组长"

[[ladders]]
organisation = "白桦"
rungs = ["manager", "general_manager"]
names = { manager = "店长" }

[[shifts]]
team = "早班"
days = ["mon", 2, "周三", "thu", "friday"]
from = 08:00:00
to = "16:30"
[[shifts]]
people = ["U_S"]
days = ["mon", "tue", "holidays"]
from = "16:00"
to = "01:00"

[[groups]]
handle = "@on-call"
on_shift = true
role = "supervisor"
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def load(tmp_path: Path, text: str = FILE) -> People:
    path = tmp_path / "people.toml"
    path.write_text(text, encoding="utf-8")
    people = People.load(path)
    people.keep_time(lambda: at("2026-11-24 10:00"), ZONE)  # a Tuesday
    return people


# -- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[[people]]\nid = 'U1'\ndeputy = 'U2'", "[[people]] number 1 (U1), deputy: nobody is listed under U2"),
        ("[[people]]\nid = 'U1'\ndeputy = 'U1'", "circle (U1 → U1)"),
        (
            "[[people]]\nid = 'U1'\ndeputy = 'U2'\n[[people]]\nid = 'U2'\ndeputy = 'U3'\n"
            "[[people]]\nid = 'U3'\ndeputy = 'U2'",
            "circle (U1 → U2 → U3 → U2)",
        ),
        ("[[people]]\nid = 'U1'\n[[people]]\nid = 'U1'", "[[people]] number 2 (U1): this id is listed twice"),
        ("[[people]]\nid = 'U1'\n[[people]]\nid = 'U2'\nrole = 'boss'", "[[people]] number 2 (U2), role"),
        ("[[people]]\nid = 'U1'\nboss = 'U2'", "[[people]] number 1 (U1), boss"),
        ("[[people]]\nid = 'U1'\nduties = 'office_manager'", "(U1), duties"),
        ("[[people]]\nid = ''", "[[people]] number 1, id"),
        ("[[ladders]]\nrungs = ['leader']", "[[ladders]] number 1: say of which"),
        ("[[ladders]]\nteam = 'x'\nrungs = ['leader', 'leader']", "[[ladders]] number 1: each rung once"),
        ("[[ladders]]\nteam = 'x'\n[[ladders]]\nteam = 'x'", "[[ladders]] number 2: this organisation"),
        ("[ladder]\nrungs = ['agent']", "ladder: each rung once"),
        ("[ladder]\nrungs = []", "ladder.rungs"),
        ("[[shifts]]\nfrom = '08:00'\nto = '16:00'", "[[shifts]] number 1: say either whose"),
        ("[[shifts]]\nteam = 'x'\npeople = ['U1']\nfrom = '08:00'\nto = '16:00'", "say either whose"),
        ("[[shifts]]\npeople = ['U1']\nfrom = '08:00'\nto = '16:00'", "number 1, people: nobody is listed"),
        ("[[shifts]]\nteam = 'x'\nfrom = '8 o clock'\nto = '16:00'", "[[shifts]] number 1, from: write times"),
        ("[[shifts]]\nteam = 'x'\nfrom = '08:00'\nto = '24:01'", "[[shifts]] number 1, to: write times"),
        ("[[shifts]]\nteam = 'x'\nfrom = '08:00'\nto = '08:00'", "number 1: from and to must differ"),
        ("[[shifts]]\nteam = 'x'\nfrom = '08:00'\nto = '9:00'\ndays = ['someday']", "days.0: write days"),
        ("[[shifts]]\nteam = 'x'\nfrom = '08:00'\nto = '9:00'\ndays = [8]", "days.0: write days"),
        ("[[shifts]]\nteam = 'x'\nfrom = '08:00'", "[[shifts]] number 1, to"),
        ("[[groups]]\nhandle = 'x'", "[[groups]] number 1 (x): say what being in it means"),
        (
            "[[groups]]\nhandle = '@x'\nteam = 'a'\n[[groups]]\nhandle = 'x'\nteam = 'b'",
            "[[groups]] number 2, handle: each group once",
        ),
        ("[[shift]]\nteam = 'x'", "shift: no such table; shifts is meant"),
        ("[[people]\nid = 'U1'", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_sentence_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(PeopleError) as refused:
        load(tmp_path, text)
    sentence = str(refused.value)
    assert place in sentence
    assert str(tmp_path / "people.toml") in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")


def test_tables_of_other_parts_stand_in_the_same_file() -> None:
    told = parse({"people": [{"id": "U1"}], "weather": {"unit": "C"}}, "people.toml")
    assert list(told.people) == ["U1"]


# -- the ladder ----------------------------------------------------------------------------------


def test_the_ladder_is_that_of_the_team_then_of_the_organisation_then_the_default(tmp_path: Path) -> None:
    people = load(tmp_path, FILE + "[[ladders]]\nteam = '夜班'\nrungs = ['supervisor']\n")
    assert people.ladder_of(people.get("U_A")) is people.ladder
    assert people.ladder_of(people.get("U_B")).name(Role.MANAGER) == "店长"
    assert people.ladder_of(people.get("U_B")).name(Role.LEADER) == "组长"  # as in the default
    night = Person("U_N", "夜", team="夜班", organisation="白桦")
    assert people.ladder_of(night).rungs == (Role.SUPERVISOR,)
    assert people.ladder_of(people.get("U_NEW")) is people.ladder


def test_the_next_rung_and_the_address_follow_the_persons_ladder(tmp_path: Path) -> None:
    people = load(tmp_path)
    assert people.next_rung(people.get("U_A")) is Role.LEADER
    assert people.next_rung(people.get("U_A"), excluding={Role.LEADER}) is Role.SUPERVISOR
    assert people.next_rung(people.get("U_B")) is Role.MANAGER
    assert people.next_rung(people.get("U_G")) is None
    assert address(people, people.get("U_B"), escalation()) == Addressed(Role.MANAGER)
    # The manager is the other organisation's, and theirs is a ladder of its own: nobody to pass over here.
    upwards = address(people, people.get("U_S"), escalation(next_role=Role.GENERAL_MANAGER))
    assert upwards.role is Role.GENERAL_MANAGER
    assert [one.role for one in upwards.left_out] == [Role.MANAGER]
    with pytest.raises(NotAllowed):
        address(people, people.get("U_G"), escalation())


# -- who is asked --------------------------------------------------------------------------------

OF = Person("U_OF", "问", team="早班", organisation="松林")


def asked(*people: Person, of: Person = OF, told: Told | None = None, **overlay: object) -> list[str]:
    facts = {person.id: Facts.of(person) for person in (*people, of)}
    base = told or Told()
    snapshot = merge(
        Told(facts, base.ladder, base.ladders, base.shifts),
        Overlay(**overlay),  # type: ignore[arg-type]
    )
    found = snapshot.superiors(of, Role.SUPERVISOR, (), at("2026-11-24 10:00"))
    return [person.id for person in found]


def chief(person_id: str, team: str = "", organisation: str = "松林", **more: object) -> Person:
    return Person(person_id, person_id, Role.SUPERVISOR, team, organisation, **more)  # type: ignore[arg-type]


def away(*ids: str) -> dict[str, Attendance]:
    return {one: Attendance(False, at("2026-11-24 08:00"), at("2026-11-24 20:00")) for one in ids}


def test_the_own_team_comes_first_then_the_organisation_then_those_without_either() -> None:
    team, house, other = chief("U1", "早班"), chief("U2"), chief("U3", "晚班")
    nobody, foreign = chief("U4", "", ""), chief("U5", "早班", "白桦")
    assert asked(foreign, nobody, other, house, team) == ["U1"]
    assert asked(foreign, nobody, other, house) == ["U2", "U3"]
    assert asked(foreign, nobody) == ["U4"]
    assert asked(foreign) == ["U5"]


def test_an_organisation_with_a_ladder_of_its_own_is_never_asked() -> None:
    closed = Told(ladders=(ScopedLadder(Ladder((Role.SUPERVISOR,)), "白桦"),))
    assert asked(chief("U5", "", "白桦"), told=closed) == []
    assert asked(chief("U5", "", "白桦"), chief("U6", "", "杨树"), told=closed) == ["U6"]


def test_who_is_off_shift_is_replaced_by_their_deputy() -> None:
    one, two = chief("U1", "早班", deputy="U2"), chief("U2", deputy="U3")
    three = chief("U3")
    assert asked(one, two, three) == ["U1"]
    assert asked(one, two, three, attendance=away("U1")) == ["U2"]
    assert asked(one, two, three, attendance=away("U1", "U2")) == ["U3"]
    # Nobody of the team is there and no deputy either: the rest of the organisation is asked.
    lonely = chief("U1", "早班")
    assert asked(lonely, two, three, attendance=away("U1")) == ["U2", "U3"]
    # Nobody is there at all: those who are responsible, all the same.
    assert asked(lonely, two, attendance=away("U1", "U2")) == ["U1"]


def test_a_deputy_who_is_the_asker_or_stands_lower_does_not_stand_in() -> None:
    assert asked(chief("U1", deputy=OF.id), attendance=away("U1")) == ["U1"]
    low = Person("U2", "U2", Role.LEADER, "", "松林")
    assert asked(chief("U1", deputy="U2"), low, attendance=away("U1")) == ["U1"]
    high = Person("U2", "U2", Role.MANAGER, "", "松林")
    assert asked(chief("U1", deputy="U2"), high, attendance=away("U1")) == ["U2"]


def test_nobody_stands_in_through_somebody_who_is_complained_about() -> None:
    people = People([OF, chief("U1", deputy="U2"), chief("U2", deputy="U3"), chief("U3")])
    people.swap(people.told, Overlay(attendance=away("U1")))
    people.keep_time(lambda: at("2026-11-24 10:00"), ZONE)
    found = people.superiors(OF, Role.SUPERVISOR, excluding={"U2"})
    assert [one.id for one in found] == ["U3", "U1"]


def test_those_on_shift_come_before_those_of_whom_nothing_is_known() -> None:
    here = Attendance(True, at("2026-11-24 08:00"), at("2026-11-24 20:00"))
    assert asked(chief("U1"), chief("U2"), attendance={"U2": here}) == ["U2", "U1"]


def test_duties_are_found_in_the_own_house_first(tmp_path: Path) -> None:
    people = load(tmp_path)
    assert [one.id for one in people.with_duty("office_manager", people.get("U_A"))] == ["U_S"]
    assert [one.id for one in people.with_duty("office_manager", people.get("U_B"))] == ["U_S"]
    assert [one.id for one in people.with_duty("office_manager")] == ["U_S"]
    assert people.with_duty("cook", people.get("U_A")) == []
    assert [one.id for one in people.colleagues(people.get("U_A"))] == ["U_L"]
    assert people.colleagues(people.get("U_B")) == []


_PEOPLE = st.builds(
    lambda number, role, team, house, deputy: Person(
        f"U{number}", f"U{number}", role, team, house, f"U{deputy}" if deputy != number else ""
    ),
    st.integers(0, 9),
    st.sampled_from(list(Role)),
    st.sampled_from(["", "早班", "晚班"]),
    st.sampled_from(["", "松林", "白桦"]),
    st.integers(0, 9),
)


@given(
    st.lists(_PEOPLE, min_size=1, max_size=10, unique_by=lambda one: one.id),
    st.sampled_from(DEFAULT_LADDER.rungs),
    st.sets(st.integers(0, 9).map("U{}".format), max_size=3),
    st.dictionaries(st.integers(0, 9).map("U{}".format), st.booleans()),
    st.booleans(),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
def test_somebody_fit_is_asked_whenever_anybody_remains(
    everybody: list[Person], role: Role, excluding: set[str], said: dict[str, bool], closed: bool
) -> None:
    of, now = everybody[0], at("2026-11-24 10:00")
    ladders = (ScopedLadder(DEFAULT_LADDER, "白桦"),) if closed else ()
    attendance = {
        one: Attendance(on, at("2026-11-24 08:00"), at("2026-11-24 20:00")) for one, on in said.items()
    }
    snapshot = Snapshot({one.id: one for one in everybody}, ladders=ladders, attendance=attendance)
    found = snapshot.superiors(of, role, excluding, now)
    barred = {of.id, *excluding}
    assert not {one.id for one in found} & barred
    assert len({one.id for one in found}) == len(found)
    height = DEFAULT_LADDER.height
    assert all(height(one.role) >= height(role) for one in found)
    open_houses = {"", "松林", of.organisation, *([] if closed else ["白桦"])}
    remaining = [
        one
        for one in everybody
        if one.role is role and one.id not in barred and one.organisation in open_houses
    ]
    assert bool(found) == bool(remaining)
    own = [one for one in remaining if one.organisation == of.organisation]
    if own:
        assert all(one.organisation in ("", of.organisation) for one in found)
    if found and snapshot.on_shift(found[0], now) is False:
        assert all(snapshot.on_shift(one, now) is False for one in found)


# -- shifts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-24 07:59", False),
        ("2026-11-24 08:00", True),  # Tuesday
        ("2026-11-24 16:29", True),
        ("2026-11-24 16:30", False),
        ("2026-11-28 10:00", False),  # Saturday
        ("2026-10-01 10:00", True),  # a public holiday, of which this roster says nothing
    ],
)
def test_a_roster_by_weekdays(tmp_path: Path, moment: str, expected: bool) -> None:
    assert load(tmp_path).on_shift("U_A", at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23 15:59", False),  # Monday
        ("2026-11-23 16:00", True),
        ("2026-11-24 00:59", True),
        ("2026-11-24 01:00", False),
        ("2026-11-25 00:30", True),  # Tuesday's shift
        ("2026-11-26 00:30", False),  # none began on Wednesday
        ("2026-10-01 17:00", True),  # Thursday, and National Day
        ("2026-10-02 00:30", True),
        ("2026-10-10 17:00", False),  # a Saturday worked to make up: no holiday
        ("2027-10-01 17:00", True),  # not announced yet, but fixed by date
    ],
)
def test_a_roster_over_midnight_and_on_holidays(tmp_path: Path, moment: str, expected: bool) -> None:
    assert load(tmp_path).on_shift("U_S", at(moment)) is expected


def test_a_roster_that_names_holidays_leaves_out_what_does_not() -> None:
    weekdays = Shift(480, 960, frozenset(range(1, 8)), team="早班")
    holidays = Shift(600, 720, frozenset(), holidays=True, team="早班")
    assert running(Roster((weekdays,)), at("2026-10-01 09:00"))
    assert running(Roster((weekdays, holidays)), at("2026-10-01 09:00")) is None
    assert running(Roster((weekdays, holidays)), at("2026-10-01 11:00")) == at("2026-10-01 12:00")
    assert running(Roster((weekdays, holidays)), at("2026-11-24 11:00")) == at("2026-11-24 16:00")


def test_what_is_said_holds_until_the_end_of_the_shift() -> None:
    night = Roster((Shift(16 * 60, 25 * 60, frozenset({2})),))
    assert lasts_until(night, at("2026-11-24 17:00")) == at("2026-11-25 01:00")
    assert lasts_until(night, at("2026-11-25 00:30")) == at("2026-11-25 01:00")
    assert lasts_until(night, at("2026-11-24 15:50")) == at("2026-11-25 01:00")  # ten minutes early
    assert lasts_until(night, at("2026-11-24 09:00")) == at("2026-11-25 00:00")
    assert lasts_until(Roster(), at("2026-11-24 22:00")) == at("2026-11-25 06:00")


def test_attendance_beats_groups_and_groups_beat_the_roster(tmp_path: Path) -> None:
    people = load(tmp_path)
    monday = at("2026-11-23 17:00")
    assert people.on_shift("U_S", monday) is True
    members = {"on-call": Membership("S1", {"U_X": "X"}, monday)}
    people.swap(people.told, Overlay(members=members))
    assert people.on_shift("U_S", monday) is False  # a supervisor who is not in the group
    assert people.on_shift("U_X", monday) is True
    assert people.on_shift("U_M", monday) is None  # no supervisor: the group does not speak of them
    people.swap(
        people.told,
        Overlay(members=members, attendance={"U_S": Attendance(True, monday, at("2026-11-23 18:00"))}),
    )
    assert people.on_shift("U_S", monday) is True
    assert people.on_shift("U_S", at("2026-11-23 18:00")) is False
    assert people.on_shift("U_NEW", monday) is None


# -- sources -------------------------------------------------------------------------------------


def test_a_command_goes_before_the_file_and_the_file_before_a_group() -> None:
    told = Told({"U1": Facts("甲", Role.LEADER)}, groups=(GroupRule("bosses", Role.MANAGER, "早班"),))
    members = {"bosses": Membership("S1", {"U1": "Jia", "U2": "Yi"}, at("2026-11-24 10:00"))}
    merged = merge(told, Overlay({"U1": Facts(name="阿甲")}, members=members))
    assert merged.people["U1"] == Person("U1", "阿甲", Role.LEADER, "早班")
    assert merged.sources["U1"] == {"name": "command", "role": "file", "team": "@bosses"}
    assert merged.people["U2"] == Person("U2", "Yi", Role.MANAGER, "早班")
    without = merge(told, Overlay(removed=frozenset({"U2"}), groups={"bosses": None}, members=members))
    assert set(without.people) == {"U1"}


def test_who_may_say_that_somebody_is_on_shift() -> None:
    agent, mate = Person("U1", "甲", team="早班"), Person("U2", "乙", team="早班")
    lead = Person("U3", "丙", Role.LEADER, "早班")
    boss, other = chief("U4", "早班", ""), chief("U5", "晚班", "")
    top = Person("U6", "戊", Role.MANAGER, "早班")
    everywhere, admin = chief("U7", "", ""), Person("U8", "己", Role.ADMIN)
    for able, person in [(agent, agent), (boss, agent), (boss, lead), (everywhere, agent), (admin, top)]:
        require_attendance(able, person, DEFAULT_LADDER)
    for unable, person in [(agent, mate), (lead, agent), (other, agent), (boss, top)]:
        with pytest.raises(NotAllowed):
            require_attendance(unable, person, DEFAULT_LADDER)
