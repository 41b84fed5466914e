"""Text that wants to call a channel, forge a link or break the layout, on every way into Slack."""

from __future__ import annotations

import json
import re

import block_samples as samples
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running_bot import Desk
from sent import faults

from bot.blocks import answers, feedbacks, gaps, home_lists, parts, sharing
from bot.blocks.wording import words
from bot.demo.crew import Crew, text_of
from bot.listeners import threads
from bot.workspace.blocks import block_problems
from tickets.answer_desk import Complaint, Fault, GivenAnswer
from tickets.records import Origin

EVIL = st.lists(
    st.one_of(
        st.sampled_from(
            ["<!channel>", "<!here|x>", "<@U_ADMIN>", "<!subteam^S1>", "<http://x|y>", "&lt;!channel&gt;", "*粗*", "```",
             "> ", "\n", "<", ">", "&", "](http://x)"]
        ),
        st.text(max_size=20),
    ),
    max_size=12,
).map("".join)  # fmt: skip
READER = words("zh")


def sent(blocks: list[parts.Block], text: str = "") -> list[str]:
    """What is wrong with a message of these blocks."""
    arguments = {"text": text or "有内容", "blocks": blocks}
    return faults([{"method": "chat.postMessage", "number": 1, "arguments": arguments}])


@settings(max_examples=20, deadline=None)
@given(EVIL)
def test_nothing_that_was_written_calls_anybody(evil: str) -> None:
    _calls_nobody(evil)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(EVIL)
def test_nothing_of_much_that_was_written_calls_anybody(evil: str) -> None:
    _calls_nobody(evil)


def _calls_nobody(evil: str) -> None:
    given_answer = GivenAnswer(1, evil, "answered", samples.NOW, Origin())
    messages = [
        *answers.messages(
            evil * 30, answers.footer(samples.answer(2, text=evil), 1, READER, samples.ZONE), READER
        ),
        sharing.outdated(READER("revise.older", question=evil[:200]), [parts.markdown(evil)]),
        [sharing.shared_by("U_AGENT", evil, READER)],
        [
            answers.source(
                samples.citation(evil or "x", label=evil, organisation=evil), READER, samples.ZONE, "b"
            )
        ],
        gaps.answered(1, evil, samples.NOW, samples.clause(evil or "x", evil or "x"), READER, samples.ZONE),
    ]
    for blocks in messages:
        assert sent(blocks, f"有内容 {answers.fallback(blocks)}") == []
        assert block_problems(blocks, "message") == []
    complaint = Complaint(given_answer, "U_AGENT", Fault.OTHER, evil, samples.NOW)
    for blocks in (
        home_lists.recent([given_answer], lambda _: "", READER, samples.ZONE),
        feedbacks.listed([complaint], READER, samples.ZONE),
        home_lists.settings([evil or "x"], READER),
    ):
        assert sent(blocks) == []


@given(EVIL)
def test_what_is_escaped_comes_back_as_it_was(evil: str) -> None:
    escaped = parts.escape(evil)
    assert not re.search(r"[<>]", escaped)
    assert parts.unescape(escaped) == evil
    assert threads.typed(parts.escape("甲<!channel>乙")) == "甲<!channel>乙"


@pytest.mark.parametrize("way", ["dm", "mention", "command", "shortcut"])
def test_a_question_that_calls_the_channel_calls_nobody(desk: Desk, crew: Crew, way: str) -> None:
    """`crew` looks at all that was sent; here is that an answer came at all, with the words in it."""
    evil = "<!channel> & <@U_ADMIN> 借书卡丢了补办要多少钱？"
    if way == "command":
        newest = (crew.messages("U_AGENT", "C_FLOOR") or [{"ts": "0"}])[-1]["ts"]
        crew.command("U_AGENT", "C_FLOOR", evil)
        assert "工本费" in text_of(crew.seen("U_AGENT", "C_FLOOR", "工本费", after=newest))
        return
    channel, text = (
        ("dm", evil) if way == "dm" else ("C_FLOOR", f"<@U_BOT> {evil}" if way == "mention" else evil)
    )
    asked = crew.say("U_AGENT", channel, text)
    if way == "shortcut":
        crew.shortcut("U_AGENT", asked, "ask_about_message")
    answer = crew.reply("U_AGENT", asked)
    assert "工本费" in text_of(answer)
    assert "<!channel>" not in json.dumps(answer["blocks"], ensure_ascii=False)
