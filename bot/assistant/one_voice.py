"""One voice (统一口径): the answer that a supervisor stands by, given wherever its question is asked.

Which confirmed answers there are is told by a callable; here is only found whether one of them is meant. The manuals
have the last word twice: the question must find clauses that the confirmed question finds, and every clause that the
answer rests on must be live, in these words, and open to whoever reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.assistant.answers import Answer, Asker, Confirmation, Language, Outcome
from bot.assistant.clarifying import belongs
from bot.assistant.confirmed_matching import Surroundings, agreement, plainly
from bot.assistant.questions import Question, depends, language_of
from bot.assistant.quoting import cite
from bot.assistant.scope import Scope, scope_of
from bot.assistant.scripts import with_staff_number
from knowledge.clauses import Clause, Hit
from knowledge.embedding import Embedder, Matrix
from knowledge.statements.quantities import folded, quantities
from knowledge.views import View

_FOUND = 3
"""Best hits of the asked question among which a clause must be that the confirmed answer rests on, or that its
question finds first."""
_RIVALS = 3
"""Best hits whose other clauses are taken for rules that the asked question might mean instead."""
_KEPT = 2000
_CALIBRATED = "e5-small-q4+use-m3"
"""Name of the bundled models begins so. With others, for which nothing was fitted, only the same words match."""

Wording = tuple[int, str]
"""A manual and the identity of a clause's text: the same in every edition that leaves it alone."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An answer that a supervisor stands by, as far as answering needs it."""

    id: int
    revision: int
    question: str
    text: str
    clause_ids: tuple[int, ...]
    """What it rests on."""
    found_ids: tuple[int, ...]
    """What the manuals answer the question with; the confirmed clauses may be others."""
    language: Language
    organisation: str
    product: str
    by: str
    """Slack user id."""
    at: datetime


class OneVoice:
    """See the module. Safe for many threads."""

    def __init__(
        self, confirmed: Callable[[], Sequence[Confirmed]], embedder: Callable[[], Embedder]
    ) -> None:
        """`confirmed` gives what stands now, newest first."""
        self._confirmed = confirmed
        self._embedder = embedder
        self._wordings: dict[tuple[int, int], frozenset[Wording]] = {}
        self._vectors: dict[tuple[str, int, int], Matrix] = {}

    def said(
        self, question: Question, asker: Asker, view: View, hits: Sequence[Hit], scope: Scope
    ) -> Answer | None:
        """The confirmed answer to a question whose hits are given, best first; None when there is none.

        A question for the rules of another time has none, and neither has one that only its thread explains. One that
        is complete, and goes on in a thread all the same, has those that rest on a manual of the thread (`scope`).
        """
        if (question.follows_up and depends(question.text)) or view.as_of is not None or view.staged:
            return None
        found = {_wording(hit.clause) for hit in hits[:_FOUND]}
        best: tuple[float, Confirmed, list[Clause]] | None = None
        for one in self._confirmed():
            if not _is_for(one, asker) or not self._meets(one, question.text, view, found):
                continue
            clauses = standing(view, one.clause_ids)
            if clauses is None or _names_another(question.text, view, clauses):
                continue
            if question.follows_up and not any(clause.manual_id in scope for clause in clauses):
                continue
            if _own_rule_leads(asker, hits, clauses):
                continue
            value = self._agreement(one, question.text, clauses, hits)
            if value > (best[0] if best else 0.0):
                best = value, one, clauses
        return None if best is None else _answer(*best, asker)

    def _meets(self, one: Confirmed, asked: str, view: View, found: set[Wording]) -> bool:
        """Whether both questions find a clause in common, or are the same in letters."""
        if plainly(one.question) == plainly(asked):
            return True
        key = (one.id, one.revision)
        if key not in self._wordings:
            try:
                clauses = view.clauses([*one.clause_ids, *one.found_ids[:1]])
            except KeyError:  # this reader must not see one of them
                return False
            self._forget()
            self._wordings[key] = frozenset(map(_wording, clauses))
        return not found.isdisjoint(self._wordings[key])

    def _forget(self) -> None:
        """Old revisions go with the rest, before they take room; what is needed comes back with its question."""
        if max(len(self._wordings), len(self._vectors)) >= _KEPT:
            self._wordings, self._vectors = {}, {}

    def _agreement(self, one: Confirmed, asked: str, clauses: Sequence[Clause], hits: Sequence[Hit]) -> float:
        embedder = self._embedder()
        if not embedder.name.startswith(_CALIBRATED):
            return float(plainly(one.question) == plainly(asked))

        def likeness(confirmed: str, part: str) -> float:
            key = (embedder.name, one.id, one.revision)
            if key not in self._vectors:
                self._forget()
                self._vectors[key] = embedder.query(confirmed)
            return float(self._vectors[key] @ embedder.query(part))

        return agreement(
            one.question, asked, _surroundings(one, clauses, hits), embedder.nearnesses, likeness
        )


