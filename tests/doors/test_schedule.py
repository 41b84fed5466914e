"""What happens by itself: a task that fails comes again; ending waits for the task in hand."""

from __future__ import annotations

import threading
import time

from bot.schedule import Schedule, Task
from knowledge.errors import StoreUnavailable


def test_a_task_that_fails_is_tried_again_whatever_it_raises() -> None:
    tries: list[int] = []
    enough = threading.Event()

    def fails() -> None:
        tries.append(1)
        if len(tries) >= 3:
            enough.set()
        raise StoreUnavailable("away") if len(tries) == 1 else RuntimeError("broken")

    schedule = Schedule([Task("fails", 0.05, fails)])
    schedule.start()
    assert enough.wait(60)
    schedule.stop()


def test_ending_waits_for_the_task_in_hand_and_nothing_is_run_twice_at_once() -> None:
    begun, go_on = threading.Event(), threading.Event()
    running: list[int] = []
    ended: list[int] = []

    def slow() -> None:
        running.append(1)
        begun.set()
        go_on.wait(120)
        ended.append(1)

    schedule = Schedule([Task("slow", 0.05, slow)])
    schedule.start()
    assert begun.wait(60)
    ending = threading.Thread(target=schedule.stop)
    ending.start()
    end = time.monotonic() + 60
    while schedule._scheduler.running and time.monotonic() < end:
        time.sleep(0.01)
    assert ending.is_alive(), "the task in hand is waited for"
    go_on.set()
    ending.join(60)
    assert not ending.is_alive()
    assert len(running) == len(ended) == 1
    schedule.stop()  # a second time is no error
