"""Numbers as they are written in Chinese and English rules, read into values with units.

「三次」, "3次", 「第三次」 and "the third time" are the same quantity; so are 「半小时」 and "30 minutes",
「下午5点」 and "17:00". What is no number although it looks like one (「一般」, 「万一」, "one of them") is left
out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from knowledge.statements.numerals import DIGITS, number
from knowledge.statements.units import (
    CHINESE_UNITS,
    ENGLISH_UNITS,
    ENGLISH_WORDS,
    FIXED,
    IDIOMS,
    ORDINALS,
    WEEKDAYS,
)

_HAN = rf"(?:[{DIGITS}十百千万亿]+(?:点[{DIGITS}]+)?)"
_ARABIC = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_BY_LENGTH = sorted(CHINESE_UNITS, key=len, reverse=True)
_UNIT = "|".join(map(re.escape, _BY_LENGTH))
_ENGLISH_UNIT = "|".join(sorted(ENGLISH_UNITS, key=len, reverse=True))

_REFERENCE = re.compile(rf"第\s*(?:{_ARABIC}|{_HAN})\s*(?:章|节|条|款|项|篇|部分|点)|[篇章]\s*(?:\d+|{_HAN})")
_MARKER = re.compile(
    r"(?:(?<=^)|(?<=[\n;。:,、\s]))(?<!\d:)[(]?(?:\d{1,2}|[a-z])[、)]\s*"
    # "is under 18." ends a sentence; "first: 1. ask, 2. note" counts.
    r"|(?:(?<=^)|(?<=[\n;。:,、])|(?<=[;.:,]\s))(?<!\d:)[(]?(?:\d{1,2}|[a-z])\.(?!\d)\s*",
    re.MULTILINE,
)
_MULTIPLIERS = {"万": 10_000, "亿": 100_000_000, "千": 1_000, "百": 100}

_CLOCK = re.compile(
    r"(?P<half>凌晨|清晨|早上|早|上午|中午|下午|傍晚|晚上|晚间|晚|夜里)?\s*"
    rf"(?:(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?!\d)|(?P<ch>\d{{1,2}}|[{DIGITS}十]{{1,3}})\s*[点时](?!间|候|刻|段|限|机|效)"
    rf"(?:(?P<hm>半)|(?P<cm>\d{{1,2}}|[{DIGITS}十]{{1,3}})分(?!钟)|整|钟)?)"
    r"\s*(?P<ap>[ap]\.?m\b)?"
)
_AMPM = re.compile(r"(?P<h>\d{1,2})\s*(?P<ap>[ap])\.?m\b")
_DATE = re.compile(
    rf"(?P<mo>\d{{1,2}}|[{DIGITS}十]{{1,3}})\s*月\s*(?P<d>\d{{1,2}}|[{DIGITS}十]{{1,3}})\s*[日号]"
)
_WEEKDAY = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])")
_PRODUCT = re.compile(r"(?<![a-z0-9])[a-z]+-?\d[a-z0-9-]*(?![a-z0-9])")
_PERCENT = re.compile(rf"百分之\s*(?P<v>{_ARABIC}|{_HAN})")
_TENTHS = re.compile(rf"(?P<v>[{DIGITS}\d])成(?![为了功立员本长交果就都年])")
_MONEY_FIRST = re.compile(rf"[¥$]\s*(?P<v>{_ARABIC})|(?:rmb|cny)\s*(?P<w>{_ARABIC})")
_NUMBER = re.compile(
    rf"(?P<th>第\s*)?(?P<v>{_ARABIC}|{_HAN})\s*(?P<big>[万亿千百])?\s*(?P<more>多|余|几)?\s*"
    rf"(?:(?P<u>{_UNIT})|(?P<lat>[a-z℃°%μ]{{1,4}})(?![a-z]))?(?P<half>半)?"
)
_ENGLISH = re.compile(
    rf"\b(?P<w>{'|'.join(ENGLISH_WORDS)})(?:[ -](?P<w2>{'|'.join(ENGLISH_WORDS)}))?(?![a-z])"
    rf"(?:[ -]+(?P<adj>consecutive|full|calendar|more|straight|further)?\s*(?P<u>{_ENGLISH_UNIT})\b)?"
)
_NOUN = re.compile(
    r"^[ -]?(?!and\b|or\b|per\b|for\b|the\b|from\b|before\b|after\b|more\b|less\b|other\b|new\b|with\b|must\b|may\b|can\b|are\b)"
    r"([a-z]{3,})\b"
)
_DIGITS_ENGLISH = re.compile(
    rf"(?P<v>{_ARABIC})(?P<th>st|nd|rd|th)?(?:[ -]+(?:consecutive|full|calendar|more|straight|further)?\s*"
    rf"(?P<u>{_ENGLISH_UNIT})\b)"
)
_FIXED = tuple((re.compile(pattern), value, unit) for pattern, value, unit in FIXED)
_ANY_FIXED = re.compile("|".join(f"(?:{pattern})" for pattern, _, _ in FIXED))
_IDIOM = re.compile("|".join(IDIOMS))
_ENGLISH_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})s?\b")
_ANY = re.compile(
    rf"[\d{DIGITS}十百千万亿]|(?:周|星期|礼拜)[日天]|{_ANY_FIXED.pattern}|\b(?:{'|'.join((*ENGLISH_WORDS, *WEEKDAYS))})"
)
"""What every quantity holds; most statements hold none."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its canonical unit (`""`: bare number) and where it stands in the folded text."""

    value: Fraction
    unit: str
    start: int
    end: int


