"""What speaks for and against the manuals' holding an answer: numbers that compare across questions and corpora."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from bot.assistant.asking import Ask, Wanted
from bot.assistant.questions import Question, content_terms, language_of
from bot.assistant.quoting import sentences
from bot.assistant.wordings import Nearness, Wording, wording_of
from knowledge.bridges import Bridges
from knowledge.clauses import Clause, Hit
from knowledge.index import LiveIndex
from knowledge.reading import normalise, question_terms, terms

_LOOKED_AT = 4
"""Best clauses that are read sentence by sentence."""
_MOST_SENTENCES = 24
_SHORT = 40
"""A shorter sentence is read with the one before it, to which it often belongs."""
_CROSSING = 0.06
"""By so much cosines lie lower when question and clause are in different languages."""
_MOST_WEIGHT = 2.2
"""What BM25 gives a term at most, in units of its rarity (k1 + 1)."""
_CODE = re.compile(r"[a-z]+\d+[a-z\d-]*|\d+(?:[.:]\d+)*%?")
"""Numbers and codes: what they name is named by nothing else."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision looks at. Shares lie within 0..1; the question's terms count by their rarity."""

    meaning: float
    """Highest cosine of a hit."""
    meaning_gap: float
    """By how much it stands above the next five."""
    score_gap: float
    """Distance of the two best mixed scores, in standard deviations."""
    words: float
    """Highest BM25 as a share of the most that a clause could reach."""
    coverage: float
    """Highest share of the question that one clause holds with its title and headings."""
    focus: float
    """The same of the question's rarest third: what it is about rather than how it is put."""
    answering: float
    """The same of one sentence alone that holds what is asked for: a sum, a time, a person."""
    beside: float
    """By how much a sentence without what is asked for holds more: the matter is there, the detail is not."""
    missing: float
    """Rarity of the rarest term that the best clause lacks, against a term in no clause at all."""
    unseen: float
    """Share of the question that no clause at all holds."""
    code_missing: float
    """Share of the question's numbers and codes that no one of the best clauses holds."""
    met: float
    """Highest share of the question's words that one clause meets in the same words or others of one meaning."""
    thing_missing: float
    """How much the best clause lacks one of the things that the question names, in whatever words."""
    said: float
    """Nearness in meaning of the question and the one sentence that comes nearest."""
    value: float
    """1 when a value is asked for (no code: its meaning is told in words): answered or not, never roughly."""
    value_missing: float
    """1 when one is asked for, or what a code says, and no sentence looked at holds it."""
    value_answering: float
    """`answering` with the headings counted, for questions for a value; else 0."""
    value_meaning: float
    """`meaning` above that of an ordinary unrelated clause, for questions for a value; else 0."""


