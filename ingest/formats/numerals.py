"""Numbers of automatic lists as they are printed: 「十二」, 「壹」, 「③」, 「iv」."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_CHINESE = frozenset(
    {
        "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
        "taiwaneseCountingThousand", "koreanCounting", "japaneseDigitalTenThousand",
    }
)  # fmt: skip
_LEGAL_KINDS = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})
_CIRCLED = frozenset(
    {"decimalEnclosedCircle", "decimalEnclosedCircleChinese", "circleNumDbPlain", "circleNumWdBlackPlain"}
)


def numeral(number: int, kind: str) -> str:
    """`number` in the style that an Office file calls `kind` (`w:numFmt`); decimal for styles unknown here."""
    if kind == "none":
        return ""
    if number < 1:
        return str(number)
    if kind in _CHINESE:
        return counted(number)
    if kind in _LEGAL_KINDS:
        return counted(number, _LEGAL, "拾佰仟", one_ten=True)
    if kind in ("ideographDigital", "taiwaneseDigital", "koreanDigital"):
        return "".join(_DIGITS[int(d)] for d in str(number))
    if kind == "ideographTraditional" and number <= 10:
        return _STEMS[number - 1]
    if kind == "ideographZodiac" and number <= 12:
        return _BRANCHES[number - 1]
    if kind in _CIRCLED and number <= 20:
        return chr(ord("①") + number - 1)
    if kind == "decimalEnclosedParen" and number <= 20:
        return f"({number})"
    if kind == "decimalEnclosedFullstop" and number <= 20:
        return f"{number}."
    if kind == "decimalZero":
        return f"{number:02}"
    if kind in ("upperLetter", "lowerLetter"):
        return _letters(number, upper=kind == "upperLetter")
    if kind in ("upperRoman", "lowerRoman") and number < 4000:
        return roman(number) if kind == "lowerRoman" else roman(number).upper()
    return str(number)


def counted(number: int, digits: str = _DIGITS, units: str = "十百千", *, one_ten: bool = False) -> str:
    """A number below ten thousand as it is said in Chinese (110 → 一百一十, 12 → 十二); digits beyond."""
    if number >= 10_000:
        return str(number)
    out = ""
    gap = False
    text = str(number)
    for at, digit in enumerate(text):
        unit = len(text) - at - 1
        if digit == "0":
            gap = bool(out)
            continue
        if gap:
            out += "零"
            gap = False
        lone = digit == "1" and unit == 1 and not out and not one_ten
        out += ("" if lone else digits[int(digit)]) + (units[unit - 1] if unit else "")
    return out


def roman(number: int) -> str:
    """A number from 1 to 3999 in small Roman numerals."""
    out = ""
    for value, sign in _ROMAN:
        while number >= value:
            out += sign
            number -= value
    return out


def _letters(number: int, *, upper: bool) -> str:
    """a … z, then aa, bb … as Word counts."""
    letter = chr(ord("A" if upper else "a") + (number - 1) % 26)
    return letter * min(9, (number - 1) // 26 + 1)
