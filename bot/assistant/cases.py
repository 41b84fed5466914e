"""Whether an outcome is said of the case that the source gives it to, and of whom it gives it to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.assistant.passages import Support
from knowledge.statements.content import words
from knowledge.statements.limits import bound
from knowledge.statements.modes import Mode, modes
from knowledge.statements.quantities import Quantity, supported
from knowledge.statements.segments import Segment, content_runs, content_words, segments, stem

_CASE = re.compile(
    r"(?:的|时|者|的话)$|^(?:如果|若|如|凡|一旦|当(?![天日月年次餐场班季]))|^(?:if|when|whenever|after|before)\b"
)
_PRONOUN = re.compile(r"(?:it|they|this|these|he|she)\b")
_NOT_OVER = re.compile(r"(?:不|未)(?:超过|满|足|到|少于|多于|低于|高于)")


def wrong_case(text: str, source: Support) -> bool:
    """「晚到15分钟以内的,减免20%」 where the source reduces by 20 % from 15 to 40 minutes."""
    parts = segments(text)
    for n, outcome in enumerate(parts):
        if _CASE.search(outcome.text):
            continue
        said = [part for part in parts[:n] if part.sentence == outcome.sentence]
        nearest = _nearest(outcome, source)
        if nearest and all(_other_case(outcome, said, _case_of(each, source), each) for each in nearest):
            return True
    return False


def restricted(statement: Segment, source: Support) -> Support | None:
    """The statements of the source that are about what the sentence is about, where they are told apart by that.

    None: it begins with nothing that a statement of the source begins with, or with what all begin with.
    """
    head = head_of(statement.text)
    heads: list[tuple[str, Segment]] = []
    for other in source.statements:
        goes_on = bool(heads) and _PRONOUN.match(other.text)
        heads.append((heads[-1][0] if goes_on else head_of(other.text), other))
    about = [other for first, other in heads if first == head]
    if not head or not about or len(about) == len(source.statements):
        return None
    texts = {other.text for other in about}
    numbers = {part.sentence for part in source.segments if any(part.text in text for text in texts)}
    return replace(
        source,
        segments=tuple(part for part in source.segments if part.sentence in numbers),
        statements=tuple(about),
        quantities=tuple(q for other in about for q in other.quantities),
    )


def head_of(text: str) -> str:
    """The first word that carries content."""
    runs, latin = content_runs(text), content_words(text)
    if runs and len(runs[0]) > 1:
        return runs[0][:2]
    return stem(latin[0]) if latin and not runs else ""


def _nearest(outcome: Segment, source: Support) -> list[Segment]:
    own = {word for word in words(outcome.text) if not word.startswith("#")}
    if not own and not outcome.quantities:
        return []
    scored = []
    for other in source.segments:
        if _CASE.search(other.text):
            continue
        shared = len(own & words(other.text, True))
        counted = sum(supported(q, other.quantities) for q in outcome.quantities)
        scored.append((shared + 2 * counted, other))
    best = max((score for score, _ in scored), default=0)
    enough = max(2, 0.5 * len(own))
    return [other for score, other in scored if score == best and best >= enough]


def _case_of(outcome: Segment, source: Support) -> list[Segment]:
    same = [other for other in source.segments if other.sentence == outcome.sentence]
    return [other for other in same[: same.index(outcome)] if _CASE.search(other.text)]


def _other_case(outcome: Segment, said: Sequence[Segment], there: Sequence[Segment], near: Segment) -> bool:
    """Whether the numbers of the two cases are others, or stand on another side."""
    wanted = [(q, bound(part.text, q)) for part in there for q in part.quantities]
    if not wanted:
        return False
    given = [(q, bound(part.text, q)) for part in [*said, outcome] for q in part.quantities]
    mine = [pair for pair in given if not supported(pair[0], near.quantities)]
    if not said and not mine:
        return _is_telling(wanted)
    missing = [pair for pair in wanted if not any(_same(pair, other) for other in given)]
    own_case = [(q, bound(part.text, q)) for part in said for q in part.quantities]
    inside = [(q, bound(near.text, q)) for q in near.quantities]
    if own_case and all(any(_same(pair, other) for other in inside) for pair in own_case):
        return False
    strange = [pair for pair in own_case if not any(_same(pair, other) for other in wanted)]
    negated = [bool(_NOT_OVER.search(" ".join(part.text for part in side))) for side in (said, there)]
    return (
        bool(strange and missing)
        or bool(said and len(missing) == len(wanted))
        or (bool(said) and not strange and bool(missing) and len(wanted) > 1)
        or (bool(said) and negated[0] != negated[1] and not strange and _sided(own_case) != _sided(wanted))
    )


def _is_telling(wanted: Sequence[tuple[Quantity, object]]) -> bool:
    """A case of several numbers, or with a side, is a limit; a bare one may be the matter itself."""
    return len(wanted) > 1 or any(side is not None for _, side in wanted)


def _sided(pairs: Sequence[tuple[Quantity, object]]) -> list[object]:
    return [side for _, side in pairs]


def _same(a: tuple[Quantity, object], b: tuple[Quantity, object]) -> bool:
    return supported(a[0], (b[0],)) and (a[1] is None or b[1] is None or a[1] == b[1])


def turned_for(statement: Segment, about: Support) -> bool:
    """Allowed where all that the source says of this matter forbids it, or the other way round."""
    said = modes(statement.text)
    own = words(statement.text)
    near = [part for part in about.segments if len(own & words(part.text, True)) >= 2]
    ruled = {mode for part in near for mode in modes(part.text)}
    if Mode.PERMIT in said and Mode.FORBID not in said:
        return bool(ruled) and Mode.FORBID in ruled and Mode.PERMIT not in ruled
    return Mode.FORBID in said and Mode.PERMIT in ruled and Mode.FORBID not in ruled
