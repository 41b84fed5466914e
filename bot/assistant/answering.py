"""Assistant: from a question to an answer, without Slack and without side effects.

understand → search → adjust and fold → found? → choose → quote, and, with a model, write and check.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bot.assistant import composing
from bot.assistant.answers import Answer, Outcome, Turn
from bot.assistant.choosing import adjust, candidates, choose, siblings, side_by_side, without_superseded
from bot.assistant.deciding import probability, signals
from bot.assistant.questions import Question, Wanted, language_of, understand
from bot.assistant.refusals import reason_to_refuse, refusal_sentence
from bot.assistant.scope import Scope, scope_of, without_titles
from knowledge.clauses import ClauseKind, Hit
from knowledge.library import Library
from knowledge.reading import terms

if TYPE_CHECKING:
    from bot.assistant.writing import Writer  # the checks of written answers take a while to import

MOST_CHARACTERS = 2000
"""A longer question is asked back for: nobody on the phone needs it, and it would cost everyone else time."""
_SEARCH = 30
_RULES = 8
"""Best clauses whose conflicts are looked up: an answer quotes no more."""


class Assistant:
    """See the module. Safe for many threads."""

    def __init__(self, library: Library, writer: Writer | None = None, threshold: float = 0.25) -> None:
        """`writer` puts found clauses into a language model's words; without one, answers are quotes.
        `threshold`: probability from which a question counts as answered by the manuals.
        """
        self._library = library
        self._writer = writer
        self._threshold = threshold

    def warm_up(self) -> None:
        """Load the embedding model and the index, so that the first question does not wait for them."""
        self._library.search("热身", 1)

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question in its thread; never raises for what a person typed."""
        quoted, hits = self._quoted(question.strip(), history)
        return self._writer.write(question, history, hits, quoted) if self._writer else quoted

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[str | Answer]:
        """Pieces of the answer's Markdown as they are ready, then the `Answer` itself."""
        quoted, hits = self._quoted(question.strip(), history)
        if self._writer is not None:
            yield from self._writer.stream(question, history, hits, quoted, cancelled)
            return
        if not cancelled():
            yield quoted.text
        yield quoted

    def _quoted(self, text: str, history: Sequence[Turn]) -> tuple[Answer, Sequence[Hit]]:
        """The quoting answer, and the hits that a model may write from (none when it must not write)."""
        started = time.perf_counter()
        answer, hits = self._answer(text, history)
        return replace(answer, latency_ms=(time.perf_counter() - started) * 1000), hits

    def _answer(self, text: str, history: Sequence[Turn]) -> tuple[Answer, Sequence[Hit]]:
        language = language_of(text)
        if len(text) > MOST_CHARACTERS or not terms(text):
            return composing.unusable(text, MOST_CHARACTERS, language), ()
        refusal = reason_to_refuse(text)
        if refusal is not None:
            sentence = refusal_sentence(refusal, language)
            return Answer(Outcome.REFUSED, sentence, language=language, details={"reason": refusal.value}), ()
        question = understand(text, history)
        scope = scope_of(question.text, self._library.manuals(), question.earlier_answer)
        within = scope.manual_ids if scope.is_exact else ()
        if within:
            question = replace(question, search_text=without_titles(question.search_text))
        hits = self._library.search(question.search_text, _SEARCH, within)
        if not hits:
            return composing.nothing_ingested(question), ()
        return self._decide(question, adjust(hits, question, scope), scope)

    def _decide(
        self, question: Question, ranked: Sequence[Hit], scope: Scope
    ) -> tuple[Answer, Sequence[Hit]]:
        top = ranked[0].clause
        if top.kind is ClauseKind.HEADING and (not scope.manual_ids or top.manual_id in scope):
            return composing.cut_off(question, top), ()
        bodies = candidates(ranked, scope)
        if not bodies:
            return composing.cut_off(question, top), ()
        conflicts = self._library.conflicts_of([hit.clause for hit in bodies[:_RULES]])
        bodies = without_superseded(bodies, conflicts)
        likeness = self._library.likeness(bodies[0].clause.id, [hit.clause.id for hit in bodies])
        choice = side_by_side(choose(bodies, question, scope, likeness), conflicts, question, scope)
        if question.wanted is not Wanted.ANY and composing.leaves_blank(question, choice.lead.clause):
            return composing.blank(question, choice.lead.clause), ()
        crosses = question.language != language_of(choice.lead.clause.text)
        seen = signals(question, choice.hits, self._library.index(), crosses=crosses)
        chance = probability(seen)
        details = {
            "probability": round(chance, 3),
            "signals": {k: round(v, 3) for k, v in asdict(seen).items()},
        }
        if chance < self._threshold:
            return composing.not_found(question, bodies[:2], details), ()
        if question.wants_list and not question.wants_survey:
            edition = self._library.edition_clauses(choice.lead.clause.edition_id)
            choice = replace(choice, family=siblings(choice.lead, edition, ranked))
        return composing.quoted(question, choice, self._library.index().body.rarity, details), choice.hits
