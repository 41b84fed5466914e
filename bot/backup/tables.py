"""Tables as they stand in a database, at whatever revision: their rows as JSON, and JSON as rows again.

Rows are read and written without the program's own row classes, for a backup may be older than they are.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
    update,
)

from bot.backup.archive import Row
from bot.backup.errors import BackupError
from knowledge import migrations as manuals_schema
from tickets import migrations as desk_schema
from tickets.store import open_engine

VERSIONS = (manuals_schema.VERSION_TABLE, desk_schema.VERSION_TABLE)
_BATCH = 1000


def migrate(engine: Engine, revisions: Mapping[str, str] | None = None) -> None:
    """Bring the schema to these revisions (none: to this program's). Raises SchemaError, StoreUnavailable, BackupError."""
    if revisions is None:
        manuals_schema.upgrade(engine)
        desk_schema.upgrade(engine)
        return
    manuals, desk = (revisions.get(name, "") for name in VERSIONS)
    if not manuals or not desk or manuals > manuals_schema.HEAD or desk > desk_schema.HEAD:
        raise BackupError("The backup was made by a newer Kefu Desk; update this one first.")
    manuals_schema.upgrade(engine, manuals)
    desk_schema.upgrade(engine, desk)


def revisions(connection: Connection) -> dict[str, str]:
    """At which revisions a database stands."""
    return {
        name: str(connection.execute(text(f"SELECT version_num FROM {name}")).scalar()) for name in VERSIONS
    }


def reflect(engine: Engine, at: Mapping[str, str]) -> list[Table]:
    """Our tables in a database at these revisions, those that others refer to first; the version tables not among
    them. What else lies in that database is left out."""
    with tempfile.TemporaryDirectory() as folder:
        model = open_engine(f"sqlite:///{Path(folder) / 'schema.db'}")
        migrate(model, at)
        ours = MetaData()
        ours.reflect(model)
        model.dispose()
    names = [name for name in ours.tables if name not in VERSIONS]
    found = MetaData()
    found.reflect(engine, only=names)
    return found.sorted_tables


def read_rows(connection: Connection, table: Table) -> Iterator[Row]:
    """All rows in the order of their keys, as values that JSON knows."""
    order = list(table.primary_key.columns) or list(table.columns)
    query = select(*(_as_read(column, connection) for column in table.columns)).order_by(*order)
    result = connection.execute(query, execution_options={"yield_per": _BATCH})
    for row in result:
        yield [_plain(value) for value in row]


def write_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Put rows back; how many. Raises BackupError for columns that the table does not have."""
    if unknown := set(columns) - set(table.columns.keys()):
        raise BackupError(f"The backup has columns of {table.name} that no version knew: {sorted(unknown)}.")
    statement = insert(table).values({name: _as_written(table.c[name], connection) for name in columns})
    own = _own_references(table) & set(columns)
    count = 0
    referring: list[dict[str, Any]] = []
    for batch in _batches(rows):
        values = [{n: _value(table.c[n], v) for n, v in zip(columns, row, strict=True)} for row in batch]
        referring += [one for one in values if any(one[name] is not None for name in own)]
        connection.execute(statement, [one | dict.fromkeys(own) for one in values])
        count += len(batch)
    for one in referring:  # a row may refer to a later one of the same table: they are few
        same = and_(*(column == one[column.name] for column in table.primary_key.columns))
        connection.execute(update(table).where(same).values({name: one[name] for name in own}))
    return count


def rewrite_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Let rows that are there say what these say; their keys stay."""
    keys = [column.name for column in table.primary_key.columns]
    said = {name: _as_written(table.c[name], connection) for name in columns if name not in keys}
    if not rows or not said:
        return
    statement = update(table).where(_same_key(table)).values(said)
    connection.execute(statement, [_given(table, columns, row, keys) for row in rows])


def remove_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Delete rows by their keys."""
    if not rows:
        return
    columns, keys = tuple(table.columns.keys()), [column.name for column in table.primary_key.columns]
    given = [_given(table, columns, row, keys) for row in rows]
    only = [{name: value for name, value in one.items() if name.startswith("key_")} for one in given]
    connection.execute(delete(table).where(_same_key(table)), only)


def _same_key(table: Table) -> ColumnElement[bool]:
    return and_(
        *(
            column == bindparam(f"key_{column.name}", type_=column.type)
            for column in table.primary_key.columns
        )
    )


def _given(table: Table, columns: Sequence[str], row: Row, keys: Sequence[str]) -> dict[str, Any]:
    values = {name: _value(table.c[name], value) for name, value in zip(columns, row, strict=True)}
    return {(f"key_{name}" if name in keys else name): value for name, value in values.items()}


def count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after the ones put back; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        newest = connection.scalar(select(func.max(column))) if sequence else None
        if newest is not None:
            connection.execute(select(func.setval(sequence, newest)))


def is_empty(connection: Connection, table: Table) -> bool:
    """Whether it has no row."""
    return connection.execute(select(*table.columns).limit(1)).first() is None


def _own_references(table: Table) -> set[str]:
    return {key.parent.name for key in table.foreign_keys if key.references(table)}


def _as_read(column: Column[Any], connection: Connection) -> Any:
    """JSON as the text that stands there: `null` in it is not the same as nothing, and hashes vouch for it."""
    if not isinstance(column.type, JSON):
        return column
    return type_coerce(column, Text) if connection.dialect.name == "sqlite" else cast(column, Text)


def _as_written(column: Column[Any], connection: Connection) -> Any:
    if not isinstance(column.type, JSON):
        return bindparam(column.name, type_=column.type)
    given = bindparam(column.name, type_=Text())
    return type_coerce(given, Text) if connection.dialect.name == "sqlite" else cast(given, column.type)


def _plain(value: Any) -> Any:
    """A value as JSON has it; times are UTC."""
    match value:
        case datetime():
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return {"time": aware.astimezone(UTC).isoformat()}
        case date():
            return {"day": value.isoformat()}
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(value).decode()}
        case Decimal():
            return {"number": str(value)}
    return value


def _value(column: Column[Any], plain: Any) -> Any:
    """What `_plain` made, for a column of either database. Raises BackupError."""
    match plain:
        case {"time": str(moment)}:
            found = datetime.fromisoformat(moment)
            zoned = isinstance(column.type, DateTime) and column.type.timezone
            return found if zoned else found.replace(tzinfo=None)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case {"bytes": str(coded)}:
            return base64.b64decode(coded)
        case {"number": str(number)}:
            return Decimal(number)
        case dict() | list():
            raise BackupError(f"The backup has a value of {column} that cannot be read; use another backup.")
    return plain


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch
