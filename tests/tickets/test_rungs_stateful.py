"""Random histories of escalations; see `rung_acts`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_machine import OpenDatabase, play
from desk_samples import ORIGIN, Clock, escalation
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from rung_acts import ALWAYS, LADDERS, ROLES, RungActs
from sqlalchemy import Engine

from tickets.desk import Desk
from tickets.errors import StaleRevision
from tickets.people import Ladder, People, Person, Role


class Histories(RungActs):
    """Escalations alone."""

    @initialize(roles=st.lists(st.sampled_from(ROLES), max_size=4), ladder=st.sampled_from(LADDERS))
    def people_there(self, roles: list[Role], ladder: Ladder) -> None:
        self.open([Person(f"U{n}", f"人{n}", role) for n, role in enumerate([*ALWAYS, *roles])], ladder)

    @rule(hours=st.sampled_from([0, 1, 3, 25, 24 * 30]), looks=st.integers(1, 3))
    def time_passes(self, hours: int, looks: int) -> None:
        """The clock jumps; then one or several processes look at the deadlines, at the same time."""
        self.clock.advance(timedelta(hours=hours))
        self.look_at_deadlines(looks)


@pytest.mark.slow
def test_histories(copies: OpenDatabase) -> None:
    play(Histories, copies, 8, 20)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_more_histories(copies: OpenDatabase) -> None:
    play(Histories, copies, 30, 30)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_many_long_histories(copies: OpenDatabase) -> None:
    play(Histories, copies, 150, 60, shrink=True)


def test_a_lost_race_names_who_was_faster(engine: Engine, clock: Clock) -> None:
    agent, leader, other = (
        Person("U1", "甲"),
        Person("U2", "乙", Role.LEADER),
        Person("U3", "丙", Role.LEADER),
    )
    desk = Desk(engine, People([agent, leader, other]), clock)
    one = desk.file_escalation(agent, escalation(), ORIGIN, "k")
    desk.rungs.ask_back(leader, one.id, one.revision, "谁？")
    with pytest.raises(StaleRevision) as error:
        desk.approve(other, one.id, one.revision)
    assert error.value.changed_by == leader.id
