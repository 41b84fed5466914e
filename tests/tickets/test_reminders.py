"""Appointments and duties: reckoned from rules, told once whoever looks, with who is missing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, EVERYBODY, ORIGIN, SUPERVISOR, SUPERVISOR2, Clock
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tickets.calendar_file import Appointment, load
from tickets.desk import Desk
from tickets.errors import CalendarError
from tickets.figures import week
from tickets.people import People, Person, Role
from tickets.procedure_spec import FieldKind, FieldSpec, Procedure, Recurrence, Wording

ZONE = ZoneInfo("Asia/Shanghai")
W = Wording(zh="周会", en="Weekly")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def appointment(**changes: object) -> Appointment:
    fields: dict[str, object] = {
        "key": "meeting",
        "name": W,
        "text": W,
        "rule": "FREQ=WEEKLY;BYDAY=FR",
        "at": "15:00",
        "roles": ["supervisor"],
    }
    return Appointment.model_validate(fields | changes)


def weekly(**changes: object) -> Procedure:
    return Procedure(
        key="weekly_summary",
        name=W,
        purpose=W,
        prefix="WS",
        fields=(FieldSpec(key="text", kind=FieldKind.LONG_TEXT, label=W),),
        recurrence=Recurrence.model_validate(
            {"weekday": 6, "at": "17:00", "minutes_before": 60, "grace_hours": 0} | changes
        ),
    )


def built_in(key: str) -> Appointment:
    return next(one for one in load() if one.key == key)


@given(st.dates(date(2024, 1, 1), date(2035, 12, 1)))
@settings(max_examples=200, deadline=None)
def test_the_department_meets_once_a_month_on_the_friday_before_the_25th(day: date) -> None:
    first = datetime(day.year, day.month, 1, tzinfo=ZONE)
    after = (first + timedelta(days=32)).replace(day=1)
    found = list(built_in("department_meeting").between(first, after, ZONE))
    assert len(found) == 1
    assert found[0].isoweekday() == 5
    assert found[0].day < 25
    assert found[0].day + 7 >= 25
    assert (found[0].hour, found[0].minute) == (15, 0)


def test_a_day_off_moves_an_appointment_to_a_workday() -> None:
    # 1 to 7 October 2026 are off, 10 October is worked.
    monday = appointment(rule="FREQ=WEEKLY;BYDAY=MO", workday="after", at="09:30")
    found = list(monday.between(at("2026-09-30T00:00"), at("2026-10-12T00:00"), ZONE))
    assert [f"{one:%m-%d}" for one in found] == ["10-08"]
    before = appointment(rule="FREQ=WEEKLY;BYDAY=MO", workday="before", at="09:30")
    found = list(before.between(at("2026-09-29T00:00"), at("2026-10-12T00:00"), ZONE))
    assert [f"{one:%m-%d}" for one in found] == ["09-30"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[appointments]]\nkey = "x"', "name"),
        ("appointments = 3", "appointments"),
        ("[[appointments", "TOML"),
        (
            '[[appointments]]\nkey="x"\nrule="EVERY DAY"\nat="09:00"\nname={zh="一",en="a"}\ntext={zh="一",en="a"}',
            "RRULE",
        ),
        (
            '[[appointments]]\nkey="x"\nrule="FREQ=DAILY"\nat="25:00"\nname={zh="一",en="a"}\ntext={zh="一",en="a"}',
            "at",
        ),
    ],
)
def test_a_mistake_in_the_calendar_is_one_sentence(tmp_path: Path, text: str, says: str) -> None:
    own = tmp_path / "calendar.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(CalendarError) as wrong:
        load(own)
    assert says in str(wrong.value)
    assert "calendar.toml" in str(wrong.value)


def test_an_own_entry_replaces_ours_and_switches_it_off(tmp_path: Path) -> None:
    own = tmp_path / "calendar.toml"
    words = 'name={zh="一",en="a"}\ntext={zh="一",en="a"}'
    own.write_text(
        f'[[appointments]]\nkey="department_meeting"\nenabled=false\nrule="FREQ=DAILY"\nat="09:00"\n{words}\n'
        f'[[appointments]]\nkey="own"\nrule="FREQ=DAILY"\nat="09:00"\n{words}\n',
        encoding="utf-8",
    )
    keys = {one.key for one in load(own)}
    assert "own" in keys
    assert "department_meeting" not in keys
    assert "department_meeting" in {one.key for one in load(tmp_path / "none.toml")}


Told = Callable[[], list[tuple[str | None, str]]]


@pytest.fixture
def told(desk: Desk, clock: Clock) -> Told:
    """Whom the outbox tells, and of what; each notice is taken once."""

    def take() -> list[tuple[str | None, str]]:
        found = []
        for notice in desk.due_notices(100):
            found.append((notice.audience.user_id, desk.reminders.get(notice.subject_id).due.kind.value))
            desk.delivered(notice.id)
        return found

    return take


def test_an_appointment_is_told_once_to_everybody_on_its_rungs(desk: Desk, clock: Clock, told: Told) -> None:
    meeting = [appointment(remind_minutes=[60, 0])]
    clock.now = at("2026-11-27T13:59")
    assert desk.reminders.look(meeting, []) == 0
    clock.now = at("2026-11-27T14:01")
    assert desk.reminders.look(meeting, []) == 1
    assert desk.reminders.look(meeting, []) == 0
    assert told() == [(SUPERVISOR.id, "appointment"), (SUPERVISOR2.id, "appointment")]
    clock.now = at("2026-11-27T15:03")
    assert desk.reminders.look(meeting, []) == 1
    clock.now = at("2026-11-27T18:00")
    assert desk.reminders.look(meeting, []) == 0
    assert desk.verify_audit() is None


def test_many_who_look_at_once_tell_once(engine: Engine, clock: Clock) -> None:
    desks = [Desk(engine, People(EVERYBODY), clock) for _ in range(8)]
    clock.now = at("2026-11-27T14:01")
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda one: one.reminders.look([appointment()], []), desks))
    assert sum(sent) == 1
    assert len(desks[0].due_notices(100)) == 2


def test_a_channel_is_told_in_place_of_people(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-27T14:01")
    desk.reminders.look([appointment(channel="C_FLOOR")], [])
    (notice,) = desk.due_notices(100)
    assert desk.reminders.get(notice.subject_id).due.channel == "C_FLOOR"


def test_who_owes_a_record_is_reminded_and_who_did_not_file_is_reported(
    desk: Desk, clock: Clock, told: Told
) -> None:
    clock.now = at("2026-11-23T08:00")
    assert desk.reminders.look([], [weekly()]) == 0
    clock.now = at("2026-11-28T16:10")
    assert desk.reminders.look([], [weekly()]) == 2
    assert sorted(told()) == [(AGENT.id, "duty"), (AGENT2.id, "duty")]
    clock.now = at("2026-11-28T17:01")
    assert desk.reminders.look([], [weekly()]) == 1
    assert desk.reminders.look([], [weekly()]) == 0
    assert sorted(told()) == [(SUPERVISOR.id, "missing"), (SUPERVISOR2.id, "missing")]
    (report,) = desk.reminders.missing(at("2026-11-23T00:00"), at("2026-11-30T00:00"))
    assert set(report.due.missing) == {AGENT.id, AGENT2.id}


def test_who_is_late_has_the_grace_of_the_procedure(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-28T08:00")
    desk.reminders.look([], [weekly(grace_hours=3)])
    clock.now = at("2026-11-28T19:59")
    assert desk.reminders.look([], [weekly(grace_hours=3)]) == 0
    clock.now = at("2026-11-28T20:00")
    assert desk.reminders.look([], [weekly(grace_hours=3)]) == 1


def test_a_restart_after_days_still_reports_what_was_missed(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-20T08:00")
    desk.reminders.look([], [weekly()])
    clock.now = at("2026-11-30T08:00")
    assert desk.reminders.look([], [weekly()]) == 1
    (report,) = desk.reminders.missing(at("2026-11-23T00:00"), at("2026-11-30T00:00"))
    assert report.due.at == at("2026-11-28T17:00")


def test_who_is_found_missing_late_is_reported_once_and_counted_in_the_week_when_it_was_due(
    desk: Desk, clock: Clock
) -> None:
    summary = weekly()
    clock.now = at("2026-11-23T08:00")
    desk.reminders.look([], [summary])
    clock.now = at("2026-11-28T12:00")
    record = desk.procedures.file(AGENT, "weekly_summary", {"summary": "字" * 200}, ORIGIN, "late")
    clock.now = at("2026-11-28T17:01")
    desk.reminders.look([], [summary])
    # On the Wednesday after, what counted as filed is taken back: the week's report is long out.
    clock.now = at("2026-12-02T09:00")
    desk.procedures.withdraw(AGENT, record.id, record.revision)
    assert desk.reminders.look([], [summary]) == 1
    assert desk.reminders.look([], [summary]) == 0
    due, since = (week(day, ZONE) for day in (date(2026, 11, 28), date(2026, 12, 2)))
    assert desk.figures(due).records.missing == {"weekly_summary": {AGENT.id: 1, AGENT2.id: 1}}
    assert desk.figures(since).records.missing == {}
    reports = desk.reminders.missing(due.since, due.until)
    assert [one.due.missing for one in reports] == [(AGENT2.id,), (AGENT.id,)]


def test_what_was_due_before_the_first_look_is_nobodys_fault(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-28T18:00")
    assert desk.reminders.look([], [weekly()]) == 0
    clock.now = at("2026-12-05T17:30")
    assert desk.reminders.look([], [weekly()]) == 1


def test_duties_at_the_end_of_a_shift_follow_the_shift(desk: Desk, clock: Clock, told: Told) -> None:
    handover = weekly(weekday=None, at="", minutes_before=30)

    def shift_end(person: Person, day: date) -> datetime | None:
        if person.id != AGENT.id:
            return None
        return datetime(day.year, day.month, day.day, 1, 0, tzinfo=ZONE) + timedelta(days=1)

    clock.now = at("2026-11-24T08:00")
    desk.reminders.look([], [handover], shift_end)
    told()
    clock.now = at("2026-11-25T00:40")
    desk.reminders.look([], [handover], shift_end)
    assert told() == [(AGENT.id, "duty")]
    clock.now = at("2026-11-25T01:00")
    desk.reminders.look([], [handover], shift_end)
    assert {kind for _, kind in told()} == {"missing"}


def test_without_anybody_to_tell_the_admins_hear_it(engine: Engine, clock: Clock) -> None:
    desk = Desk(engine, People([ADMIN, AGENT]), clock)
    clock.now = at("2026-11-27T14:01")
    desk.reminders.look([appointment()], [])
    assert [notice.audience.user_id for notice in desk.due_notices(10)] == [ADMIN.id]


def test_times_are_those_of_the_site(engine: Engine, clock: Clock) -> None:
    desk = Desk(engine, People(EVERYBODY), clock, zone="Europe/Berlin")
    clock.now = datetime(2026, 11, 27, 13, 30, tzinfo=UTC)  # 14:30 in Berlin
    assert desk.reminders.look([appointment()], []) == 1
    assert Role.SUPERVISOR in appointment().roles
