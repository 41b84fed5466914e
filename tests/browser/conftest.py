"""A browser for the module, and the demo running for the tests that walk its story."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from browsing import CHROMIUM, Open, Silent, Visit, chromium, pictures_of, visiting

from bot.demo import runner
from bot.demo.runner import Demo


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Debian's Chromium, headless."""
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    with chromium(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`kefu demo` in this process: real bot, sample manuals, its workspace and its page."""
    with runner.running(tmp_path_factory.mktemp("demo"), 0, Silent()) as running:
        yield running


@pytest.fixture
def visit(browser: Any, demo: Demo, tmp_path: Path, request: pytest.FixtureRequest) -> Open:
    """Opens windows at the demo's page."""
    folder = pictures_of(request.node.name.split("[")[0], tmp_path)

    def opened(**context: Any) -> AbstractContextManager[Visit]:
        return visiting(browser, demo.workspace.url, folder, **context)

    return opened
