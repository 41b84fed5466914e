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


@dataclass(frozen=True, slots=True)
class Keywords:
    """Postings of all terms. `starts[t]:starts[t+1]` are the entries of term number t in `rows` and `weights`."""

    vocabulary: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]
    """BM25 weight of the term in that row."""
    idf: NDArray[np.float32]
    size: int
    """Number of rows (clauses)."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> Keywords:
        """Index `texts`; row i is texts[i]."""
        vocabulary: dict[str, int] = {}
        postings: list[list[tuple[int, int]]] = []
        lengths = np.zeros(len(texts), dtype=np.float32)
        for row, text in enumerate(texts):
            counts = Counter(terms(text))
            lengths[row] = sum(counts.values())
            for term, count in counts.items():
                number = vocabulary.setdefault(term, len(vocabulary))
                if number == len(postings):
                    postings.append([])
                postings[number].append((row, count))
        mean = float(lengths.mean()) if len(texts) else 1.0
        starts = np.zeros(len(postings) + 1, dtype=np.int64)
        starts[1:] = np.cumsum([len(p) for p in postings])
        flat = np.array([pair for posting in postings for pair in posting], dtype=np.int64).reshape(-1, 2)
        rows = flat[:, 0].astype(np.int32)
        frequency = flat[:, 1].astype(np.float32)
        document_frequency = np.diff(starts).astype(np.float32)
        idf = np.log(1 + (len(texts) - document_frequency + 0.5) / (document_frequency + 0.5)).astype(
            np.float32
        )
        norm = _K1 * (1 - _B + _B * lengths[rows] / max(mean, 1.0))
        weights = (np.repeat(idf, np.diff(starts)) * frequency * (_K1 + 1) / (frequency + norm)).astype(
            np.float32
        )
        return cls(vocabulary, starts, rows, weights, idf, len(texts))

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
