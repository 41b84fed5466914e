"""Jobs: each done by one worker, followed by whoever asked, taken over from the dead."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.jobs import LEASE, Jobs, JobState
from knowledge.migrations import upgrade
from tickets.store import open_engine


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path / 'kefu.db'}")
    upgrade(engine)
    return engine


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(engine: Engine, clock: Clock) -> Jobs:
    return Jobs(engine, clock)


def test_a_job_is_claimed_once_reported_and_finished(jobs: Jobs) -> None:
    job_id = jobs.submit("ingest", {"paths": ["/a"]}, "command line")
    job = jobs.claim()
    assert job is not None
    assert (job.id, dict(job.request)) == (job_id, {"paths": ["/a"]})
    assert jobs.claim() is None
    jobs.report(job_id, {"done": 3, "total": 9})
    assert jobs.get(job_id).progress["done"] == 3
    jobs.finish(job_id, {"manuals": 1})
    assert jobs.get(job_id).is_over
    assert jobs.get(job_id).result == {"manuals": 1}
    assert jobs.claim() is None


def test_a_failed_job_keeps_its_sentence(jobs: Jobs) -> None:
    job_id = jobs.submit("ingest", {}, "x")
    jobs.claim()
    jobs.fail(job_id, "No readable manual was found.")
    assert jobs.get(job_id).state is JobState.FAILED
    assert jobs.get(job_id).error == "No readable manual was found."


def test_a_job_of_a_dead_worker_is_offered_again_and_given_up_after_three(jobs: Jobs, clock: Clock) -> None:
    job_id = jobs.submit("ingest", {}, "x")
    for _ in range(3):
        job = jobs.claim()
        assert job is not None
        clock.now += LEASE + timedelta(seconds=1)
    assert jobs.claim() is None
    assert jobs.get(job_id).state is JobState.FAILED
    assert "fewer files" in jobs.get(job_id).error


def test_news_keeps_a_long_job_with_its_worker(jobs: Jobs, clock: Clock) -> None:
    job_id = jobs.submit("ingest", {}, "x")
    jobs.claim()
    for done in range(5):
        clock.now += LEASE - timedelta(seconds=1)
        jobs.report(job_id, {"done": done})
        assert jobs.claim() is None


def test_only_a_waiting_job_is_withdrawn(jobs: Jobs) -> None:
    first, second = jobs.submit("ingest", {}, "x"), jobs.submit("ingest", {}, "x")
    assert jobs.withdraw(first)
    job = jobs.claim()
    assert job is not None
    assert job.id == second
    assert not jobs.withdraw(second)


def test_many_workers_share_the_jobs_without_doing_one_twice(engine: Engine) -> None:
    jobs = Jobs(engine)
    for _ in range(20):
        jobs.submit("ingest", {}, "x")
    claimed: list[int] = []
    lock = threading.Lock()

    def work() -> None:
        while (job := Jobs(engine).claim()) is not None:
            with lock:
                claimed.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == list(range(1, 21))
