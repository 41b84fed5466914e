"""From hits to the clauses that the answer quotes: adjust, fold what says the same, cut."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from bot.assistant.asking import Asks, Wanted
from bot.assistant.evidence import Evidence
from bot.assistant.questions import Question, holds_value
from bot.assistant.same_matter import Rule, rules_of_others
from bot.assistant.scope import Scope
from bot.assistant.scripts import script_of
from bot.assistant.wordings import Wording
from knowledge.clauses import Clause, ClauseKind, Hit
from knowledge.conflict_records import Conflict, Settlement
from knowledge.reading import codes, terms
from knowledge.statements.concepts import concepts
from knowledge.statements.quantities import folded
from knowledge.statements.rulings import RulingKind
from knowledge.statements.segments import sentences
from knowledge.statements.topics import other_case

SCOPE_BONUS = 2.0
VALUE_BONUS = 0.5
SCRIPT_BONUS = 1.0
ASKED_BONUS = 0.5
CODE_BONUS = 1.5
"""For holding the codes that a question names (E1, G1012): they name one thing, and no other word does."""
PREAMBLE_MALUS = 0.8
"""What stands before the first clause says whom a manual is for, seldom what it rules."""
"""Bonuses are in standard deviations of the mixed score, as `Hit.score` is."""
CLOSE = 2.6
"""A clause this much below the best still belongs into an answer."""
CLOSE_TO_SURE = 1.6
"""The same below a best one that says nearly all that is asked about."""
SURE = 0.75
RIVAL_NEAR = 1.3
"""A clause this near to the best needs less likeness with it to be its rival."""
RIVAL_CLOSE = 3.0
RIVAL_FAR = 3.5
SAYS = 0.3
"""Share of the question's content in one place of a clause from which it rules what is asked."""
SAYS_OF_LEAD = 0.55
RULES_OF_LEAD = 0.25
SAYS_WORTH = 2.0
SAME_MATTER = 0.9
"""Cosine between two clauses from which they rule the same matter (bundled models)."""
SAME_MATTER_AFAR = 0.912
"""The same for a clause that fits the question less well."""
SAME_MATTER_VALUED = 0.875
"""The same when a value is asked for and the other clause gives one too."""
MOST = 3
BESIDE_MOST = 6
BESIDE_FITS = 0.3
"""Share of the best score: in a small library everything is within a few standard deviations."""
BESIDE_OF_ONE = 3
BESIDE_AGAIN = 0.5
"""What a further clause of one manual stands back behind one of another."""
OTHERS = 0.015
"""Chance of ruling the lead's matter from which a clause of another manual is shown beside it."""
OTHERS_VALUED = 0.04
"""The same where both give a value that is asked for: one of another matter would be read for the answer."""
OTHERS_MOST = 6
SPOKEN = 0.5
"""Share of what the lead says of the question from which another manual's rule speaks of the same."""
SPOKEN_LEAST = 0.006
"""Chance that such a rule must have all the same."""
SPOKEN_MOST = 4
"""Likeliest of those that are looked at for it."""
_SAME = 0.75
_RULES = re.compile(
    r"不(?:得|准|许|能|可|允许|要)|禁止|严禁|可以?|允许|应|必须|须|\b(?:may|must|should|can|never|not)\b",
    re.I,
)
"""Says whether something may be done."""
_SANCTIONS = re.compile(
    r"罚|扣[除发减]?|处分|警告|记过|开除|辞退|解除|赔偿?|降[级职薪]|取消|通报|\b(?:fine|deduct|warn|dismiss|terminat)",
    re.I,
)
"""Says what happens to who does it or does not."""
_ASKED = 0.7
"""Share of the question's terms in the best sentence of a clause that the disagreeing one must hold."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What an answer will quote."""

    lead: Hit
    rivals: tuple[Hit, ...] = ()
    """Clauses of other manuals on the lead's matter: rules to be shown side by side."""
    beside: tuple[Hit, ...] = ()
    """Further clauses that fit the question nearly as well."""
    family: tuple[Clause, ...] = ()
    """For a list question: the lead and its neighbours under one heading, in their order."""
    parts: tuple[tuple[str, Hit], ...] = ()
    """For a question of several parts: what a part asks, and the clause for it where the lead is not it."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All of them, best first."""
        own = (self.lead, *self.rivals, *self.beside, *(hit for _, hit in self.parts))
        return tuple(sorted(own, key=lambda hit: -hit.score))


