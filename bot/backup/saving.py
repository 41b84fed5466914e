"""Making a backup, while everything runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from bot.assistant.model_settings import ModelSettings
from bot.backup import archive, tables
from bot.backup.archive import Manifest, Told
from tickets.store import READING

if TYPE_CHECKING:
    from bot.settings import Settings


def save(settings: Settings, engine: Engine, path: Path, told: Told | None = None) -> Manifest:
    """Write a backup to `path` and read it back; what is in it.

    All tables are read in one transaction that sees one moment, so others may go on writing. The database must be at
    this program's schema. Raises BackupError.
    """
    with archive.write(path) as writing, one_moment(engine) as connection:
        at = tables.revisions(connection)
        for table in tables.reflect(engine, at):
            rows = tables.read_rows(connection, table)
            count = writing.table(table.name, tuple(table.columns.keys()), rows)
            if told is not None:
                told(table.name, count)
        for name, file in settings_files(settings):
            writing.settings(name, file.read_bytes())
        writing.end(version("kefu-desk"), at)
    with archive.read(path) as written:
        return written.check()


def settings_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files by which an organisation makes the desk its own: their names in a backup, and where they lie."""
    for name, file in (("people.toml", settings.people_file), ("calendar.toml", settings.calendar_file)):
        if file.is_file():
            yield name, file
    for file in sorted(settings.procedures_folder.glob("*.toml")):
        yield f"procedures/{file.name}", file
    own_words = ModelSettings().prompts_folder
    for file in sorted(own_words.glob("*.md")) if own_words is not None else ():
        yield f"prompts/{file.name}", file


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the database as it is at its first query, and keeps nobody from writing."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.execution_options(**{READING: True}).connect() as connection, connection.begin():
        yield connection
