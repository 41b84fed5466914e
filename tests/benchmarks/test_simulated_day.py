"""A day of the desk in fast motion: memory stays flat, nothing is lost or doubled, no line of the log is unexplained."""

from __future__ import annotations

import pytest
from simulated_day import WHOLE, simulate

EXPLAINED = frozenset({"WARNING slack_bolt"})
"""What such a day may log: at the start bolt says that it finds a token in the environment beside the client it is given."""


@pytest.mark.endurance
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("share", [0.05, 1.0], ids=["a twentieth", "whole"])
def test_twenty_four_hours(share: float) -> None:
    found = simulate(share)
    assert (found["lost"], found["doubled"]) == (0, 0), found
    assert found["escalations"] == {"approved": round(WHOLE["escalations"] * share)}
    assert found["published"] == round(WHOLE["publications"] * share) + 1, "one before the day begins"
    assert found["rss_all"] <= 1.1, found["megabytes"]
    assert found["blocks"] <= 1.1, found["blocks_by_hour"]
    assert found["threads"][1] <= found["threads"][0] + 2
    assert not found["tracebacks"]
    assert not set(found["logged"]) - EXPLAINED, found["lines"]
