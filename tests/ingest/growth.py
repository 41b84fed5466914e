"""Whether the time that something takes grows with its length or with the square of it."""

from __future__ import annotations

import time
from collections.abc import Callable

_TRIES = 3


def seconds_of(work: Callable[[], object]) -> float:
    """Processor time of this thread: what other threads and programs do meanwhile does not count."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


def in_proportion(work: Callable[[int], object], short: int, long: int, times: float) -> float:
    """Processor seconds for the length `long`, which must be within `times` of those for `short`, or within one.

    A neighbour who takes the caches makes work slower and never quicker, so the best of a few tries counts; what
    grows with the square fails each of them.
    """
    work(short)  # whatever is made once
    least_short = least_long = float("inf")
    for _ in range(_TRIES):
        least_short = min(least_short, seconds_of(lambda: work(short)))
        least_long = min(least_long, seconds_of(lambda: work(long)))
        if least_long < max(1.0, times * least_short):
            return least_long
    raise AssertionError(
        f"{long} took {least_long:.2f} s and {short} took {least_short:.3f} s: more than {times} times as long"
    )
