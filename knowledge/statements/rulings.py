"""The values that a text rules: a number in its role, who is asked, what is allowed, what follows, by what way, in
which order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from knowledge.statements import classes
from knowledge.statements.addresses import without_addresses
from knowledge.statements.conditions import conditions_of
from knowledge.statements.modes import Mode, modes
from knowledge.statements.norms import is_rule
from knowledge.statements.quantities import folded
from knowledge.statements.segments import is_chinese, sentence_spans, sentences
from knowledge.statements.steps import steps
from knowledge.statements.topics import topic, weight


class RulingKind(StrEnum):
    """What kind of value is ruled."""

    NUMBER = "number"
    PERSON = "person"
    POLARITY = "polarity"
    SANCTION = "sanction"
    CHANNEL = "channel"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One value that a sentence rules."""

    kind: RulingKind
    role: str
    """What the value is: `money fine`, `duration advance`, `clock`, `approve`, …; only like roles are compared."""
    values: frozenset[object]
    written: str
    """The value as the text writes it."""
    about: str
    """The part of the sentence that holds it, folded, with what it leans on and without the value."""
    within: str
    """The whole sentence under its heading, folded."""
    part: str
    """That part, folded, with what it leans on."""
    own: str
    """That part alone."""
    sentence: str
    """The sentence, verbatim."""
    conditions: frozenset[tuple[str, Fraction]] = frozenset()
    """Numbers that say when it holds (第三次, 三天以上), as (unit, value)."""
    qualified: frozenset[str] = frozenset()
    """Words that say under which condition it holds (私自, 未经同意, 除外): its opposite contradicts it only under the
    same."""
    side: str = ""
    """Of a number: `upper`, `lower` or nothing."""
    per: str = ""
    """Of a number: for each what (班, 月, 分钟)."""
    steps: tuple[str, ...] = ()
    """Of an order: its steps."""


