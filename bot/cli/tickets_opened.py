"""The desk, and whose doing it is, for `kefu tickets`; what people write for days and colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.cli import working

if TYPE_CHECKING:
    from datetime import datetime

    from bot.settings import Settings
    from tickets.contacts import Contact
    from tickets.desk import Desk
    from tickets.people import Person

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
As = Annotated[
    str, typer.Option("--as", metavar="PERSON", help="Whose doing it is: id or name in the people file.")
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="T-20261124-0001.", show_default=False)]
Priority = Literal["normal", "important", "urgent"]


@dataclass(frozen=True)
class Opened:
    """What a command works with."""

    settings: Settings
    desk: Desk
    actor: Person

    def name(self, user: str) -> str:
        """What somebody is called."""
        return self.desk.people.get(user).name

    def moment(self, at: datetime) -> str:
        """A time of the site."""
        return at.astimezone(self.settings.zone).strftime("%Y-%m-%d %H:%M")


def open_as(as_whom: str) -> Opened:
    """The desk for somebody (id or name); usage error when nobody, or more than one, is called so."""
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people

    settings = Settings()
    people = open_people(settings)
    desk = open_desk(settings, open_engine(settings), people)
    return Opened(settings, desk, _person(desk, as_whom))


def _person(desk: Desk, wanted: str) -> Person:
    """Who does it; without a name whoever may run this, with an admin's rights."""
    from tickets.people import Person, Role

    if not wanted:
        return Person(working.BY, working.BY, Role.ADMIN)
    found = [one for one in desk.people.everybody() if wanted in (one.id, one.name)]
    if len(found) != 1:
        raise typer.BadParameter(
            f"{len(found) or 'No'} people are called {wanted} in the people file.", param_hint="--as"
        )
    return found[0]


def contact_in(desk: Desk, text: str) -> Contact | None:
    """How to reach the customer as far as a text tells it, for the vault; None when it does not, or there is no vault."""
    from bot.assistant.redaction_contacts import contacts
    from tickets.contacts import Contact

    found = contacts(text)
    if desk.contacts.vault is None or not (found.phones or found.emails or found.others):
        return None
    return Contact(
        found.name, ", ".join(found.phones), found.address, ", ".join([*found.emails, *found.others])
    )


def colleague(desk: Desk, wanted: str) -> str:
    """The id of whoever is named; an id that is not listed is taken as it is."""
    found = [one.id for one in desk.people.everybody() if wanted in (one.id, one.name)]
    return found[0] if len(found) == 1 else wanted


def day(opened: Opened, value: str, option: str, *, ends: bool) -> datetime | None:
    """The beginning or end of a day as people write it; usage error for what is none."""
    from ingest.metadata import read_moment

    if not value:
        return None
    moment = read_moment(value, opened.settings.zone, ends=ends)
    if moment is None:
        raise typer.BadParameter(f"{value} is not a date; write it like 2026-02-15.", param_hint=option)
    return moment


def due_at(opened: Opened, value: str) -> datetime | None:
    """A time in the site's zone; usage error for what is none."""
    from datetime import datetime

    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise typer.BadParameter(
            f"{value} is not a time; write it like 2026-02-15 18:00.", param_hint="--due"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=opened.settings.zone)
