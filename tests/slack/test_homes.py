"""The App Home of each role, over the real workspace: what is listed, where the links and buttons lead."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from keeping_manuals import Admin
from running_bot import Desk

from bot.blocks import conflicts, home_lists
from bot.demo.crew import Crew, Json, text_of
from bot.listeners import home_pictures, homes
from bot.reporting import weekly
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
    masked = re.compile(r"[\w*]\*{2,}")  # a name or number with stars in place of what is hidden
    assert "**" not in masked.sub("", said)  # no view renders Markdown


def _picture(shown: Json | None) -> Json | None:
    blocks = shown["blocks"] if shown else ()
    return next((b for b in blocks if b.get("block_id") == home_lists.WEEK_PICTURE), None)


def _uploads(crew: Crew) -> int:
    return len(crew.calls("files.completeUploadExternal")["calls"])


def test_a_supervisor_finds_the_week_as_a_picture_uploaded_once(desk: Desk, crew: Crew) -> None:
    crew.reply("U_AGENT", crew.say("U_AGENT", "dm", "一次最多借几本？"))
    crew.open_app("U_SUPERVISOR2", "home")
    block = crew.wait(lambda: _picture(crew.home("U_SUPERVISOR2")), "the week's picture")
    assert "提问" in block["alt_text"]
    address = f"{crew._base}/files/{block['slack_file']['id']}?shown&user="
    with urllib.request.urlopen(f"{address}U_SUPERVISOR2", timeout=30) as answer:
        assert answer.read(8) == b"\x89PNG\r\n\x1a\n"
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{address}U_AGENT", timeout=30)

    def drawn_again() -> bool:
        """Until what else goes on here has come to rest (another supervisor's picture, figures that change)."""
        shown, before = _picture(crew.home("U_SUPERVISOR2")), _uploads(crew)
        homes.publish(desk.app.shared, desk.services.people.get("U_SUPERVISOR2"))
        return _picture(crew.home("U_SUPERVISOR2")) != shown or _uploads(crew) != before

    crew.wait(lambda: not drawn_again(), "a home with the same figures and the same picture")


def test_new_figures_do_not_bring_a_new_picture_within_minutes(desk: Desk, crew: Crew) -> None:
    shared, person = desk.app.shared, desk.services.people.get("U_SUPERVISOR2")
    now = desk.services.desk.board.now()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk.services.desk.board, "now", lambda: now)  # no ten minutes end in between
        crew.reply("U_AGENT", crew.say("U_AGENT", "dm", "一次最多借几本？"))
        crew.open_app("U_SUPERVISOR2", "home")
        crew.wait(lambda: _picture(crew.home("U_SUPERVISOR2")), "the week's picture")
        homes.publish(shared, person)
        before = crew.home("U_SUPERVISOR2")
        crew.reply("U_AGENT", crew.say("U_AGENT", "dm", "一次最多借几本？"))
        homes.refresh(shared, person)
        homes.refresh(shared, person)

        def counted() -> Json | None:
            after = crew.home("U_SUPERVISOR2")
            return after if text_of(after) != text_of(before) else None

        after = crew.wait(counted, "the question among the week's figures")
        assert _file(after) == _file(before)
        assert "每十分钟" in text_of(after)


def _file(shown: Json) -> str:
    block = _picture(shown)
    assert block is not None
    return str(block["slack_file"]["id"])


@pytest.mark.refusals
def test_where_the_picture_cannot_be_uploaded_or_shown_the_figures_stand(desk: Desk) -> None:
    crew, shared, words = desk.crew, desk.app.shared, desk.app.shared.words("U_LEADER")
    stretch = weekly.of_week(shared.services.desk.board.now().astimezone(shared.zone).date(), shared.zone)
    found = replace(weekly.collect(shared.services.desk, stretch, words), names={"a week": "of its own"})
    crew.fault(kind="api_error", error="internal_error", count=0, method="files.getUploadURLExternal")
    try:
        assert not home_pictures.draw(shared, found, stretch, words)
    finally:
        crew.fault(kind="clear")
    assert home_pictures.draw(shared, found, stretch, words)
    view = {"type": "home", "blocks": home_lists.week("周报", ["提问：4"], "F0GONE", words)}
    home_pictures.publish(shared, "U_LEADER", view)
    assert _picture(crew.home("U_LEADER")) is None
    assert "提问" in text_of(crew.home("U_LEADER") or {})


def test_an_admin_settles_a_conflict_from_home(keeping: Desk, tmp_path: Path) -> None:
    crew, library = keeping.crew, keeping.services.library
    rules = {"雨伞借用守则": "雨伞逾期不还的，每天收 1 元。", "雨具管理细则": "雨伞逾期不还的，每天收 5 元。"}
    for title, rule in rules.items():
        (tmp_path / f"{title}.md").write_text(f"# {title}\n\n1. {rule}\n", encoding="utf-8")
    staged = keeping.services.publisher.stage([tmp_path], "U_ADMIN")
    keeping.services.publisher.publish(staged.edition_ids, "U_ADMIN")
    [conflict] = [one for one in library.conflicts() if "雨" in one.a.manual and "雨" in one.b.manual]
    shown = home(crew, "U_ADMIN", "雨具管理细则")
    crew.click_view("U_ADMIN", shown, f"conflict_{conflict.id}", conflicts.SETTLE)
    form = crew.form("U_ADMIN", conflicts.FORM)
    assert "每天收1元" in text_of(form)
    assert "每天收5元" in text_of(form)
    assert not crew.submit("U_ADMIN", form, {})["sent"]  # Slack itself wants a choice
    second = conflicts.SECOND if "细则" in conflict.b.manual else conflicts.FIRST
    assert crew.submit("U_ADMIN", form, {conflicts.HOLDS: second})["closed"]
    [settled] = [one for one in library.conflicts("settled") if one.id == conflict.id]
    assert settled.settled_by == "U_ADMIN"
    assert settled.superseded is not None
    assert "每天收1元" in settled.superseded.text

    def gone() -> bool:
        blocks = (crew.home("U_ADMIN") or {}).get("blocks") or ()
        return all(block.get("block_id") != f"conflict_{conflict.id}" for block in blocks)

    crew.wait(gone, "a home without the conflict")


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
