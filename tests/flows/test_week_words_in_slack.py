"""Last week's report as supervisors get it from a bot with a language model: its words stand above the figures, and
those with figures of their own do not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from running_bot import Desk, running

from bot.demo.crew import text_of
from tests.model_server import ModelServer, Reply
from tickets.models import ReminderRow, TicketRow
from tickets.records import Origin, TicketContent
from tickets.reminders import ReportTime
from tickets.store import open_engine

MIDNIGHT = ReportTime(1, time(0, 0))
TITLE = "借书卡刷不开门"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def desk(model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_MODEL", "openai:scripted")
        patch.setenv("KEFU_MODEL_BASE_URL", model.url)
        patch.setenv("KEFU_MODEL_API_KEY", "k-test")
        patch.setenv("KEFU_MODEL_FIRST_TOKEN_SECONDS", "60")
        patch.setenv("KEFU_MODEL_TOTAL_SECONDS", "60")
        with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
            had_a_week(bot)
            yield bot


def had_a_week(desk: Desk) -> None:
    """A ticket was logged last week, at a desk that has been at work for two."""
    board, people = desk.services.desk, desk.services.people
    board.reminders.look([], [])
    board.log_ticket(
        people.get("U_AGENT"), TicketContent(title=TITLE, kind="repair"), Origin("C_FLOOR", "1.2"), "one"
    )
    now = datetime.now(UTC)
    engine = open_engine(desk.services.settings.database)
    with engine.begin() as connection:
        connection.execute(
            update(ReminderRow).values(at=now - timedelta(days=14)).where(ReminderRow.key == "began")
        )
        connection.execute(update(TicketRow).values(created_at=now - timedelta(days=7)))
    engine.dispose()


def report(desk: Desk, model: ModelServer, reply: Reply) -> str:
    """What a supervisor reads when last week's report goes out while the model says `reply`."""
    seen = {message["ts"] for message in desk.crew.messages("U_SUPERVISOR", "dm")}
    engine = open_engine(desk.services.settings.database)
    with engine.begin() as connection:
        connection.execute(delete(ReminderRow).where(ReminderRow.key.startswith("report:")))
    engine.dispose()
    model.play(reply)
    assert desk.services.desk.reminders.look([], [], report=MIDNIGHT) == 1
    desk.app.outbox.nudge()

    def arrived() -> dict[str, Any] | None:
        return next(
            (
                one
                for one in desk.crew.messages("U_SUPERVISOR", "dm")
                if one["ts"] not in seen and "客服周报" in text_of(one)
            ),
            None,
        )

    return text_of(desk.crew.wait(arrived, "last week's report"))


@pytest.mark.slow
def test_the_models_words_stand_above_the_figures_it_was_given(desk: Desk, model: ModelServer) -> None:
    told = report(desk, model, Reply("上周新工单 1 件，比前一周多，请先看它。"))
    lines = told.splitlines()
    assert "请先看它" in lines[1]
    assert any(line.startswith("新工单：1") for line in lines[2:])
    sent = json.dumps(model.requests[-1]["messages"], ensure_ascii=False)
    assert "新工单：1" in sent
    assert TITLE not in sent, "the model is given figures, not what was written"


@pytest.mark.slow
def test_words_with_a_figure_of_their_own_are_left_out(desk: Desk, model: ModelServer) -> None:
    told = report(desk, model, Reply("上周新工单 37 件，翻了一倍。"))
    assert "37" not in told
    assert "新工单：1" in told


@pytest.mark.slow
def test_a_model_that_is_down_leaves_the_figures(desk: Desk, model: ModelServer) -> None:
    assert "新工单：1" in report(desk, model, Reply(status=500))