def adjust(hits: Sequence[Hit], question: Question, scope: Scope) -> list[Hit]:
    """Hits with what the question tells beyond its words added to their scores, best first."""
    adjusted = []
    named = codes(question.search_text)
    for hit in hits:
        bonus = SCOPE_BONUS if hit.clause.manual_id in scope else 0.0
        if question.wanted is not Wanted.ANY and holds_value(question, hit.clause.text):
            bonus += VALUE_BONUS
        if named:
            bonus += CODE_BONUS * len(named & codes(_named_in(hit.clause))) / len(named)
        if hit.clause.ordinal == 0 and not hit.clause.label:
            bonus -= PREAMBLE_MALUS
        if Asks.PERMISSION in question.asks and _RULES.search(hit.clause.text):
            bonus += ASKED_BONUS
        if Asks.CONSEQUENCE in question.asks and _SANCTIONS.search(hit.clause.text):
            bonus += ASKED_BONUS
        if Asks.WHO in question.asks and concepts(folded(hit.clause.text)).people:
            bonus += ASKED_BONUS
        if question.wants_script and script_of(hit.clause) is not None:
            bonus += SCRIPT_BONUS
        adjusted.append(replace(hit, score=hit.score + bonus))
    return sorted(adjusted, key=lambda hit: -hit.score)


def _named_in(clause: Clause) -> str:
    return " ".join((clause.search_text, clause.label, clause.manual, *clause.heading_path))


def _pairs(hit: Hit) -> set[str]:
    return {term for term in terms(hit.clause.search_text) if len(term) > 1}


def _same(one: set[str], other: set[str]) -> bool:
    """Whether two sets of pairs are nearly one; sets of unlike sizes cannot be, which is told without comparing them."""
    few, many = sorted((len(one), len(other)))
    return few > _SAME * many and len(one & other) / len(one | other) > _SAME


def fold(hits: Sequence[Hit]) -> list[Hit]:
    """Hits without those of one manual, or word-for-word copies of another, that repeat an earlier one."""
    kept: list[tuple[Hit, set[str]]] = []
    for hit in hits:
        pairs = _pairs(hit)
        if not any(_same(pairs, other) for _, other in kept):
            kept.append((hit, pairs))
    return [hit for hit, _ in kept]


def candidates(hits: Sequence[Hit], scope: Scope) -> list[Hit]:
    """Adjusted hits that may be quoted: no bare headings, no repetition, and of a manual named in full only its own."""
    bodies = fold([hit for hit in hits if hit.clause.kind is not ClauseKind.HEADING])
    if scope.is_exact:
        return [hit for hit in bodies if hit.clause.manual_id in scope] or bodies
    return bodies


def choose(
    bodies: Sequence[Hit],
    question: Question,
    scope: Scope,
    likeness: Sequence[float],
    evidence: Evidence,
    wording: Wording,
) -> Choice:
    """The clauses to quote out of `bodies` (from `candidates`, not empty).

    `likeness[i]` is the cosine between bodies[i] and bodies[0]: two manuals rule one matter when their clauses
    are alike, or when each says what is asked about and gives such a value, however far apart their words are; not
    when both are merely near the question.
    """
    beside_lead = _BesideLead(bodies[0], question, scope, evidence)
    rivals: dict[int, tuple[float, Hit]] = {}
    near: list[Hit] = []
    for hit, alike in zip(bodies[1:], likeness[1:], strict=True):
        if beside_lead.is_elsewhere(hit):
            continue
        if beside_lead.is_rival(hit, alike):
            worth = hit.score + SAYS_WORTH * evidence.of_value(hit.clause)
            manual = hit.clause.manual_id
            if manual not in rivals or worth > rivals[manual][0]:
                rivals[manual] = (worth, hit)
        if beside_lead.is_near(hit):
            near.append(hit)
    best = [hit for _, hit in sorted(rivals.values(), key=lambda pair: -pair[0])[:MOST]]
    taken = {bodies[0].clause.id, *(hit.clause.id for hit in best)}
    beside = _beside(near, taken, scope)
    taken |= {hit.clause.id for hit in beside}
    likely: list[Hit] = []
    if not scope.manual_ids and not question.wants_script:
        likely = _likely(rules_of_others(bodies, likeness, evidence), bodies[0], question, evidence, wording)
    return Choice(bodies[0], tuple(best), (*beside, *_of_others(likely, taken, best)))


