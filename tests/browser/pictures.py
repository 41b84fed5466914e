"""Makes the README's pictures: `python tests/browser/pictures.py [FOLDER]`; FOLDER is tests/browser/pictures by default.

The demo runs as anybody runs it, and a browser walks it; so what the README shows is what there is.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from browsing import PHONE, Silent, Visit, chromium, visiting
from PIL import Image

FOLDER = Path(__file__).with_name("pictures")
LARGEST = 150_000


def keep(visit: Visit, folder: Path, name: str) -> None:
    """One picture as WebP, coarser until it is small enough."""
    visit.page.wait_for_timeout(600)  # fades are over
    raw = visit.picture(name)
    for quality in (82, 70, 55, 40):
        Image.open(raw).save(folder / f"{name}.webp", quality=quality, method=6)
        if (folder / f"{name}.webp").stat().st_size <= LARGEST:
            return


def walk(here: Visit, take: Callable[[str], None]) -> None:
    """From the first screen to the publication."""
    page = here.page
    page.wait_for_selector(".chip")
    take("welcome")
    page.locator(".tries button").first.click()
    page.wait_for_selector(".feedback")
    page.mouse.move(5, 700)
    take("answer")
    here.ask("员工结婚有几天婚假？")
    page.locator("#messages [data-action=escalate]").nth(1).wait_for()
    here.press("escalate")
    page.wait_for_selector("#modal[open]")
    page.fill("#modal [data-block=tried] .control", "问了同组两位同事，都说不清楚")
    page.fill(
        "#modal [data-block=handling_suggestion] .control", "建议请主管向人事确认婚假天数，并补进员工手册"
    )
    take("escalation")
    page.click("#modal button[type=submit]")
    here.sees("等待班长审批")
    here.be("U_SUPERVISOR", "C_REVIEW")
    page.wait_for_selector("#messages [data-action=review_approve]")
    take("review")
    here.be("U_ADMIN", "D_U_ADMIN")
    changed = Path(__file__).parents[2] / "bot/demo/updates/06-线上旗舰店客服组管理细则.md"
    page.set_input_files("#composer input[type=file]", changed)
    page.click("#composer .send")
    page.wait_for_selector("#messages [data-action=manuals_publish]")
    take("comparison")


def main(folder: Path) -> None:
    """All pictures into `folder`."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from bot.demo import runner

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        (place / "demo").mkdir()
        with runner.running(place / "demo", 0, Silent()) as demo, chromium(place) as browser:
            address = demo.workspace.url
            with visiting(browser, address, place / "raw") as here:
                walk(here, lambda name: keep(here, folder, name))
            with visiting(
                browser, address, place / "raw", viewport=PHONE, is_mobile=True, has_touch=True
            ) as small:
                small.page.wait_for_selector(".feedback")
                keep(small, folder, "phone")
            with visiting(browser, address, place / "raw", locale="en-US", color_scheme="dark") as dark:
                dark.page.wait_for_selector(".feedback")
                dark.page.click("#open-inspector")
                dark.page.wait_for_selector(".call")
                keep(dark, folder, "inspector")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
