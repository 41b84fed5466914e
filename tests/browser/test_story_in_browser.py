"""A newcomer at the page of `kefu demo`: the first answer, and the guided tour through all three roles."""

from __future__ import annotations

import pytest
from browsing import Open, needs_chromium

pytestmark = [needs_chromium, pytest.mark.timeout(560)]


def test_the_first_visit_leads_to_an_answer_with_one_click(visit: Open) -> None:
    with visit() as here:
        page = here.page
        page.wait_for_selector(".tries button")
        assert page.locator(".tries button").count() == 3
        assert page.locator(".welcome > p").first.inner_text().count("。") == 2, (
            "two sentences say what this is"
        )
        here.picture("1-welcome")
        page.locator(".tries button").first.click()
        page.wait_for_selector(".feedback")
        here.sees("35元")
        here.sees("出处（原文）")
        # Read from its beginning: the question stands on the screen above the answer, however long that is.
        top = page.locator("#messages .root .byline").first.bounding_box()
        frame = page.locator("#messages").bounding_box()
        assert frame["y"] <= top["y"] <= frame["y"] + 200
        here.picture("2-first-answer")
        assert all(url.startswith((here.url, "data:")) for url in here.requests), "the page asks nobody else"


@pytest.mark.slow
def test_the_tour_goes_from_the_question_to_the_new_edition(visit: Open) -> None:
    with visit() as here:
        page, go = here.page, "#tour .primary"

        def step(title: str) -> None:
            page.wait_for_selector(f"#tour h2 >> text={title}")
            here.picture(title)

        page.click("#open-tour")
        step("先当一回坐席")
        page.click(go)
        step("接着追问")
        page.click(go)
        step("问手册里没有的")
        page.click(go)
        step("上报给主管")
        page.click(go)
        page.wait_for_selector("#modal[open]")
        page.click("#modal button[type=submit]")
        assert page.wait_for_selector(".input.wrong .complaint").inner_text() == "请填写此项。"
        here.picture("what-is-missing")
        page.click(go)
        page.click("#modal button[type=submit]")
        step("换成主管，来批")
        assert page.locator("[data-user=U_SUPERVISOR] .unread").inner_text() == "1"
        page.click(go)  # becomes the supervisor
        page.wait_for_selector("[data-user=U_SUPERVISOR][aria-pressed=true]")
        page.wait_for_selector("#messages [data-action=review_approve]")
        here.picture("the-card")
        page.click(f"{go} >> text=批准")
        step("坐席收到结果")
        page.click(go)
        here.sees("T-")
        page.click(f"{go} >> text=下一步")
        step("管理员更新手册")
        page.click(go)
        page.click(f"{go} >> text=发来改版手册")
        step("核对后发布")
        page.click(go)
        page.click("#confirm .primary")
        step("就是这样")
        page.click(f"{go} >> text=完成")
        page.wait_for_selector("#tour", state="hidden")
