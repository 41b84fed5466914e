"""Chinese and Arabic numerals as exact values."""

from __future__ import annotations

from fractions import Fraction

DIGITS = "零〇一二两三四五六七八九"


def number(text: str) -> Fraction:
    """Arabic or Chinese numerals."""
    text = text.replace(",", "").strip()
    if text[:1].isascii():
        return Fraction(text)
    whole, _, decimals = text.partition("点")
    if decimals:
        return Fraction(f"{_chinese(whole)}.{''.join(str(_digit(c)) for c in decimals)}")
    return Fraction(_chinese(whole))


def _digit(character: str) -> int:
    if character.isdecimal():  # also those of other scripts, which a pattern's \d takes, too
        return int(character)
    return 0 if character == "〇" else 2 if character == "两" else "零一二三四五六七八九".index(character)


def _chinese(text: str) -> int:
    if not any(c in "十百千万亿" for c in text):
        return int("".join(str(_digit(c)) for c in text))
    total, section, digit = 0, 0, 0
    for c in text:
        if c in "万亿":
            total = (total + section + digit) * (10_000 if c == "万" else 100_000_000)
            section = digit = 0
        elif c in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
        else:
            digit = _digit(c)
    return total + section + digit
