"""200 people at once on two sets of connections, as two processes have: nothing lost, doubled, or locked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from desk_samples import AGENT, AGENT2, EVERYBODY, LEADER, ORIGIN, Clock, ticket

from tickets.desk import Desk
from tickets.errors import InvalidInput, NotAllowed, StaleRevision
from tickets.people import People
from tickets.records import Ticket, TicketState
from tickets.store import open_engine

WRITERS = 200
SHARED = 4


class Writer:
    """One person at the desk; counts what was told to have worked."""

    def __init__(self, number: int, desk: Desk, shared: list[int], acts: int) -> None:
        self.number = number
        self.desk = desk
        self.shared = shared[number % len(shared)]
        self.acts = acts
        self.done: Counter[str] = Counter()

    def work(self) -> Counter[str]:
        jobs: tuple[Callable[[str], None], ...] = (self.log, self.comment, self.hand_over, self.close)
        for act in range(self.acts):
            jobs[(self.number + act) % len(jobs)](f"w{self.number}-{act}")
        return self.done

    def log(self, key: str) -> None:
        first = self.desk.log_ticket(AGENT, ticket(title=key), ORIGIN, key)
        assert self.desk.log_ticket(AGENT2, ticket(title="doubled"), ORIGIN, key).id == first.id
        self.done["logged"] += 1

    def comment(self, key: str) -> None:
        self.desk.board.comment(LEADER, self.shared, key, key)
        self.desk.board.comment(LEADER, self.shared, key, key)  # sent twice
        self.done["commented"] += 1

    def close(self, key: str) -> None:
        logged = self.desk.log_ticket(AGENT, ticket(title=key), ORIGIN, key)
        self.desk.board.close(AGENT, logged.id, logged.revision, key)
        self.done["logged"] += 1
        self.done["closed"] += 1

    def hand_over(self, key: str) -> None:
        """Offer the shared ticket to the other, or accept it, whichever is next; try again when somebody was faster."""
        for _ in range(3):
            seen = self.desk.ticket(self.shared)
            try:
                self.done[self._step(seen, key)] += 1
            except (StaleRevision, NotAllowed, InvalidInput):
                self.done["too late"] += 1
            else:
                return

    def _step(self, seen: Ticket, key: str) -> str:
        if seen.offer is not None:
            taker = AGENT if seen.offer.to == AGENT.id else AGENT2
            self.desk.board.accept(taker, seen.id, seen.revision)
            return "accepted"
        to = AGENT2 if seen.owner_id == AGENT.id else AGENT
        self.desk.board.offer(LEADER, seen.id, seen.revision, to.id, key)
        return "offered"


@pytest.mark.parametrize("acts", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_two_hundred_writers_lose_and_double_nothing(desk: Desk, url: str, clock: Clock, acts: int) -> None:
    shared = [desk.log_ticket(AGENT, ticket(), ORIGIN, f"shared{n}").id for n in range(SHARED)]
    other_engine = open_engine(url)
    other = Desk(other_engine, People(EVERYBODY), clock)
    writers = [Writer(n, other if n % 2 else desk, shared, acts) for n in range(WRITERS)]
    start = Barrier(WRITERS)

    def run(writer: Writer) -> Counter[str]:
        start.wait()
        return writer.work()

    with ThreadPoolExecutor(WRITERS) as pool:  # whatever but a DeskError a writer meets fails the test here
        done = sum(pool.map(run, writers), Counter())
    other_engine.dispose()

    tickets = desk.tickets(limit=10_000)
    trail = Counter(entry.action for entry in desk.audit())
    assert len(tickets) == done["logged"] + SHARED == trail["ticket.logged"]
    numbers = sorted(int(re.sub(r"T-20261124-", "", one.number)) for one in tickets)
    assert numbers == list(range(1, len(tickets) + 1))
    assert sum(one.state is TicketState.CLOSED for one in tickets) == done["closed"] == trail["ticket.closed"]
    # An act that was repeated by the same person in the same revision is given back, and counted by both.
    assert trail["ticket.offered"] <= done["offered"]
    assert trail["ticket.accepted"] <= done["accepted"]
    assert trail["ticket.offered"] - trail["ticket.accepted"] == sum(one.offer is not None for one in tickets)
    said = [one for number in shared for one in desk.board.shown(number).comments]
    assert len({one.text for one in said}) == len(said) == done["commented"]
    assert desk.verify_audit() is None
