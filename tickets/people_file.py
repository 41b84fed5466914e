"""The shape of the people file, checked before it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tickets.errors import PeopleError
from tickets.people import DEFAULT_LADDER, DISPLAY_NAMES, Ladder, Person, Role


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1)
    name: str = ""
    role: Role = Role.AGENT
    team: str = ""


class _Ladder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rungs: list[Role] = Field(default_factory=lambda: list(DEFAULT_LADDER.rungs), min_length=1)
    names: dict[Role, str] = Field(default_factory=dict)


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")  # other parts may keep their own tables in the same file

    people: list[_Entry] = Field(default_factory=list)
    ladder: _Ladder = Field(default_factory=_Ladder)


def parse(raw: Mapping[str, Any], source: str) -> tuple[list[Person], Ladder]:
    """People and ladder out of a parsed file; PeopleError says where the first mistake is."""
    try:
        file = _File.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PeopleError(f"The people file {source} is wrong at {where}: {first['msg']}.") from error
    rungs = tuple(file.ladder.rungs)
    if len(set(rungs)) != len(rungs) or {Role.AGENT, Role.ADMIN} & set(rungs):
        raise PeopleError(
            f"The people file {source} is wrong at ladder.rungs: each rung once, without agent and admin."
        )
    people = [Person(entry.id, entry.name or entry.id, entry.role, entry.team) for entry in file.people]
    return people, Ladder(rungs, {**DISPLAY_NAMES, **file.ladder.names})
