"""Phone numbers, ID numbers and bank cards, in digits of any width, Chinese numerals and loose writing.

Digits are read in runs: groups of digits with a few separators between them. Any row of neighbouring
groups may be a number; what it is depends on its digits, on how it is grouped and on the words before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.assistant.redaction_findings import Finding, FindingKind

_NUMERALS = {
    **{str(digit): str(digit) for digit in range(10)},
    **dict(zip("〇零○一二三四五六七八九", "000123456789", strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖幺", "1234567891", strict=True)),
}
_DIGIT = "[" + "".join(_NUMERALS) + "]"
_SEPARATORS = r"[\s\-‐‑‒–—−.·•_~,、/()\[\]\u200b\u200c\u200d\u2060\ufeff]{1,5}"
_RUN = re.compile(rf"{_DIGIT}+(?:{_SEPARATORS}{_DIGIT}+)*")
_GROUP = re.compile(f"{_DIGIT}+")
_LONGEST = 19
_CONTEXT = 16
"""How many characters before a number tell what it is."""

_PHONE_GROUPS = frozenset(
    {
        (11,),
        (3, 4, 4),
        (3, 8),
        (7, 4),
        (4, 3, 4),
        (4, 4, 3),
        (3, 3, 5),
        (5, 6),
        (3, 5, 3),
        (1,) * 11,
        (3, 2, 2, 2, 2),
        (3, 2, 2, 4),
        (3, 4, 2, 2),
        (3, 2, 3, 3),
        (3, 3, 3, 2),
        (3, 2, 4, 2),
        (3, 4, 1, 3),
        (3, 4, 3, 1),
    }
)
_PHONE_WORDS = re.compile(
    r"(?:电话|手机|号码|联系方式|联系|致电|回电|来电|拨打|拨|打给|短信|座机|固话|热线|(?:那个|的|她|他|这个|个)号|tel|phone|mobile|cell|call|text|dial|reach)[^。;!?\n]{0,8}$",
    re.I,
)
_LANDLINE_WORDS = re.compile(
    r"(?:座机|固话|电话|联系方式|tel|phone|landline)(?:号码|号|number|no\.?)?[\s:是为is]{0,4}$", re.I
)
_ID_WORDS = re.compile(
    r"(?:身份证|身份|证件|\bID(?:\s?(?:card|number|no\.?|num))?|identity)[^0-9。;!?\n]{0,10}$", re.I
)
_CARD_WORDS = re.compile(
    r"(?:(?:退款|钱|款|转账?|汇|打款?|退|还)[^0-9。;!?\n]{0,4}(?:到|给|进|至)|(?<![打刷点卡])卡(?:号|号码)?(?:[\s:是为]{0,3})$|卡号|银行卡|储蓄卡|信用卡|借记卡|工资卡|账号|帐号|账户|帐户|(?:bank|credit|debit)?\s?card|account|acct)[^0-9。;!?\n]{0,10}$",
    re.I,
)
_OWN_NUMBERS = re.compile(
    r"(?:发票)?代码[\s:#是为]{0,3}$|(?:工单|订单|单|流水|编|序列|序|型|运单|快递|物流|票|合同|保单|批次|批|受理|案件|员工|工)(?:号码|编号|号|id)?"
    r"[\s:#是为]{0,3}$"
    r"|(?:工单|订单|运单|合同|流水|编号|单号|工号)[^0-9。;,!?\n]{0,3}$"
    r"|(?:order|work\s?order|ticket|case|invoice|tracking|staff|employee|serial|contract|s/?n)"
    r"\s?(?:no\.?|number|num|id|#)?[\s:#is]{0,4}$",
    re.I,
)
_CODE = re.compile(r"(?:^|[^A-Za-z])(?!(?:TEL|PHONE|MOBILE|MOB|CELL|VX|WX|QQ|CALL|NO|ID)\b)[A-Z]{2,}-?$")
_AMOUNT_AFTER = re.compile(r"\s?(?:元|块|万|亿|圆|rmb|yuan|%)", re.I)
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BIRTH = re.compile(r"(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BIRTH_OLD = re.compile(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BIRTH_BEGUN = re.compile(r"(?:18|19|20)\d\d")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A row of neighbouring groups of one run."""

    text: str
    start: int
    end: int
    digits: str
    groups: tuple[int, ...]

    @property
    def before(self) -> str:
        return self.text[max(0, self.start - _CONTEXT) : self.start]

    @property
    def after(self) -> str:
        return self.text[self.end : self.end + 3]

    @property
    def is_own(self) -> bool:
        """Labelled as an order, ticket or staff number."""
        return bool(_OWN_NUMBERS.search(self.before) or _CODE.search(self.before))


