"""kill -9 at any moment: the old edition or the new one, answers, every vector in its place, nothing left over."""

import itertools
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cheap_embedder import CheapEmbedder
from endurance_child import SEARCHES, TITLE, open_library, texts
from knowledge_drafts import manual
from sqlalchemy import make_url, text

from knowledge.errors import StoreUnavailable
from tests.servers import free_port, start_chroma
from tickets.store import open_engine

CHILD = Path(__file__).with_name("endurance_child.py")
ROOT = Path(__file__).parents[2]
_names = itertools.count(1)
PATIENCE = 200.0


@dataclass
class Stores:
    """Where a library lives."""

    address: str
    folder: Path
    chroma: str = ""

    def start(self, task: str, model: str = "cheap", **options) -> subprocess.Popen:
        """The child on these stores."""
        command = [sys.executable, CHILD, self.address, self.folder, self.chroma, model, task]
        path = os.pathsep.join([str(ROOT), str(CHILD.parent)])
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
            env=os.environ | {"PYTHONPATH": path}, **options,
        )  # fmt: skip


@pytest.fixture
def embedded(tmp_path: Path) -> Stores:
    return Stores(f"sqlite:///{tmp_path / 'kefu.db'}", tmp_path)


@pytest.fixture
def servers(tmp_path: Path, postgres_url: str, chroma_url: str) -> Stores:
    return Stores(new_database(postgres_url), tmp_path, chroma_url)


def new_database(server: str) -> str:
    name = f"killed_{next(_names)}"
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


class Killer:
    """Kills children and remembers what may be live."""

    def __init__(self, stores: Stores, seed: int) -> None:
        self.stores = stores
        self.chance = random.Random(seed)
        self.possible = {0}

    def round(self, model: str = "cheap", longest: float = 1.0) -> None:
        """Start a child, see that it finds all sound, kill it within `longest` seconds of work."""
        child = self.stores.start("work", model)
        self._found(child)
        time.sleep(self.chance.random() * longest)
        child.kill()
        out, errors = child.communicate(timeout=PATIENCE)
        assert child.returncode == -9, errors[-2000:]
        for line in out.splitlines():
            word, number = line.split()
            self.possible = {int(number)} if word == "published" else self.possible | {int(number)}

    def end(self, model: str = "cheap") -> None:
        """What the last one left is sound, too."""
        child = self.stores.start("check", model)
        self._found(child)
        assert child.wait(PATIENCE) == 0

    def tear(self) -> None:
        """Cut a file of the saved index at a random place."""
        files = sorted((self.stores.folder / "index").glob("live-*/*"))
        if files:
            file = self.chance.choice(files)
            data = file.read_bytes()
            file.write_bytes(data[: self.chance.randrange(len(data))])

    def _found(self, child: subprocess.Popen) -> None:
        line = child.stdout.readline().split()
        if not line:
            pytest.fail(child.communicate()[1][-2000:])
        assert line[0] == "checked"
        assert int(line[1]) in self.possible
        self.possible = {int(line[1])}


def kill(stores: Stores, rounds: int, seed: int, model: str = "cheap", longest: float = 1.0) -> None:
    killer = Killer(stores, seed)
    for number in range(rounds):
        killer.round(model, longest)
        if number % 3 == 1:
            killer.tear()
    killer.end(model)


@pytest.mark.slow
def test_killed_at_a_few_moments(embedded: Stores) -> None:
    kill(embedded, rounds=3, seed=random.randrange(10**6), longest=0.6)


@pytest.mark.endurance
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("model", ["cheap", "real"])
def test_killed_at_fifty_moments(embedded: Stores, model: str) -> None:
    kill(embedded, rounds=40 if model == "cheap" else 10, seed=3, model=model, longest=1.5)


@pytest.mark.endurance
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("model", ["cheap", "real"])
def test_killed_at_fifty_moments_on_servers(servers: Stores, model: str) -> None:
    kill(servers, rounds=40 if model == "cheap" else 10, seed=4, model=model, longest=1.5)


@pytest.mark.slow
@pytest.mark.parametrize("publications", [30, pytest.param(100, marks=pytest.mark.endurance)])
def test_a_second_process_never_meets_a_mixed_or_empty_manual(servers: Stores, publications: int) -> None:
    """Another process, with its own index folder, does nothing but search meanwhile."""
    library = open_library(servers.address, servers.folder, servers.chroma, "cheap")
    publish(library, 1)
    other = Stores(servers.address, servers.folder / "other", servers.chroma)
    reader = other.start("read", stdin=subprocess.PIPE)
    assert reader.stdout.readline() == "reading\n"
    told: list[str] = []
    listening = threading.Thread(target=lambda: [told.append(line) for line in reader.stdout])
    listening.start()
    number = 1
    while number <= publications or (listening.is_alive() and len(told) < SEARCHES):  # also a slow one
        number += 1
        publish(library, number)
    library.close()
    reader.stdin.close()
    listening.join(PATIENCE)
    assert reader.wait(PATIENCE) == 0, reader.stderr.read()[-2000:]
    word, searches = told[-1].split()
    assert word == "read", told[-1] + reader.stderr.read()[-2000:]
    assert int(searches) >= SEARCHES


def publish(library, number: int, *more: str) -> None:
    (change,) = library.stage([manual(TITLE, *texts(number), *more)], "admin")
    library.publish([change.edition_id], "admin")


class ChromaServer:
    """A Chroma server that can be killed and started again on the same port and data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self.process = start_chroma(self.folder, self.port)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def mortal_chroma(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "chroma-server")
    yield server
    server.kill()


@pytest.mark.slow
def test_the_chroma_server_is_killed_in_the_middle_of_a_re_ingest(
    tmp_path: Path, postgres_url: str, mortal_chroma: ChromaServer
) -> None:
    library = open_library(new_database(postgres_url), tmp_path, mortal_chroma.url, "cheap")
    publish(library, 1)
    more = [f"第{n}号附则:另有规定的从其规定。" for n in range(600)]
    embedder = library.embedder
    assert isinstance(embedder, CheapEmbedder)
    embedder.before = lambda _: mortal_chroma.kill() if len(embedder.embedded) > 400 else None
    with pytest.raises(StoreUnavailable, match="KEFU_CHROMA_URL"):
        library.stage([manual(TITLE, *texts(2), *more)], "admin")
    assert len(library.search("退款要在几天内提出", 6)) == 6
    embedder.before = lambda _: None
    embedded = len(embedder.embedded)
    mortal_chroma.start()
    publish(library, 2, *more)
    assert len(embedder.embedded) < embedded + 600, "what was stored before the server died is made again"
    index = library.index()
    assert len(index.keys) == len(texts(2)) + len(more)
    assert not library._vectors.missing([key.decode() for key in index.keys.tolist()])
    library.close()
