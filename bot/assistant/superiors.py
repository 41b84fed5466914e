"""Where each superior stands in a free text: out of reach, asked in vain, complained about, or wanted. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.assistant import signal_words as words
from tickets.people import Role

_SUPERIORS = re.compile(
    words.edged(
        f"(?P<general_manager>{words.GENERAL_MANAGER})|(?P<supervisor>{words.SUPERVISOR})"
        f"|(?P<manager>{words.MANAGER})|(?P<leader>{words.LEADER})"
    ),
    re.I,
)
_CUSTOMERS_TITLE = re.compile(
    f"(?:{words.CUSTOMER.pattern}|供应商|厂家|公司)[^，。,\\s]{{0,3}}[\u4e00-\u9fff]\\*+$", re.I
)
"""Before a title that is a customer's: 业主罗*经理."""
_JOINED = re.compile(
    r"(?:[\u4e00-\u9fff]\*+)?[^\w。！!？?；;.]{0,6}(?:和|跟|与|及|以及|还有|and|or|nor|then)?\s*(?:the|our|my)?\s*",
    re.I,
)
_SENTENCE_END = re.compile(r"[。！!？?；;\n]|\.\s")
_BREAK = re.compile(r"[\s,，]+")
_PIECES = 2
_HAN = re.compile(r"[\u3400-\u9fff]")
_BEFORE_ZH, _AFTER_ZH, _BEFORE_EN, _AFTER_EN = 14, 36, 40, 90
"""How many characters around a superior are looked at when meaning is asked for what is said of them."""
_ANYBODY, _ANYBODY_EN = "领导", "the boss"
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
        if _CUSTOMERS_TITLE.search(text, max(0, match.start() - 16), match.start()):
            continue
        role = Role(str(match.lastgroup))
        if found and _JOINED.fullmatch(text, found[-1].end, match.start()):
            found[-1] = _Mention(found[-1].roles | {role}, found[-1].start, match.end())
        else:
            found.append(_Mention(frozenset({role}), match.start(), match.end()))
    return found


class Sign(StrEnum):
    """What is said of a superior where they are named."""

    UNREACHABLE = "unreachable"
    EXHAUSTED = "exhausted"
    ACCUSED = "accused"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class View:
    """One place where superiors are named: who, the words around them, and what rules read in these."""

    roles: frozenset[Role]
    words: str
    """The superiors themselves stand in it under one name, so that what is said of one holds for all."""
    sign: Sign


def standing(text: str) -> Standing:
    """Where each superior stands in a masked text."""
    mentions = _mentions(text)
    signs = _signs(text, mentions)
    unreachable = (
        _roles(signs[Sign.UNREACHABLE])
        | _within(text, mentions, words.NEITHER)
        | _everybody_unreachable(text)
    )
    return Standing(
        unreachable=unreachable,
        exhausted=(_roles(signs[Sign.EXHAUSTED]) | _passed_on(text, mentions)) - unreachable,
        accused=_roles(signs[Sign.ACCUSED]),
        wanted=_wanted(text, mentions),
        mentioned=_roles(mentions),
    )


def views(text: str) -> tuple[View, ...]:
    """Every place of a masked text where superiors are named."""
    mentions = _mentions(text)
    signs = _signs(text, mentions)
    return tuple(
        View(
            mention.roles,
            _around(text, mentions, position),
            next((sign for sign, found in signs.items() if mention in found), Sign.NOTHING),
        )
        for position, mention in enumerate(mentions)
        if not _POINTED_TO.search(text[max(0, mention.start - 24) : mention.start])
        and not _IS_THERE.match(text, mention.end)
        and not _can_be_had(text, mentions, mention)
    )


