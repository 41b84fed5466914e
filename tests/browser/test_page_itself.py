"""The page without a bot: everything is drawn, readable, usable by keyboard, in two languages, and asks nobody else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from block_kinds import ELEMENTS, SURFACES, samples_of_ours
from browsing import PHONE, Visit, needs_chromium, visiting

from bot.blocks.wording import words
from bot.workspace import Workspace

pytestmark = [needs_chromium, pytest.mark.timeout(560)]
PAGE = Path("bot/workspace/page")
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    with Workspace() as running:
        yield running


@pytest.fixture
def here(browser: Any, workspace: Workspace, tmp_path: Path) -> Iterator[Visit]:
    with visiting(browser, workspace.url, tmp_path) as opened:
        yield opened


def drawn(page: Any, blocks: list[dict[str, Any]]) -> list[str]:
    """What the page cannot draw of these blocks."""
    script = """async (blocks) => {
      const { drawBlocks } = await import("/page/blocks.js");
      const surface = { key: "k", user: "U_AGENT", initial: () => undefined, register: () => {}, act: () => {}, changed: () => {} };
      const home = document.createElement("div");
      home.append(...drawBlocks(blocks, surface));
      return [...home.querySelectorAll(".unknown")].map((node) => node.textContent);
    }"""
    found: list[str] = page.evaluate(script, blocks)
    return found


def test_whatever_the_bot_sends_is_drawn(here: Visit) -> None:
    bad = {}
    for name, blocks in samples_of_ours(words("zh")):
        if unknown := drawn(here.page, blocks):
            bad[name] = unknown
    assert bad == {}
    assert drawn(here.page, [*SURFACES.values()]) == []
    inputs = [
        {"type": "actions", "block_id": f"b{n}", "elements": [e]} for n, e in enumerate(ELEMENTS.values())
    ]
    assert drawn(here.page, inputs) == []


def test_every_type_that_the_code_names_has_a_sample() -> None:
    named = set()
    for file in [*Path("bot/blocks").glob("*.py"), *Path("bot/listeners").glob("*.py")]:
        named |= set(re.findall(r'"type": "([a-z_]+)"', file.read_text(encoding="utf-8")))
    known = set(re.findall(r'"type": "([a-z_]+)"', json.dumps([SURFACES, ELEMENTS])))
    assert named - known - {"modal", "home", "message_action"} == set()  # these are no blocks


def test_what_nobody_knows_is_a_red_box(here: Visit) -> None:
    assert len(drawn(here.page, [{"type": "hologram", "block_id": "a"}])) == 1
    strange = {"type": "actions", "block_id": "a", "elements": [{"type": "lever", "action_id": "x"}]}
    assert "lever" in drawn(here.page, [strange])[0]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(
    browser: Any, workspace: Workspace, tmp_path: Path, scheme: str
) -> None:
    from slack_sdk import WebClient

    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    client.chat_postMessage(channel="D_U_AGENT", text="样例", blocks=[*SURFACES.values()][:11])
    client.chat_postEphemeral(channel="D_U_AGENT", user="U_AGENT", text="只给你看")
    with visiting(browser, workspace.url, tmp_path, color_scheme=scheme) as here:
        here.sees("只给你看")
        assert here.page.evaluate(CONTRAST) == []
        here.page.click("#open-inspector")
        here.page.wait_for_selector(".call")
        here.page.click("#inspector-tabs [data-tab=faults]")
        here.page.wait_for_selector(".fault")
        assert here.page.evaluate(CONTRAST) == []
        here.page.keyboard.press("Escape")
        here.page.click("#open-keys")
        assert here.page.evaluate(CONTRAST) == []


def test_both_languages_have_every_word(browser: Any, workspace: Workspace, tmp_path: Path) -> None:
    keys = {}
    for name in ("zh", "en"):
        text = (PAGE / f"words.{name}.js").read_text(encoding="utf-8")
        keys[name] = dict(re.findall(r'^  ("[^"]+"): (".*"),$', text, re.MULTILINE))
    assert keys["zh"].keys() == keys["en"].keys()
    code = "".join(
        file.read_text(encoding="utf-8") for file in PAGE.glob("*.*s") if not file.name.startswith("words.")
    )
    code += (PAGE / "index.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'\bt\("([a-z._]+)"', code)) | set(
        re.findall(r'data-t(?:-label)?="([a-z.]+)"', code)
    )
    assert asked - {json.loads(key) for key in keys["zh"]} == set()
    with visiting(browser, workspace.url, tmp_path, locale="en-US") as here:
        assert here.page.locator("#people-title").inner_text() == "I am now"
        here.page.click("#switch-language")
        here.page.wait_for_selector("#people-title >> text=我现在是")


def test_files_are_small_and_nothing_comes_from_elsewhere() -> None:
    for file in PAGE.glob("*.js"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 250, file.name
    for file in PAGE.glob("*.*"):
        if file.suffix in (".js", ".css", ".html"):
            found = re.findall(
                r"""(?:src|href|url|import|from)\s*[=(]?\s*["'](?:https?:)?//[^"']+""",
                file.read_text(encoding="utf-8"),
            )
            assert found == [], file.name


def test_by_keyboard_alone(here: Visit) -> None:
    page = here.page
    page.keyboard.press("Escape")
    page.wait_for_selector("#composer-text:focus")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector("#confirm[open] kbd")
    page.keyboard.press("Escape")
    page.wait_for_selector("#confirm:not([open])", state="attached")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.id") == "composer-text"
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    page.keyboard.press("Enter")
    here.sees("第一行\n第二行")
    page.keyboard.press("Alt+4")
    page.wait_for_selector("[data-user=U_SUPERVISOR][aria-pressed=true]")
    page.focus("[data-user=U_SUPERVISOR]")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.user") == "U_SUPERVISOR2"
    page.keyboard.press("Alt+1")
    page.wait_for_selector("[data-user=U_AGENT][aria-pressed=true]")
    here.sees("第二行")
    page.locator("#messages .message").last.focus()
    page.keyboard.press("m")
    page.wait_for_selector(".menu[open] [role=menuitem]:focus")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") != first
    page.keyboard.press("Escape")
    page.wait_for_selector(".menu[open]", state="detached")
    page.locator("#messages .message").last.focus()
    page.keyboard.press("t")
    page.wait_for_selector("#thread:not([hidden])")
    page.keyboard.press("Escape")
    page.wait_for_selector("#thread", state="hidden")


def test_a_mark_says_who_has_something_waiting(here: Visit, workspace: Workspace) -> None:
    from slack_sdk import WebClient

    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    client.chat_postMessage(channel="C_REVIEW", text="等你审批")
    here.page.wait_for_selector("[data-user=U_SUPERVISOR] .unread >> text=1")
    assert here.page.locator("[data-user=U_AGENT2] .unread").count() == 0
    here.be("U_SUPERVISOR", "C_REVIEW")
    here.sees("等你审批")
    here.be("U_ADMIN")
    here.page.wait_for_selector("[data-user=U_SUPERVISOR2] .unread")
    here.page.wait_for_selector("[data-user=U_SUPERVISOR]:not(:has(.unread))")


@pytest.mark.slow
def test_every_fault_has_its_switch(here: Visit) -> None:
    page = here.page
    listed = page.evaluate("fetch('/control/faults').then((answer) => answer.json())")["switches"]
    page.click("#open-inspector")
    page.click("#inspector-tabs [data-tab=faults]")
    page.wait_for_selector(".fault")
    assert {one["kind"] for one in listed} == set(
        page.locator("[data-fault]").evaluate_all("all => all.map((one) => one.dataset.fault)")
    )
    page.click("[data-fault=duplicate]")
    page.wait_for_selector(".json >> text=duplicate")
    page.click("[data-fault=clear]")
    page.wait_for_selector(".json >> text=duplicate", state="detached")


@pytest.mark.slow
def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Any, workspace: Workspace, tmp_path: Path
) -> None:
    with visiting(browser, workspace.url, tmp_path, viewport=PHONE, has_touch=True, is_mobile=True) as here:
        for step in (
            "#open-sidebar",
            "#sidebar [data-channel=C_FLOOR]",
            "#open-inspector",
            "#close-inspector",
        ):
            here.page.click(step)
            assert here.page.evaluate("document.documentElement.scrollWidth") <= 390, step
