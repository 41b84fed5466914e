"""Every parser and everything that Slack sends, one after the other for as long as KEFU_FUZZ_SECONDS says (an hour):

    KEFU_FUZZ_SECONDS=480 .venv/bin/python -m pytest -n 0 -s -m endurance tests/security/test_fuzz_for_long.py

At the end it says how many of each were tried. KEFU_FUZZ_SEED begins the series elsewhere (the time of day, unless told).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest
from parsers import FILES, TEXTS
from slack_door import SlackDoor
from test_fuzz_parsers import read_one, take_one
from test_fuzz_slack import run

SECONDS = float(os.environ.get("KEFU_FUZZ_SECONDS", "3600"))
SEED = int(os.environ.get("KEFU_FUZZ_SEED", str(int(time.time()) * 1000)))
_ROUND = 10.0
"""Seconds for one of them at a time, so that a short run tries all."""

pytestmark = [pytest.mark.endurance, pytest.mark.refusals, pytest.mark.timeout(0)]


def test_everything_for_long(door: SlackDoor, tmp_path: Path) -> None:
    """A finding is noted with the seed that makes it again, and the rest goes on; all are told at the end."""
    until, seed = time.monotonic() + SECONDS, SEED
    tried, findings = Counter[str](), list[str]()

    def attempt(name: str, work: object) -> None:
        try:
            tried[name] += int(work()) if callable(work) else 0
        except AssertionError as finding:
            findings.append(f"{name}: {str(finding)[:600]}")

    def one_file(parser: object, at: int) -> int:
        read_one(parser, at, tmp_path)  # type: ignore[arg-type]
        return 1

    def one_text(name: str, at: int) -> int:
        take_one(name, at)
        return 1

    while time.monotonic() < until and len(findings) < 50:
        left = until - time.monotonic()
        of_slack = time.monotonic() + min(_ROUND, left / 3)
        attempt("what Slack sends", lambda end=of_slack: run(door, 2_000, until=end))
        of_files = time.monotonic() + min(_ROUND, left / 3)
        while time.monotonic() < of_files:
            for parser in FILES:
                attempt(parser.name, lambda parser=parser, at=seed: one_file(parser, at))
            seed += 1
        of_texts = time.monotonic() + min(_ROUND / 2, left / 3)
        while time.monotonic() < of_texts:
            for name in TEXTS:
                attempt(name, lambda name=name, at=seed: one_text(name, at))
            seed += 1
    print(f"\n{tried.total()} tried in {SECONDS:.0f} s from seed {SEED}: {dict(tried.most_common())}")
    assert not findings, "\n".join(findings)
