"""Two rules on one matter that cannot both be followed: another number, another person asked, opposite polarity.

Precision first: an admin who meets ten false alarms stops reading. Two rulings are compared when they are of one
role, share most of what they are about, and nothing marks them as different cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.clauses import Clause, ClauseDraft, ClauseKind
from knowledge.statements.quantities import folded
from knowledge.statements.rulings import OPPOSED, Ruling, RulingKind, rulings
from knowledge.statements.topics import is_exception, other_case, topic, weight

LIKENESS = 0.8
"""Cosine of the stored vectors below which two clauses are not looked at (bundled models)."""
CERTAINTY = 0.2
"""Share of common words from which two rulings are one matter."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How two clauses contradict each other."""

    kind: RulingKind
    quote_a: str
    """The sentence that rules, verbatim."""
    quote_b: str
    value_a: str
    """The value as written in the sentence (folded)."""
    value_b: str
    certainty: float
    """Share of what the two sentences are about that they have in common, 0..1: orders a list."""

    @property
    def turned(self) -> Disagreement:
        """The same with its sides changed."""
        return Disagreement(
            self.kind, self.quote_b, self.quote_a, self.value_b, self.value_a, self.certainty
        )  # fmt: skip


def clause_rulings(clause: Clause | ClauseDraft) -> tuple[Ruling, ...]:
    """What a clause rules; nothing for a bare heading, words for customers, or a clause with an open value."""
    if clause.kind in (ClauseKind.HEADING, ClauseKind.SCRIPT) or clause.has_blank:
        return ()
    return rulings(clause.text, clause.heading_path[-1] if clause.heading_path else "", clause.search_text)


def disagreement(a: Clause, b: Clause, likeness: float) -> Disagreement | None:
    """The clearest contradiction between two clauses, None when there is none; `likeness` is their cosine."""
    if likeness < LIKENESS or a.text_key == b.text_key:
        return None
    apart = topic(folded(f"{a.organisation} {b.organisation}"))
    return next(iter(contradictions(clause_rulings(a), clause_rulings(b), apart)), None)


def contradictions(
    mine: Sequence[Ruling], theirs: Sequence[Ruling], apart: frozenset[str] = frozenset()
) -> tuple[Disagreement, ...]:
    """What two clauses' rulings disagree on, the surest first, each kind of value once.

    `apart` are words that bind nothing: those of the organisations' names.
    """
    best: dict[str, Disagreement] = {}
    for one in mine:
        for other in theirs:
            made = _contradict(one, other, mine, theirs, apart)
            value = f"{one.kind} {one.role.split(' ')[0]}"
            if made is not None and (value not in best or best[value].certainty < made.certainty):
                best[value] = made
    return tuple(sorted(best.values(), key=lambda made: -made.certainty))


def _contradict(
    one: Ruling, other: Ruling, mine: Sequence[Ruling], theirs: Sequence[Ruling], apart: frozenset[str]
) -> Disagreement | None:
    if one.kind is not other.kind or not _opposed(one, other):
        return None
    common = _in_common(one, other, apart)
    but = {"rank"} if one.kind is RulingKind.PERSON else {"period"} if one.role.startswith("rest") else set()
    if common < CERTAINTY or other_case(one.part, other.part, but) or is_exception(one.part, other.part):
        return None
    if _other_condition(one, other):
        return None
    if one.kind is not RulingKind.POLARITY and (_says(theirs, one, other) or _says(mine, other, one)):
        return None
    return Disagreement(one.kind, one.sentence, other.sentence, one.written, other.written, round(common, 3))


def _opposed(one: Ruling, other: Ruling) -> bool:
    if one.kind is RulingKind.POLARITY:
        return frozenset(one.values | other.values) in OPPOSED and not one.qualified and not other.qualified
    return _like_roles(one.role, other.role) and not _agree(one, other)


def _agree(one: Ruling, other: Ruling) -> bool:
    """Whether one value holds the other; two spans of hours must hold each other's ends."""
    if one.role.startswith("hours") and min(len(one.values), len(other.values)) > 1:
        return one.values <= other.values or other.values <= one.values
    return bool(one.values & other.values)


def _like_roles(one: str, other: str) -> bool:
    if one == other:
        return True
    (a, *one_more), (b, *other_more) = one.split(" "), other.split(" ")
    if a != b or a == "rest":
        return a == b
    if a == "hours":
        return not one_more or not other_more
    if "cap" in one_more + other_more:
        return False
    if "fine" in one_more[:1] and "fine" in other_more[:1]:
        return True  # so much each time, or so much each minute
    sides = {one_more[-1:][0] if one_more else "", other_more[-1:][0] if other_more else ""}
    return one_more[:-1] == other_more[:-1] and sides in ({"upper", "plain"}, {"lower", "plain"})


def _in_common(one: Ruling, other: Ruling, apart: frozenset[str]) -> float:
    """Share of what the two are about that they have in common, 0 when that does not make them one matter."""
    if one.kind is RulingKind.POLARITY:
        common, whole = (one.core & other.core) - apart, (one.core | other.core) - apart
        share = weight(common) / weight(whole) if whole else 0.0
        return share if len(common) >= 2 and weight(common) >= 1.5 and share >= 0.6 else 0.0
    if one.role.startswith(("hours", "rest")):  # the role names the matter
        return 0.5 + 0.5 * (one.role == other.role)
    return max(
        _overlap(mine - apart, theirs - apart)
        for mine, theirs in ((one.own, other.own), (one.core, other.core))
    )


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    common = weight(one & other)
    least, most = sorted((weight(one), weight(other)))
    if common < 1 or common < 0.4 * least or (common < 2 and (most > 3.5 or common < 0.6 * least)):
        return 0.0
    return common / weight(one | other)


def _other_condition(one: Ruling, other: Ruling) -> bool:
    """Whether their numbers say that they hold in different cases."""
    for unit in {unit for unit, _ in one.conditions | other.conditions}:
        mine = {value for held, value in one.conditions if held == unit}
        theirs = {value for held, value in other.conditions if held == unit}
        if mine and theirs and not mine & theirs:
            return True
        if bool(mine) != bool(theirs) and unit in {"times", "money", "day"}:
            return True
    return False


def _says(there: Sequence[Ruling], one: Ruling, beside: Ruling) -> bool:
    """Whether the other clause says this value too, in a like role of the sentence that is compared."""
    return any(
        ruling.sentence == beside.sentence and _like_roles(ruling.role, one.role) and _agree(ruling, one)
        for ruling in there
    )
