"""A library on real stores in a temporary folder, and drafts to fill it with."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, text

from knowledge.embedding import BundledEmbeddings, Embedder, Passage
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors
from tickets.store import READING, open_engine


class CountingEmbedder:
    """The bundled models, counting the texts that are embedded."""

    def __init__(self) -> None:
        self._inner = BundledEmbeddings()
        self.name = self._inner.name
        self.embedded: list[str] = []

    def passages(self, passages: Sequence[Passage]):
        self.embedded.extend(passage.text for passage in passages)
        return self._inner.passages(passages)

    def query(self, text: str):
        return self._inner.query(text)

    def nearness(self, one: str, other: str) -> float:
        return self._inner.nearness(one, other)

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]):
        return self._inner.nearnesses(ones, others)


@pytest.fixture(scope="session")
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


class MovingClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 10, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def go(self, **ahead: float) -> datetime:
        self.time += timedelta(**ahead)
        return self.time


@pytest.fixture
def clock() -> MovingClock:
    """The clock of the libraries of a test; asking for it stops their time."""
    return MovingClock()


_names = itertools.count(1)

OpenLibrary = Callable[[], Library]


def _emptied_database(server: str) -> str:
    """Address of this folder's database on a PostgreSQL server, without any table. One for all tests: making a
    database for each costs a second, and closing a server with fifty of them a minute."""
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = 'knowledge'")):
            connection.execute(text("CREATE DATABASE knowledge"))
    admin.dispose()
    address = make_url(server).set(database="knowledge").render_as_string(hide_password=False)
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


_ON_SERVERS_WHEN_SLOW = ("test_editions.py", "test_seams.py", "test_conflicts.py", "test_search.py")
"""What is about manuals more than about stores: by default on embedded ones, on servers in the slow suite."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before the markers are looked at."""
    for item in items:
        here = item.path.parent == Path(__file__).parent and item.path.name in _ON_SERVERS_WHEN_SLOW
        if here and "servers" in getattr(getattr(item, "callspec", None), "id", ""):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(params=["embedded", "servers"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty relational store: SQLite, PostgreSQL."""
    address = f"sqlite:///{tmp_path / 'kefu.db'}"
    if request.param == "servers":
        address = _emptied_database(request.getfixturevalue("postgres_url"))
    engine = open_engine(address)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A relational store with the manuals' schema."""
    upgrade(empty_engine)
    return empty_engine


@pytest.fixture(params=["embedded", "servers"])
def open_library(request: pytest.FixtureRequest, tmp_path: Path, embedder: Embedder) -> Iterator[OpenLibrary]:
    """Opens libraries on one data folder (SQLite, embedded Chroma) or on servers (PostgreSQL, Chroma)."""
    address, chroma = f"sqlite:///{tmp_path / 'kefu.db'}", ""
    if request.param == "servers":
        chroma = request.getfixturevalue("chroma_url")
        address = _emptied_database(request.getfixturevalue("postgres_url"))
    own = f"-{next(_names)}" if chroma else ""  # one database, one set of vectors, also on a shared server
    opened: list[Library] = []
    engines: list[Engine] = []
    told = request.getfixturevalue("clock") if "clock" in request.fixturenames else lambda: datetime.now(UTC)

    def open_one() -> Library:
        engine = open_engine(address)
        engines.append(engine)
        upgrade(engine)
        # Two libraries on servers are two machines: each has its own index folder.
        index = tmp_path / (f"index-{len(opened)}" if chroma else "index")
        opened.append(
            Library(
                engine,
                lambda model: Vectors(tmp_path, f"{model}{own}", chroma),
                lambda: embedder,
                index,
                told,
                reader=engine.execution_options(**{READING: True}),
            )
        )
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()
    for engine in engines:
        engine.dispose()


@pytest.fixture
def library(open_library: OpenLibrary) -> Library:
    return open_library()
