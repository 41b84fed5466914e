"""Whether a sentence keeps who acts, in which period, in which order and within which limits the source says it.

What is checked here is right word by word and wrong as a whole: the other role, the month for the day, the second
step first, the rule without its limit.
"""

from __future__ import annotations

import re
from fractions import Fraction

from bot.assistant.passages import Support
from bot.assistant.verdicts import Fault
from knowledge.statements.concepts import Concepts, acting, concepts
from knowledge.statements.content import subject, words
from knowledge.statements.modes import Mode, modes
from knowledge.statements.quantities import folded, quantities, supported
from knowledge.statements.segments import FUNCTION_WORDS, HAN, LATIN_WORD, content_runs, segments, stem, tight

_EACH = r"\b(?:per|each|every|the same|calendar|(?:times?|once|twice) (?:in )?an?)"
_PERIODS = {
    "day": rf"(?:每|同一|当|单|逐)[天日]|每一天|{_EACH} day\b|\bdaily\b",
    "week": rf"(?:每|同一|当|单|本)(?:周|星期)|{_EACH} week\b|\bweekly\b",
    "month": rf"(?:每|同一|当|单|本)个?月|月度|{_EACH} month\b|\bmonthly\b",
    "quarter": rf"(?:每|同一|当|单|本)个?季|季度|{_EACH} quarter\b|\bquarterly\b",
    "year": rf"(?:每|同一|当|单|本|自然)年|年度|{_EACH} year\b|\byearly\b|\bannual",
}
_ROLE = r"(?:[\u4e00-\u9fff]{2}(?:专员|专家)|[\u4e00-\u9fff]{2}(?<![人会委官动成学])员(?![工])|坐席|座席|客服|店长|班长|组长|主管|经理|总监|主任|部长|财务|法务|工程师|技师)"
_BY = re.compile(rf"由(?P<zh>[\u4e00-\u9fff]{{0,4}}?{_ROLE})|\bby (?:the |a |an )?(?P<en>[a-z]+(?: [a-z]+)?)")
_TO = re.compile(rf"(?:转交?给?|移交给?|上?报给?|报告给?|请示|找|交给?|通知)(?P<zh>{_ROLE})")
_POST = re.compile(r"由?(?P<post>[\u4e00-\u9fff]{2}(?:专员|专家)|[\u4e00-\u9fff]{2}员)")
_BY_NOUN = re.compile(r"\bby (?:the |an? )(?:[a-z]+ )?(?P<noun>[a-z]{4,})")
_DECIDES = re.compile(
    r"批准|同意|审批|核准|签字|许可|\bapprov|\bpermission\b|\bconsent\b|\bauthori|\bsign(?:ed|s)? off\b"
)
_FIRST_THEN = re.compile(r"先(?P<a>[^,;。先再]{2,24})[,;]?\s*(?:再|然后|之后)(?P<b>[^,;。]{1,24})")
_SAYS = re.compile(r"“([^”]+)”|「([^」]+)」|『([^』]+)』|\"([^\"]+)\"")
_EXCEPTED = re.compile(
    r"([^,;。:\s]{2,12})除外|除了?([^,;。:]{2,12})(?:以外|之外|外)"
    r"|\b(?:unless|except(?: for| that| if| when)?|excluding) ([^,;.]{3,40})"
)
_OPENING = re.compile(r"(?:the |an? |every |each )?[a-z]+(?: [a-z]+)?")
_WHEN = re.compile(
    r"\b(?P<side>before|after|during|until|without|within|outside)\s+(?:the |an? |its |their )?(?P<noun>[a-z]{4,})"
)
_TURN = re.compile(r"第|首次|初次|first|second|third|fourth|fifth|\d+(?:st|nd|rd|th)")
_MEMBERS = re.compile(r"和|、|及|或|\band\b|\bor\b")
_NOT = re.compile(r"不(?!满|足|到|超)|非|未(?!满)|无|\bnot\b|n't\b|\bno\b|\bnever\b")
_NEGATED = re.compile(r"\b(?:not|never|no longer|isn't|aren't|n't)\s+(?:be\s+|been\s+)?(?P<w>[a-z]{4,})")


def unfaithful(text: str, source: Support, same: bool) -> Fault | None:
    """The fault of a sentence in this respect; `same`: source and sentence are of one language."""
    plain = folded(text)
    if _other_period(plain, source):
        return Fault.SCOPE
    if _other_turn(plain, source):
        return Fault.NUMBER
    if same and _other_way(plain, source):
        return Fault.BINDING
    if _takes_in_the_excepted(plain, source, same):
        return Fault.SCOPE
    if _misquoted_rule(plain, source):
        return Fault.POLARITY
    if _somebody_else(plain, source, same):
        return Fault.BINDING
    if _let_off(plain, source):
        return Fault.POLARITY
    if same and (
        _reordered(plain, source) or _negates_what_is_said(plain, source) or _on_the_other_side(plain, source)
    ):
        return Fault.POLARITY
    return None


