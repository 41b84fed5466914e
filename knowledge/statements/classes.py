"""Kinds of consequence and ways of saying, handing in or paying, read from lists: what a sentence names of them."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_ABBREVIATION = re.compile(r"(?<![\\a-z(?])[a-z]{2,}(?![a-z])")
_ALONE = r"(?<![a-z])\g<0>(?![a-z])"
"""A Latin abbreviation among Chinese words: 「OA」, not the middle of "board"."""


@cache
def _patterns(name: str) -> dict[str, re.Pattern[str]]:
    """The lines of a list: name of the class -> its words."""
    text = resources.files("knowledge.statements").joinpath(name).read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, words = line.partition(":")
            chinese, _, english = words.rpartition(" | ")
            found[key] = re.compile(f"{_ABBREVIATION.sub(_ALONE, chinese.strip())}|{english.strip()}")
    return found


@cache
def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _patterns(name).values()))


def named(name: str, text: str) -> dict[str, str]:
    """The classes of a list (`sanctions.txt`, `channels.txt`) that a folded text names, each with its words."""
    if not _any(name).search(text):
        return {}
    return {
        key: match[0] for key, pattern in _patterns(name).items() if (match := pattern.search(text))
    }  # fmt: skip


def blanked(name: str, text: str) -> str:
    """A folded text without those words."""
    return _any(name).sub(lambda match: " " * len(match[0]), text)