_LETTERS_FOR_ZERO = re.compile(rf"(?<={_DIGIT})[Oo]{{1,8}}(?={_DIGIT})")
"""A letter typed for a nought, between digits: 幺三三OOOO七七一九."""


def find(plain: str) -> list[Finding]:
    """The private numbers of a text of one width."""
    plain = _LETTERS_FOR_ZERO.sub(lambda found: "0" * len(found[0]), plain)
    found: list[Finding] = []
    for run in _RUN.finditer(plain):
        found += _in_run(plain, run)
    return [*found, *_in_pieces(plain)]


_PIECE = re.compile(
    rf"(?:(?:前|开头|中间|中|后|最后|末|尾|结尾)(?:[面边]?(?:的|这)?[二三四五六七八九2-9](?:位|个)(?:数字?)?)?(?:号码)?(?:[^0-9。;!?\n]{{0,6}}?[是为:]|\s)?|(?:先|又|再|接着|然后)(?:念|报|说)了?)\s?(?P<digits>{_DIGIT}{{3,8}}(?:[,、\s\-]{_DIGIT}{{3,4}})?)(?!{_DIGIT})"
)
_APART = 12
"""So many characters may lie between two pieces of one number."""


def _in_pieces(plain: str) -> Iterator[Finding]:
    """Numbers told piece by piece (前三位…中间四位…); a last piece alone (尾号 1234) tells nobody's number."""
    row: list[re.Match[str]] = []
    for piece in [*_PIECE.finditer(plain), None]:
        if piece and row and piece.start() - row[-1].end() <= _APART:
            row.append(piece)
            continue
        if len(row) > 1 and sum(len(one["digits"]) for one in row) >= 7:
            yield _masked(FindingKind.PHONE, row[0].start("digits"), row[-1].end(), "***")
        row = [piece] if piece else []


def _in_run(plain: str, run: re.Match[str]) -> Iterator[Finding]:
    groups = list(_GROUP.finditer(plain, run.start(), run.end()))
    first = 0
    while first < len(groups):
        finding, used = _longest_from(plain, groups[first:])
        if finding is not None:
            yield finding
        first += used


def _longest_from(plain: str, groups: Sequence[re.Match[str]]) -> tuple[Finding | None, int]:
    """The most telling number that begins with the first group, and how many groups it takes."""
    digits, best = "", None
    lengths: list[int] = []
    used = 1
    for count, group in enumerate(groups, start=1):
        digits += "".join(_NUMERALS[c] for c in group[0])
        lengths.append(len(group[0]))
        if len(digits) > _LONGEST:
            break
        finding = _classify(_Candidate(plain, groups[0].start(), group.end(), digits, tuple(lengths)))
        if finding is not None:
            best, used = finding, count
    return best, used


def _classify(candidate: _Candidate) -> Finding | None:
    return _id_number(candidate) or _bank_card(candidate) or _mobile(candidate) or _landline(candidate)


def _masked(kind: FindingKind, start: int, end: int, masked: str) -> Finding:
    return Finding(kind, start, end, masked)


def _hide(value: str, head: int, tail: int) -> str:
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def _id_number(candidate: _Candidate) -> Finding | None:
    digits, end = candidate.digits, candidate.end
    labelled = bool(_ID_WORDS.search(candidate.before))
    if len(digits) == 17:
        tail = re.match(r"[\s\-]?[Xx](?![A-Za-z0-9])", candidate.text[end:])
        if not tail:
            return None
        digits, end = digits + "X", end + tail.end()
    born = (len(digits) == 18 and _BIRTH.fullmatch(digits[6:14])) or (
        len(digits) == 15 and _BIRTH_OLD.fullmatch(digits[6:12]) and labelled
    )
    plausible = born and _PROVINCE.match(digits) and (not candidate.is_own or _checksum(digits))
    begun = (
        labelled
        and 10 <= len(digits) <= 17
        and bool(_PROVINCE.match(digits) and _BIRTH_BEGUN.match(digits[6:]))
    )
    if not plausible and not begun and not (labelled and len(digits) in (15, 18)):
        return None
    return _masked(FindingKind.ID_NUMBER, candidate.start, end, _hide(digits, 6, 4))


