"""The lexical index: BM25 over characters and character pairs, with a score for every live clause.

Own code because the score of *every* clause is needed, to be mixed with the vectors' scores and to tell
what share of a question a clause holds; search engines give a cut list. Arrays are numpy, in the layout of
a sparse column matrix, so that an index loads from a file without being built again.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.reading import terms

_K1 = 1.2
_B = 0.6
_BLOCK = 1_000_000
"""Entries sorted at once: bounds what an update needs beside the old index and the new one."""
_MOST = 65_535
"""More often than this in one clause counts as this."""


@dataclass(frozen=True, slots=True)
class Keywords:
    """Postings of all terms. `starts[t]:starts[t+1]` are the entries of term number t in the arrays of entries."""

    vocabulary: dict[str, int]
    """Number of each term; terms are numbered in their order as strings."""
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    """Row of each entry, ascending within a term."""
    counts: NDArray[np.uint16]
    """How often the term stands in that row."""
    weights: NDArray[np.float32]
    """BM25 weight of the term in that row."""
    idf: NDArray[np.float32]
    size: int
    """Number of rows (clauses)."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> Keywords:
        """Index `texts`; row i is texts[i]."""
        counted = Counted()
        for text in texts:
            counted.add(text)
        return cls.empty().updated(np.arange(len(texts)), counted)

    @classmethod
    def empty(cls) -> Keywords:
        """An index of no clauses."""
        none = np.zeros(0, dtype=np.float32)
        return cls({}, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint16), none, none, 0)

    def updated(self, taken: NDArray[np.int64], more: Counted) -> Keywords:
        """The index whose row i is row taken[i] of this one with the texts of `more` behind its last row.

        Equal to a full build of the same texts, for the price of a pass over the arrays.
        """
        vocabulary = dict(self.vocabulary)
        renumbered = np.array([vocabulary.setdefault(t, len(vocabulary)) for t in more.vocabulary], np.int32)
        added = np.frombuffer(more.sizes, np.int32) if more.sizes else np.zeros(0, np.int32)
        numbers = np.concatenate(
            [
                np.repeat(np.arange(len(self.vocabulary), dtype=np.int32), np.diff(self.starts)),
                renumbered[more.numbers] if more.numbers else np.zeros(0, np.int32),
            ]
        )
        rows = np.concatenate(
            [self.rows, np.repeat(np.arange(self.size, self.size + len(added), dtype=np.int32), added)]
        )
        counts = np.concatenate([self.counts, np.array(more.counts, np.uint16)])
        return _assembled(
            list(vocabulary), *_rows_taken(numbers, rows, counts, taken, self.size + len(added)), len(taken)
        )

    def unseen_idf(self) -> float:
        """Weight of a term that no clause holds."""
        return float(np.log(1 + (self.size + 0.5) / 0.5))

    def scores(self, query_terms: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every row for the query's terms, shape (size,)."""
        total = np.zeros(self.size, dtype=np.float32)
        for term, count in Counter(query_terms).items():
            number = self.vocabulary.get(term)
            if number is not None:
                span = slice(self.starts[number], self.starts[number + 1])
                total[self.rows[span]] += self.weights[span] * min(count, 2)
        return total

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term; an unseen one counts most."""
        number = self.vocabulary.get(term)
        return self.unseen_idf() if number is None else float(self.idf[number])


class Counted:
    """Terms of texts, counted one by one: what an index keeps of a text, so that the text can go."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.numbers = array("i")
        """Numbers of the terms of one text after the other."""
        self.counts = array("H")
        self.sizes = array("i")
        """Different terms of each text."""

    def add(self, text: str) -> None:
        """Count the next text."""
        found = Counter(terms(text))
        number = self.vocabulary
        self.numbers.extend([number.setdefault(term, len(number)) for term in found])
        self.counts.extend([min(count, _MOST) for count in found.values()])
        self.sizes.append(len(found))


def _rows_taken(
    numbers: NDArray[np.int32],
    rows: NDArray[np.int32],
    counts: NDArray[np.uint16],
    taken: NDArray[np.int64],
    size: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16]]:
    """(terms, new rows, counts) of the entries whose rows are taken; a row may be taken more than once."""
    copies = np.bincount(taken, minlength=size)
    new_rows = np.argsort(taken, kind="stable").astype(np.int32)  # by old row
    first = np.cumsum(copies) - copies
    if copies.max(initial=0) <= 1:
        kept = copies[rows] == 1
        rows = rows[kept]
        return numbers[kept], new_rows[first[rows]], counts[kept]
    times = copies[rows]
    offsets = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return (
        np.repeat(numbers, times),
        new_rows[np.repeat(first[rows], times) + offsets],
        np.repeat(counts, times),
    )


def _assembled(
    names: list[str],
    numbers: NDArray[np.int32],
    rows: NDArray[np.int32],
    counts: NDArray[np.uint16],
    size: int,
) -> Keywords:
    """The index of entries in any order: terms sorted and those without entries dropped, weights computed."""
    frequency = np.bincount(numbers, minlength=len(names))
    order = sorted(np.flatnonzero(frequency).tolist(), key=names.__getitem__)
    renumbered = np.zeros(len(names), dtype=np.int32)
    renumbered[order] = np.arange(len(order))
    numbers = renumbered[numbers]
    starts = np.zeros(len(order) + 1, dtype=np.int64)
    starts[1:] = np.cumsum(frequency[order])
    document_frequency = np.diff(starts).astype(np.float32)
    idf = np.log(1 + (size - document_frequency + 0.5) / (document_frequency + 0.5)).astype(np.float32)
    lengths = np.bincount(rows, weights=counts, minlength=size).astype(np.float32)
    norm = (_K1 * (1 - _B + _B * lengths / max(float(lengths.mean()) if size else 1.0, 1.0))).astype(
        np.float32
    )
    made_rows = np.empty(len(rows), np.int32)
    made_counts = np.empty(len(rows), np.uint16)
    weights = np.empty(len(rows), np.float32)
    for low, high in _blocks(starts):
        here = np.flatnonzero((numbers >= low) & (numbers < high)) if (low, high) != (0, len(order)) else ...
        block_rows, block_counts, block_numbers = rows[here], counts[here], numbers[here]
        places = np.argsort(block_numbers.astype(np.int64) * max(size, 1) + block_rows, kind="stable")
        span = slice(starts[low], starts[high])
        made_rows[span], made_counts[span] = block_rows[places], block_counts[places]
        often = made_counts[span].astype(np.float32)
        rarity = idf[block_numbers[places]]
        weights[span] = rarity * often * (_K1 + 1) / (often + norm[made_rows[span]])
    vocabulary = {names[number]: place for place, number in enumerate(order)}
    return Keywords(vocabulary, starts, made_rows, made_counts, weights, idf, size)


def _blocks(starts: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of terms with some `_BLOCK` entries each: what is sorted at once."""
    edges = np.searchsorted(starts, np.arange(0, starts[-1], _BLOCK), side="left").tolist()
    edges = sorted({*edges, 0, len(starts) - 1})
    return list(pairwise(edges))
