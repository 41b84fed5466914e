"""Other indexes of the same clauses, for the ablation: what is embedded of a clause, and what counts as a word of it.

Everything else of the search stays as it is. Terms are those of `knowledge.reading`, with Chinese cut otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np
import rjieba

from knowledge import reading
from knowledge.bridges import Bridges
from knowledge.clauses import Clause
from knowledge.editions import passage
from knowledge.embedding import Embedder, Matrix, Passage
from knowledge.index import LiveIndex
from knowledge.keywords import Keywords
from knowledge.reading import said_part, search_reading
from knowledge.views import Picture, View

Terms = Callable[[str], list[str]]
_terms = reading.terms
_HANZI = re.compile(r"[\u3400-\u9fff]+")


class TwoVectors(LiveIndex):
    """Two vectors for every clause; the nearer one counts."""

    def similarities(self, vector: Matrix) -> Matrix:
        """See `LiveIndex.similarities`."""
        half = self.vectors.shape[1] // 2
        near = [np.vecdot(part, vector) for part in (self.vectors[:, :half], self.vectors[:, half:])]
        found: Matrix = np.maximum(*near)
        return found


def embedded(view: View, embedder: Embedder, of: Callable[[Sequence[Passage]], list[Passage]]) -> View:
    """The view with vectors of other passages; `of` gets those of all clauses, in their order."""
    return _with(view, embedder, vectors=embedder.passages(of(_passages(view))))


def twice_embedded(view: View, embedder: Embedder, of: Callable[[Sequence[Passage]], list[Passage]]) -> View:
    """The view with further vectors beside its own."""
    index = view.index()
    both = np.concatenate([index.vectors, embedder.passages(of(_passages(view)))], axis=1)
    fields = {name: getattr(index, name) for name in LiveIndex.__slots__} | {"vectors": both}
    return _viewed(view, embedder, TwoVectors(**fields))


def alone(passages: Sequence[Passage]) -> list[Passage]:
    """The clause and nothing around it."""
    return [Passage(one.text) for one in passages]


def placed(passages: Sequence[Passage]) -> list[Passage]:
    """Title, organisation and all headings for both models."""
    return [Passage(one.wide) for one in passages]


def among_neighbours(passages: Sequence[Passage]) -> list[Passage]:
    """The clauses before and after it, too."""
    texts = ["", *(one.text for one in passages), ""]
    around = zip(texts, texts[1:], texts[2:], strict=False)
    return [
        replace(one, text=" ".join(filter(None, three))) for one, three in zip(passages, around, strict=True)
    ]


def pairs(text: str) -> list[str]:
    """Without single Chinese characters."""
    return [term for term in _terms(text) if len(term) > 1 or not _HANZI.match(term)]


def characters(text: str) -> list[str]:
    """Without pairs of Chinese characters."""
    return [term for term in _terms(text) if len(term) == 1 or not _HANZI.match(term)]


def words(text: str) -> list[str]:
    """Chinese cut into the words of jieba."""
    other = [term for term in _terms(text) if not _HANZI.match(term)]
    return other + [word for run in _HANZI.findall(reading.normalise(text)) for word in rjieba.cut(run)]


def all_of_them(text: str) -> list[str]:
    """Characters, pairs, and the words of three and more."""
    return _terms(text) + [word for word in words(text) if len(word) > 2 and _HANZI.match(word)]


def counted(view: View, embedder: Embedder, terms: Terms) -> View:
    """The view with its words counted otherwise; to be searched `reading_as(terms)`."""
    clauses, passages = _clauses(view), _passages(view)
    with patch("knowledge.postings.terms", terms):
        body = Keywords.build([search_reading(said_part(clause.search_text)) for clause in clauses])
        context = Keywords.build([one.context for one in passages])
    return _with(view, embedder, body=body, context=context)


def not_brought_over(view: View, embedder: Embedder) -> View:
    """The view without bridges from pinyin and English to the manuals' words."""
    return _with(view, embedder, bridges=Bridges())


@contextmanager
def reading_as(terms: Terms | None = None, *, slips: bool = True, asking: bool = False) -> Iterator[None]:
    """Questions read otherwise: cut into other `terms`; without what slips of typing mean; with words that only
    ask."""
    with ExitStack() as patches:
        if terms is not None:
            patches.enter_context(patch("knowledge.reading.terms", terms))
        if not slips:
            search_reading.cache_clear()
            patches.callback(search_reading.cache_clear)
            patches.enter_context(patch("knowledge.reading.meant_words", lambda _: ()))
        if asking:
            patches.enter_context(
                patch("knowledge.views.question_terms", lambda text: reading.terms(search_reading(text)))
            )
        yield


def _clauses(view: View) -> list[Clause]:
    return view.clauses(view.index().clause_ids.tolist())


def _passages(view: View) -> list[Passage]:
    return [passage(c.manual, c.organisation, c.heading_path, c.search_text) for c in _clauses(view)]


def _with(view: View, embedder: Embedder, **parts: object) -> View:
    return _viewed(view, embedder, replace(view.index(), **parts))  # type: ignore[arg-type]


def _viewed(view: View, embedder: Embedder, index: LiveIndex) -> View:
    old = view._picture
    picture = Picture(index, old._engine, old.reader)
    picture.__dict__["chinese"] = old.chinese  # told by its characters, which other terms may not hold
    return View(picture, lambda: embedder)
