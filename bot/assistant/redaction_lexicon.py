"""What names are made of: surnames, characters of given names, and words that look like names and are none."""

from __future__ import annotations

from pathlib import Path

_LEXICON = Path(__file__).parent / "lexicon"


def lines(name: str) -> list[str]:
    """The lines of a word list, without its comments."""
    found = (_LEXICON / name).read_text(encoding="utf-8").splitlines()
    return [line for line in found if line and not line.startswith("#")]


SINGLE, _COMPOUND, DOUBTFUL = lines("surnames.txt")
"""Surnames of one character; those that are everyday words too."""
COMPOUND = tuple(_COMPOUND.split())
"""Surnames of two characters."""
(GIVEN,) = lines("given_names.txt")
"""Characters that given names are often made of."""
NOT_NAMES = frozenset(word for line in lines("not_names.txt") for word in line.split())
"""Words that begin with a surname and are no name."""
_ANY = frozenset(SINGLE + DOUBTFUL)
_GIVEN = frozenset(GIVEN)


def surname_of(text: str) -> str:
    """The surname that a text begins with, or nothing."""
    if text[:2] in COMPOUND:
        return text[:2]
    return text[0] if text and text[0] in _ANY else ""


def like_given(text: str) -> bool:
    """Whether a text is made of characters of given names."""
    return bool(text) and all(character in _GIVEN for character in text)
