"""Ids in portions that one statement takes, whatever the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

AT_ONCE = 500


def portions(ids: Iterable[int]) -> Iterator[list[int]]:
    """Ids in lists short enough for one statement."""
    whole = list(ids)
    for start in range(0, len(whole), AT_ONCE):
        yield whole[start : start + AT_ONCE]
