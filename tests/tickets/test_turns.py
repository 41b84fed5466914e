"""Whose turn it is to write, where one file has one writer."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import text

from tickets.store import READING, Turns, first_in_line, open_engine

PATIENCE = 30.0


def _waiting(turns: Turns, count: int) -> None:
    """Until so many wait."""
    until = threading.Event()
    for _ in range(3000):
        if len(turns._waiting) + len(turns._first) == count:
            return
        until.wait(0.01)
    raise AssertionError(f"nobody waits: {count}")


def test_turns_come_in_order_and_those_first_whom_somebody_waits_for() -> None:
    turns, came = Turns(), []
    assert turns.take(PATIENCE)

    def wait(name: str, *, first: bool = False) -> None:
        assert turns.take(PATIENCE, first=first)
        came.append(name)
        turns.give_back()

    threads = []
    for number, (name, first) in enumerate([("a", False), ("b", False), ("form", True)], 1):
        threads.append(threading.Thread(target=wait, args=(name,), kwargs={"first": first}))
        threads[-1].start()
        _waiting(turns, number)
    turns.give_back()
    for thread in threads:
        thread.join(PATIENCE)
    assert came == ["form", "a", "b"]


def test_whoever_waited_too_long_takes_nobodys_turn() -> None:
    turns = Turns()
    assert turns.take(PATIENCE)
    assert not turns.take(0.01)
    turns.give_back()
    assert turns.take(0)


def test_readers_never_wait_and_a_turn_ends_with_its_transaction(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'one.db'}")
    with engine.begin() as connection:
        connection.execute(text("create table one (n integer)"))
        with engine.execution_options(**{READING: True}).begin() as reader:
            assert reader.execute(text("select 1")).scalar() == 1

    def write() -> None:
        with first_in_line(), engine.begin() as connection:
            connection.execute(text("insert into one values (1)"))

    threads = [threading.Thread(target=write) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    with engine.begin() as connection:
        assert connection.execute(text("select count(*) from one")).scalar() == 30
    engine.dispose()
