"""Houses of their own for tests of gaps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gap_house import TEA, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """One manual about the pantry is live."""
    found = House(tmp_path)
    found.publish("茶水间守则", *TEA)
    yield found
    found.close()
