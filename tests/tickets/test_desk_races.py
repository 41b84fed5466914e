"""Many at once: nothing lost, nothing doubled, one winner."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from desk_samples import (
    AGENT,
    AGENT2,
    EVERYBODY,
    LEADER,
    ORIGIN,
    SUPERVISOR,
    SUPERVISOR2,
    Clock,
    escalation,
    ticket,
)

from tickets.desk import Desk
from tickets.errors import StaleRevision
from tickets.people import People, Role
from tickets.records import Escalation, EscalationState
from tickets.store import open_engine


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run all jobs from the same instant on; their results, or the StaleRevision that they raised."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], object]) -> object:
        start.wait()
        try:
            return job()
        except StaleRevision as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_twenty_filing_with_one_key_make_one_escalation(desk: Desk) -> None:
    results = together(*[lambda: desk.file_escalation(AGENT, escalation(), ORIGIN, "same")] * 20)
    assert len({one.id for one in results if isinstance(one, Escalation)}) == 1
    assert len(desk.escalations()) == 1
    assert len(desk.audit()) == 1
    assert len(desk.due_notices()) == 1


def test_one_key_claimed_by_twenty_is_won_by_one(desk: Desk) -> None:
    assert sorted(together(*[lambda: desk.claim("click:1")] * 20)) == [False] * 19 + [True]  # type: ignore[type-var]


def test_two_deciding_at_once_have_one_winner(desk: Desk) -> None:
    content = escalation(next_role=Role.SUPERVISOR, next_reason="班长联系不上")
    for round_ in range(5):
        filed = desk.file_escalation(AGENT, content, ORIGIN, f"k{round_}")
        results = together(
            lambda: desk.approve(SUPERVISOR, filed.id, 1),  # noqa: B023 (run before the next round)
            lambda: desk.reject(SUPERVISOR2, filed.id, 1, "不同意"),  # noqa: B023
        )
        winners = [one for one in results if isinstance(one, Escalation)]
        losers = [one for one in results if isinstance(one, StaleRevision)]
        assert len(winners) == len(losers) == 1
        assert losers[0].decided_by == winners[0].decided_by
        logged = 1 if winners[0].state is EscalationState.APPROVED else 0
        assert sum(one.escalation_id == filed.id for one in desk.tickets()) == logged
    assert desk.verify_audit() is None


def test_writers_of_two_processes_lose_nothing_and_number_without_gaps(
    desk: Desk, url: str, clock: Clock
) -> None:
    other_engine = open_engine(url)  # its own connections, as another process would have
    other = Desk(other_engine, People(EVERYBODY), clock)

    def log(number: int) -> Callable[[], object]:
        chosen = desk if number % 2 else other
        return lambda: chosen.log_ticket(AGENT2, ticket(title=f"第{number}单"), ORIGIN, f"t{number}")

    def file(number: int) -> Callable[[], object]:
        chosen = other if number % 2 else desk
        return lambda: chosen.file_escalation(AGENT, escalation(), ORIGIN, f"e{number}")

    together(*map(log, range(20)), *map(file, range(20)))
    other_engine.dispose()

    numbers = sorted(one.number for one in desk.tickets())
    assert numbers == [f"T-20261124-{number:04d}" for number in range(1, 21)]
    assert len(desk.escalations()) == 20
    assert len(desk.audit()) == 40
    assert desk.verify_audit() is None


def test_two_senders_never_get_the_same_notice(desk: Desk) -> None:
    for number in range(12):
        desk.log_ticket(AGENT, ticket(), ORIGIN, f"t{number}")
    batches = together(*[lambda: [notice.id for notice in desk.due_notices(3)]] * 4)
    taken = [notice for batch in batches for notice in batch]  # type: ignore[attr-defined]
    assert len(taken) == len(set(taken))
    rest = [notice.id for notice in desk.due_notices(12)]
    assert sorted(taken + rest) == sorted(set(taken + rest))
    assert len(taken + rest) == 12


def test_editing_and_approving_at_once_never_approves_what_was_not_seen(desk: Desk) -> None:
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k")
    together(
        lambda: desk.edit_escalation(AGENT, filed.id, 1, escalation(summary="换了内容")),
        lambda: desk.approve(LEADER, filed.id, 1),
    )
    now = desk.escalation(filed.id)
    seen = {EscalationState.SUBMITTED: "换了内容", EscalationState.APPROVED: filed.content.summary}
    assert now.revision == 2
    assert now.content.summary == seen[now.state]


def test_the_trail_verifies_while_others_write(desk: Desk) -> None:
    def write() -> object:
        return [desk.log_ticket(AGENT, ticket(), ORIGIN, f"t{number}") for number in range(40)]

    def check() -> object:
        return [desk.verify_audit() for _ in range(15)]

    verdicts = together(write, check, check)[1:]
    assert verdicts == [[None] * 15] * 2
