"""Handing work over: to whoever takes it, back from the dead, never to somebody who comes too late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.keeping.handover import here_or_there
from bot.keeping.job_work import take_on
from ingest.errors import IngestError
from ingest.jobs import LEASE, Jobs
from knowledge.errors import StoreBusy

SWEEP: dict[str, object] = {}


class Leaping:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def past_the_lease(self) -> None:
        self.now += LEASE + timedelta(seconds=1)


class Shown(list):
    """What a command shows; each time it hands its work over, the next of these things happens."""

    def __init__(self, *happens: Callable[[], object]) -> None:
        self._happens = iter(happens)

    def append(self, shown: dict) -> None:
        super().append(shown)
        if shown["doing"] == "handed_over":
            next(self._happens, lambda: None)()


def ask(
    house, jobs: Jobs, shown: list | None = None, kind: str = "sweep", request=SWEEP, patience: float = 1.0
):
    """What a command does."""
    show = (shown if shown is not None else []).append

    def do(show):
        house.library.open_store()
        return house.work.do(kind, request, "command line", show)

    return here_or_there(do, jobs, kind, request, "command line", show, patience)


@contextmanager
def working(jobs: Jobs, house) -> Iterator[None]:
    over = threading.Event()

    def loop() -> None:
        while not over.wait(0.05):
            take_on(jobs, house.work)

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_a_free_store_needs_nobody(house) -> None:
    jobs = Jobs(house.engine)
    assert ask(house, jobs) == {"removed": 0, "kept": 0}
    assert jobs.claim() is None


def test_a_holder_does_the_work_reports_and_its_failures_are_the_same_sentence(open_house) -> None:
    holder, asker = open_house(), open_house()
    holder.library.open_store()
    jobs = Jobs(asker.engine)
    path = holder.write("a.txt", "一、夜班须有两人在岗。\n二、交班时清点钥匙。\n")
    shown: list = []
    with working(Jobs(holder.engine), holder):
        done = ask(asker, jobs, shown, "ingest", {"paths": [path]})
        with pytest.raises(IngestError, match=r"no-such-file\.txt does not exist"):
            ask(asker, jobs, [], "ingest", {"paths": ["/no-such-file.txt"]})
        with pytest.raises(IngestError, match="There is no edition of this number"):
            ask(asker, jobs, [], "publish", {"edition_ids": [99]})
    assert [e["total"] if "total" in e else e["added"] for e in done["report"]["editions"]] == [2]
    assert shown[0]["doing"] == "handed_over"
    assert {s["doing"] for s in shown} > {"handed_over"}


def test_a_holder_that_takes_no_work_is_said_after_patience_and_leaves_no_job(open_house) -> None:
    holder, asker = open_house(), open_house()
    holder.library.open_store()
    jobs = Jobs(asker.engine)
    with pytest.raises(StoreBusy, match="in use by another Kefu Desk process"):
        ask(asker, jobs, patience=0.6)
    assert jobs.claim() is None


def test_when_the_holder_leaves_while_the_job_waits_it_is_done_here(open_house) -> None:
    holder, asker = open_house(), open_house()
    holder.library.open_store()
    shown = Shown(holder.library.close)
    assert ask(asker, Jobs(asker.engine), shown, patience=0.6) == {"removed": 0, "kept": 0}
    assert {"doing": "handed_over", "done": 0, "total": 0} in shown


def test_work_whose_holder_died_is_taken_back_and_done_here(open_house) -> None:
    holder, asker = open_house(), open_house()
    holder.library.open_store()
    clock = Leaping()
    jobs, dying = Jobs(asker.engine, clock), Jobs(holder.engine, clock)
    claimed: list[int] = []

    def dies() -> None:
        claimed.append(dying.claim().id)
        holder.library.close()
        clock.past_the_lease()

    assert ask(asker, jobs, Shown(dies)) == {"removed": 0, "kept": 0}
    assert jobs.get(claimed[0]).error == "withdrawn"
    dying.finish(claimed[0], {"late": True})  # it was only asleep: too late
    assert jobs.get(claimed[0]).result == {}


def test_work_whose_holder_died_goes_to_its_successor(open_house) -> None:
    holder, asker = open_house(), open_house()
    holder.library.open_store()
    clock = Leaping()
    jobs, successor = Jobs(asker.engine, clock), Jobs(holder.engine, clock)
    done: list[int] = []

    def dies() -> None:
        assert successor.claim() is not None
        clock.past_the_lease()

    shown = Shown(dies, lambda: done.append(take_on(successor, holder.work)))
    assert ask(asker, jobs, shown) == {"removed": 0, "kept": 0}
    assert done == [1]


def test_a_waiting_job_whose_asker_is_gone_is_never_begun(house) -> None:
    jobs = Jobs(house.engine, house.clock)
    gone, kept = jobs.submit("sweep", {}, "x"), jobs.submit("sweep", {}, "x")
    house.clock.go(seconds=40)
    jobs.still_wanted(kept)
    house.clock.go(seconds=LEASE.total_seconds() - 30)
    job = jobs.claim()
    assert job is not None
    assert job.id == kept != gone
    assert jobs.claim() is None


def test_a_job_waits_beyond_patience_while_the_bot_works_on_another(open_house) -> None:
    holder, asker = open_house(), open_house()
    holder.library.open_store()
    jobs, bot = Jobs(asker.engine), Jobs(holder.engine)
    first = jobs.submit("sweep", {}, "other")
    assert bot.claim() is not None

    over = threading.Event()

    def turn_to_it() -> None:
        while not over.wait(0.05) and take_on(bot, holder.work) == 0:
            pass
        bot.finish(first, {})

    timer = threading.Timer(1.5, turn_to_it)
    timer.start()
    try:
        assert ask(asker, jobs, patience=0.5) == {"removed": 0, "kept": 0}
    finally:
        over.set()
        timer.join()
