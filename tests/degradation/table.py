"""Breaks one thing after the other and writes down what was seen: `python tests/degradation/table.py` → FAULTS.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TABLE = HERE / "FAULTS.md"
_HEAD = """# What is broken, and what was seen

Written by `python tests/degradation/table.py`, which breaks each of these for a bot that runs in the local workspace. Each
piece of a cell is written by the assertion that checks it.

| broken | goes on | what people are told | comes back |
|---|---|---|---|
"""


def name_of(item: pytest.Item) -> str:
    """What a test breaks: the parameter `fault`, else the test's own words."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    words = parameters.get("fault") or (getattr(item, "function", None).__doc__ or "")
    return str(words).strip().rstrip(".")


class Table:
    """A plugin of pytest that collects what the tests saw."""

    def __init__(self) -> None:
        self.broken: dict[str, str] = {}
        self.lines: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Who breaks what."""
        self.broken = {
            item.nodeid: name_of(item) for item in items if "note" in getattr(item, "fixturenames", ())
        }

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One line a test."""
        if report.when == "call" and report.nodeid in self.broken:
            seen = dict(report.user_properties).get("seen") if report.passed else None
            cells = [*(map("; ".join, seen.values()) if seen else ("**failed**", "", ""))]
            if "" in cells and seen:
                cells[cells.index("")] = "**not checked**"
            told = [re.sub(r"http://[\d.:]+", "http://…", str(one)).replace("|", "/") for one in cells]
            line = " | ".join([self.broken[report.nodeid], *told])
            self.lines.append(f"| {' '.join(line.split())} |")


def main() -> int:
    """Write the table; 0 when every fault was met."""
    table = Table()
    status = pytest.main(
        ["-n", "0", "-m", "", f"--ignore={HERE / 'test_table.py'}", str(HERE)], plugins=[table]
    )
    TABLE.write_text(_HEAD + "\n".join(table.lines) + "\n", encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
