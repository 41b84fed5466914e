"""Random histories of escalations: people, ladders, clicks with old revisions, races, restarts, clock jumps.

Beside the desk runs a model that knows only what was accepted. After every act: nothing lost or doubled, no state
that may not be, nobody decided who may not; at the end of every history the audit trail vouches for all of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desk_samples import ORIGIN, Clock, escalation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text

from tickets import migrations
from tickets.desk import Desk
from tickets.errors import DeskError, StaleRevision
from tickets.models import Base
from tickets.people import Ladder, People, Person, Role
from tickets.records import UNDECIDED, Escalation, EscalationState, NoticeKind, Urgency
from tickets.rung_records import GIVEN, StepKind
from tickets.store import open_engine

LADDERS = (
    Ladder(),
    Ladder((Role.LEADER, Role.MANAGER)),
    Ladder((Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER)),
)
ROLES = (Role.AGENT, Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER, Role.ADMIN)
ALWAYS = (Role.AGENT, Role.LEADER, Role.SUPERVISOR, Role.MANAGER)
ENDED = {EscalationState.APPROVED, EscalationState.REJECTED, EscalationState.WITHDRAWN}
ENDING = {StepKind.APPROVED, StepKind.REJECTED, StepKind.WITHDRAWN}

WORDS = st.sampled_from(["没人接电话", "请核实", "同意", "正在漏电", "请补充", " "])
INDEX = st.integers(0, 8)
ABOUT = st.one_of(st.just([]), st.just([]), st.lists(INDEX, max_size=2))
OLD = st.sampled_from([0, 0, 0, 0, 1, 2, 3])
USUAL = st.sampled_from([True, True, True, False])
"""Mostly whoever it belongs to does it."""

FILERS = ("answer", "unreachable", "withdraw", "done", "edit")
REVIEWERS = ("approve", "reject", "edit", "pass_up", "ask_back")
FITTING = {
    EscalationState.SUBMITTED: (
        "ask_back",
        "pass_up",
        "unreachable",
        "edit",
        "approve",
        "reject",
        "withdraw",
    ),
    EscalationState.RETURNED: ("answer", "answer", "edit", "approve", "withdraw"),
    EscalationState.APPROVED: ("done", "approve"),
}


@dataclass
class Known:
    """What was accepted of one escalation."""

    id: int
    filer: Person
    accused: frozenset[str]
    seen: list[Escalation] = field(default_factory=list)
    """Every state in which somebody saw it, oldest first: clicks carry any of these revisions."""


class Histories(RuleBasedStateMachine):
    """One random history on a fresh database."""

    engine: Engine

    @initialize(roles=st.lists(st.sampled_from(ROLES), max_size=4), ladder=st.sampled_from(LADDERS))
    def people_there(self, roles: list[Role], ladder: Ladder) -> None:
        listed = [Person(f"U{n}", f"人{n}", role) for n, role in enumerate([*ALWAYS, *roles])]
        self.people = People(listed, ladder)
        self.listed, self.ladder = listed, ladder
        self.clock = Clock()
        self.desk = self.opened()
        self.known: list[Known] = []
        self.keys = itertools.count()

    def opened(self) -> Desk:
        return Desk(self.engine, self.people, self.clock)

    # -- acts ------------------------------------------------------------------------------------

    @rule(
        filer=INDEX,
        accused=ABOUT,
        urgency=st.sampled_from(Urgency),
        wanted=st.sampled_from([None, None, *ROLES]),
        grounds=st.sampled_from([None, *GIVEN]),
        why=WORDS,
        twice=st.booleans(),
    )
    def file(
        self,
        filer: int,
        accused: list[int],
        urgency: Urgency,
        wanted: Role | None,
        grounds: object,
        why: str,
        twice: bool,
    ) -> None:
        who = self.person(filer)
        about = tuple({self.person(n).id for n in accused})
        content = escalation(
            urgency=urgency,
            next_role=wanted,
            grounds=grounds,
            skip_reason=why,
            accused=about,
            policy_basis=(),
        )
        key = f"k{next(self.keys)}"
        filed = self.accepted(lambda: self.desk.file_escalation(who, content, ORIGIN, key))
        if filed is None:
            return
        if twice:  # a form whose acknowledgement was lost
            again = self.desk.file_escalation(who, content, ORIGIN, key)
            assert again.id == filed.id
        self.known.append(Known(filed.id, who, frozenset(about), [filed]))

    @rule(filer=st.sampled_from([0, 0, 1]), urgency=st.sampled_from(Urgency))
    def file_as_usual(self, filer: int, urgency: Urgency) -> None:
        """An agent, or a leader, reports to the next rung."""
        self.file(filer, [], urgency, None, None, "", False)

    @precondition(lambda self: self.known)
    @rule(which=INDEX, actor=INDEX, act=INDEX, old=OLD, said=WORDS, accused=ABOUT)
    def click(self, which: int, actor: int, act: int, old: int, said: str, accused: list[int]) -> None:
        """Anybody presses anything on what they saw, perhaps long ago."""
        one = self.chosen(which)
        self.press(one, (*FILERS, *REVIEWERS)[act], self.person(actor), old, said, accused)

    @precondition(lambda self: any(self.fitting(one) for one in self.known))
    @rule(which=INDEX, actor=INDEX, act=INDEX, said=WORDS)
    def click_as_usual(self, which: int, actor: int, act: int, said: str) -> None:
        """Somebody whose turn it is does something that fits."""
        able = [one for one in self.known if self.fitting(one)]
        one = able[which % len(able)]
        acts = self.fitting(one)
        self.press(one, *acts[(act + actor) % len(acts)], 0, said, [])

    def press(self, one: Known, act: str, who: Person, old: int, said: str, accused: list[int]) -> None:
        seen = one.seen[max(len(one.seen) - 1 - old, 0)]
        before = self.desk.escalation(one.id)
        about = tuple({self.person(n).id for n in accused}) if act == "edit" and who == one.filer else None
        done = self.accepted(self.deed(act, who, seen, said, about))
        if done is None:
            assert self.desk.escalation(one.id) == before  # refused: nothing changed
            return
        assert seen.revision == before.revision, "a click on an old card was taken"
        if about is not None:
            one.accused = frozenset(about)
        self.allowed_to(act, who, one, before)
        one.seen.append(done)

    @precondition(lambda self: self.known)
    @rule(
        which=INDEX,
        first=INDEX,
        second=INDEX,
        acts=st.tuples(*[st.sampled_from(["approve", "reject", "pass_up", "ask_back", "withdraw"])] * 2),
    )
    def race(self, which: int, first: int, second: int, acts: tuple[str, str]) -> None:
        """Two people press at the same time on what both see, through two processes."""
        one, other = self.chosen(which), self.opened()
        seen, before = one.seen[-1], self.desk.escalation(one.id)
        if seen.revision != before.revision:
            return
        pairs = [(self.desk, acts[0], self.person(first)), (other, acts[1], self.person(second))]
        with ThreadPoolExecutor(2) as pool:
            jobs = [
                pool.submit(self.accepted, self.deed(act, who, seen, "原因", None, desk))
                for desk, act, who in pairs
            ]
        done = [(job.result(), act, who) for job, (_, act, who) in zip(jobs, pairs, strict=True)]
        winners = [(result, act, who) for result, act, who in done if result is not None]
        assert len(winners) <= 1, "both won"
        for result, act, who in winners:
            assert result is not None
            self.allowed_to(act, who, one, before)
            one.seen.append(result)

    @rule(hours=st.sampled_from([0, 1, 3, 25, 24 * 30]), looks=st.integers(1, 3))
    def time_passes(self, hours: int, looks: int) -> None:
        """The clock jumps; then one or several processes look at the deadlines, at the same time."""
        self.clock.advance(timedelta(hours=hours))
        desks = [self.opened() for _ in range(looks)]
        with ThreadPoolExecutor(looks) as pool:
            found = list(pool.map(lambda desk: desk.rungs.watch(), desks))
        for kind in ("reminded", "moved", "reports"):
            ids = [number for watched in found for number in getattr(watched, kind)]
            assert len(ids) == len(set(ids)), f"{kind} twice"
        assert not self.desk.rungs.watch(), "a second look found more"
        for one in self.known:
            now = self.desk.escalation(one.id)
            if now.revision != one.seen[-1].revision:
                assert now.steps[-1].kind is StepKind.OVERDUE
                one.seen.append(now)

    @rule(which=INDEX, actor=INDEX, said=WORDS, usual=USUAL)
    def report(self, which: int, actor: int, said: str, usual: bool) -> None:
        """Somebody gives, or reads, a report that is owed."""
        owed = self.desk.rungs.owed_reports()
        if not owed:
            return
        report, who = owed[which % len(owed)], self.person(actor)
        reading = report.done_at is not None
        if usual and (report.owed_to or not reading):
            who = self.people.get(report.owed_to[0] if reading else report.owed_by)
        try:
            if reading:
                self.desk.rungs.report_read(who, report.id)
            else:
                self.desk.rungs.report(who, report.id, said)
        except DeskError:
            assert self.desk.rungs.owed_report(report.id) == report
        else:
            assert reading or (report.owed_by == who.id and report.done_at is None and said.strip())

    @rule()
    def restart(self) -> None:
        """Another process on the same database."""
        self.desk = self.opened()

    # -- what must hold --------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "known"):
            return
        stored = {one.id: one for one in self.desk.escalations(limit=1000)}
        assert stored.keys() == {one.id for one in self.known}
        tickets = [ticket.escalation_id for ticket in self.desk.tickets(limit=1000)]
        approved = {number for number, one in stored.items() if one.state is EscalationState.APPROVED}
        assert len(tickets) == len(set(tickets))
        assert set(tickets) == approved
        for one in self.known:
            self.is_sound(one, stored[one.id])

    def is_sound(self, one: Known, now: Escalation) -> None:
        assert now.revision == one.seen[-1].revision
        assert [step.number for step in now.steps] == list(range(1, len(now.steps) + 1))
        kept = one.seen[-1].steps
        assert now.steps[: len(kept)] == kept, "the way was rewritten"
        ends = [step for step in now.steps if step.kind in ENDING]
        assert len(ends) == (1 if now.state in ENDED else 0)
        assert now.awaiting in self.ladder.above(one.filer.role)
        assert (now.decided_by is not None) == (now.state in ENDED - {EscalationState.WITHDRAWN})
        assert now.carried_out_at is None or now.state is EscalationState.APPROVED
        heights = [
            self.ladder.height(step.to_role) for step in now.steps if step.to_role and step.kind in MOVES
        ]
        assert heights == sorted(heights), "it went down"
        for person in self.listed:
            if person.id in now.content.accused and person.id != one.filer.id:
                assert now not in self.desk.waiting_for(person)
                assert now not in self.desk.rungs.listed(person)
        assert not {person.id for person in self.desk.rungs.reviewers(now)} & set(now.content.accused)

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            broken = self.desk.verify_audit()
            assert broken is None, broken
            self.everything_is_announced()

    def everything_is_announced(self) -> None:
        """Each escalation's end is told to its filer exactly once."""
        told: list[int] = []
        while notices := self.desk.due_notices(200):
            for notice in notices:
                self.desk.delivered(notice.id)
                if notice.kind is NoticeKind.ESCALATION_DECIDED and notice.audience.user_id:
                    told.append(notice.subject_id)
        decided = [one.id for one in self.desk.escalations(limit=1000) if one.decided_by]
        assert sorted(told) == sorted(decided)

    # -- small parts -----------------------------------------------------------------------------

    def person(self, number: int) -> Person:
        return self.listed[number % len(self.listed)]

    def fitting(self, one: Known) -> list[tuple[str, Person]]:
        """What can be done about it now, and by whom."""
        now = self.desk.escalation(one.id)
        found: list[tuple[str, Person]] = []
        for act in FITTING.get(now.state, ()):
            if act in FILERS:
                found.append((act, one.filer))
            else:
                found += [(act, reviewer) for reviewer in self.desk.rungs.reviewers(now)]
        return found

    def chosen(self, number: int) -> Known:
        return self.known[number % len(self.known)]

    @staticmethod
    def accepted(work: Callable[[], Escalation]) -> Escalation | None:
        """What the desk gave, or None when it refused."""
        try:
            return work()
        except DeskError:
            return None

    def deed(
        self,
        act: str,
        who: Person,
        seen: Escalation,
        said: str,
        accused: tuple[str, ...] | None,
        desk: Desk | None = None,
    ) -> Callable[[], Escalation]:
        desk = desk or self.desk
        number, revision = seen.id, seen.revision
        content = escalation(
            summary=f"改{said}",
            urgency=seen.content.urgency,
            next_role=seen.content.next_role,
            grounds=seen.content.grounds,
            skip_reason=seen.content.skip_reason,
            accused=seen.content.accused if accused is None else accused,
            policy_basis=(),
        )
        return {
            "approve": lambda: desk.approve(who, number, revision, said),
            "reject": lambda: desk.reject(who, number, revision, said),
            "edit": lambda: desk.edit_escalation(who, number, revision, content),
            "pass_up": lambda: desk.rungs.pass_up(who, number, revision, said),
            "ask_back": lambda: desk.rungs.ask_back(who, number, revision, said),
            "answer": lambda: desk.rungs.answer(who, number, revision, said),
            "unreachable": lambda: desk.rungs.unreachable(who, number, revision, said),
            "withdraw": lambda: desk.rungs.withdraw(who, number, revision, said),
            "done": lambda: desk.rungs.carried_out(who, number, revision, said),
        }[act]

    def allowed_to(self, act: str, who: Person, one: Known, before: Escalation) -> None:
        """Whoever was let through may do this, by rules written down a second time."""
        filers = {"answer", "unreachable", "withdraw", "done"}
        if act in filers:
            assert who.id == one.filer.id
        elif act != "edit" or who.id != one.filer.id:
            assert who.id != one.filer.id, "their own"
            assert who.id not in before.content.accused, "about themselves"
            assert self.ladder.height(who.role) >= self.ladder.height(before.awaiting), "too low"
        states = {
            "answer": {EscalationState.RETURNED},
            "ask_back": {EscalationState.SUBMITTED},
            "pass_up": {EscalationState.SUBMITTED},
            "unreachable": {EscalationState.SUBMITTED},
            "done": {EscalationState.APPROVED},
        }
        assert before.state in states.get(act, set(UNDECIDED))


