"""Whose rule is meant: asked with buttons, remembered, shown, changed, set for a channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from running_bot import Desk, running

from bot.blocks import preferences as form
from bot.blocks import voice
from bot.demo.crew import Crew, buttons_of, text_of
from tickets.channel_settings import ChannelSetting, Reach
from tickets.confirmed import ConfirmedState
from tickets.preferences import NOTHING_TOLD, Preference

HOUSES = {"东院": 13, "西院": 24, "南院": 35, "北院": 46, "中院": 57, "后院": 68}
QUESTION = "储物柜的钥匙丢了要赔多少钱?"


def rule(house: str, fee: int) -> str:
    return (
        f"---\ntitle: {house}储物守则\norganisation: {house}健身房\n---\n\n# {house}储物守则\n\n## 一、储物柜\n\n"
        f"1. 储物柜的钥匙丢了,赔 {fee} 元,由前台登记。\n2. 柜内不得过夜存放食物。\n"
    )


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot over six houses, each with its own rule on one matter."""
    folder = tmp_path_factory.mktemp("houses")
    for house, fee in HOUSES.items():
        (folder / f"{house}.md").write_text(rule(house, fee), encoding="utf-8")
    with running(tmp_path_factory.mktemp("home"), folder) as bot:
        yield bot


@pytest.fixture(autouse=True)
def nothing_told(desk: Desk) -> Iterator[None]:
    yield
    kept, people = desk.services.desk.preferences, desk.services.people
    for person in ("U_AGENT", "U_AGENT2"):
        kept.set_person(people.get(person), NOTHING_TOLD)
    kept.set_channel(people.get("U_ADMIN"), "C_FLOOR", NOTHING_TOLD)


