"""Deadlines that pass in shifts: over nights, weekends, holidays and the days when clocks are put on and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from desk_samples import ORIGIN, Clock, escalation
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from tickets.confirmed import ConfirmedContent
from tickets.desk import Desk
from tickets.directory_shifts import DAY, Roster, Shift, running
from tickets.people import People
from tickets.people_file import parse
from tickets.records import EscalationState, Urgency
from tickets.rung_records import Grounds, StepKind
from tickets.working_time import after

SITE = ZoneInfo("Asia/Shanghai")
PARIS = ZoneInfo("Europe/Paris")
WEEKDAYS = frozenset(range(1, 6))
OFFICE = Shift(8 * 60, 17 * 60, WEEKDAYS)
NIGHT = Shift(22 * 60, DAY + 6 * 60, frozenset(range(1, 8)))


def at(text: str, zone: ZoneInfo = SITE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ("2026-11-24T10:00", 4, "2026-11-24T14:00"),
        ("2026-11-24T15:00", 4, "2026-11-25T10:00"),  # two hours today, two tomorrow
        ("2026-11-24T20:00", 4, "2026-11-25T12:00"),  # filed in the evening
        ("2026-11-27T16:00", 4, "2026-11-30T11:00"),  # over a weekend
        ("2026-11-24T08:00", 9, "2026-11-24T17:00"),  # to the end of the day, not to the next morning
        ("2026-11-24T10:00", 24, "2026-11-26T16:00"),
    ],
)
def test_hours_pass_in_the_shifts(start: str, hours: float, ends: str) -> None:
    assert after(at(start), timedelta(hours=hours), [Roster((OFFICE,))], SITE) == at(ends)


def test_a_rung_works_while_one_of_its_people_does() -> None:
    assert after(
        at("2026-11-24T16:00"), timedelta(hours=4), [Roster((OFFICE,)), Roster((NIGHT,))], SITE
    ) == at("2026-11-25T01:00")
    assert after(at("2026-11-24T16:00"), timedelta(hours=4), [Roster((OFFICE,)), Roster()], SITE) == at(
        "2026-11-24T20:00"
    )
    assert after(at("2026-11-24T16:00"), timedelta(hours=4), [], SITE) == at("2026-11-24T20:00")


def test_holidays_are_no_working_time_where_the_roster_speaks_of_them() -> None:
    closed = Roster((OFFICE, Shift(10 * 60, 12 * 60, frozenset(), holidays=True)))
    # 1 October is the first of the National Day holidays: two hours there, then two again the day after.
    assert after(at("2026-09-30T16:00"), timedelta(hours=4), [closed], SITE) == at("2026-10-02T11:00")


def test_an_hour_is_an_hour_when_clocks_are_put_on_and_back() -> None:
    night = [Roster((NIGHT,))]
    begin = at("2026-03-28T23:00", PARIS)  # at two the clocks go to three
    assert after(begin, timedelta(hours=4), night, PARIS).astimezone(PARIS) == at("2026-03-29T04:00", PARIS)
    begin = at("2026-10-24T23:00", PARIS)  # at three they go back to two
    assert after(begin, timedelta(hours=4), night, PARIS).astimezone(PARIS) == at("2026-10-25T02:00", PARIS)


def test_a_roster_of_holidays_alone_does_not_wait_for_years() -> None:
    never = [Roster((Shift(600, 720, frozenset(), holidays=True),))]
    assert after(at("2027-11-01T10:00"), timedelta(hours=4), never, SITE) >= at("2027-11-01T14:00")


shifts = st.builds(
    lambda begin, length, days: Shift(begin, begin + length, days),
    st.integers(0, DAY - 1),
    st.integers(1, DAY),
    st.frozensets(st.integers(1, 7), min_size=1),
)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 40 * 60),
    st.lists(shifts, min_size=1, max_size=3),
    st.sampled_from([SITE, PARIS]),
)
def test_it_ends_while_somebody_works_and_never_before_the_clock_on_the_wall(
    start: datetime, minutes: int, lines: list[Shift], zone: ZoneInfo
) -> None:
    roster = Roster(tuple(lines))
    span = timedelta(minutes=minutes)
    ends = after(start, span, [roster], zone)
    assert ends >= start + span
    just_before = (ends - timedelta(seconds=1)).astimezone(zone)
    assert running(roster, just_before) or just_before.utcoffset() != ends.astimezone(zone).utcoffset()
    half = after(start, span / 2, [roster], zone)
    assert after(half, span - span / 2, [roster], zone) == ends  # what has passed does not pass again


# -- at the desk -------------------------------------------------------------------------------------

PEOPLE = {
    "people": [
        {"id": "U_A", "role": "agent"},
        {"id": "U_L", "role": "leader"},
        {"id": "U_S", "role": "supervisor"},
    ],
    "shifts": [{"people": ["U_A", "U_L"], "days": [1, 2, 3, 4, 5], "from": "08:00", "to": "17:00"}],
}


@pytest.fixture
def house(engine: Engine, clock: Clock) -> Desk:
    return Desk(engine, People(told=parse(PEOPLE, "people.toml")), clock)


def test_a_rung_is_not_passed_over_in_the_night_unless_it_is_urgent(house: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T16:00")
    agent = house.people.get("U_A")
    important = house.file_escalation(agent, escalation(), ORIGIN, "k1")
    urgent = house.file_escalation(agent, escalation(urgency=Urgency.URGENT), ORIGIN, "k2")
    assert house.rungs.due_at(important) == at("2026-11-25T11:00")
    assert house.rungs.due_at(urgent) == at("2026-11-24T17:00")
    clock.now = at("2026-11-24T20:30")
    assert house.rungs.watch().reminded == (urgent.id,)
    clock.now = at("2026-11-25T10:59")
    assert house.rungs.watch().moved == (urgent.id,)
    clock.now = at("2026-11-25T11:00")
    assert house.rungs.watch().reminded == (important.id,)
    clock.now = at("2026-11-25T15:00")
    assert important.id in house.rungs.watch().moved
    # the supervisor's shifts nobody has told: by the clock on the wall
    assert house.rungs.due_at(house.escalation(important.id)) == at("2026-11-25T19:00")


def test_a_question_waits_in_the_filers_own_shifts(house: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-27T16:00")
    agent, leader = house.people.get("U_A"), house.people.get("U_L")
    one = house.file_escalation(agent, escalation(), ORIGIN, "k1")
    one = house.rungs.ask_back(leader, one.id, one.revision, "几点？")
    assert one.state is EscalationState.RETURNED
    assert house.rungs.due_at(one) == at("2026-11-30T11:00")
    clock.now = at("2026-11-30T10:00")
    assert not house.rungs.watch()
    clock.now = at("2026-11-30T11:00")
    assert house.rungs.watch().reminded == (one.id,)


def test_the_settings_may_choose_the_clock_on_the_wall(house: Desk, clock: Clock) -> None:
    house.people.deadlines_by_shifts = False
    clock.now = at("2026-11-24T16:00")
    one = house.file_escalation(house.people.get("U_A"), escalation(), ORIGIN, "k1")
    assert house.rungs.due_at(one) == at("2026-11-24T20:00")


def test_an_instruction_and_an_owed_report_wait_in_shifts_too(house: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-27T16:00")
    agent, leader, supervisor = (house.people.get(one) for one in ("U_A", "U_L", "U_S"))
    one = house.file_escalation(agent, escalation(urgency=Urgency.NORMAL), ORIGIN, "k1")
    one = house.approve(leader, one.id, one.revision, "先道歉")
    assert house.rungs.due_at(one) == at("2026-12-02T13:00")  # 24 hours of nine a day
    skipping = escalation(next_role=supervisor.role, grounds=Grounds.SPECIAL, skip_reason="班长自己要求")
    two = house.file_escalation(agent, skipping, ORIGIN, "k2")
    report = house.rungs.owed_reports(escalation_id=two.id)[0]
    assert report.due_at == at("2026-12-02T13:00")
    clock.now = at("2026-12-02T13:00")
    watched = house.rungs.watch()
    assert one.id in watched.reminded
    assert watched.reports == (report.id,)
    assert house.escalation(one.id).steps[-1].kind is StepKind.REMINDED


def test_what_is_to_be_read_waits_in_the_readers_shifts(house: Desk, clock: Clock) -> None:
    supervisor = house.people.get("U_S")
    one = house.confirmed.confirm(
        supervisor, ConfirmedContent("水票一张多少钱?", "每张 6 元。", (11,), (12,)), 3
    )
    clock.now = at("2026-11-27T16:00")  # a Friday; the agent is off until Monday at eight
    house.confirmed.send(supervisor, one.id, 1, "C", ["U_A"])
    clock.now = at("2026-11-30T10:59")
    assert house.confirmed.remind(timedelta(hours=4), 2, house.people) == 0
    clock.now = at("2026-11-30T11:00")
    assert house.confirmed.remind(timedelta(hours=4), 2, house.people) == 1
    house.people.deadlines_by_shifts = False
    clock.now = at("2026-11-30T15:00")
    assert house.confirmed.remind(timedelta(hours=4), 2, house.people) == 1
