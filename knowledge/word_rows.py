"""Numbers that belong to rows, of every row its own count of them: which words of the dictionary stand in a clause."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import arrays
from knowledge.arrays import ArrayWriter

_BLOCK = 50_000
"""Rows in memory at once."""


@dataclass(frozen=True, slots=True)
class WordRows:
    """`words[starts[i]:starts[i+1]]` are the numbers of row i."""

    starts: NDArray[np.int64]
    words: NDArray[np.int32]

    @classmethod
    def empty(cls) -> WordRows:
        """No rows."""
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32))

    @classmethod
    def opened(cls, folder: Path, name: str) -> WordRows:
        """What a `WordRowsWriter` wrote. Raises OSError or ValueError when a file is missing or cut."""
        found = cls(arrays.read(folder, f"{name}_starts"), arrays.read(folder, f"{name}_words"))
        if found.starts[-1] != len(found.words):
            raise ValueError(f"The rows {name} do not fit together.")
        return found

    def __len__(self) -> int:
        return len(self.starts) - 1

    def numbers(self) -> set[int]:
        """Every number of any row."""
        parts = (self.words[at : at + 1_000_000] for at in range(0, len(self.words), 1_000_000))
        return {int(number) for part in parts for number in np.unique(part)}

    def of(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """(count of each of `rows`, their numbers one row after the other)."""
        counts = self.starts[rows + 1] - self.starts[rows]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return counts, self.words[np.repeat(self.starts[rows], counts) + offsets]


class WordRowsWriter:
    """Rows in the making."""

    def __init__(self, folder: Path, name: str) -> None:
        """Write into `folder` under `name`."""
        self._folder, self._name = folder, name
        self._words = ArrayWriter(folder, f"{name}_words", np.int32)
        self._counts = array("q")
        self._waiting = array("i")

    def append(self, numbers: NDArray[np.int32]) -> None:
        """The numbers of the next row."""
        self._counts.append(len(numbers))
        self._waiting.extend(numbers.tolist())
        if len(self._waiting) >= _BLOCK:
            self._flush()

    def append_rows(self, counts: NDArray[np.int64], numbers: NDArray[np.int32]) -> None:
        """The numbers of the next rows, one after the other, with the count of each."""
        self._flush()
        self._counts.extend(counts.tolist())
        self._words.append(numbers)

    def closed(self) -> WordRows:
        """All rows."""
        self._flush()
        self._words.close()
        starts = np.zeros(len(self._counts) + 1, np.int64)
        starts[1:] = np.cumsum(np.array(self._counts, np.int64))
        arrays.write(self._folder, f"{self._name}_starts", starts)
        return WordRows.opened(self._folder, self._name)

    def _flush(self) -> None:
        self._words.append(np.array(self._waiting, np.int32))
        self._waiting = array("i")


def taken_rows(before: WordRows, more: WordRows, taken: NDArray[np.int64], into: WordRowsWriter) -> WordRows:
    """The rows of which number i is number taken[i] of `before` with `more` behind its last."""
    for block in _blocks(taken):
        old = block < len(before)
        counts = np.empty(len(block), np.int64)
        counts[old], of_old = before.of(block[old])
        counts[~old], of_new = more.of(block[~old] - len(before))
        numbers = np.empty(int(counts.sum()), np.int32)
        from_old = np.repeat(old, counts)
        numbers[from_old], numbers[~from_old] = of_old, of_new
        into.append_rows(counts, numbers)
    return into.closed()


def _blocks(taken: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(taken), _BLOCK):
        yield taken[start : start + _BLOCK]
