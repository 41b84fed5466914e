"""Questions that are changed or taken back, asked out of a message's menu, or asked by no person at all."""

from __future__ import annotations

from typing import Any

import pytest
from running_bot import Desk

from bot.demo.crew import Crew, Json, buttons_of, is_finished, is_from_bot, text_of
from bot.listeners.ask import is_spoken_by_person

BOT = "<@U_BOT>"
FEE = "借书卡丢了补办要多少钱？"


def edit(crew: Crew, message: Json, text: str, user: str = "U_AGENT") -> None:
    crew._post("edits", {"user": user, "channel": message["channel"], "ts": message["ts"], "text": text})


def delete(crew: Crew, message: Json, user: str = "U_AGENT") -> None:
    crew._post("deletions", {"user": user, "channel": message["channel"], "ts": message["ts"]})


def thread(crew: Crew, asked: Json) -> list[Json]:
    """The bot's finished messages in the thread of a question."""
    seen = crew.messages("U_AGENT", asked["channel"], asked["ts"])
    return [m for m in seen if is_from_bot(m) and is_finished(m)]


def settled(crew: Crew) -> None:
    """Whatever was sent before has been dealt with: a question asked afterwards is answered."""
    last = crew.say("U_AGENT2", "dm", "一张借书卡一次能借几本？")
    crew.reply("U_AGENT2", last)


@pytest.mark.parametrize("channel", ["dm", "C_FLOOR"])
def test_a_question_that_is_changed_is_answered_again_and_the_old_answer_marked(
    crew: Crew, channel: str
) -> None:
    called = "" if channel == "dm" else f"{BOT} "
    asked = crew.say("U_AGENT", channel, f"{called}{FEE}")
    first = crew.reply("U_AGENT", asked)
    edit(crew, asked, f"{called}逾期归还每本每天收多少滞还费？")
    crew.wait(lambda: len(thread(crew, asked)) == 2, "the answer to the new wording")
    old, new = thread(crew, asked)
    assert old["ts"] == first["ts"]
    assert "改过了" in text_of(old)
    assert "补办要多少钱" in text_of(old)  # which wording it was for
    assert "街角图书借阅室守则" in text_of(old)  # with its sources, but nothing to press
    assert buttons_of(old) == []
    assert "0.3" in text_of(new)
    assert {"answer_feedback", "escalate"} <= set(buttons_of(new))


def test_what_changes_nothing_in_the_matter_leaves_the_answer_alone(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", FEE)
    before = crew.reply("U_AGENT", asked)
    edit(crew, asked, "借书卡丢了， 补办要多少钱??")  # signs
    edit(crew, asked, "借书卡丢了，补办一张要多少钱？")  # other words, the same answer
    edit(crew, asked, "借书卡丢了，要补办一张要多少钱？")
    settled(crew)
    crew.wait(
        lambda: crew.messages("U_AGENT", "dm", asked["ts"])[0]["text"].startswith("借书卡丢了，要补办"),
        "the edits",
    )
    [after] = thread(crew, asked)
    assert after["ts"] == before["ts"]
    assert set(buttons_of(after)) == set(buttons_of(before))


def test_the_old_answer_is_no_part_of_the_conversation_any_more(desk: Desk, crew: Crew) -> None:
    from bot.listeners import threads

    asked = crew.say("U_AGENT", "dm", FEE)
    crew.reply("U_AGENT", asked)
    edit(crew, asked, "逾期归还每本每天收多少滞还费？")
    crew.wait(lambda: len(thread(crew, asked)) == 2, "the answer to the new wording")
    read = threads.read(desk.app.client, asked["channel"], asked["ts"])
    turns = threads.turns(read, "U_BOT", "9999999999.0")
    assert [turn.role for turn in turns] == ["user", "assistant"]
    assert "滞还费" in turns[1].text


def test_a_message_that_calls_the_bot_only_after_a_change_is_answered(crew: Crew) -> None:
    said = crew.say("U_AGENT", "C_FLOOR", FEE)
    settled(crew)
    assert thread(crew, said) == []
    edit(crew, said, f"{BOT} {FEE}")
    assert "工本费" in text_of(crew.reply("U_AGENT", said))


def test_a_question_taken_back_takes_its_answer_with_it(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} {FEE}")
    crew.reply("U_AGENT", asked)
    follow = crew.say("U_AGENT", "C_FLOOR", "那借期几天？", thread_ts=asked["ts"])
    crew.reply("U_AGENT", follow | {"thread_ts": asked["ts"]})
    crew.wait(lambda: len(thread(crew, asked)) == 2, "both answers")
    delete(crew, follow)
    crew.wait(lambda: len(thread(crew, asked)) == 1, "the end of the second answer")
    assert "工本费" in text_of(thread(crew, asked)[0])


def test_a_question_that_began_its_thread_takes_its_answer_with_it(crew: Crew) -> None:
    """Slack tells of it as of a change: of a message with replies a tombstone stays, until the last of them goes."""
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} {FEE}")
    crew.reply("U_AGENT", asked)
    delete(crew, asked)
    crew.wait(lambda: not crew.messages("U_AGENT", "C_FLOOR", asked["ts"]), "the end of the thread")


