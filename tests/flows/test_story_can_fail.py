"""The script would notice: a step that did not happen is marked and spoils the whole."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.demo.crew import Crew, NotSeen
from bot.demo.story import Story, must, number_in, squeezed
from bot.demo.transcript import Transcript, Unmet


def transcript() -> tuple[Transcript, StringIO]:
    out = StringIO()
    return Transcript(Console(file=out, width=100), {"U_AGENT": "小林"}), out


def answer(text: str, **changes: Any) -> dict[str, Any]:
    return {"text": text, "blocks": [], "bot_id": "B"} | changes


def story() -> Story:
    return Story(Crew("http://127.0.0.1:1/control"), transcript()[0], Path("bot/demo"))


def test_a_step_that_fails_is_marked_and_counted() -> None:
    made, out = transcript()
    assert made.step("好的一步", lambda: None)
    assert not made.step("坏的一步", lambda: must(False, "没有发生"))
    assert (made.done, made.failed) == (1, 1)
    assert "✓" in out.getvalue()
    assert "✗ 没有发生" in out.getvalue()


def test_an_unreachable_workspace_fails_every_step() -> None:
    told = story()
    assert told.play() is False
    assert told.transcript.done == 0


@pytest.mark.parametrize(
    ("text", "expects", "source", "missing"),
    [
        ("《守则》 收费 20 元", ["35 元"], "守则", "35 元"),
        ("收费 35 元", ["35 元"], "守则", "守则"),
    ],
)
def test_an_answer_without_its_figure_or_source_is_noticed(
    text: str, expects: list[str], source: str, missing: str
) -> None:
    with pytest.raises(Unmet, match=missing):
        story().cited(answer(text), expects, source)


def test_figures_are_compared_without_white_space() -> None:
    story().cited(answer("《守则》 收费35元"), ["35 元"], "守则")
    assert squeezed(" 35 元\n") == "35元"


def test_a_missing_number_is_noticed() -> None:
    assert number_in("工单 **T-20260101-0001**。", "T-") == "T-20260101-0001"
    with pytest.raises(NotSeen):
        number_in("没有编号", "T-")
