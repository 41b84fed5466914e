"""Who is who, as people see it: one line each, who is on shift marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.parts import Block, Line
from bot.blocks.wording import Words
from tickets.people import Person

MOST = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody with what is shown of them."""

    person: Person
    role: str
    """The name of their role on their ladder."""
    on_shift: bool | None
    deputy: str = ""
    """The name of their deputy."""


def listed(people: Sequence[Listed], words: Words) -> list[Block]:
    """The people, one line each, in the order given."""
    if not people:
        return [parts.context(words("people.none"))]
    blocks = [parts.rich(parts.lines(*[_line(one, words) for one in people[:MOST]]))]
    if len(people) > MOST:
        blocks.append(parts.context(words("people.left_out", count=len(people) - MOST)))
    return blocks


def said(
    name: str, until: datetime, words: Words, zone: ZoneInfo, *, on: bool, own: bool, deputy: bool = False
) -> str:
    """One sentence that somebody is on shift now, or off. `deputy`: they have one, who is asked meanwhile."""
    moment = until.astimezone(zone).strftime("%m-%d %H:%M")
    if own and on:
        return words("people.own_on", until=moment)
    if own:
        return words("people.own_off_deputy" if deputy else "people.own_off", until=moment)
    return words("people.said_on" if on else "people.said_off", name=name, until=moment)


def _line(one: Listed, words: Words) -> Line:
    person = one.person
    duties = [words.get(f"duty.{duty}") or duty for duty in person.duties]
    pieces = [one.role, person.team, person.organisation, *duties]
    if one.deputy:
        pieces.append(words("people.deputy", name=one.deputy))
    if one.on_shift is not None:
        pieces.append(words("people.on_shift" if one.on_shift else "people.off_shift"))
    shown = " · ".join(piece for piece in pieces if piece)
    return parts.line(parts.styled(person.name, bold=True), parts.styled(f"  {shown}"))
