"""What is wrong with the shape of a procedure file: names, kinds and forms, one sentence each with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, and a sentence that says what to do."""

    place: str
    message: str


def shape_faults(error: ValidationError, raw: Mapping[str, Any]) -> list[Fault]:
    """What a file's shape lacks, one sentence each."""
    errors = error.errors()
    return [
        Fault(_place(one["loc"], raw), _sentence(dict(one)))
        for one in errors
        if not (one["type"] == "too_short" and _has_inner(one["loc"], errors))
    ]


def _has_inner(loc: tuple[int | str, ...], errors: Sequence[ErrorDetails]) -> bool:
    """Whether something is wrong inside: a list whose every element is wrong is not empty besides."""
    return any(len(one["loc"]) > len(loc) and one["loc"][: len(loc)] == loc for one in errors)


def _place(loc: Sequence[int | str], raw: Any) -> str:
    """`steps.approve.by.role`: numbers in lists become the key that stands there, or `[2]`, counted from 1."""
    names: list[str] = []
    here: Any = raw
    for part in loc:
        here = _inside(here, part)
        if isinstance(part, int):
            keyed = here.get("key") or here.get("value") if isinstance(here, dict) else None
            names.append(str(keyed) if keyed else f"[{part + 1}]")
        else:
            names.append(part)
    return ".".join(names)


def _inside(value: Any, part: int | str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _sentence(error: dict[str, Any]) -> str:
    name = str(error["loc"][-1]) if error["loc"] else ""
    expected = str((error.get("ctx") or {}).get("expected", "")).replace("'", "")
    given = error.get("input")
    match error["type"]:
        case "missing":
            return f"{name} is missing: add it."
        case "extra_forbidden":
            return f"{name} is not known here: correct the name or take it out."
        case "enum" | "literal_error":
            return f"{given!r} is not possible: write one of {expected}."
        case "string_pattern_mismatch":
            pattern = (error.get("ctx") or {}).get("pattern", "")
            return f"{given!r} has the wrong form: {_FORMS.get(pattern, f'it must match {pattern}')}."
        case "string_too_short" | "too_short":
            return f"{name} is empty: fill it in."
        case _:
            return f"{str(error['msg'])[:1].lower()}{str(error['msg'])[1:]}: correct {name or 'it'}."


_FORMS: Mapping[str, str] = {
    r"^[a-z][a-z0-9_]{0,31}$": "up to 32 small letters, digits and underscores, beginning with a letter",
    r"^[A-Z]{1,3}$": "one to three capital letters",
    r"^(\d\d:\d\d)?$": "write a time like 17:00",
}
