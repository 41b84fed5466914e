"""Cases: questions with what their answers must be, and the files that hold them.

Two formats, told apart line by line: that of the acceptance sets (`kind`, `gold`, `expected`, …) and what an
admin writes by hand (`question` and any of `expected`, `must_include`, `must_not_include`, `manual`, `clause`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.assistant.answers import Outcome, Turn
from ingest.encodings import decode
from ingest.errors import IngestError

ANSWER = "answer"
"""Any answer from the manuals: one rule, or several side by side."""
PRESENT = "present_all_with_sources_or_ask"
NOT_IN_MANUALS = "say_not_in_documents"
REFUSE = "refuse"
_EXPECTED = {
    **dict.fromkeys((ANSWER, PRESENT, NOT_IN_MANUALS, REFUSE)),
    "out_of_scope": REFUSE,
    "": ANSWER,
    **{outcome.value: outcome.value for outcome in Outcome},
}
_ALIASES = {
    "问题": "question", "期望": "expected", "outcome": "expected", "必须包含": "must_include",
    "不得包含": "must_not_include", "手册": "manual", "条款": "clause", "类别": "kind", "编号": "id",
    "document": "manual",
}  # fmt: skip
_LISTS = ("must_include", "must_not_include")
_PLAIN = frozenset({"id", "question", "kind", "lang", "expected", "manual", "clause", *_LISTS})
"""Columns of a table."""
_MOST_BYTES = 20 << 20


class QuestionSetError(IngestError):
    """A file of questions cannot be used; the sentence names the file, the line and what is wrong."""


class Gold(BaseModel):
    """A clause that answers."""

    model_config = ConfigDict(frozen=True)

    document: str
    quote: str
    clause: str = ""
    also_in: tuple[str, ...] = ()
    """Other manuals that hold the same rule."""


class Accepted(BaseModel):
    """An answer that an admin accepted: the same outcome and the same wordings are wanted again."""

    model_config = ConfigDict(frozen=True)

    outcome: str
    keys: tuple[str, ...]


class _Turn(BaseModel):
    role: Literal["user", "assistant"]
    text: str


class Case(BaseModel):
    """A question with what its answer must be. Fields that are not known are ignored."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    question: str = Field(min_length=1)
    kind: str = "question"
    lang: str = ""
    history: tuple[_Turn, ...] = ()
    expected: str = ANSWER
    must_include: tuple[str, ...] = ()
    """Regular expressions, or plain words, each of which the answer must match; case and white space don't count."""
    must_not_include: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    accept_clarify: bool = False
    manual: str = ""
    """A manual that must be cited (its title or a part of it), and, with `clause`, the clause of it."""
    clause: str = ""
    accepted: Accepted | None = None
    line: int = 0

    @field_validator("id", "question", "kind", "manual", "clause", mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return str(value).strip() if isinstance(value, str | int | float) else value

    @field_validator("expected", mode="before")
    @classmethod
    def _known(cls, value: Any) -> str:
        name = str(value or "").strip()
        if name not in _EXPECTED:
            raise ValueError(f"“{name}” is none of {', '.join(key for key in _EXPECTED if key)}")
        return _EXPECTED[name] or name

    @field_validator(*_LISTS, mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) and value else value or ()

    @field_validator(*_LISTS)
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(
                    f"“{pattern}” is no regular expression ({error.msg}); write \\ before marks"
                ) from error
        return value

    @field_validator("gold", mode="before")
    @classmethod
    def _also_in(cls, value: Any) -> Any:
        return value or ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The thread before the question."""
        return tuple(Turn(turn.role, turn.text) for turn in self.history)

    @property
    def is_answerable(self) -> bool:
        """Whether the manuals are expected to answer it."""
        return self.expected in (ANSWER, PRESENT, Outcome.ANSWERED, Outcome.CONFLICT)

    @property
    def is_absent(self) -> bool:
        """Whether it is expected that the manuals do not answer it."""
        return self.expected in (NOT_IN_MANUALS, Outcome.NOT_FOUND)


def read_cases(path: Path) -> list[Case]:
    """The questions of a `.jsonl`, `.csv` or `.xlsx` file.

    Raises QuestionSetError with one sentence: no such file, a bad line, an id twice, nothing in it.
    """
    if not path.is_file():
        raise QuestionSetError(f"{path} is not a file; give a .jsonl, .csv or .xlsx file with questions.")
    if path.stat().st_size > _MOST_BYTES:
        raise QuestionSetError(f"{path.name} is larger than {_MOST_BYTES >> 20} MB; split it.")
    readers = {".csv": _csv, ".tsv": _csv, ".xlsx": _xlsx}
    cases: list[Case] = []
    try:
        for number, row in readers.get(path.suffix.lower(), _jsonl)(path):
            cases.append(_case(path.name, number, row))
    except QuestionSetError:
        raise
    except IngestError as error:
        raise QuestionSetError(f"{path.name} is no text; save it again as UTF-8.") from error
    if not cases:
        raise QuestionSetError(f"{path.name} holds no question.")
    _refuse_twins(path.name, cases)
    return cases


def _case(name: str, number: int, row: Any) -> Case:
    if not isinstance(row, dict):
        raise QuestionSetError(f"{name}, line {number}: an object with a question is needed.")
    fields = {_ALIASES.get(str(key), str(key)): value for key, value in row.items()}
    if "manual" in fields and "gold" not in fields and fields.get("quote"):
        fields["gold"] = [{"document": fields["manual"] or "", "quote": fields["quote"]}]
    for gold in fields.get("gold") or ():
        if isinstance(gold, dict) and isinstance(gold.get("also_in"), str):
            gold["also_in"] = [gold["also_in"]]
    try:
        case = Case.model_validate(
            {key: value for key, value in fields.items() if value is not None} | {"line": number}
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise QuestionSetError(
            f"{name}, line {number}: {where}: {first['msg'].removeprefix('Value error, ')}."
        ) from error
    return case if case.id else case.model_copy(update={"id": _identity(case)})


def _identity(case: Case) -> str:
    """The same for the same question in the same thread, wherever it stands in the file."""
    said = json.dumps([[turn.text for turn in case.history], case.question], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:10]


def _refuse_twins(name: str, cases: Iterable[Case]) -> None:
    seen: dict[str, int] = {}
    for case in cases:
        if case.id in seen:
            raise QuestionSetError(
                f"{name}, line {case.line}: the same question or id stands in line {seen[case.id]} already."
            )
        seen[case.id] = case.line


def _jsonl(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(decode(path.read_bytes(), path.name).splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise QuestionSetError(
                    f"{path.name}, line {number}: not JSON ({getattr(error, 'msg', 'too deep')}); one object a line is needed."
                ) from error


def _csv(path: Path) -> Iterator[tuple[int, Any]]:
    text = decode(path.read_bytes(), path.name).removeprefix("\ufeff")
    separator = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        yield from _table(path.name, ((reader.line_num, row) for row in reader))
    except csv.Error as error:
        raise QuestionSetError(f"{path.name}, line {reader.line_num}: {error}.") from error


def _xlsx(path: Path) -> Iterator[tuple[int, Any]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = [
            [str(cell) if cell is not None else "" for cell in row]
            for row in book.worksheets[0].iter_rows(values_only=True)
        ]
    except Exception as error:  # noqa: BLE001 - the library raises anything on damaged files
        raise QuestionSetError(
            f"{path.name} is no Excel file that can be read; save it again as .xlsx."
        ) from error
    yield from _table(path.name, enumerate(rows, 1))


def _table(name: str, rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Rows under a heading row; several words in one cell stand on lines of their own."""
    heads: list[str] = []
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not heads:
            heads = [_ALIASES.get(cell, cell.lower()) for cell in cells]
            if "question" not in heads:
                raise QuestionSetError(
                    f"{name}, line {number}: the first row must name the columns, one of them question."
                )
            continue
        fields: dict[str, Any] = {
            head: cell
            for head, cell in zip(heads, cells, strict=False)
            if cell and head in _PLAIN | {"quote"}
        }
        yield number, fields | {head: fields[head].splitlines() for head in _LISTS if head in fields}
