"""Which number belongs to which words: a right number beside the wrong word is a wrong statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.assistant.passages import Support
from knowledge.statements.content import actors, soft, subject, unbound, words
from knowledge.statements.limits import Bound, bound
from knowledge.statements.quantities import Quantity, folded, supported
from knowledge.statements.segments import Segment, segments, statements

_STRONG = re.compile(r"超过|多于|高于|不到|少于|低于|\bmore than|\bless than|\bexceed|\bover\b|\bunder\b")


def wrong_side(statement: Segment, source: Support, whole: str) -> bool:
    """「30分钟以内」 where the source says 「30分钟以上」. `whole` is the sentence around the statement."""
    for quantity in statement.quantities:
        here = bound(statement.text, quantity)
        if here is None:
            continue
        there = [
            bound(segment.text, other)
            for segment in _closest(whole, quantity, source)
            for other in segment.quantities
            if supported(quantity, (other,))
        ]
        known = {side for side in there if side is not None}
        if known and here not in known and None not in there:
            return True
        near = statement.text[max(0, quantity.start - 12) : quantity.end + 4]
        if there and not known and _STRONG.search(near):
            return True
    return False


def _closest(text: str, quantity: Quantity, source: Support) -> list[Segment]:
    """Of the source's statements with this quantity, those that share most words."""
    own = words(text) | soft(text)
    holders = [segment for segment in source.statements if supported(quantity, segment.quantities)]
    shared = [len(own & (words(segment.text, True) | soft(segment.text))) for segment in holders]
    return [segment for segment, count in zip(holders, shared, strict=True) if count >= max(shared) - 1]


def misbound(statement: Segment, source: Support, whole: str) -> bool:
    """Whether a number or an actor stands beside words that the source joins to another one."""
    return (
        _words_elsewhere(statement, source.segments, source, whole)
        or _far_from_its_words(statement, source)
        or _people_elsewhere(statement, source)
        or _actor_apart(statement, source)
        or _other_subject(statement, source)
    )


def misjoined(text: str, source: Support) -> bool:
    """The same over whole sentences, where a comma stands between a number and what it belongs to."""
    wholes = statements(text)
    return any(_words_elsewhere(part, source.statements, source, text) for part in wholes) or any(
        _apart(a, b, source) for a, b in _neighbours(segments(text))
    )


def _far_from_its_words(part: Segment, source: Support) -> bool:
    """A number taken from a sentence of the source that speaks of something else."""
    own = words(part.text)
    shared = [(len(own & words(other.text, True)), other) for other in source.statements]
    best = max((count for count, _ in shared), default=0)
    for quantity in part.quantities:
        near = [count for count, other in shared if supported(quantity, other.quantities)]
        if quantity.unit == "times" and re.match(r"第|首|初", part.text[quantity.start :]):
            continue  # the members of a list are numbered, and named once
        if best >= 3 and near and max(near) < 0.5 * best:
            return True
    return False


def _words_elsewhere(part: Segment, others: Sequence[Segment], source: Support, whole: str) -> bool:
    for unit in {quantity.unit for quantity in part.quantities if supported(quantity, source.quantities)}:
        own = [quantity for quantity in part.quantities if quantity.unit == unit]
        for word in words(part.text) - unbound():
            alike = [
                frozenset(quantity.value for quantity in other.quantities if quantity.unit == unit)
                for other in others
                if word in words(other.text, True)
            ]
            # A word that stands beside several numbers in turn (「违反」 in a list of sanctions) binds none.
            numbered = {group for group in alike if group}
            values = {quantity.value for quantity in own}
            # All its numbers must stand with the word: 「598×620」 is not 「598×565」.
            strange = len(numbered) == 1 and not any(values & group for group in numbered)
            mixed = len(numbered) == 1 and len(values) > 1 and not any(values <= group for group in numbered)
            if mixed and any(values <= {q.value for q in other.quantities} for other in others):
                return True
            if strange and not _retold(whole, own, others):
                return True
    return False


def _retold(whole: str, own: Sequence[Quantity], others: Sequence[Segment]) -> bool:
    """Whether the source's statement with this number is repeated as a whole: its subject may stand before it."""
    said = words(folded(whole))
    for other in others:
        theirs = words(other.text) - unbound()
        held = any(supported(quantity, other.quantities) for quantity in own)
        if held and len(theirs) >= 2 and len(said & theirs) >= 0.6 * len(theirs):
            return True
    return False


def _people_elsewhere(part: Segment, source: Support) -> bool:
    people = actors(part.text)
    if not people:
        return False
    for word in words(part.text) - unbound():
        holders = [actors(other.text) for other in source.segments if word in words(other.text, True)]
        named = [found for found in holders if found]
        if word.startswith("#") and len(named) < len(holders):
            continue  # a concept is too wide a word to bind where the source also names nobody beside it
        if named and not any(found & people for found in named):
            return True
    return False


def _other_subject(part: Segment, source: Support) -> bool:
    """「坐席要继续找」 where the source lets someone else do it."""
    acting = subject(part.text)
    if acting is None:
        return False
    own = words(part.text)
    shared = [(len(own & words(other.text, True)), subject(other.text)) for other in source.segments]
    best = max((count for count, _ in shared), default=0)
    doing = {who for count, who in shared if count >= 1 and count >= 0.7 * best and who is not None}
    return bool(doing) and acting not in doing


def _actor_apart(part: Segment, source: Support) -> bool:
    """「三天以上由组长批准」 where the source gives the group leader one day and someone else three."""
    people = actors(part.text)
    if not people:
        return False
    for quantity in part.quantities:
        joined = [
            (segment, actors(segment.text))
            for segment in source.segments
            if quantity.unit in {other.unit for other in segment.quantities} and actors(segment.text)
        ]
        placed = (quantity, bound(part.text, quantity))
        if joined and not any(people <= named and _holds(segment, placed) for segment, named in joined):
            return True
    return False


_Placed = tuple[Quantity, Bound | None]


def _neighbours(parts: Sequence[Segment]) -> Iterator[tuple[_Placed, _Placed]]:
    """Numbers of different units that stand side by side, in one statement or over a comma."""
    placed = [[(quantity, bound(part.text, quantity)) for quantity in part.quantities] for part in parts]
    for part in placed:
        yield from ((a, b) for a, b in pairwise(part) if a[0].unit != b[0].unit)
    for (one, first), (two, second) in pairwise(list(zip(parts, placed, strict=True))):
        if one.sentence != two.sentence or not first or not second:
            continue
        a, b = first[-1], second[0]
        mixed = {each[0].unit for each in first} & {each[0].unit for each in second}
        if not mixed and a[0].unit != b[0].unit:
            yield a, b


def _apart(a: _Placed, b: _Placed, source: Support) -> bool:
    """「第一次罚100元」 where the source joins the first time to 50 and the second to 100."""
    if any(_alike(a, c) and _alike(b, d) for c, d in _neighbours(source.segments)):
        return False
    for parts in (source.segments, source.statements):
        together = [part for part in parts if {a[0].unit, b[0].unit} <= {q.unit for q in part.quantities}]
        if together:
            return not any(_holds(part, a) and _holds(part, b) for part in together)
    return False


def _alike(a: _Placed, b: _Placed) -> bool:
    return supported(a[0], (b[0],)) and (a[1] is None or b[1] is None or a[1] is b[1])


def _holds(part: Segment, placed: _Placed) -> bool:
    quantity, side = placed
    sides = [bound(part.text, other) for other in part.quantities if supported(quantity, (other,))]
    return any(side is None or other is None or side is other for other in sides)
