"""Who may act at a step: the people file's answer to what a procedure's file says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tickets.people import DEFAULT_LADDER, Ladder, People, Person, Role
from tickets.procedure_spec import Who


@dataclass(frozen=True, slots=True)
class Actors:
    """Who is told of a step, who else may take it, and its rung when nobody is listed there."""

    told: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    role: Role | None = None

    @property
    def may(self) -> tuple[str, ...]:
        """Everybody who may act, those who are told first."""
        return (*self.told, *(one for one in self.also if one not in self.told))


def actors(
    people: People,
    who: Who,
    filer: Person,
    facts: Mapping[str, str],
    barred: Collection[str] = (),
    passed_up: bool = False,
    takers: Mapping[str, str] = MappingProxyType({}),
) -> Actors:
    """Whom a step waits for.

    Four eyes: the filer never acts for others, nor does anybody in `barred`; when that leaves nobody on a rung, the
    next one with somebody is asked. `passed_up`: the rung above may act as well. `takers`: step → who took it.
    """
    if who.filer:
        found, top = Actors((filer.id,)), filer.role
    elif who.field is not None:
        found, top = _named(people, who, filer, facts.get(who.field, ""), barred)
    elif who.taker is not None:
        found, top = _named(people, who, filer, takers.get(who.taker, ""), barred)
    elif who.duty:
        found, top = _on_duty(people, who.duty, filer, barred), filer.role
    else:
        found, top = _on_rung(people, filer, _lowest(people, who, filer), barred)
    if who.or_above or passed_up:
        above = _above(people, filer, top, barred, every=who.or_above)
        found = Actors(found.told, (*found.also, *above), found.role)
    return found


def _open(barred: Collection[str], filer: Person, ids: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in ids if one != filer.id and one not in barred))


def _named(
    people: People, who: Who, filer: Person, person_id: str, barred: Collection[str]
) -> tuple[Actors, Role]:
    """The person named. While they are off shift their deputy is told and may act too, unless it must be in person.
    Somebody who may not act (they are complained about) is replaced by the filer's nearest rung."""
    named = people.get(person_id)
    told = _open(barred, filer, [named.id] if named.id else [])
    if not told:
        return _on_rung(people, filer, None, barred)
    if who.in_person or not named.deputy or not _is_off(people, named):
        return Actors(told), named.role
    return Actors(_open(barred, filer, [named.deputy, named.id])), named.role


def _is_off(people: People, person: Person) -> bool:
    """Whether somebody is known to be off shift; people files without shifts say nothing."""
    on_shift = getattr(people, "on_shift", None)
    return on_shift is not None and on_shift(person.id) is False


def _on_duty(people: People, duty: str, filer: Person, barred: Collection[str]) -> Actors:
    """Whoever holds a duty; the admins when nobody does, or when the people file knows no duties."""
    with_duty = getattr(people, "with_duty", None)
    holders = [one.id for one in with_duty(duty, filer)] if with_duty is not None else []
    told = _open(barred, filer, holders) or _admins(people, filer, barred)
    return Actors(told, role=None if told else Role.ADMIN)


def _admins(people: People, filer: Person, barred: Collection[str]) -> tuple[str, ...]:
    return _open(barred, filer, [one.id for one in people.with_role(Role.ADMIN)])


def _lowest(people: People, who: Who, filer: Person) -> Role | None:
    """The rung to begin at: the one that is named, never below or beside the filer's own; None: the nearest."""
    if who.role is None or who.role is Role.ADMIN:
        return who.role
    ladder = people.ladder_of(filer)
    role = who.role if who.role in ladder.rungs else _next_known(ladder, who.role)
    return role if role is not None and ladder.height(role) > ladder.height(filer.role) else None


def _next_known(ladder: Ladder, role: Role) -> Role | None:
    """A rung that an organisation does not have gives way to the next one above that it has."""
    higher = DEFAULT_LADDER.above(role)
    return next((rung for rung in ladder.rungs if rung in higher), None)


def _on_rung(
    people: People, filer: Person, lowest: Role | None, barred: Collection[str]
) -> tuple[Actors, Role]:
    if lowest is Role.ADMIN:
        told = _admins(people, filer, barred)
        return Actors(told, role=None if told else Role.ADMIN), filer.role
    ladder = people.ladder_of(filer)
    above = ladder.above(filer.role)
    rungs = above[above.index(lowest) :] if lowest in above else above
    for rung in rungs:
        told = _open(barred, filer, [one.id for one in people.superiors(filer, rung, barred)])
        if told:
            return Actors(told), rung
    if rungs:  # nobody is listed above: it waits for the rung, until the people file names somebody
        return Actors(role=rungs[0]), rungs[0]
    peers = _open(barred, filer, [one.id for one in people.with_role(filer.role)])
    told = peers or _admins(people, filer, barred)
    return Actors(told, role=None if told else filer.role), filer.role


def _above(
    people: People, filer: Person, role: Role, barred: Collection[str], *, every: bool
) -> tuple[str, ...]:
    """Who stands above a rung: all of them, or only those on the nearest rung with somebody."""
    found: list[str] = []
    for rung in people.ladder_of(filer).above(role):
        here = _open(barred, filer, [one.id for one in people.superiors(filer, rung, barred)])
        found += here
        if here and not every:
            break
    return tuple(found)
