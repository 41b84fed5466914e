"""What changed between two wordings of one rule: words struck out and put in, and numbers.

Chinese is cut into words by jieba's dictionary (PyPI rjieba); a number stays whole with its unit, so that an
admin reads 「20元」 → 「50元」 and not a changed digit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from knowledge.statements.quantities import Quantity, folded, quantities

_WORDS = re.compile(r"[a-zA-Z][a-zA-Z'-]*|\d+(?:[.:,]\d+)*|[\u3400-\u9fff]+|\s+|.", re.DOTALL)
_ISLAND = 1
"""Characters of equal text that are too few to part two edits: they are read more easily as one."""

Op = Literal["equal", "delete", "insert", "replace"]


class Edit(NamedTuple):
    """One step from the old wording to the new: joined, the `old` are the old text and the `new` the new one."""

    op: Op
    old: str
    new: str


class NumberChange(NamedTuple):
    """A number that changed, as written; empty where there was or is none."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Rewording:
    """Everything that changed between two wordings."""

    edits: tuple[Edit, ...]
    numbers: tuple[NumberChange, ...]


@lru_cache(maxsize=512)
def rewording(old: str, new: str) -> Rewording:
    """What changed from `old` to `new`. A number only written otherwise (三次 → 3次) is an edit, no other number."""
    before, after = _tokens(old), _tokens(new)
    ops = list(_aligned(before, after))
    edits = [Edit(op, _joined(before[a:b]), _joined(after[c:d])) for op, a, b, c, d in ops]
    return Rewording(tuple(_without_islands(edits)), tuple(_numbers(before, after, ops)))


def written_quantities(text: str) -> list[tuple[int, int, Quantity]]:
    """The quantities of a text with where they stand in the text itself (not in its folded form)."""
    origin: list[int] = []
    parts = []
    for position, character in enumerate(text):
        part = folded(character)
        parts.append(part)
        origin += [position] * len(part)
    whole = "".join(parts)
    origin.append(len(text))
    found: list[tuple[int, int, Quantity]] = []
    for quantity in quantities(whole):
        start, end = origin[quantity.start], origin[quantity.end - 1] + 1
        if start < end and start >= (found[-1][1] if found else 0):  # 「㎡」 is folded to two characters
            found.append((start, end, quantity))
    return found


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    for start, end, quantity in written_quantities(text):
        found += [_Token(word) for word in _words(text[position:start])]
        found.append(_Token(text[start:end], quantity))
        position = end
    return found + [_Token(word) for word in _words(text[position:])]


def _words(text: str) -> Iterator[str]:
    import rjieba

    for match in _WORDS.finditer(text):
        if match[0][0] >= "\u3400" and len(match[0]) > 1:
            yield from rjieba.cut(match[0])
        else:
            yield match[0]


def _aligned(before: list[_Token], after: list[_Token]) -> Iterator[tuple[Op, int, int, int, int]]:
    """Blocks of equal and other tokens, white space left out of account where it stands alone."""
    from rapidfuzz.distance import LCSseq

    pending: tuple[int, int, int, int] | None = None
    for op in LCSseq.opcodes([t.text for t in before], [t.text for t in after]):
        here = (op.src_start, op.src_end, op.dest_start, op.dest_end)
        if op.tag == "equal":
            if pending:
                yield _named(pending)
            pending = None
            yield ("equal", *here)
        else:  # a deletion and an insertion side by side are one replacement
            pending = (pending[0], here[1], pending[2], here[3]) if pending else here
    if pending:
        yield _named(pending)


def _named(block: tuple[int, int, int, int]) -> tuple[Op, int, int, int, int]:
    a, b, c, d = block
    return ("insert" if a == b else "delete" if c == d else "replace"), a, b, c, d


def _joined(tokens: Iterable[_Token]) -> str:
    return "".join(token.text for token in tokens)


def _without_islands(edits: list[Edit]) -> Iterator[Edit]:
    """Edits with a lone equal character between two of them taken into one."""
    kept: list[Edit] = []
    for number, edit in enumerate(edits):
        between = edit.op == "equal" and len(edit.old) <= _ISLAND and 0 < number < len(edits) - 1
        if kept and kept[-1].op != "equal" and (between or edit.op != "equal"):
            old, new = kept[-1].old + edit.old, kept[-1].new + edit.new
            kept[-1] = Edit("replace" if old and new else "insert" if new else "delete", old, new)
        else:
            kept.append(edit)
    return iter(kept)


def _numbers(
    before: list[_Token], after: list[_Token], ops: list[tuple[Op, int, int, int, int]]
) -> Iterator[NumberChange]:
    """Numbers that stand against each other in one edit; then those that only one side has.

    A number that left one place and came at another (a sentence moved) is no change.
    """
    lost: list[_Token] = []
    won: list[_Token] = []
    for op, a, b, c, d in ops:
        if op == "equal":
            continue
        gone, come = _difference(before[a:b], after[c:d])
        for token in list(gone):
            other = next((new for new in come if _unit(new) == _unit(token)), None)
            if other is not None:
                yield NumberChange(token.text.strip(), other.text.strip())
                gone.remove(token)
                come.remove(other)
        lost += gone
        won += come
    lost, won = _difference(lost, won)
    yield from (NumberChange(token.text.strip(), "") for token in lost)
    yield from (NumberChange("", token.text.strip()) for token in won)


def _difference(old: list[_Token], new: list[_Token]) -> tuple[list[_Token], list[_Token]]:
    """The quantities of each side that the other does not have too, each counted as often as it stands there."""

    def rest(tokens: list[_Token], others: list[_Token]) -> list[_Token]:
        held = Counter(map(_value, filter(_is_number, others)))
        kept = []
        for token in filter(_is_number, tokens):
            if held[_value(token)]:
                held[_value(token)] -= 1
            else:
                kept.append(token)
        return kept

    return rest(old, new), rest(new, old)


_is_number: Callable[[_Token], bool] = lambda token: token.quantity is not None  # noqa: E731


def _value(token: _Token) -> tuple[object, str]:
    assert token.quantity is not None  # noqa: S101
    return token.quantity.value, token.quantity.unit


def _unit(token: _Token) -> str:
    assert token.quantity is not None  # noqa: S101
    return token.quantity.unit
