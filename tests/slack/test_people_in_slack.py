"""/kefu people, /kefu on and off, and what Slack user groups say of people, over real sockets."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from running_bot import Desk

from bot.demo.crew import Crew, text_of
from bot.keeping.groups import EVERY_SECONDS, NO_SUCH_GROUP, SlackGroups
from bot.wiring import open_desk, open_engine, open_people
from tickets.directory_told import Facts, GroupRule, GroupState
from tickets.people import Person, Role

BOSS = Person("command line", "command line", Role.ADMIN)


@pytest.fixture(autouse=True)
def as_before(desk: Desk) -> Iterator[None]:
    """Nobody stays off shift, and no group goes on meaning something."""
    yield
    directory = desk.services.desk.directory
    directory.reset(BOSS)
    for one in desk.services.people.snapshot.attendance:
        directory.set_attendance(BOSS, one, on=True)


def answered(crew: Crew, user: str, text: str, fragment: str) -> str:
    before = crew.say("U_AGENT2", "C_FLOOR", "早")
    crew.command(user, "C_FLOOR", text)
    return text_of(crew.seen(user, "C_FLOOR", fragment, after=before["ts"]))


def test_everybody_may_see_who_is_who(crew: Crew) -> None:
    listed = answered(crew, "U_AGENT", "people", "人员（6）")
    assert "周岚" in listed
    assert "班长 · 早班" in listed
    assert "吴桐" not in answered(crew, "U_AGENT", "人员 周岚", "人员（1）")
    english = answered(crew, "U_AGENT2", "people", "People (6)")
    assert "agent · 早班" in english
    assert "floor supervisor · head of department" in english
    assert "People (0)" in answered(crew, "U_AGENT2", "people 谁", "Nobody was found")


def test_on_and_off_are_ones_own_to_say(desk: Desk, crew: Crew) -> None:
    people = desk.services.people
    assert "代理人" in answered(crew, "U_LEADER", "off", "已登记您下班")
    assert people.on_shift("U_LEADER") is False
    assert "不在岗" in answered(crew, "U_AGENT", "people 周岚", "人员（1）")
    answered(crew, "U_LEADER", "上班", "已登记您上班")
    assert "代理人" not in answered(crew, "U_AGENT", "off", "已登记您下班")  # nobody stands in for them
    assert people.on_shift("U_LEADER") is True
    entries = desk.services.desk.audit("attendance:U_LEADER")
    assert [entry.actor_id for entry in entries[-2:]] == ["U_LEADER"] * 2


def test_others_are_for_admins_and_their_superiors_to_say(desk: Desk, crew: Crew) -> None:
    answered(crew, "U_AGENT", "off 周岚", "没有这项权限")
    answered(crew, "U_LEADER", "off 小林", "没有这项权限")
    assert desk.services.people.on_shift("U_LEADER") is not False
    answered(crew, "U_SUPERVISOR", "off 周岚", "已登记 周岚 下班")
    answered(crew, "U_ADMIN", "on U_LEADER", "已登记 周岚 上班")
    answered(crew, "U_ADMIN", "off 谁", "没有“谁”")
    desk.services.desk.directory.set_person(BOSS, "U_SUPERVISOR2", Facts(team="晚班"))
    answered(crew, "U_SUPERVISOR2", "off 小林", "只能登记本班组人员")


def test_a_question_that_begins_with_on_is_still_a_question(crew: Crew) -> None:
    question = "on 借书卡遗失 补办收工本费多少？"
    answered(crew, "U_AGENT", question, f"> {question}")  # an answer begins with what was asked


def test_the_running_bot_reads_groups_and_hears_of_changes(desk: Desk, crew: Crew) -> None:
    directory, people = desk.services.desk.directory, desk.services.people
    crew.group("U_ADMIN", "floor-leads", ["U_AGENT2"])
    directory.set_group(BOSS, GroupRule("floor-leads", team="晚班", on_shift=True))
    crew.wait(lambda: people.on_shift("U_AGENT2"), "the group read by the running bot")
    assert people.get("U_AGENT2").team == "早班"  # the file says so
    assert directory.source("U_AGENT2")["team"] == "file"
    crew.group("U_ADMIN", "floor-leads", ["U_AGENT"])  # Slack tells the bot
    crew.wait(lambda: people.on_shift("U_AGENT2") is None, "the changed group")
    assert people.on_shift("U_AGENT")
    (state,) = directory.groups()
    assert dict(state.members) == {"U_AGENT": "小林（坐席）"}
    assert state.fault == ""


def test_the_running_bot_sees_what_another_process_says(desk: Desk, crew: Crew) -> None:
    settings = desk.services.settings
    engine = open_engine(settings)
    other = open_desk(settings, engine, open_people(settings))
    began = time.monotonic()
    other.directory.set_person(BOSS, "U_AGENT", Facts(team="晚班"))
    crew.wait(lambda: desk.services.people.get("U_AGENT").team == "晚班", "the other team")
    assert time.monotonic() - began < 5
    engine.dispose()


def test_groups_are_read_when_it_is_time_and_when_one_is_new(desk: Desk) -> None:
    directory, now = desk.services.desk.directory, [0.0]
    groups = SlackGroups(desk.app.client, directory, lambda: now[0])
    desk.crew.group("U_ADMIN", "timed", [])
    directory.set_group(BOSS, GroupRule("timed", team="晚班"))
    groups.read()

    def reads_at(moment: float) -> bool:
        now[0] = moment
        before = time_of_last_read()
        groups.look()
        return time_of_last_read() > before

    def time_of_last_read() -> float:
        read_at = unread(desk, "timed").read_at
        return read_at.timestamp() if read_at else 0.0

    assert not reads_at(1)
    assert not reads_at(EVERY_SECONDS - 1)
    assert reads_at(EVERY_SECONDS)
    assert not reads_at(EVERY_SECONDS + 1)


def unread(desk: Desk, handle: str) -> GroupState:
    return next(state for state in desk.services.desk.directory.groups() if state.rule.handle == handle)


def test_a_group_that_cannot_be_read_keeps_who_was_in_it(desk: Desk) -> None:
    directory, crew = desk.services.desk.directory, desk.crew
    groups = SlackGroups(desk.app.client, directory)
    crew.group("U_ADMIN", "late", ["U_AGENT2"])
    directory.set_group(BOSS, GroupRule("late", organisation="白桦"))
    groups.read()
    assert desk.services.people.get("U_AGENT2").organisation == "白桦"
    crew.fault(kind="api_error", error="missing_scope", method="usergroups.list")
    groups.read()
    assert unread(desk, "late").fault == "missing_scope"
    assert any("@late cannot be read (missing_scope)" in one for one in directory.concerns())
    crew.fault(kind="api_error", error="internal_error", method="usergroups.users.list")
    groups.read()
    assert unread(desk, "late").fault == "internal_error"
    crew.group("U_ADMIN", "late", ["U_AGENT2"], disabled=True)
    groups.read()
    assert unread(desk, "late").fault == NO_SUCH_GROUP
    assert desk.services.people.get("U_AGENT2").organisation == "白桦"
    crew.group("U_ADMIN", "late", [])
    groups.read()
    assert unread(desk, "late").fault == ""

    def is_out() -> bool:
        """Once a look of the running bot that had begun before has ended, too."""
        groups.read()
        return desk.services.people.get("U_AGENT2").organisation == ""

    crew.wait(is_out, "nobody in the group")


def test_the_admins_hear_of_a_calendar_that_was_spoiled_and_of_its_mending(desk: Desk, crew: Crew) -> None:
    own = desk.services.settings.calendar_file
    own.write_text("[[appointments]]\nkey = 3\n", encoding="utf-8")
    dm = "D_U_ADMIN"
    try:
        said = text_of(crew.seen("U_ADMIN", dm, "日程文件有误"))
        assert "第 2 行，appointments.0.key" in said
    finally:
        own.unlink()
    crew.seen("U_ADMIN", dm, "日程文件已恢复正常")
