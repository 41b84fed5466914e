"""Working on tickets: hand-overs, double clicks, changing, closing; on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from desk_samples import AGENT, AGENT2, LEADER, MANAGER, ORIGIN, SUPERVISOR, Clock, sent, ticket
from ticket_samples import log, told

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, Refusal, StaleRevision
from tickets.records import Audience, NoticeKind, Ticket, TicketState, Urgency
from tickets.ticket_records import TicketChange, TicketQuery

# -- hand-overs ------------------------------------------------------------------------------------


def test_whoever_was_asked_first_stays_responsible_until_a_hand_over_is_accepted(desk: Desk) -> None:
    logged = log(desk)
    offered = desk.board.offer(AGENT, logged.id, 1, AGENT2.id, " 客户只在上午有空 ")
    assert (offered.owner_id, offered.revision) == (AGENT.id, 2)
    assert offered.offer is not None
    assert (offered.offer.to, offered.offer.by, offered.offer.note) == (
        AGENT2.id,
        AGENT.id,
        "客户只在上午有空",
    )
    accepted = desk.board.accept(AGENT2, logged.id, 2)
    assert (accepted.owner_id, accepted.first_responder_id, accepted.offer) == (AGENT2.id, AGENT.id, None)
    assert accepted.state is TicketState.IN_PROGRESS
    assert accepted.content.owner_id == AGENT2.id
    assert desk.verify_audit() is None
    actions = [entry.action for entry in desk.board.view(AGENT, logged.id).history]
    assert actions == ["ticket.logged", "ticket.offered", "ticket.accepted"]


def test_the_offer_and_its_end_are_told_to_those_whom_they_concern(desk: Desk) -> None:
    logged = log(desk)
    sent(desk)
    desk.board.offer(AGENT, logged.id, 1, AGENT2.id, "请接手")
    (notice,) = sent(desk)
    assert (notice.kind, notice.audience) == (NoticeKind.TICKET_OFFERED, Audience(user_id=AGENT2.id))
    desk.board.decline(AGENT2, logged.id, 2, "我不在班")
    assert told(desk) == [(AGENT.id, "ticket.declined")]
    desk.board.offer(LEADER, logged.id, 3, AGENT2.id, "你明天在")
    assert told(desk) == [(AGENT.id, "ticket.offered")]
    desk.board.offer(AGENT, logged.id, 4, SUPERVISOR.id, "还是请主管")
    assert told(desk) == [(AGENT2.id, "ticket.offered")]
    desk.board.take(MANAGER, logged.id, 5)
    assert told(desk) == [(AGENT.id, "ticket.taken_over"), (SUPERVISOR.id, "ticket.taken_over")]


def test_a_declined_or_withdrawn_offer_leaves_the_owner(desk: Desk) -> None:
    logged = log(desk)
    desk.board.offer(AGENT, logged.id, 1, AGENT2.id, "请接手")
    with pytest.raises(InvalidInput) as error:
        desk.board.decline(AGENT2, logged.id, 2, " ")
    assert error.value.field == "reason"
    declined = desk.board.decline(AGENT2, logged.id, 2, "不归我管")
    assert (declined.owner_id, declined.offer) == (AGENT.id, None)
    desk.board.offer(AGENT, logged.id, 3, AGENT2.id, "再问一次")
    withdrawn = desk.board.withdraw(AGENT, logged.id, 4)
    assert withdrawn.offer is None
    with pytest.raises(StaleRevision):
        desk.board.accept(AGENT2, logged.id, 4)
    with pytest.raises(NotAllowed) as refused:
        desk.board.accept(AGENT2, logged.id, 5)
    assert refused.value.refusal is Refusal.NOT_OFFERED
    assert [e.details.get("note") for e in desk.audit("ticket:1")][1:4] == ["请接手", "不归我管", "再问一次"]


def test_it_is_handed_to_somebody_else(desk: Desk) -> None:
    logged = log(desk)
    for to in (AGENT.id, "", " ", "U" * 65):
        with pytest.raises(InvalidInput) as error:
            desk.board.offer(AGENT, logged.id, 1, to, "请")
        assert error.value.field == "offered_to"


def test_taking_is_what_it_means_for_each(desk: Desk) -> None:
    logged = log(desk)
    assert desk.board.take(AGENT, logged.id, 1).state is TicketState.IN_PROGRESS
    with pytest.raises(NotAllowed):
        desk.board.take(AGENT2, logged.id, 2)
    with pytest.raises(NotAllowed):  # a leader asks for a hand-over; the department's supervisor takes
        desk.board.take(LEADER, logged.id, 2)
    desk.board.offer(AGENT, logged.id, 2, AGENT2.id, "请接手")
    assert desk.board.take(AGENT2, logged.id, 3).owner_id == AGENT2.id
    taken = desk.board.take(SUPERVISOR, logged.id, 4)
    assert (taken.owner_id, taken.first_responder_id) == (SUPERVISOR.id, AGENT.id)


# -- double clicks and lost races ------------------------------------------------------------------

ACTS: dict[str, Callable[[Desk, int], Ticket]] = {
    "take": lambda desk, number: desk.board.take(AGENT, number, 1),
    "change": lambda desk, number: desk.board.change(AGENT, number, 1, TicketChange(kind="complaint")),
    "offer": lambda desk, number: desk.board.offer(AGENT, number, 1, AGENT2.id, "请"),
    "close": lambda desk, number: desk.board.close(AGENT, number, 1, "修好了"),
    "comment": lambda desk, number: desk.board.comment(AGENT, number, "已回电", f"c{number}"),
    "ask again": lambda desk, number: desk.board.ask_again(AGENT, number, "又来电", f"c{number}"),
    "take over": lambda desk, number: desk.board.take(SUPERVISOR, number, 1),
}


def test_a_double_click_does_nothing_twice(desk: Desk) -> None:
    for name, act in ACTS.items():
        logged = log(desk, name)
        first = act(desk, logged.id)
        entries, notices = len(desk.audit()), len(desk.due_notices(100))
        assert notices
        assert act(desk, logged.id) == first, name
        assert len(desk.audit()) == entries, name
        assert desk.due_notices(100) == [], name


def test_whoever_is_too_late_is_told_who_was_faster(desk: Desk) -> None:
    for name in ("take", "change", "offer", "close", "take over"):
        logged = log(desk, name)
        desk.board.change(LEADER, logged.id, 1, TicketChange(priority=Urgency.URGENT))
        entries = len(desk.audit())
        with pytest.raises(StaleRevision) as error:
            ACTS[name](desk, logged.id)
        assert (error.value.changed_by, error.value.revision) == (LEADER.id, 2)
        assert len(desk.audit()) == entries


# -- changing, closing, reopening ------------------------------------------------------------------


def test_what_is_changed_is_in_the_history(desk: Desk, clock: Clock) -> None:
    logged = log(desk)
    due = clock.now + timedelta(hours=3)
    asked = TicketChange(TicketState.WAITING_CUSTOMER, Urgency.URGENT, "complaint", due)
    changed = desk.board.change(AGENT, logged.id, 1, asked)
    assert (changed.state, changed.content.priority, changed.content.kind, changed.due_at) == (
        TicketState.WAITING_CUSTOMER,
        Urgency.URGENT,
        "complaint",
        due,
    )
    assert desk.ticket(logged.id) == changed
    (entry,) = [e for e in desk.audit("ticket:1") if e.action == "ticket.changed"]
    assert entry.details["changes"]["state"] == ["open", "waiting_customer"]
    assert desk.board.change(AGENT, logged.id, 2, asked) == changed  # nothing to change: nothing is recorded
    assert desk.board.change(AGENT, logged.id, 2, TicketChange(due_at=None)).due_at is None


def test_what_cannot_be_is_refused(desk: Desk, clock: Clock) -> None:
    logged = log(desk)
    for asked, field in (
        (TicketChange(state=TicketState.CLOSED), "ticket_state"),
        (TicketChange(state=TicketState.MERGED), "ticket_state"),
        (TicketChange(kind="Bad Kind"), "kind"),
        (TicketChange(due_at=clock.now), "due_at"),
    ):
        with pytest.raises(InvalidInput) as error:
            desk.board.change(AGENT, logged.id, 1, asked)
        assert error.value.field == field
    assert desk.ticket(logged.id) == logged


def test_a_promise_is_overdue_until_the_ticket_is_closed(desk: Desk, clock: Clock) -> None:
    with pytest.raises(InvalidInput):
        desk.log_ticket(AGENT, ticket(), ORIGIN, "t0", due_at=clock.now)
    due = clock.now + timedelta(hours=1)
    logged = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1", due_at=due)
    log(desk, "t2")
    overdue = TicketQuery(overdue=True)
    assert desk.board.find(AGENT, overdue).total == 0
    clock.advance(timedelta(hours=2))
    assert [one.id for one in desk.board.find(AGENT, overdue).tickets] == [logged.id]
    assert logged.overdue(clock.now)
    desk.board.close(AGENT, logged.id, 1, "上门修好")
    assert desk.board.find(AGENT, overdue).total == 0


def test_closing_needs_a_resolution_and_reopening_a_reason(desk: Desk, clock: Clock) -> None:
    logged = log(desk)
    desk.board.offer(AGENT, logged.id, 1, AGENT2.id, "请")
    with pytest.raises(InvalidInput) as error:
        desk.board.close(AGENT, logged.id, 2, "  ")
    assert error.value.field == "resolution"
    closed = desk.board.close(AGENT, logged.id, 2, "换了水管")
    assert (closed.state, closed.resolution, closed.closed_by, closed.closed_at, closed.offer) == (
        TicketState.CLOSED,
        "换了水管",
        AGENT.id,
        clock.now,
        None,
    )
    for asked in (
        lambda: desk.board.accept(AGENT2, logged.id, 3),
        lambda: desk.board.close(AGENT, logged.id, 3, "再关一次"),
        lambda: desk.board.offer(AGENT, logged.id, 3, AGENT2.id, "请"),
        lambda: desk.board.change(AGENT, logged.id, 3, TicketChange(kind="complaint")),
    ):
        with pytest.raises(InvalidInput) as refused:
            asked()
        assert refused.value.field == "ticket_state"
    with pytest.raises(InvalidInput):
        desk.board.reopen(AGENT, logged.id, 3, "")
    again = desk.board.reopen(AGENT, logged.id, 3, "又漏了")
    assert (again.state, again.resolution, again.closed_at) == (TicketState.OPEN, "", None)
    notes = [entry.details.get("note") for entry in desk.board.view(AGENT, logged.id).history]
    assert notes == [None, "请", "换了水管", "又漏了"]