def _other_period(plain: str, source: Support) -> bool:
    """「每月」 where the source says 「每天」 and nothing of months."""
    for pattern in _PERIODS.values():
        loosely = pattern.replace("(?:times?|once|twice) (?:in )?an?", "a|an|one|in a")
        if re.search(pattern, plain) and not re.search(loosely, source.text):
            return True
    return False


def _other_turn(plain: str, source: Support) -> bool:
    """「第一次投诉后」 where the source counts turns too, and this one is not among them."""
    said, there = _turns(plain), _turns(source.text)
    return bool(there) and bool(said - there)


def _turns(text: str) -> set[Fraction]:
    marked = [
        quantity
        for quantity in quantities(text)
        if quantity.unit in {"times", "#"} and _TURN.match(text[quantity.start : quantity.end].strip())
    ]
    return {quantity.value for quantity in marked}


def _takes_in_the_excepted(plain: str, source: Support, same: bool) -> bool:
    """Whoever the source excepts (「孕期员工除外」, "unless under 18"), put under the rule."""
    if _EXCEPTED.search(plain) or _NOT.search(plain):
        return False
    said = words(plain)
    named = concepts(plain)
    for match in _EXCEPTED.finditer(source.text):
        whole = next((group for group in match.groups() if group), "").lstrip("但除")
        if any(_is_named(what, plain, said, named, same) for what in _MEMBERS.split(whole)):
            return True
    return False


def _is_named(what: str, plain: str, said: frozenset[str], named: Concepts, same: bool) -> bool:
    """Whether the sentence speaks of one of the excepted."""
    counted = quantities(what)
    if any(not supported(quantity, quantities(plain)) for quantity in counted):
        return False
    kinds = concepts(what)
    telling = (kinds.strict | kinds.soft) - acting(what)
    own = {word for word in words(what) if not word.startswith("#")}
    if counted or (same and own and own <= said):
        return True
    return not same and bool(telling) and telling <= named.strict | named.soft


def _misquoted_rule(plain: str, source: Support) -> bool:
    """Words that must not be said, given as words to say, or the other way round."""
    for match in _SAYS.finditer(plain):
        quote = tight(next(group for group in match.groups() if group))
        governing = [segment for segment in source.segments if quote and quote in tight(segment.text)]
        if not governing:
            continue
        forbidden = {_forbidden_before(segment.text, quote) for segment in governing}
        said = bool(modes(plain[: match.start()]) & {Mode.FORBID}) or bool(
            re.search(r"不(?:得|能|可|要|许|准|应)|严禁|禁止|别", plain[: match.start()])
        )
        if said not in forbidden:
            return True
    return False


def _forbidden_before(text: str, quote: str) -> bool:
    for end in range(len(text)):
        if tight(text[end:]).startswith(quote):
            return Mode.FORBID in modes(text[:end])
    return Mode.FORBID in modes(text)


_CHANNELS = {
    "phone": r"电话|致电|来电|通话|拨打|接听|接起|回电|铃响|\bphone|\bcall|\btelephone|\bring",
    "sms": r"短信|\btext message|\bsms\b",
    "mail": r"邮件|邮箱|\be-?mail",
    "visit": r"上门|登门|\bon-site|\bhome visit",
    "person": r"当面|亲自|\bin person",
    "chat": r"微信|钉钉|在线消息|\bchat|\bonline",
}


def _other_way(plain: str, source: Support) -> bool:
    """By telephone where the source says in person."""
    return any(
        re.search(way, plain) and not re.search(way, source.text)
        for name, way in _CHANNELS.items()
        if any(re.search(other, source.text) for key, other in _CHANNELS.items() if key != name)
    )


def _somebody_else(plain: str, source: Support, same: bool) -> bool:
    """Whoever does it, gets it or decides it in the sentence, and not in the source."""
    known = " ; ".join(segment.text for segment in source.segments)
    for pattern in (_BY, _TO):
        for match in pattern.finditer(plain):
            found = match.groupdict()
            name = found.get("zh") or found.get("en") or ""
            if not _acts(name):
                continue
            slot = "由" if pattern is _BY else "(?:向|给|转|报|找|交|经|通知|请示|联系|告知)"
            if same and found.get("zh") and not re.search(rf"{slot}[^,;。]{{0,6}}{name}", known):
                return True
            if not acting(name) & acting(known) and name not in known:
                return True
    return _another_decides(plain, source) or (
        same and (_another_post(plain, source) or _by_whom(plain, source))
    )


