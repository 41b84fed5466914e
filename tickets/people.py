"""People, roles and the ladder: who is who, and who comes next when something is reported upwards."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from tickets.errors import PeopleError


class Role(StrEnum):
    """What a person is at the helpdesk. `admin` keeps the manuals and stands beside the ladder."""

    AGENT = "agent"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    GENERAL_MANAGER = "general_manager"
    ADMIN = "admin"


DISPLAY_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.AGENT: "坐席",
        Role.LEADER: "班长",
        Role.SUPERVISOR: "现场主管",
        Role.MANAGER: "经理",
        Role.GENERAL_MANAGER: "总经理",
        Role.ADMIN: "管理员",
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the helpdesk. `id` is the Slack user id."""

    id: str
    name: str
    role: Role = Role.AGENT
    team: str = ""
    organisation: str = ""
    deputy: str = ""
    """Id of whoever stands in while this person is not on shift."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs above the agents, lowest first, and what each role is called."""

    rungs: tuple[Role, ...] = (Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.GENERAL_MANAGER)
    names: Mapping[Role, str] = field(default_factory=lambda: DISPLAY_NAMES)

    def name(self, role: Role) -> str:
        """The display name of a role, for example 现场主管."""
        return self.names.get(role, DISPLAY_NAMES[role])

    def height(self, role: Role) -> int:
        """0 for those who stand on no rung (agents, admins), 1 for the lowest rung, and so on."""
        return self.rungs.index(role) + 1 if role in self.rungs else 0

    def above(self, role: Role) -> tuple[Role, ...]:
        """All rungs above a role, nearest first; empty for the top."""
        return self.rungs[self.height(role) :]

    def passed_over(self, sender: Role, target: Role) -> tuple[Role, ...]:
        """The rungs between the sender and the target that were left out, lowest first."""
        return self.rungs[self.height(sender) : max(self.height(target) - 1, 0)]


DEFAULT_LADDER = Ladder()


class People:
    """Everybody known, by Slack user id. Whoever is not listed is an agent."""

    def __init__(self, people: Iterable[Person] = (), ladder: Ladder = DEFAULT_LADDER) -> None:
        self.ladder = ladder
        self._by_id: dict[str, Person] = {}
        for person in people:
            if person.id in self._by_id:
                raise PeopleError(f"{person.id} is listed twice among the people.")
            self._by_id[person.id] = person

    @classmethod
    def load(cls, path: Path) -> People:
        """Read the TOML settings file: `[[people]]` id, name, role, team; `[ladder]` rungs and `[ladder.names]`.

        Raises PeopleError with one sentence that names the file and what is wrong in it.
        """
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise PeopleError(f"The people file {path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise PeopleError(f"The people file {path} is not UTF-8 text.") from error
        except tomllib.TOMLDecodeError as error:
            raise PeopleError(f"The people file {path} is not valid TOML: {error}.") from error
        # Here and not at the top: pydantic is only needed when a file is read.
        from tickets.people_file import parse

        people, ladder = parse(raw, str(path))
        return cls(people, ladder)

    def get(self, user_id: str) -> Person:
        """The person, or an agent named by their id when nobody is listed under it."""
        return self._by_id.get(user_id) or Person(user_id, user_id)

    def with_role(self, role: Role) -> list[Person]:
        """Everybody listed with exactly this role, in the file's order."""
        return [person for person in self._by_id.values() if person.role is role]

    def ladder_of(self, person: Person) -> Ladder:
        """The ladder of a person's team or organisation."""
        return self.ladder

    def superiors(self, of: Person, role: Role, excluding: Collection[str] = ()) -> list[Person]:
        """Who on this rung is responsible for `of`, those on shift (or their deputies) first; never `of` itself, nor
        anybody in `excluding` (ids: who is complained about)."""
        return [one for one in self.with_role(role) if one.id != of.id and one.id not in excluding]

    def everybody(self) -> list[Person]:
        """Everybody listed, in the file's order."""
        return list(self._by_id.values())

    def next_rung(self, role: Role, excluding: Collection[Role] = ()) -> Role | None:
        """The nearest rung above `role` with somebody on it, leaving out `excluding`; None at the top.

        When no listed person stands anywhere above, the nearest rung is given all the same: an
        organisation without a people file still has its ladder.
        """
        rungs = [rung for rung in self.ladder.above(role) if rung not in excluding]
        staffed = [rung for rung in rungs if self.with_role(rung)]
        return next(iter(staffed or rungs), None)
