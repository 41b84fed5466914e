"""Gaps in the record: which answers belong to one, counted once, and what becomes of it and its ticket."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, ORIGIN, SUPERVISOR, sent
from test_desk_races import together

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound
from tickets.gaps import Gap, GapState
from tickets.people import Person
from tickets.records import AnswerRecord, NoticeKind, TicketContent, TicketState, Verdict

MISSING = AnswerRecord(
    "员工车位怎么申请", "not_found", origin=ORIGIN, generation=3, absent=True, near=(5, 6),
    context=(("user", "车位在哪"), ("assistant", "地下一层")),
)  # fmt: skip
TICKET = TicketContent("手册缺口", kind="manual_gap", owner_id=SUPERVISOR.id)


def asked(desk: Desk, by: Person = AGENT, **changes: object) -> int:
    return desk.record_answer(by.id, replace(MISSING, **changes))  # type: ignore[arg-type]


def founded(desk: Desk, *answers: int) -> Gap:
    """One gap of all these answers."""
    gap = None
    for answer in answers:
        _, seen = desk.gaps.known()
        gap = desk.gaps.group(answer, gap, b"\0\0\0\0", "m", seen=seen)
    assert gap is not None
    return desk.gaps.get(gap)


def waiting(desk: Desk) -> list[int]:
    return [question.answer_id for question in desk.gaps.waiting()]


def test_what_was_not_found_waits_to_be_grouped_with_all_that_is_needed_to_ask_again(desk: Desk) -> None:
    answer = asked(desk)
    asked(desk, absent=False)
    asked(desk, outcome="refused", absent=False)
    (question,) = desk.gaps.waiting()
    assert (question.answer_id, question.near, question.origin) == (answer, (5, 6), ORIGIN)
    assert question.context == MISSING.context
    assert desk.answer_record(answer).context == MISSING.context
    assert (question.not_found, question.unhelpful, question.generation) == (True, False, 3)


def test_thumbs_down_counts_once_and_not_for_what_was_refused(desk: Desk) -> None:
    missing, wrong = asked(desk), asked(desk, outcome="answered", absent=False, clause_ids=(7,))
    refused, unusable = asked(desk, outcome="refused", absent=False), asked(desk, absent=False)
    for answer in (missing, wrong, refused, unusable):
        for person in (AGENT, AGENT2):
            desk.record_feedback(person, answer, Verdict.UNHELPFUL)
    assert waiting(desk) == [missing, wrong]
    assert desk.gaps.waiting()[1].cited == (7,)
    gap = founded(desk, missing, wrong)
    assert [(q.not_found, q.unhelpful) for q in gap.questions] == [(True, True), (False, True)]


def test_a_thumbs_down_taken_back_counts_no_more(desk: Desk) -> None:
    wrong = asked(desk, outcome="answered", absent=False)
    desk.record_feedback(AGENT, wrong, Verdict.UNHELPFUL)
    desk.record_feedback(AGENT2, wrong, Verdict.UNHELPFUL)
    desk.record_feedback(AGENT, wrong, Verdict.HELPFUL)
    assert waiting(desk) == [wrong]
    gap = founded(desk, wrong)
    desk.record_feedback(AGENT2, wrong, Verdict.HELPFUL)
    assert desk.gaps.gaps() == []
    desk.record_feedback(AGENT2, wrong, Verdict.UNHELPFUL)
    assert [one.id for one in desk.gaps.gaps()] == [gap.id]


def test_a_question_is_in_one_gap_whoever_groups_it(desk: Desk) -> None:
    first, second = asked(desk), asked(desk, AGENT2)
    placed = together(*[lambda: desk.gaps.group(first, None, b"", "m", seen=0)] * 6)
    assert set(placed) == {1}
    assert desk.gaps.group(second, None, b"", "m", seen=0) is None  # decided before the first was known
    assert desk.gaps.group(second, 1, b"", "m", seen=1) == 1
    assert waiting(desk) == []
    gap = desk.gaps.get(1)
    assert gap.askers == (AGENT.id, AGENT2.id)
    assert gap.looked_at == 3
    assert [entry.action for entry in desk.audit("gap:1")] == ["gap.founded", "gap.joined"]
    with pytest.raises(NotFound):
        desk.gaps.group(99, None, b"", "m", seen=1)


def test_one_ticket_a_gap_closed_and_opened_again_with_it(desk: Desk) -> None:
    gap = founded(desk, asked(desk), asked(desk, AGENT2))
    with pytest.raises(NotAllowed):
        desk.gaps.make_ticket(AGENT, gap.id, TICKET)
    logged = set(together(*[lambda: desk.gaps.make_ticket(ADMIN, gap.id, TICKET).number] * 4))
    (ticket,) = desk.tickets()
    assert logged == {ticket.number}
    assert (ticket.owner_id, ticket.content.kind) == (SUPERVISOR.id, "manual_gap")

    seen = desk.gaps.get(gap.id)
    assert seen.ticket_number == ticket.number
    assert desk.gaps.answered("U_ADMIN", seen, 4, (40,), [q.answer_id for q in seen.questions])
    assert not desk.gaps.answered("U_ADMIN", seen, 4, (41,), [])  # by a second look at the same time
    closed = desk.gaps.get(gap.id)
    assert (closed.state, closed.answering, closed.looked_at) == (GapState.ANSWERED, (40,), 4)
    assert desk.ticket(ticket.id).state is TicketState.CLOSED
    assert desk.gaps.to_look_at(4) == []

    assert desk.gaps.reopened("U_ADMIN", closed, 5)
    assert desk.gaps.get(gap.id).state is GapState.OPEN
    assert desk.ticket(ticket.id).state is TicketState.OPEN
    told = [n.kind for n in sent(desk)]
    assert told.count(NoticeKind.TICKET_LOGGED) == 1
    assert told.count(NoticeKind.GAP_ANSWERED) == 2
    assert told.count(NoticeKind.TICKET_CHANGED) == 2
    assert desk.verify_audit() is None


def test_whoever_was_told_is_in_the_ledger_and_not_told_again(desk: Desk) -> None:
    answer = asked(desk)
    gap = founded(desk, answer)
    desk.gaps.answered("U_ADMIN", gap, 4, (40,), [answer])
    record = AnswerRecord("员工车位怎么申请", "answered", (40,), origin=ORIGIN, generation=4)
    told = desk.gaps.told(answer, record)
    assert desk.gaps.told(answer, record) == told
    assert desk.answer_record(told).clause_ids == (40,)
    desk.gaps.reopened("U_ADMIN", desk.gaps.get(gap.id), 5)
    before = len(desk.due_notices(50))
    desk.gaps.answered("U_ADMIN", desk.gaps.get(gap.id), 6, (60,), [answer])
    assert before == 1
    assert desk.due_notices(50) == []


def test_a_dismissed_matter_stays_so_when_it_is_asked_again(desk: Desk) -> None:
    gap = founded(desk, asked(desk))
    with pytest.raises(NotAllowed):
        desk.gaps.dismiss(AGENT, gap.id, "不归我们管")
    with pytest.raises(InvalidInput):
        desk.gaps.dismiss(ADMIN, gap.id, "  ")
    desk.gaps.dismiss(ADMIN, gap.id, "不归我们管")
    later = asked(desk, AGENT2)
    assert desk.gaps.group(later, gap.id, b"", "m", seen=gap.id) == gap.id
    assert desk.gaps.gaps() == []
    (dismissed,) = desk.gaps.gaps([GapState.DISMISSED])
    assert (dismissed.reason, len(dismissed.questions)) == ("不归我们管", 2)
    with pytest.raises(InvalidInput):
        desk.gaps.make_ticket(ADMIN, gap.id, TICKET)


def test_nobody_joins_a_gap_that_was_answered_meanwhile(desk: Desk) -> None:
    gap = founded(desk, asked(desk))
    desk.gaps.answered("U_ADMIN", gap, 4, (40,))
    assert desk.gaps.group(asked(desk), gap.id, b"", "m", seen=gap.id) is None
    assert desk.gaps.known() == ([], gap.id)


def test_an_old_question_makes_its_gap_be_looked_at_again(desk: Desk) -> None:
    gap = founded(desk, asked(desk, generation=9))
    assert desk.gaps.to_look_at(9) == []
    desk.gaps.group(asked(desk, generation=2), gap.id, b"", "m", seen=gap.id)
    assert [one.id for one in desk.gaps.to_look_at(9)] == [gap.id]
    desk.gaps.looked([gap.id], 9)
    assert desk.gaps.to_look_at(9) == []
