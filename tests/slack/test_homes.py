"""The App Home of each role, over the real workspace: what is listed, where the links and buttons lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from keeping_manuals import Admin
from running_bot import Desk

from bot.blocks import home_lists
from bot.demo.crew import Crew, Json, text_of
from bot.listeners import homes
from tickets.records import AnswerRecord


def home(crew: Crew, user: str, fragment: str) -> Json:
    """The home of a person once it says something."""
    crew.open_app(user, "home")

    def look() -> Json | None:
        shown = crew.home(user)
        return shown if shown and fragment in text_of(shown) else None

    found: Json = crew.wait(look, f"“{fragment}” in the home of {user}")
    return found


def links(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "link":
            yield str(node["url"])
        for child in node.values():
            yield from links(child)
    elif isinstance(node, list):
        for child in node:
            yield from links(child)


def test_an_agent_finds_their_answers_and_who_they_are_to_the_bot(desk: Desk, crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "逾期归还每本每天收多少滞还费？")
    crew.reply("U_AGENT", asked)
    shown = home(crew, "U_AGENT", "逾期归还每本每天收多少滞还费")
    assert "最近的回答" in text_of(shown)
    assert "我的单位与工号" in text_of(shown)
    assert f"{desk.workspace.url}archives/{asked['channel']}/p{asked['ts'].replace('.', '')}" in list(
        links(shown)
    )
    assert len(shown["blocks"]) <= 100


def test_a_supervisor_finds_the_week_in_figures(crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", "借期几天？")
    crew.reply("U_AGENT", asked)
    shown = home(crew, "U_SUPERVISOR", "等我审批")
    said = text_of(shown)
    assert "周报" in said
    assert "提问" in said
    assert "最近的工单" in said
    assert "**" not in said.replace("****", "")  # no view renders Markdown; four hide a number


def test_an_admin_finds_what_waits_and_what_is_wrong(keeping: Desk, admin: Admin, tmp_path: Path) -> None:
    crew = keeping.crew
    file = tmp_path / "雨具借用.md"
    file.write_text("# 雨具借用须知\n\n1. 雨伞每次借 2 天，逾期每天收 1 元。\n", encoding="utf-8")
    waiting = keeping.services.publisher.stage([file], "U_ADMIN")
    calendar = keeping.services.settings.calendar_file
    calendar.write_text("[[appointments]]\nkey = 3\n", encoding="utf-8")
    try:
        shown = home(crew, "U_ADMIN", "雨具借用须知")
        assert "待发布的版本" in text_of(shown)
        assert "calendar.toml" in text_of(shown)
        block = next(b for b in shown["blocks"] if b.get("block_id") == "home_staged")
        crew.click_view("U_ADMIN", shown, block["block_id"], home_lists.STAGED)
        card = crew.seen("U_ADMIN", "dm", "雨具借用须知")
        assert "manuals_publish" in str(card["blocks"])
    finally:
        calendar.unlink()
        keeping.services.publisher.discard(waiting.edition_ids)


@pytest.mark.parametrize("user", ["U_AGENT", "U_LEADER", "U_SUPERVISOR", "U_ADMIN"])
def test_a_home_reads_no_more_rows_however_much_there_is(desk: Desk, user: str) -> None:
    """Every list of a home is limited: a hundred answers more give a home of the same size."""
    person = desk.services.people.get(user)
    before = len(homes.home(desk.app.shared, person)["blocks"])
    for number in range(60):
        desk.services.desk.record_answer(user, AnswerRecord(f"第{number}个问题？", "answered"))
    shown = homes.home(desk.app.shared, person)
    assert len(shown["blocks"]) <= max(before + 2, 100)
    assert text_of(shown).count("个问题？") <= home_lists.MAX_ANSWERS
