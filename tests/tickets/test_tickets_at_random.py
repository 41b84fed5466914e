"""Random people doing random things to tickets, with restarts and clock jumps; see `ticket_acts`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_machine import OpenDatabase, play
from desk_samples import ADMIN, AGENT, AGENT2, LEADER, SUPERVISOR
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from ticket_acts import TicketActs

from tickets.people import Person, Role

OUTSIDER = Person("U_OUT", "外人", Role.AGENT, "夜班", "别处")


class Tickets(TicketActs):
    """Tickets alone, among people of whom one belongs elsewhere."""

    @initialize()
    def begin(self) -> None:
        self.open([AGENT, AGENT2, LEADER, SUPERVISOR, ADMIN, OUTSIDER])
        for actor in (AGENT, AGENT2):
            self.new_ticket(actor, {})

    @rule(hours=st.integers(-30, 60))
    def jump(self, hours: int) -> None:
        self.clock.advance(timedelta(hours=hours))

    @invariant()
    def an_outsider_finds_only_their_own(self) -> None:
        if self.is_open:
            self.finds_only_their_own(OUTSIDER)

    @invariant()
    def what_is_closed_says_how(self) -> None:
        assert all(one.resolution for one in self.known_tickets.values() if one.closed_at)


@pytest.mark.slow
def test_whatever_people_do(copies: OpenDatabase) -> None:
    play(Tickets, copies, 6, 25)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_whatever_people_do_for_a_while(copies: OpenDatabase) -> None:
    play(Tickets, copies, 20, 30)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_whatever_people_do_for_long(copies: OpenDatabase) -> None:
    play(Tickets, copies, 60, 40, shrink=True)
