"""Any order of publishing, scheduling, expiring, rolling back, withdrawing and waiting, against a plain model."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from knowledge_drafts import manual
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from knowledge.history import edition_ids_at
from knowledge.library import Library
from knowledge.manuals import Edition, EditionState, Manual, Tenure
from knowledge.vectors import Vectors

START = datetime(2026, 1, 1, tzinfo=UTC)
TITLES = ("甲办法", "乙办法")
HOURS = st.integers(1, 40)
TABLES = "conflict, clause, tenure, publication, edition, manual"


class Story(RuleBasedStateMachine):
    """The model: per manual what is live and since when, what is planned, what ends when; and what was seen."""

    engine: Engine
    vectors: Vectors
    embedder: object
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "postgresql":
                connection.execute(text(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE"))
            else:
                for table in TABLES.split(", "):
                    connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
        self.now = START
        index = self.folder / f"index-{next(_examples)}"
        self.library = Library(
            self.engine, lambda _: self.vectors, lambda: self.embedder, index, lambda: self.now
        )
        self.live: dict[str, tuple[int, datetime] | None] = dict.fromkeys(TITLES)
        self.went: dict[str, list[int]] = {title: [] for title in TITLES}
        self.plans: dict[str, dict[datetime, int]] = {title: {} for title in TITLES}
        self.ends: dict[int, datetime] = {}
        self.ids: dict[str, int] = {}
        self.seen: dict[datetime, set[int]] = {}

    @rule(
        title=st.sampled_from(TITLES),
        words=st.integers(0, 4),
        after=st.none() | HOURS,
        lasts=st.none() | HOURS,
    )
    def publish(self, title: str, words: int, after: int | None, lasts: int | None) -> None:
        effective = self.now + timedelta(hours=after) if after else None
        expires = (effective or self.now) + timedelta(hours=lasts) if lasts else None
        draft = manual(title, f"{title}规定{words}次。", effective_at=effective, expires_at=expires)
        (change,) = self.library.stage([draft], "editor")
        if change.is_empty:
            return
        self.ids[title] = change.manual_id
        if expires is not None:
            self.ends[change.edition_id] = expires
        self.library.publish([change.edition_id], "admin")
        if effective is not None:
            self.plans[title][effective] = change.edition_id
        else:
            self._put(title, change.edition_id, self.now)

    @rule(title=st.sampled_from(TITLES))
    def roll_back(self, title: str) -> None:
        held = self.went[title]
        if not held:
            return
        live = self.live[title]
        if live is None:
            target = held[-1]
        else:
            first = held.index(live[0])
            if first == 0:
                return
            target = held[first - 1]
        self.library.rollback(self.ids[title], "boss")
        self._put(title, target, self.now)

    @rule(title=st.sampled_from(TITLES))
    def withdraw(self, title: str) -> None:
        if self.live[title] is not None:
            self.library.withdraw(self.ids[title], "boss")
            self.live[title] = None
            self.plans[title].clear()

    @precondition(lambda self: any(self.plans.values()))
    @rule()
    def give_up_the_next_plan(self) -> None:
        soonest = self.library.scheduled()[0]
        self.library.discard([soonest.edition_id])
        title = next(t for t, plans in self.plans.items() if soonest.edition_id in plans.values())
        self.plans[title] = {at: i for at, i in self.plans[title].items() if i != soonest.edition_id}

    @rule(hours=HOURS)
    def wait(self, hours: int) -> None:
        until = self.now + timedelta(hours=hours)
        while (due := min(self._dues(), default=until)) < until or due in self._dues():
            if due > until:
                break
            for title, plans in self.plans.items():
                if due in plans:
                    self._put(title, plans.pop(due), due)
            for title, held in self.live.items():
                if held is not None and self.ends.get(held[0]) == due and held[1] < due:
                    self.live[title] = None
            self.seen[due] = self._standing()
        self.now = until

    @rule()
    def turn(self) -> None:
        self.library.turn()
        assert self.library.turn() == []

    def _dues(self) -> list[datetime]:
        planned = [at for plans in self.plans.values() for at in plans]
        held = [pair for pair in self.live.values() if pair is not None]
        return planned + [self.ends[i] for i, since in held if i in self.ends and self.ends[i] > since]

    def _put(self, title: str, edition_id: int, at: datetime) -> None:
        self.live[title] = (edition_id, at)
        self.went[title].append(edition_id)

    def _standing(self) -> set[int]:
        return {held[0] for held in self.live.values() if held is not None}

    @invariant()
    def what_is_live_is_what_should_be(self) -> None:
        assert {m.edition_id for m in self.library.manuals()} == self._standing()
        assert {hit.clause.edition_id for hit in self.library.search("规定几次")} == self._standing()
        self.seen[self.now] = self._standing()

    @invariant()
    def tenures_pointers_and_states_agree(self) -> None:
        with Session(self.engine) as session:
            tenures = session.scalars(
                select(Tenure).order_by(Tenure.manual_id, Tenure.from_at, Tenure.id)
            ).all()
            for one, other in itertools.pairwise(tenures):
                if one.manual_id == other.manual_id:
                    assert one.until_at is not None
                    assert one.from_at <= one.until_at <= other.from_at
            open_ones = {t.manual_id: t.edition_id for t in tenures if t.until_at is None}
            pointers = {m.id: m.live_edition_id for m in session.scalars(select(Manual)) if m.live_edition_id}
            live = select(Edition).where(Edition.state == EditionState.LIVE)
            assert open_ones == pointers == {e.manual_id: e.id for e in session.scalars(live)}

    def teardown(self) -> None:
        with Session(self.engine) as session:
            for moment, ids in self.seen.items():
                assert set(edition_ids_at(session, moment, self.now)) == ids
        for moment in list(self.seen)[:3]:
            found = self.library.view(as_of=moment).search("规定几次")
            assert {hit.clause.edition_id for hit in found} == self.seen[moment]


_examples = itertools.count()


@pytest.fixture
def story(engine: Engine, embedder, tmp_path: Path) -> Iterator[type[Story]]:
    vectors = Vectors(tmp_path, embedder.name)
    yield type(
        "Story", (Story,), {"engine": engine, "vectors": vectors, "embedder": embedder, "folder": tmp_path}
    )
    vectors.close()


def test_any_story_of_editions_keeps_its_past_and_its_present(story: type[Story], engine: Engine) -> None:
    examples = 6 if engine.dialect.name == "sqlite" else 3
    run_state_machine_as_test(
        story,
        settings=settings(
            max_examples=examples,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),  # shrinking a failure takes minutes; the slow one shrinks
        ),
    )


@pytest.mark.endurance
def test_very_many_stories(story: type[Story]) -> None:
    run_state_machine_as_test(
        story,
        settings=settings(
            max_examples=300, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
