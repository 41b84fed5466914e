"""Each role's part of the story in a real browser: second agent, supervisors, admin; on a phone; by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import PHONE, Open, Visit, needs_chromium

from bot.demo.runner import FOLDER, Demo

pytestmark = [needs_chromium, pytest.mark.slow, pytest.mark.timeout(600)]
ABSENT = "员工结婚有几天婚假？"


def fill(here: Visit, values: dict[str, str]) -> None:
    """Type into the open form and submit it; it closes."""
    here.page.wait_for_selector("#modal[open]")
    for block, text in values.items():
        control = here.page.locator(f"#modal [data-block={block}] .control")
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(text)
        else:
            control.fill(text)
    here.page.click("#modal button[type=submit]")
    here.page.wait_for_selector("#modal:not([open])", state="attached")


@contextmanager
def one_more(here: Visit, what: str) -> Iterator[Any]:
    """What is done inside brings one more of these among the messages, beside those of earlier tests."""
    found = here.page.locator("#messages").locator(what)
    before = found.count()
    yield found
    found.nth(before).wait_for()


def filed_by(here: Visit, submit: Callable[[], None]) -> str:
    """The number of the escalation that is filed by what `submit` does."""
    with one_more(here, "text=等待班长审批") as filed:
        submit()
    told = filed.last.inner_text()
    return next(word for word in told.replace("，", " ").split() if word.startswith("E-"))


def escalate(here: Visit, what: str) -> str:
    """As the agent: ask what no manual says and escalate it; its number."""
    here.be("U_AGENT", "D_U_AGENT")
    with one_more(here, "[data-action=escalate]"):
        here.ask(ABSENT)
    here.press("escalate")
    told = {"what_happened": what, "tried": "问过同事", "handling_suggestion": "建议请主管向人事确认"}
    return filed_by(here, lambda: fill(here, told))


def card(here: Visit, number: str) -> str:
    """The selector of the card of an escalation in the reviewers' channel."""
    chosen = f"#messages article:has-text('上报草稿 {number}')"
    here.page.wait_for_selector(chosen)
    return chosen


def test_an_agent_asks_in_the_channel_and_goes_on_in_the_thread(visit: Open) -> None:
    with visit() as here:
        page = here.page
        here.be("U_AGENT", "C_FLOOR")
        page.fill("#composer-text", "")
        page.type("#composer-text", "@客")
        page.wait_for_selector(".suggestions [role=option] >> text=@客服台")
        page.press("#composer-text", "Tab")
        page.type("#composer-text", "保修期外上门检测费收多少钱？")
        here.picture("mention")
        page.press("#composer-text", "Enter")
        page.click("#messages .replies")
        here.sees("35元", "#thread")
        here.ask("那晚上八点以后上门呢？", "#thread-text")
        page.locator("#thread .feedback-pair").nth(1).wait_for()
        here.picture("thread")


def test_the_second_agent_accepts_a_hand_over_in_english(visit: Open) -> None:
    with visit() as here:
        page = here.page
        with one_more(here, "[data-action=log_ticket]"):
            here.ask("保修期外上门检测费收多少钱？")
        here.press("log_ticket")
        fill(here, {"title": "顾客要书面报价"})
        page.wait_for_selector("#messages [data-action=ticket_offer]")
        here.picture("1-ticket")
        here.press("ticket_offer")
        fill(here, {"offered_to": "U_AGENT2", "note": "周四前请回信"})
        page.wait_for_selector("[data-user=U_AGENT2] .unread")
        here.be("U_AGENT2", "D_U_AGENT2")
        here.sees("周四前请回信")
        here.picture("2-offered")
        here.press("ticket_accept")
        page.wait_for_selector("#messages [data-action=ticket_accept]", state="detached")
        here.be("U_AGENT", "D_U_AGENT")
        here.sees("接手工单")
        here.picture("3-accepted")


def test_a_supervisor_sends_back_then_approves_with_an_instruction_and_the_second_sees_it(
    visit: Open,
) -> None:
    with visit() as here:
        page = here.page
        number = escalate(here, "新同事问婚假天数，手册里查不到")
        here.be("U_SUPERVISOR", "C_REVIEW")
        one = card(here, number)
        here.picture("1-card")
        page.click(f"{one} >> [data-action=review_ask_back]")
        page.wait_for_selector("#modal[open]")
        page.click("#modal button[type=submit]")
        page.wait_for_selector("#modal .input.wrong")
        here.picture("2-what-is-missing")
        fill(here, {"back_question": "入职多久了？"})
        page.wait_for_selector(f"{one} >> text=已退回提交人补充")
        here.be("U_AGENT", "D_U_AGENT")
        here.sees("入职多久了？")
        here.press("rung_answer")
        fill(here, {"answer": "两年"})
        here.be("U_SUPERVISOR", "C_REVIEW")
        page.wait_for_selector(f"{one}:has-text('两年') >> [data-action=review_instruct]")
        page.click(f"{one} >> [data-action=review_instruct]")
        fill(here, {"instruction": "按国家规定答复，并请人事补进手册"})
        page.wait_for_selector(f"{one}:has-text('已批准'):not(:has([data-action=review_instruct]))")
        here.be("U_SUPERVISOR2", "C_REVIEW")
        page.wait_for_selector(f"{one}:has-text('已批准') .mention >> text=@陈静")
        here.picture("3-who-decided")
        here.be("U_AGENT", "D_U_AGENT")
        here.sees("按国家规定答复")
        here.picture("4-instruction")


