"""Many at once on one database, from two desks as two processes have them: one winner, no limit exceeded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from desk_samples import AGENT, AGENT2, EVERYBODY, LEADER, ORIGIN, SUPERVISOR, SUPERVISOR2, Clock, sent
from sqlalchemy import Engine

from tickets.desk import Desk
from tickets.errors import DeskError, StaleRevision
from tickets.people import People, Person
from tickets.procedure_records import Act, Record, RecordState
from tickets.procedure_words import InvalidForm
from tickets.records import NoticeKind
from tickets.store import open_engine

SWAP = {"shift_date": "2026-11-28", "partner": AGENT2.id, "reason": "有事"}


@pytest.fixture
def desks(engine: Engine, url: str, clock: Clock) -> Iterator[tuple[Desk, Desk]]:
    other = open_engine(url)
    yield Desk(engine, People(EVERYBODY), clock), Desk(other, People(EVERYBODY), clock)
    other.dispose()


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run all jobs from the same instant on; their results, or what the desk refused."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        start.wait()
        try:
            return job()
        except DeskError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def filing(desk: Desk, who: Person, key: str, partner: Person) -> Callable[[], Record]:
    return lambda: desk.procedures.file(who, "shift_swap", {**SWAP, "partner": partner.id}, ORIGIN, key)


def test_swaps_filed_at_once_do_not_pass_the_monthly_limit(desks: tuple[Desk, Desk]) -> None:
    one, other = desks
    jobs = [filing(desks[number % 2], AGENT, f"a{number}", AGENT2) for number in range(6)]
    jobs += [
        filing(desks[number % 2], LEADER, f"b{number}", AGENT) for number in range(6)
    ]  # counts for the agent too
    results = together(*jobs)
    assert sum(isinstance(result, Record) for result in results) == 2
    refused = [result for result in results if isinstance(result, InvalidForm)]
    assert len(refused) == 10
    assert {problem.code for error in refused for problem in error.problems} == {"limit"}
    assert one.procedures.count() == 2
    assert len({record.number for record in other.procedures.list()}) == 2
    assert one.verify_audit() is None


def test_one_key_filed_by_many_makes_one_record(desks: tuple[Desk, Desk]) -> None:
    results = together(*[filing(desks[number % 2], AGENT, "same", AGENT2) for number in range(12)])
    assert len({result.id for result in results if isinstance(result, Record)}) == 1
    assert desks[0].procedures.count() == 1
    assert len(desks[0].due_notices()) == 1


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told_who(desks: tuple[Desk, Desk]) -> None:
    one, other = desks
    filed = filing(one, AGENT, "k", AGENT2)()
    filed = one.procedures.act(AGENT2, filed.id, filed.revision, Act.ACCEPTED)
    results = together(
        lambda: one.procedures.act(SUPERVISOR, filed.id, filed.revision, Act.APPROVED),
        lambda: other.procedures.act(SUPERVISOR2, filed.id, filed.revision, Act.REJECTED, "人手不够"),
        lambda: one.procedures.withdraw(AGENT, filed.id, filed.revision),
    )
    (won,) = [result for result in results if isinstance(result, Record)]
    lost = [result for result in results if isinstance(result, StaleRevision)]
    assert len(lost) == 2
    assert {error.decided_by for error in lost} == {won.changed_by}
    assert one.procedures.get(filed.id) == won
    assert won.state is not RecordState.WAITING


def test_a_reminder_goes_out_once_whoever_looks(desks: tuple[Desk, Desk], clock: Clock) -> None:
    records = [filing(desks[0], who, f"k{who.id}", AGENT2)() for who in (AGENT, LEADER)]
    clock.advance(timedelta(hours=25))
    together(*[desk.procedures.watch for desk in desks * 3])
    kinds = [notice.kind for notice in sent(desks[0])]
    assert kinds.count(NoticeKind.PROCEDURE_REMINDER) == len(records)
    for record in records:
        path = desks[1].procedures.get(record.id).path
        assert [taken.act for taken in path] == [Act.FILED, Act.REMINDED]
