"""Random people doing random things to tickets, with stale cards and races.

Whatever happens: what is refused changes nothing, what is done was allowed and seen, no ticket, comment or count is
lost or doubled. The table of permissions has a test of its own and is believed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk_machine import DeskMachine
from desk_samples import ORIGIN, ticket
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from tickets import ticket_rules
from tickets.errors import DeskError
from tickets.people import Person
from tickets.records import Ticket, TicketState, Urgency
from tickets.ticket_records import TicketChange, TicketQuery
from tickets.ticket_rules import TRANSITIONS, Act

WHO = st.integers(0, 8)
PICK = st.integers(0, 99)
BEHIND = st.sampled_from([0, 0, 0, 1, 2])
"""By how many revisions the card that somebody clicks is behind."""


class TicketActs(DeskMachine):
    """What people do with tickets, beside a model that knows only what was accepted."""

    def __init__(self) -> None:
        super().__init__()
        self.known_tickets: dict[int, Ticket] = {}
        self.first: dict[int, str] = {}
        self.said: Counter[str] = Counter()
        self.contacts = 0
        self.ticket_keys: list[tuple[str, int]] = []

    def check_end(self) -> None:
        super().check_end()
        for number in self.known_tickets:
            trail = [entry.action for entry in self.desk.audit(f"ticket:{number}")]
            assert trail.count("ticket.logged") == 1
        numbers = sorted(one.number for one in self.desk.tickets(limit=100_000))
        days = Counter(number[:-5] for number in numbers)
        assert numbers == sorted(f"{day}-{n:04d}" for day, many in days.items() for n in range(1, many + 1))

    # -- what people do ----------------------------------------------------------------------------

    def attempt(self, act: Act | None, actor: Person, number: int, do: Callable[[], Ticket]) -> bool:
        """Do something; refused, nothing may have changed, and done, it must have been allowed."""
        before = self.known_tickets[number]
        entries = self.entries()
        try:
            do()
        except DeskError:
            assert self.seen_tickets() == self.known_tickets
            assert self.entries() == entries
            return False
        if act is not None:
            assert self.desk.board.may(actor, act, before)
        self.settle(number)
        return True

    def seen_tickets(self) -> dict[int, Ticket]:
        found = {one.id: one for one in self.desk.tickets(limit=100_000)}
        return {number: found[number] for number in self.known_tickets}

    def settle(self, number: int) -> None:
        """Take over what is there now; only states that may follow may have followed."""
        now = self.seen_tickets()
        for one, before in self.known_tickets.items():
            self.followed(before, now[one])
            if now[one].owner_id != before.owner_id:
                assert one == number
        self.known_tickets = now

    def followed(self, before: Ticket, after: Ticket) -> None:
        """What may have become of a ticket."""
        assert after.revision >= before.revision
        assert after.first_responder_id == self.first[after.id]
        if after.state is not before.state:
            assert after.state in TRANSITIONS[before.state]

    def ticket_at(self, pick: int) -> int:
        return sorted(self.known_tickets)[pick % len(self.known_tickets)]

    def revision(self, number: int, behind: int) -> int:
        return self.known_tickets[number].revision - behind

    def new_ticket(self, actor: Person, content: dict[str, Any]) -> int:
        key = self.key()
        made = self.desk.log_ticket(actor, ticket(**content), ORIGIN, key)
        self.adopt(made)
        self.ticket_keys.append((key, made.id))
        assert made.first_responder_id == actor.id
        return made.id

    def adopt(self, made: Ticket) -> None:
        """There is a ticket more."""
        assert made.id not in self.known_tickets
        self.known_tickets[made.id], self.first[made.id] = made, made.first_responder_id
        self.contacts += 1

    @rule(actor=WHO, owner=st.sampled_from([None, None, 0, 3, "老张"]))
    def log_ticket(self, actor: int, owner: int | str | None) -> None:
        owner_id = owner if isinstance(owner, str) else "" if owner is None else self.person(owner).id
        self.new_ticket(self.person(actor), {"owner_id": owner_id})

    @precondition(lambda self: self.ticket_keys)
    @rule(at=st.integers(0, 1000), who=WHO)
    def log_ticket_twice(self, at: int, who: int) -> None:
        key, number = self.ticket_keys[at % len(self.ticket_keys)]
        assert self.desk.log_ticket(self.person(who), ticket(), ORIGIN, key).id == number

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, who=WHO, behind=BEHIND, to=WHO)
    def offer_ticket(self, pick: int, who: int, behind: int, to: int) -> None:
        number, actor, other = self.ticket_at(pick), self.person(who), self.person(to)
        before, seen = self.known_tickets[number], self.revision(number, behind)
        done = self.attempt(
            Act.HAND_OVER,
            actor,
            number,
            lambda: self.desk.board.offer(actor, number, seen, other.id, "请"),
        )
        if done:
            after = self.known_tickets[number]
            assert after.owner_id == before.owner_id
            assert after.offer is not None
            assert after.offer.to == other.id

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, behind=BEHIND, yes=st.booleans(), as_asked=st.booleans(), other=WHO)
    def answer_offer(self, pick: int, behind: int, yes: bool, as_asked: bool, other: int) -> None:
        number = self.ticket_at(pick)
        before = self.known_tickets[number]
        asked = before.offer.to if before.offer else ""
        actor = self.people.get(asked) if as_asked and asked else self.person(other)
        seen, board = self.revision(number, behind), self.desk.board
        done = self.attempt(
            None,
            actor,
            number,
            lambda: board.accept(actor, number, seen) if yes else board.decline(actor, number, seen, "忙"),
        )
        if done and self.known_tickets[number] != before:
            assert asked == actor.id
            assert self.known_tickets[number].owner_id == (actor.id if yes else before.owner_id)
            assert self.known_tickets[number].offer is None

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, who=WHO, behind=BEHIND)
    def withdraw_offer(self, pick: int, who: int, behind: int) -> None:
        number, actor = self.ticket_at(pick), self.person(who)
        seen = self.revision(number, behind)
        self.attempt(Act.HAND_OVER, actor, number, lambda: self.desk.board.withdraw(actor, number, seen))

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, who=WHO, behind=BEHIND)
    def take_ticket(self, pick: int, who: int, behind: int) -> None:
        number, actor = self.ticket_at(pick), self.person(who)
        before, seen = self.known_tickets[number], self.revision(number, behind)
        if self.attempt(None, actor, number, lambda: self.desk.board.take(actor, number, seen)):
            offered = before.offer is not None and before.offer.to == actor.id
            supervises = ticket_rules.may(self.people, actor, Act.TAKE_OVER, before)
            assert offered or supervises or before.owner_id == actor.id
            assert self.known_tickets[number].owner_id == actor.id

    @precondition(lambda self: self.known_tickets)
    @rule(
        pick=PICK,
        who=WHO,
        behind=BEHIND,
        state=st.sampled_from(TicketState),
        priority=st.sampled_from(Urgency),
        hours=st.integers(-2, 5),
    )
    def change_ticket(
        self, pick: int, who: int, behind: int, state: TicketState, priority: Urgency, hours: int
    ) -> None:
        number, actor = self.ticket_at(pick), self.person(who)
        seen = self.revision(number, behind)
        asked = TicketChange(state, priority, due_at=self.clock.now + timedelta(hours=hours))
        if self.attempt(
            Act.CHANGE, actor, number, lambda: self.desk.board.change(actor, number, seen, asked)
        ):
            after = self.known_tickets[number]
            assert (after.state, after.content.priority, after.due_at) == (state, priority, asked.due_at)

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, who=WHO, behind=BEHIND)
    def close_ticket(self, pick: int, who: int, behind: int) -> None:
        number, actor = self.ticket_at(pick), self.person(who)
        seen = self.revision(number, behind)
        if self.attempt(Act.CLOSE, actor, number, lambda: self.desk.board.close(actor, number, seen, "好了")):
            assert self.known_tickets[number].state is TicketState.CLOSED

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, who=WHO, behind=BEHIND)
    def reopen_ticket(self, pick: int, who: int, behind: int) -> None:
        number, actor = self.ticket_at(pick), self.person(who)
        seen = self.revision(number, behind)
        self.attempt(Act.REOPEN, actor, number, lambda: self.desk.board.reopen(actor, number, seen, "没好"))

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, who=WHO, again=st.booleans(), twice=st.booleans())
    def comment_ticket(self, pick: int, who: int, again: bool, twice: bool) -> None:
        number, actor, key = self.ticket_at(pick), self.person(who), self.key()
        act = self.desk.board.ask_again if again else self.desk.board.comment
        if self.attempt(None, actor, number, lambda: act(actor, number, key, key)):
            self.said[key] += 1
            self.contacts += again
            if twice:
                before = self.entries()
                act(actor, number, key, key)
                assert self.entries() == before

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, into=PICK, who=WHO, behind=BEHIND)
    def merge_tickets(self, pick: int, into: int, who: int, behind: int) -> None:
        number, other, actor = self.ticket_at(pick), self.ticket_at(into), self.person(who)
        seen = self.revision(number, behind)
        if self.attempt(Act.MERGE, actor, number, lambda: self.desk.board.merge(actor, number, seen, other)):
            assert self.known_tickets[number].state is TicketState.MERGED

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, who=WHO, behind=BEHIND)
    def unmerge_ticket(self, pick: int, who: int, behind: int) -> None:
        number, actor = self.ticket_at(pick), self.person(who)
        seen = self.revision(number, behind)
        if self.attempt(Act.MERGE, actor, number, lambda: self.desk.board.unmerge(actor, number, seen)):
            assert self.known_tickets[number].state is not TicketState.MERGED

    @precondition(lambda self: self.known_tickets)
    @rule(pick=PICK, first=WHO)
    def race_for_ticket(self, pick: int, first: int) -> None:
        """One takes it over while another closes it and a third asks somebody: one of them at most."""
        number = self.ticket_at(pick)
        seen = self.known_tickets[number].revision
        one, two, three = (self.person(first + n) for n in range(3))
        here, there = (desk.board for desk in self.desks)
        done = self.at_once(
            [
                lambda: here.take(one, number, seen),
                lambda: there.close(two, number, seen, "抢先"),
                lambda: here.offer(three, number, seen, one.id, "抢先"),
            ]
        )
        won = sum(ticket is not None and ticket.revision > seen for ticket in done)
        self.settle(number)
        assert self.known_tickets[number].revision == seen + won
        assert won <= 1

    # -- what always holds -------------------------------------------------------------------------

    @invariant()
    def no_ticket_is_lost_or_doubled(self) -> None:
        if not self.is_open:
            return
        assert {one.id for one in self.desk.tickets(limit=100_000)} == self.known_tickets.keys()
        found: Counter[str] = Counter()
        contacts = 0
        for number, one in self.known_tickets.items():
            if one.merged_into_id is None:
                view = self.desk.board.shown(number)
                found.update(comment.text for comment in view.comments)
                contacts += view.contacts
        assert found == self.said
        assert contacts == self.contacts

    @invariant()
    def duplicates_lead_to_one_that_goes_on(self) -> None:
        for one in self.known_tickets.values():
            assert (one.state is TicketState.MERGED) == (one.merged_into_id is not None)
            steps = 0
            while one.merged_into_id is not None:
                one = self.known_tickets[one.merged_into_id]
                steps += 1
                assert steps <= len(self.known_tickets)

    @invariant()
    def nothing_that_is_done_waits_for_anybody(self) -> None:
        for one in self.known_tickets.values():
            if not one.state.active:
                assert one.offer is None
            assert (one.state is TicketState.CLOSED) <= bool(one.closed_at)

    def finds_only_their_own(self, outsider: Person) -> None:
        """Somebody who belongs to nobody here sees what is theirs."""
        for one in self.desk.board.find(outsider, TicketQuery(limit=200)).tickets:
            theirs = {one.owner_id, one.first_responder_id, one.logged_by, one.offer.to if one.offer else ""}
            assert outsider.id in theirs