def _wording(clause: Clause) -> Wording:
    return clause.manual_id, clause.text_key


def _is_for(one: Confirmed, asker: Asker) -> bool:
    """Whether its scope holds the asker; of whom nothing is known, it does."""
    pairs = ((one.organisation, asker.organisation), (one.product, asker.product))
    return all(
        not scope or not known or plainly(scope) in plainly(known) or plainly(known) in plainly(scope)
        for scope, known in pairs
    )


def standing(view: View, clause_ids: Sequence[int]) -> list[Clause] | None:
    """The clauses as they are live, in the edition of now; None when one is not, or must not be read here."""
    live = {manual.manual_id: manual.edition_id for manual in view.manuals()}
    try:
        clauses = view.clauses(clause_ids)
    except KeyError:
        return None
    found = [_live(view, clause, live.get(clause.manual_id)) for clause in clauses]
    return None if None in found else [clause for clause in found if clause is not None]


def _live(view: View, clause: Clause, edition_id: int | None) -> Clause | None:
    if edition_id is None or clause.edition_id == edition_id:
        return clause if edition_id is not None else None
    same = (other for other in view.edition_clauses(edition_id) if other.text_key == clause.text_key)
    return next(same, None)


def _names_another(asked: str, view: View, clauses: Sequence[Clause]) -> bool:
    """Whether the question names a manual or an organisation that the answer does not rest on.

    English titles share pieces of words with any question: there only a whole title counts.
    """
    scope = scope_of(asked, view.manuals())
    named = scope.manual_ids if scope.is_exact or language_of(asked) == "zh" else frozenset()
    return bool(named) and named.isdisjoint(clause.manual_id for clause in clauses)


def _own_rule_leads(asker: Asker, hits: Sequence[Hit], clauses: Sequence[Clause]) -> bool:
    """Whether the manuals answer with a rule of the asker's own organisation, and the confirmed answer rests on
    others' only."""
    if not asker.organisation or not hits:
        return False
    own = [belongs(asker.organisation, clause) for clause in (hits[0].clause, *clauses)]
    return own[0] and not any(own[1:])


def _surroundings(one: Confirmed, clauses: Sequence[Clause], hits: Sequence[Hit]) -> Surroundings:
    mine = {clause.text_key for clause in clauses}
    own = [*_texts(clauses), one.text]
    rivals = [hit.clause for hit in hits[:_RIVALS] if hit.clause.text_key not in mine]
    units = {quantity.unit for text in own for quantity in quantities(folded(text))}
    return Surroundings(folded(" ".join(own)), folded(" ".join(_texts(rivals))), frozenset(units) - {"", "#"})


def _texts(clauses: Sequence[Clause]) -> Iterator[str]:
    for clause in clauses:
        yield f"{' '.join(clause.heading_path)} {clause.search_text}"


def _answer(value: float, one: Confirmed, clauses: Sequence[Clause], asker: Asker) -> Answer:
    return Answer(
        Outcome.ANSWERED,
        with_staff_number(one.text, asker.staff_number),
        tuple(cite(clause) for clause in clauses),
        language=one.language,
        confirmed=Confirmation(one.id, one.by, one.at),
        details={"confirmed": one.id, "revision": one.revision, "likeness": round(value, 3)},
    )
