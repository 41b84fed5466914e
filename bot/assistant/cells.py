"""The source cut finer than its sentences: one rule a cell, so that two rules of a sentence are told apart.

"Calls are answered within 25 seconds and chats within 40 seconds" are two cells: the numbers of one do not belong to
the words of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from bot.assistant.passages import Support
from knowledge.statements.content import soft, words
from knowledge.statements.quantities import Quantity, folded, quantities, supported
from knowledge.statements.segments import Segment, content_runs, content_words, segments, stem

_AND = re.compile(r"\s+and\s+|以及|并且?(?=[^,;]*\d)|,")
_TIME = frozenset({"second", "minute", "day", "workday", "week", "month", "year", "day after"})
_JOINED = re.compile(r"^\s*(?:至|到|~|-|and|to|until)\s*$")
_FURTHER = re.compile(
    r"\b(?:further|additional|later|subsequent|extra|other|remaining)\b|其余|其他|超出|以后每|之后每|另外|再次|再犯"
)
_COUNTING = re.compile(r"每[天日周月年次人]|前(?=\d)|第(?=\d)|各|均|都|再|还")
_ORDINAL = re.compile(r"第|首|初|(?:the )?(?:first|second|third)\b")
_AHEAD = re.compile(r"(?:提前|事先|预先)\s*$")
_AFTERWARDS = re.compile(r"^\s*(?:之后|以后|后)")


@lru_cache(maxsize=1024)
def cells(segment: Segment) -> tuple[Segment, ...]:
    """A statement, cut where two numbers of one kind are joined by "and"; else as it is."""
    parts = [part for part in _AND.split(segment.text) if part.strip()]
    read = [Segment(part.strip(), quantities(part.strip()), segment.sentence) for part in parts]
    counted = [part for part in read if part.quantities]
    if len(counted) < 2 or len(counted) < len(read):
        return (segment,)
    kinds = [{_kind(q) for q in part.quantities} for part in counted]
    if not all(a & b for a, b in pairwise(kinds)) or _is_range(segment):
        return (segment,)
    return tuple(read)


def misplaced(text: str, source: Support, same: bool) -> bool:
    """Whether a number of the sentence stands in another cell of the source than the words around it.

    `same`: sentence and source are of one language; across languages only concepts can be compared.
    """
    found = [
        _Cell(cell, segment, _bare(cell.text, same, True), _topic(segment, source, same))
        for segment in source.segments
        for cell in cells(segment)
    ]
    return any(
        _elsewhere(part, found, same)
        or _without_its_rest(part, found, text)
        or _afterwards(part, found)
        or (same and _without_its_limit(part, found, text))
        for part in segments(text)
    ) or _turned_range(text, source)


@dataclass(frozen=True, slots=True)
class _Cell:
    segment: Segment
    origin: Segment
    """The statement that it is cut from."""
    words: frozenset[str]
    topic: frozenset[str]
    """What the first words of its sentence are about: all that follows may be said of it."""

    @property
    def head(self) -> str:
        """Its first word that carries content: what the rule is about, as a rule."""
        plain = _COUNTING.sub(" ", self.segment.text)
        runs, latin = content_runs(plain), content_words(plain)
        if runs and len(runs[0]) > 1:
            return runs[0][:2]
        return stem(latin[0]) if latin else ""

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return self.segment.quantities


def _bare(text: str, same: bool, source: bool = False) -> frozenset[str]:
    """The words that tell rules apart; across languages, concepts."""
    plain = _COUNTING.sub(" ", text)
    if same:
        return frozenset(word for word in words(plain, source) if not word.startswith("#"))
    return frozenset(word for word in words(plain, source) if word.startswith("#")) | (soft(plain) - _vague())


@cache
def _vague() -> frozenset[str]:
    return soft(
        "每月 每天 天 日 周 月 年 小时 分钟 允许 可以 之前 之后 时间 首次 费用 超过 工作 名称 客户 客服 问题 处理 before after"
    )


def _topic(segment: Segment, source: Support, same: bool) -> frozenset[str]:
    first = next(other for other in source.segments if other.sentence == segment.sentence)
    if first is segment:
        return frozenset()
    ends = first.quantities[0].start if first.quantities else len(first.text)
    return _bare(first.text[:ends], same, True)


def _kind(quantity: Quantity) -> str:
    return "time" if quantity.unit in _TIME else quantity.unit


def _is_range(segment: Segment) -> bool:
    return any(
        a.unit == b.unit and _JOINED.match(segment.text[a.end : b.start])
        for a, b in pairwise(segment.quantities)
    )


def _elsewhere(part: Segment, found: Sequence[_Cell], same: bool) -> bool:
    said = _bare(part.text, same)
    for quantity in part.quantities:
        if quantity.unit in {"times", "#", ""}:
            continue  # the members of a list are numbered, and named once
        holders = [cell for cell in found if supported(quantity, cell.quantities)]
        rivals = [
            cell
            for cell in found
            if not supported(quantity, cell.quantities)
            and _kind(quantity) in {_kind(other) for other in cell.quantities}
        ]
        if holders and any(all(_speaks_for(said, rival, holder) for holder in holders) for rival in rivals):
            return True
    return False


def _speaks_for(said: frozenset[str], rival: _Cell, holder: _Cell) -> bool:
    """Whether what is said beside a number speaks for another cell than the one that holds it."""
    if rival.origin is holder.origin:
        # "chats" in "calls are answered within … and chats within …": the verb is said once, for both.
        return rival.words <= said and not holder.words <= said
    if rival.head in said and rival.head not in holder.words | holder.topic and holder.head not in said:
        return holder.head not in rival.words | holder.topic
    own = (
        said
        - holder.topic
        - (rival.topic if rival.segment.sentence == holder.segment.sentence else frozenset())
    )
    for_rival, for_holder = own & (rival.words - holder.words), own & (holder.words - rival.words)
    if not for_rival:
        return False
    if not for_holder:
        return bool(holder.words - rival.words - said) or len(for_rival) >= 2
    return len(for_rival) >= 2 * len(for_holder) and len(for_rival) >= 2


def _without_its_rest(part: Segment, found: Sequence[_Cell], whole: str) -> bool:
    """A number that the source gives to each *further* case, said of the case itself."""
    if _FURTHER.search(whole.lower()):
        return False
    for quantity in part.quantities:
        around = [
            piece
            for cell in found
            if supported(quantity, cell.quantities)
            for piece in _AND.split(cell.segment.text)
            if supported(quantity, quantities(piece))
        ]
        if around and all(_FURTHER.search(piece) for piece in around):
            return True
    return False


def _without_its_limit(part: Segment, found: Sequence[_Cell], whole: str) -> bool:
    """A rule that the source bounds by numbers, told without any of them: 「骑行免费」 for 「前2次骑行免费」."""
    own = _bare(part.text, True)
    if len(own) < 2:
        return False
    best = max((len(own & cell.words) for cell in found), default=0)
    nearest = [cell for cell in found if len(own & cell.words) == best]
    if best < 0.7 * len(own):
        return False
    said = quantities(folded(whole))
    for cell in nearest:
        split = [(len(own & _bare(piece, True, True)), piece) for piece in _AND.split(cell.segment.text)]
        pieces = [piece for n, piece in split if n == max(n for n, _ in split)]
        counted = [(piece, q) for piece in pieces for q in quantities(piece)]
        limits = [q for piece, q in counted if not _ORDINAL.match(piece[q.start :])]
        windows = [q for pair in _ranges(cell.segment) for q in pair]
        kept = any(supported(q, said) for q in limits) or not limits
        if kept and all(supported(q, said) for q in windows):
            return False
    return True


def _afterwards(part: Segment, found: Sequence[_Cell]) -> bool:
    """「48小时之后」 where the source wants it 48 hours ahead."""
    for quantity in part.quantities:
        if not _AFTERWARDS.match(part.text[quantity.end :]):
            continue
        sides = [
            bool(_AHEAD.search(cell.segment.text[: other.start]))
            for cell in found
            for other in cell.quantities
            if supported(quantity, (other,))
        ]
        if sides and all(sides):
            return True
    return False


def _turned_range(text: str, source: Support) -> bool:
    """ "between 5:00 and 23:00" where the source has 23:00 to 5:00."""
    there = [pair for segment in source.segments for pair in _ranges(segment)]
    for a, b in (pair for part in segments(text) for pair in _ranges(part)):
        straight = any(supported(a, (c,)) and supported(b, (d,)) for c, d in there)
        if not straight and any(supported(a, (d,)) and supported(b, (c,)) for c, d in there):
            return True
    return False


def _ranges(segment: Segment) -> list[tuple[Quantity, Quantity]]:
    return [
        (a, b)
        for a, b in pairwise(segment.quantities)
        if a.unit == b.unit and _JOINED.match(segment.text[a.end : b.start])
    ]
