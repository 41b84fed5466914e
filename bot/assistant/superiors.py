"""Where each superior stands in a free text: out of reach, asked in vain, complained about, or wanted. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.assistant import signal_words as words
from tickets.people import Role

_SUPERIORS = re.compile(
    f"(?P<general_manager>{words.GENERAL_MANAGER})|(?P<supervisor>{words.SUPERVISOR})"
    f"|(?P<manager>{words.MANAGER})|(?P<leader>{words.LEADER})",
    re.I,
)
_JOINED = re.compile(
    r"(?:[\u4e00-\u9fff]\*+)?[\s、,，/&]*(?:和|跟|与|及|以及|还有|and|or|nor|then)?\s*(?:the|our|my)?\s*",
    re.I,
)
_SENTENCE_END = re.compile(r"[。！!？?；;\n]|\.\s")
_BREAK = re.compile(r"[\s,，]+")
_PIECES = 2
_HAN = re.compile(r"[\u3400-\u9fff]")
_NEAR_ZH, _NEAR_EN = 16, 60
"""How many characters a superior may stand before what is said of them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the text says about the superiors."""

    unreachable: frozenset[Role] = frozenset()
    exhausted: frozenset[Role] = frozenset()
    """Asked already: they could not decide, passed it on, or did nothing."""
    accused: frozenset[Role] = frozenset()
    wanted: Role | None = None
    """The highest superior that the writer wants to go to directly."""
    mentioned: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class _Mention:
    """Superiors named together (班长和主管), and where."""

    roles: frozenset[Role]
    start: int
    end: int


def _mentions(text: str) -> list[_Mention]:
    found: list[_Mention] = []
    for match in _SUPERIORS.finditer(text):
        role = Role(str(match.lastgroup))
        if found and _JOINED.fullmatch(text, found[-1].end, match.start()):
            found[-1] = _Mention(found[-1].roles | {role}, found[-1].start, match.end())
        else:
            found.append(_Mention(frozenset({role}), match.start(), match.end()))
    return found


def standing(text: str) -> Standing:
    """Where each superior stands in a masked text."""
    mentions = _mentions(text)
    unreachable = (
        _said_of(text, mentions, words.UNREACHABLE)
        | _within(text, mentions, words.NEITHER)
        | _everybody_unreachable(text)
    )
    exhausted = (
        _said_of(text, mentions, words.CANNOT)
        | _said_of(text, mentions, words.IGNORED)
        | _asked_in_vain(text, mentions)
    )
    accused = frozenset(role for mention in mentions for role in mention.roles if _is_accused(text, mention))
    named = frozenset(role for mention in mentions for role in mention.roles)
    return Standing(
        unreachable=unreachable,
        exhausted=(exhausted | _passed_on(text, mentions)) - unreachable,
        accused=accused,
        wanted=_wanted(text, mentions),
        mentioned=named,
    )


def _everybody_unreachable(text: str) -> frozenset[Role]:
    match = words.ALL_SUPERIORS.search(text)
    if match and words.UNREACHABLE.search(text, match.start(), match.end() + 24):
        return frozenset({Role.LEADER, Role.SUPERVISOR})
    return frozenset()


def _said_of(text: str, mentions: list[_Mention], pattern: re.Pattern[str]) -> frozenset[Role]:
    """The superiors of whom the pattern is said: named just before it, or as its object just after it."""
    roles: set[Role] = set()
    for match in pattern.finditer(text):
        subject = _object_after(text, mentions, match) or _subject_before(text, mentions, match.start())
        if subject:
            roles |= subject.roles
    return frozenset(roles)


def _within(text: str, mentions: list[_Mention], pattern: re.Pattern[str]) -> frozenset[Role]:
    """The superiors named inside the pattern."""
    spans = [match.span() for match in pattern.finditer(text)]
    return frozenset(
        role
        for start, end in spans
        for mention in mentions
        if start <= mention.start < end
        for role in mention.roles
    )


def _object_after(text: str, mentions: list[_Mention], match: re.Match[str]) -> _Mention | None:
    if not words.REACH_OBJECT.search(match[0]):
        return None
    after = (mention for mention in mentions if mention.start >= match.end())
    mention = next(after, None)
    if mention and re.fullmatch(
        r"\s*(?:我们?的?|the|my|our|either|any)?\s*", text[match.end() : mention.start], re.I
    ):
        return mention
    return None


def _subject_before(text: str, mentions: list[_Mention], position: int) -> _Mention | None:
    before = [mention for mention in mentions if mention.end <= position]
    if not before:
        return None
    between = text[before[-1].end : position]
    near = _NEAR_ZH if _HAN.search(between) else _NEAR_EN
    if _HAN.search(between) and len(_BREAK.split(between)) > _PIECES:
        return None  # 等领导来 不来不走 已经下班了: too far away to be said of him
    if len(between) > near or _SENTENCE_END.search(between) or words.CUSTOMER.search(between):
        return None
    if re.search(r"(?:[,，\s]我(?!们?的?电话|打|跟|给)|\bI\b(?! (?:called|rang|tried|phoned)))", between):
        return None  # 班长在旁边, 我联系不上客户: what follows is said of the writer
    return before[-1]


def _passed_on(text: str, mentions: list[_Mention]) -> frozenset[Role]:
    """Superiors of whom it is said that they reported upwards already."""
    roles: set[Role] = set()
    for match in words.REPORTED_UP.finditer(text):
        subject = _subject_before(text, mentions, match.start())
        if subject:
            inside = {
                role
                for mention in mentions
                if match.start() <= mention.start < match.end()
                for role in mention.roles
            }
            roles |= subject.roles - inside
    return frozenset(roles)


def _asked_in_vain(text: str, mentions: list[_Mention]) -> frozenset[Role]:
    """Superiors the writer turned to, and what they said to it: 找主管他说别烦他."""
    return frozenset(
        role
        for mention in mentions
        if words.TURNED_TO.search(text[max(0, mention.start - 8) : mention.start])
        and words.VAIN_AFTER.search(text[mention.end : mention.end + 30])
        for role in mention.roles
    )


def _is_accused(text: str, mention: _Mention) -> bool:
    before, after = text[max(0, mention.start - 60) : mention.start], text[mention.end : mention.end + 60]
    if words.ACCUSE_BEFORE.search(before) or words.QUARREL_AFTER.search(after):
        return True
    if words.ACCUSE_TO.search(before):
        return False
    return bool(words.ACCUSE_AFTER.search(after) or words.ACCUSE_AFTER_EN.search(after))


def _wanted(text: str, mentions: list[_Mention]) -> Role | None:
    roles = list(_wanted_roles(text, mentions))
    order = [Role.GENERAL_MANAGER, Role.MANAGER, Role.SUPERVISOR, Role.LEADER]
    return next((role for role in order if role in roles), None)


def _wanted_roles(text: str, mentions: list[_Mention]) -> Iterator[Role]:
    for match in words.WANTS_HIGHER.finditer(text):
        for mention in mentions:
            if 0 <= mention.start - match.end() <= 12:
                yield from mention.roles
