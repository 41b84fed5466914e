"""A cell's value as Excel displays it: 「1.5%」, 「¥1,200.00」, 「2026年3月1日」.

Number formats are read as far as manuals use them; for the rest (fractions, conditions) the plain value stands.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isfinite

CHINESE_BUILT_IN = {
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: 'h"时"mm"分"', 35: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: 'h"时"mm"分"', 56: 'h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Formats that a Chinese Excel writes as a bare number."""
_LOCAL_DATES = {14: "yyyy/m/d", 22: "yyyy/m/d h:mm"}
"""Formats that follow the computer's settings: shown as on a Chinese one."""
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<elapsed>h+|m+|s+)\]|\[[^\]]*\]'
    r"|(?P<half>AM/PM|A/P|上午/下午)|(?P<date>y+|m+|d+|h+|s+|a{3,4}|e+|b+)|(?P<digits>[0#?][0#?,.]*|\.[0#?]+)"
    r"|(?P<percent>%)|(?P<exponent>E[+-]0+)|(?P<text>@)|(?P<other>.)",
    re.I | re.S,
)
_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST_CODE = 200


def shown(value: object, code: str, built_in: int = 0) -> str:
    """`value` as displayed with the format `code` (`built_in`: its number, where that says more than the code)."""
    code = _LOCAL_DATES.get(built_in) or CHINESE_BUILT_IN.get(built_in) or code
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value, code)
    if isinstance(value, int | float):
        return _number(value, code)
    return str(value)


def is_date(code: str) -> bool:
    """Whether a format displays a number as a date or a time."""
    first = code[:_LONGEST_CODE].split(";")[0]
    return any(m["date"] or m["elapsed"] for m in _TOKEN.finditer(first)) and "general" not in first.lower()


def _number(value: float, code: str) -> str:
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code[:_LONGEST_CODE])
    at = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    section = sections[at]
    tokens = list(_TOKEN.finditer(section))
    runs = [m["digits"] for m in tokens if m["digits"]]
    odd = any(m["exponent"] or m["date"] for m in tokens) or re.search(r"\[[<>=]|[?#0]\s*/", section)
    if "general" in section.lower() or odd or len(runs) != 1 or any(m["text"] for m in tokens):
        literal = (
            not runs
            and not odd
            and tokens
            and "general" not in section.lower()
            and not any(m["text"] for m in tokens)
        )
        return "".join(map(_literal, tokens)).strip() if literal else _plain(value)
    try:
        exact = Decimal(repr(value)) * 100 ** sum(bool(m["percent"]) for m in tokens)
        figure = _figure(abs(exact) if at == 1 else exact, runs[0])
    except (InvalidOperation, ValueError):
        return _plain(value)
    sign, figure = ("-", figure[1:]) if figure.startswith("-") else ("", figure)
    return sign + "".join(figure if m["digits"] else _literal(m) for m in tokens).strip()


def _literal(match: re.Match[str]) -> str:
    text = match["quoted"] or match["escaped"] or match["currency"] or match["other"] or ""
    return "%" if match["percent"] else text


def _figure(number: Decimal, run: str) -> str:
    whole, _, fraction = run.partition(".")
    while whole.endswith(","):
        whole, number = whole[:-1], number / 1000
    places = sum(c in "0#?" for c in fraction)
    least = fraction.count("0")
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    head, dot, tail = text.partition(".")
    while len(tail) > least and tail.endswith("0"):
        tail = tail[:-1]
    negative = head.startswith("-")
    head = head.lstrip("-").rjust(whole.count("0"), "0")
    if head == "0" and not whole.count("0") and tail:
        head = ""
    return ("-" if negative and rounded else "") + head + (dot + tail if tail else "")


def _plain(value: float) -> str:
    if not isfinite(value):
        return str(value)
    if isinstance(value, int) or (value == int(value) and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.11g}"


def _moment(value: date | time | timedelta, code: str) -> str:
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        text = f"{seconds // 3600}:{seconds // 60 % 60:02}"
        return f"{text}:{seconds % 60:02}" if "s" in code.lower() else text
    tokens = list(_TOKEN.finditer(re.split(r";", code[:_LONGEST_CODE])[0]))
    if not any(m["date"] for m in tokens):
        return str(value)
    halves = any(m["half"] for m in tokens)
    out = []
    for at, match in enumerate(tokens):
        if match["date"]:
            before = next((t["date"] for t in reversed(tokens[:at]) if t["date"]), "")
            after = next((t["date"] for t in tokens[at + 1 :] if t["date"]), "")
            minutes = before[:1].lower() == "h" or after[:1].lower() == "s"
            out.append(_piece(value, match["date"].lower(), minutes=minutes, halves=halves))
        elif match["half"]:
            morning = getattr(value, "hour", 0) < 12
            out.append(
                ("上午" if morning else "下午") if match["half"] == "上午/下午" else "AM" if morning else "PM"
            )
        else:
            out.append(_literal(match))
    return "".join(out).strip()


def _piece(value: date | time, token: str, *, minutes: bool, halves: bool) -> str:
    letter, long = token[0], len(token) > 1
    if letter in "hs" or (letter == "m" and minutes):
        hour = getattr(value, "hour", 0)
        number = {"h": (hour % 12 or 12) if halves else hour, "m": getattr(value, "minute", 0)}.get(
            letter, getattr(value, "second", 0)
        )
        return f"{number:02}" if long else str(number)
    if isinstance(value, time):
        return ""
    if letter == "a" or (letter == "d" and len(token) > 2):
        return ("星期" if len(token) > 3 else "周") + _WEEKDAYS[value.weekday()]
    if letter in "ye":
        return f"{value.year}" if len(token) > 2 or letter == "e" else f"{value.year % 100:02}"
    if letter == "m" and len(token) > 2:
        return _MONTHS[value.month - 1]
    number = value.month if letter == "m" else value.day
    return f"{number:02}" if long else str(number)
