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
from knowledge.statements.rulings import Ruling, RulingKind

DATA = "sameness.json"
_USUAL = 30
"""Clauses that every pool is thought to hold besides: in a few clauses no word is common."""
_UNRELATED, _SAME = 0.3, 0.8
"""Nearness of unrelated words and of synonyms (bundled models)."""
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

    def likeness(self, one: Ruling, other: Ruling) -> Likeness:
        """How the two stand to each other."""
        mine, theirs = _terms(one.about), _terms(other.about)
        there, here = _terms(_bare_within(other)), _terms(_bare_within(one))
        a, b = bare(one.about) or one.about, bare(other.about) or other.about
        words = self._nearnesses([a, *(t.word for t in here)], [b, *(t.word for t in there)])
        met = np.array([[alike(x, y) for y in there] for x in here], np.float32).reshape(len(here), len(there))
        meant = np.clip((words[1:, 1:] - _UNRELATED) / (_SAME - _UNRELATED), 0.0, 0.9)
        both = np.maximum(met, meant)
        sides, forms, lones, common = [], [], [], 0.0
        for own, wide, table, form in ((mine, here, both, met), (theirs, there, both.T, met.T)):
            rows = [wide.index(t) for t in own if t in wide]
            best = table[rows].max(axis=1, initial=0.0) if rows else np.zeros(0)
            exact = form[rows].max(axis=1, initial=0.0) if rows else np.zeros(0)
            heavy = np.array([self._weight(wide[row]) for row in rows], np.float32)
            total = float(heavy.sum()) or 1.0
            sides.append(float((best * heavy).sum()) / total)
            forms.append(float((exact * heavy).sum()) / total)
            lones.append(float(((1 - best) * heavy).max(initial=0.0)))
            common += float((best * heavy).sum()) / 2
        kinds = {kind.value: float(one.kind is kind) for kind in RulingKind}
        return Likeness(
            covered=sum(sides) / 2, least=min(sides), by_form=sum(forms) / 2, common=min(common, 4.0),
            lone=min(lones), lonely=max(lones), near=float(words[0, 0]),
            both=min(sum(sides) / 2, float(words[0, 0])),
            of_people=sum(forms) / 2 if one.kind is RulingKind.PERSON else 0.0,
            like_roles=float(one.role == other.role), **kinds,
        )  # fmt: skip

    def chance(self, one: Ruling, other: Ruling) -> float:
        """Chance, 0..1, that two rulings which disagree rule one matter."""
        return chance(self.likeness(one, other))

    def _weight(self, term: Term) -> float:
        rarity = math.log(self._clauses / (self._holding[term.word] + 1)) / math.log(self._clauses)
        return max(0.05, rarity) * (_GENERIC if term.generic else 1.0)


def _terms(text: str) -> tuple[Term, ...]:
    return matter(text)


def _bare_within(ruling: Ruling) -> str:
    """The whole sentence of a ruling with what it leans on, without the kind of value that is compared."""
    whole = f"{ruling.within},{ruling.about}"
    if ruling.kind is RulingKind.SANCTION:
        return classes.blanked("sanctions.txt", whole)
    if ruling.kind is RulingKind.CHANNEL:
        return classes.blanked("channels.txt", whole)
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
