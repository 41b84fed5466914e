"""Views: what can be searched, as one immutable picture: what is live, what was, what would be.

Everything an answer needs comes from one view, so that no answer mixes two generations. Who may not see a
manual does not meet it in a view made for them: not in a search, not in a list, not by the id of a clause.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge import conflict_records, ranking
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.conflict_records import Conflict, TextOfManual
from knowledge.editions import passage
from knowledge.embedding import Crossing, Embedder, Matrix, Passage
from knowledge.errors import EmbedderUnavailable
from knowledge.focus import focus
from knowledge.index import LiveIndex
from knowledge.manuals import ClauseRow, Edition, EditionState
from knowledge.portions import portions
from knowledge.ranking import WEIGHTS, Scores, Weights
from knowledge.reading import is_chinese, question_terms, search_reading, years
from knowledge.reranking import POOL, Reranker, reranked
from knowledge.served_embedding import Served
from knowledge.statements.concepts import synonyms
from knowledge.statements.quantities import folded

_NEXT = 400
"""Rows among which each manual's own best are looked for."""
_WEIGHED = 24
"""Clauses that the model of this machine weighs while the embedding server is away: less than a second."""
_KEPT_CLAUSES = 4096
"""Clauses in memory for one picture: some 10 MB."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and where: roles (`agent`, `supervisor` …) and the channel in which the answer will stand."""

    roles: frozenset[str] = frozenset()
    channel: str = ""
    manuals: frozenset[int] = frozenset()
    """The only manuals that are wanted there; empty: all that may be quoted."""

    def admits(self, audience: Collection[str]) -> bool:
        """Whether a manual of this audience may be quoted to the reader: one of its entries names a role of
        theirs or the channel; an empty audience is everybody."""
        names = {f"role:{role}" for role in self.roles} | {f"channel:{self.channel}"}
        return not audience or not names.isdisjoint(audience)


@dataclass(frozen=True, slots=True)
class ManualSummary:
    """One manual of a view, for lists."""

    manual_id: int
    title: str
    organisation: str
    edition: int
    clauses: int
    truncated: bool
    source: str
    published_at: datetime
    language: str
    notes: tuple[str, ...]
    edition_id: int = 0
    product: str = ""
    audience: tuple[str, ...] = ()
    owner: str = ""
    effective_at: datetime | None = None
    expires_at: datetime | None = None