def test_more_rules_than_a_glance_are_asked_for_and_the_choice_is_remembered(desk: Desk, crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", QUESTION)
    offer = crew.reply("U_AGENT", asked)
    shown = [name for name in buttons_of(offer) if name.startswith("clarify_")]
    assert shown == ["clarify_1", "clarify_2", "clarify_3", "clarify_4", "clarify_5", "clarify_all"]
    crew.click("U_AGENT", offer, "clarify_2")
    crew.seen("U_AGENT", "dm", "以后按", after=offer["ts"], thread_ts=asked["ts"])
    told = desk.services.desk.preferences.of_person("U_AGENT").organisation
    house = told.removesuffix("健身房")
    answer = crew.seen("U_AGENT", "dm", f"按你所属的“{told}”回答", after=offer["ts"], thread_ts=asked["ts"])
    first = text_of(answer).replace(" ", "").split("另见")[0]
    assert f"赔{HOUSES[house]}元" in first
    assert "preference_open" in buttons_of(answer)
    # Next time, anywhere, nobody asks again.
    later = crew.say("U_AGENT", "dm", QUESTION)
    again = crew.reply("U_AGENT", later)
    assert f"按你所属的“{told}”回答" in text_of(again)
    assert not [name for name in buttons_of(again) if name.startswith("clarify_")]


def test_all_side_by_side_is_shown_and_not_remembered(desk: Desk, crew: Crew) -> None:
    asked = crew.say("U_AGENT", "dm", QUESTION)
    offer = crew.reply("U_AGENT", asked)
    crew.click("U_AGENT", offer, "clarify_all")
    answer = crew.seen("U_AGENT", "dm", "各手册的规定", after=offer["ts"], thread_ts=asked["ts"])
    assert sum(f"赔{fee}元" in text_of(answer).replace(" ", "") for fee in HOUSES.values()) >= 3
    assert desk.services.desk.preferences.of_person("U_AGENT") == NOTHING_TOLD


def test_a_channel_that_is_set_answers_for_everybody_in_it(desk: Desk, crew: Crew) -> None:
    desk.services.desk.preferences.set_person(desk.services.people.get("U_AGENT"), Preference("东院健身房"))
    crew.command("U_AGENT", "C_FLOOR", "channel")
    crew.seen("U_AGENT", "C_FLOOR", "没有这项权限")
    crew.command("U_SUPERVISOR", "C_FLOOR", "channel")
    opened = crew.form("U_SUPERVISOR", form.FORM)
    assert form.STAFF_NUMBER not in str(opened["blocks"])
    assert crew.submit("U_SUPERVISOR", opened, {form.ORGANISATION: "n:南院健身房"})["closed"]
    asked = crew.say("U_AGENT", "C_FLOOR", f"<@U_BOT> {QUESTION}")
    assert "按你所属的“南院健身房”回答" in text_of(crew.reply("U_AGENT", asked))
    mine = crew.say("U_AGENT", "dm", QUESTION)
    assert "按你所属的“东院健身房”回答" in text_of(crew.reply("U_AGENT", mine))


def test_the_form_shows_changes_and_clears_what_is_known(desk: Desk, crew: Crew) -> None:
    crew.command("U_AGENT", "C_FLOOR", "me")
    opened = crew.form("U_AGENT", form.FORM)
    values = {form.ORGANISATION: "n:北院健身房", form.STAFF_NUMBER: "0077"}
    assert crew.submit("U_AGENT", opened, values)["closed"]
    assert desk.services.desk.preferences.of_person("U_AGENT") == Preference("北院健身房", "", "0077")
    crew.wait(lambda: "工号 0077" in text_of(crew.home("U_AGENT") or {}), "the home")
    crew.command("U_AGENT", "C_FLOOR", "me")
    opened = crew.form("U_AGENT", form.FORM)
    assert crew.submit("U_AGENT", opened, {form.ORGANISATION: "none", form.STAFF_NUMBER: ""})["closed"]
    assert desk.services.desk.preferences.of_person("U_AGENT") == NOTHING_TOLD


def test_a_command_is_asked_back_and_answered_to_its_user_alone(desk: Desk, crew: Crew) -> None:
    before = crew.say("U_AGENT2", "C_FLOOR", "早")
    crew.command("U_AGENT", "C_FLOOR", QUESTION)
    offer = crew.seen("U_AGENT", "C_FLOOR", "各家规定不同", after=before["ts"])
    crew.click("U_AGENT", offer, "clarify_1")
    answer = crew.seen("U_AGENT", "C_FLOOR", "按你所属的", after=before["ts"])
    assert answer["ephemeral"]


def test_what_was_asked_back_alone_can_be_shared_once_it_is_answered(desk: Desk, crew: Crew) -> None:
    setting = ChannelSetting(reach=Reach.ASKER_FIRST)
    admin = desk.services.people.get("U_ADMIN")
    desk.services.desk.preferences.set_channel(admin, "C_FLOOR", NOTHING_TOLD, setting)
    asked = crew.say("U_AGENT", "C_FLOOR", f"<@U_BOT> {QUESTION}")
    offer = crew.seen("U_AGENT", "C_FLOOR", "各家规定不同", after=asked["ts"])
    assert offer["ephemeral"]
    crew.click("U_AGENT", offer, "clarify_1")
    answer = crew.seen("U_AGENT", "C_FLOOR", "按你所属的", after=offer["ts"])
    assert answer["ephemeral"]
    told = desk.services.desk.preferences.of_person("U_AGENT").organisation
    fee = f"赔{HOUSES[told.removesuffix('健身房')]}元"
    assert fee in text_of(answer).replace(" ", "")
    crew.click("U_AGENT", answer, "answer_share")
    shared = crew.seen("U_AGENT2", "C_FLOOR", told, after=asked["ts"], thread_ts=asked["ts"])
    assert fee in text_of(shared).replace(" ", "")


def test_the_rule_of_ones_own_house_is_confirmed_for_that_house_alone(desk: Desk, crew: Crew) -> None:
    supervisor = desk.services.people.get("U_SUPERVISOR")
    kept = desk.services.desk.preferences
    kept.set_person(supervisor, Preference("东院健身房"))
    try:
        asked = crew.say("U_SUPERVISOR", "dm", QUESTION)
        answer = crew.reply("U_SUPERVISOR", asked)
        assert "按你所属的“东院健身房”回答" in text_of(answer)
        crew.click("U_SUPERVISOR", answer, voice.CONFIRM)
        crew.seen("U_SUPERVISOR", "dm", "已确认为统一口径", thread_ts=asked["ts"])
        (one,) = (o for o in desk.services.desk.confirmed.all() if o.state is ConfirmedState.ACTIVE)
        assert one.content.organisation == "东院健身房"
        assert "按你所属的" not in one.content.text
        kept.set_person(desk.services.people.get("U_AGENT"), Preference("东院健身房"))
        mine = text_of(crew.reply("U_AGENT", crew.say("U_AGENT", "dm", QUESTION)))
        assert "统一口径" in mine
        assert f"赔{HOUSES['东院']}元" in mine.replace(" ", "")
        kept.set_person(desk.services.people.get("U_AGENT2"), Preference("西院健身房"))
        other = text_of(crew.reply("U_AGENT2", crew.say("U_AGENT2", "dm", QUESTION)))
        assert f"赔{HOUSES['西院']}元" in other.replace(" ", "").split("另见")[0].split("See also")[0]
    finally:
        kept.set_person(supervisor, NOTHING_TOLD)
        for one in desk.services.desk.confirmed.all():
            if one.state is not ConfirmedState.WITHDRAWN:
                desk.services.desk.confirmed.withdraw(supervisor, one.id)
