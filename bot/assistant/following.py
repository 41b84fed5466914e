"""Searching for a question in its thread: whether it goes on from what was said, what stays of that and what changes.

A question in a thread is searched twice, alone and with the question before it; a plain question once. What the
two searches find decides whether it follows up or opens a new topic, of which nothing of the thread is used. A
follow-up looks first at the clause that the last answer quoted and at the clauses around it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.assistant.anchors import anchors, surroundings
from bot.assistant.answers import Turn
from bot.assistant.questions import Question, depends, language_of, matter, points_back, understand
from bot.assistant.scope import Scope, scope_of, scope_of_name, without_names, without_titles
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.reading import normalise
from knowledge.views import View

# Fitted by tests/evals/calibrate_threads.py on the demo manuals; what each weighs is named in `Evidence`.
WEIGHTS = (3.66, -6.82, 2.44, 4.19)
BIAS = 2.84
THRESHOLD = 0.12
"""Probability from which a question counts as a follow-up. Low, because a new topic that is taken for one still finds
its own clause most of the time, and a follow-up that is taken for a new topic never does."""

_ALONE, _TOGETHER = 0.5, 0.5
"""Weights of the scores of the two searches in a follow-up."""
_QUOTED = 2.0
_QUOTED_LESS = 0.5
_BESIDE = 1.25
_UNDER_ONE_HEADING = 0.6
"""What a clause gains that the last answer quoted (less, when the question leans on nothing and finds its place in the
thread alone, which need not be the quoted clause), that stands directly beside such a one, or under its heading."""
_ACROSS = 1.5
"""What it gains besides when it is in another language than the question, whose words cannot meet it."""
_NEXT = 3.0
_AROUND = 40
_DEEPEST = 3
"""Questions of a thread without answers that are followed back to what they were about."""

_PLACE = r"(个|条|款|项|步|行|级|档|节|种)(?!月|星期|季度|周)"
_STEP = re.compile(
    rf"(?P<on>(下|后|接下来|往下)[一1]?{_PLACE}|\b(next|following)\b(?! (day|week|month|quarter|year|time))"
    r"|\b(one|level|row|item) (after|below|down)\b|\bafter (that|this)( one)?\b)"
    rf"|(?P<back>(上|前|往上)[一1]{_PLACE}|\b(previous|preceding) (one|item|step|row|level|clause)\b|\b(one|level|row|item) (before|above|up)\b)"
    rf"|(?P<last>最后那?[一1]?{_PLACE}|\bthe last (one|item|step|row|level)\b)"
)
"""Asks for what stands before, after or last of those around a place, in the normal form of a question."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells a follow-up from a new topic."""

    points_back: float
    """1 when its wording leans on something said before (呢, 那, and, it)."""
    content: float
    """How much matter it names itself, 0..1."""
    score_apart: float
    """How far, searched alone, the thread's place stays behind the best place, in sixths of standard scores: -1..0."""
    meaning_apart: float
    """The same in cosines, in units of 0.12: -1..0."""

    @property
    def probability(self) -> float:
        """That the question follows up."""
        seen = (self.points_back, self.content, self.score_apart, self.meaning_apart)
        z = BIAS + sum(weight * x for weight, x in zip(WEIGHTS, seen, strict=True))
        return 1 / (1 + math.exp(-z))


@dataclass(frozen=True, slots=True)
class Found:
    """A question as it was understood in its thread, and what the search found for it, best first."""

    question: Question
    hits: list[Hit]
    scope: Scope
    evidence: Evidence | None = None
    """Why it was taken for a follow-up or a new topic; None for a question outside a thread."""


def find(view: View, text: str, history: Sequence[Turn], k: int, *, of_each: int = 0, deep: int = 0) -> Found:
    """Understand and search a question in its thread, among the clauses of one view; a question that stands alone
    also finds, below the k best, up to `of_each` clauses of every manual."""
    asked = [turn.text for turn in history if turn.role == "user"]
    if not asked:
        return _alone(view, understand(text), k, of_each)
    quoted = anchors(view, history) or _of_the_question_before(view, history, deep)
    around = surroundings(view, quoted, _AROUND)
    alone = view.search(text, k, beside={clause.id for clause in around})
    if not alone:
        return Found(understand(text), [], Scope())
    evidence = evidence_of(text, alone[:k], [hit for hit in alone if hit.clause in around])
    follows = evidence.probability >= THRESHOLD if quoted else depends(text)
    if is_new_topic(text) or not follows:
        return replace(_alone(view, understand(text), k, of_each), evidence=evidence)
    question = understand(text, history, follows=True)
    elsewhere = _elsewhere(view, text, quoted, around)
    if elsewhere.manual_ids:
        return replace(_in_other_manual(view, question, quoted, elsewhere, k), evidence=evidence)
    asked_now, earlier = question.parted
    together = view.search(asked_now, k, context=earlier, beside={hit.clause.id for hit in alone})
    hits = _joined(alone, together, _Place(question, quoted, around, evidence))
    hits = _stepped(view, text, quoted, hits)
    scope = Scope(frozenset(clause.manual_id for clause in quoted))
    return Found(question, hits[:k], scope, evidence)


def evidence_of(text: str, best: Sequence[Hit], here: Sequence[Hit]) -> Evidence:
    """The evidence of a question searched alone: `best` are its hits, `here` those at the thread's place."""
    score = max((hit.score for hit in here), default=best[0].score - 6.0) - best[0].score
    meant = max(hit.meaning for hit in best)
    meaning = max((hit.meaning for hit in here), default=meant - 0.2) - meant
    return Evidence(
        float(points_back(text)),
        min(matter(text), 12.0) / 12,
        max(score, -6.0) / 6,
        max(meaning, -0.12) / 0.12,
    )


