"""Whether two rulings are about one matter: how well the words of each are met by the other, by form, concept and
meaning, and how alike they are as wholes.

Weights are data (sameness.json), fitted and written by `tests/evals/fit_conflicts.py` on labelled pairs of rules.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.resources import files

import numpy as np

from knowledge.embedding import Matrix
from knowledge.statements import classes
from knowledge.statements.matter import Term, alike, bare, matter
from knowledge.statements.ruled_people import without_asking
from knowledge.statements.rulings import Ruling, RulingKind

DATA = "sameness.json"
_USUAL = 30
"""Clauses that every pool is thought to hold besides: in a few clauses no word is common."""
_UNRELATED, _SAME = 0.3, 0.8
"""Nearness of unrelated words and of synonyms (bundled models)."""
_MOST_COMMON = 4.0
_MEANT = 0.9
"""A synonym known by its meaning alone counts a little less than the word itself."""
_MET = 0.5
"""Likeness of two words from which they are compared in meaning at all."""
_LEAST_COMMON = 0.3
"""Words that two rulings must at least have in common."""
_FORM_ENOUGH = 0.6
_LEAST_NEAR, _LEAST_NEAR_PEOPLE = 0.3, 0.4
"""Nearness below which two rulings whose words do not agree are of two matters; who is told stands in many rules."""
_GENERIC = 0.3
"""Weight of a word that stands in rules of every matter."""

Nearnesses = Callable[[Sequence[str], Sequence[str]], Matrix]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two rulings stand to each other."""

    covered: float
    """Share of the words of each that the other meets, the mean of both directions."""
    least: float
    """The smaller of the two."""
    by_form: float
    """The mean by form and concept alone."""
    common: float
    """How much is met, in words."""
    lone: float
    """The weight of the word that each has and the other does not meet: the smaller of both sides."""
    lonely: float
    """The larger of both."""
    near: float
    """Nearness in meaning of the two as wholes."""
    both: float
    """The smaller of `covered` and `near`."""
    of_people: float
    """`by_form` where people are compared, 0 elsewhere: who is told stands in many rules."""
    like_roles: float
    number: float
    person: float
    polarity: float
    sanction: float
    channel: float
    order: float


@dataclass(frozen=True, slots=True)
class _Side:
    """How the words of one ruling are met by the other."""

    share: float
    by_form: float
    lone: float
    common: float


FEATURES = tuple(field.name for field in fields(Likeness))


class Sameness:
    """Judges pairs of rulings within one pool of texts."""

    def __init__(self, nearnesses: Nearnesses, texts: Iterable[str] = ()) -> None:
        """`texts` are the folded clauses that words are rare or common among."""
        self._nearnesses = nearnesses
        self._clauses = _USUAL
        self._holding: Counter[str] = Counter()
        for text in texts:
            self._clauses += 1
            self._holding.update({term.word for term in matter(text)})

    def likeness(self, one: Ruling, other: Ruling) -> Likeness | None:
        """How the two stand to each other; None when no word of one is met by the other."""
        here, there = matter(_bare_within(one)), matter(_bare_within(other))
        form = np.array([[alike(x, y) for y in there] for x in here], np.float32).reshape(
            len(here), len(there)
        )
        if form.max(initial=0.0) < _MET:
            return None
        wholes = [bare(ruling.about) or ruling.about for ruling in (one, other)]
        near = self._nearnesses(
            [wholes[0], *(term.word for term in here)], [wholes[1], *(term.word for term in there)]
        )
        meant = np.clip((near[1:, 1:] - _UNRELATED) / (_SAME - _UNRELATED), 0.0, _MEANT)
        both = np.maximum(form, meant)
        sides = (
            self._met(matter(one.about), here, both, form),
            self._met(matter(other.about), there, both.T, form.T),
        )
        covered = sum(side.share for side in sides) / 2
        by_form = sum(side.by_form for side in sides) / 2
        kinds = {kind.value: float(one.kind is kind) for kind in RulingKind}
        return Likeness(
            covered=covered,
            least=min(side.share for side in sides),
            by_form=by_form,
            common=min(sum(side.common for side in sides) / 2, _MOST_COMMON),
            lone=min(side.lone for side in sides),
            lonely=max(side.lone for side in sides),
            near=float(near[0, 0]),
            both=min(covered, float(near[0, 0])),
            of_people=by_form if one.kind is RulingKind.PERSON else 0.0,
            like_roles=float(one.role == other.role),
            **kinds,
        )

    def _met(self, own: Sequence[Term], wide: Sequence[Term], table: Matrix, form: Matrix) -> _Side:
        """How the words `own` of one side, which stand among the rows `wide`, are met by the columns."""
        rows = [i for i, term in enumerate(wide) if term in own]
        if not rows:
            return _Side(0.0, 0.0, 0.0, 0.0)
        heavy = np.array([self._weight(wide[row]) for row in rows], np.float32)
        best, exact = table[rows].max(axis=1), form[rows].max(axis=1)
        common = float((best * heavy).sum())
        total = float(heavy.sum())
        return _Side(
            common / total, float((exact * heavy).sum()) / total, float(((1 - best) * heavy).max()), common
        )

    def chance(self, one: Ruling, other: Ruling) -> float:
        """Chance, 0..1, that two rulings which disagree rule one matter."""
        found = self.likeness(one, other)
        return chance(found) if found else 0.0

    def _weight(self, term: Term) -> float:
        rarity = math.log(self._clauses / (self._holding[term.word] + 1)) / math.log(self._clauses)
        return max(0.05, rarity) * (_GENERIC if term.generic else 1.0)


def _bare_within(ruling: Ruling) -> str:
    """The whole sentence of a ruling with what it leans on, without the kind of value that is compared."""
    whole = f"{ruling.within},{ruling.about}"
    if ruling.kind is RulingKind.SANCTION:
        return classes.blanked("sanctions.txt", whole)
    if ruling.kind is RulingKind.CHANNEL:
        return classes.blanked("channels.txt", whole)
    if ruling.kind is RulingKind.PERSON:
        return without_asking(whole)
    return whole


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the script found."""

    weights: Mapping[str, float]
    bias: float
    floor: float
    """Chance from which a conflict is shown."""


@cache
def fitted() -> Fitted:
    """The weights in use."""
    found = json.loads(files("knowledge").joinpath(DATA).read_text(encoding="utf-8"))
    return Fitted(found["weights"], found["bias"], found["floor"])


def chance(found: Likeness) -> float:
    """Calibrated chance that two rulings which disagree rule one matter; 0 where too little says so."""
    if found.common < _LEAST_COMMON or (
        found.by_form < _FORM_ENOUGH and found.near < (_LEAST_NEAR_PEOPLE if found.person else _LEAST_NEAR)
    ):
        return 0.0
    weights = fitted().weights
    z = fitted().bias + sum(weights[name] * value for name, value in asdict(found).items())
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))
