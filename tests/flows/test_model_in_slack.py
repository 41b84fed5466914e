"""A question in Slack answered with a language model: streamed, checked, the quote standing in for a bad model."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from running_bot import Desk, running

from tests.model_server import ModelServer, Reply


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


@pytest.mark.parametrize(
    "bad",
    [
        Reply(status=429, headers=(("Retry-After", "1"),)),
        Reply("not JSON at all"),
        Reply(says("补办收 99 元。")),
    ],
    ids=["rate limit", "nonsense", "invented"],
)
def test_a_model_that_fails_leaves_the_quote(desk: Desk, model: ModelServer, bad: Reply) -> None:
    model.play(bad)
    text = ask(desk, "借书卡遗失补办要多少工本费？")["stream"]["text"]
    assert "借书卡遗失的，补办收工本费8元" in text.replace(" ", "")
    assert "99" not in text


def test_private_data_does_not_reach_the_model(desk: Desk, model: ModelServer) -> None:
    model.play(Reply(says("借书卡遗失补办收工本费 8 元。")))
    ask(desk, "读者电话13712345678说借书卡丢了，补办收多少钱？")
    assert "13712345678" not in json.dumps(model.requests[-1])
