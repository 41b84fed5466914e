"""`kefu confirmed …`: answers that a supervisor stands by, and who has read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches, working

if TYPE_CHECKING:
    from tickets.confirmed import Acknowledgement, ConfirmedAnswer
    from tickets.confirmed_desk import ConfirmedDesk

app = typer.Typer(help="Answers that a supervisor stands by (统一口径).", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Number = Annotated[int, typer.Argument(help="Number of the confirmed answer.", show_default=False)]


@app.callback()
def _group() -> None:
    """Answers that a supervisor stands by (统一口径)."""


def _desk() -> ConfirmedDesk:
    from bot.settings import Settings
    from bot.wiring import open_confirmed, open_engine

    settings = Settings()
    open_engine(settings)  # makes the data folder, when nothing was ever ingested
    return open_confirmed(settings)


@app.command("list")
def list_confirmed(
    every: Annotated[bool, typer.Option("--all", help="Withdrawn ones too.")] = False, json: Json = False
) -> None:
    """Every confirmed answer and its state.

    Given, waiting to be confirmed again, or, with --all, withdrawn.
    """
    found = [one for one in _desk().all() if every or one.state.value != "withdrawn"]
    if json:
        batches.print_json({"confirmed": [row(one) for one in found]})
        return
    for one in found:
        typer.echo(
            f"#{one.id} [{one.state.value}] {one.content.question}  ({one.confirmed_by}, {one.confirmed_at:%Y-%m-%d})"
        )
    if not found:
        typer.echo("None yet: a supervisor confirms an answer with the button below it in Slack.")


@app.command("show")
def show(number: Number, json: Json = False) -> None:
    """What is answered, on which clauses, and its history."""
    desk = _desk()
    one, revisions = desk.get(number), desk.history(number)
    if json:
        history = [
            {
                "revision": r.revision, "action": r.action, "by": r.by, "at": r.at.isoformat(),
                "question": r.content.question, "text": r.content.text, "clauses": list(r.content.clause_ids),
            }
            for r in revisions
        ]  # fmt: skip
        batches.print_json({**row(one), "history": history})
        return
    typer.echo(f"#{one.id} [{one.state.value}] {one.content.question}\n\n{one.content.text}\n")
    for r in revisions:
        typer.echo(f"  revision {r.revision}: {r.action} by {r.by}, {r.at:%Y-%m-%d %H:%M} UTC")


@app.command("withdraw")
def withdraw(number: Number, json: Json = False) -> None:
    """Stop giving it: the manuals answer again."""
    from tickets.people import Person, Role

    # Whoever reaches the data folder keeps the manuals; the record says where it was done.
    one = _desk().withdraw(Person(working.BY, working.BY, Role.ADMIN), number)
    if json:
        batches.print_json(row(one))
    else:
        typer.echo(f"#{one.id} is withdrawn.")


@app.command("coverage")
def coverage(number: Number, json: Json = False) -> None:
    """Where it was sent, how many have read it, who has not."""
    sent = _desk().acknowledgements(number)
    if json:
        batches.print_json({"id": number, "sent": [_sent_row(one) for one in sent]})
        return
    for one in sent:
        over = "" if one.ended_at is None else " (over)"
        typer.echo(
            f"{one.channel} revision {one.revision}, {one.sent_at:%Y-%m-%d}{over}: {len(one.read)}/{len(one.readers)} read"
        )
        for reader in one.missing:
            typer.echo(f"  missing: {reader.person_id} (reminded {reader.reminders} times)")
    if not sent:
        typer.echo(f"#{number} was not sent to any channel.")


def row(one: ConfirmedAnswer) -> dict[str, Any]:
    """A confirmed answer for --json."""
    content = one.content
    return {
        "id": one.id, "state": one.state.value, "revision": one.revision, "question": content.question,
        "text": content.text, "clauses": list(content.clause_ids), "language": content.language,
        "organisation": content.organisation, "product": content.product, "confirmed_by": one.confirmed_by,
        "confirmed_at": one.confirmed_at.isoformat(), "changed_by": one.changed_by,
        "updated_at": one.updated_at.isoformat(),
    }  # fmt: skip


def _sent_row(one: Acknowledgement) -> dict[str, Any]:
    return {
        "channel": one.channel, "revision": one.revision, "sent_by": one.sent_by, "sent_at": one.sent_at.isoformat(),
        "ended_at": one.ended_at.isoformat() if one.ended_at else None, "total": len(one.readers),
        "read": [{"person": r.person_id, "at": r.read_at.isoformat()} for r in one.read if r.read_at],
        "missing": [{"person": r.person_id, "reminders": r.reminders} for r in one.missing],
    }  # fmt: skip
