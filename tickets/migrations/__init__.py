"""The history of the tables, run from code. Alembic is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from tickets.errors import SchemaError

HEAD = "0016"
"""The newest revision in `versions/`; a test keeps it true."""
VERSION_TABLE = "tickets_version"
_OURS = frozenset({"tickets", "escalations", "audit_entries"})
_POSTGRES_LOCK = 0x6B656675  # "kefu": any number, the same for all who migrate


def upgrade(engine: Engine, revision: str = HEAD) -> None:
    """Bring the tables to this version; nothing happens (and nothing heavy is imported) when they are.

    `revision`: no further than this one, for the rows of an older backup.

    Raises SchemaError with one sentence when the database is newer than this program, is not whole, or
    is no database.
    """
    try:
        with engine.connect() as connection:
            if _version(connection) == revision:
                return
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
            # Again, now that nobody else can migrate: another process may have been faster.
            if _version(connection) != revision:
                _run(connection, revision)
    except DatabaseError as error:
        raise SchemaError(f"The database cannot be used: {error.orig}.") from error


def _version(connection: Connection) -> str | None:
    """The revision that the database stands at; None when it is new to us."""
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        if tables & _OURS:
            raise SchemaError(
                "The database holds half-written ticket tables without a version: restore a backup or use a new one."
            )
        return None
    versions = [row[0] for row in connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}"))]
    if len(versions) != 1 or not tables >= _OURS:
        raise SchemaError(
            "The ticket tables in the database are half-written: restore a backup or use a new one."
        )
    version = str(versions[0])
    if version > HEAD:
        raise SchemaError(
            f"The database was written by a newer Kefu Desk (ticket tables {version}, this one knows {HEAD}): update the program."
        )
    return version


def _run(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
