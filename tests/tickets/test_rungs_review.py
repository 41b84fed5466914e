"""What reviewers do, and what happens when nobody does anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_samples import (
    AGENT,
    AGENT2,
    LEADER,
    MANAGER,
    SUPERVISOR,
    Clock,
)
from rung_samples import file, told, way
from sqlalchemy import Engine

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, Refusal, StaleRevision
from tickets.people import Role
from tickets.records import EscalationState, NoticeKind, Urgency
from tickets.rung_records import Deadlines, Grounds, Mark

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
