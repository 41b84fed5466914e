"""Random people doing random things to tickets, with stale cards, races, restarts and clock jumps.

Whatever happens: what is refused changes nothing, what is done was allowed and seen, no ticket, comment or count is
lost or doubled, and the trail verifies. The table of permissions has a test of its own and is believed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from desk_samples import ADMIN, AGENT, AGENT2, EVERYBODY, LEADER, ORIGIN, SUPERVISOR, Clock, ticket
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets import migrations, ticket_rules
from tickets.desk import Desk
from tickets.errors import DeskError
from tickets.models import AuditHeadRow
from tickets.people import People, Person, Role
from tickets.records import Ticket, TicketState, Urgency
from tickets.store import open_engine
from tickets.ticket_records import TicketChange, TicketQuery
from tickets.ticket_rules import TRANSITIONS, Act

OUTSIDER = Person("U_OUT", "外人", Role.AGENT, "夜班", "别处")
PEOPLE = People([*EVERYBODY, OUTSIDER])
ACTORS = st.sampled_from([AGENT, AGENT2, LEADER, SUPERVISOR, ADMIN, OUTSIDER])
BEHIND = st.sampled_from([0, 0, 0, 1, 2])
"""By how many revisions the card that somebody clicks is behind."""
_keys = count(1)


class Tickets(RuleBasedStateMachine):
    """One example works on tickets of its own in a database that all examples share."""

    tickets = Bundle("tickets")

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__()
        self.url, self.clock = url, clock
        self.engine = open_engine(url)
        self.desk = Desk(self.engine, PEOPLE, clock)
        self.known: dict[int, Ticket] = {}
        self.first: dict[int, str] = {}
        self.said: Counter[str] = Counter()
        self.contacts = 0
        self.keys: list[tuple[str, int]] = []

    def teardown(self) -> None:
        assert self.desk.verify_audit() is None
        for number in self.known:
            trail = [entry.action for entry in self.desk.audit(f"ticket:{number}")]
            assert trail.count("ticket.logged") == 1
        self.engine.dispose()

    # -- what people do ----------------------------------------------------------------------------

    def attempt(self, act: Act | None, actor: Person, number: int, do: Callable[[], Ticket]) -> bool:
        """Do something; refused, nothing may have changed, and done, it must have been allowed."""
        before = self.known[number]
        entries = self.entries()
        try:
            do()
        except DeskError:
            assert self.seen() == self.known
            assert self.entries() == entries
            return False
        if act is not None:
            assert self.desk.board.may(actor, act, before)
        self.settle(number)
        return True

    def entries(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(AuditHeadRow.count)) or 0

    def seen(self) -> dict[int, Ticket]:
        return {number: self.desk.ticket(number) for number in self.known}

    def settle(self, number: int) -> None:
        """Take over what is there now; only states that may follow may have followed."""
        now = self.seen()
        for one, before in self.known.items():
            after = now[one]
            assert after.revision >= before.revision
            assert after.first_responder_id == self.first[one]
            if after.state is not before.state:
                assert after.state in TRANSITIONS[before.state]
            if after.owner_id != before.owner_id:
                assert one == number
        self.known = now

    def revision(self, number: int, behind: int) -> int:
        return self.known[number].revision - behind

    @initialize(target=tickets)
    def begin(self) -> Any:
        return multiple(self.new(AGENT, {}), self.new(AGENT2, {}))

    def new(self, actor: Person, content: dict[str, Any]) -> int:
        key = f"k{next(_keys)}"
        made = self.desk.log_ticket(actor, ticket(**content), ORIGIN, key)
        assert made.id not in self.known
        self.known[made.id], self.first[made.id] = made, actor.id
        self.keys.append((key, made.id))
        self.contacts += 1
        return made.id

    @rule(target=tickets, actor=ACTORS, owner=st.sampled_from(["", AGENT.id, SUPERVISOR.id, "老张"]))
    def log(self, actor: Person, owner: str) -> int:
        return self.new(actor, {"owner_id": owner})

    @rule(at=st.integers(0, 1000))
    def log_twice(self, at: int) -> None:
        key, number = self.keys[at % len(self.keys)]
        assert self.desk.log_ticket(OUTSIDER, ticket(), ORIGIN, key).id == number

    @rule(number=tickets, actor=ACTORS, behind=BEHIND, to=ACTORS)
    def offer(self, number: int, actor: Person, behind: int, to: Person) -> None:
        before = self.known[number]
        seen = self.revision(number, behind)
        done = self.attempt(
            Act.HAND_OVER, actor, number, lambda: self.desk.board.offer(actor, number, seen, to.id, "请")
        )
        if done:
            after = self.known[number]
            assert after.owner_id == before.owner_id
            assert after.offer is not None
            assert after.offer.to == to.id

    @rule(number=tickets, behind=BEHIND, yes=st.booleans(), as_asked=st.booleans(), other=ACTORS)
    def answer(self, number: int, behind: int, yes: bool, as_asked: bool, other: Person) -> None:
        before = self.known[number]
        asked = before.offer.to if before.offer else ""
        actor = PEOPLE.get(asked) if as_asked and asked else other
        seen, board = self.revision(number, behind), self.desk.board
        done = self.attempt(
            None,
            actor,
            number,
            lambda: board.accept(actor, number, seen) if yes else board.decline(actor, number, seen, "忙"),
        )
        if done and self.known[number] != before:
            assert asked == actor.id
            assert self.known[number].owner_id == (actor.id if yes else before.owner_id)
            assert self.known[number].offer is None

    @rule(number=tickets, actor=ACTORS, behind=BEHIND)
    def withdraw(self, number: int, actor: Person, behind: int) -> None:
        seen = self.revision(number, behind)
        self.attempt(Act.HAND_OVER, actor, number, lambda: self.desk.board.withdraw(actor, number, seen))

    @rule(number=tickets, actor=ACTORS, behind=BEHIND)
    def take(self, number: int, actor: Person, behind: int) -> None:
        before, seen = self.known[number], self.revision(number, behind)
        if self.attempt(None, actor, number, lambda: self.desk.board.take(actor, number, seen)):
            offered = before.offer is not None and before.offer.to == actor.id
            supervises = ticket_rules.may(PEOPLE, actor, Act.TAKE_OVER, before)
            assert offered or supervises or before.owner_id == actor.id
            assert self.known[number].owner_id == actor.id

    @rule(
        number=tickets,
        actor=ACTORS,
        behind=BEHIND,
        state=st.sampled_from(TicketState),
        priority=st.sampled_from(Urgency),
        hours=st.integers(-2, 5),
    )
    def change(
        self, number: int, actor: Person, behind: int, state: TicketState, priority: Urgency, hours: int
    ) -> None:
        seen = self.revision(number, behind)
        asked = TicketChange(state, priority, due_at=self.clock.now + timedelta(hours=hours))
        if self.attempt(
            Act.CHANGE, actor, number, lambda: self.desk.board.change(actor, number, seen, asked)
        ):
            after = self.known[number]
            assert (after.state, after.content.priority, after.due_at) == (state, priority, asked.due_at)

    @rule(number=tickets, actor=ACTORS, behind=BEHIND)
    def close(self, number: int, actor: Person, behind: int) -> None:
        seen = self.revision(number, behind)
        if self.attempt(Act.CLOSE, actor, number, lambda: self.desk.board.close(actor, number, seen, "好了")):
            assert self.known[number].state is TicketState.CLOSED

    @rule(number=tickets, actor=ACTORS, behind=BEHIND)
    def reopen(self, number: int, actor: Person, behind: int) -> None:
        seen = self.revision(number, behind)
        self.attempt(Act.REOPEN, actor, number, lambda: self.desk.board.reopen(actor, number, seen, "没好"))

    @rule(number=tickets, actor=ACTORS, again=st.booleans(), twice=st.booleans())
    def comment(self, number: int, actor: Person, again: bool, twice: bool) -> None:
        key = f"c{next(_keys)}"
        act = self.desk.board.ask_again if again else self.desk.board.comment
        if self.attempt(None, actor, number, lambda: act(actor, number, key, key)):
            self.said[key] += 1
            self.contacts += again
            if twice:
                before = self.entries()
                act(actor, number, key, key)
                assert self.entries() == before

    @rule(number=tickets, into=tickets, actor=ACTORS, behind=BEHIND)
    def merge(self, number: int, into: int, actor: Person, behind: int) -> None:
        seen = self.revision(number, behind)
        if self.attempt(Act.MERGE, actor, number, lambda: self.desk.board.merge(actor, number, seen, into)):
            assert self.known[number].state is TicketState.MERGED

    @rule(number=tickets, actor=ACTORS, behind=BEHIND)
    def unmerge(self, number: int, actor: Person, behind: int) -> None:
        seen = self.revision(number, behind)
        if self.attempt(Act.MERGE, actor, number, lambda: self.desk.board.unmerge(actor, number, seen)):
            assert self.known[number].state is not TicketState.MERGED

    @rule(number=consumes(tickets))
    def race(self, number: int) -> None:
        """A supervisor takes it over while a leader closes it and another asks somebody: one of them at most."""
        seen, board = self.known[number].revision, self.desk.board
        acts: list[Callable[[], Ticket]] = [
            lambda: board.take(SUPERVISOR, number, seen),
            lambda: board.close(LEADER, number, seen, "抢先"),
            lambda: board.offer(LEADER, number, seen, OUTSIDER.id, "抢先"),
        ]

        def run(act: Callable[[], Ticket]) -> bool:
            try:
                return act().revision > seen
            except DeskError:
                return False

        with ThreadPoolExecutor(len(acts)) as pool:
            won = sum(pool.map(run, acts))
        self.settle(number)
        assert self.known[number].revision == seen + won
        assert won <= 1

    # -- what happens ------------------------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        self.engine.dispose()
        self.engine = open_engine(self.url)
        self.desk = Desk(self.engine, PEOPLE, self.clock)
        assert self.seen() == self.known

    @rule(hours=st.integers(-30, 60))
    def jump(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))

    # -- what always holds -------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        found: Counter[str] = Counter()
        contacts = 0
        for number, one in self.known.items():
            if one.merged_into_id is None:
                view = self.desk.board.shown(number)
                found.update(comment.text for comment in view.comments)
                contacts += view.contacts
        assert found == self.said
        assert contacts == self.contacts

    @invariant()
    def duplicates_lead_to_one_that_goes_on(self) -> None:
        for one in self.known.values():
            assert (one.state is TicketState.MERGED) == (one.merged_into_id is not None)
            steps = 0
            while one.merged_into_id is not None:
                one = self.known[one.merged_into_id]
                steps += 1
                assert steps <= len(self.known)

    @invariant()
    def nothing_that_is_done_waits_for_anybody(self) -> None:
        for one in self.known.values():
            if not one.state.active:
                assert one.offer is None
            assert (one.state is TicketState.CLOSED) <= bool(one.resolution and one.closed_at)

    @invariant()
    def an_outsider_finds_only_their_own(self) -> None:
        for one in self.desk.board.find(OUTSIDER, TicketQuery(limit=200)).tickets:
            theirs = {one.owner_id, one.first_responder_id, one.logged_by, one.offer.to if one.offer else ""}
            assert OUTSIDER.id in theirs


def explore(url: str, clock: Clock, examples: int, steps: int) -> None:
    engine = open_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(lambda: Tickets(url, clock), settings=chosen)  # type: ignore[no-untyped-call]
    engine = open_engine(url)
    numbers = Counter(one.number[:-5] for one in Desk(engine, PEOPLE, clock).tickets(limit=100_000))
    last = {one.number for one in Desk(engine, PEOPLE, clock).tickets(limit=100_000)}
    assert {f"{day}-{n:04d}" for day, many in numbers.items() for n in range(1, many + 1)} == last
    engine.dispose()


def test_whatever_people_do(url: str, clock: Clock) -> None:
    explore(url, clock, 6, 25)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_whatever_people_do_for_a_while(url: str, clock: Clock) -> None:
    explore(url, clock, 20, 30)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_whatever_people_do_for_long(url: str, clock: Clock) -> None:
    explore(url, clock, 60, 40)
