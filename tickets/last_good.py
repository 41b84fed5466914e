"""Settings files that somebody edits while the desk runs: what they said when they could last be used goes on holding.

A copy of each file is kept when it was read without a mistake, so that a file that was spoiled while nobody was up
does not stop the desk from opening either.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from tickets.errors import DeskError

T = TypeVar("T")
Stamp = tuple[int, int] | None


def stamp_of(path: Path | None) -> Stamp:
    """What changes when a file is written: time and size; None when there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size) if found else None


def keep(path: Path, copy: Path | None, stamp: Stamp) -> None:
    """Copy a file that was read well, unless it was written again meanwhile. A folder that takes no copy is no
    reason to stop."""
    if copy is None:
        return
    try:
        text = path.read_bytes()
        if stamp != stamp_of(path) or (copy.is_file() and copy.read_bytes() == text):
            return
        copy.parent.mkdir(parents=True, exist_ok=True)
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        fresh.write_bytes(text)
        fresh.replace(copy)
    except OSError:
        return


class LastGood(Generic[T]):
    """What one file says now, or said when it could last be used. For one thread."""

    def __init__(self, path: Path, copy: Path | None, read: Callable[[Path], T]) -> None:
        """`read` raises DeskError with one sentence for a file that cannot be used, and gives what holds without
        any for one that is not there."""
        self._path, self._copy, self._read = path, copy, read
        self._seen: Stamp | tuple[()] = ()
        self._value: T | None = None
        self.fault = ""
        """Why the file as it is now is not believed, in one sentence; empty when it is."""

    def now(self) -> T:
        """What holds now; the file is read again when it was written."""
        stamp = stamp_of(self._path)
        if self._value is None or stamp != self._seen:
            self._value, self._seen = self._look(stamp), stamp
        return self._value

    def _look(self, stamp: Stamp) -> T:
        try:
            value = self._read(self._path)
        except DeskError as error:
            self.fault = str(error)
            return self._before() if self._value is None else self._value
        self.fault = ""
        if stamp is not None:
            keep(self._path, self._copy, stamp)
        return value

    def _before(self) -> T:
        """What the copy says; what holds without a file when there is none that can be used."""
        nowhere = self._path.with_name(f"{self._path.name}.none")
        try:
            return self._read(self._copy or nowhere)
        except DeskError:
            return self._read(nowhere)
