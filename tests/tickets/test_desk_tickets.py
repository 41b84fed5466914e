"""Tickets, the ledger of answers, claims and the outbox, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from desk_samples import AGENT, AGENT2, ORIGIN, SUPERVISOR, Clock, ticket

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotFound
from tickets.records import AnswerRecord, Audience, NoticeKind, TicketState, Verdict


def test_a_logged_ticket_is_found_again(desk: Desk) -> None:
    logged = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")

    assert logged.number == "T-20261124-0001"
    assert (logged.owner_id, logged.first_responder_id, logged.state) == (
        AGENT.id,
        AGENT.id,
        TicketState.OPEN,
    )
    assert desk.ticket(logged.id) == logged
    assert desk.ticket(" t-20261124-0001 ") == logged
    assert desk.tickets(person_id=AGENT.id) == [logged]
    assert desk.tickets(person_id=AGENT2.id) == []
    assert desk.tickets(state=TicketState.CLOSED) == []
    (notice,) = desk.due_notices()
    assert (notice.kind, notice.audience) == (NoticeKind.TICKET_LOGGED, Audience(user_id=AGENT.id))
    with pytest.raises(NotFound):
        desk.ticket("T-20261124-0002")


def test_the_same_key_logs_once(desk: Desk) -> None:
    first = desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    assert desk.log_ticket(AGENT2, ticket(title="别的"), ORIGIN, "t1") == first
    assert len(desk.tickets()) == 1


def test_a_ticket_for_somebody_else_keeps_its_first_responder(desk: Desk) -> None:
    logged = desk.log_ticket(AGENT, ticket(owner_id=AGENT2.id), ORIGIN, "t1")
    assert (logged.owner_id, logged.first_responder_id) == (AGENT2.id, AGENT.id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": " "}, "title"), ({"title": "长" * 501}, "title"), ({"kind": "Bad Kind"}, "kind")],
)
def test_a_bad_ticket_is_refused(desk: Desk, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        desk.log_ticket(AGENT, ticket(**changes), ORIGIN, "t1")
    assert error.value.field == field
    assert desk.log_ticket(AGENT, ticket(), ORIGIN, "t2").number.endswith("-0001")  # no number was used up


def test_numbers_follow_the_sites_day(desk: Desk, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 24, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    assert desk.log_ticket(AGENT, ticket(), ORIGIN, "t1").number == "T-20261124-0001"
    clock.advance(timedelta(minutes=2))
    assert desk.log_ticket(AGENT, ticket(), ORIGIN, "t2").number == "T-20261125-0001"
    assert desk.log_ticket(AGENT, ticket(), ORIGIN, "t3").number == "T-20261125-0002"


def test_an_event_is_claimed_once(desk: Desk, clock: Clock) -> None:
    assert desk.claim("event:Ev1") is True
    assert desk.claim("event:Ev1") is False
    assert desk.claim("message:C1:17.1") is True
    clock.advance(timedelta(days=8))
    assert desk.forget_claims(clock.now - timedelta(days=7)) == 2
    assert desk.claim("event:Ev1") is True


def test_answers_and_feedback_are_kept_with_their_clauses(desk: Desk) -> None:
    record = AnswerRecord("滤网多久清洗一次", "answered", (12, 5), latency_ms=31.5, origin=ORIGIN)
    answer_id = desk.record_answer(AGENT.id, record)

    assert desk.answer_record(answer_id) == record
    desk.record_feedback(AGENT, answer_id, Verdict.UNHELPFUL, "条款过时")
    desk.record_feedback(AGENT, answer_id, Verdict.UNHELPFUL, "条款过时")  # a double click
    desk.record_feedback(SUPERVISOR, answer_id, Verdict.HELPFUL)
    trail = [(entry.actor_id, entry.action) for entry in desk.audit(f"answer:{answer_id}")]
    assert trail == [(AGENT.id, "answer.given"), (AGENT.id, "answer.rated"), (SUPERVISOR.id, "answer.rated")]
    with pytest.raises(NotFound):
        desk.record_feedback(AGENT, answer_id + 1, Verdict.HELPFUL)


def test_a_notice_is_offered_until_it_arrives(desk: Desk, clock: Clock) -> None:
    desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    (notice,) = desk.due_notices()
    assert desk.due_notices() == []  # claimed

    desk.failed(notice.id, clock.now + timedelta(minutes=10))
    clock.advance(timedelta(minutes=9))
    assert desk.due_notices() == []
    clock.advance(timedelta(minutes=2))
    (again,) = desk.due_notices()
    assert (again.id, again.attempts) == (notice.id, 1)

    clock.advance(timedelta(minutes=3))  # the sender died: its claim lapses
    assert [one.id for one in desk.due_notices()] == [notice.id]
    desk.delivered(notice.id, "D1", "17.1")
    clock.advance(timedelta(days=1))
    assert desk.due_notices() == []
    desk.failed(notice.id, clock.now)  # a late report changes nothing
    assert desk.due_notices() == []


def test_a_hopeless_notice_is_given_up(desk: Desk, clock: Clock) -> None:
    desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    (notice,) = desk.due_notices()
    desk.failed(notice.id, None)
    clock.advance(timedelta(days=30))
    assert desk.due_notices() == []
    with pytest.raises(NotFound):
        desk.delivered(notice.id + 1)
