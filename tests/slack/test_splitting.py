"""Long answers: within Slack's limits, nothing lost, no quotation and no block of code cut where it need not be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import block_samples as samples
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running_bot import Desk

from bot.assistant.answers import Answer, Outcome
from bot.blocks import answers, splitting
from bot.blocks.wording import words
from bot.demo.crew import Json, is_finished, is_from_bot, text_of
from bot.workspace.blocks import block_problems

LINES = st.lists(
    st.one_of(
        st.text("甲乙ab ,。", max_size=60),
        st.text("丙丁cd", min_size=1, max_size=40).map(lambda t: f"> {t}"),
        st.sampled_from(["", "```", "- 一", "```python"]),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(LINES, st.integers(100, 400))
def test_pieces_are_short_enough_and_hold_everything(lines: list[str], limit: int) -> None:
    text = "\n".join(lines)
    pieces = splitting.split(text, limit)
    assert all(len(piece) <= limit for piece in pieces)
    bare = "".join(text.replace("`", "").replace("python", "").split())
    assert "".join("".join(pieces).replace("`", "").replace("python", "").split()) == bare
    for piece in pieces[:-1]:
        assert sum(line.lstrip().startswith("```") for line in piece.splitlines()) % 2 == 0


def test_a_quotation_and_a_block_of_code_stay_whole() -> None:
    quoted = "\n".join(f"> 第{n}条 {'长' * 30}" for n in range(20))
    code = "```\n" + "\n".join(f"第{n}步 {'话' * 30}" for n in range(20)) + "\n```"
    text = "\n\n".join(["前言" * 100, quoted, "说明" * 100, code, "结语" * 50])
    pieces = splitting.split(text, 1000)
    assert sum(quoted in piece for piece in pieces) == 1
    assert sum(code in piece for piece in pieces) == 1


def test_messages_keep_to_the_limits_and_the_last_one_has_the_buttons() -> None:
    reader = words("zh")
    text = "\n\n".join(f"第{n}段。{'内容' * 200}" for n in range(80))
    below = answers.footer(samples.answer(30), 7, reader, samples.ZONE)
    shown = answers.messages(text, below, reader)
    assert len(shown) > 2
    for blocks in shown:
        assert block_problems(blocks, "message") == []
        assert answers.fallback(blocks).strip()
    assert [any(b["type"] == "actions" for b in blocks) for blocks in shown] == [False] * (len(shown) - 1) + [
        True
    ]


def speak_long(desk: Desk, monkeypatch: pytest.MonkeyPatch, pieces: int = 3) -> None:
    """Every answer takes two messages."""
    text = "".join(f"第{n}段开头。{'内容' * 150}\n\n" for n in range(70))

    def long(self: object, *args: Any, **options: Any) -> Iterator[str | Answer]:
        size = len(text) // pieces + 1
        for start in range(0, len(text), size):
            yield text[start : start + size]
        yield Answer(Outcome.ANSWERED, text, (samples.citation(),))

    monkeypatch.setattr(type(desk.services.assistant), "stream", long)


def said(desk: Desk, asked: Json) -> list[Json]:
    """What the bot has said in the thread of a question."""
    seen = desk.crew.messages("U_AGENT", asked["channel"], asked["ts"])
    return [m for m in seen if is_from_bot(m) and is_finished(m)]


def all_there(desk: Desk, asked: Json) -> list[Json]:
    """The same, once the last message with its buttons is there."""

    def look() -> list[Json] | None:
        seen = said(desk, asked)
        return seen if seen and "记工单" in text_of(seen[-1]) else None

    found: list[Json] = desk.crew.wait(look, "the last message")
    return found


@pytest.mark.parametrize("pieces", [1, 7])
def test_a_long_answer_arrives_whole_in_its_thread(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    speak_long(desk, monkeypatch, pieces)
    asked = desk.crew.say("U_AGENT", "dm", "都念一遍")
    shown = [text_of(m) for m in all_there(desk, asked)]
    assert len(shown) == 2
    assert "接下一条" in shown[0]
    whole = "\n".join(shown)
    assert all(f"第{n}段开头。" in whole for n in range(70))


def test_a_long_answer_goes_whole_when_its_question_is_taken_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew = desk.crew
    speak_long(desk, monkeypatch)
    asked = crew.say("U_AGENT", "C_FLOOR", "<@U_BOT> 都念一遍")
    assert len(all_there(desk, asked)) == 2
    crew._post("deletions", {"user": "U_AGENT", "channel": "C_FLOOR", "ts": asked["ts"]})
    crew.wait(lambda: not said(desk, asked), "the end of both messages")


def test_a_long_answer_is_marked_whole_when_its_question_changes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other signs change nothing, although the answer stands in two messages; other words do, in both."""
    crew = desk.crew
    speak_long(desk, monkeypatch)
    asked = crew.say("U_AGENT", "dm", "都念一遍")
    first = [message["ts"] for message in all_there(desk, asked)]
    place = {"user": "U_AGENT", "channel": asked["channel"], "ts": asked["ts"]}
    crew._post("edits", place | {"text": "把那些都念一遍"})  # answered the same
    crew.reply("U_AGENT2", crew.say("U_AGENT2", "dm", "也念一遍"))
    assert [message["ts"] for message in said(desk, asked)] == first
    monkeypatch.undo()
    crew._post("edits", place | {"text": "借期几天？"})
    crew.wait(lambda: len(said(desk, asked)) == 3, "the answer to the new wording")
    for message in said(desk, asked)[:2]:
        assert "改过了" in text_of(message)
