"""The paragraph above the week's figures: from a model that is given only these, and dropped when it says others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.assistant.language_model import LanguageModel
from bot.assistant.prompts import Prompts
from bot.assistant.week_writing import writer
from bot.blocks.wording import words
from bot.reporting import weekly
from tests.model_server import ModelServer, Reply

LINES = ["提问 128（上周 96）", "未找到 12（上周 20）", "升级 7（上周 3）"]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def paragraph(server: ModelServer, monkeypatch: pytest.MonkeyPatch, reply: Reply) -> str:
    server.play(reply)
    monkeypatch.setattr(weekly, "plain_lines", lambda found, reader: LINES)
    write = writer(LanguageModel(server.settings()), Prompts())
    return weekly.paragraph(None, words("zh"), write)  # type: ignore[arg-type]


def test_words_with_the_figures_given_come_through(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "提问从 96 增加到 128，升级由 3 增加到 7，请先看升级。"
    assert paragraph(server, monkeypatch, Reply(text)) == text
    sent = str(server.requests[-1]["messages"])
    assert all(line in sent for line in LINES)


@pytest.mark.parametrize(
    "text",
    [
        "提问增加了 32 个。",
        "提问增加 33%。",
        "升级翻了一倍。",
        "升级多了四件。",
        "提问１２９个。",
        "升级 7 件，找 13800138000。",
        "升级 7 <!channel>",
        "升级 7 件。" * 120,
        "Escalations doubled to 7.",
    ],
)
def test_a_figure_of_its_own_drops_the_paragraph(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert paragraph(server, monkeypatch, Reply(text)) == ""


def test_without_a_model_or_with_one_that_fails_there_are_no_words(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paragraph(server, monkeypatch, Reply(status=500)) == ""
    assert writer(None, Prompts()) is None
    assert weekly.paragraph(None, words("zh"), None) == ""  # type: ignore[arg-type]
