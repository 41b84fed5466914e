"""`kefu demo --script`: the story of the README over real sockets, as a newcomer runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(560)


def test_the_story_plays_to_its_end(tmp_path: Path) -> None:
    misleading = {
        "KEFU_DATABASE_URL": "sqlite:////nonexistent/real.db",
        "KEFU_PEOPLE": "/nonexistent",
        "COLUMNS": "200",
    }
    played = subprocess.run(
        [sys.executable, "-m", "bot.cli", "demo", "--script", "--home", str(tmp_path / "demo")],
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
        env=os.environ | misleading,
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert "✗" not in played.stdout
    assert len(re.findall("✓", played.stdout)) == 22
    assert re.search(r"T-\d{8}-0001", played.stdout)
    assert "Traceback" not in played.stderr
    log = (tmp_path / "demo" / "demo.log").read_text(encoding="utf-8")
    assert "question.answered" in log
    assert "13800001234" not in log
    assert "婚假" not in log, "message texts do not belong into the log"
    assert "Traceback" not in log
