"""One voice at the desk: who may confirm, every revision kept, read once by each, reminded so many times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, LEADER, MANAGER, SUPERVISOR, SUPERVISOR2, Clock
from sqlalchemy import Engine, text

from tickets.confirmed import ConfirmedAnswer, ConfirmedContent, ConfirmedState
from tickets.corrections import Announcement
from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, NotFound, StaleRevision
from tickets.people import Person
from tickets.records import NoticeKind

CONTENT = ConfirmedContent("水票一张多少钱?", "每张 6 元。", (11, 12), (12, 13))
HOUR = timedelta(hours=1)


def confirmed(desk: Desk, person: Person = SUPERVISOR) -> ConfirmedAnswer:
    return desk.confirmed.confirm(person, CONTENT, 3)


def kinds(desk: Desk) -> list[tuple[NoticeKind, str | None]]:
    found = desk.due_notices(100)
    for one in found:
        desk.delivered(one.id)
    return [(one.kind, one.audience.user_id) for one in found]


@pytest.mark.parametrize("person", [AGENT, LEADER, ADMIN])
def test_below_a_supervisor_nobody_confirms(desk: Desk, person: Person) -> None:
    with pytest.raises(NotAllowed):
        confirmed(desk, person)
    assert desk.confirmed.all() == []


@pytest.mark.parametrize("person", [SUPERVISOR, MANAGER])
def test_a_supervisor_confirms_with_their_name_and_time(desk: Desk, clock: Clock, person: Person) -> None:
    one = confirmed(desk, person)
    assert desk.confirmed.active() == [one]
    assert (one.state, one.revision, one.content) == (ConfirmedState.ACTIVE, 1, CONTENT)
    assert (one.confirmed_by, one.confirmed_at, one.generation) == (person.id, clock.now, 3)
    assert [entry.action for entry in desk.audit("confirmed:1")] == ["confirmed.confirmed"]


def test_confirming_the_same_again_changes_nothing(desk: Desk, clock: Clock) -> None:
    first = confirmed(desk)
    clock.advance(HOUR)
    spaced = replace(CONTENT, question="水票 一张多少钱？")
    assert desk.confirmed.confirm(SUPERVISOR, CONTENT, 3) == first
    assert len(desk.audit("confirmed:1")) == 1
    assert desk.confirmed.confirm(SUPERVISOR2, spaced, 3).id == first.id


def test_a_question_has_one_confirmed_answer_and_all_that_it_ever_said_is_kept(desk: Desk) -> None:
    first = confirmed(desk)
    second = desk.confirmed.confirm(SUPERVISOR2, replace(CONTENT, text="每张 7 元。"), 4)
    assert (second.id, second.revision, second.confirmed_by) == (first.id, 2, SUPERVISOR2.id)
    other = desk.confirmed.confirm(SUPERVISOR, replace(CONTENT, organisation="河东站"), 4)
    assert other.id != first.id
    history = desk.confirmed.history(first.id)
    assert [(one.revision, one.content.text, one.by) for one in history] == [
        (1, "每张 6 元。", SUPERVISOR.id),
        (2, "每张 7 元。", SUPERVISOR2.id),
    ]


def test_correcting_needs_what_is_there_now(desk: Desk) -> None:
    one = confirmed(desk)
    better = replace(CONTENT, text="每张 8 元。")
    again = desk.confirmed.revise(SUPERVISOR2, one.id, 1, better, 3)
    assert (again.revision, again.content.text) == (2, "每张 8 元。")
    with pytest.raises(StaleRevision) as stale:
        desk.confirmed.revise(SUPERVISOR, one.id, 1, CONTENT, 3)
    assert stale.value.changed_by == SUPERVISOR2.id
    with pytest.raises(NotAllowed):
        desk.confirmed.revise(AGENT, one.id, 2, better, 3)
    with pytest.raises(NotFound):
        desk.confirmed.revise(SUPERVISOR, 99, 1, better, 3)


def test_the_question_of_another_one_cannot_be_taken(desk: Desk) -> None:
    confirmed(desk)
    other = desk.confirmed.confirm(SUPERVISOR, replace(CONTENT, question="空桶几天内退?"), 3)
    with pytest.raises(InvalidInput) as wrong:
        desk.confirmed.revise(SUPERVISOR, other.id, 1, CONTENT, 3)
    assert wrong.value.field == "question"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"question": " "}, "question"), ({"text": ""}, "text"), ({"text": "长" * 8001}, "text"), ({"clause_ids": ()}, "sources")],
)  # fmt: skip
def test_what_cannot_be_recorded_is_named(desk: Desk, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        desk.confirmed.confirm(SUPERVISOR, replace(CONTENT, **changes), 3)  # type: ignore[arg-type]
    assert wrong.value.field == field


def test_clauses_read_before_a_publication_that_was_announced_are_not_confirmed(desk: Desk) -> None:
    desk.corrections.announce("U_ADMIN", Announcement(4, 0))
    with pytest.raises(InvalidInput) as wrong:
        confirmed(desk)
    assert wrong.value.field == "generation"


def test_withdrawn_is_not_given_and_may_be_confirmed_again(desk: Desk) -> None:
    one = confirmed(desk)
    with pytest.raises(NotAllowed):
        desk.confirmed.withdraw(LEADER, one.id)
    gone = desk.confirmed.withdraw(ADMIN, one.id)
    assert (gone.state, gone.confirmed_by, gone.changed_by) == (
        ConfirmedState.WITHDRAWN,
        SUPERVISOR.id,
        ADMIN.id,
    )
    assert desk.confirmed.withdraw(ADMIN, one.id) == gone
    assert desk.confirmed.active() == []
    with pytest.raises(StaleRevision):
        desk.confirmed.revise(SUPERVISOR, one.id, gone.revision, CONTENT, 3)
    back = confirmed(desk)
    assert (back.id, back.state, back.revision) == (one.id, ConfirmedState.ACTIVE, 3)


def test_a_confirmed_answer_changed_behind_the_desk_is_noticed(desk: Desk, engine: Engine) -> None:
    confirmed(desk)
    assert desk.verify_audit() is None
    with engine.begin() as connection:
        connection.execute(text("UPDATE confirmed_answers SET confirmed_by = 'U_AGENT'"))
    broken = desk.verify_audit()
    assert broken is not None
    assert "#1" in broken.reason


def test_everybody_in_the_channel_reads_it_once(desk: Desk, clock: Clock) -> None:
    one = confirmed(desk)
    people = [AGENT.id, AGENT2.id, LEADER.id, SUPERVISOR.id]
    sent, new = desk.confirmed.send(SUPERVISOR, one.id, 1, "C_FLOOR", people)
    assert new
    assert [reader.person_id for reader in sent.missing] == [AGENT.id, AGENT2.id, LEADER.id]
    assert desk.confirmed.send(SUPERVISOR2, one.id, 1, "C_FLOOR", [AGENT.id]) == (sent, False)
    assert kinds(desk) == [(NoticeKind.ACKNOWLEDGEMENT, SUPERVISOR.id)]
    clock.advance(HOUR)
    first, asked = desk.confirmed.read(AGENT, sent.id)
    clock.advance(HOUR)
    assert asked
    assert desk.confirmed.read(AGENT, sent.id) == (first, True)
    assert [reader.read_at for reader in first.readers if reader.person_id == AGENT.id] == [clock.now - HOUR]
    assert not desk.confirmed.read(MANAGER, sent.id)[1]
    reads = [
        entry for entry in desk.audit(f"acknowledgement:{sent.id}") if entry.action == "acknowledgement.read"
    ]
    assert [entry.actor_id for entry in reads] == [AGENT.id]
    with pytest.raises(NotFound):
        desk.confirmed.read(AGENT, 77)


def test_only_supervisors_send_what_is_given_now(desk: Desk) -> None:
    one = confirmed(desk)
    with pytest.raises(NotAllowed):
        desk.confirmed.send(LEADER, one.id, 1, "C", [AGENT.id])
    with pytest.raises(StaleRevision):
        desk.confirmed.send(SUPERVISOR, one.id, 9, "C", [AGENT.id])
    with pytest.raises(InvalidInput):
        desk.confirmed.send(SUPERVISOR, one.id, 1, "C", [])
    gone = desk.confirmed.withdraw(SUPERVISOR, one.id)
    with pytest.raises(InvalidInput):
        desk.confirmed.send(SUPERVISOR, one.id, gone.revision, "C", [AGENT.id])


def test_who_has_not_read_is_reminded_a_few_times(desk: Desk, clock: Clock) -> None:
    one = confirmed(desk)
    sent, _ = desk.confirmed.send(SUPERVISOR, one.id, 1, "C", [AGENT.id, AGENT2.id])
    kinds(desk)
    assert desk.confirmed.remind(24 * HOUR, 2) == 0
    clock.advance(24 * HOUR)
    desk.confirmed.read(AGENT2, sent.id)
    assert desk.confirmed.remind(24 * HOUR, 2) == 1
    assert desk.confirmed.remind(24 * HOUR, 2) == 0
    assert kinds(desk) == [(NoticeKind.ACKNOWLEDGEMENT_REMINDER, AGENT.id)]
    clock.advance(24 * HOUR)
    assert desk.confirmed.remind(24 * HOUR, 2) == 1
    clock.advance(24 * HOUR)
    assert desk.confirmed.remind(24 * HOUR, 2) == 0
    assert [reader.reminders for reader in desk.confirmed.acknowledgement(sent.id).missing] == [2]


def test_what_says_something_else_must_be_read_anew(desk: Desk, clock: Clock) -> None:
    one = confirmed(desk)
    first, _ = desk.confirmed.send(SUPERVISOR, one.id, 1, "C", [AGENT.id])
    same = desk.confirmed.revise(SUPERVISOR, one.id, 1, replace(CONTENT, clause_ids=(12,)), 3)
    assert desk.confirmed.acknowledgement(first.id).ended_at is None
    other = desk.confirmed.revise(SUPERVISOR, one.id, same.revision, replace(CONTENT, text="每张 9 元。"), 3)
    ended = desk.confirmed.acknowledgement(first.id)
    assert (ended.ended_at, ended.content.text) == (clock.now, "每张 6 元。")
    clock.advance(48 * HOUR)
    assert desk.confirmed.remind(24 * HOUR, 2) == 0
    second, new = desk.confirmed.send(SUPERVISOR, one.id, other.revision, "C", [AGENT.id])
    assert new
    assert [one.id for one in desk.confirmed.acknowledgements(other.id)] == [second.id, first.id]
