"""Rungs that are left out: who cannot be reached, who is skipped, and what is owed for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_samples import (
    AGENT,
    AGENT2,
    LEADER,
    MANAGER,
    SUPERVISOR,
    SUPERVISOR2,
    Clock,
)
from rung_samples import file, told

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, Refusal
from tickets.people import Role
from tickets.records import NoticeKind, Urgency
from tickets.rung_records import Grounds

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
