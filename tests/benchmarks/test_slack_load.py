"""The promises of `slack_load.py`: small versions in `slow`, whole ones in `endurance`. No times are asserted here

except what Slack itself measures: three seconds for an acknowledgement.
"""

from __future__ import annotations

from typing import Any

import pytest
from slack_load import clicks, processes, resets  # first: it finds the others

Json = dict[str, Any]


def _kept(found: Json) -> None:
    assert found["lost"] == 0, found
    assert found["not_approved"] == 0, found
    assert not found["forms_not_opened"], found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_click_is_lost_while_answers_run() -> None:
    _kept(clicks(16, 120, 5, model=True, demo=False))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_few_resets_lose_and_double_nothing() -> None:
    found = resets(5)
    assert (found["lost"], found["doubled"]) == (0, 0), found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_of_two_processes_one_does_it(postgres_url: str, chroma_url: str) -> None:
    found = processes(200, postgres_url, chroma_url, rate=10)
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
    found = processes(10_000, postgres_url, chroma_url)
    assert (found["clicks_lost"], found["lost"], found["doubled"]) == (0, 0, 0), found
