"""What a new edition of a manual changes, clause by clause. Pure.

Clauses of one wording are found first; the longest run of them that kept its order stayed where it was, the
others moved. What is left is paired by place and likeness: a rule reworded. The rest was added or removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.matching import AnyClause, Pair, equal_pairs, heading_words, in_order, reworded_pairs
from knowledge.wording import Edit, NumberChange, Rewording, rewording

_PART = 8
"""Characters from which a text found inside another is a part of it."""


class ChangeKind(StrEnum):
    """What happened to a clause."""

    ADDED = "added"
    CHANGED = "changed"
    """Another wording of the same rule."""
    REMOVED = "removed"
    MOVED = "moved"
    """Same text, same label, at another place."""
    RENUMBERED = "renumbered"
    """Same text, cited otherwise: another label or a renamed heading; it may have moved too."""
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause of the old edition, the new one, or both."""

    kind: ChangeKind
    old: AnyClause | None
    new: AnyClause | None
    moved: bool = False
    """It stands at another place now; said of changed, moved and renumbered clauses."""
    within: AnyClause | None = None
    """Of a clause added or removed: the clause of the other edition whose text holds its whole text (a clause
    cut in two, or two made one)."""

    @property
    def edits(self) -> tuple[Edit, ...]:
        """For a changed clause, the steps from the old words to the new; else empty."""
        return self._rewording.edits

    @property
    def numbers(self) -> tuple[NumberChange, ...]:
        """For a changed clause, the numbers that are others now; a number only written otherwise is not."""
        return self._rewording.numbers

    @property
    def _rewording(self) -> Rewording:
        if self.kind is not ChangeKind.CHANGED or self.old is None or self.new is None:
            return Rewording((), ())
        return rewording(self.old.text, self.new.text)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every clause of both editions once, in the order of the new one; what was removed stands where it was."""

    changes: tuple[ClauseChange, ...]

    @property
    def counts(self) -> Mapping[ChangeKind, int]:
        """How many clauses of each kind; every kind is there."""
        counted = Counter(change.kind for change in self.changes)
        return {kind: counted[kind] for kind in ChangeKind}

    def of(self, *kinds: ChangeKind) -> tuple[ClauseChange, ...]:
        """The changes of these kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)

    @property
    def is_same(self) -> bool:
        """Whether nothing at all is different."""
        return all(change.kind is ChangeKind.UNCHANGED for change in self.changes)


def compare(old: Sequence[AnyClause], new: Sequence[AnyClause]) -> Comparison:
    """What changes when the clauses `old` are replaced by `new`, both in the order of their edition."""
    equal = equal_pairs(old, new)
    steady = in_order(equal)
    reworded = reworded_pairs(old, new, equal, steady)
    before, after = set(map(heading_words, old)), set(map(heading_words, new))
    changes: dict[tuple[int, int, int], ClauseChange] = {}
    for i, j in equal:
        under, now = heading_words(old[i]), heading_words(new[j])
        # A heading that is gone for one that was not there is a renaming, not a move.
        elsewhere = under != now and (under in after or now in before)
        changes[j, 0, 0] = _same_text(old[i], new[j], moved=elsewhere or (i, j) not in steady)
    staying = in_order(sorted([*steady, *reworded], key=lambda pair: pair[1]))
    for i, j in reworded:
        changes[j, 0, 0] = ClauseChange(ChangeKind.CHANGED, old[i], new[j], moved=(i, j) not in staying)
    _add_unpaired(changes, old, new, [*equal, *reworded], reworded)
    return Comparison(tuple(changes[key] for key in sorted(changes)))


def _same_text(old: AnyClause, new: AnyClause, *, moved: bool) -> ClauseChange:
    if old.label != new.label or (not moved and old.heading_path != new.heading_path):
        return ClauseChange(ChangeKind.RENUMBERED, old, new, moved)
    return ClauseChange(ChangeKind.MOVED if moved else ChangeKind.UNCHANGED, old, new, moved)


def _add_unpaired(
    changes: dict[tuple[int, int, int], ClauseChange],
    old: Sequence[AnyClause],
    new: Sequence[AnyClause],
    paired: Sequence[Pair],
    reworded: Sequence[Pair],
) -> None:
    """Put in what was added, and what was removed after the clause that stood before it."""
    partner = dict(paired)
    come = {j for _, j in paired}
    old_texts = [(old[i], _tight(old[i])) for i, _ in reworded]
    new_texts = [(new[j], _tight(new[j])) for _, j in reworded]
    for j, clause in enumerate(new):
        if j not in come:
            changes[j, 0, 0] = ClauseChange(ChangeKind.ADDED, None, clause, within=_holder(clause, old_texts))
    after = -1
    for i, clause in enumerate(old):
        if i in partner:
            after = partner[i]
        else:
            held = _holder(clause, new_texts)
            changes[after, 1, i] = ClauseChange(ChangeKind.REMOVED, clause, None, within=held)


def _tight(clause: AnyClause) -> str:
    return "".join(clause.text.split())


def _holder(part: AnyClause, wholes: Sequence[tuple[AnyClause, str]]) -> AnyClause | None:
    text = _tight(part).rstrip("。.;；,，")
    return next((clause for clause, whole in wholes if text in whole), None) if len(text) >= _PART else None
