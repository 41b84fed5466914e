"""Roles, people and the ladder as plain values; everybody takes them from `tickets.people`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


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
    duties: tuple[str, ...] = ()
    """Named functions that procedures address, such as `office_manager`."""


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


@dataclass(frozen=True, slots=True)
class ScopedLadder:
    """A ladder of one team, of one organisation, or of a team of an organisation; empty: any."""

    ladder: Ladder
    organisation: str = ""
    team: str = ""

    def fits(self, person: Person) -> bool:
        """Whether it is this person's."""
        return self.organisation in ("", person.organisation) and self.team in ("", person.team)
