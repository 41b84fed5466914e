"""Real databases for the desk: a SQLite file and a PostgreSQL server, the same tests on both."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk_machine import OpenDatabase
from desk_samples import EVERYBODY, Clock
from sqlalchemy import Engine, make_url, text

from tickets import migrations
from tickets.desk import Desk
from tickets.people import People
from tickets.store import open_engine

_names = itertools.count(1)


@contextmanager
def _postgres_database(server: str, template: str = "template1") -> Iterator[str]:
    """The address of a database of its own, gone afterwards: a server with a hundred of them takes a minute to end."""
    name = f"desk_{next(_names)}"
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _migrated(url: str) -> str:
    engine = open_engine(url)
    migrations.upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file after all migrations, to be copied: ten times as quick as migrating."""
    file = tmp_path_factory.mktemp("migrated") / "kefu.db"
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str) -> Iterator[str]:
    """The name of a PostgreSQL database after all migrations, to be copied."""
    with _postgres_database(postgres_url) as url:
        yield str(make_url(_migrated(url)).database)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database: empty, or with the tables where the test asks for an engine, too."""
    tables = "engine" in request.fixturenames
    if request.param == "sqlite":
        if tables:
            shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "kefu.db")
        yield f"sqlite:///{tmp_path / 'kefu.db'}"
        return
    template = request.getfixturevalue("migrated_template") if tables else "template1"
    with _postgres_database(request.getfixturevalue("postgres_url"), template) as address:
        yield address


@pytest.fixture
def sqlite_copies(migrated_file: Path, tmp_path: Path) -> OpenDatabase:
    """Opens a SQLite file with empty tables each time."""

    @contextmanager
    def opened() -> Iterator[str]:
        copy = tmp_path / f"copy{next(_names)}.db"
        shutil.copy(migrated_file, copy)
        yield f"sqlite:///{copy}"
        for file in tmp_path.glob(f"{copy.name}*"):
            file.unlink()

    return opened


@pytest.fixture
def postgres_copies(postgres_url: str, migrated_template: str) -> OpenDatabase:
    """Opens a PostgreSQL database with empty tables each time."""
    return lambda: _postgres_database(postgres_url, migrated_template)


@pytest.fixture(params=["sqlite", "postgres"])
def copies(request: pytest.FixtureRequest) -> OpenDatabase:
    """Opens a database with empty tables each time, of either kind."""
    opened: OpenDatabase = request.getfixturevalue(f"{request.param}_copies")
    return opened


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
