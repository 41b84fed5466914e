"""Procedures on the page of the local workspace, in a real browser: every input is drawn, choices ask for more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from procedure_walks import Walk, walking
from running_bot import Desk

from tickets.procedure_files import built_in
from tickets.procedure_records import RecordState

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with walking(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield running
        running.close()


def open_as(browser: Any, desk: Desk, user: str) -> tuple[Any, list[str]]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.set_default_timeout(40_000)
    page.goto(f"{desk.workspace.url}#{user}/C_FLOOR")
    page.wait_for_selector("#composer-text")
    return page, complaints


def test_every_form_is_drawn_without_a_gap(browser: Any, desk: Desk) -> None:
    page, complaints = open_as(browser, desk, "U_LEADER")
    for one in built_in():
        if one.procedure is None or one.procedure.machine:
            continue
        form = Walk(desk, desk.crew, "U_LEADER").open(one.key) if "leader" in one.procedure.filed_by else None
        if form is None:
            continue
        page.wait_for_selector(f"#modal h2:has-text('{form['title']['text']}')")
        inputs = [b for b in form["blocks"] if b["type"] == "input"]
        drawn = "wanted => document.querySelectorAll('#modal .input').length === wanted"
        page.wait_for_function(drawn, arg=len(inputs))  # what says that it is being opened has the same title
        assert page.locator("#modal .unknown").count() == 0, one.key
        page.click("#modal header button")
        page.wait_for_selector("#modal:not([open])", state="attached")
    page.close()
    assert complaints == []


def test_a_choice_asks_for_more_and_what_was_typed_stays(browser: Any, desk: Desk) -> None:
    page, complaints = open_as(browser, desk, "U_AGENT")
    walk = Walk(desk, desk.crew)
    walk.open("回访")
    page.fill("[data-block=ticket] input", "T-20261130-0007")
    page.check("[data-block=convenient] input[value=yes]")
    page.wait_for_selector("[data-block=score] input")
    assert page.input_value("[data-block=ticket] input") == "T-20261130-0007"
    assert page.is_checked("[data-block=convenient] input[value=yes]")
    page.check("[data-block=solved] input[value=yes]")
    page.check("[data-block=attitude] input[value=satisfied]")
    page.check("[data-block=charged] input[value=no]")
    page.fill("[data-block=score] input", "11")
    page.click("#modal button[type=submit]")
    page.wait_for_selector("[data-block=score].wrong .complaint")
    page.fill("[data-block=score] input", "9")
    page.click("#modal button[type=submit]")
    page.wait_for_selector("#modal:not([open])", state="attached")
    record = desk.services.desk.procedures.list(limit=1)[0]
    assert (record.state, record.fields["score"]) == (RecordState.DONE, "9")
    assert record.fields["ticket"] == "T-20261130-0007"
    page.close()
    assert complaints == []


def test_days_people_and_signing_by_hand(browser: Any, desk: Desk) -> None:
    page, complaints = open_as(browser, desk, "U_AGENT")
    walk = Walk(desk, desk.crew)
    walk.open("离岗 去银行")
    page.check("[data-block=kind] input[value=short]")
    page.fill("[data-block=minutes] input", "20")
    page.select_option("[data-block=relief] select", "U_AGENT2")
    page.click("#modal button[type=submit]")
    page.wait_for_selector("#modal:not([open])", state="attached")
    walk.number = desk.services.desk.procedures.list(limit=1)[0].number
    walk.card("U_AGENT2", "record_take")
    other, more = open_as(browser, desk, "U_AGENT2")
    other.goto(f"{desk.workspace.url}#U_AGENT2/D_U_AGENT2")
    other.reload()
    other.click("[data-action=record_take] >> nth=-1")
    walk.card("U_LEADER", "record_take")
    other.wait_for_selector("[data-action=record_take]", state="detached")
    other.close()
    page.close()
    assert complaints == more == []
