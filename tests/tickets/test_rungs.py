"""The way up the ladder on SQLite and PostgreSQL: who gets it, who may do what, what is late, what is owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_samples import (
    ADMIN,
    AGENT,
    AGENT2,
    LEADER,
    MANAGER,
    ORIGIN,
    SUPERVISOR,
    SUPERVISOR2,
    Clock,
    escalation,
)
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal, StaleRevision
from tickets.people import People, Person, Role
from tickets.records import Audience, Escalation, EscalationState, Notice, NoticeKind, Urgency
from tickets.rung_records import Deadlines, Grounds, Mark, StepKind
from tickets.rungs import address, path

LEADER2 = Person("U_LEADER2", "李领", Role.LEADER)
GENERAL = Person("U_GENERAL", "钟总", Role.GENERAL_MANAGER)


def file(desk: Desk, filer: Person = AGENT, key: str = "k1", **changes: object) -> Escalation:
    return desk.file_escalation(filer, escalation(**changes), ORIGIN, key)


def told(desk: Desk) -> list[tuple[NoticeKind, str]]:
    """Kind and audience of everything that is to be sent, which is sent."""
    notices = desk.due_notices(200)
    for notice in notices:
        desk.delivered(notice.id)
    return [(notice.kind, _audience(notice)) for notice in notices]


def _audience(notice: Notice) -> str:
    return notice.audience.user_id or str(notice.audience.role)


def kinds(one: Escalation) -> list[StepKind]:
    return [step.kind for step in one.steps]


def way(one: Escalation) -> list[tuple[Role, Mark | None]]:
    return [(stop.role, stop.mark) for stop in path(one, Role.AGENT)]


# -- who gets it ---------------------------------------------------------------------------------------


def test_the_whole_way_is_kept_and_read_by_everybody_later(desk: Desk, clock: Clock) -> None:
    one = file(desk)
    one = desk.rungs.unreachable(AGENT, one.id, one.revision, "9:40、9:50 打了两次电话，无人接听")
    one = desk.rungs.pass_up(SUPERVISOR, one.id, one.revision, "超出现场权限")
    one = desk.rungs.ask_back(MANAGER, one.id, one.revision, "客户要多少？")
    one = desk.rungs.answer(AGENT, one.id, one.revision, "要求免收 30 元")
    one = desk.approve(MANAGER, one.id, one.revision, "同意免收，今天回复客户")
    clock.advance(timedelta(hours=1))
    one = desk.rungs.carried_out(AGENT, one.id, one.revision, "已回复客户")

    assert kinds(one) == [
        StepKind.FILED,
        StepKind.UNREACHABLE,
        StepKind.PASSED_UP,
        StepKind.RETURNED,
        StepKind.ANSWERED,
        StepKind.APPROVED,
        StepKind.CARRIED_OUT,
    ]
    assert way(one) == [
        (Role.AGENT, None),
        (Role.LEADER, Mark.UNREACHABLE),
        (Role.SUPERVISOR, Mark.PASSED_UP),
        (Role.MANAGER, None),
    ]
    assert [step.note for step in one.steps][1:] == [
        "9:40、9:50 打了两次电话，无人接听",
        "超出现场权限",
        "客户要多少？",
        "要求免收 30 元",
        "同意免收，今天回复客户",
        "已回复客户",
    ]
    assert [step.revision for step in one.steps] == list(range(1, 8))
    assert desk.escalation(one.id) == one
    assert desk.verify_audit() is None


def test_the_way_cannot_be_changed_behind_the_desk(desk: Desk, engine: Engine) -> None:
    file(desk)
    for statement in ("UPDATE escalation_steps SET note = 'x'", "DELETE FROM escalation_steps"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as connection:
            connection.execute(text(statement))


def test_a_step_that_was_slipped_in_is_found(desk: Desk, engine: Engine) -> None:
    one = file(desk)
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO escalation_steps SELECT escalation_id, 2, 'approved', actor_id, at, revision, from_role,"
                " to_role, note, objection, left_out, special FROM escalation_steps"
            )
        )
    found = desk.verify_audit()
    assert found is not None
    assert f"Step 2 of escalation {one.id}" in found.reason


def test_who_it_is_about_never_gets_it(desk: Desk) -> None:
    one = file(desk, accused=(LEADER.id,))
    assert (one.awaiting, one.passed_over) == (Role.SUPERVISOR, (Role.LEADER,))
    assert way(one)[1] == (Role.LEADER, Mark.ACCUSED)
    assert told(desk) == [(NoticeKind.ESCALATION_SUBMITTED, "supervisor")]
    assert desk.rungs.owed_reports() == []

    half = file(desk, key="k2", accused=(SUPERVISOR.id,))
    assert half.awaiting is Role.SUPERVISOR  # the other supervisor; never somebody below the accused
    assert [person.id for person in desk.rungs.reviewers(half)] == [SUPERVISOR2.id]
    for what in (
        lambda: desk.approve(SUPERVISOR, half.id, half.revision),
        lambda: desk.reject(SUPERVISOR, half.id, half.revision, "不属实"),
        lambda: desk.rungs.pass_up(SUPERVISOR, half.id, half.revision),
        lambda: desk.rungs.ask_back(SUPERVISOR, half.id, half.revision, "谁说的？"),
    ):
        with pytest.raises(NotAllowed) as error:
            what()
        assert error.value.refusal is Refusal.NOT_RESPONSIBLE
    with pytest.raises(NotAllowed):
        desk.edit_escalation(SUPERVISOR, half.id, half.revision, half.content)
    with pytest.raises(NotFound):
        desk.rungs.find(half.number, SUPERVISOR)
    assert desk.waiting_for(SUPERVISOR) == [one]
    assert [found.id for found in desk.rungs.listed(SUPERVISOR)] == [one.id]
    assert desk.rungs.find(half.number.lower(), SUPERVISOR2) == half


def test_who_it_is_about_does_not_decide_from_above_or_find_it_among_tickets(desk: Desk) -> None:
    one = file(desk, accused=(MANAGER.id,), summary="反映经理私自减免", next_role=None)
    assert one.awaiting is Role.SUPERVISOR  # nobody above the manager is listed: whoever is left
    with pytest.raises(NotAllowed):
        desk.approve(MANAGER, one.id, one.revision)
    approved = desk.approve(SUPERVISOR, one.id, one.revision)
    ticket = desk.ticket(approved.ticket_number or "")
    assert "私自减免" not in ticket.content.title + ticket.content.description


def test_when_everybody_is_accused_nothing_is_filed(desk: Desk) -> None:
    everybody = (LEADER.id, SUPERVISOR.id, SUPERVISOR2.id, MANAGER.id)
    with pytest.raises(InvalidInput) as error:
        file(desk, accused=everybody)
    assert error.value.field == "accused"
    assert desk.escalations() == []


def test_a_leader_of_another_team_does_not_decide(engine: Engine, clock: Clock) -> None:
    early, late = replace(AGENT, team="早班"), replace(LEADER2, team="晚班")
    own = replace(LEADER, team="早班")

    class Teams(People):
        def superiors(self, of: Person, role: Role, excluding: object = ()) -> list[Person]:
            found = super().superiors(of, role, excluding)  # type: ignore[arg-type]
            return [one for one in found if one.team in ("", of.team)]

    desk = Desk(engine, Teams([early, own, late, SUPERVISOR]), clock)
    one = file(desk, early)
    with pytest.raises(NotAllowed) as error:
        desk.approve(late, one.id, one.revision)
    assert error.value.refusal is Refusal.NOT_RESPONSIBLE
    assert desk.waiting_for(late) == []
    assert desk.approve(own, one.id, one.revision).decided_by == own.id


def test_a_deputy_decides_in_somebodys_place_but_not_about_themselves(engine: Engine, clock: Clock) -> None:
    class Deputies(People):
        def superiors(self, of: Person, role: Role, excluding: object = ()) -> list[Person]:
            found = super().superiors(of, role, excluding)  # type: ignore[arg-type]
            stands_in = AGENT2.id not in excluding and of.id != AGENT2.id  # type: ignore[operator]
            return [AGENT2, *found] if role is Role.LEADER and stands_in else found

    desk = Desk(engine, Deputies([AGENT, AGENT2, LEADER, SUPERVISOR]), clock)
    one = file(desk)
    assert desk.approve(AGENT2, one.id, one.revision).decided_by == AGENT2.id
    about = file(desk, key="k2", accused=(AGENT2.id,))
    with pytest.raises(NotAllowed):
        desk.approve(AGENT2, about.id, about.revision)


def test_the_addressed_rung_follows_from_who_is_there() -> None:
    people = People([Person("U1", "甲", Role.LEADER), Person("U2", "乙", Role.MANAGER)])
    agent = Person("U3", "丙")
    wanted = escalation(next_role=Role.SUPERVISOR, next_reason="班长管不了", grounds=Grounds.ASKED)
    found = address(people, agent, wanted)
    assert found.role is Role.MANAGER
    assert [(one.role, one.grounds) for one in found.left_out] == [
        (Role.LEADER, Grounds.ASKED),
        (Role.SUPERVISOR, Grounds.EMPTY),
    ]
    without_leader = People([Person("U2", "乙", Role.SUPERVISOR)])
    found = address(without_leader, agent, escalation(next_role=Role.SUPERVISOR))
    assert (found.role, [one.grounds for one in found.left_out]) == (Role.SUPERVISOR, [Grounds.EMPTY])
    with pytest.raises(NotAllowed):
        address(People(), Person("U1", "甲", Role.GENERAL_MANAGER), escalation())
    assert address(People(), agent, escalation()).role is Role.LEADER


def test_only_the_filer_changes_to_whom_it_goes_and_never_downwards(desk: Desk) -> None:
    one = file(desk)
    one = desk.rungs.pass_up(LEADER, one.id, one.revision, "管不了")
    with pytest.raises(NotAllowed):
        desk.edit_escalation(
            SUPERVISOR, one.id, one.revision, replace(one.content, accused=(SUPERVISOR2.id,))
        )
    told(desk)
    again = desk.edit_escalation(
        AGENT, one.id, one.revision, replace(one.content, accused=(AGENT2.id,), summary="补充")
    )
    assert (again.awaiting, again.wording) == (Role.SUPERVISOR, 2)
    higher = desk.edit_escalation(
        AGENT, one.id, again.revision, replace(again.content, accused=(SUPERVISOR.id, SUPERVISOR2.id))
    )
    assert higher.awaiting is Role.MANAGER
    assert [stop for stop in way(higher) if stop[0] is Role.SUPERVISOR] == [(Role.SUPERVISOR, Mark.ACCUSED)]
    assert told(desk)[-1] == (NoticeKind.ESCALATION_SUBMITTED, "manager")
    with pytest.raises(NotAllowed):
        desk.approve(SUPERVISOR, one.id, higher.revision)


# -- out of reach, skipped ---------------------------------------------------------------------------


def test_an_unreachable_leader_is_recorded_and_the_supervisor_asked(desk: Desk) -> None:
    one = file(desk)
    with pytest.raises(InvalidInput) as error:
        desk.rungs.unreachable(AGENT, one.id, one.revision, "  ")
    assert error.value.field == "circumstances"
    with pytest.raises(NotAllowed):
        desk.rungs.unreachable(AGENT2, one.id, one.revision, "没人接")
    told(desk)

    moved = desk.rungs.unreachable(AGENT, one.id, one.revision, "电话两次无人接听")

    assert (moved.awaiting, moved.passed_over) == (Role.SUPERVISOR, (Role.LEADER,))
    assert not moved.steps[-1].special
    assert told(desk) == [
        (NoticeKind.ESCALATION_SUBMITTED, "supervisor"),
        (NoticeKind.RUNG_MISSED, LEADER.id),
    ]
    assert desk.rungs.owed_reports() == []  # the supervisor reaches the leader
    with pytest.raises(NotAllowed) as refused:
        desk.approve(LEADER, one.id, moved.revision)
    assert refused.value.refusal is Refusal.TOO_LOW


def test_above_the_lowest_rung_it_is_a_special_case_with_a_report(desk: Desk) -> None:
    one = file(desk)
    one = desk.rungs.unreachable(AGENT, one.id, one.revision, "没人接")
    one = desk.rungs.unreachable(AGENT, one.id, one.revision, "主管也没人接")
    assert one.awaiting is Role.MANAGER
    assert one.steps[-1].special
    assert [(owed.role, owed.grounds) for owed in desk.rungs.owed_reports()] == [
        (Role.SUPERVISOR, Grounds.UNREACHABLE)
    ]
    with pytest.raises(InvalidInput) as error:
        desk.rungs.unreachable(AGENT, one.id, one.revision, "经理也没人接")
    assert error.value.field == "top"


def test_skipping_is_refused_without_an_urgent_or_special_reason(desk: Desk) -> None:
    plain = {"urgency": Urgency.NORMAL, "next_role": Role.MANAGER}
    with pytest.raises(InvalidInput) as error:
        file(desk, **plain, next_reason="想直接找经理")
    assert error.value.field == "grounds"
    with pytest.raises(InvalidInput) as error:
        file(desk, **plain, grounds=Grounds.SPECIAL)
    assert error.value.field == "next_reason"
    with pytest.raises(InvalidInput):
        file(desk, **plain, grounds=Grounds.EMPTY, skip_reason="x")
    assert desk.escalations() == []


def test_skipping_owes_a_report_to_each_superior_until_it_is_given(desk: Desk, clock: Clock) -> None:
    one = file(
        desk, urgency=Urgency.URGENT, next_role=Role.MANAGER, skip_reason="正在漏电", grounds=Grounds.URGENT
    )
    assert one.passed_over == (Role.LEADER, Role.SUPERVISOR)
    assert one.steps[0].note == "正在漏电"
    first, second = desk.rungs.owed_reports(owed_by=AGENT.id, missing=True)
    assert (first.role, first.owed_to) == (Role.LEADER, (LEADER.id,))
    assert set(second.owed_to) == {SUPERVISOR.id, SUPERVISOR2.id}
    assert told(desk).count((NoticeKind.REPORT_OWED, AGENT.id)) == 2

    for _ in range(2):  # until it is given
        clock.advance(timedelta(hours=25))
        assert desk.rungs.watch().reports == (first.id, second.id)
        assert desk.rungs.watch().reports == ()
    told(desk)
    with pytest.raises(NotAllowed):
        desk.rungs.report(AGENT2, second.id, "已处理")
    with pytest.raises(InvalidInput):
        desk.rungs.report(AGENT, second.id, " ")
    with pytest.raises(InvalidInput):
        desk.rungs.report_read(SUPERVISOR, second.id)
    given = desk.rungs.report(AGENT, second.id, "漏电已断电处理，未伤人")
    assert given.done_at == clock.now
    assert set(told(desk)) == {
        (NoticeKind.REPORT_GIVEN, SUPERVISOR.id),
        (NoticeKind.REPORT_GIVEN, SUPERVISOR2.id),
    }
    with pytest.raises(InvalidInput):
        desk.rungs.report(AGENT, second.id, "再来一次")
    with pytest.raises(NotAllowed):
        desk.rungs.report_read(MANAGER, second.id)
    assert desk.rungs.report_read(SUPERVISOR2, second.id).read_by == SUPERVISOR2.id
    assert desk.rungs.report_read(SUPERVISOR, second.id).read_by == SUPERVISOR2.id
    assert [owed.id for owed in desk.rungs.owed_reports(missing=True)] == [first.id]
    assert desk.verify_audit() is None


def test_who_was_asked_already_or_is_accused_needs_no_report(desk: Desk) -> None:
    skipped = {"urgency": Urgency.NORMAL, "next_role": Role.SUPERVISOR, "next_reason": "班长已请示，未能解决"}
    file(desk, **skipped, grounds=Grounds.ASKED)
    file(desk, key="k2", **skipped, grounds=Grounds.ACCUSED)
    file(desk, key="k3", **skipped, grounds=Grounds.UNREACHABLE)
    assert desk.rungs.owed_reports() == []
    file(desk, key="k4", **skipped, grounds=Grounds.UNREACHABLE, after_the_fact_report=True)
    assert [owed.role for owed in desk.rungs.owed_reports()] == [Role.LEADER]


# -- reviewing ---------------------------------------------------------------------------------------


def test_asking_back_waits_for_the_filer_and_answering_submits_it_again(desk: Desk) -> None:
    one = file(desk)
    told(desk)
    with pytest.raises(InvalidInput) as error:
        desk.rungs.ask_back(LEADER, one.id, one.revision, "")
    assert error.value.field == "back_question"
    asked = desk.rungs.ask_back(LEADER, one.id, one.revision, "客户姓什么？")
    assert asked.state is EscalationState.RETURNED
    assert told(desk) == [
        (NoticeKind.ESCALATION_RETURNED, AGENT.id),
        (NoticeKind.ESCALATION_EDITED, "leader"),
    ]
    assert desk.waiting_for(LEADER) == []
    with pytest.raises(NotAllowed):
        desk.rungs.answer(AGENT2, one.id, asked.revision, "姓王")
    with pytest.raises(StaleRevision):
        desk.rungs.answer(AGENT, one.id, one.revision, "姓王")
    with pytest.raises(StaleRevision):
        desk.rungs.unreachable(AGENT, one.id, asked.revision, "没人接")
    with pytest.raises(StaleRevision):  # it stays until the answer is there
        desk.rungs.pass_up(LEADER, one.id, asked.revision)
    answered = desk.rungs.answer(AGENT, one.id, asked.revision, "姓王")
    assert (answered.state, answered.awaiting, answered.wording) == (
        EscalationState.SUBMITTED,
        Role.LEADER,
        1,
    )
    assert told(desk) == [
        (NoticeKind.ESCALATION_EDITED, "leader"),
        (NoticeKind.ESCALATION_ANSWERED, LEADER.id),
    ]
    with pytest.raises(StaleRevision):
        desk.rungs.answer(AGENT, one.id, answered.revision, "姓王")


def test_what_is_asked_back_may_be_decided_on_an_answer_by_word_of_mouth(desk: Desk) -> None:
    one = file(desk)
    asked = desk.rungs.ask_back(LEADER, one.id, one.revision, "客户姓什么？")
    assert desk.approve(LEADER, one.id, asked.revision).state is EscalationState.APPROVED


def test_passing_up_goes_above_whoever_passes(desk: Desk) -> None:
    one = file(desk)
    told(desk)
    moved = desk.rungs.pass_up(SUPERVISOR, one.id, one.revision)
    assert moved.awaiting is Role.MANAGER
    assert told(desk) == [
        (NoticeKind.ESCALATION_SUBMITTED, "manager"),
        (NoticeKind.ESCALATION_MOVED, AGENT.id),
    ]
    with pytest.raises(StaleRevision) as error:
        desk.rungs.pass_up(MANAGER, one.id, one.revision)
    assert error.value.changed_by == SUPERVISOR.id
    with pytest.raises(InvalidInput) as top:
        desk.rungs.pass_up(MANAGER, one.id, moved.revision)
    assert top.value.field == "top"


def test_the_filer_may_take_it_back_while_it_is_undecided(desk: Desk) -> None:
    one = file(desk)
    with pytest.raises(NotAllowed):
        desk.rungs.withdraw(LEADER, one.id, one.revision)
    back = desk.rungs.withdraw(AGENT, one.id, one.revision, "客户自己解决了")
    assert back.state is EscalationState.WITHDRAWN
    for what in (
        lambda: desk.approve(LEADER, one.id, back.revision),
        lambda: desk.rungs.ask_back(LEADER, one.id, back.revision, "?"),
        lambda: desk.rungs.pass_up(LEADER, one.id, back.revision),
        lambda: desk.edit_escalation(AGENT, one.id, back.revision, one.content),
        lambda: desk.rungs.withdraw(AGENT, one.id, back.revision),
    ):
        with pytest.raises(StaleRevision):
            what()
    assert desk.tickets() == []


def test_an_instruction_is_recorded_and_its_carrying_out_confirmed(desk: Desk, clock: Clock) -> None:
    one = file(desk)
    one = desk.approve(LEADER, one.id, one.revision, "先道歉，再免收")
    assert one.to_carry_out
    assert [found.id for found in desk.rungs.to_carry_out(AGENT.id)] == [one.id]
    told(desk)
    clock.advance(timedelta(hours=24))
    assert desk.rungs.watch().reminded == (one.id,)
    assert told(desk) == [(NoticeKind.INSTRUCTION_REMINDER, AGENT.id)]
    with pytest.raises(NotAllowed) as error:
        desk.rungs.carried_out(LEADER, one.id, one.revision, "好了")
    assert error.value.refusal is Refusal.NOT_OWED
    with pytest.raises(InvalidInput) as empty:
        desk.rungs.carried_out(AGENT, one.id, one.revision, " ")
    assert empty.value.field == "carried_out"
    done = desk.rungs.carried_out(AGENT, one.id, one.revision, "已道歉并免收", "认为不该道歉")
    assert (done.carried_out_by, done.carried_out_at, done.to_carry_out) == (AGENT.id, clock.now, False)
    assert done.steps[-1].objection == "认为不该道歉"
    assert told(desk)[0] == (NoticeKind.INSTRUCTION_DONE, LEADER.id)
    with pytest.raises(StaleRevision):
        desk.rungs.carried_out(AGENT, one.id, done.revision, "再来")
    clock.advance(timedelta(days=9))
    assert not desk.rungs.watch()


def test_an_approval_without_instruction_reminds_nobody(desk: Desk, clock: Clock) -> None:
    one = file(desk)
    desk.approve(LEADER, one.id, one.revision)
    clock.advance(timedelta(days=9))
    assert not desk.rungs.watch()
    assert desk.rungs.to_carry_out(AGENT.id) == []


# -- time --------------------------------------------------------------------------------------------


def test_a_deadline_reminds_the_rung_and_then_moves_up_once(desk: Desk, engine: Engine, clock: Clock) -> None:
    one = file(desk, urgency=Urgency.URGENT)
    other = Desk(engine, desk.people, clock)  # a second process
    told(desk)
    clock.advance(timedelta(minutes=59))
    assert not desk.rungs.watch()
    clock.advance(timedelta(minutes=1))
    assert desk.rungs.is_overdue(desk.escalation(one.id))
    assert (desk.rungs.watch().reminded, other.rungs.watch().reminded) == ((one.id,), ())
    assert told(desk) == [(NoticeKind.ESCALATION_OVERDUE, "leader")]
    clock.advance(timedelta(hours=1))
    assert (other.rungs.watch().moved, desk.rungs.watch().moved) == ((one.id,), ())
    assert told(desk) == [
        (NoticeKind.ESCALATION_SUBMITTED, "supervisor"),
        (NoticeKind.ESCALATION_MOVED, AGENT.id),
    ]
    moved = desk.escalation(one.id)
    assert (moved.awaiting, moved.changed_by, moved.steps[-1].actor_id) == (Role.SUPERVISOR, "", "")
    assert way(moved)[1] == (Role.LEADER, Mark.OVERDUE)
    with pytest.raises(StaleRevision):
        desk.approve(SUPERVISOR, one.id, one.revision)


def test_after_a_long_downtime_the_rung_is_reminded_before_anything_moves(desk: Desk, clock: Clock) -> None:
    one = file(desk, urgency=Urgency.URGENT)
    clock.advance(timedelta(days=7))
    assert desk.rungs.watch().reminded == (one.id,)
    assert not desk.rungs.watch()


def test_at_the_top_of_the_ladder_there_are_only_reminders(desk: Desk, clock: Clock) -> None:
    one = file(desk, SUPERVISOR, urgency=Urgency.URGENT)
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        assert desk.rungs.watch().reminded == (one.id,)
    assert desk.escalation(one.id).awaiting is Role.MANAGER


def test_what_was_asked_back_reminds_the_filer_and_does_not_move(desk: Desk, clock: Clock) -> None:
    one = file(desk, urgency=Urgency.URGENT)
    desk.rungs.ask_back(LEADER, one.id, one.revision, "谁？")
    told(desk)
    for _ in range(2):
        clock.advance(timedelta(hours=1))
        assert desk.rungs.watch().reminded == (one.id,)
    assert told(desk) == [(NoticeKind.ESCALATION_OVERDUE, AGENT.id)] * 2


def test_deadlines_of_nought_never_pass(desk: Desk, clock: Clock) -> None:
    none = timedelta(0)
    desk.rungs.deadlines = Deadlines(none, none, none, none, none)
    one = file(
        desk, urgency=Urgency.URGENT, next_role=Role.SUPERVISOR, skip_reason="x", grounds=Grounds.URGENT
    )
    desk.approve(SUPERVISOR, one.id, one.revision, "去办")
    file(desk, key="k2")
    clock.advance(timedelta(days=999))
    assert not desk.rungs.watch()
    assert desk.rungs.listed(overdue=True) == []


# -- lists -------------------------------------------------------------------------------------------


def test_lists_by_state_person_and_lateness(desk: Desk, clock: Clock) -> None:
    late = file(desk, urgency=Urgency.URGENT)
    clock.advance(timedelta(hours=2))
    fresh = file(desk, AGENT2, key="k2")
    gone = file(desk, key="k3")
    desk.reject(LEADER, gone.id, gone.revision, "自行处理")

    def numbers(**wishes: object) -> list[int]:
        return [one.id for one in desk.rungs.listed(**wishes)]  # type: ignore[arg-type]

    assert numbers() == [gone.id, fresh.id, late.id]
    assert numbers(reader=AGENT) == [gone.id, late.id]
    assert numbers(reader=LEADER) == numbers(reader=ADMIN) == numbers()
    assert numbers(filer_id=AGENT2.id) == [fresh.id]
    assert numbers(state=EscalationState.REJECTED) == [gone.id]
    assert numbers(waiting_for=LEADER) == [fresh.id, late.id]
    assert numbers(overdue=True) == [late.id]
    assert numbers(limit=1) == [gone.id]
    with pytest.raises(NotFound):
        desk.rungs.find("E-20990101-0001")
    with pytest.raises(NotFound):
        desk.rungs.find(late.number, AGENT2)
    assert Audience(role=Role.LEADER) == desk.due_notices()[0].audience
