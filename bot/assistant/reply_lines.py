"""The model's reply as it arrives: JSON objects, one sentence each, read tolerantly and never shown raw.

Only what stands in a well-formed object counts. Fences, prose around the objects, pretty-printing, one big
object with a list inside, and a line with unescaped quotes are all understood; the rest is dropped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator

_LONGEST = 20_000
"""Characters of one unfinished object before it is given up."""
_BROKEN = re.compile(r'"text"\s*:\s*"(?P<text>.*)"\s*,\s*"cites?"\s*:\s*\[(?P<cites>[^\]]*)\]')


class ReplySentence(BaseModel):
    """One sentence with the ids of the clauses that support it."""

    model_config = ConfigDict(extra="ignore")

    text: str = Field(min_length=1, max_length=2000, validation_alias=AliasChoices("text", "sentence"))
    cites: list[str] = Field(
        default_factory=list, max_length=20, validation_alias=AliasChoices("cites", "cite")
    )

    @field_validator("cites", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        if value is None:
            return []
        return [str(each) for each in value] if isinstance(value, list) else [str(value)]

    @field_validator("cites")
    @classmethod
    def _bare(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(each.strip().strip("[]【】()").upper() for each in value))


class ReplyEnd(BaseModel):
    """How the model says that it ended."""

    model_config = ConfigDict(extra="ignore")

    end: Literal["answered", "conflict", "not_found"] = Field(validation_alias=AliasChoices("end", "outcome"))
    conflict: bool = False
    language: str = ""


def read_reply(pieces: Iterable[str]) -> Iterator[ReplySentence | ReplyEnd]:
    """Sentences and the end, each as soon as its object is complete."""
    scanner = _Scanner()
    for piece in pieces:
        for character in piece:
            yield from scanner.take(character)
    yield from scanner.take("\n")


class _Scanner:
    """Finds the innermost balanced objects. A raw line break inside a string means that quotes went wrong."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._buffer: list[str] = []
        self._line: list[str] = []
        self._in_string = False
        self._escaped = False
        self._inner = False
        self._found_in_line = False

    def take(self, character: str) -> Iterator[ReplySentence | ReplyEnd]:
        if character == "\n":
            yield from self._end_of_line()
            return
        self._line.append(character)
        if self._starts:
            self._buffer.append(character)
        if len(self._buffer) > _LONGEST:
            self._forget()
        if self._in_string:
            self._step_in_string(character)
        elif character == '"':
            self._in_string = bool(self._starts)
        elif character == "{":
            if not self._starts:
                self._buffer = [character]
            self._starts.append(len(self._buffer) - 1)
            self._inner = False
        elif character == "}" and self._starts:
            start = self._starts.pop()
            if not self._inner or not self._starts:
                for item in _parsed("".join(self._buffer[start:]), nested=self._inner):
                    self._found_in_line = True
                    yield item
            self._inner = True

    def _step_in_string(self, character: str) -> None:
        if self._escaped:
            self._escaped = False
        elif character == "\\":
            self._escaped = True
        elif character == '"':
            self._in_string = False

    def _end_of_line(self) -> Iterator[ReplySentence | ReplyEnd]:
        line = "".join(self._line)
        broken = self._in_string or (bool(self._starts) and '"text"' in line and line.rstrip().endswith("}"))
        if broken or (not self._starts and not self._found_in_line):
            if not self._found_in_line:
                yield from _mended(line)
            self._forget()
        elif self._starts:
            self._buffer.append("\n")
        self._line = []
        self._found_in_line = False

    def _forget(self) -> None:
        self._starts, self._buffer = [], []
        self._in_string = self._escaped = self._inner = False


def _parsed(text: str, nested: bool) -> Iterator[ReplySentence | ReplyEnd]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return
    if nested:
        # The sentences inside have been given already; what remains may be how the reply ended.
        value = {key: each for key, each in value.items() if not isinstance(each, (list, dict))}
    kind: type[ReplySentence | ReplyEnd] = ReplyEnd if "end" in value or "outcome" in value else ReplySentence
    try:
        yield kind.model_validate(value)
    except ValidationError:
        return


def _mended(line: str) -> Iterator[ReplySentence]:
    """A sentence whose text holds unescaped quotation marks."""
    match = _BROKEN.search(line)
    if match is None:
        return
    cites = re.findall(r"[\w-]+", match.group("cites"))
    try:
        yield ReplySentence(text=match.group("text").replace('\\"', '"'), cites=cites)
    except ValidationError:
        return
