"""A question in Slack answered with a language model: streamed, checked, the quote standing in for a bad model."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from running_bot import Desk, running

from bot.listeners import threads
from tests.model_server import ModelServer, Reply
from tickets.usage_records import ModelUse, UsageBy, UseOutcome


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
        patch.setenv("KEFU_MODEL_TOTAL_SECONDS", "120")
        patch.setenv("KEFU_MODEL_REPORTS_USAGE", "true")
        patch.setenv("KEFU_MODEL_PRICE_IN", "2")
        patch.setenv("KEFU_MODEL_PRICE_OUT", "8")
        patch.setenv("KEFU_MODEL_CURRENCY", "cny")
        patch.setenv("KEFU_BUDGET_USER_DAY", "100000")
        with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
            yield bot


def says(*sentences: str) -> str:
    lines = [json.dumps({"text": text, "cites": ["C1"]}, ensure_ascii=False) for text in sentences]
    return "\n".join([*lines, '{"end": "answered", "conflict": false, "language": "zh"}'])


def ask(desk: Desk, question: str) -> dict[str, Any]:
    asked = desk.crew.say("U_AGENT", "dm", question)
    return desk.crew.reply("U_AGENT", asked)


def test_what_the_clause_supports_is_said_in_the_models_words(desk: Desk, model: ModelServer) -> None:
    model.play(Reply(says("借书卡遗失补办收工本费 8 元。", "补办要交 80 元押金。")))
    text = ask(desk, "借书卡丢了补办收多少钱？")["stream"]["text"]
    assert "补办收工本费 8 元" in text
    assert "80" not in text, "an invented number reached the agent"


def test_private_data_does_not_reach_the_model(desk: Desk, model: ModelServer) -> None:
    model.play(Reply(says("借书卡遗失补办收工本费 8 元。")))
    ask(desk, "读者电话13712345678说借书卡丢了，补办收多少钱？")
    assert "13712345678" not in json.dumps(model.requests[-1])


def test_an_answer_is_recorded_with_what_it_took(desk: Desk, model: ModelServer) -> None:
    model.play(Reply(says("借书卡遗失补办收工本费 8 元。", "补办收 99 元。")))
    number = threads.answer_id(ask(desk, "借书卡丢了补办收多少钱？"))
    assert number is not None
    use = desk.services.desk.answer_record(number).usage
    assert use is not None
    assert (use.model, use.kept, use.dropped) == ("openai:scripted", 1, {"number": 1})
    assert use.outcome is UseOutcome.WRITTEN
    assert (use.tokens_in, use.tokens_out, use.estimated) == (100, 20, False)
    assert (use.micros, use.currency) == (100 * 2 + 20 * 8, "CNY")
    assert use.first_ms is not None
    assert use.first_ms <= use.ms


def test_the_first_words_are_seen_while_the_model_still_writes(desk: Desk, model: ModelServer) -> None:
    text = says("借书卡遗失补办收工本费 8 元。", "原卡当场注销。")
    model.play(Reply(text, hang_after=text.index("\n") + 3))
    asked = desk.crew.say("U_AGENT", "dm", "借书卡丢了补办收多少钱？")

    def first_words() -> dict[str, Any] | None:
        shown = desk.crew.messages("U_AGENT", "dm", asked["ts"])
        return next((message for message in shown if "工本费 8 元" in str(message)), None)

    seen = desk.crew.wait(first_words, "the first sentence")
    assert seen["stream"]["state"] == "streaming", "the model has said no end yet"
    desk.crew.stop("U_AGENT", "dm", asked["ts"])
    left = desk.crew.seen("U_AGENT", "dm", "已停止", after=asked["ts"], thread_ts=asked["ts"])
    assert {task["status"] for task in left["stream"]["tasks"]} == {"complete"}
    assert desk.crew.place("U_AGENT", "dm")["sessions"][asked["ts"]]["status"] == "active"
    desk.crew.wait(
        lambda: stopped(desk) == 1,
        "what the stopped answer took",
    )


def stopped(desk: Desk) -> int:
    totals = desk.services.desk.usage.totals(UsageBy.DAY, 2)  # midnight may have passed
    return sum(total.outcomes.get("stopped", 0) for total in totals)


def test_when_the_budget_is_spent_answers_are_quotes_and_it_is_said_once(
    desk: Desk, model: ModelServer
) -> None:
    while datetime.now(UTC).minute == 59:  # a budget is of a day: not begun just before midnight
        time.sleep(0.5)
    model.play(Reply(says("借书卡遗失补办收工本费 8 元。")))
    desk.services.desk.usage.record(
        "U_AGENT2", ModelUse("openai:scripted", "answer@x", UseOutcome.WRITTEN, tokens_in=99_000)
    )
    before = len(model.requests)
    shown = []
    for question in ("借书卡丢了补办收多少钱？", "一次最多借几本？"):
        asked = desk.crew.say("U_AGENT2", "dm", question)
        shown.append(json.dumps(desk.crew.reply("U_AGENT2", asked), ensure_ascii=False))
    assert len(model.requests) == before
    assert "补办收工本费8元，原卡当场注销" in shown[0]
    assert "budget for the language model is spent" in shown[0]
    assert "budget for the language model" not in shown[1]
    assert "补办" in ask(desk, "借书卡丢了补办收多少钱？")["stream"]["text"]
    assert len(model.requests) == before + 1, "somebody else's budget is not spent"


@pytest.mark.parametrize(
    "bad",
    [
        Reply("not JSON at all"),
        Reply(says("补办收 99 元。")),
        # Last: after it the model is left alone for a while.
        Reply(status=429, headers=(("Retry-After", "1"),)),
    ],
    ids=["nonsense", "invented", "rate limit"],
)
def test_a_model_that_fails_leaves_the_quote(desk: Desk, model: ModelServer, bad: Reply) -> None:
    model.play(bad)
    text = ask(desk, "借书卡遗失补办要多少工本费？")["stream"]["text"]
    assert "借书卡遗失的，补办收工本费8元" in text.replace(" ", "")
    assert "99" not in text
