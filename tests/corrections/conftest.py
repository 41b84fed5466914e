"""Houses with databases of their own, on vectors and models shared by all tests here."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from correction_house import House

from knowledge.embedding import BundledEmbeddings
from knowledge.vectors import Vectors


@pytest.fixture(scope="session")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], House]]:
    """Opens houses, each with an empty database; texts that were embedded before are not embedded again."""
    embedder = BundledEmbeddings()
    vectors = Vectors(tmp_path_factory.mktemp("vectors"), embedder.name, "")
    folder = tmp_path_factory.mktemp("houses")
    yield lambda: House(Path(tempfile.mkdtemp(dir=folder)), vectors, embedder)
    vectors.close()


@pytest.fixture
def house(open_house: Callable[[], House]) -> House:
    return open_house()
