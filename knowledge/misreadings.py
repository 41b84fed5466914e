"""What a text means where it says something else: typing errors, second spellings, synonyms of article spinners.

For search only. A meant word is added beside the text, never put in its place: a rule that fires wrongly costs a
little noise and no right sentence is broken. The rules are in `misreadings.txt` beside this file; they were written
for this purpose from general word knowledge (the confusion tables of spelling correctors are either tied to their
models or hold names of persons and films), so they are open to additions by anybody who edits that file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_RULE = re.compile(r"(?P<before>.*?)\{(?P<written>[^{}]+)\}(?P<after>.*)")
_LITERAL = re.compile(r"[\w ]+")


@dataclass(frozen=True, slots=True)
class Misreading:
    """`meant` is added to a text that `written` (a pattern) finds; `hint` must be in the text for it to be worth
    looking."""

    hint: str
    written: str
    meant: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first has the hint: compiling all of them would cost a cold answer 0.1 s."""
        return _compiled(self.written)


_compiled = lru_cache(maxsize=None)(re.compile)


@lru_cache(maxsize=1)
def rules() -> tuple[Misreading, ...]:
    """The rules of the file; ValueError names a line that is none."""
    found = []
    text = Path(__file__).with_name("misreadings.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        written, tab, meant = line.partition("\t")
        match = _RULE.fullmatch(written)
        if not tab or match is None or not meant.strip():
            raise ValueError(
                f"misreadings.txt, line {number}: write before{{written}}after, a tab, the meant word"
            )
        before, word, after = match["before"], match["written"], match["after"]
        pattern = (f"(?:{before})" if before else "") + f"(?:{word})" + (f"(?:{after})" if after else "")
        found.append(Misreading(word if _LITERAL.fullmatch(word) else "", pattern, meant.strip()))
    return tuple(found)


@lru_cache(maxsize=1)
def _by_beginning() -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    """Numbers of the rules by the two first characters of their hint (the one, where it has no more), and of those
    without a hint: every sentence of every clause that is looked at is read, and few hold the beginning of any."""
    found: dict[str, list[int]] = {}
    for number, rule in enumerate(rules()):
        found.setdefault(rule.hint[:2], []).append(number)
    always = tuple(found.pop("", ()))
    return {beginning: tuple(numbers) for beginning, numbers in found.items()}, always


def meant_words(text: str) -> list[str]:
    """The words that a text (in its normal form) means and doesn't say, each once."""
    beginnings, always = _by_beginning()
    here = {text[i : i + 2] for i in range(len(text))} | set(text)
    near = [number for beginning in here & beginnings.keys() for number in beginnings[beginning]]
    every = rules()
    found: dict[str, None] = {}
    for number in sorted((*near, *always)):
        rule = every[number]
        match = rule.pattern.search(text) if rule.hint in text else None
        if match is not None:
            found[match.expand(rule.meant)] = None
    return [word for word in found if word not in text]
