"""Work on the manuals with every real part, in a temporary folder and on a clock that is moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.assistant.answering import Assistant
from bot.keeping.manual_work import ManualWork
from bot.settings import Settings
from bot.wiring import open_engine, open_manual_work
from knowledge.embedding import BundledEmbeddings, Embedder
from knowledge.library import Library
from knowledge.vectors import Vectors
from tickets.store import READING


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 2, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go(self, **ahead: float) -> None:
        self.now += timedelta(**ahead)


@dataclass
class House:
    """What a door works with."""

    settings: Settings
    engine: Engine
    library: Library
    work: ManualWork
    clock: Clock
    folder: Path

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def ask(self, question: str) -> str:
        return Assistant(self.library, zone=self.settings.zone).answer(question).text


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return BundledEmbeddings()


OpenHouse = Callable[[], House]


@pytest.fixture
def open_house(tmp_path: Path, embedder: Embedder) -> Iterator[OpenHouse]:
    """Opens the one data folder of the test; a second time while the first holds it, as another process would."""
    opened: list[House] = []
    clock = Clock()

    def open_one() -> House:
        settings = Settings(home=tmp_path / "home")
        engine = open_engine(settings)
        library = Library(
            engine,
            lambda model: Vectors(settings.home, model),
            lambda: embedder,
            settings.home / f"index-{len(opened)}",
            clock,
            reader=engine.execution_options(**{READING: True}),
        )
        folder = tmp_path / "files"
        folder.mkdir(exist_ok=True)
        work = open_manual_work(settings, engine, library, clock=clock)
        opened.append(House(settings, engine, library, work, clock, folder))
        return opened[-1]

    yield open_one
    for house in opened:
        house.library.close()
        house.engine.dispose()


@pytest.fixture
def house(open_house: OpenHouse) -> House:
    return open_house()
