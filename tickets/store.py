"""The engine of the record: one URL, SQLite or PostgreSQL, set up so that many may write at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, Connection, DateTime, Engine, create_engine, event, inspect, make_url
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from tickets.errors import SchemaError

BUSY_MILLISECONDS = 30_000
_TURN, _SYNCHRONOUS = "kefu_turn", "kefu_synchronous"
READING = "kefu_reading"
"""Execution option of connections that only read: on SQLite they need not queue for the write lock."""

_FIRST: ContextVar[bool] = ContextVar("first in line", default=False)
UNHURRIED = "kefu_unhurried"
"""Execution option of connections that write what may be lost when the machine loses its power (not when the process
dies): on SQLite such a transaction does not wait for the disk, which takes longer than all else of it."""

# On SQLite whoever waits for their turn to write holds a connection, and readers must not wait for those.
_SQLITE_POOL = {"pool_size": 16, "max_overflow": 80, "pool_timeout": 120.0}
_AWAY = {"connect_timeout": 10, "tcp_user_timeout": 30_000, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}  # fmt: skip
"""A server whose machine went away says nothing: without these whoever asks it waits for a quarter of an hour."""
_SERVER_POOL = {
    "pool_size": 10,
    "max_overflow": 20,
    "pool_timeout": 60.0,
    "pool_pre_ping": True,
    "connect_args": _AWAY,
}


def open_engine(url: str) -> Engine:
    """An engine for a SQLite or PostgreSQL URL. Nothing is opened before the first use.

    SQLite: write-ahead log, synchronous FULL, 30 s of patience, foreign keys on, and every transaction
    that may write takes the write lock when it begins, so that none fails half-way. Threads of one process take it in
    the order in which they came: those that poll a busy file sleep while it is free, and some never get it.
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

    turns = Turns()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options, held = connection.get_execution_options(), connection.connection.info
        if options.get(READING, False):
            connection.exec_driver_sql("BEGIN")
            return
        if not held.get(_TURN):
            held[_TURN] = turns.take(BUSY_MILLISECONDS / 1000, first=_FIRST.get())
        wanted = "NORMAL" if options.get(UNHURRIED, False) else "FULL"
        if held.get(_SYNCHRONOUS, "FULL") != wanted:
            connection.exec_driver_sql(f"PRAGMA synchronous={wanted}")
            held[_SYNCHRONOUS] = wanted
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def end(_connection: Any, record: Any) -> None:
        if record.info.pop(_TURN, False):
            turns.give_back()

    return engine


@contextmanager
def first_in_line() -> Iterator[None]:
    """What this thread writes meanwhile goes before what others of the process have to write: Slack gives whoever sends a
    form three seconds, and an answer has more."""
    token = _FIRST.set(True)
    try:
        yield
    finally:
        _FIRST.reset(token)


class Turns:
    """Who may write next: a lock that is had in the order in which it was asked for, by those first whom somebody waits
    for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._first: deque[threading.Event] = deque()
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float, *, first: bool = False) -> bool:
        """Wait for one's turn, at most so long; whether it came."""
        line = self._first if first else self._waiting
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            line.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():  # it came in this very moment
                return True
            line.remove(mine)
            return False

    def give_back(self) -> None:
        """The next one's turn."""
        with self._lock:
            line = self._first or self._waiting
            if line:
                line.popleft().set()
            else:
                self._taken = False


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
