"""What happens to an escalation, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

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

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound, Refusal, StaleRevision
from tickets.people import Person, Role
from tickets.records import Audience, EscalationState, Notice, NoticeKind, Urgency
from tickets.rung_records import Grounds


def told(desk: Desk) -> list[tuple[NoticeKind, Audience]]:
    notices = desk.due_notices(100)
    for notice in notices:
        desk.delivered(notice.id, "C", f"{notice.id}.0")
    return [(notice.kind, notice.audience) for notice in notices]


def test_filing_addresses_the_next_rung_and_tells_it(desk: Desk) -> None:
    content = escalation()
    filed = desk.file_escalation(AGENT, content, ORIGIN, "k1")

    assert filed.state is EscalationState.SUBMITTED
    assert (filed.revision, filed.awaiting, filed.passed_over) == (1, Role.LEADER, ())
    assert filed.content == content
    assert filed.origin == ORIGIN
    assert filed.number == "E-20261124-0001"
    assert desk.escalation(filed.id) == filed
    assert told(desk) == [(NoticeKind.ESCALATION_SUBMITTED, Audience(role=Role.LEADER))]


def test_the_same_key_files_once(desk: Desk) -> None:
    first = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    again = desk.file_escalation(AGENT, escalation(summary="另一个"), ORIGIN, "k1")

    assert again == first
    assert len(desk.escalations()) == 1
    assert len(told(desk)) == 1
    assert len(desk.audit()) == 1


def test_approval_logs_a_ticket_tells_the_agent_and_leaves_a_trail(desk: Desk, clock: Clock) -> None:
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    told(desk)

    approved = desk.approve(LEADER, filed.id, filed.revision, "今天下午安排")

    assert approved.state is EscalationState.APPROVED
    assert (approved.decided_by, approved.decided_at) == (LEADER.id, clock.now)
    assert approved.decision_note == "今天下午安排"
    assert approved.ticket_number == "T-20261124-0001"
    ticket = desk.ticket(approved.ticket_number)
    assert ticket.id == approved.ticket_id
    assert (ticket.owner_id, ticket.first_responder_id, ticket.logged_by) == (AGENT.id, AGENT.id, LEADER.id)
    assert ticket.escalation_id == filed.id
    assert ticket.content.priority is Urgency.IMPORTANT
    assert ticket.content.policy_basis == filed.content.policy_basis
    assert told(desk) == [
        (NoticeKind.ESCALATION_DECIDED, Audience(user_id=AGENT.id)),
        (NoticeKind.ESCALATION_DECIDED, Audience(role=Role.LEADER)),
        (NoticeKind.TICKET_LOGGED, Audience(user_id=AGENT.id)),
    ]
    trail = [(entry.actor_id, entry.action, entry.subject) for entry in desk.audit()]
    assert trail == [
        (AGENT.id, "escalation.filed", f"escalation:{filed.id}"),
        (LEADER.id, "escalation.approved", f"escalation:{filed.id}"),
        (LEADER.id, "ticket.logged", f"ticket:{ticket.id}"),
    ]
    assert desk.verify_audit() is None


def test_rejection_needs_a_reason_and_logs_no_ticket(desk: Desk) -> None:
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    with pytest.raises(InvalidInput) as error:
        desk.reject(LEADER, filed.id, filed.revision, " \n")
    assert error.value.field == "reason"

    rejected = desk.reject(LEADER, filed.id, filed.revision, "可以自行处理")

    assert rejected.state is EscalationState.REJECTED
    assert rejected.decision_note == "可以自行处理"
    assert rejected.ticket_id is None
    assert desk.tickets() == []


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (AGENT2, Refusal.WRONG_ROLE),
        (ADMIN, Refusal.WRONG_ROLE),
        (Person("U_STRANGER", "路人"), Refusal.WRONG_ROLE),
        (LEADER, Refusal.TOO_LOW),
    ],
)
def test_a_click_by_the_wrong_role_changes_nothing(desk: Desk, actor: Person, refusal: Refusal) -> None:
    content = escalation(next_role=Role.SUPERVISOR, next_reason="班长已请示过", grounds=Grounds.ASKED)
    filed = desk.file_escalation(AGENT, content, ORIGIN, "k1")
    for decide in (desk.approve, desk.reject):
        with pytest.raises(NotAllowed) as error:
            decide(actor, filed.id, filed.revision, "理由")
        assert error.value.refusal is refusal
    assert desk.escalation(filed.id) == filed
    assert len(desk.audit()) == 1


def test_nobody_decides_their_own(desk: Desk) -> None:
    filed = desk.file_escalation(SUPERVISOR, escalation(), ORIGIN, "k1")
    assert filed.awaiting is Role.MANAGER
    own = desk.file_escalation(LEADER, escalation(), ORIGIN, "k2")
    promoted = replace(LEADER, role=Role.MANAGER)  # a role alone does not lift four eyes

    with pytest.raises(NotAllowed) as error:
        desk.approve(promoted, own.id, own.revision)
    assert error.value.refusal is Refusal.OWN_WORK
    assert desk.approve(MANAGER, filed.id, filed.revision).decided_by == MANAGER.id


def test_a_higher_rung_may_decide(desk: Desk) -> None:
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    assert desk.approve(SUPERVISOR, filed.id, filed.revision).decided_by == SUPERVISOR.id


def test_the_second_supervisor_is_told_who_decided(desk: Desk, clock: Clock) -> None:
    content = escalation(next_role=Role.SUPERVISOR, next_reason="班长联系不上")
    filed = desk.file_escalation(AGENT, content, ORIGIN, "k1")
    desk.approve(SUPERVISOR, filed.id, filed.revision)

    for late in (desk.approve, desk.reject):
        with pytest.raises(StaleRevision) as error:
            late(SUPERVISOR2, filed.id, filed.revision, "不同意")
        assert error.value.decided_by == SUPERVISOR.id
        assert error.value.decided_at == clock.now
        assert error.value.state == EscalationState.APPROVED
    with pytest.raises(StaleRevision):  # not even with the revision of the decided one
        desk.reject(SUPERVISOR2, filed.id, filed.revision + 1, "不同意")
    assert len(desk.tickets()) == 1


def test_an_edit_makes_the_seen_revision_stale(desk: Desk) -> None:
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    told(desk)
    edited = desk.edit_escalation(LEADER, filed.id, 1, escalation(summary="改过的摘要"))

    assert (edited.revision, edited.content.summary, edited.changed_by) == (2, "改过的摘要", LEADER.id)
    with pytest.raises(StaleRevision) as error:
        desk.approve(SUPERVISOR, filed.id, 1)
    assert (error.value.revision, error.value.changed_by, error.value.decided_by) == (2, LEADER.id, None)
    assert told(desk) == [
        (NoticeKind.ESCALATION_EDITED, Audience(role=Role.LEADER)),
        (NoticeKind.ESCALATION_EDITED, Audience(user_id=AGENT.id)),
    ]
    assert desk.approve(LEADER, filed.id, 2).state is EscalationState.APPROVED
    with pytest.raises(StaleRevision):
        desk.edit_escalation(AGENT, filed.id, 3, escalation())


def test_only_the_filer_or_a_decider_may_edit(desk: Desk) -> None:
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    with pytest.raises(NotAllowed) as error:
        desk.edit_escalation(AGENT2, filed.id, 1, escalation())
    assert error.value.refusal is Refusal.NOT_YOURS
    assert desk.edit_escalation(AGENT, filed.id, 1, escalation(summary="补充")).revision == 2


def test_passing_over_a_rung_needs_a_reason_and_stays_visible(desk: Desk) -> None:
    with pytest.raises(InvalidInput) as error:
        desk.file_escalation(AGENT, escalation(next_role=Role.MANAGER), ORIGIN, "k1")
    assert error.value.field == "next_reason"

    content = escalation(next_role=Role.MANAGER, next_reason="班长、主管都联系不上", skip_level_allowed=True)
    filed = desk.file_escalation(AGENT, content, ORIGIN, "k1")

    assert filed.passed_over == (Role.LEADER, Role.SUPERVISOR)
    assert desk.audit()[0].details["passed_over"] == ["leader", "supervisor"]


def test_nothing_goes_sideways_or_down(desk: Desk) -> None:
    for role in (Role.AGENT, Role.LEADER, Role.ADMIN):
        with pytest.raises(InvalidInput) as error:
            desk.file_escalation(LEADER, escalation(next_role=role, next_reason="x"), ORIGIN, f"k{role}")
        assert error.value.field == "next_role"


@pytest.mark.parametrize("field", ["summary", "report", "handling_suggestion"])
def test_a_report_without_its_essentials_is_refused(desk: Desk, field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        desk.file_escalation(AGENT, escalation(**{field: "  "}), ORIGIN, "k1")
    assert error.value.field == field
    assert desk.audit() == []


def test_each_sees_what_waits_for_them(desk: Desk) -> None:
    for_leader = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    content = escalation(next_role=Role.SUPERVISOR, next_reason="班长已请示过", grounds=Grounds.ASKED)
    for_supervisor = desk.file_escalation(AGENT, content, ORIGIN, "k2")
    by_leader = desk.file_escalation(LEADER, escalation(), ORIGIN, "k3")

    def waiting(person: Person) -> list[int]:
        return [one.id for one in desk.waiting_for(person)]

    assert waiting(AGENT) == waiting(ADMIN) == []
    assert waiting(LEADER) == [for_leader.id]
    assert waiting(SUPERVISOR) == [for_leader.id, for_supervisor.id, by_leader.id]
    desk.approve(SUPERVISOR, for_leader.id, 1)
    assert waiting(LEADER) == []
    assert [one.id for one in desk.escalations(filer_id=AGENT.id)] == [for_supervisor.id, for_leader.id]


def test_text_that_databases_choke_on_is_kept_without_the_choking_part(desk: Desk) -> None:
    filed = desk.file_escalation(
        AGENT, escalation(summary="坏\x00字符\ud800😀", report="报\x00告"), ORIGIN, "k1"
    )
    assert desk.escalation(filed.id).content.summary == "坏字符😀"
    assert desk.verify_audit() is None


def test_what_is_not_there_is_said_so(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.escalation(99)
    with pytest.raises(NotFound):
        desk.approve(SUPERVISOR, 99, 1)
    with pytest.raises(InvalidInput):
        desk.file_escalation(AGENT, escalation(), ORIGIN, "")


def test_a_submitted_notice_leaves_a_card(desk: Desk) -> None:
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    (notice,) = desk.due_notices()
    assert isinstance(notice, Notice)
    desk.delivered(notice.id, "C_REVIEW", "17.1")
    desk.place_card(notice.subject, "D_AGENT", "17.2", Audience(user_id=AGENT.id))
    desk.place_card(notice.subject, "D_AGENT", "17.2")

    assert notice.subject == f"escalation:{filed.id}"
    assert notice.subject_id == filed.id
    cards = desk.cards(notice.subject)
    assert [(card.channel, card.ts, card.audience) for card in cards] == [
        ("C_REVIEW", "17.1", Audience(role=Role.LEADER)),
        ("D_AGENT", "17.2", Audience(user_id=AGENT.id)),
    ]
