"""The figures of a week, counted by the database, against what was put in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from desk_samples import AGENT, AGENT2, LEADER, ORIGIN, SUPERVISOR, Clock, escalation, ticket
from hypothesis import given
from hypothesis import strategies as st
from procedure_samples import CREW, file, step
from sqlalchemy import Engine

from bot.blocks.wording import words
from bot.reporting import weekly
from tickets.desk import Desk
from tickets.figures import week
from tickets.people import People
from tickets.procedure_records import Act
from tickets.records import AnswerRecord, Verdict

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 11, 25)
WEEK = week(DAY, ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_a_week_begins_on_monday_and_joins_the_next(day: date) -> None:
    found = week(day, ZONE)
    assert found.days(ZONE)[0].isoweekday() == 1
    assert len(found.days(ZONE)) == 7
    assert day in found.days(ZONE)
    assert week(day + timedelta(days=7), ZONE).before() == found


def test_questions_count_on_the_day_of_the_site(desk: Desk, clock: Clock) -> None:
    def ask(moment: str, outcome: str, *, absent: bool = False) -> int:
        clock.now = at(moment)
        return desk.record_answer(AGENT.id, AnswerRecord("问", outcome, latency_ms=40, absent=absent))

    ask("2026-11-22T23:59", "answered")
    first = ask("2026-11-23T00:00", "answered")
    ask("2026-11-23T07:00", "not_found", absent=True)
    ask("2026-11-29T23:59", "conflict")
    ask("2026-11-30T00:00", "answered")
    desk.record_feedback(AGENT, first, Verdict.UNHELPFUL)
    found = desk.figures(WEEK).questions
    assert (found.total, found.askers, found.unhelpful) == (3, 1, 1)
    assert found.by_outcome == {"answered": 1, "not_found": 1, "conflict": 1}
    assert found.by_day[date(2026, 11, 23)] == {"answered": 1, "not_found": 1}
    assert found.by_day[date(2026, 11, 24)] == {}
    assert found.by_day[date(2026, 11, 29)] == {"conflict": 1}
    assert found.latency_ms == 40
    assert found.gaps == 2


def test_escalations_by_category_with_the_time_to_a_decision(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-20T10:00")
    early = desk.file_escalation(AGENT, escalation(category="投诉"), ORIGIN, "e0")
    clock.now = at("2026-11-23T10:00")
    first = desk.file_escalation(AGENT, escalation(category="投诉"), ORIGIN, "e1")
    second = desk.file_escalation(AGENT2, escalation(category="安全"), ORIGIN, "e2")
    desk.file_escalation(AGENT2, escalation(category="安全"), ORIGIN, "e3")
    clock.now = at("2026-11-23T12:00")
    desk.approve(SUPERVISOR, first.id, 1)
    clock.now = at("2026-11-24T10:00")
    desk.reject(SUPERVISOR, second.id, 1, "重复")
    clock.now = at("2026-11-30T09:00")
    desk.approve(SUPERVISOR, early.id, 1)
    found = desk.figures(WEEK).escalations
    assert found.filed == 3
    assert found.by_category == {"投诉": 1, "安全": 2}
    assert found.hours_to_decision == {"投诉": 2.0, "安全": 24.0}
    assert found.median_hours == 13.0
    assert found.waiting == 2  # the one filed the week before, and the third
    assert desk.figures(WEEK.before()).escalations.by_category == {"投诉": 1}


def test_tickets_by_kind(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-24T10:00")
    desk.log_ticket(AGENT, ticket(kind="repair"), ORIGIN, "t1")
    desk.log_ticket(AGENT, ticket(kind="repair"), ORIGIN, "t2")
    desk.log_ticket(AGENT, ticket(kind="complaint"), ORIGIN, "t3")
    clock.now = at("2026-12-02T10:00")
    desk.log_ticket(AGENT, ticket(kind="repair"), ORIGIN, "t4")
    found = desk.figures(WEEK).tickets
    assert (found.logged, found.closed, found.open) == (3, 0, 3)
    assert found.by_kind == {"repair": 2, "complaint": 1}


def test_the_week_is_counted_as_it_stood_whatever_happens_afterwards(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-20T10:00")
    old = desk.log_ticket(AGENT, ticket(), ORIGIN, "t0")
    clock.now = at("2026-11-24T10:00")
    kept, again, twin = (desk.log_ticket(AGENT, ticket(), ORIGIN, f"t{n}") for n in (1, 2, 3))
    first = desk.file_escalation(AGENT, escalation(), ORIGIN, "e1")
    second = desk.file_escalation(AGENT, escalation(), ORIGIN, "e2")
    clock.now = at("2026-11-25T10:00")
    kept = desk.board.close(AGENT, kept.id, 1, "好了")
    again = desk.board.close(AGENT, again.id, 1, "好了")
    again = desk.board.reopen(AGENT, again.id, again.revision, "没好")
    desk.board.merge(AGENT, twin.id, 1, again.id)
    second = desk.rungs.ask_back(LEADER, second.id, 1, "几点？")
    counted = desk.figures(WEEK)
    assert (counted.tickets.logged, counted.tickets.closed, counted.tickets.open) == (3, 1, 2)
    assert counted.escalations.by_state == {"submitted": 1, "returned": 1}
    assert counted.escalations.waiting == 2
    clock.now = at("2026-11-30T09:00")  # the week after
    desk.board.close(AGENT, old.id, 1, "好了")
    desk.board.comment(AGENT, kept.id, "客户致谢", "c1")
    desk.board.reopen(AGENT, kept.id, kept.revision, "又坏了")
    desk.board.unmerge(AGENT, twin.id, desk.ticket(twin.id).revision)
    desk.rungs.withdraw(AGENT, first.id, 1)
    desk.rungs.answer(AGENT, second.id, second.revision, "三点")
    assert desk.figures(WEEK) == counted
    after = desk.figures(week(date(2026, 11, 30), ZONE))
    assert (after.tickets.closed, after.tickets.open) == (1, 3)
    assert after.escalations.waiting == 1


def test_causes_count_in_the_week_in_which_they_were_found(engine: Engine, clock: Clock) -> None:
    desk = Desk(engine, People(CREW), clock)
    clock.now = at("2026-11-20T10:00")
    values = {"summary": "上门晚到", "source": "phone", "story": "约三点，五点才到", "wish": "解释原因"}
    record = file(desk, AGENT, "complaint", values)
    clock.now = at("2026-11-24T10:00")
    record = step(desk, record, LEADER, Act.CARRIED_OUT, findings="派单漏看时间", own_fault="yes")
    record = step(desk, record, LEADER, Act.CARRIED_OUT, solution="致歉")
    record = step(desk, record, AGENT, Act.CARRIED_OUT, agreed="yes", reaction="接受")
    record = step(desk, record, AGENT, Act.CARRIED_OUT, satisfied="satisfied")
    counted = [("complaint", "cause"), ("complaint", "own_fault"), ("complaint", "source")]
    assert desk.figures(WEEK, counted).records.values["complaint.cause"] == {}
    step(desk, record, LEADER, Act.CARRIED_OUT, cause="delay", prevention="派单后复核")
    found = desk.figures(WEEK, counted)
    assert found.records.values == {
        "complaint.cause": {"delay": 1}, "complaint.own_fault": {"yes": 1}, "complaint.source": {},
    }  # fmt: skip
    before = desk.figures(WEEK.before(), counted)
    assert before.records.values["complaint.source"] == {"phone": 1}
    assert before.records.values["complaint.cause"] == {}
    told = weekly.lines(weekly.collect(desk, WEEK, words("zh")), words("zh"))
    assert "投诉原因：处理不及时 1" in told


def test_what_was_late_counts_in_the_week_in_which_it_was(desk: Desk, clock: Clock) -> None:
    clock.now = at("2026-11-23T10:00")
    promised = at("2026-11-24T12:00")
    kept, broken = (desk.log_ticket(AGENT, ticket(), ORIGIN, f"t{n}", due_at=promised) for n in (1, 2))
    desk.file_escalation(AGENT, escalation(), ORIGIN, "e1")
    desk.board.close(AGENT, kept.id, 1, "好了")
    assert desk.figures(WEEK).escalations.overdue == 0
    for moment in ("2026-11-25T18:00", "2026-11-27T18:00"):
        clock.now = at(moment)
        desk.rungs.watch()
    desk.board.close(AGENT, broken.id, 1, "晚了")
    found = desk.figures(WEEK)
    assert (found.escalations.overdue, found.tickets.overdue) == (1, 1)
    after = desk.figures(week(date(2026, 11, 30), ZONE))
    assert (after.escalations.overdue, after.tickets.overdue) == (0, 0)


def test_a_week_without_anything_is_nothing(desk: Desk) -> None:
    found = desk.figures(WEEK, [("complaint", "cause")])
    assert found.questions.latency_ms is None
    assert found.escalations.median_hours is None
    assert found.records.values == {"complaint.cause": {}}
    assert list(found.questions.by_day) == WEEK.days(ZONE)
