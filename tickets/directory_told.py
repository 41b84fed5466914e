"""What each source says of people (file, command, Slack groups), and making one picture of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from tickets.directory import DutyGroup, Snapshot
from tickets.directory_roles import DEFAULT_LADDER, Ladder, Person, Role, ScopedLadder
from tickets.directory_shifts import Attendance, Shift, Swap, turns_of

FILE = "file"
COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one source says of one person; None where it says nothing."""

    name: str | None = None
    role: Role | None = None
    team: str | None = None
    organisation: str | None = None
    deputy: str | None = None
    duties: tuple[str, ...] | None = None

    @classmethod
    def of(cls, person: Person) -> Facts:
        """All of a person that is not empty."""
        return cls(
            person.name,
            person.role,
            person.team or None,
            person.organisation or None,
            person.deputy or None,
            person.duties or None,
        )

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Facts:
        """What `to_json` wrote."""
        role, duties = told.get("role"), told.get("duties")
        values = {name: told.get(name) for name in ("name", "team", "organisation", "deputy")}
        return cls(
            **values, role=Role(role) if role else None, duties=None if duties is None else tuple(duties)
        )

    def to_json(self) -> dict[str, Any]:
        """What is said, and nothing else."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


FACTS = tuple(one.name for one in fields(Facts))


@dataclass(frozen=True, slots=True)
class GroupRule:
    """What being in a Slack user group means."""

    handle: str
    """Without the @."""
    role: Role | None = None
    team: str = ""
    organisation: str = ""
    on_shift: bool = False
    """Whether it holds those who are on shift now."""
    source: str = FILE


@dataclass(frozen=True, slots=True)
class Told:
    """What the people file says."""

    people: Mapping[str, Facts] = field(default_factory=dict)
    ladder: Ladder = DEFAULT_LADDER
    ladders: tuple[ScopedLadder, ...] = ()
    shifts: tuple[Shift, ...] = ()
    groups: tuple[GroupRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is in a Slack user group, as last read."""

    group_id: str
    members: Mapping[str, str]
    """Id and name."""
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class GroupState:
    """A Slack user group that says something of people, and what is known of it."""

    rule: GroupRule
    group_id: str
    members: Mapping[str, str]
    read_at: datetime | None
    """When it was last read; None: never."""
    fault: str
    """Why it could not be read the last time; empty when it could."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """What commands and Slack say on top of the file."""

    people: Mapping[str, Facts] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    groups: Mapping[str, GroupRule | None] = field(default_factory=dict)
    """By handle; None: the file's rule does not hold."""
    members: Mapping[str, Membership] = field(default_factory=dict)
    attendance: Mapping[str, Attendance] = field(default_factory=dict)
    version: int = -1
    swaps: tuple[Swap, ...] = ()
    """Of shifts, as approved, in that order."""


_NO_OVERLAY = Overlay()


def group_rules(told: Told, overlay: Overlay = _NO_OVERLAY) -> list[GroupRule]:
    """The rules that hold: the file's in its order, then those of commands; a command's replaces the file's."""
    rules: dict[str, GroupRule | None] = {rule.handle: rule for rule in told.groups}
    rules |= overlay.groups
    return [rule for rule in rules.values() if rule is not None]


def merge(told: Told, overlay: Overlay | None = None) -> Snapshot:
    """One picture of everybody. For each fact a command goes before the file, the file before a Slack group; of
    several groups the first rule that says it counts."""
    overlay = overlay or _NO_OVERLAY
    rules = group_rules(told, overlay)
    groups = [
        (rule, overlay.members[rule.handle].members) for rule in rules if rule.handle in overlay.members
    ]
    ids = dict.fromkeys([*told.people, *overlay.people, *(one for _, members in groups for one in members)])
    people, sources = {}, {}
    for person_id in ids:
        if person_id not in overlay.removed:
            tellers = list(_tellers(person_id, told, overlay, groups))
            people[person_id], sources[person_id] = _person(person_id, tellers)
    return Snapshot(
        people,
        told.ladder,
        told.ladders,
        told.shifts,
        dict(overlay.attendance),
        tuple(
            DutyGroup(frozenset(members), rule.role, rule.team, rule.organisation)
            for rule, members in groups
            if rule.on_shift
        ),
        sources,
        turns_of(overlay.swaps),
    )


def _tellers(
    person_id: str, told: Told, overlay: Overlay, groups: list[tuple[GroupRule, Mapping[str, str]]]
) -> Iterator[tuple[str, Facts]]:
    """Who says something of a person, those whose word goes first at the head."""
    if person_id in overlay.people:
        yield COMMAND, overlay.people[person_id]
    if person_id in told.people:
        yield FILE, told.people[person_id]
    for rule, members in groups:
        if person_id in members:
            name = members[person_id] or None
            yield f"@{rule.handle}", Facts(name, rule.role, rule.team or None, rule.organisation or None)


def _person(person_id: str, tellers: list[tuple[str, Facts]]) -> tuple[Person, dict[str, str]]:
    known: dict[str, Any] = {"name": person_id}
    sources: dict[str, str] = {}
    for name in FACTS:
        said = next(((who, getattr(f, name)) for who, f in tellers if getattr(f, name) is not None), None)
        if said is not None:
            sources[name], known[name] = said
    return Person(person_id, **known), sources
