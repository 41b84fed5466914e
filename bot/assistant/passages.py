"""Text cut into the pieces that checks compare: statements, words that carry content, the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources

from bot.assistant.concepts import Concepts, blanked, concepts
from bot.assistant.quantities import Quantity, folded, quantities
from knowledge.clauses import Clause

_BREAK = re.compile(r"[;!?\n。…]+|(?<!\d),|,(?!\d{3}(?!\d))|:(?!\d)|\.(?=\s|$)|\s-\s")
_SENTENCE_END = re.compile(r"(?<=[。!?;！？；\n])|(?<=[.])(?=\s)")
_HAN = re.compile(r"[㐀-鿿]")
_LATIN_WORD = re.compile(r"[a-z][a-z'-]*")
_ELIDED = re.compile(r"[的地得了之所\s]")


def _function_words() -> list[str]:
    text = resources.files("bot.assistant").joinpath("function_words.txt").read_text(encoding="utf-8")
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]


# Longest first, so that 「应当」 goes as a whole.
_FUNCTION = re.compile(
    "|".join(sorted((word for word in _function_words() if not word.isascii()), key=len, reverse=True))
)
_ENGLISH_FUNCTION = frozenset(word for word in _function_words() if word.isascii())


_CELL = re.compile(r"^[^:：;；,，。]{1,20}[:：]\s*\S")


@dataclass(frozen=True)
class Segment:
    """One statement between punctuation marks, folded."""

    text: str
    quantities: tuple[Quantity, ...]
    sentence: int
    """Number of the full sentence that it belongs to (a sentence ends at a semicolon too)."""


def is_chinese(text: str) -> bool:
    """Whether a text is mostly Chinese (an English word counts like a character)."""
    return len(_HAN.findall(text)) >= len(_LATIN_WORD.findall(text.lower())) > -1 and bool(_HAN.search(text))


def sentences(text: str) -> list[str]:
    """The full sentences of a text, marks kept, blanks dropped."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


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


@dataclass(frozen=True)
class Support:
    """What the cited clauses offer to a sentence: their own text, and the headings and titles above it."""

    clauses: tuple[Clause, ...]
    segments: tuple[Segment, ...]
    statements: tuple[Segment, ...]
    verbatim: frozenset[str]
    """The sentences as written, without blanks and punctuation."""
    text: str
    """Folded text of the clauses, with headings and titles."""
    tight: str
    """The same without blanks and particles, for finding quotes and names."""
    quantities: tuple[Quantity, ...]
    concepts: Concepts
    pairs: frozenset[str]
    stems: frozenset[str]
    chinese: bool
    english: bool


def support(clauses: Sequence[Clause]) -> Support:
    """Read the cited clauses once for all checks of a sentence."""
    return _support(tuple(clauses))


@lru_cache(maxsize=512)
def _support(clauses: tuple[Clause, ...]) -> Support:
    bodies = [_spelled_out(clause.text) for clause in clauses]
    above = [" ; ".join((*c.heading_path, c.manual, c.organisation, c.label)) for c in clauses]
    whole = folded(" \n ".join((*bodies, *above)))
    own = tuple(
        replace(segment, sentence=1000 * n + segment.sentence)
        for n, body in enumerate(bodies)
        for segment in segments(body)
    )
    return Support(
        clauses=clauses,
        segments=own,
        verbatim=frozenset(tight(part) for clause in clauses for part in sentences(folded(clause.text))),
        statements=tuple(statement for body in bodies for statement in statements(body)),
        text=whole,
        tight=tight(whole),
        quantities=tuple(q for text in (*bodies, *above) for q in quantities(folded(text))),
        concepts=concepts(whole, source=True),
        pairs=pairs(whole),
        stems=frozenset(stem(word) for word in _LATIN_WORD.findall(whole)),
        chinese=any(is_chinese(body) for body in bodies),
        english=any(not is_chinese(body) for body in bodies),
    )


def _spelled_out(text: str) -> str:
    """A table row (「项目: 转速; 甲: 1400; 乙: 1200」) with its key before every value, as separate statements."""
    cells = [cell.strip() for cell in re.split(r"[;；]", text)]
    if len(cells) < 2 or not all(_CELL.match(cell) for cell in cells):
        return text
    key = re.sub(r"^[^:：]{1,20}[:：]\s*", "", cells[0])
    return ";\n".join(f"{key} {re.sub(r'[:：]', ' ', cell, count=1)}" for cell in cells[1:])


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
    words = (word.strip("'-") for word in _LATIN_WORD.findall(text))
    return [word for word in words if len(word) > 2 and word not in _ENGLISH_FUNCTION]


def covered_share(text: str, source: Support) -> tuple[float, int]:
    """How much of a folded text's content the source also says: share 0..1, and how many units were counted.

    Chinese is counted in characters (each must stand in a pair that the source has too), English in words.
    A word whose concept the source names in other words counts as said.
    """
    known = source.concepts.strict | source.concepts.soft
    rest = blanked(text, known)
    hits = total = len(_HAN.findall(text)) - len(_HAN.findall(rest))
    for run in content_runs(rest):
        inside = [False, *(run[i : i + 2] in source.pairs for i in range(len(run) - 1)), False]
        for i, character in enumerate(run):
            total += 1
            hits += inside[i] or inside[i + 1] or (len(run) == 1 and character in source.text)
    for word in content_words(text):
        total += 1
        named = concepts(word)
        hits += stem(word) in source.stems or bool((named.strict | named.soft) & known)
    return (hits / total if total else 0.0), total
