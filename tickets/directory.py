"""Everybody as known at one moment: ladders, shifts, deputies, and who is asked for whom. Never changes; a new one
takes its place (`tickets.people.People.swap`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tickets.directory_roles import DEFAULT_LADDER, Ladder, Person, Role, ScopedLadder
from tickets.directory_shifts import Attendance, Roster, Shift, Turns, lasts_until, roster_of, running


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """A Slack user group that holds those who are on shift now."""

    members: frozenset[str]
    role: Role | None = None
    team: str = ""
    organisation: str = ""

    def says(self, person: Person) -> bool | None:
        """On shift, off shift, or None about somebody whom it does not concern."""
        if person.id in self.members:
            return True
        if not (self.role or self.team or self.organisation):
            return None
        fits = (
            self.role in (None, person.role)
            and self.team in ("", person.team)
            and self.organisation in ("", person.organisation)
        )
        return False if fits else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Who is who at one moment."""

    people: Mapping[str, Person] = field(default_factory=dict)
    ladder: Ladder = DEFAULT_LADDER
    ladders: tuple[ScopedLadder, ...] = ()
    shifts: tuple[Shift, ...] = ()
    attendance: Mapping[str, Attendance] = field(default_factory=dict)
    duty_groups: tuple[DutyGroup, ...] = ()
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By id and fact, who told it: `file`, `command`, `@handle` of a Slack group; nobody told what is missing."""
    turns: Turns = field(default_factory=dict)
    """Who has whose shifts, on the days for which a swap was approved."""

    def get(self, user_id: str) -> Person:
        """The person, or an agent named by their id when nobody is listed under it."""
        return self.people.get(user_id) or Person(user_id, user_id)

    def ladder_of(self, person: Person) -> Ladder:
        """The ladder of a person's team, else of their organisation, else the default."""
        fitting = [one for one in self.ladders if one.fits(person)]
        return (
            max(fitting, key=lambda one: (bool(one.team), bool(one.organisation))).ladder
            if fitting
            else self.ladder
        )

    def on_shift(self, person: Person, local: datetime) -> bool | None:
        """Whether somebody is on shift; None when nothing is known. What was said beats groups, groups the roster."""
        said = self.attendance.get(person.id)
        if said is not None and said.holds(local):
            return said.on
        heard = [group.says(person) for group in self.duty_groups]
        if any(word is not None for word in heard):
            return any(heard)
        roster = self.roster(person)
        there = running(roster, local) is not None
        return there if roster else there or None

    def attends_until(self, person: Person, local: datetime) -> datetime:
        """Until when it holds that this person says now to be there or not."""
        return lasts_until(self.roster(person), local)

    def roster(self, person: Person) -> Roster:
        """When somebody works, swaps that were approved included."""
        return roster_of(self.shifts, person, self.turns, self.people)

    def superiors(self, of: Person, role: Role, excluding: Collection[str], local: datetime) -> list[Person]:
        """See `tickets.people.People.superiors`."""
        barred = {*excluding, of.id}
        candidates = [one for one in self.people.values() if one.role is role and one.id not in barred]
        own = [tier for tier in self._near(of, candidates) if tier]
        tiers = own or [tier for tier in [self._far(of, candidates)] if tier]
        asked = [self._asked(of, tier, barred, local) for tier in tiers]
        return next((there + away for there, away in asked if there), asked[0][1] if asked else [])

    def responsible(self, of: Person, role: Role, excluding: Collection[str]) -> list[Person]:
        """See `tickets.people.People.responsible`."""
        barred = {*excluding, of.id}
        candidates = [one for one in self.people.values() if one.role is role and one.id not in barred]
        tiers = [*self._near(of, candidates), self._far(of, candidates)]
        return next((list(tier) for tier in tiers if tier), [])

    def with_duty(self, name: str, of: Person | None, local: datetime) -> list[Person]:
        """See `tickets.people.People.with_duty`."""
        holders = [one for one in self.people.values() if name in one.duties]
        tiers = [*self._near(of, holders), self._far(of, holders)] if of else [holders]
        return self._by_presence(next((tier for tier in tiers if tier), []), local)

    def colleagues(self, of: Person) -> list[Person]:
        """The others of the same team."""
        return [one for one in self.people.values() if one.id != of.id and _same_team(one, of)]

    def _near(self, of: Person, candidates: Sequence[Person]) -> list[list[Person]]:
        """Those of the same team; of the same organisation, who lead no other team first; of no organisation."""
        house = [one for one in candidates if one.organisation == of.organisation]
        return [
            [one for one in candidates if _same_team(one, of)],
            sorted((one for one in house if not _same_team(one, of)), key=lambda one: bool(one.team)),
            [one for one in candidates if not one.organisation and not one.team],
        ]

    def _far(self, of: Person, candidates: Sequence[Person]) -> list[Person]:
        """Those of other organisations that have no ladder of their own."""
        closed = {one.organisation for one in self.ladders if one.organisation}
        return [one for one in candidates if one.organisation not in closed | {of.organisation}]

    def _asked(
        self, of: Person, tier: Sequence[Person], barred: Collection[str], local: datetime
    ) -> tuple[list[Person], list[Person]]:
        """Who of a tier can be asked now (themselves, then deputies), and who is away without a deputy."""
        there: list[Person] = []
        deputies: list[Person] = []
        away: list[Person] = []
        for person in tier:
            if self.on_shift(person, local) is not False:
                there.append(person)
                continue
            deputy = self._deputy(of, person, barred, local)
            (deputies if deputy else away).append(deputy or person)
        present = self._by_presence(there, local) + deputies
        return list({one.id: one for one in present}.values()), away

    def _by_presence(self, people: Sequence[Person], local: datetime) -> list[Person]:
        """Those known to be on shift first, those known to be off last."""
        order = {True: 0, None: 1, False: 2}
        return sorted(people, key=lambda one: order[self.on_shift(one, local)])

    def _deputy(self, of: Person, person: Person, barred: Collection[str], local: datetime) -> Person | None:
        """Who stands in: the deputy, or the deputy's deputy while that one is off shift too. Nobody of a lower rung
        (they could not decide) or of another organisation, and nobody behind somebody who is barred."""
        ladder, seen = self.ladder_of(of), {person.id}
        deputy = self.people.get(person.deputy)
        while deputy is not None and deputy.id not in seen and deputy.id not in barred:
            seen.add(deputy.id)
            able = deputy.role is person.role or ladder.height(deputy.role) > ladder.height(person.role) > 0
            able = able and deputy.organisation in ("", person.organisation)
            if able and self.on_shift(deputy, local) is not False:
                return deputy
            deputy = self.people.get(deputy.deputy)
        return None


def _same_team(one: Person, other: Person) -> bool:
    """Teams of two organisations may have one name; a team whose organisation is not told is taken for the own."""
    return bool(other.team) and one.team == other.team and one.organisation in ("", other.organisation)
