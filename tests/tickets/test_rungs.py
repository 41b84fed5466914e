"""The way up the ladder on SQLite and PostgreSQL: who gets it, and who finds it."""

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
    SUPERVISOR,
    SUPERVISOR2,
    Clock,
    escalation,
)
from rung_samples import LEADER2, file, kinds, told, way
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal
from tickets.people import People, Person, Role
from tickets.records import Audience, EscalationState, NoticeKind, Urgency
from tickets.rung_records import Grounds, Mark, StepKind
from tickets.rungs import address

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
