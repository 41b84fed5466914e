"""The people file, checked before it is believed.

    [[people]]   id, name, role, team, organisation, deputy (an id), duties (["office_manager"])
    [ladder]     rungs (["leader", "supervisor", …], lowest first), [ladder.names] leader = "班长"
    [[ladders]]  organisation and/or team, rungs, names: where the ladder is another one
    [[shifts]]   team and/or organisation, or people; days (["mon", "fri"], [1, 5], "holidays"); from, to
    [[groups]]   handle of a Slack user group, and what being in it means: role, team, organisation, on_shift

Once a team's shifts name "holidays", those that do not name it do not run on public holidays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tickets.directory_roles import DEFAULT_LADDER, DISPLAY_NAMES, Ladder, Role, ScopedLadder
from tickets.directory_shifts import DAY, Shift
from tickets.directory_times import read_day, read_minutes
from tickets.directory_told import Facts, GroupRule, Told
from tickets.errors import PeopleError
from tickets.toml_lines import line_of

LONGEST = 120
"""Characters of a name, a team, an organisation or a duty."""
_TABLES = {"people": "[[people]]", "ladders": "[[ladders]]", "shifts": "[[shifts]]", "groups": "[[groups]]"}


_Text = Annotated[str, Field(max_length=LONGEST)]
_Id = Annotated[str, Field(min_length=1, max_length=64)]
_Day = Annotated[int, BeforeValidator(read_day)]
_Minutes = Annotated[int, BeforeValidator(read_minutes)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class _Entry(_Strict):
    id: _Id
    name: _Text | None = None
    role: Role | None = None
    team: _Text | None = None
    organisation: _Text | None = None
    deputy: _Text | None = None
    duties: list[Annotated[str, Field(min_length=1, max_length=LONGEST)]] | None = None


class _Ladder(_Strict):
    rungs: list[Role] = Field(default_factory=lambda: list(DEFAULT_LADDER.rungs), min_length=1)
    names: dict[Role, _Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _each_once(self) -> _Ladder:
        if len(set(self.rungs)) != len(self.rungs) or {Role.AGENT, Role.ADMIN} & set(self.rungs):
            raise ValueError("each rung once, without agent and admin")
        return self


class _ScopedLadder(_Ladder):
    organisation: _Text = ""
    team: _Text = ""

    @model_validator(mode="after")
    def _of_somebody(self) -> _ScopedLadder:
        if not (self.organisation or self.team):
            raise ValueError("say of which organisation or team it is")
        return self


class _Shift(_Strict):
    team: _Text = ""
    organisation: _Text = ""
    people: list[_Id] = Field(default_factory=list)
    days: list[_Day] = Field(default_factory=lambda: list(range(1, 8)), min_length=1)
    begins: _Minutes = Field(alias="from")
    ends: _Minutes = Field(alias="to")

    @model_validator(mode="after")
    def _sound(self) -> _Shift:
        if bool(self.people) == bool(self.team or self.organisation):
            raise ValueError("say either whose shift it is by team or organisation, or by people")
        if self.begins in (self.ends, DAY):
            raise ValueError("from and to must differ; a whole day is from 00:00 to 24:00")
        return self


class _Group(_Strict):
    handle: Annotated[str, Field(min_length=1, max_length=64)]
    role: Role | None = None
    team: _Text = ""
    organisation: _Text = ""
    on_shift: bool = False

    @model_validator(mode="after")
    def _means_something(self) -> _Group:
        if self.role is None and not (self.team or self.organisation or self.on_shift):
            raise ValueError("say what being in it means: role, team, organisation or on_shift")
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")  # other parts may keep their own tables in the same file

    people: list[_Entry] = Field(default_factory=list)
    ladder: _Ladder = Field(default_factory=_Ladder)
    ladders: list[_ScopedLadder] = Field(default_factory=list)
    shifts: list[_Shift] = Field(default_factory=list)
    groups: list[_Group] = Field(default_factory=list)


def read(path: Path) -> Told:
    """What the file says. Raises PeopleError: one sentence with the file and the place of the first mistake."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except OSError as error:
        raise PeopleError(
            f"The people file {path} cannot be read: {error.strerror}. Check that it is there and may be read."
        ) from error
    except UnicodeDecodeError as error:
        raise PeopleError(f"The people file {path} is not UTF-8 text: save it as UTF-8.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PeopleError(f"The people file {path} is not valid TOML: {error}. Mend that place.") from error
    return parse(raw, str(path), text)


def parse(raw: Mapping[str, Any], source: str, text: str = "") -> Told:
    """What a parsed file says; PeopleError tells where the first mistake is, with the line when `text` is given."""
    for name in raw:
        meant = get_close_matches(name, _File.model_fields, 1, 0.8)
        if meant and name not in _File.model_fields:
            raise _wrong(source, line_of(text, [name]), name, f"no such table; {meant[0]} is meant")
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        why = str(first["msg"]).removeprefix("Value error, ")
        raise _wrong(source, line_of(text, first["loc"]), _place(first["loc"], raw), why) from error
    mistake = next(_mistakes(file), None)
    if mistake:
        place, why = mistake
        raise _wrong(source, line_of(text, _steps(place)), place, why)
    return _told(file)


def _wrong(source: str, line: int, place: str, why: str) -> PeopleError:
    where = f"line {line}, {place}" if line else place
    return PeopleError(f"The people file {source} is wrong at {where}: {why}. Mend that place.")


def _steps(place: str) -> list[int | str]:
    """`[[people]] number 2 (U1), deputy` as table, index and key."""
    found = re.match(r"\[\[(\w+)\]\] number (\d+)(?:.*, (\w+))?", place)
    if found is None:
        return []
    return [found[1], int(found[2]) - 1, *([found[3]] if found[3] else [])]


def _place(steps: tuple[int | str, ...], raw: Mapping[str, Any]) -> str:
    """Where it is in the file, as somebody who edits it counts."""
    table, *rest = steps
    if str(table) not in _TABLES or not rest:
        return ".".join(str(step) for step in steps)
    number = int(rest[0])
    entry = raw[str(table)][number]
    known = entry.get("id") or entry.get("handle") if isinstance(entry, Mapping) else ""
    place = f"{_TABLES[str(table)]} number {number + 1}{f' ({known})' if known else ''}"
    return f"{place}, {'.'.join(str(step) for step in rest[1:])}" if rest[1:] else place


def _mistakes(file: _File) -> Iterator[tuple[str, str]]:
    """What is wrong between the entries: place and reason, in the file's order."""
    entries = {entry.id: entry for entry in file.people}
    seen: set[str] = set()
    for number, entry in enumerate(file.people, 1):
        place = f"[[people]] number {number} ({entry.id})"
        if entry.id in seen:
            yield place, "this id is listed twice"
        seen.add(entry.id)
        if entry.deputy and entry.deputy not in entries:
            yield f"{place}, deputy", f"nobody is listed under {entry.deputy}"
        chain = _chain(entry.id, {one.id: one.deputy or "" for one in file.people})
        if chain[-1] in chain[:-1]:
            yield f"{place}, deputy", f"the deputies go round in a circle ({' → '.join(chain)})"
    scopes = [(one.organisation, one.team) for one in file.ladders]
    for number, scope in enumerate(scopes, 1):
        if scope in scopes[: number - 1]:
            yield f"[[ladders]] number {number}", "this organisation and team has a ladder already"
    for number, shift in enumerate(file.shifts, 1):
        unknown = next((one for one in shift.people if one not in entries), None)
        if unknown:
            yield f"[[shifts]] number {number}, people", f"nobody is listed under {unknown}"
    handles = [_handle(group.handle) for group in file.groups]
    for number, handle in enumerate(handles, 1):
        if handle in handles[: number - 1] or not handle:
            yield f"[[groups]] number {number}, handle", "each group once, by its handle"


def _chain(start: str, deputies: Mapping[str, str]) -> list[str]:
    """Somebody, their deputy, the deputy's deputy …, up to the first who comes again."""
    chain = [start]
    while (following := deputies.get(chain[-1], "")) and chain[-1] not in chain[:-1]:
        chain.append(following)
    return chain


def _handle(text: str) -> str:
    return text.strip().removeprefix("@")


def _told(file: _File) -> Told:
    names = {**DISPLAY_NAMES, **file.ladder.names}
    people = {
        entry.id: Facts(
            entry.name or None,
            entry.role,
            entry.team,
            entry.organisation,
            entry.deputy,
            None if entry.duties is None else tuple(entry.duties),
        )
        for entry in file.people
    }
    ladders = [
        ScopedLadder(Ladder(tuple(one.rungs), {**names, **one.names}), one.organisation, one.team)
        for one in file.ladders
    ]
    groups = [
        GroupRule(_handle(one.handle), one.role, one.team, one.organisation, one.on_shift)
        for one in file.groups
    ]
    ladder = Ladder(tuple(file.ladder.rungs), names)
    return Told(people, ladder, tuple(ladders), tuple(_shift(one) for one in file.shifts), tuple(groups))


def _shift(one: _Shift) -> Shift:
    ends = one.ends if one.ends > one.begins else one.ends + DAY
    days = frozenset(one.days)
    return Shift(one.begins, ends, days - {0}, 0 in days, one.team, one.organisation, frozenset(one.people))
