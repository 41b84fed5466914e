"""Text cut into the pieces that are compared: statements, words that carry content, the language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from knowledge.statements.quantities import Quantity, folded, quantities

_BREAK = re.compile(r"[;!?\n。…]+|(?<!\d),|,(?!\d{3}(?!\d))|:(?!\d)|\.(?=\s|$)|\s-\s")
_SENTENCE_END = re.compile(r"(?<=[。!?;！？；\n])|(?<=[.])(?=\s)")
HAN = re.compile(r"[㐀-鿿]")
"""A Chinese character."""
LATIN_WORD = re.compile(r"[a-z][a-z'-]*")
_ELIDED = re.compile(r"[的地得了之所\s]")


def _function_words() -> list[str]:
    text = resources.files("knowledge.statements").joinpath("function_words.txt").read_text(encoding="utf-8")
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]


# Longest first, so that 「应当」 goes as a whole.
_FUNCTION = re.compile(
    "|".join(sorted((word for word in _function_words() if not word.isascii()), key=len, reverse=True))
)
FUNCTION_WORDS = frozenset(_function_words())
"""Words without content of their own."""
_ENGLISH_FUNCTION = frozenset(word for word in _function_words() if word.isascii())


@dataclass(frozen=True)
class Segment:
    """One statement between punctuation marks, folded."""

    text: str
    quantities: tuple[Quantity, ...]
    sentence: int
    """Number of the full sentence that it belongs to (a sentence ends at a semicolon too)."""


def is_chinese(text: str) -> bool:
    """Whether a text is mostly Chinese (an English word counts like a character)."""
    return len(HAN.findall(text)) >= len(LATIN_WORD.findall(text.lower())) > -1 and bool(HAN.search(text))


def sentences(text: str) -> list[str]:
    """The full sentences of a text, marks kept, blanks dropped."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """From where to where the full sentences of a text go, blanks around them included."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    spans = zip([0, *ends], [*ends, len(text)], strict=True)
    return [(start, end) for start, end in spans if text[start:end].strip()]


@lru_cache(maxsize=4096)
def segments(text: str) -> tuple[Segment, ...]:
    """The statements of a text."""
    return tuple(
        Segment(part.strip(), quantities(part.strip()), number)
        for number, sentence in enumerate(sentences(folded(text)))
        for part in _BREAK.split(sentence)
        if part.strip()
    )


@lru_cache(maxsize=4096)
def statements(text: str) -> tuple[Segment, ...]:
    """The full sentences of a text, each as one segment."""
    return tuple(Segment(part, quantities(part), n) for n, part in enumerate(sentences(folded(text))))


def tight(text: str) -> str:
    """Folded text without blanks and punctuation: two spellings of one quote look alike."""
    return re.sub(r"[\s\W_]+", "", folded(text))


def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters, as written and with particles left out (「客户的电话」 holds 「户电」)."""
    plain, elided = re.sub(r"\s", "", text), _ELIDED.sub("", text)
    return frozenset(source[i : i + 2] for source in (plain, elided) for i in range(len(source) - 1))


def stem(word: str) -> str:
    """A crude English stem: enough to match refund/refunds/refunded."""
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ingly",
        "ings",
        "ing",
        "ied",
        "ies",
        "ed",
        "es",
        "ly",
        "s",
        "e",
        "y",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:7]


def content_runs(text: str) -> list[str]:
    """Runs of Chinese characters that carry content, function words and punctuation taken out."""
    return [run for run in re.split(r"[^㐀-鿿]+", _FUNCTION.sub(" ", text)) if run]


def content_words(text: str) -> list[str]:
    """English words that carry content."""
    words = (word.strip("'-") for word in LATIN_WORD.findall(text))
    return [word for word in words if len(word) > 2 and word not in _ENGLISH_FUNCTION]
