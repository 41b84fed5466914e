"""Phone numbers of other countries, and Chinese ones spelled out in English words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from bot.assistant.redaction_findings import Finding, FindingKind

_FOREIGN = re.compile(r"\+(?!86)\d{1,3}[\s\-()]{0,2}(?:\d[\s\-()]{0,2}){6,11}\d")
_NEIGHBOURS = re.compile(
    r"(?<![\d.\-/])(?:(?:00)?85[23][\s\-]\d{4}[\s\-]?\d{4}|(?:00)?886[\s\-]?9\d{2}[\s\-]?\d{3}[\s\-]?\d{3}|07\d{3}[\s\-]\d{3}[\s\-]?\d{3,4}|09\d{2}[\s\-]\d{3}[\s\-]?\d{3})(?![\d\-])"
)
"""Hong Kong, Macao, Taiwan and British mobile numbers without a plus."""
_TOLD = re.compile(
    r"\b(?:(?:my|her|his|their|the|phone|mobile|cell|contact) (?:phone |mobile |cell )?(?:number|no\.?|phone|mobile|cell)(?: is|:)?|(?:call|reach|ring|text|phone|dial)(?: (?:me|him|her|them))?(?: back)?(?: at| on)?)\s*(?P<id>\(?\d[\d\s\-().]{6,16}\d)(?!\d)",
    re.I,
)
_WRITTEN = re.compile(
    r"(?<![A-Za-z0-9_.\-/#])\(?\d{1,5}\)?(?:[ .\-]{1,2}\(?\d{2,5}\)?){1,4}(?![A-Za-z0-9_\-/])|(?<![A-Za-z0-9_.\-/#])\d{8,11}(?![A-Za-z0-9_\-/])"
)
_TOLD_BEFORE = re.compile(
    r"(?:电话|手机|号码|联系|致电|回电|拨打|打给|whatsapp|\btel\b|phone|mobile|\bmob\b|\bcell\b|\bcall(?:ed|ing)?\b|\btext\b|\bdial\b|\breach(?:ed)?\b|\bring\b|马来|新加坡|日本|韩国|台湾|台北|高雄|香港|澳门|泰国|越南|美国|英国|德国|法国|俄罗斯|加拿大|澳洲|澳大利亚|新西兰|菲律宾|印度)[^。;!?\n\d]{0,14}$",
    re.I,
)
_OURS_BEFORE = re.compile(
    r"(?:单|编号|工号|流水|型号|版本|卡号|金额|order|ticket|case|ref(?:erence)?|invoice|staff|serial|tracking|hotline|热线|客服电话|服务电话)(?:号|no\.?|number|id)?[\s:#是为]{0,3}$",
    re.I,
)
_SERVICE = re.compile(r"(?:400|800|95|96|12[0-9]{3}$)")
_BY_SHAPE = {
    "GB": re.compile(r"\(?0[127]"),
    "US": re.compile(r"\(\d{3}\)|\d{3}[\-.]\d{3}[\-.]\d{4}$"),
    "RU": re.compile(r"8 ?\(9\d{2}\)"),
}
"""Countries whose numbers are known by their shape alone, in groups."""
_BY_WORD = (
    "GB",
    "US",
    "HK",
    "MO",
    "TW",
    "SG",
    "JP",
    "KR",
    "AU",
    "NZ",
    "MY",
    "TH",
    "VN",
    "PH",
    "IN",
    "DE",
    "FR",
    "RU",
)
"""Countries whose numbers count where a word says that a phone number stands there."""
_ENGLISH_DIGITS = {
    word: str(digit)
    for digit, words in enumerate(
        ("zero|oh|o", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    )
    for word in words.split("|")
}
_SPELLED = re.compile(
    rf"\b(?:(?:(?:double|triple)[\s\-]+)?(?:{'|'.join(_ENGLISH_DIGITS)})[\s,\-]+){{6,18}}(?:{'|'.join(_ENGLISH_DIGITS)})\b",
    re.I,
)


def find(plain: str) -> list[Finding]:
    """The numbers of a text of one width."""
    foreign = [
        Finding(FindingKind.PHONE, match.start(), match.end(), match[0][:3] + "****" + match[0][-4:])
        for match in _FOREIGN.finditer(plain)
    ]
    near = [
        Finding(FindingKind.PHONE, *match.span(), match[0][:3] + "****" + match[0][-4:])
        for match in _NEIGHBOURS.finditer(plain)
    ]
    told = [
        Finding(FindingKind.PHONE, *match.span("id"), "****" + match["id"][-2:])
        for match in _TOLD.finditer(plain)
        if len(re.findall(r"\d", match["id"])) >= 8
    ]
    return [*foreign, *near, *told, *_planned(plain), *_spelled(plain)]


def _planned(plain: str) -> Iterator[Finding]:
    """Numbers without a plus that are valid in some country's numbering plan (by libphonenumber)."""
    for match in _WRITTEN.finditer(plain):
        before, digits = plain[max(0, match.start() - 24) : match.start()], re.sub(r"\D", "", match[0])
        if digits.startswith("00") and not digits.startswith("0086"):
            if _is_possible(f"+{digits[2:]}") and not _OURS_BEFORE.search(before):
                yield Finding(FindingKind.PHONE, *match.span(), "****" + digits[-2:])
            continue
        if not 8 <= len(digits) <= 13 or _SERVICE.match(digits) or _OURS_BEFORE.search(before):
            continue
        shaped = [region for region, shape in _BY_SHAPE.items() if shape.match(match[0])]
        regions = _BY_WORD if _TOLD_BEFORE.search(before) else shaped if len(digits) > 9 else ()
        if any(_is_valid(match[0], region) for region in regions):
            yield Finding(FindingKind.PHONE, *match.span(), "****" + digits[-2:])


def _is_possible(international: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(international))
    except phonenumbers.NumberParseException:
        return False


def _is_valid(written: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False


def _spelled(plain: str) -> Iterator[Finding]:
    """Numbers spelled out in English words."""
    for match in _SPELLED.finditer(plain):
        words = re.findall(r"[a-z]+", match[0].lower())
        digits, times = "", 1
        for word in words:
            if word in ("double", "triple"):
                times = 2 if word == "double" else 3
            else:
                digits, times = digits + _ENGLISH_DIGITS[word] * times, 1
        if re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits):
            yield Finding(FindingKind.PHONE, match.start(), match.end(), f"{digits[-11:-8]}****{digits[-4:]}")
