"""`kefu backup` and `kefu restore`: everything that cannot be made again, in one checked file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import batches

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def backup(
    path: Annotated[
        Path | None,
        typer.Argument(help="The file to write; default kefu-DATE-TIME.zip here.", show_default=False),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", help="Only check this backup, and say what is in it.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Write all that cannot be made again into one file.

    The bot goes on meanwhile.

    All of the database as it is at one moment (manuals with every edition, tickets, escalations, answers, the audit
    trail), and people.toml, calendar.toml, your procedures and prompts. Not in it: vectors, which `kefu restore` makes again,
    and keys and tokens: keep KEFU_CONTACT_KEY where you keep passwords, customers' contact details stay sealed
    without it. The file is read back and checked before the command ends.
    """
    from bot.backup import archive
    from bot.backup.saving import save
    from bot.settings import Settings
    from bot.wiring import open_engine
    from tickets.migrations import upgrade

    if check is not None:
        with archive.read(check) as source:
            manifest, file = source.check(), check
        made = False
    else:
        settings = Settings()
        engine = open_engine(settings)
        upgrade(engine)
        file = path or Path(f"kefu-{datetime.now(settings.zone):%Y%m%d-%H%M%S}.zip")
        manifest, made = save(settings, engine, file), True
    counts = {part.table: part.rows for part in manifest.parts if part.table}
    files = [part.name.removeprefix("settings/") for part in manifest.parts if not part.table]
    size = file.stat().st_size
    if json:
        at = manifest.made_at.isoformat()
        row = {"path": str(file), "made_at": at, "version": manifest.version, "bytes": size}
        batches.print_json(row | {"rows": manifest.rows, "tables": counts, "settings": files})
        return
    typer.echo(
        f"{'Saved' if made else 'Whole'}: {file} ({_size(size)}), {manifest.rows} rows of {len(counts)} tables and "
        f"{len(files)} settings files, as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC."
    )


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `kefu backup` wrote.", show_default=False)],
    json: Json = False,
) -> None:
    """Put a backup into an unused data folder or database.

    SQLite or PostgreSQL, whichever it came from: so this is also the way from one to the other. The audit trail is
    verified, the search index is made again. Start only one bot on what was one: both would send what was waiting.
    """
    from bot.backup.restoring import restore as put_back
    from bot.settings import Settings
    from bot.startup import make_home
    from bot.wiring import open_desk, open_library, open_people
    from tickets.store import open_engine

    settings = Settings()
    make_home(settings.home)
    engine = open_engine(settings.database)
    done = put_back(settings, engine, path)
    broken = open_desk(settings, engine, open_people(settings)).verify_audit()
    library = open_library(settings, engine)
    try:
        clauses = len(library.index().clause_ids)
    finally:
        library.close()
    row: dict[str, Any] = {
        "rows": done.manifest.rows,
        "made_at": done.manifest.made_at.isoformat(),
        "clauses": clauses,
        "settings": list(done.settings),
        "settings_kept": list(done.kept),
        "audit_intact": broken is None,
    }
    if json:
        batches.print_json(row)
    else:
        typer.echo(
            f"Restored: {done.manifest.rows} rows as of {done.manifest.made_at:%Y-%m-%d %H:%M:%S} UTC; "
            f"{clauses} clauses can be searched."
        )
        for name in done.kept:
            typer.echo(f"{name} is another here than in the backup, and was left as it is.", err=True)
    if broken is not None:
        typer.echo(f"The audit trail in the backup was changed before it was made. {broken.reason}", err=True)
        raise typer.Exit(1)


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1000:.1f} kB"
