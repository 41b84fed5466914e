"""The lexical index: BM25 over characters and character pairs, with a score for every live clause.

Own code because the score of *every* clause is needed, to be mixed with the vectors' scores and to tell
what share of a question a clause holds; search engines give a cut list. Arrays are numpy, in the layout of
a sparse column matrix, mapped from files, so that an index opens without being read, let alone built again.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge import arrays
from knowledge.arrays import ArrayWriter
from knowledge.postings import TERM, Counted, Postings, encoded, lengths_taken, merged

_K1 = 1.2
_B = 0.6


class Vocabulary:
    """The terms of an index, without a Python object for each."""

    def __init__(self, terms: NDArray[np.bytes_]) -> None:
        """`terms` are sorted; the place of each is its number."""
        self._terms = terms

    def numbers(self, terms: Sequence[str]) -> list[int]:
        """The number of each of `terms`; -1 for one that is not here."""
        if not len(self._terms):
            return [-1] * len(terms)
        wanted = encoded(terms)
        at = np.minimum(np.searchsorted(self._terms, wanted), len(self._terms) - 1)
        found: list[int] = np.where(self._terms[at] == wanted, at, -1).tolist()
        return found

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self.numbers([term])[0] >= 0

    def __getitem__(self, term: str) -> int:
        number = self.numbers([term])[0]
        if number < 0:
            raise KeyError(term)
        return number

    def between(self, first: str, beyond: str) -> list[str]:
        """The terms from `first` up to, and without, `beyond`."""
        low, high = np.searchsorted(self._terms, encoded([first, beyond]))
        return [term.decode(errors="ignore") for term in self._terms[low:high]]

    def __len__(self) -> int:
        return len(self._terms)

    def __iter__(self) -> Iterator[str]:
        """The terms in their order: of a large index for a look at all, not for each question."""
        return (term.decode(errors="ignore") for term in self._terms)


@dataclass(frozen=True, slots=True)
class Keywords(Postings):
    """The postings of all clauses with their weights."""

    weights: NDArray[np.float32]
    """BM25 weight of the term in that row."""
    idf: NDArray[np.float32]

    @classmethod
    def build(cls, texts: Sequence[str]) -> Keywords:
        """Index `texts`; row i is texts[i]. For few of them."""
        with tempfile.TemporaryDirectory() as folder:
            counted = Counted(Path(folder), "run")
            for text in texts:
                counted.add(text)
            return cls.empty().updated(np.arange(len(texts)), counted, Path(folder), "made")

    @classmethod
    def empty(cls) -> Keywords:
        """An index of no clauses."""
        none = np.zeros(0, np.float32)
        whole = np.zeros(0, np.int32)
        return cls(
            np.zeros(0, TERM), np.zeros(1, np.int64), whole, whole.astype(np.uint16), whole, none, none
        )

    def updated(self, taken: NDArray[np.int64], more: Counted, folder: Path, name: str) -> Keywords:
        """The index whose row i is row taken[i] of this one with the texts of `more` behind its last row, written
        into `folder` under `name`.

        Equal to a full build of the same texts, for the price of a pass over the arrays.
        """
        pieces: list[Postings] = [self, *more.runs()]
        size = len(taken)
        lengths = lengths_taken(pieces, taken)
        mean = max(float(lengths.mean(dtype=np.float64)) if size else 1.0, 1.0)
        norm = (_K1 * (1 - _B + _B * lengths.astype(np.float32) / np.float32(mean))).astype(np.float32)
        kinds = {"terms": TERM.str, "rows": "i4", "counts": "u2", "weights": "f4", "idf": "f4"}
        into = {part: ArrayWriter(folder, f"{name}_{part}", kind) for part, kind in kinds.items()}
        frequencies = [np.zeros(1, np.int64)]
        for block in merged(pieces, taken):
            often = block.counts.astype(np.float32)
            df = block.frequencies.astype(np.float32)
            idf = np.log(1 + (size - df + 0.5) / (df + 0.5)).astype(np.float32)
            rarity = np.repeat(idf, block.frequencies)
            into["terms"].append(block.terms)
            into["rows"].append(block.rows)
            into["counts"].append(block.counts)
            into["weights"].append(rarity * often * (_K1 + 1) / (often + norm[block.rows]))
            into["idf"].append(idf)
            frequencies.append(block.frequencies)
        for writer in into.values():
            writer.close()
        arrays.write(folder, f"{name}_starts", np.cumsum(np.concatenate(frequencies), dtype=np.int64))
        arrays.write(folder, f"{name}_lengths", lengths)
        return self.opened(folder, name)

    @classmethod
    def opened(cls, folder: Path, name: str) -> Keywords:
        """The index that `updated` wrote. Raises OSError or ValueError when a file is missing or cut."""
        parts = ("terms", "starts", "rows", "counts", "lengths", "weights", "idf")
        found = cls(*(arrays.read(folder, f"{name}_{part}") for part in parts))
        if not len(found.rows) == len(found.counts) == len(found.weights) == found.starts[-1]:
            raise ValueError(f"The postings {name} do not fit together.")
        return found

    @property
    def vocabulary(self) -> Vocabulary:
        """The terms with their numbers."""
        return Vocabulary(self.terms)

    def rows_with(self, term: str) -> NDArray[np.int32]:
        """The rows that hold a term; KeyError when none does."""
        number = self.vocabulary[term]
        return self.rows[self.starts[number] : self.starts[number + 1]]

    def distinct_terms(self, first: str, beyond: str, *, single: bool = False) -> NDArray[np.int64]:
        """How many different terms from `first` up to `beyond` each row holds, shape (size,).

        `single`: only those of one character, as long in UTF-8 as `first`.
        """
        low, high = np.searchsorted(self.terms, encoded([first, beyond]))
        rows = self.rows[self.starts[low] : self.starts[high]]
        if single:
            alone = np.char.str_len(self.terms[low:high]) == len(first.encode())
            rows = rows[np.repeat(alone, np.diff(self.starts[low : high + 1]))]
        return np.bincount(rows, minlength=self.size)

    def unseen_idf(self) -> float:
        """Weight of a term that no clause holds."""
        return float(np.log(1 + (self.size + 0.5) / 0.5))

    def scores(self, query_terms: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every row for the query's terms, shape (size,)."""
        total = np.zeros(self.size, dtype=np.float32)
        asked = Counter(query_terms)
        for number, count in zip(self.vocabulary.numbers(list(asked)), asked.values(), strict=True):
            if number >= 0:
                span = slice(self.starts[number], self.starts[number + 1])
                weights = self.weights[span]
                np.add.at(total, self.rows[span], weights if count == 1 else weights * np.float32(2))
        return total

    def rarity(self, term: str) -> float:
        """Inverse document frequency of a term; an unseen one counts most."""
        number = self.vocabulary.numbers([term])[0]
        return self.unseen_idf() if number < 0 else float(self.idf[number])
