"""What each test of a fault saw goes into the table."""

from __future__ import annotations

import pytest
from faulty import Note


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Writes one line of the table of faults."""
    return Note(request.node)