def test_a_supervisor_gets_the_week_as_a_picture(visit: Open, demo: Demo) -> None:
    with visit() as here:
        here.be("U_SUPERVISOR", "D_U_SUPERVISOR")
        demo.week_over()
        shown = here.page.locator("#messages figure img").last
        shown.wait_for()
        assert shown.evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") > 600
        here.picture("week")


def test_an_admin_drops_a_manual_compares_and_publishes(visit: Open) -> None:
    with visit() as here:
        page = here.page
        here.be("U_ADMIN", "D_U_ADMIN")
        page.set_input_files(
            "#composer input[type=file]", FOLDER / "updates" / "06-线上旗舰店客服组管理细则.md"
        )
        page.wait_for_selector(".attached .file")
        page.click("#composer .send")
        page.wait_for_selector("#messages [data-action=manuals_publish]")
        here.picture("1-comparison")
        here.press("manuals_details")
        page.wait_for_selector("#modal[open] >> text=30天")
        here.picture("2-word-by-word")
        page.keyboard.press("Escape")
        page.wait_for_selector("#modal:not([open])", state="attached")
        here.press("manuals_publish")
        page.click("#confirm .primary")
        here.sees("已发布")
        page.click("[data-tab=home]")
        here.sees("《线上旗舰店客服组管理细则》", "#home")
        here.picture("3-home")


def test_the_story_on_a_phone(visit: Open) -> None:
    with visit(viewport=PHONE, has_touch=True, is_mobile=True) as here:
        page = here.page
        page.wait_for_selector("#composer-text")
        here.picture("1-first")
        with one_more(here, "[data-action=escalate]"):
            here.ask(ABSENT)
        here.picture("2-answer")
        here.press("escalate")
        page.wait_for_selector("#modal [data-block=handling_suggestion]")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        here.picture("3-form")
        told = {"tried": "问过同事", "handling_suggestion": "请主管确认"}
        number = filed_by(here, lambda: fill(here, told))
        here.be("U_SUPERVISOR", "C_REVIEW")
        one = card(here, number)
        here.picture("4-card")
        page.click(f"{one} >> [data-action=review_approve]")
        page.wait_for_selector(f"{one}:has-text('已批准')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_story_by_keyboard_alone(visit: Open) -> None:
    with visit() as here:
        page, keys = here.page, here.page.keyboard
        focused = "document.activeElement"

        def tab_to(condition: str) -> None:
            for _ in range(80):
                if page.evaluate(f"{focused}.matches({condition!r})"):
                    return
                keys.press("Tab")
            raise AssertionError(f"Tab never reaches {condition}")

        page.wait_for_selector("#composer-text:focus")
        with one_more(here, "[data-action=escalate]"):
            keys.type(ABSENT)
            keys.press("Enter")
        page.locator("#messages .message[data-from=bot]").last.focus()
        tab_to("[data-action=escalate]")
        keys.press("Enter")
        page.wait_for_selector("#modal[open]")
        tab_to("[data-block=tried] .control")
        keys.type("问过同事")
        tab_to("[data-block=handling_suggestion] .control")
        keys.type("请主管确认")
        tab_to("#modal button[type=submit]")
        number = filed_by(here, lambda: keys.press("Enter"))
        page.wait_for_selector("#modal:not([open])", state="attached")
        keys.press("Alt+4")
        page.wait_for_selector("[data-user=U_SUPERVISOR][aria-pressed=true]")
        for _ in range(3):
            if page.locator("#sidebar [data-channel=C_REVIEW][aria-current=page]").count():
                break
            keys.press("Alt+ArrowUp")
            page.wait_for_timeout(200)
        one = card(here, number)
        page.wait_for_selector(f"{one} >> [data-action=review_approve]")
        page.focus(one)
        tab_to("[data-action=review_approve]")
        keys.press("Enter")
        page.wait_for_selector(f"{one}:has-text('已批准')")
        here.picture("approved-by-keyboard")


def test_pictures_are_of_this_page() -> None:
    """What the README shows is small and made by pictures.py."""
    folder = Path(__file__).with_name("pictures")
    for shown in folder.glob("*"):
        assert shown.stat().st_size <= 150_000, shown.name
