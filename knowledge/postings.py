"""Which text holds which term how often: counted in runs of bounded size, and merged term by term on disk.

An index, and a run counted since, have one form (`Postings`). The next index is a merge of the one before with
the runs: blocks of terms are read from each, renumbered, sorted and written. What is in memory is a block and the
run that is being counted, whatever the size of the whole.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.arrays import Array, ArrayWriter
from knowledge.reading import terms

TERM = np.dtype("S32")
"""A term in UTF-8; of a longer one its beginning."""
_RUN = 4_000_000
"""Entries counted before they are put on disk: some 60 MB with what counting takes beside them."""
_BLOCK = 1_000_000
"""Entries merged at once."""
_MOST = 65_535
"""More often than this in one text counts as this."""


def encoded(found: Iterable[str]) -> NDArray[np.bytes_]:
    """Terms as they are kept."""
    return np.array([term.encode()[: TERM.itemsize] for term in found], dtype=TERM)


@dataclass(frozen=True, slots=True)
class Postings:
    """`starts[t]:starts[t+1]` are the entries of term number t in the arrays of entries."""

    terms: NDArray[np.bytes_]
    """Sorted; the place of a term is its number."""
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    """Row of each entry, ascending within a term."""
    counts: NDArray[np.uint16]
    """How often the term stands in that row."""
    lengths: NDArray[np.int32]
    """Terms in each row, repeated ones too."""

    @property
    def size(self) -> int:
        """Number of rows (clauses)."""
        return len(self.lengths)


class Counted:
    """Terms of texts, counted one by one: what an index keeps of a text, so that the text can go."""

    def __init__(self, scratch: Path, name: str) -> None:
        """Runs go into files in `scratch` that begin with `name`."""
        self._scratch = scratch
        self._name = name
        self._runs: list[Postings] = []
        self._empty()

    def _empty(self) -> None:
        self._vocabulary: dict[bytes, int] = {}
        self._numbers = array("i")
        self._counts = array("H")
        self._sizes = array("i")
        self._lengths = array("i")

    def add(self, text: str) -> None:
        """Count the next text."""
        found = Counter([term.encode()[: TERM.itemsize] for term in terms(text)])
        number = self._vocabulary
        self._numbers.extend([number.setdefault(term, len(number)) for term in found])
        self._counts.extend([min(count, _MOST) for count in found.values()])
        self._sizes.append(len(found))
        self._lengths.append(sum(found.values()))
        if len(self._numbers) >= _RUN:
            self._runs.append(self._run())

    def runs(self) -> list[Postings]:
        """All that was counted, in the order of the texts: the rows of a run follow those of the one before."""
        if self._sizes:
            self._runs.append(self._run())
        return self._runs

    def _run(self) -> Postings:
        names = np.array(list(self._vocabulary), dtype=TERM)
        order = np.argsort(names)
        place = np.empty(len(names), np.int32)
        place[order] = np.arange(len(names), dtype=np.int32)
        numbers = place[np.frombuffer(self._numbers, np.int32)] if self._numbers else np.zeros(0, np.int32)
        rows = np.repeat(np.arange(len(self._sizes), dtype=np.int32), np.frombuffer(self._sizes, np.int32))
        by_term = np.argsort(numbers, kind="stable")
        starts = np.zeros(len(names) + 1, np.int64)
        starts[1:] = np.cumsum(np.bincount(numbers, minlength=len(names)))
        made = Postings(
            self._on_disk("terms", names[order]),
            starts,
            self._on_disk("rows", rows[by_term]),
            self._on_disk("counts", np.array(self._counts, np.uint16)[by_term]),
            np.array(self._lengths, np.int32),
        )
        self._empty()
        return made

    def _on_disk(self, part: str, values: Array) -> Array:
        writer = ArrayWriter(self._scratch, f"{self._name}_{len(self._runs)}_{part}", values.dtype)
        writer.append(values)
        return writer.closed()


@dataclass(frozen=True, slots=True)
class Merged:
    """A block of terms of a merge, each with its entries by row."""

    terms: NDArray[np.bytes_]
    frequencies: NDArray[np.int64]
    """Entries of each term, at least one."""
    rows: NDArray[np.int32]
    counts: NDArray[np.uint16]


def lengths_taken(pieces: Sequence[Postings], taken: NDArray[np.int64]) -> NDArray[np.int32]:
    """Length of each row of a merge; see `merged`."""
    lengths: NDArray[np.int32] = np.concatenate([np.zeros(0, np.int32), *(p.lengths for p in pieces)])[taken]
    return lengths


def merged(pieces: Sequence[Postings], taken: NDArray[np.int64]) -> Iterator[Merged]:
    """The index whose row i is row taken[i] of the pieces laid end to end, block by block, terms ascending.

    A row may be taken more than once, or not at all; terms that no row taken holds do not come.
    """
    ends = np.cumsum([0, *(piece.size for piece in pieces)])
    copies = np.bincount(taken, minlength=int(ends[-1])).astype(np.int32)
    new_rows = np.argsort(taken, kind="stable").astype(np.int32)  # by old row
    first = np.cumsum(copies, dtype=np.int64) - copies
    names = np.unique(np.concatenate([np.zeros(0, TERM), *(piece.terms for piece in pieces)]))
    numbers = [np.searchsorted(names, piece.terms) for piece in pieces]
    for low, high in _blocks(pieces, numbers, len(names)):
        found = []
        for piece, number, offset in zip(pieces, numbers, ends, strict=False):
            a, b = np.searchsorted(number, (low, high))
            span = slice(int(piece.starts[a]), int(piece.starts[b]))
            of_term = np.repeat((number[a:b] - low).astype(np.int64), np.diff(piece.starts[a : b + 1]))
            found.append(
                _taken(of_term, piece.rows[span] + offset, piece.counts[span], copies, first, new_rows)
            )
        of_term, rows, counts = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(of_term * max(len(taken), 1) + rows, kind="stable")
        frequencies = np.bincount(of_term, minlength=high - low)
        held = frequencies > 0
        yield Merged(names[low:high][held], frequencies[held], rows[order], counts[order])


def _taken(
    of_term: NDArray[np.int64],
    rows: NDArray[np.int64],
    counts: NDArray[np.uint16],
    copies: NDArray[np.int32],
    first: NDArray[np.int64],
    new_rows: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint16]]:
    """(terms, new rows, counts) of the entries whose rows are taken."""
    times = copies[rows]
    if times.max(initial=0) <= 1:
        kept = times == 1
        return of_term[kept], new_rows[first[rows[kept]]], counts[kept]
    offsets = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return (
        np.repeat(of_term, times),
        new_rows[np.repeat(first[rows], times) + offsets],
        np.repeat(counts, times),
    )


def _blocks(
    pieces: Sequence[Postings], numbers: Sequence[NDArray[np.int64]], size: int
) -> Iterator[tuple[int, int]]:
    """Ranges of terms with some `_BLOCK` entries each."""
    entries = np.zeros(size, np.int64)
    for piece, number in zip(pieces, numbers, strict=True):
        entries[number] += np.diff(piece.starts)
    ends = np.cumsum(entries)
    edges = np.searchsorted(ends, np.arange(_BLOCK, ends[-1], _BLOCK) if size else []) + 1
    yield from pairwise(sorted({0, *edges.tolist(), size}))
