"""The running bot for all tests here, and the check that Slack would have taken all that it sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running_bot import Desk, running

from bot.demo.crew import Crew


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One bot for all tests that leave nothing behind that disturbs others."""
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


@pytest.fixture
def crew(desk: Desk) -> Iterator[Crew]:
    """The people; afterwards, nothing that the bot sent may have been refused by the workspace."""
    before = desk.crew.calls()["total"]
    yield desk.crew
    refused = [
        (call["method"], call["verdict"], call["details"])
        for call in desk.crew.calls()["calls"]
        if call["number"] > before and not call["ok"]
    ]
    assert not refused
