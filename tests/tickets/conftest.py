"""Real databases for the desk: a SQLite file and a PostgreSQL server, the same tests on both."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_samples import EVERYBODY, Clock
from sqlalchemy import Engine, make_url, text

from tickets import migrations
from tickets.desk import Desk
from tickets.people import People
from tickets.store import open_engine

_names = itertools.count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kefu.db'}"
    server = request.getfixturevalue("postgres_url")
    name = f"desk_{next(_names)}"
    engine = open_engine(server)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine on a migrated database."""
    engine = open_engine(url)
    migrations.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(engine: Engine, clock: Clock) -> Desk:
    return Desk(engine, People(EVERYBODY), clock)
