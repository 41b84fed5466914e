"""A desk with one of everything, made once and put back before every attempt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from security_house import House, desk_on, furnish
from slack_door import SlackDoor

from tickets.migrations import upgrade
from tickets.store import open_engine
from tickets.vault import new_key


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The house; `reset` puts it back."""
    folder = tmp_path_factory.mktemp("house")
    engine = open_engine(f"sqlite:///{folder / 'kefu.db'}")
    upgrade(engine)
    house = House(desk_on(engine, new_key(), folder / "procedures"), engine, folder / "kefu.db")
    furnish(house)
    house.keep()
    yield house
    engine.dispose()


@pytest.fixture(scope="session")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SlackDoor]:
    """A running bot behind its web server."""
    from running_bot import running

    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals"), http=True) as bot:
        bot.crew.patience = 200.0  # an answer waits until all is done that hundreds of requests asked for
        yield SlackDoor(bot)
