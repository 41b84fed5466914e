"""Sentences of errors in the reader's language: they are raised in English, far from who reads them.

`words/refusals.zh.json` holds every sentence once: the English one, `{}` where something is filled in, and the
Chinese one, whose `{0}`, `{1}` … name what stood there.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from bot.assistant.answers import Language


def refusal(sentence: str, language: Language) -> str:
    """An error's sentence in `language`; one that the catalogue lacks (from a library) stays as it is."""
    if language == "en":
        return sentence
    for pattern, chinese in _chinese():
        found = pattern.fullmatch(sentence)
        if found is not None:
            return chinese.format(*found.groups())
    return sentence


@cache
def _chinese() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("bot.blocks").joinpath("words", "refusals.zh.json").read_text(encoding="utf-8")
    # The longest first: a template with less of its own words would take another one's sentence.
    entries = sorted(json.loads(text).items(), key=lambda entry: -len(entry[0]))
    return tuple((_pattern(english), chinese) for english, chinese in entries)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in english.split("{}")), re.DOTALL)
