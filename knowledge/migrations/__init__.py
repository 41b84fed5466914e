"""The schema history of the manuals' tables, run from code."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from knowledge.errors import StoreUnavailable

HEAD = "0003"
VERSION_TABLE = "knowledge_version"


def _current(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        row = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).first()
        return str(row[0]) if row else None


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Bring the manuals' tables to this program's schema; costs one query when they are there already.

    `revision`: no further than this one, for the rows of an older backup.

    Raises:
        StoreUnavailable: the file is no database, or its schema is newer than this program or half written.
    """
    try:
        current = _current(engine)
        if current == revision:
            return
        _run(engine, revision)
    except DBAPIError as error:
        raise StoreUnavailable(
            f"The database could not be opened or upgraded ({str(error.orig).splitlines()[0]}); "
            "restore it from a backup, or point KEFU_HOME to an empty folder and ingest the manuals again."
        ) from error


def _run(engine: Engine, revision: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise StoreUnavailable(
                "The database was written by a newer Kefu Desk; use that version or restore an older backup."
            ) from error
