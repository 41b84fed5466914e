"""May, must, must not, need not: what a statement allows or demands, and whether a source agrees."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.assistant.passages import Support
from knowledge.statements.concepts import concepts
from knowledge.statements.modes import Mode, modes
from knowledge.statements.quantities import supported
from knowledge.statements.segments import Segment, content_runs, content_words, stem

_NO_NEGATION = re.compile(
    r"不超过|不少于|不低于|不多于|不高于|不大于|不小于|不到|不满(?!意)|未满|不仅|不但|不论|无论|不断|非常|未来|不过|不管|是否|能否|无误"
)
_NEGATION = re.compile(
    r"不|未|没|无|勿|非|拒|禁|\bnot\b|n't\b|\bno\b|\bnever\b|\bwithout\b|\bnor\b|\brefus|\bnone\b"
)
_DISAPPROVAL = re.compile(
    r"违|罚|扣|处分|停职|旷工|取消|追究|责任|开除|辞退|警告|批评|避免|防止|\bfine|\bpenal|\bviolat|\bbreach|\bdismiss|\bdeduct|\bwarn|\bpunish|\bavoid"
)
_CONDITION = re.compile(
    r"方可|才可|才能|除非|经\S{0,12}(?:批准|同意|许可|审批)|\bonly\b|\bunless\b|\bsubject to\b"
)
_CONDITIONED = re.compile(
    r"方可|才|除非|批准|同意|许可|审批|如果|若|只|仅|经|的话|\bonly\b|\bunless\b|\bsubject to\b|\bif\b|\bwhen\b|approv|permission|consent"
)
_EXCEPT = re.compile(r"(?P<what>[^,;。:\s]{2,10})除外|\bexcept(?: for| that)? (?P<en>[^,;.]{3,30})")
_SOLELY = re.compile(r"只|仅|限于|\bonly\b|\bsolely\b|\bexclusively\b")
_LIMIT = re.compile(
    r"不超过|不多于|不高于|不大于|不少于|不低于|以内|最多|至多|\bat most\b|\bwithin\b|\bno more than\b|\bup to\b"
)
_YES = re.compile(
    r"^\W*(?:是的|对的|没错|可以的?(?=[,。!]|$)|能的?(?=[,。!]|$)|行(?=[,。!]|$)|yes\b|correct\b|right\b|sure\b)"
)
_NO = re.compile(r"^\W*(?:不是|不可以(?=[,。!]|$)|不行|不能(?=[,。!]|$)|不对|no\b(?=[,.;]|$))")


def disagrees(statement: Segment, source: Support, same_language: bool, whole: str) -> bool:
    """Whether a statement allows what the source forbids, demands what it leaves open, or the like.

    `whole` is the folded sentence that the statement belongs to.
    """
    said = modes(statement.text)
    near = _aligned(statement, source, same_language)
    if not near and not said:
        return False
    near = near or list(source.segments)
    ruled = _ruling(near, source)
    if Mode.FORBID in said:
        if Mode.PERMIT in ruled and Mode.FORBID not in ruled:
            return True
        wider = [*near, *_sharing(statement, source)]
        text = " ".join(segment.text for segment in wider) + _headings(source)
        return Mode.FORBID not in _ruling(wider, source) and not (
            _LIMIT.search(text) or _negations(text) or _DISAPPROVAL.search(source.text)
        )
    if Mode.EXEMPT in said:
        return Mode.EXEMPT not in ruled
    if Mode.OBLIGE in said:
        if any(_CONDITION.search(segment.text) for segment in near):
            return False
        plain = any(not modes(segment.text) for segment in near)
        return (
            bool(ruled) and Mode.OBLIGE not in ruled and not plain and not _softened(statement.text, source)
        )
    own = {mode for segment in near for mode in modes(segment.text)}
    if Mode.PERMIT in said:
        limits = any(mark.search(statement.text) and mark.search(source.text) for mark in (_LIMIT, _SOLELY))
        if limits and Mode.FORBID not in own:
            return False  # 「最多可以」, 「只可以」 limit, they do not grant
        if _unconditional(near, whole):
            return True
        return Mode.PERMIT not in ruled and (Mode.OBLIGE not in own or Mode.FORBID in own)
    plain = any(not _effective(segment, source) for segment in near)
    return ruled == {Mode.FORBID} and not plain and not _softened(whole, source)


def contradicts_itself(text: str) -> bool:
    """「可以,客服不得……」: the first word says the opposite of the rule that follows."""
    opening = _YES.match(text) or _NO.match(text)
    if opening is None:
        return False
    rest = modes(text[opening.end() :])
    if _YES.match(text):
        return bool(rest) and rest <= {Mode.FORBID}
    return (
        bool(rest) and not rest & {Mode.FORBID, Mode.EXEMPT} and not _NEGATION.search(text[opening.end() :])
    )


def negation_moved(statement: Segment, source: Support, whole: str) -> bool:
    """Whether a statement repeats the source's words, but with a negation more or less."""
    if modes(statement.text) & {Mode.FORBID, Mode.EXEMPT}:
        return False
    near = _aligned(statement, source, True)
    marks = _negations(statement.text)
    if not near or not _units(statement.text) & _units(near[0].text):
        return False
    if marks:
        return not any(_negations(segment.text) for segment in near) and not marks <= _negations(source.text)
    elsewhere = _negations(whole)
    return all(
        _near_negations(statement, segment) - elsewhere and Mode.FORBID not in modes(segment.text)
        for segment in near
    )