class _BesideLead:
    """How the clauses of one question stand to the one that leads."""

    def __init__(self, lead: Hit, question: Question, scope: Scope, evidence: Evidence) -> None:
        self._lead = lead
        self._question = question
        self._scope = scope
        self._evidence = evidence
        ground = evidence.of_value(lead.clause)
        self._close = CLOSE_TO_SURE if ground >= SURE else CLOSE
        self._least_said = max(SAYS, SAYS_OF_LEAD * ground)
        # A thread about one manual's rule goes on there: what others rule would be taken for an answer.
        self._stays = question.follows_up and lead.clause.manual_id in scope

    def is_elsewhere(self, hit: Hit) -> bool:
        """Whether a clause is of a manual that the thread is not about."""
        return self._stays and hit.clause.manual_id not in self._scope

    def is_rival(self, hit: Hit, alike: float) -> bool:
        """Whether a clause of another manual rules what is asked, as the lead does; `alike` is their cosine."""
        if hit.clause.manual_id == self._lead.clause.manual_id:
            return False
        # Two manuals of one name are both asked for: each says its own.
        namesake = self._scope.is_exact and hit.clause.manual_id in self._scope
        gives_it = self._says_it(hit) and self._evidence.wants_value and not self._scope.manual_ids
        return namesake or gives_it or self._rules_it(hit, alike)

    def is_near(self, hit: Hit) -> bool:
        """Whether a clause may stand below the lead."""
        if self._lead.score - hit.score <= self._close and hit.score >= BESIDE_FITS * self._lead.score:
            return True
        return hit.clause.manual_id != self._lead.clause.manual_id and self._says_it(hit)

    def _says_it(self, hit: Hit) -> bool:
        far = self._lead.score - hit.score > RIVAL_FAR
        return not far and self._evidence.of_value(hit.clause) >= self._least_said

    def _rules_it(self, hit: Hit, alike: float) -> bool:
        gap = self._lead.score - hit.score
        least = SAME_MATTER if gap <= RIVAL_NEAR else SAME_MATTER_AFAR
        if self._evidence.wants_value and self._evidence.gives_value(hit.clause):
            least = min(least, SAME_MATTER_VALUED)
        if alike < least or gap > RIVAL_CLOSE or not holds_value(self._question, hit.clause.text):
            return False
        return self._evidence.of(hit.clause) >= RULES_OF_LEAD * self._evidence.of(self._lead.clause)


def _likely(
    others: Sequence[Rule], lead: Hit, question: Question, evidence: Evidence, wording: Wording
) -> list[Hit]:
    """The rules of other manuals that may well be of the lead's matter, of `others` (the likeliest first): by their
    chance or, where the lead alone fits the question so well that all others seem far, by speaking of the same."""
    valued = question.wanted is not Wanted.ANY and evidence.gives_value(lead.clause)
    said = _read_of(lead.clause)
    found, looked_at = [], 0
    for rule in others:
        both_give = valued and evidence.gives_value(rule.hit.clause)
        if rule.chance >= (OTHERS_VALUED if both_give else OTHERS):
            found.append(rule.hit)
        elif not both_give and rule.chance >= SPOKEN_LEAST and looked_at < SPOKEN_MOST:
            looked_at += 1
            if wording.shared(said, _read_of(rule.hit.clause)) >= SPOKEN:
                found.append(rule.hit)
    return found


