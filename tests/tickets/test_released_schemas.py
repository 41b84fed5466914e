"""A database of every schema that was ever released, with a row in each table, goes forward and keeps its rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tickets import migrations
from tickets.store import open_engine

RELEASED = [f"{number:04d}" for number in range(1, int(migrations.HEAD))]
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def value(column: sa.Column[Any]) -> Any:
    """Something that fits a column; numbers and references are all 1."""
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.Boolean):
        return False
    if isinstance(kind, sa.DateTime):
        return NOW if kind.timezone else NOW.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date(2026, 11, 24)
    if isinstance(kind, sa.LargeBinary):
        return b"\0"
    if isinstance(kind, sa.Integer | sa.Numeric | sa.Float):
        return 1
    return "x"


def ours(engine: sa.Engine) -> list[sa.Table]:
    found = sa.MetaData()
    found.reflect(engine)
    return [one for one in found.sorted_tables if one.name != migrations.VERSION_TABLE]


def counts(engine: sa.Engine, tables: list[sa.Table]) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            one.name: connection.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in tables
        }


@pytest.mark.slow
@pytest.mark.parametrize("released", RELEASED)
def test_rows_of_every_released_schema_are_there_afterwards(url: str, released: str) -> None:
    engine = open_engine(url)
    migrations.upgrade(engine, released)
    tables = ours(engine)
    with engine.begin() as connection:
        for one in tables:
            if not connection.execute(sa.select(one).limit(1)).first():
                connection.execute(
                    one.insert().values({column.name: value(column) for column in one.columns})
                )
    before = counts(engine, tables)
    assert all(before.values())
    migrations.upgrade(engine)
    after = counts(engine, ours(engine))
    assert {name: count for name, count in before.items() if after.get(name, 0) < count} == {}
    engine.dispose()
