"""How much of what a question is about one place of a clause says: a clause may be near in all and answer in nothing."""

from __future__ import annotations

from bot.assistant.questions import Question, Wanted, content_terms, holds_value
from bot.assistant.quoting import sentences
from knowledge.clauses import Clause
from knowledge.index import LiveIndex
from knowledge.reading import terms


class Evidence:
    """Shares (0..1) of a question's content, rare words weighing more, words of another language bridged."""

    def __init__(self, question: Question, index: LiveIndex) -> None:
        """Weigh the words of `question` by their rarity in `index`."""
        self._question = question
        self._bridges = index.bridges
        content = content_terms(index.bridges.spelled_out(question.search_text))
        self._weights = {term: weight * index.body.rarity(term) for term, weight in content.items()}
        self._total = sum(self._weights.values())

    def of(self, clause: Clause) -> float:
        """The share that two neighbouring sentences of the clause, with its heading, say at most."""
        return self._best(clause, valued=False)

    def of_value(self, clause: Clause) -> float:
        """The same of sentences that hold a value of the kind asked for; when none is asked for, of any."""
        return self._best(clause, valued=self._question.wanted is not Wanted.ANY)

    def _best(self, clause: Clause, *, valued: bool) -> float:
        if not self._total:
            return 0.0
        above = set(terms(" ".join(clause.heading_path[-1:])))
        best = 0.0
        before: set[str] = set()
        for sentence in sentences(clause.text):
            said = set(terms(sentence))
            if not valued or holds_value(self._question, sentence):
                best = max(best, self._share(above | before | said))
            before = said
        return best

    def _share(self, held: set[str]) -> float:
        return (
            sum(weight for term, weight in self._weights.items() if self._bridges.holds(term, held))
            / self._total
        )