def _another_post(plain: str, source: Support) -> bool:
    """Somebody does what the source, in the statement with most of its words, gives to a post."""
    for part in segments(plain):
        own = words(part.text)
        who = subject(part.text)
        shared = [
            (
                len(own & words(other.text, True))
                + 2 * sum(supported(quantity, other.quantities) for quantity in part.quantities),
                other,
            )
            for other in source.segments
        ]
        best = max((count for count, _ in shared), default=0)
        if who is None or best < 2:
            continue
        openings = [_POST.match(other.text) for count, other in shared if count == best]
        if openings and all(post and post.group("post") not in part.text for post in openings):
            return True
    return False


def _by_whom(plain: str, source: Support) -> bool:
    """ "by the owner" where the source knows an owner to whom something is done."""
    for match in _BY_NOUN.finditer(plain):
        noun = match["noun"]
        if noun not in source.text:
            continue
        doing = rf"\b(?:by|of|from) (?:the |an? )?(?:[a-z]+ )?{noun}|(?:^|[.;,] |\band )(?:the |an? |every |each )?(?:[a-z]+ )?{noun}"
        if not any(re.search(doing, segment.text) for segment in source.segments):
            return True
    return False


def _acts(name: str) -> bool:
    return bool(acting(name)) or bool(re.fullmatch(rf"[\u4e00-\u9fff]{{0,4}}?{_ROLE}", name))


def _another_decides(plain: str, source: Support) -> bool:
    """Approval by somebody who approves nothing in the source."""
    deciding = [segment for segment in source.segments if _DECIDES.search(segment.text)]
    if not deciding:
        return False
    there = frozenset().union(*(acting(segment.text) for segment in deciding))
    for segment in segments(plain):
        who = acting(segment.text)
        if _DECIDES.search(segment.text) and who and there and not who & there:
            return True
    return False


def _reordered(plain: str, source: Support) -> bool:
    """「先甲再乙」 where the source has 乙 before 甲."""
    for match in _FIRST_THEN.finditer(plain):
        first, then = _characters(match["a"]), _characters(match["b"])
        for other in _FIRST_THEN.finditer(source.text):
            before, after = _characters(other["a"]), _characters(other["b"])
            straight = len(first & before) + len(then & after)
            crossed = len(first & after) + len(then & before)
            if crossed > straight:
                return True
        if not _FIRST_THEN.search(source.text) and not re.search(r"先|再|然后", source.text):
            return True
    return False


def _let_off(plain: str, source: Support) -> bool:
    """Somebody does what the source, wherever it speaks of them as acting, says they need not do."""
    for part in segments(plain):
        who = _subject(part.text)
        if not who or _NOT.search(part.text) or modes(part.text) & {Mode.FORBID, Mode.EXEMPT, Mode.PERMIT}:
            continue
        acts = [segment for segment in source.segments if _subject(segment.text) & who]
        if acts and all(Mode.EXEMPT in modes(segment.text) for segment in acts):
            return True
    return False


def _subject(text: str) -> frozenset[int]:
    if HAN.search(text):
        number = subject(text)
        return frozenset() if number is None else frozenset({number})
    opening = _OPENING.match(text)
    return acting(opening.group()) if opening else frozenset()


def _on_the_other_side(plain: str, source: Support) -> bool:
    """ "free after the warranty" where the statement that says so says "during"."""
    said = words(plain)
    shared = [(len(said & words(other.text, True)), other) for other in source.statements]
    for match in _WHEN.finditer(plain):
        noun = stem(match["noun"])
        sides = [
            (count, {m["side"] for m in _WHEN.finditer(other.text) if stem(m["noun"]) == noun})
            for count, other in shared
        ]
        with_it = [count for count, found in sides if match["side"] in found]
        otherwise = [count for count, found in sides if found and match["side"] not in found]
        if otherwise and max(otherwise) > max(with_it, default=0):
            return True
    return False


def _characters(text: str) -> set[str]:
    return set("".join(content_runs(text)))


def _negates_what_is_said(plain: str, source: Support) -> bool:
    """ "not recommended" where the source recommends, and denies something else."""
    for match in _NEGATED.finditer(plain):
        word = stem(match["w"])
        if match["w"] in FUNCTION_WORDS:
            continue
        denied = {stem(other["w"]) for other in _NEGATED.finditer(source.text)}
        if word in {stem(w) for w in LATIN_WORD.findall(source.text)} and word not in denied:
            return True
    return False


__all__ = ["unfaithful"]
