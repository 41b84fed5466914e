"""The engine of the record: one URL, SQLite or PostgreSQL, set up so that many may write at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, Connection, DateTime, Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from tickets.errors import SchemaError

BUSY_MILLISECONDS = 30_000
READING = "kefu_reading"
"""Execution option of connections that only read: on SQLite they need not queue for the write lock."""

# Few connections on SQLite: it has one writer anyway, and threads that queue for a connection are served
# in order, while threads that poll a busy file are not.
_SQLITE_POOL = {"pool_size": 8, "max_overflow": 0, "pool_timeout": 120.0}
_SERVER_POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 60.0, "pool_pre_ping": True}


def open_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL URL. Nothing is opened before the first use.

    SQLite: write-ahead log, synchronous FULL, 30 s of patience, foreign keys on, and every transaction
    that may write takes the write lock when it begins, so that none fails half-way.
    Raises SchemaError when the URL is not one of these two.
    """
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            return _sqlite(parsed)
        if backend == "postgresql":
            return create_engine(_with_driver(parsed), **_SERVER_POOL)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise SchemaError(f"The database address cannot be used: {error}.") from error
    raise SchemaError(f"The database must be SQLite or PostgreSQL, not {backend}.")


def _with_driver(url: URL) -> URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise SchemaError("The SQLite database must be a file: several threads share it.")
    engine = create_engine(url, **_SQLITE_POOL)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS:d}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC times in and out, also where the database keeps none of the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive time is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be recorded")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def insert_once(session: Session, model: type[DeclarativeBase], values: dict[str, Any]) -> bool:
    """Insert a row unless a unique key of it is taken; True when it was inserted."""
    from sqlalchemy.dialects import postgresql, sqlite  # 80 ms that only writers need

    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(model).values(**values).on_conflict_do_nothing()
    # RETURNING, because row counts of such inserts are not to be relied on with every driver.
    return session.execute(statement.returning(*inspect(model).primary_key)).first() is not None