def _checksum(digits: str) -> bool:
    if len(digits) != 18:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17]


def _bank_card(candidate: _Candidate) -> Finding | None:
    digits = candidate.digits
    if not 16 <= len(digits) <= 19:
        return None
    labelled = bool(_CARD_WORDS.search(candidate.before))
    issuer = digits.startswith("62") or (len(digits) == 16 and re.match(r"4|5[1-5]|3[56]", digits))
    grouped = (
        len(candidate.groups) == 1 or candidate.groups[:2] in ((4, 4), (6, 4)) or candidate.groups[0] == 1
    )
    # Four fours of a UnionPay number are a card whatever its check digit, and so are the rest of 19 digits.
    in_fours = digits.startswith("62") and candidate.groups in ((4, 4, 4, 4), (4, 4, 4, 4, 3))
    if labelled or (issuer and grouped and (in_fours or _luhn(digits)) and not candidate.is_own):
        return _masked(FindingKind.BANK_CARD, candidate.start, candidate.end, _hide(digits, 4, 4))
    return None


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _mobile(candidate: _Candidate) -> Finding | None:
    digits, groups, start = candidate.digits, candidate.groups, candidate.start
    country = re.match(r"(?:00)?86(?=1[3-9])", digits)
    if country and len(digits) - country.end() == 11:
        groups = _without_lead(groups, country.end())
        digits = digits[country.end() :]
        if candidate.text[start - 1 : start] == "+":
            start -= 1
    if len(digits) != 11 or not re.match("1[3-9]", digits):
        return None
    told = bool(_PHONE_WORDS.search(candidate.before))
    # Said haltingly, digit by digit: 13 8 0000 9 9 1 7.
    halting = len(groups) >= 5 and groups.count(1) >= 3
    if groups not in _PHONE_GROUPS and not told and not halting:
        return None
    if not told and (candidate.is_own or (len(groups) == 1 and _AMOUNT_AFTER.match(candidate.after))):
        return None
    start = _with_bracket(candidate, start)
    return _masked(FindingKind.PHONE, start, candidate.end, f"{digits[:3]}****{digits[-4:]}")


def _with_bracket(candidate: _Candidate, start: int) -> int:
    """The start with an opening bracket that is closed inside the number: (0571) 8888 8888."""
    opened = candidate.text[start - 1 : start] == "(" and ")" in candidate.text[start : candidate.end]
    return start - 1 if opened else start


def _without_lead(groups: tuple[int, ...], lead: int) -> tuple[int, ...]:
    """The grouping without its first `lead` digits (the country code)."""
    rest = list(groups)
    while lead:
        taken = min(lead, rest[0])
        rest[0] -= taken
        lead -= taken
        if not rest[0]:
            rest.pop(0)
    return tuple(rest)


def _landline(candidate: _Candidate) -> Finding | None:
    digits = candidate.digits
    told = bool(_LANDLINE_WORDS.search(candidate.before))
    if match := _LANDLINE.fullmatch(digits):
        attached = candidate.text[max(0, candidate.start - 1) : candidate.start]
        split = candidate.groups[0] in (3, 4, len(digits))
        if not told and (candidate.is_own or not split or re.match(r"[A-Za-z\d\-.]", attached)):
            return None
        start = _with_bracket(candidate, candidate.start)
        return _masked(FindingKind.PHONE, start, candidate.end, f"{match[1]}****{digits[-4:]}")
    local = (
        len(digits) in (7, 8) and digits[0] in "23456789" and candidate.groups in ((7,), (8,), (4, 4), (3, 4))
    )
    if told and local and not _BIRTH.fullmatch(digits):
        return _masked(FindingKind.PHONE, candidate.start, candidate.end, f"****{digits[-4:]}")
    return None