class ClauseReader:
    """Clauses of any edition by id; the last ones read are kept. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        """Read from `engine`."""
        self._engine = engine
        self._kept: dict[int, Clause] = {}

    def clauses(self, ids: Sequence[int]) -> list[Clause]:
        """Clauses in the order asked; KeyError for an id that does not exist."""
        kept = self._kept
        found = {i: kept[i] for i in ids if i in kept}
        missing = [i for i in ids if i not in found]
        if missing:
            read: dict[int, Clause] = {}
            with Session(self._engine) as session:
                for portion in portions(missing):
                    rows = session.execute(
                        select(ClauseRow, Edition).join(Edition, ClauseRow.edition_id == Edition.id)
                        .where(ClauseRow.id.in_(portion))
                    ).all()  # fmt: skip
                    read.update({row.id: _clause(row, edition) for row, edition in rows})
            found |= read
            # A new dict, never one that shrinks: other threads read the one that they hold.
            room = len(kept) + len(read) <= _KEPT_CLAUSES
            self._kept = kept | read if room else dict(list(found.items())[-_KEPT_CLAUSES:])
        return [found[i] for i in ids]

    def edition_clauses(self, edition_id: int) -> list[Clause]:
        """All clauses of one edition, in their order."""
        with Session(self._engine) as session:
            ids = list(
                session.scalars(
                    select(ClauseRow.id).where(ClauseRow.edition_id == edition_id).order_by(ClauseRow.ordinal)
                )
            )
        return self.clauses(ids)


class Picture:
    """A set of editions ready to be searched: their index, their summaries, and their clauses once loaded."""

    def __init__(self, index: LiveIndex, engine: Engine, reader: ClauseReader | None = None) -> None:
        """`engine` is where the editions of `index` are read from, `reader` what has been read of them."""
        self.index = index
        self.reader = reader or ClauseReader(engine)
        self._engine = engine

    @cached_property
    def manuals(self) -> tuple[ManualSummary, ...]:
        """The manuals of the picture, in the order of their first coming.

        Read through the clauses of the index, whose editions never change: right also when something else has
        been published since the index was made.
        """
        _, first = np.unique(self.index.manual_ids, return_index=True)
        found: list[Edition] = []
        with Session(self._engine) as session:
            for ids in portions(self.index.clause_ids[first].tolist()):
                query = select(Edition).join(ClauseRow, ClauseRow.edition_id == Edition.id)
                found += session.scalars(query.where(ClauseRow.id.in_(ids)))
        return tuple(summary(edition) for edition in sorted(found, key=lambda e: e.manual_id))

    @cached_property
    def edition_ids(self) -> tuple[int, ...]:
        """The editions of the picture, in order."""
        return tuple(sorted(manual.edition_id for manual in self.manuals))

    @cached_property
    def chinese(self) -> NDArray[np.bool_]:
        """For each row, whether it is written in Chinese; what has no words at all counts as Chinese."""
        body = self.index.body
        hanzi = body.distinct_terms("\u3400", "\uffff", single=True)
        return hanzi >= body.distinct_terms("a", "{") - body.distinct_terms("a", "{", single=True)

    @cached_property
    def _dated(self) -> dict[str, NDArray[np.int32]]:
        """By year, the rows that stand under it: in a title or heading."""
        context = self.index.context
        return {
            term: context.rows_with(term)
            for term in context.vocabulary.between("0", ":")
            if term in years(term)
        }

    def known(self) -> tuple[Passage, Matrix] | None:
        """A clause of the picture as it was embedded, with its vector; None when the picture is empty."""
        if not len(self.index.clause_ids):
            return None
        with Session(self._engine) as session:
            clause, edition = session.execute(
                select(ClauseRow, Edition)
                .join(Edition, ClauseRow.edition_id == Edition.id)
                .where(ClauseRow.id == int(self.index.clause_ids[0]))
            ).one()
            made = passage(edition.title, edition.organisation, clause.heading_path, clause.search_text)
        return made, np.asarray(self.index.vectors[0])

    def under_years(self, named: Collection[str]) -> Scores:
        """For each row 1 when it stands under one of these years, -0.5 under others only, 0 under none."""
        found = np.zeros(self.index.body.size, dtype=np.float32)
        if not any(year in self._dated for year in named):
            return found
        for rows in self._dated.values():
            found[rows] = -0.5
        for year in named:
            found[self._dated.get(year, [])] = 1.0
        return found

    def conflicts(self, texts: Collection[TextOfManual]) -> list[Conflict]:
        """The conflicts of these texts with others of the picture, settled ones too."""
        with Session(self._engine) as session:
            return conflict_records.listed(session, self.reader.clauses, self.edition_ids, texts)


@dataclass(frozen=True, slots=True)
class _Scored:
    """Scores of every row of a picture for one question."""

    mixed: Scores
    meaning: Scores
    words: Scores


class View:
    """A picture as one reader may see it. What is found in it does not change; safe for many threads."""

    def __init__(
        self,
        picture: Picture,
        embedder: Callable[[], Embedder],
        *,
        as_of: datetime | None = None,
        staged: Collection[int] = (),
        reader: Reader | None = None,
        hidden: Collection[int] = (),
        reranker: Reranker | None = None,
    ) -> None:
        """`hidden` are the manuals of the picture that `reader` must not meet; `reranker` looks at the best hits
        again."""
        self._reranker = reranker
        self._picture = picture
        self._embedder = embedder
        self._hidden = frozenset(hidden)
        self.as_of = as_of
        """The moment whose manuals these are; None: now."""
        self.staged = frozenset(staged)
        """Editions that this view takes for published."""
        self.reader = reader
        """Whom it is made for; None: without restriction."""
        self._weighed: dict[int, Matrix] = {}
        """Vectors of clauses by the model of this machine, which an answer's further searches need again."""
        self.by_words = False
        """Whether a search had to go by the words, because the server that embeds questions is away."""

    @property
    def generation(self) -> int:
        """Number of the newest publication when the picture was made."""
        return self._picture.index.generation

    def index(self) -> LiveIndex:
        """The index that is searched, hidden manuals included: for statistics of words, never for texts."""
        return self._picture.index

    def manuals(self) -> list[ManualSummary]:
        """Every manual of the view, in the order of their first coming."""
        return [manual for manual in self._picture.manuals if manual.manual_id not in self._hidden]

    def search(
        self,
        question: str,
        k: int = 10,
        within: Collection[int] = (),
        context: str = "",
        weights: Weights = WEIGHTS,
        beside: Collection[int] = (),
        of_each: int = 0,
    ) -> list[Hit]:
        """The k clauses that fit the question best, best first; none when the view is empty.

        `within`: ids of manuals to look in; empty means all. `context`: what was asked before in the thread, for a
        question that cannot be understood without it. `beside`: ids of clauses that are scored and given too,
        wherever they rank; those that the view does not hold are left out. `of_each`: so many clauses of every manual
        are given too that ranks among the next few hundred, below the k.
        """
        index = self._picture.index
        if not len(index.clause_ids):
            return []
        scored = self._scored(question, context, weights)
        scores = scored.mixed
        if within:
            scores = np.where(np.isin(index.manual_ids, list(within)), scores, -np.inf)
        if self._hidden:
            scores = np.where(np.isin(index.manual_ids, list(self._hidden)), -np.inf, scores)
        pool = k if self._reranker is None else max(k, POOL)
        rows = [row for row in ranking.best(scores, pool) if np.isfinite(scores[row])]
        if of_each:
            rows += self._of_each(rows, scores, of_each)
        if beside:
            more = set(index.rows_of(np.array([*beside], np.int64)).tolist()) - {-1, *rows}
            rows += sorted((row for row in more if np.isfinite(scores[row])), key=lambda row: -scores[row])
        clauses = self._picture.reader.clauses([int(index.clause_ids[row]) for row in rows])
        hits = [
            Hit(clause, float(scores[row]), float(scored.meaning[row]), float(scored.words[row]))
            for row, clause in zip(rows, clauses, strict=True)
        ]
        if self._reranker is None:
            return hits
        ranked = reranked(hits, f"{context} {question}".strip(), self._reranker)
        kept = {*beside, *(hit.clause.id for hit in hits[pool:])}
        return [hit for place, hit in enumerate(ranked) if place < k or hit.clause.id in kept]

    def _of_each(self, rows: Sequence[int], scores: Scores, most: int) -> list[int]:
        """Up to `most` rows of every manual, those that are in `rows` counted, best first."""
        manual_ids = self._picture.index.manual_ids
        had = Counter(manual_ids[list(rows)].tolist())
        taken = set(rows)
        more: list[int] = []
        for row in ranking.best(scores, _NEXT).tolist():
            manual = int(manual_ids[row])
            if row not in taken and had[manual] < most and np.isfinite(scores[row]):
                had[manual] += 1
                more.append(row)
        return more

    def _scored(self, question: str, context: str, weights: Weights) -> _Scored:
        index = self._picture.index
        question, context = (index.bridges.spelled_out(text) for text in (question, context))
        parts = focus(question)
        asked = question_terms(parts.asked)
        text = f"{context} {parts.asked}".strip()
        embedder = self._embedder()
        words = self._words(asked, weights)
        meant = " ".join(synonyms(folded(parts.asked)))
        for more, weight in (
            (meant, weights.synonyms),
            (parts.aside, weights.aside),
            (context, weights.thread),
        ):
            if more and weight:
                further = [term for term in question_terms(more) if term not in set(asked)]
                if more is meant:  # a single character of a synonym means something else
                    further = [term for term in further if len(term) > 1]
                words = words + np.float32(weight) * self._words(further, weights)
        translated = index.bridges.scores(question_terms(text), index.body)
        meaning, vector = self._meaning(embedder, search_reading(text), words + translated)
        chinese = is_chinese(text)
        own = self._picture.chinese == chinese
        levelled = ranking.levelled(meaning, own, weights.language)
        if isinstance(embedder, Crossing) and vector is not None and not own.all():
            levelled = ranking.reordered(levelled, ~own, index.similarities(embedder.across(vector)))
        mixed = ranking.mix(levelled, words, translated, weights, chinese=chinese, own_language=own)
        if named := years(parts.asked) or years(context):
            mixed = mixed + np.float32(weights.year) * self._picture.under_years(named)
        return _Scored(mixed, meaning, words)

    def _meaning(self, embedder: Embedder, text: str, words: Scores) -> tuple[Scores, Matrix | None]:
        """The cosine of every row with a question, and its vector. Without the server that makes it, there is none: the
        model of this machine weighs the clauses that `words` find, and all others are as far off as the farthest."""
        index = self._picture.index
        try:
            if isinstance(embedder, Served):
                embedder.verify(self._picture.known)
            vector = embedder.query(text)
            return index.similarities(vector), vector
        except EmbedderUnavailable:
            if not isinstance(embedder, Served):
                raise
        self.by_words = True
        rows = ranking.best(words, _WEIGHED)
        near = self._weigh(
            index.clause_ids[rows].tolist(), embedder.standing_in
        ) @ embedder.standing_in.query(text)
        meaning = np.full(len(index.clause_ids), near.min(), dtype=np.float32)
        meaning[rows] = near
        return meaning, None

    def _weigh(self, ids: Sequence[int], model: Embedder) -> Matrix:
        """The vectors of clauses by a model of this machine, a row each."""
        new = self._picture.reader.clauses([i for i in ids if i not in self._weighed])
        made = [passage(c.manual, c.organisation, c.heading_path, c.search_text) for c in new]
        if made:
            self._weighed.update(zip((c.id for c in new), model.passages(made), strict=True))
        return np.stack([self._weighed[i] for i in ids])

    def _words(self, terms: Sequence[str], weights: Weights) -> Scores:
        index = self._picture.index
        return index.body.scores(terms) + np.float32(weights.context) * index.context.scores(terms)

    def around(self, ids: Sequence[int], reach: int) -> dict[int, tuple[list[Clause], list[Clause]]]:
        """For each of these clauses of the view, up to `reach` clauses of its manual before it and after it, in their
        order."""
        manuals, clause_ids = self._picture.index.manual_ids, self._picture.index.clause_ids
        spans: dict[int, tuple[list[int], list[int]]] = {}
        rows = self._picture.index.rows_of(np.array(ids, np.int64)).tolist()
        for i, row in zip(ids, rows, strict=True):
            low, high = max(0, row - reach), row + reach + 1
            near = [
                (n, int(clause_ids[n]))
                for n in range(low, min(high, len(clause_ids)))
                if manuals[n] == manuals[row]
            ]
            spans[i] = [c for n, c in near if n < row], [c for n, c in near if n > row]
        wanted = sorted({c for pair in spans.values() for side in pair for c in side})
        read = dict(zip(wanted, self._picture.reader.clauses(wanted), strict=True))
        return {i: ([read[c] for c in low], [read[c] for c in high]) for i, (low, high) in spans.items()}

    def likeness(self, clause_id: int, others: Sequence[int]) -> list[float]:
        """Cosines between one clause of the view and others; 0 for one that is not in it."""
        index = self._picture.index
        lead, *rows = index.rows_of(np.array([clause_id, *others], np.int64)).tolist()
        if lead < 0:
            return [0.0] * len(others)
        return [float(index.vectors[lead] @ index.vectors[row]) if row >= 0 else 0.0 for row in rows]

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]) -> NDArray[np.float32]:
        """How near each of some words or sentences is in meaning to each of others: `Embedder.nearnesses`."""
        return self._embedder().nearnesses(ones, others)

    def conflicts_of(self, clauses: Sequence[Clause]) -> tuple[Conflict, ...]:
        """The conflicts, settled ones too, that these clauses have with others of the view: one indexed query."""
        texts = {(clause.manual_id, clause.text_key) for clause in clauses}
        if not texts:
            return ()
        found = self._picture.conflicts(texts)
        return tuple(c for c in found if self._hidden.isdisjoint((c.a.manual_id, c.b.manual_id)))

    def clauses(self, ids: Sequence[int]) -> list[Clause]:
        """Clauses by id, of any edition, in the order asked.

        KeyError for an id that does not exist or that the reader must not see; a restricted view gives only
        clauses of manuals that it lists.
        """
        found = self._picture.reader.clauses(ids)
        if self.reader is not None:
            seen = {manual.manual_id for manual in self.manuals()}
            for clause in found:
                if clause.manual_id not in seen:
                    raise KeyError(clause.id)
        return found

    def edition_clauses(self, edition_id: int) -> list[Clause]:
        """All clauses of one edition, in their order; none when the reader must not see its manual."""
        found = self._picture.reader.edition_clauses(edition_id)
        if self.reader is not None and found:
            seen = {manual.manual_id for manual in self.manuals()}
            return found if found[0].manual_id in seen else []
        return found


