"""`kefu migrate-store`: from one folder to PostgreSQL and a Chroma server, while the bot goes on answering."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from bot.cli import batches

_LOOK_SECONDS = 5.0


def migrate_store(
    database: Annotated[
        str,
        typer.Option(
            help="The empty PostgreSQL database: postgresql://user:password@host/database. Others on the machine see "
            "what is typed: a password belongs into KEFU_MOVE_DATABASE_URL or the secrets file.",
            show_default=False,
        ),
    ] = "",
    chroma: Annotated[
        str,
        typer.Option(
            help="The Chroma server: http://host:port; or KEFU_MOVE_CHROMA_URL.", show_default=False
        ),
    ] = "",
    wait: Annotated[
        float,
        typer.Option(
            help="Seconds to wait for the bot to be stopped, once everything is there; -1: for ever."
        ),
    ] = -1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Move this house to PostgreSQL and a Chroma server.

    The bot answers meanwhile.

    Copies everything, then takes over what is written meanwhile until you stop the bot; then the last rows, which
    takes seconds, and both sides are compared row by row and the audit trail verified. Start the bot with the two new
    settings: that is the switch. Broken off, it can be run again; nothing in the old folder is changed.
    """
    from bot.backup.moving import Move, MoveSettings
    from bot.settings import Settings

    named = MoveSettings()
    if named.database_url is not None:
        database = database or named.database_url.get_secret_value().strip()
    chroma = chroma or named.chroma_url.strip()
    if not database or not chroma:
        raise typer.BadParameter("say where to: --database (or KEFU_MOVE_DATABASE_URL) and --chroma.")
    move = Move(Settings(), database, chroma)
    try:
        move.copy()
        move.catch_up()
        clauses = move.make_vectors()
        typer.echo(f"Everything is there; {clauses} clauses can be searched. Now stop the bot.", err=True)
        until = None if wait < 0 else time.monotonic() + wait
        while (
            lock := move.bot_stops(_LOOK_SECONDS if until is None else max(until - time.monotonic(), 0))
        ) is None:
            move.catch_up()
            if until is not None and time.monotonic() >= until:
                typer.echo("The bot still runs: stop it, and run this again.", err=True)
                raise typer.Exit(1)
        with lock:
            moved = move.finish()
    finally:
        move.close()
    rows = sum(moved.rows.values())
    if json:
        batches.print_json(
            {"rows": rows, "tables": dict(moved.rows), "clauses": moved.clauses, "audit_intact": True}
        )
        return
    typer.echo(
        f"Moved: {rows} rows of {len(moved.rows)} tables, the same on both sides; the audit trail verifies; {moved.clauses} "
        "clauses can be searched. Set KEFU_DATABASE_URL and KEFU_CHROMA_URL to these two, and start the bot."
    )