def folded(text: str) -> str:
    """One form for full-width and half-width, upper and lower case; positions refer to this form."""
    return unicodedata.normalize("NFKC", text).lower().replace("〜", "~").replace("—", "-").replace("–", "-")


def without_references(text: str) -> str:
    """Folded text without the numbers that only count clauses (「第3条」, list marks): they support no statement."""
    return _MARKER.sub(lambda m: " " * len(m.group()), _REFERENCE.sub(lambda m: " " * len(m.group()), text))


@lru_cache(maxsize=8192)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities of a folded text, in order."""
    if not _ANY.search(text):
        return ()
    found: list[Quantity] = []
    rest = without_references(text)
    if _ANY_FIXED.search(rest):
        for pattern, value, unit in _FIXED:
            rest = _taken(rest, pattern, found, lambda _, v=value, u=unit: (v, u))
    rest = _taken(rest, _PERCENT, found, lambda m: (number(m["v"]), "%"))
    rest = _PRODUCT.sub(lambda m: "□" * len(m.group()), rest)
    rest = _IDIOM.sub(lambda m: "□" * len(m.group()), rest)
    rest = _taken(rest, _AMPM, found, _ampm)
    rest = _taken(rest, _CLOCK, found, _clock)
    rest = _taken(rest, _DATE, found, lambda m: (number(m["mo"]) * 100 + number(m["d"]), "date"))
    rest = _taken(
        rest, _WEEKDAY, found, lambda m: (Fraction("一二三四五六日天".index(m[1]) % 7 + 1), "weekday")
    )
    rest = _taken(rest, _ENGLISH_WEEKDAY, found, _english_weekday)
    rest = _taken(rest, _TENTHS, found, lambda m: (number(m["v"]) * 10, "%"))
    rest = _taken(rest, _MONEY_FIRST, found, lambda m: (number(m["v"] or m["w"]), "money"))
    rest = _taken(rest, _DIGITS_ENGLISH, found, _english_digits)
    rest = _taken(rest, _NUMBER, found, _plain)
    _taken(rest, _ENGLISH, found, _english)
    return _with_range_units(sorted(found, key=lambda q: q.start), text)


def supported(quantity: Quantity, pool: Iterable[Quantity]) -> bool:
    """Whether the pool holds the same value; a bare number on either side takes the other's unit."""
    return any(_same(quantity, other) for other in pool)


def _same(a: Quantity, b: Quantity) -> bool:
    if a.unit == b.unit == "clock":
        # 「5点」 may be said of 17:00 by someone who has just said 下午.
        return a.value == b.value or abs(a.value - b.value) == 720
    units = {a.unit, b.unit}
    if any(unit.startswith("~") for unit in units) and len(units) == 2:
        # "12 books" is not "12 days", but may be 「12本」.
        return a.value == b.value and bool(units & {"", "#", "times"})
    return a.value == b.value and (a.unit == b.unit or "" in units or units == {"#", "times"})


def _taken(text: str, pattern: re.Pattern[str], found: list[Quantity], read: object) -> str:
    """Collect what the pattern reads as a quantity and blank it out, so that nothing is read twice."""

    def one(match: re.Match[str]) -> str:
        result = read(match)  # type: ignore[operator]
        if result is None:
            return match.group()
        found.append(Quantity(result[0], result[1], match.start(), match.end()))
        return "□" * len(match.group())

    return pattern.sub(one, text)


def _with_range_units(found: list[Quantity], text: str) -> tuple[Quantity, ...]:
    """In 「3到5天」 the 3 is days as well."""
    result = list(found)
    for i in range(len(result) - 2, -1, -1):
        a, b = result[i], result[i + 1]
        between = text[a.end : b.start].strip()
        if a.unit == "" and b.unit and between in {"-", "~", "至", "到", "、", "或", "to", "or", "and"}:
            scale = 60 if b.unit == "minute" and re.search(r"小时|hour|hr|钟头", text[b.start : b.end]) else 1
            result[i] = Quantity(a.value * scale, b.unit, a.start, a.end)
    return tuple(result)