def signals(
    question: Question,
    hits: Sequence[Hit],
    bodies: Sequence[Hit],
    index: LiveIndex,
    nearness: Nearness,
    wording: Wording | None = None,
) -> Signals:
    """The signals of a question. `hits` are all that were found, `bodies` those that may be quoted, best first;
    neither is empty. `nearness` compares words and sentences: `View.nearnesses`. `wording`: that of the question,
    where it has been read before."""
    body, bridges = index.body, index.bridges
    spelled = bridges.spelled_out(question.search_text)
    # Half of a weight is the term's rarity, half is the same for all: in a small corpus rarity says little, and a
    # word that no clause holds must not outweigh all that they do hold.
    rarest = body.unseen_idf()
    weights = {
        term: weight * (body.rarity(term) + rarest) / 2 for term, weight in content_terms(spelled).items()
    }
    most = sum(
        _MOST_WEIGHT * body.rarity(term) * min(n, 2) for term, n in Counter(question_terms(spelled)).items()
    )
    best = bodies[:_LOOKED_AT]
    crossing = _CROSSING if question.language != language_of(best[0].clause.text) else 0.0
    meanings = sorted((hit.meaning for hit in hits), reverse=True)
    scores = sorted((hit.score for hit in hits), reverse=True)
    meaning = meanings[0] + crossing
    around = [set(terms(_surroundings(hit.clause))) for hit in best[:3]]
    read = _Reading(weights, bridges, () if question.wants_survey else question.asked, best)
    wording = wording or wording_of(question, index, nearness)
    said_around = [_surroundings(hit.clause) for hit in best[:3]]
    lacking = (weight for term, weight in weights.items() if not bridges.holds(term, around[0]))
    return Signals(
        meaning=meaning,
        meaning_gap=meanings[0] - _mean(meanings[1:6], meanings[0]),
        score_gap=scores[0] - scores[1] if len(scores) > 1 else 0.0,
        words=max(hit.words for hit in hits) / most if most else 0.0,
        coverage=max(share(weights, held, bridges) for held in around),
        focus=max(share(_rarest(weights), held, bridges) for held in around),
        answering=read.answering,
        beside=max(0.0, read.sentence - read.answering),
        missing=max(lacking, default=0.0) / rarest,
        unseen=1.0 - share(weights, body.vocabulary, bridges),
        code_missing=_codes_missing(question, best[:3]),
        met=max(wording.share(text) for text in said_around),
        thing_missing=wording.thing_missing(said_around[0]),
        said=_said(spelled, best, nearness),
        value=float(read.wants_value),
        value_missing=float(read.lacks_value),
        value_answering=read.headed if read.wants_value else 0.0,
        value_meaning=meaning - 0.85 if read.wants_value else 0.0,
    )


class _Reading:
    """The best clauses, read sentence by sentence for what is asked."""

    def __init__(
        self, weights: Mapping[str, float], bridges: Bridges, wanted: Sequence[Ask], best: Sequence[Hit]
    ) -> None:
        values = [ask for ask in wanted if ask.is_value]
        ask = next(iter(values or wanted), None)
        self.wants_value = any(ask.wanted is not Wanted.CODE for ask in values)
        self.lacks_value = bool(values)
        self.sentence = self.answering = self.headed = 0.0
        for hit in best:
            heading = set(terms(" ".join((*hit.clause.heading_path, hit.clause.manual))))
            before = ""
            for sentence in sentences(hit.clause.text):
                held = set(terms(sentence))
                self.sentence = max(self.sentence, share(weights, held, bridges))
                if ask is None or ask.answered_by(sentence):
                    self.lacks_value = False
                    if len(sentence) < _SHORT:
                        held |= set(terms(before))
                    self.answering = max(self.answering, share(weights, held, bridges))
                    self.headed = max(self.headed, share(weights, held | heading, bridges))
                before = sentence


def share(weights: Mapping[str, float], held: Container[str], bridges: Bridges) -> float:
    """Share of weighted terms that `held` holds, in their own language or another."""
    total = sum(weights.values())
    return (
        sum(weight for term, weight in weights.items() if bridges.holds(term, held)) / total if total else 0.0
    )


def _rarest(weights: Mapping[str, float]) -> dict[str, float]:
    """The third of the terms that weighs most, two at least."""
    ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ranked[: max(2, len(ranked) // 3)])


def _surroundings(clause: Clause) -> str:
    return " ".join((clause.search_text, clause.manual, clause.organisation, *clause.heading_path))


def _said(question: str, best: Sequence[Hit], nearness: Nearness) -> float:
    texts = [sentence for hit in best for sentence in sentences(hit.clause.text)][:_MOST_SENTENCES]
    return float(nearness([question], texts).max()) if texts else 0.0


def _codes_missing(question: Question, best: Sequence[Hit]) -> float:
    codes = {code for code in _CODE.findall(normalise(question.search_text)) if re.search(r"\d", code)}
    if not codes:
        return 0.0
    texts = [
        normalise(" ".join((hit.clause.search_text, hit.clause.manual, *hit.clause.heading_path)))
        for hit in best
    ]
    return min(sum(code not in text for code in codes) for text in texts) / len(codes)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
