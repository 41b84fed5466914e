"""`kefu privacy …`: customers' contact details, which are kept encrypted and not for long."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches, working

if TYPE_CHECKING:
    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.people import Person

app = typer.Typer(help="Customers' contact details, which are kept encrypted.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _open() -> tuple[Settings, Desk, Person]:
    """The command line acts as an admin: whoever may run it can read the database."""
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people
    from tickets.people import Person, Role

    settings = Settings()
    desk = open_desk(settings, open_engine(settings), open_people(settings))
    return settings, desk, Person(working.BY, working.BY, Role.ADMIN)


@app.command("key")
def key(json: Json = False) -> None:
    """Print a fresh key for KEFU_CONTACT_KEY.

    Keep it where you keep passwords: without it nobody can read the contact details any more. To change keys put the
    new one in front of the old, separated by a comma, run `kefu privacy reseal`, then take the old one away.
    """
    from tickets.vault import new_key

    fresh = new_key()
    if json:
        batches.print_json({"key": fresh})
        return
    typer.echo(fresh)


@app.command("purge")
def purge(
    days: Annotated[
        int | None,
        typer.Option(min=0, help="Days after the end of a matter; default KEFU_CONTACT_DAYS."),
    ] = None,
    json: Json = False,
) -> None:
    """Erase the contact details of matters that ended long enough ago.

    A running bot does this by itself every hour.
    """
    settings, desk, _ = _open()
    kept_for = settings.contact_days if days is None else days
    erased = desk.contacts.purge(timedelta(days=kept_for))
    if json:
        batches.print_json({"days": kept_for, "erased": erased})
        return
    typer.echo(f"{len(erased)} contacts erased whose matter ended {kept_for} days ago or earlier.")


@app.command("erase")
def erase(
    customer: Annotated[
        str,
        typer.Argument(
            help="A phone number, a number like T-20261124-0001, or - to read it from standard input "
            "(so that it stays out of the shell's history).",
            show_default=False,
        ),
    ],
    json: Json = False,
) -> None:
    """Erase all contact details of one customer for good.

    Their tickets and reports stay, with what was masked in them.
    """
    _, desk, actor = _open()
    named = sys.stdin.readline() if customer == "-" else customer
    erased = desk.contacts.erase(actor, named)
    if json:
        batches.print_json({"erased": erased})
        return
    typer.echo(f"Erased for good: {', '.join(erased)}.")


@app.command("looks")
def looks(
    number: Annotated[str, typer.Argument(help="Number of a ticket, escalation or record.")],
    json: Json = False,
) -> None:
    """Who looked at contact details, and when.

    Of a ticket, an escalation or a record.
    """
    settings, desk, _ = _open()
    found = desk.contacts.looks(desk.contacts.subject(number))
    if json:
        rows = [{"person": one.person_id, "at": one.at.isoformat(), "reason": one.reason} for one in found]
        batches.print_json({"number": number, "looks": rows})
        return
    for one in found:
        at = one.at.astimezone(settings.zone)
        name = desk.people.get(one.person_id).name
        typer.echo(f"{at:%Y-%m-%d %H:%M}  {name}{f'  {one.reason}' if one.reason else ''}")
    if not found:
        typer.echo("Nobody has looked.")


@app.command("reseal")
def reseal(json: Json = False) -> None:
    """Encrypt everything again with the first key.

    Of KEFU_CONTACT_KEY: contacts, and the tokens of workspaces.
    """
    settings, desk, actor = _open()
    count, tokens = desk.contacts.reseal(actor), _reseal_tokens(settings)
    if json:
        batches.print_json({"resealed": count, "tokens": tokens})
        return
    typer.echo(f"{count} contacts are sealed with the current key.")
    if tokens:
        typer.echo(f"The tokens of {tokens} installations are, too.")


def _reseal_tokens(settings: Settings) -> int:
    from bot.installing.store import Installations, sealing
    from bot.wiring import open_engine

    return Installations("", open_engine(settings), sealing(settings.contact_keys)).reseal()
