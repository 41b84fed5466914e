"""The page in a real browser: a person asks, presses, fills in, and nothing typed becomes markup."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workspace_bot import FORM, plain
from workspace_stage import Stage

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=str(CHROMIUM), args=flags, timeout=120_000)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any, stage: Stage) -> Iterator[Any]:
    """A fresh page of the agent's; it must report no error."""
    opened = browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    opened.set_default_timeout(60_000)
    opened.goto(stage.workspace.url)
    opened.wait_for_selector(".chip")
    yield opened
    opened.close()
    assert complaints == []


def test_an_agent_asks_and_sees_the_answer_grow(page: Any, stage: Stage) -> None:
    stage.bot.release.clear()
    page.fill("#composer-text", "流式")
    page.press("#composer-text", "Enter")
    page.wait_for_selector(".cursor")
    assert page.locator(".markdown strong", has_text="第一段").count() == 1
    stage.bot.release.set()
    page.wait_for_selector("[data-action=feedback]")
    page.click("[data-action=feedback][data-value=good]")
    page.wait_for_selector(".ephemeral >> text=谢谢：good")


def test_a_state_read_before_a_change_does_not_undo_the_change(page: Any, stage: Stage) -> None:
    stage.people.say("早就在的")
    page.wait_for_selector(".message >> text=早就在的")
    late: list[tuple[Any, Any]] = []
    page.route("**/control/messages?*", lambda route: late.append((route, route.fetch())))
    with page.expect_response("**/control/live?*"):
        page.reload()
    while len(late) < 2:  # one for the place, one when the live connection stands
        page.wait_for_timeout(50)
    stage.people.say("比状态晚来的")
    page.wait_for_selector(".message >> text=比状态晚来的")
    with page.expect_response("**/control/messages?*"), page.expect_response("**/control/messages?*"):
        for route, response in late:
            route.fulfill(response=response)
    page.wait_for_selector(".message >> text=早就在的")  # the state is on the screen
    page.unroute_all(behavior="ignoreErrors")
    assert page.locator(".message", has_text="比状态晚来的").count() >= 1


def test_an_answer_that_comes_late_undoes_nothing(page: Any, stage: Stage) -> None:
    """Of two answers to the same question the newer counts, whichever comes first."""
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.fill("#composer-text", "按钮")
    page.press("#composer-text", "Enter")
    button = page.locator("[data-action=open_form]").last
    button.wait_for()
    button.click()
    page.wait_for_selector("#modal[open]")
    page.route("**/control/views?*", hold_the_first)
    stage.client.views_update(view_id=stage.people.modal()["id"], view=FORM | {"title": plain("新的题目")})
    while not held:  # what the page asks then is answered late, with the form in it
        page.wait_for_timeout(50)
    page.keyboard.press("Escape")
    page.wait_for_selector("#modal:not([open])", state="attached")
    with page.expect_response("**/control/views?*"):
        held[0][0].fulfill(response=held[0][1])
    page.wait_for_timeout(300)  # if it opened again, it would do so at once
    assert page.locator("#modal[open]").count() == 0
    page.unroute_all(behavior="ignoreErrors")


def test_whoever_is_chosen_last_it_is(page: Any, stage: Stage) -> None:
    """The places of the one who was chosen first come last."""
    held: list[Any] = []
    page.route("**/control/channels?user=U_LEADER", lambda route: held.append((route, route.fetch())))
    page.click("[data-user=U_LEADER]")
    while not held:
        page.wait_for_timeout(50)
    page.click("[data-user=U_SUPERVISOR]")
    page.wait_for_selector("[data-user=U_SUPERVISOR][aria-pressed=true]")
    with page.expect_response("**/control/channels?user=U_LEADER"):
        held[0][0].fulfill(response=held[0][1])
    page.click("[data-channel=C_REVIEW]")
    page.wait_for_selector("[data-channel=C_REVIEW][aria-current=page]")
    assert page.locator("[data-user=U_SUPERVISOR][aria-pressed=true]").count() == 1
    page.unroute_all(behavior="ignoreErrors")


def test_a_form_shows_what_is_wrong_and_closes(page: Any, stage: Stage) -> None:
    page.fill("#composer-text", "按钮")
    page.press("#composer-text", "Enter")
    page.click("[data-action=open_form] >> nth=-1")
    page.wait_for_selector("#modal[open]")
    page.click("#modal button[type=submit]")
    assert page.wait_for_selector(".input.wrong .complaint").inner_text() == "请填写此项。"
    page.fill("#modal [data-action=text]", "不行")
    page.press("#modal [data-action=text]", "Enter")
    page.wait_for_selector("text=再写清楚些")
    page.fill("#modal [data-action=text]", "客户来电")
    page.press("#modal [data-action=text]", "Enter")
    page.wait_for_selector("#modal:not([open])", state="attached")
    page.wait_for_selector("text=已登记：客户来电")


def test_markup_stays_text(page: Any, stage: Stage) -> None:
    nasty = "<img src=x onerror=alert(1)> <script>alert(2)</script> **<b>x</b>** [y](javascript:alert(3))"
    stage.client.chat_postMessage(channel="D_U_AGENT", markdown_text=nasty)
    stage.client.chat_postMessage(channel="D_U_AGENT", text=f"旧式 {nasty} <javascript:alert(4)|z>")
    page.wait_for_selector("text=旧式")
    assert page.locator(".message-body img, .message-body script, .message-body b").count() == 0
    assert page.locator(".message-body a[href^=javascript]").count() == 0
    assert page.locator(".bad-link").count() >= 1


def test_another_person_sees_another_workspace(page: Any, stage: Stage) -> None:
    assert page.locator("[data-channel=C_REVIEW]").count() == 0
    page.click("[data-user=U_SUPERVISOR]")
    page.click("[data-channel=C_REVIEW]")
    stage.client.chat_postMessage(channel="C_REVIEW", text="等你审批")
    page.wait_for_selector("text=等你审批")
    stage.client.chat_postMessage(channel="D_U_SUPERVISOR", text="私信")
    page.wait_for_selector("[data-channel=D_U_SUPERVISOR] .unread")


def test_it_fits_a_phone(page: Any, stage: Stage) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.click("#open-sidebar")
    page.click("[data-channel=C_FLOOR]")
    page.wait_for_selector("#title >> text=现场")