def _clock(match: re.Match[str]) -> tuple[Fraction, str] | None:
    half, ap = match["half"], match["ap"]
    hours = match["h"] or match["ch"]
    bare_chinese = not (match["h"] or half or match["hm"] or match["cm"] or hours[0].isascii())
    if bare_chinese and (hours in {"一", "两", "十"} or match.group().rstrip().endswith("时")):
        return None  # 「一点」 (a little), 「十点」 of a list, 「同时」
    hour = int(number(hours))
    minutes = 30 if match["hm"] else int(number(match["m"] or match["cm"] or "0"))
    if hour > 24 or minutes > 59:
        return None
    late = half in {"下午", "傍晚", "晚上", "晚间", "晚", "夜里"} or (ap or "").startswith("p")
    if hour < 12 and late:
        hour += 12
    return Fraction(hour * 60 + minutes), "clock"


def _ampm(match: re.Match[str]) -> tuple[Fraction, str]:
    hour = int(match["h"]) % 12 + (12 if match["ap"] == "p" else 0)
    return Fraction(hour * 60), "clock"


def _english_weekday(match: re.Match[str]) -> tuple[Fraction, str]:
    return Fraction(WEEKDAYS.index(match[1]) + 1), "weekday"


def _plain(match: re.Match[str]) -> tuple[Fraction, str] | None:
    written, unit, latin = match["v"], match["u"], match["lat"]
    chinese = not written[0].isascii()
    if (
        chinese
        and not unit
        and not match["th"]
        and not re.fullmatch(rf".*[十百千万亿].*[{DIGITS}].*", written)
    ):
        return None
    if chinese and written.strip("十百千万亿") == "" and not match["th"] and written[0] in "百千万亿":
        return None  # 「百」, 「千万」: a manner of speaking
    kind, scale = CHINESE_UNITS[unit] if unit else ("", Fraction(1))
    if chinese and written == "一" and not match["th"] and kind in {"", "#"} and unit != "个":
        return None  # an article, not a count
    if (
        chinese
        and written == "一"
        and unit in {"个", "点", "分", "块", "回", "声", "面", "成"}
        and not match["th"]
    ):
        return None
    value = number(written) * _MULTIPLIERS.get(match["big"] or "", 1)
    if match["half"]:
        value += Fraction(1, 2)
    if match["th"] and not unit:
        kind = "times"
    if not kind and not latin:
        return value, _counted(match)
    return value * scale, kind or _latin_unit(latin)


def _counted(match: re.Match[str]) -> str:
    """What an English number without a known unit counts: "~book" for "12 books"."""
    noun = _NOUN.match(match.string[match.end() :])
    return f"~{noun.group(1).rstrip('s')[:6]}" if noun else ""


def _latin_unit(unit: str | None) -> str:
    if unit is None or unit in {"st", "nd", "rd", "th", "to", "or", "and", "of", "in", "a", "is"}:
        return ""
    known = ENGLISH_UNITS.get(unit)
    return known[0] if known else unit


def _english_digits(match: re.Match[str]) -> tuple[Fraction, str]:
    kind, scale = ENGLISH_UNITS[match["u"]]
    if match["u"] == "times" and re.match(
        r" (?:the|as|their|his|her|normal|basic|hourly)\b", match.string[match.end() :]
    ):
        kind = "multiple"
    return number(match["v"]) * scale, kind


def _english(match: re.Match[str]) -> tuple[Fraction, str] | None:
    word, unit = match["w"], match["u"]
    if word in ORDINALS:
        if not unit:
            # "first, ask …" counts nothing, "the second place" does.
            counts = match.string[: match.start()].endswith("the ") and _NOUN.match(
                match.string[match.end() :]
            )
            return (Fraction(ENGLISH_WORDS[word]), "#") if counts else None
        kind, scale = ENGLISH_UNITS[unit]
        return Fraction(ENGLISH_WORDS[word]), "times" if kind == "#" else kind
    if word == "one" and (not unit or ENGLISH_UNITS[unit][0] == "#"):
        return None
    value = Fraction(ENGLISH_WORDS[word])
    second = match["w2"]
    if second:
        factor = ENGLISH_WORDS[second]
        value = value * factor if factor >= 100 else value + factor
    kind, scale = ENGLISH_UNITS[unit] if unit else (_counted(match), Fraction(1))
    return value * scale, kind
