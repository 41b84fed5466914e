"""Stories of generated procedures among generated people; see `procedure_acts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from desk_machine import OpenDatabase, play
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from procedure_acts import ProcedureActs, anybody, crews, procedures, values

from tickets.people import Person
from tickets.procedure_spec import Procedure


class Story(ProcedureActs):
    """Procedures alone."""

    @initialize(
        spec=procedures(), crew=crews(), first=st.lists(st.tuples(anybody, values), min_size=4, max_size=8)
    )
    def begin(self, spec: Procedure, crew: list[Person], first: list[tuple[str, Mapping[str, str]]]) -> None:
        # half an hour before December at the site
        self.clock.now = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)
        self.bring(spec)
        self.open(crew)
        for who, given in first:  # a story in which nothing is filed tells nothing
            self.take_on(who, given, twice=False)

    @rule(hours=st.sampled_from([0.5, 1, 24, 31, 24 * 31]))
    def wait(self, hours: float) -> None:
        self.clock.advance(timedelta(hours=hours))

    @rule(looks=st.integers(1, 3))
    def watch(self, looks: int) -> None:
        self.look_at_records(looks)


@pytest.mark.slow
def test_stories_on_sqlite(sqlite_copies: OpenDatabase) -> None:
    play(Story, sqlite_copies, 25, 12)


@pytest.mark.slow
def test_stories_on_postgres(postgres_copies: OpenDatabase) -> None:
    play(Story, postgres_copies, 5, 12)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_longer_stories_on_sqlite(sqlite_copies: OpenDatabase) -> None:
    play(Story, sqlite_copies, 40, 25)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_longer_stories_on_postgres(postgres_copies: OpenDatabase) -> None:
    play(Story, postgres_copies, 10, 20)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_long_stories_on_sqlite(sqlite_copies: OpenDatabase) -> None:
    play(Story, sqlite_copies, 150, 40, shrink=True)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_long_stories_on_postgres(postgres_copies: OpenDatabase) -> None:
    play(Story, postgres_copies, 40, 30, shrink=True)
