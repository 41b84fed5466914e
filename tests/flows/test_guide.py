"""The guide that the demo's page offers: complete in both languages, of people and buttons that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.demo.guide import guide
from bot.demo.runner import FOLDER
from bot.workspace.people import PEOPLE

PAGE = Path("bot/workspace/page")


def texts(node: Any) -> list[dict[str, str]]:
    """Everything that is written in two languages."""
    if isinstance(node, list):
        return [found for one in node for found in texts(one)]
    if not isinstance(node, dict):
        return []
    if "zh" in node or "en" in node:
        return [node]
    return [found for one in node.values() for found in texts(one)]


def test_every_text_is_there_in_both_languages() -> None:
    found = texts(guide(FOLDER))
    assert len(found) > 20
    assert all(one.get("zh") and one.get("en") for one in found)


def test_every_step_is_something_that_the_page_can_do_and_notice() -> None:
    code = (PAGE / "tour.js").read_text(encoding="utf-8")
    does = set(re.findall(r"wish\.([a-z]+)\)", code))
    notices = set(
        re.findall(r"^  ([a-z]+)(?::|\()", code.split("const REACHED = {")[1].split("\n};")[0], re.MULTILINE)
    )
    people = {person.id for person in PEOPLE}
    for step in guide(FOLDER)["tour"]:
        assert step["user"] in people
        assert set(step.get("do", {})) <= does, step
        assert set(step.get("until", {})) <= notices, step
        assert "label" in step or "do" not in step


def test_the_first_screen_says_it_in_two_sentences_and_offers_three_things() -> None:
    offered = guide(FOLDER)
    assert offered["text"]["zh"].count("。") == 2
    assert len(offered["tries"]) == 3


def test_files_of_the_tour_come_with_their_text() -> None:
    files = [step["do"]["file"] for step in guide(FOLDER)["tour"] if "file" in step.get("do", {})]
    assert files
    assert all(
        (FOLDER / "updates" / one["name"]).read_text(encoding="utf-8") == one["content"] for one in files
    )
