"""What a check says of a sentence, and how strict it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Similarity = Callable[[str, str], float]
"""Cosine (-1..1) between two texts, in a space where languages meet."""


class Fault(StrEnum):
    """Why a sentence is not let through."""

    EMPTY = "empty"
    NO_CITATION = "no_citation"
    MARKUP = "markup"
    SMUGGLED = "smuggled"
    NUMBER = "number"
    BINDING = "binding"
    QUOTE = "quote"
    NAME = "name"
    WORD = "word"
    SCOPE = "scope"
    POLARITY = "polarity"
    OVERLAP = "overlap"
    SIMILARITY = "similarity"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`fault` is None when the sentence is supported."""

    fault: Fault | None = None

    @property
    def supported(self) -> bool:
        """Whether the sentence may reach the asker."""
        return self.fault is None


@dataclass(frozen=True, slots=True)
class Floors:
    """How much of a sentence its source must cover, 0..1. Set on the honest and forged sentences of the tests."""

    sentence: float = 0.6
    statement: float = 0.4
    concepts: float = 0.5
    """Across languages: share of the sentence's known concepts that the clause names too."""
    nearness: float = 0.25
    """Across languages: where the cosine of sentence and clause stands between unrelated text (0) and equal (1)."""
    plainly: float = 0.42
    """Across languages: from here on the concepts need not agree too."""
