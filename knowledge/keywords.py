"""The lexical index: BM25 over characters and character pairs, with a score for every live clause.

Own code because the score of *every* clause is needed, to be mixed with the vectors' scores and to tell
what share of a question a clause holds; search engines give a cut list. Arrays are numpy, in the layout of
a sparse column matrix, so that an index loads from a file without being built again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.reading import terms

_K1 = 1.2
_B = 0.6
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
        return cls.empty().updated(np.full(len(texts), -1), texts)

    @classmethod
    def empty(cls) -> Keywords:
        """An index of no clauses."""
        none = np.zeros(0, dtype=np.float32)
        return cls({}, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint16), none, none, 0)

    def updated(self, kept: NDArray[np.int64], texts: Sequence[str]) -> Keywords:
        """The index whose row i is this one's row kept[i], or the next of `texts` where kept[i] is -1.

        Equal to a full build of the same texts, for the price of the new ones and a pass over the arrays.
        """
        vocabulary = dict(self.vocabulary)
        numbers, rows, counts = self._entries_of(kept)
        new_numbers: list[int] = []
        new_counts: list[int] = []
        sizes: list[int] = []
        for text in texts:
            found = Counter(terms(text))
            new_numbers += [vocabulary.setdefault(term, len(vocabulary)) for term in found]
            new_counts += [min(count, _MOST) for count in found.values()]
            sizes.append(len(found))
        return _assembled(
            list(vocabulary),
            np.concatenate([numbers, np.array(new_numbers, dtype=np.int64)]),
            np.concatenate([rows, np.repeat(np.flatnonzero(kept < 0), sizes)]),
            np.concatenate([counts, np.array(new_counts, dtype=np.int64)]),
            len(kept),
        )

    def _entries_of(self, kept: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
        """(term, new row, count) of every entry of the rows that are kept; a row may be kept more than once."""
        rows_of = np.argsort(kept, kind="stable")[np.count_nonzero(kept < 0) :]  # new rows by their old row
        copies = np.bincount(kept[rows_of], minlength=self.size)
        first = np.cumsum(copies) - copies
        times = copies[self.rows]
        offsets = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        rows = rows_of[np.repeat(first[self.rows], times) + offsets]
        numbers = np.repeat(np.arange(len(self.vocabulary)), np.diff(self.starts))
        return np.repeat(numbers, times), rows, np.repeat(self.counts, times).astype(np.int64)

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


def _assembled(
    names: list[str],
    numbers: NDArray[np.int64],
    rows: NDArray[np.int64],
    counts: NDArray[np.int64],
    size: int,
) -> Keywords:
    """The index of entries in any order: terms sorted and those without entries dropped, weights computed."""
    frequency = np.bincount(numbers, minlength=len(names))
    order = sorted(np.flatnonzero(frequency).tolist(), key=names.__getitem__)
    renumbered = np.zeros(len(names), dtype=np.int64)
    renumbered[order] = np.arange(len(order))
    places = np.argsort(renumbered[numbers] * max(size, 1) + rows, kind="stable")
    rows, counts = rows[places], counts[places]
    starts = np.zeros(len(order) + 1, dtype=np.int64)
    starts[1:] = np.cumsum(frequency[order])
    document_frequency = np.diff(starts).astype(np.float32)
    idf = np.log(1 + (size - document_frequency + 0.5) / (document_frequency + 0.5)).astype(np.float32)
    lengths = np.bincount(rows, weights=counts, minlength=size).astype(np.float32)
    mean = float(lengths.mean()) if size else 1.0
    norm = _K1 * (1 - _B + _B * lengths[rows] / max(mean, 1.0))
    often = counts.astype(np.float32)
    weights = (np.repeat(idf, np.diff(starts)) * often * (_K1 + 1) / (often + norm)).astype(np.float32)
    vocabulary = {names[number]: place for place, number in enumerate(order)}
    return Keywords(vocabulary, starts, rows.astype(np.int32), counts.astype(np.uint16), weights, idf, size)
