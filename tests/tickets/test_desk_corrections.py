"""Corrections in the record: once per record and publication, what was heard, what arrived, who is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desk_samples import AGENT, AGENT2, EVERYBODY, LEADER, ORIGIN, Clock, escalation, ticket
from sqlalchemy import Engine, text
from test_desk_races import together

from tickets import migrations
from tickets.corrections import (
    Announcement,
    ChangedClause,
    CitedClause,
    ManualMove,
    PlannedCorrection,
    RecordKind,
)
from tickets.desk import Desk
from tickets.errors import NotFound
from tickets.people import People, Role
from tickets.records import AnswerRecord, Audience, Notice, NoticeKind
from tickets.store import open_engine

MONTH = timedelta(days=30)


def answered(desk: Desk, *clauses: int, generation: int | None = 1, outcome: str = "answered") -> int:
    record = AnswerRecord("滤网多久清洗", outcome, clauses, origin=ORIGIN, generation=generation)
    return desk.record_answer(AGENT.id, record)


def of_answer(answer_id: int, *changes: ChangedClause) -> PlannedCorrection:
    return PlannedCorrection(RecordKind.ANSWER, answer_id, changes)


def told(position: int, old: int | None, new: int | None, *, restored: bool = False) -> ChangedClause:
    return ChangedClause(position, old, new, True, restored)


def announce(
    desk: Desk, generation: int, *planned: PlannedCorrection, quiet: tuple[ManualMove, ...] = ()
) -> int:
    return desk.corrections.announce("U_ADMIN", Announcement(generation, 0, planned, quiet))


def sent(desk: Desk, kind: NoticeKind = NoticeKind.CORRECTION) -> list[Notice]:
    return [notice for notice in desk.due_notices(100) if notice.kind is kind]


def test_a_publication_is_announced_once(desk: Desk) -> None:
    answer = answered(desk, 11, 12)
    assert announce(desk, 2, of_answer(answer, told(1, 12, 22))) == 1
    assert announce(desk, 2, of_answer(answer, told(1, 12, 23))) == 0
    assert desk.corrections.announce_late("U_ADMIN", 2, [of_answer(answer, told(0, 11, 21))]) == 0
    (notice,) = sent(desk)
    assert notice.audience == Audience(user_id=AGENT.id)
    correction = desk.corrections.get(notice.subject_id)
    assert correction.clauses == (told(1, 12, 22),)
    assert correction.answer is not None
    assert (correction.answer.question, correction.answer.origin) == ("滤网多久清洗", ORIGIN)
    (entry,) = [one for one in desk.audit(f"answer:{answer}") if one.action == "answer.corrected"]
    assert entry.details == {"generation": 2, "clauses": [[1, 12, 22]]}
    assert [one.action for one in desk.audit("publication:2")] == ["corrections.announced"] * 2
    assert desk.verify_audit() is None


def test_many_announcing_at_once_tell_once(desk: Desk) -> None:
    answers = [answered(desk, 11) for _ in range(5)]
    planned = [of_answer(answer, told(0, 11, 21)) for answer in answers]
    counts = together(*[lambda: announce(desk, 2, *planned)] * 8)
    assert sorted(counts) == [0] * 7 + [5]  # type: ignore[type-var]
    assert len(sent(desk)) == 5
    assert desk.verify_audit() is None


def test_what_was_last_heard_and_what_stands(desk: Desk, clock: Clock) -> None:
    since = clock.now - MONTH
    answer = answered(desk, 11, 12, 13)
    announce(desk, 2, of_answer(answer, told(0, 11, 21), ChangedClause(1, 12, 22, False)))
    announce(desk, 3, of_answer(answer, told(0, 21, None)))
    (citing,) = desk.corrections.answers_citing([12], since)
    assert citing.answer_id == answer
    assert citing.clauses == (
        CitedClause(0, 11, None, None, 21),
        CitedClause(1, 12, 12, 22, 22),
        CitedClause(2, 13, 13, 13, 13),
    )


def test_only_recent_answers_that_quoted_are_looked_at(desk: Desk, clock: Clock) -> None:
    answered(desk, 11)
    clock.advance(timedelta(days=31))
    recent = answered(desk, 11)
    answered(desk, 11, outcome="not_found")
    conflict = answered(desk, 11, 12, outcome="conflict")
    found = desk.corrections.answers_citing([11], clock.now - MONTH)
    assert [one.answer_id for one in found] == [recent, conflict]
    announce(desk, 2, of_answer(conflict, told(1, 12, 22)))
    assert desk.corrections.cited_since(clock.now - MONTH) == {11: True, 12: True}
    assert desk.corrections.cited_since(clock.now + MONTH) == {}


def test_late_answers_are_those_given_before_and_recorded_after(desk: Desk, clock: Clock) -> None:
    since = clock.now - MONTH
    early = answered(desk, 11, generation=1)
    late = answered(desk, 11, generation=1)
    answered(desk, 21, generation=2)
    answered(desk, 11, generation=None)
    assert [one.answer_id for one in desk.corrections.late_answers(early, 2, since)] == [late]


def test_switching_off_is_kept_until_the_publication_that_it_is_for(desk: Desk) -> None:
    moves = [ManualMove(1, 5), ManualMove(2, None)]
    desk.corrections.switch_off("U_ADMIN", moves)
    desk.corrections.switch_off("U_ADMIN", moves)
    assert set(desk.corrections.quiet([*moves, ManualMove(1, 6), ManualMove(3, None)])) == set(moves)
    desk.corrections.switch_on("U_ADMIN", moves[1:])
    assert desk.corrections.quiet(moves) == (moves[0],)
    announce(desk, 2, quiet=(moves[0],))
    assert desk.corrections.quiet(moves) == ()
    assert desk.corrections.announced()[2].quiet == {1}
    assert [one.action for one in desk.audit("manual:1")] == ["corrections.switched_off"]
    assert [one.action for one in desk.audit("manual:2")] == [
        "corrections.switched_off",
        "corrections.switched_on",
    ]


def test_a_silent_change_makes_no_notice(desk: Desk) -> None:
    answer = answered(desk, 11)
    assert announce(desk, 2, of_answer(answer, ChangedClause(0, 11, 21, False))) == 0
    assert sent(desk) == []


def test_what_did_not_arrive_is_told_with_the_next(desk: Desk) -> None:
    answer = answered(desk, 11, 12)
    announce(desk, 2, of_answer(answer, told(0, 11, 21)))
    (first,) = sent(desk)
    announce(desk, 3, of_answer(answer, told(0, 21, 31), told(1, 12, 32)))
    (second,) = sent(desk)
    assert desk.corrections.get(first.subject_id).superseded
    assert desk.corrections.get(second.subject_id).waits
    desk.failed(first.id, None)
    newest = desk.corrections.get(second.subject_id)
    assert (newest.superseded, newest.waits) == (False, False)
    assert newest.clauses == (told(0, 11, 31), told(1, 12, 32))


def test_what_arrived_is_what_the_next_one_corrects(desk: Desk) -> None:
    answer = answered(desk, 11)
    announce(desk, 2, of_answer(answer, told(0, 11, 21)))
    (first,) = sent(desk)
    desk.delivered(first.id, "C_FLOOR", "1.1")
    announce(desk, 3, of_answer(answer, told(0, 21, 31)))
    (second,) = sent(desk)
    correction = desk.corrections.get(second.subject_id)
    assert not correction.waits
    assert correction.clauses == (told(0, 21, 31),)


def test_a_sender_that_died_leaves_a_notice_that_may_have_been_sent(desk: Desk, clock: Clock) -> None:
    announce(desk, 2, of_answer(answered(desk, 11), told(0, 11, 21)))
    assert [notice.maybe_sent for notice in sent(desk)] == [False]
    clock.advance(timedelta(minutes=3))
    assert [notice.maybe_sent for notice in sent(desk)] == [True]


def test_open_escalations_and_tickets_are_flagged_and_their_holders_told(desk: Desk) -> None:
    content = escalation(next_role=Role.LEADER)
    filed = desk.file_escalation(AGENT, content, ORIGIN, "e1")
    logged = desk.log_ticket(AGENT2, ticket(policy_basis=content.policy_basis), ORIGIN, "t1")
    desk.log_ticket(AGENT2, ticket(), ORIGIN, "t2")
    records = desk.corrections.open_records()
    assert [(one.kind, one.record_id, [c.cited for c in one.clauses]) for one in records] == [
        (RecordKind.ESCALATION, filed.id, [7]),
        (RecordKind.TICKET, logged.id, [7]),
    ]
    sent(desk)
    flags = [PlannedCorrection(one.kind, one.record_id, (told(0, 7, 70),)) for one in records]
    assert announce(desk, 2, *flags) == 0  # no answers among them
    audiences = [notice.audience for notice in sent(desk, NoticeKind.BASIS_CHANGED)]
    assert audiences == [Audience(AGENT.id), Audience(role=Role.LEADER), Audience(AGENT2.id)]
    assert desk.escalation(filed.id).changed_basis == (0,)
    assert desk.ticket(logged.id).changed_basis == (0,)
    assert [one.changed_basis for one in desk.tickets()] == [(), (0,)]
    assert desk.verify_audit() is None

    approved = desk.approve(LEADER, filed.id, filed.revision)
    assert approved.ticket_id is not None
    assert desk.ticket(approved.ticket_id).changed_basis == (0,)  # the ticket goes on from the escalation
    back = PlannedCorrection(RecordKind.TICKET, approved.ticket_id, (told(0, 70, 7, restored=True),))
    gone = PlannedCorrection(RecordKind.ESCALATION, filed.id, (told(0, 70, 7, restored=True),))
    announce(desk, 3, back, gone)
    assert desk.ticket(approved.ticket_id).changed_basis == ()
    (notice,) = sent(desk, NoticeKind.BASIS_CHANGED)  # the decided escalation is nobody's business any more
    assert desk.corrections.get(notice.subject_id).record_id == approved.ticket_id


def test_an_unknown_correction_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.corrections.get(99)


def test_a_record_of_the_first_schema_is_taken_over(url: str, clock: Clock, tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    engine: Engine = open_engine(url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO answers (id, asker_id, question, outcome, language, latency_ms, at, channel,"
                " thread_ts, message_ts, team_id) VALUES (1, 'U_AGENT', '问', 'answered', 'zh', 5,"
                " '2026-11-20 01:00:00', 'C', '1.1', '1.2', 'T')"
            )
        )
        connection.execute(text("INSERT INTO answer_clauses VALUES (1, 0, 11)"))
    migrations.upgrade(engine)
    desk = Desk(engine, People(EVERYBODY), clock)
    (old,) = desk.corrections.answers_citing([11], clock.now - MONTH)
    assert old.generation is None
    assert desk.corrections.has_undated_answers()
    assert desk.verify_audit() is None
    engine.dispose()