def hidden_from(reader: Reader, *pictures: Picture) -> frozenset[int]:
    """Manuals that a reader must not meet: one edition in one of the pictures that does not admit them is enough."""
    return frozenset(
        manual.manual_id
        for picture in pictures
        for manual in picture.manuals
        if not reader.admits(manual.audience) or (reader.manuals and manual.manual_id not in reader.manuals)
    )


def summary(edition: Edition) -> ManualSummary:
    """What lists show of an edition."""
    return ManualSummary(
        edition.manual_id, edition.title, edition.organisation, edition.number, edition.clause_count,
        edition.truncated, edition.source, _begins(edition), edition.language, tuple(edition.notes), edition.id,
        edition.product, tuple(edition.audience), edition.owner, edition.effective_at, edition.expires_at,
    )  # fmt: skip


def _begins(edition: Edition) -> datetime:
    """When an edition went live or, in a view of the future, will."""
    if edition.published_at is not None and edition.state != EditionState.SCHEDULED:
        return edition.published_at
    return edition.effective_at or edition.staged_at


def _clause(row: ClauseRow, edition: Edition) -> Clause:
    return Clause(
        row.id, edition.manual_id, edition.id, edition.number, edition.title, edition.organisation, row.ordinal,
        row.label, tuple(row.heading_path), row.text, row.search_text, ClauseKind(row.kind), row.truncated,
        row.has_blank, edition.source, _begins(edition), row.page,
    )  # fmt: skip
