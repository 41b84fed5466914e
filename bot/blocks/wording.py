"""The interface strings: one catalogue per language, looked up by a dotted key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.assistant.answers import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Words:
    """Strings of one language. `words("ask.error", id="…")` fills the placeholders of the entry."""

    def __init__(self, language: Language, entries: Mapping[str, str]) -> None:
        self.language = language
        self._entries = entries

    def __call__(self, key: str, /, **values: object) -> str:
        """The string of `key`, placeholders filled. Raises KeyError for an unknown key or a missing value."""
        return self._entries[key].format(**values)

    def get(self, key: str) -> str | None:
        """The string of `key` as it stands, or None: for keys that come from data."""
        return self._entries.get(key)

    def amended(self, entries: Mapping[str, str]) -> Words:
        """The same with other strings for some keys."""
        return Words(self.language, {**self._entries, **entries})


@cache
def words(language: Language) -> Words:
    """The catalogue of `language`."""
    text = files("bot.blocks").joinpath("words", f"{language}.json").read_text(encoding="utf-8")
    return Words(language, json.loads(text))
