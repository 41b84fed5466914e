"""The running bot for all tests here, and the check that Slack would have taken all that it sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from keeping_manuals import Admin
from running_bot import ACKNOWLEDGED_WITHIN, Desk, running
from sent import faults

from bot.demo.crew import Crew

BOTS = ("desk", "keeping", "over_http", "door", "calm", "ladder", "without_channel")
"""Fixtures here that are a running bot of more than one test."""


@pytest.fixture(autouse=True)
def _time_to_acknowledge() -> Iterator[None]:
    """As much as the workspace of these tests gives."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.listeners.acknowledging.PATIENCE", ACKNOWLEDGED_WITHIN)
        yield


@pytest.fixture(autouse=True)
def _at_rest(request: pytest.FixtureRequest, _time_to_acknowledge: None) -> None:
    """No test begins while its bot still does something that another test began."""
    for name in BOTS:
        if name in request.fixturenames:
            bot = request.getfixturevalue(name)
            assert isinstance(bot, Desk)
            bot.rest()


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
    calls = [call for call in desk.crew.calls()["calls"] if call["number"] > before]
    assert not [(call["method"], call["verdict"], call["details"]) for call in calls if not call["ok"]]
    assert not faults(calls)


@pytest.fixture(scope="session")
def keeping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One bot for all tests that add manuals of their own and change them."""
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


@pytest.fixture
def admin(keeping: Desk, tmp_path: Path) -> Iterator[Admin]:
    """The admin at that bot; afterwards, nothing that it sent may have been refused by the workspace."""
    before = keeping.crew.calls()["total"]
    person = Admin(keeping, tmp_path)
    yield person
    calls = [c for c in keeping.crew.calls()["calls"] if c["number"] > before]
    assert not [
        (c["method"], c["verdict"], c["details"])
        for c in calls
        if not c["ok"] and c["verdict"] not in person.expected
    ]
    assert not faults(calls)