_PART = re.compile(r"[;。!?\n]+|,(?!\d{3}(?!\d))|(?<!\d):|:(?!\d)")
_AROUND = 2
"""Parts of a sentence on each side of a value in which what it is about may be said."""
_LEANS = re.compile(
    r"\s*(?:必须|务必|须|应|需|可|不得|不能|不准|严禁|禁止|要|经|由|向|报|方|才|则|并|一次|每次|每单|单次|最多|超过|当月|第\S{1,2}次|首次|否则|逾期|之后)"
)
"""A part that begins so says something of the part before."""
_QUALIFIED = re.compile(
    r"私自|擅自|自行(?!车)|随意|任意|无故|未经|没有|未(?!成年)|除非|除外|特殊情况|确需|确实需要|方可|才可|才能|经\S{0,14}(?:批准|同意|许可)|如有|如需|一旦|否则|原则上"
    r"|\bunless\b|\bexcept\b|\bwithout\b|\bonly (?:with|if|when|after)\b|\bif\b"
)
_LIMITED = re.compile(
    r"超过|少于|低于|多于|高于|超出|不到|以内|以上|以下|仅限|只能|只可|\bmore than\b|\bless than\b|\bat most\b|\bat least\b|\bonly\b|\bup to\b"
)
_FREE = re.compile(r"免(?=签|登|填|押|检|试|排|审|预|核|出示|刷)")
_NOT_TAKEN = re.compile(r"(?:概?不|恕不)(?:接受|受理|支持|提供|办理|代收|代办|对外|开放|收取)|谢绝")
_TAKEN = re.compile(r"(?<!不)(?:接受|受理|支持|提供)(?!者|商)")
_MENTIONED = re.compile(r"等方面|情节|轻重|建议|权利|制度$|的标准|管理办法|私自调|不得(?:扣|罚)|免(?:罚|于)")
_WAY_BEFORE = re.compile(
    r"(?:以|用|通过|由|经|在|于|至|到|凭|拨打|致|发|寄|提交|填写|登录|采用|使用|统一|接受|从|请|只能|张|上)\S{0,5}$|^$"
)
_WAY_AFTER = re.compile(
    r"^(?:公司|方式|形式|内|里|上|中|平台|渠道)?(?:通知|告知|办理|受理|申请|提交|登记|发布|确认|报修|预订|预约|联系|回访|提醒|支付|收取|进行|投诉|发送|报名|汇报|请假|查询|提出|发给|为准|记录|领取|留言|回复|答复)"
)
_WAY_ITSELF = re.compile(
    r"(?:by|via|over|in|on|at|to|an|as|calls?|posted|face|written|verbally|online|electronic)\b"
)
_WAY_BEFORE_EN = re.compile(
    r"\b(?:by|via|through|in|on|over|using|use|uses|with|into|at|from|to|calls?|calling|rings?)\s+"
    r"(?:the |an? |our |their |its |your |this |that |company |official |internal |customer |\w+['’]s? |\w+ (?=\S*$))*$"
)
_WAY_AFTER_EN = re.compile(
    r"\s*(?:$|[^\w\s'-]|(?:form|system|channel|chat|group|message|page|app|ticket|desk|hotline|line|only|alone|and|or|within"
    r"|before|after|at|by|to|in|on|for|from|with|if|when|as|no|not|the|a|an|every|each|the same|first|immediately|\w+ly|is|are|must|may|can)\b)"
)
_HANDED_EN = re.compile(
    r"\b(?:report|sen[dt]|submit|request|appl[yi]|pa(?:y|id)\b|pays|payable|book|confirm|notif|tell|told|inform|fil(?:e|ed|es|ing)\b|order|regist|record"
    r"|log(?:s|ged)?\b|contact|ask|announc|publish|post(?:s|ed)?\b|hand(?:s|ed)?\b|swap|chang|cancel|complain|claim|answer|repl[yi]|respond|rais|issu(?:e|ed|es)\b"
    r"|giv|g[ao]ve|reach|remind|communicat|enter|update|sign|collect|return|escalat|propos|made|make|refund|accept)"
)
_MARK = re.compile(
    r"不得|禁止|严禁|不准|不许|不允许|不可以?|不能|谢绝|拒绝|无需|无须|不必|不用|不需要?|必须|务必|应当?|须|需要?|可以|允许|准许|可|能"
    r"|\b(?:must|may|shall|should|can|need|do|does|are|is)(?: not|n't)?\b(?: (?:allowed|permitted|required|need|have) to)?|\bcannot\b|\boptional\b|\bforbidden\b|\bprohibited\b"
)
OPPOSED: frozenset[frozenset[Mode]] = frozenset(
    {
        frozenset({Mode.FORBID, Mode.PERMIT}),
        frozenset({Mode.FORBID, Mode.OBLIGE}),
        frozenset({Mode.OBLIGE, Mode.EXEMPT}),
    }
)
"""Modes of which two rules about one act cannot both hold."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a sentence and what it leans on."""

    part: str
    leaning: str
    within: str
    sentence: str
    previous: str
    """The part before."""
    heading: str

    @property
    def rules(self) -> bool:
        """Whether it is a rule by its form."""
        return is_rule(self.part) or (self.leaning != self.part and is_rule(self.leaning))

    def ruling(
        self,
        kind: RulingKind,
        role: str,
        values: Iterable[object],
        written: str,
        conditions: frozenset[tuple[str, Fraction]] = frozenset(),
        *,
        about: str = "",
        qualified: frozenset[str] = frozenset(),
        side: str = "",
        per: str = "",
    ) -> Ruling:
        """A ruling that stands here."""
        return Ruling(
            kind, role, frozenset(values), written.strip(), about or self.leaning, self.within, self.leaning,
            self.part, self.sentence, conditions, qualified, side, per,
        )  # fmt: skip


