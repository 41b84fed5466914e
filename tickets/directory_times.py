"""Days and times as people write them in a roster."""

from __future__ import annotations

from datetime import time
from typing import Any

from tickets.directory_shifts import DAY

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE_WEEK = "一二三四五六日"


def read_day(value: Any) -> int:
    """1 Monday … 7 Sunday; 0 for public holidays. Raises ValueError."""
    text = str(value).strip().lower()
    if text == "holidays":
        return 0
    if text.isdecimal() and 1 <= int(text) <= 7:
        return int(text)
    if text[:3] in _WEEK:
        return _WEEK.index(text[:3]) + 1
    if len(text) in (2, 3) and text[:-1] in ("周", "星期") and text[-1] in _CHINESE_WEEK:
        return _CHINESE_WEEK.index(text[-1]) + 1
    raise ValueError("write days as mon … sun, 1 … 7 or holidays")


def read_minutes(value: Any) -> int:
    """Minutes after midnight, of a TOML time or a text such as 08:30 or 24:00. Raises ValueError."""
    if isinstance(value, time):
        return value.hour * 60 + value.minute
    hours, _, minutes = str(value).strip().partition(":")
    if hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2:
        total = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and total <= DAY:
            return total
    raise ValueError("write times as 08:30, up to 24:00")
