"""Sentences of errors in the reader's language: they are raised in English, far from who reads them.

`words/refusals.zh.json` holds every sentence once: the English one, `{}` where something is filled in, and the
Chinese one, whose `{0}`, `{1}` … name what stood there. `words/settings.zh.json` does the same for the files that an
organisation edits (people, calendar, procedures); what is wrong in these is put together from parts, and `{1:t}` is a
part that is told in Chinese too.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from bot.assistant.answers import Language

_Entries = tuple[tuple[re.Pattern[str], str], ...]


def refusal(sentence: str, language: Language) -> str:
    """An error's sentence in `language`; one that the catalogue lacks (from a library) stays as it is.

    Several sentences on lines of their own are told line by line.
    """
    if language == "en":
        return sentence
    whole = _told(sentence, _sentences())
    return (
        whole if whole is not None else "\n".join(_or_same(one, _sentences()) for one in sentence.split("\n"))
    )


class _Part(str):
    """What stood in a sentence; `{0:t}` gives it in Chinese, where it is one of the parts."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return _or_same(str(self), _parts()) if form == "t" else format(str(self), form)


def _or_same(text: str, entries: _Entries) -> str:
    told = _told(text, entries)
    return text if told is None else told


def _told(text: str, entries: _Entries) -> str | None:
    for pattern, chinese in entries:
        found = pattern.fullmatch(text)
        if found is not None:
            return chinese.format(*map(_Part, found.groups()))
    return None


@cache
def _sentences() -> _Entries:
    return (
        *_entries(_read("refusals.zh.json"), re.DOTALL),
        *_entries(_read("settings.zh.json")["sentences"]),
    )


@cache
def _parts() -> _Entries:
    return _entries(_read("settings.zh.json")["parts"])


def _read(name: str) -> Any:
    return json.loads(files("bot.blocks").joinpath("words", name).read_text(encoding="utf-8"))


def _entries(templates: dict[str, str], flags: re.RegexFlag = re.NOFLAG) -> _Entries:
    # The longest first: a template with less of its own words would take another one's sentence.
    entries = sorted(templates.items(), key=lambda entry: -len(entry[0]))
    return tuple((_pattern(english, flags), chinese) for english, chinese in entries)


def _pattern(english: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in english.split("{}")), flags)
