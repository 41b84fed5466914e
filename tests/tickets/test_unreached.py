"""Who could not be reached hears of it afterwards, and that they know stands on the way."""

from __future__ import annotations

import pytest
from desk_samples import ADMIN, AGENT, LEADER, MANAGER, ORIGIN, SUPERVISOR, escalation

from tickets.desk import Desk
from tickets.errors import NotAllowed
from tickets.people import Role
from tickets.records import NoticeKind
from tickets.rung_records import Grounds, StepKind


def missed(desk: Desk) -> list[str]:
    """Whom the outbox tells that they could not be reached."""
    return [
        notice.audience.user_id or ""
        for notice in desk.due_notices(200)
        if notice.kind is NoticeKind.RUNG_MISSED
    ]


def test_the_leader_hears_once_and_says_once_that_they_know(desk: Desk) -> None:
    one = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    one = desk.rungs.unreachable(AGENT, one.id, 1, "十点起打了三次电话，没人接")
    assert missed(desk) == [LEADER.id]
    known = desk.rungs.missed_seen(LEADER, one.id)
    assert known.revision == one.revision
    assert (known.steps[-1].kind, known.steps[-1].actor_id) == (StepKind.MISSED_SEEN, LEADER.id)
    assert known.steps[-1].from_role is Role.LEADER
    assert desk.rungs.missed_seen(LEADER, one.id) == known
    assert desk.verify_audit() is None
    for person in (SUPERVISOR, ADMIN, AGENT):
        with pytest.raises(NotAllowed):
            desk.rungs.missed_seen(person, one.id)
    desk.approve(SUPERVISOR, one.id, one.revision)  # knowing it takes nothing from whoever decides


def test_who_was_left_out_from_the_beginning_hears_too(desk: Desk) -> None:
    content = escalation(next_role=Role.SUPERVISOR, grounds=Grounds.UNREACHABLE, skip_reason="班长电话关机")
    one = desk.file_escalation(AGENT, content, ORIGIN, "k1")
    assert missed(desk) == [LEADER.id]
    assert desk.rungs.missed_seen(LEADER, one.id).steps[-1].kind is StepKind.MISSED_SEEN


def test_who_gets_a_report_afterwards_needs_no_second_message(desk: Desk) -> None:
    one = desk.file_escalation(LEADER, escalation(), ORIGIN, "k1")
    desk.rungs.unreachable(LEADER, one.id, 1, "没人接")
    assert [report.role for report in desk.rungs.owed_reports(escalation_id=one.id)] == [Role.SUPERVISOR]
    assert missed(desk) == []


def test_whom_it_is_about_does_not_hear(desk: Desk) -> None:
    content = escalation(
        accused=(SUPERVISOR.id,), next_role=Role.MANAGER, grounds=Grounds.UNREACHABLE, skip_reason="没人接"
    )
    one = desk.file_escalation(AGENT, content, ORIGIN, "k1")
    assert SUPERVISOR.id not in missed(desk)
    with pytest.raises(NotAllowed):
        desk.rungs.missed_seen(SUPERVISOR, one.id)
    assert MANAGER.id not in missed(desk)
