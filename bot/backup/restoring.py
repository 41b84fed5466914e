"""Putting a backup back: into an unused database of either kind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect

from bot.assistant.model_settings import ModelSettings
from bot.backup import archive, tables
from bot.backup.archive import Archive, Manifest, Told
from bot.backup.errors import BackupError

if TYPE_CHECKING:
    from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    manifest: Manifest
    settings: tuple[str, ...]
    """Names of the settings files that were written."""
    kept: tuple[str, ...]
    """Those that were there already, different, and stay as they are."""


def restore(settings: Settings, engine: Engine, path: Path, told: Told | None = None) -> Restored:
    """Check a backup whole, then put its rows into the unused database of `engine` in one transaction, bring them to
    this program's schema, and lay its settings files where none are.

    Raises BackupError: the file is damaged or newer than this program, or the database is in use; nothing was
    changed then.
    """
    with archive.read(path) as source:
        manifest = source.check()
        _refuse_used(engine)
        tables.migrate(engine, manifest.revisions)
        ours = tables.reflect(engine, manifest.revisions)
        found = {part.table: part for part in manifest.parts if part.table}
        if missing := set(found) - {table.name for table in ours}:
            raise BackupError(f"The backup has tables that no version knew: {', '.join(sorted(missing))}.")
        with engine.begin() as connection:
            for table in reversed(ours):
                if not tables.is_empty(connection, table):  # what the migrations themselves put there
                    connection.execute(table.delete())
            for table in ours:
                part = found.get(table.name)
                if part is None:
                    continue
                count = tables.write_rows(connection, table, part.columns, source.rows(part))
                tables.count_on(connection, table)
                if told is not None:
                    told(table.name, count)
        tables.migrate(engine)
        written, kept = _lay_settings(settings, source)
    return Restored(manifest, written, kept)


def _refuse_used(engine: Engine) -> None:
    if set(inspect(engine).get_table_names()) & set(tables.VERSIONS):
        raise BackupError(
            "This database is in use already, and a backup replaces nothing; point KEFU_HOME to an empty folder "
            "(or KEFU_DATABASE_URL to an empty database) and run it again."
        )


def _lay_settings(settings: Settings, source: Archive) -> tuple[tuple[str, ...], tuple[str, ...]]:
    places = {"people.toml": settings.people_file, "calendar.toml": settings.calendar_file}
    prompts = ModelSettings().prompts_folder or settings.home / "prompts"
    written, kept = [], []
    for part in source.manifest.parts:
        if part.table:
            continue
        name = part.name.removeprefix("settings/")
        folder, _, file = name.rpartition("/")
        within = prompts if folder == "prompts" else settings.procedures_folder
        place = places.get(name) or within / PurePosixPath(file).name
        content = source.content(part)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            written.append(name)
        elif place.read_bytes() != content:
            kept.append(name)
    return tuple(written), tuple(kept)