def test_of_a_thread_that_others_went_on_in_the_answer_stays_below_the_tombstone(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} {FEE}")
    crew.reply("U_AGENT", asked)
    crew.say("U_AGENT2", "C_FLOOR", "<@U_AGENT> 我也要补一张", thread_ts=asked["ts"])
    delete(crew, asked)
    marked = crew.seen(
        "U_AGENT2", "C_FLOOR", "提问者删除了上面的问题", after=asked["ts"], thread_ts=asked["ts"]
    )
    assert "工本费" in text_of(marked)
    first, *_ = crew.messages("U_AGENT2", "C_FLOOR", asked["ts"])
    assert first["subtype"] == "tombstone"
    assert FEE not in text_of(first)
    again = crew.say("U_AGENT2", "C_FLOOR", "那借期几天？", thread_ts=asked["ts"])
    assert "21" in text_of(crew.reply("U_AGENT2", again | {"thread_ts": asked["ts"]}))


def test_an_answer_that_others_went_on_from_stays_and_says_so(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} {FEE}")
    crew.reply("U_AGENT", asked)
    follow = crew.say("U_AGENT", "C_FLOOR", "那借期几天？", thread_ts=asked["ts"])
    answer = crew.reply("U_AGENT", follow | {"thread_ts": asked["ts"]})
    crew.say("U_AGENT2", "C_FLOOR", "<@U_AGENT> 以这条为准", thread_ts=asked["ts"])
    delete(crew, follow)
    marked = crew.seen(
        "U_AGENT2", "C_FLOOR", "提问者删除了上面的问题", after=asked["ts"], thread_ts=asked["ts"]
    )
    assert marked["ts"] == answer["ts"]
    assert "21" in text_of(marked)


def test_in_the_dm_the_answer_stays(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", FEE)
    crew.reply("U_AGENT", asked)
    follow = crew.say("U_AGENT", "dm", "那借期几天？", thread_ts=asked["ts"])
    answer = crew.reply("U_AGENT", follow | {"thread_ts": asked["ts"]})
    delete(crew, follow)
    settled(crew)
    assert answer["ts"] in [m["ts"] for m in thread(crew, asked)]


def test_a_message_is_asked_about_from_its_menu(crew: Crew) -> None:
    said = crew.say("U_AGENT2", "C_FLOOR", "读者的借书卡丢了，补办要多少钱？")
    crew.shortcut("U_AGENT", said, "ask_about_message")
    assert "工本费" in text_of(crew.reply("U_AGENT", said))
    # An answer of the bot is no question.
    answer = crew.reply("U_AGENT", said)
    crew.shortcut("U_AGENT", answer, "ask_about_message")
    crew.seen("U_AGENT", "C_FLOOR", "这条是我自己的回答", after=answer["ts"], thread_ts=said["ts"])


def test_where_the_bot_is_not_the_menu_answers_in_the_dm(desk: Desk) -> None:
    crew = desk.crew
    said = crew.say("U_AGENT", "C_FLOOR", FEE)
    crew.fault(kind="api_error", method="conversations.info", error="channel_not_found")
    crew.shortcut("U_AGENT", said, "ask_about_message")
    root = crew.seen("U_AGENT", "dm", "您从消息菜单里问的", after=said["ts"])
    assert "补办要多少钱" in text_of(root)
    assert "工本费" in text_of(crew.reply("U_AGENT", root))
    assert thread(crew, said) == []
    crew.fault(kind="clear")


SPOKEN: dict[str, Any] = {
    "type": "message",
    "user": "U_AGENT",
    "text": FEE,
    "ts": "1.1",
    "client_msg_id": "x",
}
NOBODY: dict[str, dict[str, Any]] = {
    "the bot itself": {"user": "U_BOT"},
    "another app": {"user": "U_OTHER", "bot_id": "B_OTHER"},
    "an app with a name of its own": {"subtype": "bot_message", "bot_id": "B_OTHER", "user": None},
    "an app whose profile alone is given": {"bot_profile": {"id": "B_OTHER"}},
    "an app on behalf of a person": {"app_id": "A_OTHER"},
    "a workflow": {"workflow_id": "Wf1"},
    "slackbot": {"user": "USLACKBOT"},
    "somebody who joined": {"subtype": "channel_join"},
    "a changed message": {"edited": {"user": "U_AGENT", "ts": "2.2"}},
    "nobody": {"user": ""},
}


def test_a_person_is_a_person() -> None:
    assert is_spoken_by_person(SPOKEN, "U_BOT")
    assert is_spoken_by_person(SPOKEN | {"subtype": "thread_broadcast"}, "U_BOT")


@pytest.mark.parametrize("who", NOBODY)
def test_nobody_but_people_is_answered(who: str) -> None:
    assert not is_spoken_by_person(SPOKEN | NOBODY[who], "U_BOT")


def test_an_app_that_calls_the_bot_gets_no_answer(desk: Desk, crew: Crew) -> None:
    """Two bots that answer each other never end: over the real socket, as a message and as a mention."""
    said = crew.say("U_AGENT", "C_FLOOR", "机器人值班表")
    event = {
        "type": "app_mention", "user": "U_OTHER", "bot_id": "B_OTHER", "text": f"{BOT} {FEE}", "ts": said["ts"],
        "channel": "C_FLOOR", "event_ts": said["ts"],
    }  # fmt: skip
    workspace = desk.workspace
    assert workspace._loop is not None
    for kind in ("app_mention", "message"):
        more = {"channel_type": "channel"} if kind == "message" else {}
        workspace._loop.call_soon_threadsafe(workspace._world.emit, event | more | {"type": kind})
    settled(crew)
    assert thread(crew, said) == []
