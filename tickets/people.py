"""People, roles and the ladder: who is who, and who comes next when something is reported upwards.

`People` is the one read model. Whoever holds it sees changes: `tickets.people_desk` puts a new snapshot in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tickets import working_time
from tickets.directory import Snapshot
from tickets.directory_roles import DEFAULT_LADDER, DISPLAY_NAMES, Ladder, Person, Role
from tickets.directory_shifts import ends_on
from tickets.directory_told import Facts, Told, merge
from tickets.errors import PeopleError
from tickets.last_good import keep, stamp_of

if TYPE_CHECKING:
    from tickets.directory_told import Overlay

__all__ = ["DEFAULT_LADDER", "DISPLAY_NAMES", "Ladder", "People", "Person", "Role"]


def _now() -> datetime:
    return datetime.now(UTC)


class People:
    """Everybody known, by Slack user id. Whoever is not listed is an agent. Safe between threads: each question is
    answered from one snapshot."""

    def __init__(
        self,
        people: Iterable[Person] = (),
        ladder: Ladder = DEFAULT_LADDER,
        *,
        told: Told | None = None,
        path: Path | None = None,
    ) -> None:
        """`told`: what a file says, instead of `people` and `ladder`; `path`: where it stands, to be looked at again.

        Raises PeopleError when somebody is listed twice.
        """
        self.path = path
        self.told = told or _as_told(people, ladder)
        self._snapshot = merge(self.told)
        self.fault = ""
        """Why the file as it stood at the start was not believed, and an earlier copy was; empty when it was."""
        self.deadlines_by_shifts = True
        """Whether what is not urgent has only the shifts for its deadline."""
        self._clock: Callable[[], datetime] = _now
        self._zone = ZoneInfo("Asia/Shanghai")

    @classmethod
    def load(cls, path: Path) -> People:
        """Read the TOML settings file (see `tickets.people_file`).

        Raises PeopleError with one sentence that names the file and what is wrong in it.
        """
        # Here and not at the top: pydantic is only needed when a file is read.
        from tickets.people_file import read

        return cls(told=read(path), path=path)

    @classmethod
    def load_or_last_good(cls, path: Path, copy: Path) -> People:
        """The same for a desk that must open: where the file cannot be used, the copy of what it said last, with the
        sentence in `fault`; the copy is made anew of a file that can.

        Raises PeopleError, of the file, when there is no copy that can be used either.
        """
        stamp = stamp_of(path)
        try:
            people = cls.load(path)
        except PeopleError as error:
            try:
                people = cls.load(copy)
            except PeopleError:
                raise error from None
            people.path, people.fault = path, str(error)
            return people
        keep(path, copy, stamp)
        return people

    # -- keeping up ------------------------------------------------------------------------------

    def keep_time(self, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
        """What "now" is, and the zone that the roster's times are in."""
        self._clock, self._zone = clock, zone

    def swap(self, told: Told, overlay: Overlay | None = None) -> None:
        """Put what is known now in the place of what was known; whoever is in the middle of a question finishes it
        on the old."""
        self.told = told
        self._snapshot = merge(told, overlay)

    @property
    def snapshot(self) -> Snapshot:
        """What is known now; it does not change any more."""
        return self._snapshot

    # -- asking ----------------------------------------------------------------------------------

    @property
    def ladder(self) -> Ladder:
        """The default ladder, for those whose team and organisation have none of their own."""
        return self._snapshot.ladder

    def get(self, user_id: str) -> Person:
        """The person, or an agent named by their id when nobody is listed under it."""
        return self._snapshot.get(user_id)

    def with_role(self, role: Role) -> list[Person]:
        """Everybody listed with exactly this role, in the file's order."""
        return [person for person in self.everybody() if person.role is role]

    def everybody(self) -> list[Person]:
        """Everybody listed, in the file's order."""
        return list(self._snapshot.people.values())

    def ladder_of(self, person: Person) -> Ladder:
        """The ladder of a person's team, else of their organisation, else the default."""
        return self._snapshot.ladder_of(person)

    def on_shift(self, person_id: str, at: datetime | None = None) -> bool | None:
        """Whether somebody is on shift: what was said today beats Slack groups, and these the roster. None when
        nothing is known, which counts as there."""
        snapshot = self._snapshot
        return snapshot.on_shift(snapshot.get(person_id), self._local(at))

    def shift_end(self, person: Person, day: date) -> datetime | None:
        """When the shift that begins on a day ends, by the roster and the swaps approved; None when there is none that
        day."""
        return ends_on(self._snapshot.roster(person), day, self._zone)

    def superiors(
        self, of: Person, role: Role, excluding: Collection[str] = (), at: datetime | None = None
    ) -> list[Person]:
        """Who on this rung is responsible for `of`; never `of`, nor anybody in `excluding` (ids: who is complained
        about).

        Those of the same team, else of the same organisation, else those of no team and organisation; a tier with
        nobody there gives way to the next. Those on shift come first; who is off shift is replaced by their deputy,
        and stays in the list only when nobody else is there or no deputy can. Of another organisation only when
        there is nobody of the own and theirs has no ladder of its own.
        """
        return self._snapshot.superiors(of, role, excluding, self._local(at))

    def responsible(self, of: Person, role: Role, excluding: Collection[str] = ()) -> list[Person]:
        """Whose rung it is, whether they are there or not: the nearest tier of `superiors`, without deputies."""
        return self._snapshot.responsible(of, role, excluding)

    def later(self, start: datetime, span: timedelta, who: Collection[Person], *, urgent: bool) -> datetime:
        """When `span` has passed that these people had for something since `start`: in their shifts as the roster says,
        or by the clock on the wall when it is urgent, when nothing is known of somebody's shifts, or when the
        settings say so (`deadlines_by_shifts`)."""
        if urgent or not self.deadlines_by_shifts:
            return start + span
        rosters = [self._snapshot.roster(one) for one in who]
        return working_time.after(start, span, rosters, self._zone)

    def with_duty(self, name: str, for_person: Person | None = None) -> list[Person]:
        """Who holds a duty such as `office_manager` for somebody, those on shift first: of the same team, else of
        the same organisation, else of none, else anybody. For nobody in particular: everybody who holds it."""
        return self._snapshot.with_duty(name, for_person, self._local(None))

    def colleagues(self, of: Person) -> list[Person]:
        """The others of the same team; nobody for somebody without a team."""
        return self._snapshot.colleagues(of)

    def next_rung(self, of: Role | Person, excluding: Collection[Role] = ()) -> Role | None:
        """The nearest rung above with somebody on it who is responsible, leaving out `excluding`; None at the top.

        For a person their own ladder counts and who is responsible for them; for a role, the default ladder and
        everybody. When nobody stands anywhere above, the nearest rung is given all the same: an organisation
        without a people file still has its ladder.
        """
        snapshot, local = self._snapshot, self._local(None)
        if isinstance(of, Person):
            person = of
            above = snapshot.ladder_of(person).above(person.role)
            staffed = [rung for rung in above if snapshot.superiors(person, rung, (), local)]
        else:
            above = snapshot.ladder.above(of)
            held = {person.role for person in snapshot.people.values()}
            staffed = [rung for rung in above if rung in held]
        rungs = [rung for rung in above if rung not in excluding]
        return next((rung for rung in rungs if rung in staffed), rungs[0] if rungs else None)

    def _local(self, at: datetime | None) -> datetime:
        return (at or self._clock()).astimezone(self._zone)


def _as_told(people: Iterable[Person], ladder: Ladder) -> Told:
    facts: dict[str, Facts] = {}
    for person in people:
        if person.id in facts:
            raise PeopleError(f"{person.id} is listed twice among the people.")
        facts[person.id] = Facts.of(person)
    return Told(facts, ladder)