def _near_negations(statement: Segment, segment: Segment) -> set[str]:
    """The negatives in those members of a list (「不满意、再发的」) that the statement speaks of."""
    own = _units(statement.text)
    return {mark for part in segment.text.split("、") if own & _units(part) for mark in _negations(part)}


def is_negative(text: str) -> bool:
    """Whether a folded statement says what is not, must not or need not be."""
    return bool(_negations(text) or modes(text) & {Mode.FORBID, Mode.EXEMPT})


def _negations(text: str) -> set[str]:
    """Negatives with the character or word that follows."""
    plain = _NO_NEGATION.sub("  ", text)
    return {plain[m.start() : m.end() + 1] for m in _NEGATION.finditer(plain)}


def _softened(text: str, source: Support) -> bool:
    """The text itself carries a negative or a sanction, so it does not grant what is forbidden.

    A negative that only belongs to the source's words (「不合格」) does not count.
    """
    if _DISAPPROVAL.search(text):
        return True
    own = _negations(text)
    return any(word not in source.text or word in {"不得", "不能", "严禁", "禁止", "不可"} for word in own)


def _ruling(near: list[Segment], source: Support) -> frozenset[Mode]:
    """The modes of the aligned statements."""
    return frozenset(mode for segment in near for mode in _effective(segment, source))


def _effective(segment: Segment, source: Support) -> frozenset[Mode]:
    """A statement's modes; one without its own takes that of its sentence so far, or of its heading."""
    own = modes(segment.text)
    if own:
        return own
    same = [other for other in source.segments if other.sentence == segment.sentence]
    before = same[: same.index(segment)] if segment in same else []
    for previous in reversed(before):
        if modes(previous.text):
            return modes(previous.text)
    return modes(_headings(source))


def _unconditional(near: list[Segment], whole: str) -> bool:
    """The source permits on a condition (「经……批准方可」, "only with") that the sentence leaves out."""
    permits = [segment.text for segment in near if Mode.PERMIT in modes(segment.text)]
    return (
        bool(permits) and all(_CONDITION.search(text) for text in permits) and not _CONDITIONED.search(whole)
    )


def _headings(source: Support) -> str:
    return " ".join(" ".join(clause.heading_path).lower() for clause in source.clauses)


def _aligned(statement: Segment, source: Support, same_language: bool) -> list[Segment]:
    """The source's statements that speak of the same thing: nearly as many shared words as the best one."""
    units = _units if same_language else _named
    own = units(statement.text)
    scored = [(len(own & units(segment.text)), segment) for segment in source.segments]
    best = max((score for score, _ in scored), default=0)
    return [segment for score, segment in scored if best and score >= 0.7 * best]


def _sharing(statement: Segment, source: Support) -> list[Segment]:
    """The source's statements that share two words or more, or a number."""
    own = _units(statement.text)
    return [
        segment
        for segment in source.segments
        if len(own & _units(segment.text)) >= 2
        or any(supported(quantity, segment.quantities) for quantity in statement.quantities)
    ]


def _named(text: str) -> set[int]:
    found = concepts(text)
    return set(found.strict | found.soft)


def _units(text: str) -> set[str]:
    """What two statements are compared by: neighbouring characters, stems."""
    found = {run[i : i + 2] for run in content_runs(text) for i in range(len(run) - 1)}
    return found | {stem(word) for word in content_words(text)}


def denies_an_exception(statement: Segment, source: Support) -> bool:
    """「导盲犬除外」, but the sentence puts the exception under the rule."""
    if _EXCEPT.search(statement.text):
        return False
    excepted = {match.group("what") or match.group("en") for match in _EXCEPT.finditer(source.text)}
    said = _units(statement.text)
    return any(what and _units(what) and _units(what) <= said for what in excepted)


def allows_the_denied(statement: Segment, nearest: Segment) -> bool:
    """A demand or permission over a statement that only denies, seen across languages."""
    # What stands in brackets is said by the way.
    nearest = replace(nearest, text=re.sub(r"\([^)]*\)", " ", nearest.text))
    said, there = modes(statement.text), modes(nearest.text)
    if (
        not said & {Mode.OBLIGE, Mode.PERMIT}
        or said & {Mode.FORBID, Mode.EXEMPT}
        or _negations(statement.text)
    ):
        return False
    return bool(_negations(nearest.text)) and not there & {Mode.OBLIGE, Mode.PERMIT}
