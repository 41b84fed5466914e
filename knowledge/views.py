"""Views: what can be searched, as one immutable picture: what is live, what was, what would be.

Everything an answer needs comes from one view, so that no answer mixes two generations. Who may not see a
manual does not meet it in a view made for them: not in a search, not in a list, not by the id of a clause.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from knowledge import conflict_records, ranking
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.conflict_records import Conflict, TextOfManual
from knowledge.embedding import Embedder
from knowledge.index import LiveIndex
from knowledge.manuals import ClauseRow, Edition, EditionState
from knowledge.portions import portions
from knowledge.reading import question_terms, search_reading

_KEPT_CLAUSES = 4096
"""Clauses in memory for one picture: some 10 MB."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and where: roles (`agent`, `supervisor` …) and the channel in which the answer will stand."""

    roles: frozenset[str] = frozenset()
    channel: str = ""

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
    def rows(self) -> dict[int, int]:
        """Row of each clause in the index."""
        return {int(clause): row for row, clause in enumerate(self.index.clause_ids)}

    def conflicts(self, texts: Collection[TextOfManual]) -> list[Conflict]:
        """The conflicts of these texts with others of the picture, settled ones too."""
        with Session(self._engine) as session:
            return conflict_records.listed(session, self.reader.clauses, self.edition_ids, texts)


class View:
    """A picture as one reader may see it. Immutable; safe for many threads."""

    def __init__(
        self,
        picture: Picture,
        embedder: Callable[[], Embedder],
        *,
        as_of: datetime | None = None,
        staged: Collection[int] = (),
        reader: Reader | None = None,
        hidden: Collection[int] = (),
    ) -> None:
        """`hidden` are the manuals of the picture that `reader` must not meet."""
        self._picture = picture
        self._embedder = embedder
        self._hidden = frozenset(hidden)
        self.as_of = as_of
        """The moment whose manuals these are; None: now."""
        self.staged = frozenset(staged)
        """Editions that this view takes for published."""
        self.reader = reader
        """Whom it is made for; None: without restriction."""

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
        self, question: str, k: int = 10, within: Collection[int] = (), beside: Collection[int] = ()
    ) -> list[Hit]:
        """The k clauses that fit the question best, best first; none when the view is empty.

        `within`: ids of manuals to look in; empty means all. `beside`: ids of clauses that are scored and given
        too, wherever they rank; those that the view does not hold are left out.
        """
        index = self._picture.index
        if not len(index.clause_ids):
            return []
        question = index.bridges.spelled_out(question)
        asked = question_terms(question)
        meaning = index.vectors @ self._embedder().query(search_reading(question))
        words = index.body.scores(asked) + np.float32(ranking.CONTEXT_WEIGHT) * index.context.scores(asked)
        scores = ranking.mix(meaning, words, index.bridges.scores(asked, index.body))
        if within:
            scores = np.where(np.isin(index.manual_ids, list(within)), scores, -np.inf)
        if self._hidden:
            scores = np.where(np.isin(index.manual_ids, list(self._hidden)), -np.inf, scores)
        rows = [row for row in ranking.best(scores, k) if np.isfinite(scores[row])]
        if beside:
            more = {self._picture.rows[i] for i in beside if i in self._picture.rows} - set(rows)
            rows += sorted((row for row in more if np.isfinite(scores[row])), key=lambda row: -scores[row])
        clauses = self._picture.reader.clauses([int(index.clause_ids[row]) for row in rows])
        return [
            Hit(clause, float(scores[row]), float(meaning[row]), float(words[row]))
            for row, clause in zip(rows, clauses, strict=True)
        ]

    def likeness(self, clause_id: int, others: Sequence[int]) -> list[float]:
        """Cosines between one clause of the view and others; 0 for one that is not in it."""
        rows = self._picture.rows if others else {}
        if clause_id not in rows:
            return [0.0] * len(others)
        vectors = self._picture.index.vectors
        lead = vectors[rows[clause_id]]
        return [float(lead @ vectors[rows[i]]) if i in rows else 0.0 for i in others]

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
        if not reader.admits(manual.audience)
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