@lru_cache(maxsize=4096)
def rulings(text: str, heading: str = "", reading: str = "") -> tuple[Ruling, ...]:
    """Everything that a text rules; `heading` stands over it and says what a bare sentence is about. `reading` is
    its normalised reading (typos and odd synonyms put right), which is read while the text is quoted."""
    # Both read what this module defines.
    from knowledge.statements.ruled_numbers import numbers
    from knowledge.statements.ruled_people import asked

    found: list[Ruling] = []
    plain = without_addresses(text)
    spans = sentence_spans(plain)
    read = sentences(without_addresses(reading)) if reading else []
    if len(read) != len(spans):
        read = [plain[start:end].strip() for start, end in spans]
    quotes = [text[start:end].strip() for start, end in spans]
    above = folded(heading)
    before = ""
    carries = False
    for quote, sentence in zip(quotes, read, strict=True):
        if not carries:
            before = ""
        previous = ""
        whole = folded(sentence)
        parts = [*filter(None, map(str.strip, _PART.split(whole)))]
        for number, part in enumerate(parts):
            own = topic(part)
            leans = len(own) < 2 or bool(_LEANS.match(part))
            lead = before or (above if len(own) < 2 else "")
            near = ",".join(parts[max(0, number - _AROUND) : number + _AROUND + 1])
            place = Place(
                part, f"{lead},{part}" if leans and lead else part, f"{above},{lead},{near}", quote, previous, above,
            )  # fmt: skip
            found += [*numbers(place), *asked(place), *_polarities(place), *_ways(place)]
            found += _follows(place, ",".join(parts[max(0, number - _AROUND) : number + 1]))
            previous = part
            if weight(own) >= 1:
                before = part
        found += _order(Place(whole, whole, whole, quote, "", above))
        carries = quote.rstrip().endswith((";", "；"))  # 「迟到5分钟以内免罚;30分钟以内扣20元」
    return tuple(found)


def _polarities(place: Place) -> Iterator[Ruling]:
    part = place.part
    said = modes(part)
    if _FREE.search(part) and not said:
        said = frozenset({Mode.EXEMPT})
    elif _NOT_TAKEN.search(part) and said <= {Mode.FORBID, Mode.PERMIT}:
        said = frozenset({Mode.FORBID})
    elif not said and _TAKEN.search(part):
        said = frozenset({Mode.PERMIT})
    if len(said) == 1 and not _LIMITED.search(part):
        mark = _MARK.search(part)
        written = mark[0] if mark else part[:6]
        qualified = frozenset(_QUALIFIED.findall(place.leaning))
        yield place.ruling(RulingKind.POLARITY, "mode", said, written, qualified=qualified)


def _follows(place: Place, around: str) -> Iterator[Ruling]:
    """What follows a breach; `around` is the part with those before it, which say what the breach is."""
    named = classes.named("sanctions.txt", place.part)
    if named and not _MENTIONED.search(place.part) and place.rules:
        about = classes.blanked("sanctions.txt", around)
        yield place.ruling(
            RulingKind.SANCTION,
            "follows",
            named,
            "/".join(named.values()),
            conditions_of(around),
            about=about,
        )


def _ways(place: Place) -> Iterator[Ruling]:
    """By what way something is said, handed in or paid."""
    part = place.part
    if not modes(part).isdisjoint({Mode.FORBID, Mode.EXEMPT}) or _NOT_TAKEN.search(part):
        return
    named = {
        key: words for key, words in classes.named("channels.txt", part).items() if _is_way(part, words)
    }  # fmt: skip
    if named and place.rules:
        about = classes.blanked("channels.txt", place.leaning)
        yield place.ruling(
            RulingKind.CHANNEL,
            "by",
            named,
            "/".join(named.values()),
            conditions_of(place.leaning),
            about=about,
        )


def _is_way(part: str, words: str) -> bool:
    """Whether a word for a way is one here: 「通过电话受理」, no 「接听电话」; "in the app", no "app store"."""
    start = part.index(words)
    before, after = part[:start], part[start + len(words) :]
    if words.isascii() and (part.isascii() or not is_chinese(part)):
        by = _WAY_ITSELF.match(words) or _WAY_BEFORE_EN.search(before)
        return bool(by and _WAY_AFTER_EN.match(after) and _HANDED_EN.search(part))
    return words == "张贴" or bool(_WAY_BEFORE.search(before) or _WAY_AFTER.match(after))


def _order(place: Place) -> Iterator[Ruling]:
    """In which order something is done."""
    ordered = steps(place.part)
    if ordered and any(is_rule(part.strip()) for part in _PART.split(place.part)):
        yield Ruling(
            RulingKind.ORDER, "order", frozenset(ordered), " → ".join(ordered), place.part, place.within,
            place.part, place.part, place.sentence, conditions_of(place.part), steps=ordered,
        )  # fmt: skip
