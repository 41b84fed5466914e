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
_LEAST_FORM = 0.2
"""Share of their own words, by form and concept, below which two rulings are of two matters."""
_AT_ONCE = 48
"""Pairs whose meanings are asked for at once."""
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


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two rulings with their words, before meanings are asked for."""

    one: Ruling
    other: Ruling
    here: Sequence[Term]
    there: Sequence[Term]
    own_here: Sequence[int]
    """Which of them stand in the ruling's own part."""
    own_there: Sequence[int]
    form: Matrix
    """How alike they are as written."""
    wholes: tuple[str, str]

    def texts(self, side: int) -> list[str]:
        """What one side is compared by: its whole, then its words."""
        return [self.wholes[side], *(term.word for term in (self.here, self.there)[side])]


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

    def likenesses(self, pairs: Sequence[tuple[Ruling, Ruling]]) -> list[Likeness | None]:
        """How the two of each pair stand to each other; None when their words have too little in common.

        Meanings are asked for by many pairs at once: an embedder is quicker so.
        """
        found: list[Likeness | None] = [None] * len(pairs)
        compared = [
            (place, made) for place, pair in enumerate(pairs) if (made := self._compared(*pair)) is not None
        ]
        for start in range(0, len(compared), _AT_ONCE):
            block = compared[start : start + _AT_ONCE]
            ones = _placed(text for _, made in block for text in made.texts(0))
            others = _placed(text for _, made in block for text in made.texts(1))
            table = self._nearnesses(list(ones), list(others))
            for place, made in block:
                rows, columns = (
                    [known[text] for text in made.texts(i)] for i, known in enumerate((ones, others))
                )
                found[place] = self._likeness(made, table[np.ix_(rows, columns)])
        return found

    def _compared(self, one: Ruling, other: Ruling) -> _Compared | None:
        """The words of two rulings as they are written; None when too few of them meet."""
        here, there = matter(_bare_within(one)), matter(_bare_within(other))
        form = np.array([[alike(x, y) for y in there] for x in here], np.float32).reshape(
            len(here), len(there)
        )
        if form.max(initial=0.0) < _MET:
            return None
        made = _Compared(
            one, other, here, there, _own_rows(one, here), _own_rows(other, there), form,
            (bare(one.about) or one.about, bare(other.about) or other.about),
        )  # fmt: skip
        return made if sum(side.by_form for side in self._sides(made, form)) / 2 >= _LEAST_FORM else None

    def _sides(self, made: _Compared, both: Matrix) -> tuple[_Side, _Side]:
        return (
            self._met(made.own_here, made.here, both, made.form),
            self._met(made.own_there, made.there, both.T, made.form.T),
        )

    def _likeness(self, made: _Compared, near: Matrix) -> Likeness:
        """`near`: the nearness of each side's whole and words to the other's, the wholes first."""
        one, other = made.one, made.other
        meant = np.clip((near[1:, 1:] - _UNRELATED) / (_SAME - _UNRELATED), 0.0, _MEANT)
        sides = self._sides(made, np.maximum(made.form, meant))
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

    def _met(self, rows: Sequence[int], wide: Sequence[Term], table: Matrix, form: Matrix) -> _Side:
        """How one side's own words, which stand in these `rows` of `wide`, are met by the columns."""
        if not rows:
            return _Side(0.0, 0.0, 0.0, 0.0)
        heavy = np.array([self._weight(wide[row]) for row in rows], np.float32)
        best, exact = table[rows].max(axis=1), form[rows].max(axis=1)
        common = float((best * heavy).sum())
        total = float(heavy.sum())
        return _Side(
            common / total, float((exact * heavy).sum()) / total, float(((1 - best) * heavy).max()), common
        )

    def chances(self, pairs: Sequence[tuple[Ruling, Ruling]]) -> list[float]:
        """For each pair of rulings that disagree the chance, 0..1, that they rule one matter."""
        return [chance(found) if found else 0.0 for found in self.likenesses(pairs)]

    def _weight(self, term: Term) -> float:
        rarity = math.log(self._clauses / (self._holding[term.word] + 1)) / math.log(self._clauses)
        return max(0.05, rarity) * (_GENERIC if term.generic else 1.0)


def _own_rows(ruling: Ruling, wide: Sequence[Term]) -> list[int]:
    own = set(matter(ruling.about))
    return [row for row, term in enumerate(wide) if term in own]


def _placed(texts: Iterable[str]) -> dict[str, int]:
    """Different texts, each with its place."""
    return {text: place for place, text in enumerate(dict.fromkeys(texts))}


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


def related(found: Likeness) -> bool:
    """Whether enough says that two rulings are about one matter for it to be weighed."""
    least = _LEAST_NEAR_PEOPLE if found.person else _LEAST_NEAR
    return found.common >= _LEAST_COMMON and (found.by_form >= _FORM_ENOUGH or found.near >= least)


def chance(found: Likeness) -> float:
    """Calibrated chance that two rulings which disagree rule one matter; 0 where too little says so."""
    if not related(found):
        return 0.0
    weights = fitted().weights
    z = fitted().bias + sum(weights[name] * value for name, value in asdict(found).items())
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))
