"""The table of faults, which the README shows, names those that the suite breaks, and none that failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
_COLLECT = """
import sys, pytest
sys.path.insert(0, sys.argv[1])
from table import Table
table = Table()
status = pytest.main(["-n", "0", "-m", "", "--collect-only", "-qq", "-p", "no:cacheprovider", sys.argv[1]], plugins=[table])
print("BROKEN", *sorted(table.broken.values()), sep="\\n")
sys.exit(status)
"""


@pytest.mark.slow
def test_the_table_names_what_is_tested() -> None:
    run = subprocess.run([sys.executable, "-c", _COLLECT, HERE], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    tested = run.stdout.split("BROKEN\n")[1].split("\n")
    rows = [
        line
        for line in (HERE / "FAULTS.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    shown = sorted(row.split(" | ")[0].removeprefix("| ") for row in rows[1:])
    assert shown == [name for name in tested if name]
    assert not [row for row in rows if "**failed**" in row or "**not checked**" in row]
