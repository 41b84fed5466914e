"""What the random histories share: a database of their own, two processes at one desk, a clock, restarts, the end.

The parts (`ticket_acts`, `rung_acts`, `procedure_acts`) are mixed into one class for each test: alone, or together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any, TypeVar

from desk_samples import Clock
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tickets.desk import Desk
from tickets.errors import DeskError
from tickets.models import AuditHeadRow
from tickets.people import DEFAULT_LADDER, Ladder, People, Person
from tickets.procedure_files import Catalogue
from tickets.records import Notice
from tickets.store import open_engine

OpenDatabase = Callable[[], AbstractContextManager[str]]
"""The address of a migrated, empty database, that is gone afterwards."""

T = TypeVar("T")


class DeskMachine(RuleBasedStateMachine):
    """Everything that is not of tickets, escalations or procedures alone."""

    open_database: OpenDatabase

    def __init__(self) -> None:
        super().__init__()
        self.rooms = ExitStack()
        self.desks: list[Desk] = []
        self.engines: list[Engine] = []
        self.keys = count(1)
        self.clock = Clock()
        self.catalogue: Catalogue | None = None

    def open(self, listed: Sequence[Person], ladder: Ladder = DEFAULT_LADDER) -> None:
        """The desk of these people; the first thing in every history."""
        self.listed, self.ladder = list(listed), ladder
        self.people = People(self.listed, ladder)
        self.url = self.rooms.enter_context(type(self).open_database())
        self._begin()

    def _begin(self) -> None:
        self.engines = [open_engine(self.url) for _ in range(2)]
        self.desks = [self._desk_on(engine) for engine in self.engines]

    def _desk_on(self, engine: Engine) -> Desk:
        desk = Desk(engine, People(self.listed, self.ladder), self.clock)
        if self.catalogue is not None:
            desk.procedures.catalogue = self.catalogue
        desk.directory.refresh()
        return desk

    @property
    def is_open(self) -> bool:
        """Whether there is a desk yet: invariants are looked at before the first act, too."""
        return bool(self.desks)

    @property
    def desk(self) -> Desk:
        """That of one of the two processes, now this one and now that one."""
        return self.desks[next(self.keys) % 2]

    def key(self) -> str:
        """An idempotency key that nobody has used."""
        return f"k{next(self.keys)}"

    def person(self, number: int) -> Person:
        return self.listed[number % len(self.listed)]

    @staticmethod
    def accepted(work: Callable[[], T]) -> T | None:
        """What the desk gave, or None when it refused."""
        try:
            return work()
        except DeskError:
            return None

    def at_once(self, works: Sequence[Callable[[], T]]) -> list[T | None]:
        """What comes of several works at the same time; None for those that the desk refused."""
        with ThreadPoolExecutor(len(works)) as pool:
            return list(pool.map(self.accepted, works))

    def entries(self) -> int:
        """How long the trail is."""
        with Session(self.engines[0]) as session:
            return session.scalar(select(AuditHeadRow.count)) or 0

    @rule()
    def restart(self) -> None:
        """Both processes end, and begin again on what they left."""
        self._stop()
        self._begin()

    def _stop(self) -> None:
        for engine in self.engines:
            engine.dispose()

    # -- the end -----------------------------------------------------------------------------------

    @cached_property
    def told(self) -> list[Notice]:
        """Everything that was ever to be told, each notice once; taken at the end."""
        self.clock.advance(timedelta(days=365 * 20))  # also what was written before the clock went back
        found: list[Notice] = []
        while notices := self.desk.due_notices(500):
            for notice in notices:
                self.desk.delivered(notice.id)
            found += notices
        assert len({notice.id for notice in found}) == len(found)
        return found

    def teardown(self) -> None:
        try:
            if self.is_open:
                assert self.desk.verify_audit() is None
                self.check_end()
        finally:
            self._stop()
            self.rooms.close()

    def check_end(self) -> None:
        """What must hold of a whole history; each part adds to it."""


def play(
    machine: type[DeskMachine], opened: OpenDatabase, histories: int, length: int, *, shrink: bool = False
) -> None:
    """Random histories of so many acts, each on a database of its own. `shrink`: a failure is made short, which takes
    minutes."""
    on_this_database: Any = type(machine.__name__, (machine,), {"open_database": staticmethod(opened)})
    run_state_machine_as_test(
        on_this_database,
        settings=settings(
            max_examples=histories,
            stateful_step_count=length,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        ),
    )
