"""Every procedure that comes with the product, walked through once over real sockets; errors, races, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from procedure_walks import Walk, walking
from running_bot import Desk

from bot.blocks import records
from bot.demo.crew import Crew, buttons_of, text_of
from tickets.procedure_records import RecordState


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One bot for all tests here, with people on every rung."""
    with walking(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead, hours=8)).date().isoformat()


SWAP = {"shift_date": day(3), "partner": "U_AGENT2", "reason": "家里有事"}


def test_a_shift_swap_is_agreed_by_the_partner_and_approved(desk: Desk, crew: Crew) -> None:
    walk = Walk(desk, crew)
    form = walk.open("换班 家里有事，想和 Amy 换班")
    filled = {b["block_id"]: b["element"] for b in form["blocks"] if b["type"] == "input"}
    assert filled["partner"]["initial_user"] == "U_AGENT2"
    walk.file(form, SWAP)
    card = walk.card("U_AGENT2", records.TAKE)
    assert "Accept" in str(card["blocks"])
    assert "家里有事" in text_of(card)
    walk.act("U_AGENT2", records.TAKE)
    walk.act("U_SUPERVISOR", records.TAKE)
    walk.told("已办结")
    assert walk.record.state is RecordState.DONE
    assert buttons_of(walk.card("U_SUPERVISOR")) == []
