"""Words that change what a rule says, in Chinese and English, and which of them a text uses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Concepts:
    """Which lines of `concepts.txt` a text touches. `strict` must be matched by the source, `soft` is evidence."""

    strict: frozenset[int]
    soft: frozenset[int]
    people: frozenset[int]
    """Those of `strict` that name who acts."""


@dataclass(frozen=True, slots=True)
class _Table:
    chinese: re.Pattern[str]
    sources: re.Pattern[str]
    """Chinese, with the words that count for a source only."""
    english: re.Pattern[str]
    lines: dict[str, frozenset[int]]
    soft: frozenset[int]
    people: frozenset[int]
    acting: frozenset[int]
    """People, customers and agents included."""


def concepts(text: str, source: bool = False) -> Concepts:
    """The concepts of a folded text. Longer words win: in 「总经理」 there is no 「经理」.

    A source is read more generously than a sentence that must be supported by it.
    """
    table = _table()
    found: set[int] = set()
    for pattern in (table.sources if source else table.chinese, table.english):
        for match in pattern.finditer(text):
            found |= table.lines[match.group("w")]
    return Concepts(
        frozenset(found - table.soft), frozenset(found & table.soft), frozenset(found & table.people)
    )


@cache
def _table() -> _Table:
    """Read once, when the first sentence is checked."""
    text = resources.files("knowledge.statements").joinpath("concepts.txt").read_text(encoding="utf-8")
    lines: dict[str, set[int]] = {}
    soft: set[int] = set()
    people: set[int] = set()
    acting: set[int] = set()
    chinese: list[str] = []
    generous: list[str] = []
    english: list[str] = []
    for number, line in enumerate(text.splitlines()):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("~"):
            soft.add(number)
        if line.startswith("@"):
            people.add(number)
        if line.startswith(("@", "~!")):
            acting.add(number)
        zh, _, en = line.lstrip("~@! ").partition("|")
        for word in zh.lower().split():
            kind = english if word.isascii() else generous if word.startswith("+") else chinese
            kind.append(word.strip("+") + (r"\b" if word.isascii() else ""))
            lines.setdefault(word.strip("+"), set()).add(number)
        for entry in (part.strip() for part in en.split(",")):
            word = entry.rstrip("$")
            lines.setdefault(word, set()).add(number)
            english.append(re.escape(word) + (r"\b" if entry.endswith("$") else ""))
    return _Table(
        re.compile(f"(?P<w>{'|'.join(sorted(chinese, key=len, reverse=True))})"),
        re.compile(f"(?P<w>{'|'.join(sorted(chinese + generous, key=len, reverse=True))})"),
        re.compile(rf"\b(?P<w>{'|'.join(sorted(english, key=len, reverse=True))})"),
        {word: frozenset(numbers) for word, numbers in lines.items()},
        frozenset(soft),
        frozenset(people),
        frozenset(acting),
    )


def acting(text: str) -> frozenset[int]:
    """The concepts of a folded text that name who may act, agents and customers included."""
    found = concepts(text)
    return (found.strict | found.soft) & _table().acting


def blanked(text: str, known: frozenset[int]) -> str:
    """A folded text with the Chinese words of the given concepts blanked out."""
    table = _table()
    return table.chinese.sub(
        lambda m: " " * len(m.group()) if table.lines[m.group("w")] & known else m.group(), text
    )


def without_people(text: str) -> str:
    """A folded text with the Chinese words for people who act blanked out."""
    return blanked(text, _table().people)


def named_people(text: str) -> list[tuple[int, int, int]]:
    """Where a folded Chinese text names somebody who may act: start, end, concept."""
    table = _table()
    return [
        (match.start(), match.end(), min(table.lines[match.group("w")] & table.acting))
        for match in table.chinese.finditer(text)
        if table.lines[match.group("w")] & table.acting
    ]


def named_things(text: str) -> dict[str, str]:
    """The Chinese concept words of a folded text that name nobody who acts: word -> `#12` or, vague, `~12`."""
    table = _table()
    found: dict[str, str] = {}
    for match in table.chinese.finditer(text):
        numbers = table.lines[match.group("w")]
        if not numbers & table.acting:
            number = min(numbers - table.soft or numbers)
            found[match.group("w")] = f"{'~' if number in table.soft else '#'}{number}"
    return found


def synonyms(text: str) -> tuple[str, ...]:
    """The other Chinese words for what a folded text names in words of two characters or more.

    >>> synonyms("几点开会")
    ('会议', '例会')
    """
    table = _table()
    said = {match.group("w") for match in table.chinese.finditer(text) if len(match.group("w")) > 1}
    numbers = {number for word in said for number in table.lines[word]}
    return tuple(word for word in _by_line(numbers) if word not in said)


def _by_line(numbers: set[int]) -> list[str]:
    return [word for number in sorted(numbers) for word in _words_of_lines().get(number, ())]


@cache
def _words_of_lines() -> dict[int, tuple[str, ...]]:
    """The Chinese words of each line, in its order."""
    found: dict[int, list[str]] = {}
    for word, numbers in _table().lines.items():
        if not word.isascii():
            for number in numbers:
                found.setdefault(number, []).append(word)
    return {number: tuple(words) for number, words in found.items()}
