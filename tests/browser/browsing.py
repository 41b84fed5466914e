"""What the browser tests share: Debian's Chromium with Chinese letters, a page per person, pictures of what is seen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import noto_cjk_sans_otc
import pytest

CHROMIUM = next(
    (p for p in (Path("/usr/bin/chromium"), Path("/usr/bin/chromium-browser")) if p.exists()), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
PATIENCE = 90_000
"""Milliseconds for what should appear: the machine may have much else to do."""
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>
"""


@contextmanager
def chromium(folder: Path) -> Iterator[Any]:
    """A running browser. `folder`: where it may keep its list of fonts (the bundled Chinese one, and the machine's)."""
    from playwright.sync_api import sync_playwright

    fonts = folder / "fonts.conf"
    fonts.write_text(_FONTS.format(folder=Path(noto_cjk_sans_otc.__file__).parent), encoding="utf-8")
    with sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=str(CHROMIUM),
            args=_FLAGS,
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
            timeout=PATIENCE,
        )
        yield running
        running.close()


@dataclass
class Visit:
    """One browser window at the workspace, and what it complained about."""

    page: Any
    url: str
    pictures: Path
    complaints: list[str]
    requests: list[str]

    def be(self, user: str, channel: str = "") -> None:
        """Switch persona (as a person does: in the sidebar), and go to a channel."""
        for place in (f"[data-user={user}]", f"#sidebar [data-channel={channel}]" if channel else ""):
            if not place:
                continue
            if self.page.locator("#open-sidebar").is_visible():
                self.page.click("#open-sidebar")
            self.page.click(place)
            self.page.wait_for_selector(
                f"{place}:is([aria-pressed=true], [aria-current=page])", state="attached"
            )
        self.arrived()

    def arrived(self) -> None:
        """Wait until the place is on the screen: its messages, or that there are none."""
        self.page.wait_for_selector("#messages > *", state="attached")

    def ask(self, text: str, box: str = "#composer-text") -> None:
        """Type and press Enter."""
        self.page.fill(box, text)
        self.page.press(box, "Enter")

    def press(self, action: str) -> None:
        """Press the newest button with this action_id among the messages."""
        self.page.locator(f"#messages [data-action={action}]").last.click()

    def sees(self, text: str, where: str = "#messages") -> Any:
        """The newest place where the text stands, once it is visible."""
        found = self.page.locator(where).get_by_text(text).last
        found.wait_for()
        return found

    def picture(self, name: str) -> Path:
        """Keep what is on the screen."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{name}.png"
        self.page.screenshot(path=path)
        return path


@contextmanager
def visiting(browser: Any, url: str, pictures: Path, **context: Any) -> Iterator[Visit]:
    """A window of somebody who has never been here; nothing may have gone wrong in it by the end."""
    opened = browser.new_context(
        **{"viewport": WIDE, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"} | context
    )
    opened.set_default_timeout(PATIENCE)
    page = opened.new_page()
    visit = Visit(page, url, pictures, [], [])
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: visit.requests.append(request.url))
    page.goto(url)
    page.wait_for_selector("#composer-text", state="attached")
    try:
        visit.arrived()
        yield visit
    finally:
        opened.close()
    assert visit.complaints == [], visit.complaints


def pictures_of(name: str, fallback: Path) -> Path:
    """Where screenshots go: below KEFU_SCREENSHOTS when that is set."""
    chosen = os.environ.get("KEFU_SCREENSHOTS")
    return Path(chosen) / name if chosen else fallback / name


Open = Callable[..., AbstractContextManager[Visit]]
"""Opens a window of somebody new at the demo's page; takes what a browser context takes."""


class Silent:
    """A start of the demo that nobody watches."""

    def step(self, key: str) -> None:
        """Something begins."""

    def embedded(self, done: int, total: int) -> None:
        """So many clauses are embedded."""
