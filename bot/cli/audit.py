"""`kefu audit …`: the trail of everything that was done, and whether anybody changed it behind the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.settings import Settings
    from tickets.desk import Desk
    from tickets.records import AuditEntry

app = typer.Typer(help="The trail of everything that was done.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def _group() -> None:
    """The trail of everything that was done."""


def _open() -> tuple[Settings, Desk]:
    from bot.settings import Settings
    from bot.wiring import open_desk, open_engine, open_people

    settings = Settings()
    return settings, open_desk(settings, open_engine(settings), open_people(settings))


@app.command("verify")
def verify(json: Json = False) -> None:
    """Check every entry, and every record.

    Exit status 1 names the first that was changed.
    """
    _, desk = _open()
    broken = desk.verify_audit()
    if json:
        found = None if broken is None else {"entry": broken.position, "reason": broken.reason}
        batches.print_json({"intact": broken is None, "break": found})
    elif broken is None:
        typer.echo("The audit trail is intact.")
    else:
        where = f"Entry {broken.position}: " if broken.position else ""
        typer.echo(f"The audit trail was changed. {where}{broken.reason}", err=True)
    if broken is not None:
        raise typer.Exit(1)


@app.command("show")
def show(
    subject: Annotated[
        str, typer.Argument(help="A number (T-…, E-…) or subject (ticket:7); nothing: the last entries.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many, the last ones.")] = 50,
    json: Json = False,
) -> None:
    """Who did what, oldest first."""
    settings, desk = _open()
    entries = _entries(desk, subject)[-limit:]
    if json:
        batches.print_json({"entries": [_row(entry) for entry in entries]})
        return
    for entry in entries:
        at = entry.at.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M:%S")
        note = entry.details.get("note", "")
        name = desk.people.get(entry.actor_id).name or "–"
        typer.echo(f"{entry.id}  {at}  {name}  {entry.action}  {entry.subject}  {note}".rstrip())
    if not entries:
        typer.echo("No entries.")


@app.command("export")
def export(
    path: Annotated[Path, typer.Argument(help="A .jsonl file, one entry a line.", show_default=False)],
    subject: Annotated[str, typer.Option("--subject", help="Only of this number or subject.")] = "",
    json: Json = False,
) -> None:
    """Write the trail to a file.

    With the hashes by which others can check it.
    """
    _, desk = _open()
    count = batches.write_lines(path, map(_row, _entries(desk, subject)))
    if json:
        batches.print_json({"path": str(path), "entries": count})
        return
    typer.echo(f"{count} entries in {path}.")


def _entries(desk: Desk, subject: str) -> list[AuditEntry]:
    """The trail of a subject; of a ticket together with the escalation that it came from. Raises NotFound."""
    if subject and ":" not in subject:
        found = _subjects(desk, subject.strip().upper())
        return sorted((one for name in found for one in desk.audit(name)), key=lambda entry: entry.id)
    return desk.audit(subject or None)


def _subjects(desk: Desk, number: str) -> list[str]:
    if number.startswith("T-"):
        ticket = desk.ticket(number)
        origin = [f"escalation:{ticket.escalation_id}"] if ticket.escalation_id else []
        return [*origin, f"ticket:{ticket.id}"]
    return [desk.contacts.subject(number)]


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "details": dict(entry.details),
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }
