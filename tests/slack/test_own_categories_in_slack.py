"""An organisation's own categories of escalations, from its own procedure file, in the form and on the cards in Slack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running_bot import Desk, running

from bot.blocks import escalations
from bot.demo.crew import text_of
from tickets import procedure_files

BUILT_IN = Path(procedure_files.__file__).parent / "procedures" / "escalation.toml"
OWN = """    { value = "damp", label = { zh = "图书受潮", en = "Damp books" }, names = ["受潮", "泡水"] },
    { value = "noise", label = { zh = "馆内噪音", en = "Noise" }, names = ["吵闹"] },
"""
FILLED = {
    "what_happened": "书架漏雨，图书受潮",
    "handling_suggestion": "建议先移走图书",
    "next_role": "leader",
    "grounds": "none",
    "skip_reason": "",
    "accused": [],
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home, manuals = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")
    text = BUILT_IN.read_text(encoding="utf-8").replace("设备报修", "设施报障")
    text = text.replace('    { value = "other"', f'{OWN}    {{ value = "other"')
    (home / "procedures").mkdir()
    (home / "procedures" / "escalation.toml").write_text(text, encoding="utf-8")
    with running(home, manuals, review_channel=None) as bot:
        yield bot


def form(desk: Desk, text: str) -> dict[str, Any]:
    crew = desk.crew
    sent = crew.say("U_AGENT", "D_U_AGENT", text)
    crew.reply("U_AGENT", sent)
    message = next(m for m in crew.messages("U_AGENT", "dm") if m["ts"] == sent["ts"])
    crew.shortcut("U_AGENT", {**message, "channel": sent["channel"]}, "escalate_message")
    return crew.form("U_AGENT", escalations.FORM)


def offered(view: dict[str, Any]) -> tuple[str, list[str]]:
    """The category that is chosen, and all that can be."""
    block = next(one for one in view["blocks"] if one["block_id"] == escalations.CATEGORY)
    element = block["element"]
    options = [one["text"]["text"] for one in element["options"]]
    return element["initial_option"]["text"]["text"], options


def test_the_form_offers_them_and_the_one_that_fits_is_chosen(desk: Desk) -> None:
    chosen, options = offered(form(desk, "三排书架漏雨，二十本书泡水了，读者要求赔押金，我解决不了"))
    assert chosen == "图书受潮"
    assert {"图书受潮", "馆内噪音", "设施报障"} <= set(options)
    assert "设备报修" not in options


def test_who_decides_reads_the_one_that_was_chosen(desk: Desk) -> None:
    crew = desk.crew
    view = form(desk, "三排书架漏雨，二十本书泡水了，读者要求赔押金，我解决不了")
    assert crew.submit("U_AGENT", view, FILLED | {escalations.CATEGORY: "馆内噪音"})["closed"]

    def card() -> dict[str, Any] | None:
        found = crew.messages("U_LEADER", "dm")[::-1]
        return next((one for one in found if "馆内噪音" in str(one.get("blocks")) + text_of(one)), None)

    assert crew.wait(card, "the leader's card with the category")
    assert "馆内噪音" in {one.content.category for one in desk.services.desk.escalations()}