def is_new_topic(text: str) -> bool:
    """Whether somebody says that they ask about something else now."""
    return bool(_ELSE.search(normalise(text)))


_ELSE = re.compile(
    r"^(换个(话题|问题)|另外?(再)?问(一下|个|一个)|再问(一个|个)别的|问(一个|个)别的|还有(一个|个|1个)?(事|问题)|对了|顺便问)"
    r"|^(by the way|btw|another question|different (question|topic)|on another (note|topic)|new question|unrelated)\b"
)


def _alone(view: View, question: Question, k: int, of_each: int) -> Found:
    manuals = view.manuals()
    scope = scope_of(question.text, manuals)
    within = scope.manual_ids if scope.is_exact else ()
    if within:
        titles = [manual.title for manual in manuals if manual.manual_id in scope]
        question = replace(question, search_text=without_titles(question.search_text, titles))
    return Found(question, view.search(question.search_text, k, within, of_each=of_each), scope)


def _of_the_question_before(view: View, history: Sequence[Turn], deep: int) -> list[Clause]:
    """What the question before is about when no answer to it stands in the thread."""
    last = max(i for i, turn in enumerate(history) if turn.role == "user")
    if deep >= _DEEPEST or any(turn.role == "assistant" for turn in history[last:]):
        return []
    found = find(view, history[last].text, history[:last], 1, deep=deep + 1).hits
    return [found[0].clause] if found else []


def _elsewhere(view: View, text: str, quoted: Sequence[Clause], around: Sequence[Clause]) -> Scope:
    """The manuals to which a follow-up turns with the same matter, or which of those quoted it means: 「旗舰店的呢」."""
    held = {clause.manual_id for clause in quoted}
    scope = scope_of(text, view.manuals())
    if not scope.manual_ids:
        headings = {clause.heading_path for clause in quoted}
        said = [clause.text for clause in around if clause.heading_path in headings]
        scope = scope_of_name(text, view.manuals(), said)
    meant = scope.manual_ids & held
    if held and meant == held:
        return Scope()
    return Scope(meant or scope.manual_ids, is_exact=True)


def _in_other_manual(view: View, question: Question, quoted: Sequence[Clause], scope: Scope, k: int) -> Found:
    """The matter of the question before, looked for in the manuals that this one turns to."""
    names = [name for clause in quoted for name in (clause.manual, clause.organisation) if name]
    matter = without_names(without_titles(question.search_text), names)
    question = replace(question, search_text=matter)
    return Found(question, view.search(matter, k, scope.manual_ids), scope)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a thread stands, for a question that goes on there."""

    question: Question
    quoted: Sequence[Clause]
    around: Sequence[Clause]
    evidence: Evidence

    @property
    def _stands_alone(self) -> bool:
        return not self.evidence.points_back and not self.evidence.score_apart

    def gain(self, clause: Clause) -> float:
        """What a clause gains by where it stands."""
        return max((self._gain(clause, quoted) for quoted in self.quoted), default=0.0)

    def _gain(self, clause: Clause, quoted: Clause) -> float:
        if clause.edition_id != quoted.edition_id:
            return 0.0
        across = _ACROSS if language_of(clause.text) != self.question.language else 0.0
        if clause.id == quoted.id:
            return across + (_QUOTED_LESS if self._stands_alone else _QUOTED)
        if self._stands_alone:
            return across
        beside = _BESIDE if abs(clause.ordinal - quoted.ordinal) == 1 else 0.0
        return beside + across + (_UNDER_ONE_HEADING if clause.heading_path == quoted.heading_path else 0.0)


def _joined(alone: Sequence[Hit], together: Sequence[Hit], place: _Place) -> list[Hit]:
    """The hits of both searches, scored together and by where they stand to what was quoted."""
    single, least = {hit.clause.id: hit for hit in alone}, min(hit.score for hit in alone)
    near = {clause.id for clause in place.around}
    joined = []
    for hit in together:
        other = single.get(hit.clause.id)
        score = _TOGETHER * hit.score + _ALONE * (other.score if other else least)
        score += place.gain(hit.clause) if hit.clause.id in near else 0.0
        joined.append(replace(hit, score=score, meaning=max(hit.meaning, other.meaning if other else -1.0)))
    return sorted(joined, key=lambda hit: -hit.score)


def _stepped(view: View, text: str, quoted: Sequence[Clause], hits: list[Hit]) -> list[Hit]:
    """The hits led by the clause before, after or last of those around the quoted one, when that is asked for."""
    step = _STEP.search(normalise(text)) if quoted else None
    if step is None or not hits:
        return hits
    row = [c for c in view.edition_clauses(quoted[0].edition_id) if c.kind is not ClauseKind.HEADING]
    place = next((i for i, clause in enumerate(row) if clause.id == quoted[0].id), None)
    if place is None:
        return hits
    family = [i for i, clause in enumerate(row) if clause.heading_path == quoted[0].heading_path]
    target = {"on": place + 1, "back": place - 1, "last": family[-1]}[step.lastgroup or "on"]
    if not 0 <= target < len(row):
        return hits
    score = hits[0].score + _NEXT
    found = next((hit for hit in hits if hit.clause.id == row[target].id), None)
    lead = replace(found, score=score) if found else Hit(row[target], score, hits[0].meaning, 0.0)
    return [lead, *(hit for hit in hits if hit.clause.id != lead.clause.id)]
