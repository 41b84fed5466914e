"""How much of what a question is about one place of a clause says: a clause may be near in all and answer in nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.assistant.asking import Asks, Wanted
from bot.assistant.questions import Question, content_terms, holds_value
from bot.assistant.quoting import sentences
from knowledge.clauses import Clause
from knowledge.index import LiveIndex
from knowledge.reading import normalise, terms
from knowledge.statements.concepts import concepts
from knowledge.statements.quantities import folded


class Evidence:
    """Shares (0..1) of a question's content, rare words weighing more, words of another language bridged."""

    def __init__(self, question: Question, index: LiveIndex) -> None:
        """Weigh the words of `question` by their rarity in `index`."""
        self._question = question
        self._bridges = index.bridges
        self._wants_person = Asks.WHO in question.asks
        self.wants_value = question.wanted is not Wanted.ANY or self._wants_person
        """Whether the question asks for a value: two manuals that give another one rule differently."""
        text = index.bridges.spelled_out(question.search_text)
        weights = {term: weight * index.body.rarity(term) for term, weight in content_terms(text).items()}
        self._units = tuple(_units(text, weights))
        self._total = sum(weight for _, weight in self._units)
        self._said: dict[tuple[int, bool], float] = {}  # a clause is asked about by several that choose
        self._gives: dict[int, bool] = {}

    def of(self, clause: Clause) -> float:
        """The share that two neighbouring sentences of the clause, with its heading, say at most."""
        return self._known(clause, valued=False)

    def of_value(self, clause: Clause) -> float:
        """The same of sentences that hold a value of the kind asked for (a number, a person), of any when none is
        asked for."""
        return self._known(clause, valued=self.wants_value)

    def gives_value(self, clause: Clause) -> bool:
        """Whether some sentence of the clause holds a value of the kind asked for."""
        if clause.id not in self._gives:
            self._gives[clause.id] = any(self._holds(sentence) for sentence in sentences(clause.text))
        return self._gives[clause.id]

    def _holds(self, sentence: str) -> bool:
        if self._question.wanted is not Wanted.ANY:
            return holds_value(self._question, sentence)
        return not self._wants_person or bool(concepts(folded(sentence)).people)

    def _known(self, clause: Clause, *, valued: bool) -> float:
        key = clause.id, valued
        if key not in self._said:
            self._said[key] = self._best(clause, valued=valued)
        return self._said[key]

    def _best(self, clause: Clause, *, valued: bool) -> float:
        if not self._total:
            return 0.0
        above = set(terms(" ".join(clause.heading_path[-1:])))
        best = 0.0
        before: set[str] = set()
        for sentence in sentences(clause.text):
            said = set(terms(sentence))
            if not valued or self._holds(sentence):
                best = max(best, self._share(above | before | said))
            before = said
        return best

    def _share(self, held: set[str]) -> float:
        found = sum(
            weight
            for terms_, weight in self._units
            if any(self._bridges.holds(term, held) for term in terms_)
        )
        return found / self._total


def _units(text: str, weights: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], float]]:
    """What must be met, each with the terms that meet it: a word, or one character by a pair that it stands in.

    A pair of two words' ends (「员工培训」: 工培) is in no other text and must not weigh as what a rare word does:
    a character weighs what the commoner of its pairs does.
    """
    for run in re.findall(r"[\u3400-\u9fff]+", normalise(text)):
        pairs = [run[i : i + 2] for i in range(len(run) - 1)]
        for i in range(len(run)):
            around = tuple(pair for pair in pairs[max(0, i - 1) : i + 1] if pair in weights)
            if around:
                yield around, min(weights[pair] for pair in around)
    for term, weight in weights.items():
        if not "\u3400" <= term[0] <= "\u9fff":
            yield (term,), weight
