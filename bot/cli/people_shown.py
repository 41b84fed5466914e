"""What `kefu people` prints: people and ladders, for a terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from tickets.desk import Desk
    from tickets.people import Ladder, Person, Role

_SHIFT = {True: "on shift", False: "off shift", None: ""}


def line(desk: Desk, person: Person) -> str:
    """One person for a terminal."""
    role = desk.people.ladder_of(person).name(person.role)
    deputy = f"deputy {desk.people.get(person.deputy).name}" if person.deputy else ""
    parts = [role, person.team, person.organisation, ", ".join(person.duties), deputy]
    shift = _SHIFT[desk.people.on_shift(person.id)]
    return f"{person.id}  {person.name}  " + " · ".join(part for part in [*parts, shift] if part)


def row(desk: Desk, person: Person) -> dict[str, Any]:
    """One person as JSON."""
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role.value,
        "role_name": desk.people.ladder_of(person).name(person.role),
        "team": person.team,
        "organisation": person.organisation,
        "deputy": person.deputy,
        "duties": list(person.duties),
        "on_shift": desk.people.on_shift(person.id),
    }


def ladders(shown: list[tuple[str, Ladder, list[tuple[Role, list[Person]]]]], *, json: bool) -> None:
    """Ladders, each with whose it is and who stands on its rungs."""
    if json:
        listed = [
            {
                "of": whose,
                "rungs": [
                    {"role": rung.value, "name": one.name(rung), "people": [p.id for p in people]}
                    for rung, people in rungs
                ],
            }
            for whose, one, rungs in shown
        ]
        batches.print_json({"ladders": listed})
        return
    for whose, one, rungs in shown:
        typer.echo(f"{whose}:")
        for rung, people in rungs:
            typer.echo(
                f"    {one.name(rung)} ({rung.value}): {', '.join(p.name for p in people) or 'nobody'}"
            )
