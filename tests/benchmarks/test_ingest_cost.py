"""The targets of `ingest_cost.py` on a smaller manual, one round."""

import pytest
from ingest_cost import TARGETS, compare, ratios


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ingest_keeps_its_targets() -> None:
    found = compare(clauses=300, rounds=1)
    measured = ratios(found)
    assert found["ours"][0]["again"]["texts"] == 1
    assert {name: measured[name] for name in TARGETS if measured[name] > TARGETS[name]} == {}