_IS_THERE = re.compile(
    r"\s?(?:行不行|行吗|可以吗|可不可以|好不好|好吗|合适吗|吗(?=[?？\s]|$))|\s?(?:[A-Z][a-z]+ )?(?:也|就|都|正|应该|可能|大概|好像|估计)?(?:在(?:隔壁|对面|柜台|站台|走廊|工位|地下|楼[上下]|[一二三四五六七八九十0-9]+[楼层]|前台|后台|大厅|仓库|机房|现场|场|旁边|这里?|跟前)|来了|到了|赶来|赶到|陪着|在(?:线|岗|班|位)|在(?=[，,。！!\s]|$)|(?:is|are) (?:here|standing|right (?:here|there|next)|next to|with me|on (?:duty|shift)|at (?:her|his) desk|in the (?:back )?office))",
    re.I,
)
_CAN_BE_HAD = re.compile(
    r"[^。！!？?；;\n]{0,22}?(?:(?:但|不过|可|只是|，|,|\s)(?:是)?(?:我|还|也|都|倒)*(?:能|可以|还能)(?:@|艾特|联系|找|叫|打|喊)(?!不)|(?:能|可以|我去)(?:联系|找|叫|喊|打)(?:得)?(?:到|出来|通|来)|马上(?:就)?(?:到|来|出来|回来|过来|下来)|(?:一会儿?|[0-9一二两三五十]+分钟)(?:后|内)?(?:就|能|可以)*(?:到|回来|出来|过来))"
    r"|[^.!?;\n]{0,50}?\b(?:but (?:I can|reachable|picks up|answers)|(?:will be|is) (?:back|out|here|free) (?:in|soon|any minute|shortly))",
    re.I,
)
"""After a superior who is busy and can be had all the same."""
_COMPLAINS_OF_THEM = re.compile(
    r"我(?:就|真|也|一定|必须)?(?:要|想|得)(?:去)?(?:投诉|举报|检举|告)(?:他|她)(?!们)|\bI (?:want to|will|'m going to|have to) (?:complain about|report) (?:him|her)\b",
    re.I,
)
_POINTED_TO = re.compile(
    r"(?:不想|不愿|不要|懒得|不打算|不准备)(?:再)?(?:跟|找|给|经过|通过|去找|报给?|和|问|走|理)(?:我们?的?|咱们?的?)?$|(?:绕(?:开|过)|越过|跳过|不经过?|不走|避开|撇开)(?:我们?的?|咱们?的?)?$|\b(?:not|n't|without) (?:go(?:ing)? (?:thru|through|to|via)|talk(?:ing)? to|tell(?:ing)?|ask(?:ing)?|bother(?:ing)?) (?:my |our |the )?$|\b(?:bypass|skip|go(?:ing)? (?:over|around)|without) (?:my |our |the )?$|(?:自称|冒充|假冒)[^，。,\s]{0,4}$|(?:说是|(?:能不能|能否|可否|麻烦|[恳烦]?请|求)(?:请|让|您)?|(?:得|须|需要?|等|由|归|该|说要|还要|必须|只能|要请|须经|得让|要让|要(?=问|找|请示|等|看))(?:找|问|请示?|等|看)?|(?:让|叫|要|建议|喊)我[^，。,\s]{0,4}(?:找|问|去|报|请示|联系|转)[^，。,\s]{0,3}|"
    r"\b(?:go|talk|speak|turn|report|ask) (?:to )?(?:the |my |a )?|\b(?:decided|approved|signed(?: off)?|handled|authori[sz]ed) by (?:the |my |a )?)$",
    re.I,
)
"""Before a superior to whom somebody points, or whom somebody claims to be: nothing is said of them yet."""


def _around(text: str, mentions: list[_Mention], position: int) -> str:
    """The words around a mention, from the sentence's beginning or the mention before to the one after."""
    mention = mentions[position]
    english = not _HAN.search(text)
    before, after = (_BEFORE_EN, _AFTER_EN) if english else (_BEFORE_ZH, _AFTER_ZH)
    start = max(0, mention.start - before, mentions[position - 1].end if position else 0)
    end = min(len(text), mention.end + after)
    if position + 1 < len(mentions):
        end = min(end, mentions[position + 1].start)
    left = _SENTENCE_END.split(text[start : mention.start])[-1]
    return f"{left}{_ANYBODY_EN if english else _ANYBODY}{text[mention.end : end]}".strip()


def _roles(mentions: Iterable[_Mention]) -> frozenset[Role]:
    return frozenset(role for mention in mentions for role in mention.roles)


def _signs(text: str, mentions: list[_Mention]) -> dict[Sign, set[_Mention]]:
    """The mentions of which rules read something, by what they read, the gravest first."""
    reached = {mention for mention in mentions if _can_be_had(text, mentions, mention)}
    return {
        Sign.ACCUSED: {mention for mention in mentions if _is_accused(text, mention)}
        | _accused_by_pronoun(text, mentions),
        Sign.UNREACHABLE: _said_of(text, mentions, words.UNREACHABLE) - reached,
        Sign.EXHAUSTED: _said_of(text, mentions, words.CANNOT)
        | _said_of(text, mentions, words.IGNORED)
        | _asked_in_vain(text, mentions),
    }


def _can_be_had(text: str, mentions: list[_Mention], mention: _Mention) -> bool:
    """Whether a superior who is busy can be had all the same; what is said of the next one does not count."""
    following = next((one.start for one in mentions if one.start >= mention.end), len(text))
    return bool(_CAN_BE_HAD.match(text, mention.end, following))


def _accused_by_pronoun(text: str, mentions: list[_Mention]) -> set[_Mention]:
    """The superior spoken of last before 「我要投诉他」."""
    found = set()
    for match in _COMPLAINS_OF_THEM.finditer(text):
        before = [mention for mention in mentions if mention.end <= match.start()]
        if before and not words.CUSTOMER.search(text, before[-1].end, match.start()):
            found.add(before[-1])
    return found


def _everybody_unreachable(text: str) -> frozenset[Role]:
    match = words.ALL_SUPERIORS.search(text)
    if match and words.UNREACHABLE.search(text, match.start(), match.end() + 24):
        return frozenset({Role.LEADER, Role.SUPERVISOR})
    return frozenset()


def _said_of(text: str, mentions: list[_Mention], pattern: re.Pattern[str]) -> set[_Mention]:
    """The superiors of whom the pattern is said: named just before it, or as its object just after it."""
    subjects = (
        _object_after(text, mentions, match) or _subject_before(text, mentions, match.start())
        for match in pattern.finditer(text)
    )
    return {subject for subject in subjects if subject}


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


def _asked_in_vain(text: str, mentions: list[_Mention]) -> set[_Mention]:
    """Superiors the writer turned to, and what they said to it: 找主管他说别烦他."""
    return {
        mention
        for mention in mentions
        if words.TURNED_TO.search(text[max(0, mention.start - 8) : mention.start])
        and words.VAIN_AFTER.search(text[mention.end : mention.end + 30])
    }


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
