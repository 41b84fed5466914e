"""Reading procedure files: those that come with the product, and an organisation's own beside or instead of them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from tickets.audit import canonical
from tickets.errors import NotFound
from tickets.last_good import Stamp, keep, stamp_of
from tickets.procedure_checks import across, faults_of
from tickets.procedure_shape import Fault, shape_faults
from tickets.procedure_spec import Procedure

BUILT_IN = "built-in"
"""Where a procedure that comes with the product was read from."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a procedure file."""

    file: str
    place: str
    """Where in the file: `steps.approve.by`; empty for the file as a whole."""
    message: str
    """What is wrong and what to do, one sentence."""

    def __str__(self) -> str:
        return f"{self.file}{f', {self.place}' if self.place else ''}: {self.message}"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The procedures that can be filed, by key, and what was wrong in files that were left out."""

    procedures: Mapping[str, Procedure]
    sources: Mapping[str, str]
    """Key → the file that it was read from, or `built-in`."""
    problems: tuple[Problem, ...] = ()
    disabled: tuple[str, ...] = ()

    def get(self, key: str) -> Procedure:
        """One procedure; NotFound."""
        found = self.procedures.get(key)
        if found is None:
            raise NotFound("procedure", key)
        return found

    def named(self, text: str) -> Procedure | None:
        """The procedure that somebody calls by its key, its name or one of its phrases."""
        wanted = "".join(text.split()).lower()
        for procedure in self.procedures.values():
            names = (procedure.key, procedure.name.zh, procedure.name.en, *procedure.phrases)
            if wanted in {"".join(name.split()).lower() for name in names}:
                return procedure
        return None


@dataclass(frozen=True, slots=True)
class _Read:
    """One file: a procedure, a key that is switched off, or problems."""

    file: str
    key: str
    procedure: Procedure | None = None
    disabled: bool = False
    problems: tuple[Problem, ...] = ()
    stamp: Stamp = None
    from_copy: bool = False


def digest(procedure: Procedure) -> str:
    """A name for exactly what a procedure says."""
    return hashlib.sha256(canonical(procedure.model_dump(mode="json")).encode("utf-8")).hexdigest()


def load(folder: Path | None = None, copies: Path | None = None) -> Catalogue:
    """The built-in procedures with an organisation's own laid over them.

    A file of the same key replaces ours, a new key adds one, `disabled = true` switches one off. A file with
    mistakes changes nothing; all mistakes of all files are in `problems`. `copies`: a folder where each file is kept
    as it was when it was read well; that goes on holding for one that has mistakes now.
    """
    own = _read_folder(folder) if folder is not None and folder.is_dir() else []
    problems = [problem for one in own for problem in one.problems]
    own = [_last_good(one, folder, copies) for one in own]
    found: dict[str, Procedure] = {one.key: one.procedure for one in built_in() if one.procedure is not None}
    sources = dict.fromkeys(found, BUILT_IN)
    disabled: list[str] = []
    for one in _once_each(own, problems):
        if one.disabled:
            problems += [] if one.key in found else [_disables_nothing(one)]
            found.pop(one.key, None)
            disabled.append(one.key)
        elif one.procedure is not None:
            found[one.key], sources[one.key] = one.procedure, one.file
    apart: set[str] = set()
    while faults := list(across(found, [key for key in found if sources[key] != BUILT_IN])):
        problems += [Problem(sources[key], fault.place, fault.message) for key, fault in faults]
        for key in {key for key, _ in faults}:  # what is taken out may leave a gap for another: look again
            apart.add(sources[key])
            _take_out(found, sources, key)
    _keep_copies(own, apart, folder, copies)
    ordered = {key: found[key] for key in sorted(found)}
    kept = {key: sources[key] for key in ordered}
    return Catalogue(MappingProxyType(ordered), MappingProxyType(kept), tuple(problems), tuple(disabled))


def _last_good(one: _Read, folder: Path | None, copies: Path | None) -> _Read:
    """A file with mistakes as it was before them, where there is a copy."""
    if not one.problems or copies is None or not (copies / one.file).is_file():
        return one
    before = read(copies / one.file, one.file)
    return one if before.problems else replace(before, from_copy=True)


def _keep_copies(own: Sequence[_Read], apart: set[str], folder: Path | None, copies: Path | None) -> None:
    """Keep what was read well and goes together with the others."""
    if folder is None or copies is None:
        return
    for one in own:
        if not one.problems and not one.from_copy and one.file not in apart:
            keep(folder / one.file, copies / one.file, one.stamp)


def _take_out(found: dict[str, Procedure], sources: dict[str, str], key: str) -> None:
    """A file that does not go together with the others: what came with the product is there again."""
    found.pop(key, None)
    for one in built_in():
        if one.key == key and one.procedure is not None:
            found[key], sources[key] = one.procedure, BUILT_IN


def _once_each(own: Sequence[_Read], problems: list[Problem]) -> list[_Read]:
    """Files in order, without a second one of the same key."""
    first: dict[str, _Read] = {}
    for one in own:
        if one.problems:
            continue
        if one.key in first:
            message = f"{first[one.key].file} has the key {one.key} already: give one of them another key."
            problems.append(Problem(one.file, "key", message))
        else:
            first[one.key] = one
    return list(first.values())


def _disables_nothing(one: _Read) -> Problem:
    return Problem(one.file, "disabled", f"There is no procedure {one.key} to switch off: check the key.")


@cache
def built_in() -> tuple[_Read, ...]:
    """The procedures that come with the product; read once."""
    folder = files("tickets").joinpath("procedures")
    names = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return tuple(read(one, one.name) for one in names)


def check(folder: Path) -> Catalogue:
    """What `load` gives for this folder; a missing folder is a problem too."""
    if folder.is_dir():
        return load(folder)
    plain = load(None)
    missing = Problem(str(folder), "", "There is no such folder: create it or set KEFU_PROCEDURES.")
    return Catalogue(plain.procedures, plain.sources, (missing,))


Stamps = Mapping[str, Stamp]


def stamps(folder: Path | None) -> Stamps:
    """What changes when a file of a folder is written, added or taken away."""
    return {path.name: stamp_of(path) for path in sorted(folder.glob("*.toml"))} if folder else {}


def _read_folder(folder: Path) -> list[_Read]:
    return [
        replace(read(path, path.name), stamp=stamp)
        for path, stamp in [(path, stamp_of(path)) for path in sorted(folder.glob("*.toml"))]
    ]


def read(path: Path | Traversable, name: str) -> _Read:
    """One file with everything that is wrong in it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return _broken(name, f"The file cannot be read ({error.strerror}): check its permissions.")
    except UnicodeDecodeError:
        return _broken(name, "The file is not UTF-8 text: save it as UTF-8.")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _broken(name, f"The file is not valid TOML ({error}): mend that place.")
    key = str(raw.get("key") or Path(name).stem)
    if raw.get("disabled") is True:
        return _Read(name, key, disabled=True)
    raw.pop("disabled", None)
    return _checked(name, key, {"key": key, **raw})


def _broken(name: str, message: str) -> _Read:
    return _Read(name, Path(name).stem, problems=(Problem(name, "", message),))


def _checked(name: str, key: str, raw: dict[str, Any]) -> _Read:
    try:
        procedure = Procedure.model_validate(raw)
    except ValidationError as error:
        return _Read(name, key, problems=_told(name, shape_faults(error, raw)))
    return _Read(name, key, procedure, problems=_told(name, faults_of(procedure)))


def _told(name: str, faults: Sequence[Fault]) -> tuple[Problem, ...]:
    return tuple(Problem(name, fault.place, fault.message) for fault in faults)
