"""A library on real stores in a temporary folder, and drafts to fill it with."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from knowledge.embedding import BundledEmbeddings, Embedder, Passage
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors


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


@pytest.fixture(scope="session")
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


OpenLibrary = Callable[[], Library]


@pytest.fixture
def open_library(tmp_path: Path, embedder: Embedder) -> Iterator[OpenLibrary]:
    opened: list[Library] = []

    def open_one() -> Library:
        engine = create_engine(f"sqlite:///{tmp_path / 'kefu.db'}")
        upgrade(engine)
        opened.append(
            Library(engine, lambda name: Vectors(tmp_path, name), lambda: embedder, tmp_path / "index")
        )
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: OpenLibrary) -> Library:
    return open_library()
