"""Asking: in the DM, in the thread, by mention; sources, feedback, redelivery, Stop."""

from __future__ import annotations

from bot.demo.crew import Crew, buttons_of, text_of


def test_a_question_in_the_dm_gets_the_clause_with_its_source(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "借书卡丢了补办要多少钱？")
    answer = crew.reply("U_AGENT", asked)
    shown = text_of(answer)
    assert "补办收工本费" in shown
    assert "街角图书借阅室守则" in shown
    assert "第1版" in shown
    assert {"escalate", "log_ticket", "answer_feedback"} <= set(buttons_of(answer))
