"""The promises of `slack_load.py`: small versions in `slow`, whole ones in `endurance`. No times are asserted here except
what Slack itself measures: three seconds for an acknowledgement. Where those were missed, the small ones are tried once
more: a machine that was away for so long says nothing of the bot, which loses clicks both times if it does.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import Any

import pytest
from slack_load import clicks, processes, resets  # first: it finds the others
from sqlalchemy import make_url

from tickets.store import open_engine

Json = dict[str, Any]
_names = itertools.count(1)


def twice_if_late(load: Callable[[], Json], *counts: str) -> Json:
    """What came of it, or of the second try when the first lost acknowledgements, which `counts` count."""
    found = load()
    if not any(found[name] for name in counts):
        return found
    print(f"once more: {found}")
    return load()


def new_database(server: str) -> str:
    """The address of a database of its own: everything in it is counted."""
    name = f"load_{os.getpid()}_{next(_names)}"
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _kept(found: Json) -> None:
    assert found["lost"] == 0, found
    assert found["not_approved"] == 0, found
    assert not found["forms_not_opened"], found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_click_is_lost_while_answers_run() -> None:
    _kept(
        twice_if_late(
            lambda: clicks(16, 120, 5, model=True, demo=False), "lost", "not_approved", "forms_not_opened"
        )
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_few_resets_lose_and_double_nothing() -> None:
    found = resets(5)
    assert (found["lost"], found["doubled"]) == (0, 0), found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_of_two_processes_one_does_it(postgres_url: str, chroma_url: str) -> None:
    found = twice_if_late(
        lambda: processes(200, new_database(postgres_url), chroma_url, rate=10), "clicks_lost"
    )
    assert (found["clicks_lost"], found["lost"], found["doubled"]) == (0, 0, 0), found


@pytest.mark.endurance
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("model", [True, False])
def test_no_click_of_five_thousand_is_lost(model: bool) -> None:
    _kept(clicks(64, 5000, 20, model=model))


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_a_hundred_resets_lose_and_double_nothing() -> None:
    found = resets(100)
    assert (found["lost"], found["doubled"]) == (0, 0), found


@pytest.mark.endurance
@pytest.mark.timeout(36_000)
def test_ten_thousand_events_for_two_processes(postgres_url: str, chroma_url: str) -> None:
    found = processes(10_000, new_database(postgres_url), chroma_url)
    assert (found["clicks_lost"], found["lost"], found["doubled"]) == (0, 0, 0), found