MOVES = {StepKind.FILED, StepKind.EDITED, StepKind.UNREACHABLE, StepKind.PASSED_UP, StepKind.OVERDUE}


@contextmanager
def emptied(engine: Engine) -> Iterator[None]:
    """The tables without rows, as after the migration: a new database for each history takes too long."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            names = ", ".join(
                table.name for table in Base.metadata.sorted_tables if table.name != "audit_head"
            )
            connection.execute(text("SET session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            connection.execute(text("UPDATE audit_head SET count = 0, hash = :none"), {"none": "0" * 64})
    yield


def histories_on(engine: Engine | None) -> type[Histories]:
    """The machine for one database; without one, each history has a SQLite file of its own."""

    class OnOneDatabase(Histories):
        def __init__(self) -> None:
            super().__init__()
            self.folder = None
            if engine is not None:
                with emptied(engine):
                    self.engine = engine
                return
            self.folder = TemporaryDirectory()
            self.engine = open_engine(f"sqlite:///{Path(self.folder.name) / 'kefu.db'}")
            migrations.upgrade(self.engine)

        def teardown(self) -> None:
            super().teardown()
            if self.folder is not None:
                self.engine.dispose()
                self.folder.cleanup()

    return OnOneDatabase


def play(engine: Engine | None, histories: int, length: int) -> None:
    run_state_machine_as_test(
        histories_on(engine),
        settings=settings(
            max_examples=histories,
            stateful_step_count=length,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def server(url: str) -> Iterator[Engine | None]:
    """None for SQLite; a migrated PostgreSQL database."""
    if url.startswith("sqlite"):
        yield None
        return
    engine = open_engine(url)
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


def test_histories(server: Engine | None) -> None:
    play(server, histories=8, length=20)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_more_histories(server: Engine | None) -> None:
    play(server, histories=30, length=30)


@pytest.mark.endurance
@pytest.mark.timeout(3600)
def test_many_long_histories(server: Engine | None) -> None:
    play(server, histories=150, length=60)


def test_a_lost_race_names_who_was_faster(server: Engine | None, tmp_path: Path) -> None:
    engine = server or open_engine(f"sqlite:///{tmp_path / 'race.db'}")
    migrations.upgrade(engine)
    agent, leader, other = (
        Person("U1", "甲"),
        Person("U2", "乙", Role.LEADER),
        Person("U3", "丙", Role.LEADER),
    )
    desk = Desk(engine, People([agent, leader, other]), Clock())
    one = desk.file_escalation(agent, escalation(), ORIGIN, "k")
    desk.rungs.ask_back(leader, one.id, one.revision, "谁？")
    with pytest.raises(StaleRevision) as error:
        desk.approve(other, one.id, one.revision)
    assert error.value.changed_by == leader.id