def _read_of(clause: Clause) -> str:
    return " ".join((clause.search_text, *clause.heading_path[-1:]))


def _of_others(likely: Sequence[Hit], taken: Collection[int], rivals: Sequence[Hit]) -> list[Hit]:
    """What other manuals may well rule on the matter, the likeliest first, of none that a rival speaks for."""
    manuals = {hit.clause.manual_id for hit in rivals}
    left = [hit for hit in likely if hit.clause.id not in taken and hit.clause.manual_id not in manuals]
    return left[:OTHERS_MOST]


def _beside(near: Sequence[Hit], taken: Collection[int], scope: Scope) -> tuple[Hit, ...]:
    """The next best, the less of one manual the more it has, unless one is asked for."""
    left = [hit for hit in near if hit.clause.id not in taken]
    if scope.manual_ids:
        return tuple(left[:BESIDE_MOST])
    had: Counter[int] = Counter()
    kept: list[Hit] = []
    while left and len(kept) < BESIDE_MOST:
        best = max(left, key=lambda hit: hit.score - BESIDE_AGAIN * had[hit.clause.manual_id])
        left.remove(best)
        if had[best.clause.manual_id] < BESIDE_OF_ONE:
            had[best.clause.manual_id] += 1
            kept.append(best)
    return tuple(kept)


def without_superseded(bodies: Sequence[Hit], conflicts: Sequence[Conflict]) -> list[Hit]:
    """Bodies without the clauses that an admin says hold no more; where one led, the clause that holds leads."""
    gone = {old.id: conflict.other(old.id) for conflict in conflicts if (old := conflict.superseded)}
    kept = [hit for hit in bodies if hit.clause.id not in gone]
    lead, seen = bodies[0], set[int]()
    while lead.clause.id in gone and lead.clause.id not in seen:  # A over B over C; two may name each other
        seen.add(lead.clause.id)
        lead = replace(lead, clause=gone[lead.clause.id])
    if lead is bodies[0] or lead.clause.id in gone:
        return kept or list(bodies)
    return [lead, *(hit for hit in kept if hit.clause.id != lead.clause.id)]


def side_by_side(choice: Choice, conflicts: Sequence[Conflict], question: Question, scope: Scope) -> Choice:
    """The choice with what contradicts the lead in what is asked, however far it ranks, and without as rivals what
    an admin says holds beside it."""
    lead = choice.lead
    rivals, beside = list(choice.rivals), list(choice.beside)
    for conflict in conflicts:
        if lead.clause.id not in (conflict.a.id, conflict.b.id) or conflict.superseded:
            continue
        other = conflict.other(lead.clause.id)
        if conflict.settlement is Settlement.BOTH_HOLD:
            beside += [hit for hit in rivals if hit.clause.id == other.id]
            rivals = [hit for hit in rivals if hit.clause.id != other.id]
        elif _is_asked(conflict, lead.clause, question, scope) and len(rivals) < MOST:
            beside = [hit for hit in beside if hit.clause.id != other.id]
            if other.manual_id not in {hit.clause.manual_id for hit in rivals}:
                rivals.append(Hit(other, lead.score - RIVAL_CLOSE, 0.0, 0.0))
    return replace(choice, rivals=tuple(rivals), beside=tuple(beside))


def _is_asked(conflict: Conflict, lead: Clause, question: Question, scope: Scope) -> bool:
    """Whether the question is for what two clauses disagree on: a clause may rule other things too."""
    if scope.manual_ids and conflict.other(lead.id).manual_id not in scope:
        return False
    asked = set(terms(question.search_text))
    best = max(len(asked & set(terms(part))) for part in sentences(lead.text))
    for point in (point if lead.id == conflict.a.id else point.turned for point in conflict.points):
        if point.kind is RulingKind.NUMBER and not (
            holds_value(question, point.quote_a) and holds_value(question, point.quote_b)
        ):
            continue
        if other_case(folded(question.search_text), folded(point.quote_a), but={"rank", "period"}):
            continue
        if len(asked & set(terms(point.quote_a))) >= _ASKED * best:
            return True
    return False
