"""The promises of `slack_load.py`: small versions in `slow`, whole ones in `endurance`. No times are asserted here

except what Slack itself measures: three seconds for an acknowledgement.
"""

from __future__ import annotations

from typing import Any

import pytest
from slack_load import clicks, processes, resets

Json = dict[str, Any]


def _kept(found: Json) -> None:
    assert found["lost"] == 0, found
    assert found["not_approved"] == 0, found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_click_is_lost_while_answers_run() -> None:
    _kept(clicks(answers=16, count=120))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_few_resets_lose_and_double_nothing() -> None:
    found = resets(5)
    assert (found["lost"], found["doubled"]) == (0, 0), found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_processes_answer_once(postgres_url: str, chroma_url: str) -> None:
    found = processes(24, postgres_url, chroma_url)
    assert (found["lost"], found["doubled"]) == (0, 0), found


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_no_click_of_five_thousand_is_lost() -> None:
    _kept(clicks(answers=64, count=5000))


@pytest.mark.endurance
@pytest.mark.timeout(7200)
def test_a_hundred_resets_lose_and_double_nothing() -> None:
    found = resets(100)
    assert (found["lost"], found["doubled"]) == (0, 0), found


@pytest.mark.endurance
@pytest.mark.timeout(36_000)
def test_ten_thousand_events_for_two_processes(postgres_url: str, chroma_url: str) -> None:
    found = processes(10_000, postgres_url, chroma_url)
    assert (found["lost"], found["doubled"]) == (0, 0), found
