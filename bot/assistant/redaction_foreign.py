"""Phone numbers of other countries, and Chinese ones spelled out in English words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.assistant.redaction_findings import Finding, FindingKind

_FOREIGN = re.compile(r"\+(?!86)\d{1,3}[\s\-()]{0,2}(?:\d[\s\-()]{0,2}){6,11}\d")
_NEIGHBOURS = re.compile(
    r"(?<![\d.\-/])(?:(?:00)?85[23][\s\-]\d{4}[\s\-]?\d{4}|(?:00)?886[\s\-]?9\d{2}[\s\-]?\d{3}[\s\-]?\d{3}|07\d{3}[\s\-]\d{3}[\s\-]?\d{3,4})(?![\d\-])"
)
"""Hong Kong, Macao, Taiwan and British mobile numbers without a plus."""
_TOLD = re.compile(
    r"\b(?:(?:my|her|his|their|the|phone|mobile|cell|contact) (?:phone |mobile |cell )?(?:number|no\.?|phone|mobile|cell)(?: is|:)?|(?:call|reach|ring|text|phone|dial)(?: (?:me|him|her|them))?(?: back)?(?: at| on)?)\s*(?P<id>\(?\d[\d\s\-().]{6,16}\d)(?!\d)",
    re.I,
)
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
    return [*foreign, *near, *told, *_spelled(plain)]


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
