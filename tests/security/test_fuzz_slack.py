"""Whatever stands in what Slack sends: no hang, no crash, nothing that nobody foresaw, and the bot goes on answering.

Hypothesis makes events, clicks, forms, commands and shortcuts out of every name that the bot listens to and any values;
they go to the real app, signed over HTTP or as the websocket hands them on. The hour is in `test_fuzz_for_long.py`.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from slack_door import SlackDoor, event_body
from slack_payloads import furnish, payloads

from bot.observing import metrics

pytestmark = pytest.mark.refusals  # Slack refuses much of what the bot does about such requests


def send(door: SlackDoor, sent: tuple[str, dict[str, Any]], *, by_socket: bool = False) -> int:
    """One request: answered in time, and never with a fault of ours. Its status."""
    kind, payload = sent
    if by_socket:
        body = event_body(payload) if kind == "event" else payload
        status, said = door.by_socket(kind, body)
    elif kind == "event":
        status, said = door.event(payload)
    elif kind == "command":
        status, said = door.command({name: str(value) for name, value in payload.items()})
    else:
        status, said = door.interact(payload)
    assert status in (200, 400, 404), (status, said, json.dumps(payload)[:2000])
    assert "Traceback" not in said
    return status


def unforeseen() -> float:
    """What nobody foresaw so far, wherever in this process."""
    return sum(
        sample.value
        for family in metrics.ERRORS.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    )


def run(door: SlackDoor, examples: int, *, until: float | None = None) -> int:
    """So many payloads, built and misbuilt, through both doors; nothing unforeseen happens over any of them, and the bot
    answers a question as before. How many were sent."""
    furnish(door)
    before, statuses = unforeseen(), Counter[int]()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=until is None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(payloads(), st.booleans())
    def one(sent: tuple[str, dict[str, Any]], by_socket: bool) -> None:
        if until is None or time.monotonic() < until:
            statuses[send(door, sent, by_socket=by_socket)] += 1

    one()
    door.desk.crew.reply("U_AGENT2", door.desk.crew.say("U_AGENT2", "dm", "借书卡一次最多借几本？"))
    assert unforeseen() == before, "a listener met what nobody foresaw; the log has it under request.failed"
    # The check before the listeners lets well-built ones through, or nothing was tried.
    assert statuses[200] > 0.5 * statuses.total(), statuses
    return statuses.total()


def test_some_requests(door: SlackDoor) -> None:
    run(door, 40)


@pytest.mark.slow
def test_many_requests(door: SlackDoor) -> None:
    run(door, 1_500)
