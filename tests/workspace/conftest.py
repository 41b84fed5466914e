"""A workspace with an ordinary Bolt app connected to it, shared by the tests of a module."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from workspace_bot import SampleBot
from workspace_people import PATIENCE, People
from workspace_stage import PATIENT, Stage, connect

from bot.workspace import Workspace


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is refused here is refused on purpose; the apps are not the product."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("refusals")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One bot in one workspace."""
    logging.getLogger("websocket").setLevel(logging.CRITICAL)
    with Workspace(timing=PATIENT) as workspace:
        bot = SampleBot(workspace.api_url, workspace.bot_token)
        handler = connect(bot, workspace)
        assert workspace.wait_for_bot(PATIENCE)
        yield Stage(workspace, People(workspace), bot)
        handler.client.auto_reconnect_enabled = False  # or it knocks at a closed door for a second
    handler.close()  # after the workspace: the client closes faster when nobody answers


@pytest.fixture
def quiet_workspace() -> Iterator[Workspace]:
    """A workspace without a bot."""
    with Workspace(timing=PATIENT) as workspace:
        yield workspace


@pytest.fixture
def closing() -> Iterator[Callable[[SocketModeHandler], SocketModeHandler]]:
    """Closes handlers that a test opens."""
    with ExitStack() as stack:

        def remember(handler: SocketModeHandler) -> SocketModeHandler:
            stack.callback(handler.close)
            return handler

        yield remember
