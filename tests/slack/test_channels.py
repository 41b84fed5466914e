"""Channels: who reads an answer, from which manuals, when; sharing and keeping; nothing restricted gets out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from running_bot import Desk, running

from bot.blocks import preferences as form
from bot.blocks.references import ShareRef
from bot.demo.crew import Crew, Json, buttons_of, is_finished, is_from_bot, text_of
from bot.listeners.kept import KeptAnswers
from tickets.channel_settings import OPEN, ChannelSetting, Reach
from tickets.preferences import NOTHING_TOLD

BOT = "<@U_BOT>"
SECRET = "保险柜密码每逢单月五号更换"
LIMITED = f"""---
title: 值班长须知
audience: role:leader
---

# 值班长须知

## 一、保险柜

1. {SECRET}，由值班长登记。
2. 值班长的备用钥匙放在二楼机房的铁盒里。
"""
FLOOR_ONLY = """---
title: 现场频道守则
audience: channel:C_REVIEW
---

# 现场频道守则

## 一、抢修

1. 抢修电话打不通的，由值班长再拨打三次。
2. 抢修登记簿放在前台。
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("manuals")
    (folder / "值班长须知.md").write_text(LIMITED, encoding="utf-8")
    (folder / "现场频道守则.md").write_text(FLOOR_ONLY, encoding="utf-8")
    with running(tmp_path_factory.mktemp("home"), folder) as bot:
        yield bot


@pytest.fixture(autouse=True)
def nothing_set(desk: Desk) -> Iterator[None]:
    yield
    set_floor(desk, OPEN)


def set_floor(desk: Desk, setting: ChannelSetting) -> None:
    admin = desk.services.people.get("U_ADMIN")
    desk.services.desk.preferences.set_channel(admin, "C_FLOOR", NOTHING_TOLD, setting)


def whispered(crew: Crew, user: str, after: Json) -> Json:
    """The answer that only `user` sees in the channel."""

    def look() -> Json | None:
        for message in crew.messages(user, after["channel"]):
            if (
                message["ts"] > after["ts"]
                and message["ephemeral"]
                and "answer_feedback" in buttons_of(message)
            ):
                return message
        return None

    found: Json = crew.wait(look, "the answer to the asker alone")
    return found


def _shared_id(answer: Json) -> int:
    """The answer that the Share button means."""
    [value] = [
        element["value"]
        for block in answer["blocks"]
        for element in block.get("elements") or ()
        if element.get("action_id") == "answer_share"
    ]
    return ShareRef.load(value).answer_id or 0


def test_what_nobody_shares_is_deleted_after_a_while(desk: Desk) -> None:
    kept = desk.services.desk.kept
    kept.put(987_654, {"text": "x"})
    kept.purge(timedelta(days=7))
    assert kept.get(987_654) == {"text": "x"}
    assert KeptAnswers(kept).get(987_654) is None  # what another version kept is answered again
    kept.purge(timedelta(days=-1))
    assert kept.get(987_654) is None


def public(crew: Crew, asked: Json, user: str = "U_ADMIN") -> list[Json]:
    """What everybody reads of the bot in the thread of a question."""
    seen = crew.messages(user, asked["channel"], asked["ts"])
    return [m for m in seen if is_from_bot(m) and not m["ephemeral"] and is_finished(m)]


def test_the_asker_reads_it_first_and_shares_it(desk: Desk, crew: Crew) -> None:
    set_floor(desk, ChannelSetting(reach=Reach.ASKER_FIRST))
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 借书卡丢了补办要多少钱？")
    answer = whispered(crew, "U_AGENT", asked)
    assert "补办收工本费" in text_of(answer)
    assert "只有您看得到" in text_of(answer)
    assert "thread_ts" not in answer  # nobody has begun the thread yet
    assert public(crew, asked) == []
    assert not [m for m in crew.messages("U_AGENT2", "C_FLOOR") if m["ts"] > asked["ts"]]
    assert crew.place("U_AGENT", "C_FLOOR")["statuses"] == []
    # It is kept in the database: any process that hears the click has it, after a restart too.
    answer_id = _shared_id(answer)
    kept = KeptAnswers(desk.services.desk.kept)
    read = kept.get(answer_id)
    assert read is not None
    assert "补办收工本费" in read.text
    assert read.citations
    crew.click("U_AGENT", answer, "answer_share")
    shared = crew.seen("U_AGENT2", "C_FLOOR", "补办收工本费", after=asked["ts"], thread_ts=asked["ts"])
    assert "把这条回答发到了频道" in text_of(shared)
    assert {"answer_feedback", "escalate", "log_ticket"} <= set(buttons_of(shared))
    assert "answer_share" not in buttons_of(shared)
    crew.wait(
        lambda: all(m["ts"] != answer["ts"] for m in crew.messages("U_AGENT", "C_FLOOR")),
        "its end for the asker",
    )
    crew.wait(lambda: kept.get(answer_id) is None, "its text deleted")
    # From then on it is a thread like any other: the colleague asks on, privately first.
    again = crew.say("U_AGENT2", "C_FLOOR", "那一次最多借几本？", thread_ts=asked["ts"])
    assert "7" in text_of(whispered(crew, "U_AGENT2", again))


def test_what_is_kept_goes_to_the_dm_and_nowhere_else(desk: Desk, crew: Crew) -> None:
    set_floor(desk, ChannelSetting(reach=Reach.ASKER_FIRST))
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 逾期归还每本每天收多少滞还费？")
    answer = whispered(crew, "U_AGENT", asked)
    crew.click("U_AGENT", answer, "answer_keep")
    kept = crew.seen("U_AGENT", "dm", "滞还费", after=asked["ts"])
    assert "逾期归还每本每天收多少滞还费" in text_of(kept)

    def changed() -> Json | None:
        return next(
            (
                m for m in crew.messages("U_AGENT", "C_FLOOR")
                if m["ts"] == answer["ts"] and "answer_keep" not in buttons_of(m)
            ),
            None,
        )  # fmt: skip

    there = crew.wait(changed, "the answer without the choice")
    assert "已存一份" in text_of(there)
    assert "滞还费" in text_of(there)
    assert public(crew, asked) == []


@pytest.mark.parametrize("press", ["answer_share", "answer_keep"])
def test_what_could_not_be_said_may_be_pressed_again(desk: Desk, press: str) -> None:
    crew = desk.crew  # Slack refuses once, so the calls are not all fine
    set_floor(desk, ChannelSetting(reach=Reach.ASKER_FIRST))
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 借书卡丢了补办要多少钱？")
    answer = whispered(crew, "U_AGENT", asked)
    crew.fault(kind="api_error", method="chat.postMessage", error="internal_error")
    crew.click("U_AGENT", answer, press)
    crew.seen("U_AGENT", "C_FLOOR", "Slack", after=answer["ts"])
    crew.click("U_AGENT", answer, press)
    if press == "answer_share":
        assert len(crew.wait(lambda: public(crew, asked), "the shared answer")) == 1
    else:
        crew.seen("U_AGENT", "dm", "补办收工本费", after=answer["ts"])


def test_only_the_asker_reads_what_is_set_so_and_quiet_hours_are_kept(desk: Desk, crew: Crew) -> None:
    now = desk.services.desk.board.now().astimezone(desk.services.settings.zone)
    before, after = now - timedelta(hours=2), now + timedelta(hours=2)
    quiet = ChannelSetting(quiet_from=f"{before:%H:%M}", quiet_until=f"{after:%H:%M}")
    for setting in (ChannelSetting(reach=Reach.ASKER), quiet):
        set_floor(desk, setting)
        asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 自习间每人每天最多预约几小时？")
        answer = whispered(crew, "U_AGENT", asked)
        assert "4小时" in text_of(answer)
        assert "answer_share" not in buttons_of(answer)
        assert public(crew, asked) == []


def test_only_the_manuals_of_the_channel_are_quoted(desk: Desk, crew: Crew) -> None:
    rooms = next(m for m in desk.services.library.manuals() if "自习间" in m.title)
    set_floor(desk, ChannelSetting(manuals=(rooms.manual_id,)))
    inside = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 自习间每人每天最多预约几小时？")
    assert "4小时" in text_of(crew.reply("U_AGENT", inside))
    outside = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 借书卡丢了补办要多少钱？")
    assert "工本费" not in text_of(crew.reply("U_AGENT", outside))
    crew.command("U_AGENT", "C_FLOOR", "借书卡丢了补办要多少钱？")
    told = crew.wait(
        lambda: [
            m for m in crew.messages("U_AGENT", "C_FLOOR") if m["ephemeral"] and m["ts"] > outside["ts"]
        ],
        "the answer to the command",
    )[0]
    assert "工本费" not in text_of(told)
    private = crew.say("U_AGENT", "dm", "借书卡丢了补办要多少钱？")
    assert "工本费" in text_of(crew.reply("U_AGENT", private))


def test_leaders_set_a_channel_in_a_form_and_agents_do_not(desk: Desk, crew: Crew) -> None:
    refused = crew.messages("U_AGENT", "C_FLOOR")[-1:]
    crew.command("U_AGENT", "C_FLOOR", "channel")
    crew.seen("U_AGENT", "C_FLOOR", "没有这项权限", after=refused[0]["ts"] if refused else "")
    crew.command("U_LEADER", "C_FLOOR", "channel")
    view = crew.form("U_LEADER", form.FORM)
    offered = str(view["blocks"])
    assert "借阅室守则" in offered
    assert "值班长须知" not in offered  # the channel may not read it, whoever sets it
    given = {
        "organisation": "none",
        "manuals": [],
        "reach": "asker_first",
        "quiet_from": "22:00",
        "quiet_until": "none",
    }
    assert "quiet_until" in crew.submit("U_LEADER", view, given)["errors"]
    assert crew.submit("U_LEADER", view, given | {"quiet_until": "06:30"})["closed"]
    crew.seen("U_LEADER", "C_FLOOR", "22:00–06:30")
    kept = desk.services.desk.preferences.channel_setting("C_FLOOR")
    assert kept == ChannelSetting((), Reach.ASKER_FIRST, "22:00", "06:30")


ASK_SECRET = "保险柜密码什么时候更换？"


def test_a_manual_for_one_role_gets_out_by_no_door(desk: Desk, crew: Crew) -> None:
    """The leader may read it. In a channel nobody reads it: not by mention, Share, edit, follow-up or shortcut."""
    mine = crew.say("U_LEADER", "dm", ASK_SECRET)
    assert SECRET in text_of(crew.reply("U_LEADER", mine))
    # by mention, and by a follow-up in the thread
    asked = crew.say("U_LEADER", "C_FLOOR", f"{BOT} {ASK_SECRET}")
    crew.reply("U_LEADER", asked)
    again = crew.say("U_LEADER", "C_FLOOR", "那保险柜密码由谁登记？", thread_ts=asked["ts"])
    crew.reply("U_LEADER", again | {"thread_ts": asked["ts"]})
    # by the message's menu
    said = crew.say("U_LEADER", "C_FLOOR", ASK_SECRET)
    crew.shortcut("U_LEADER", said, "ask_about_message")
    crew.reply("U_LEADER", said)
    # by an edit
    harmless = crew.say("U_LEADER", "C_FLOOR", f"{BOT} 借阅室几点开门？")
    first = crew.reply("U_LEADER", harmless)
    crew._post(
        "edits",
        {"user": "U_LEADER", "channel": "C_FLOOR", "ts": harmless["ts"], "text": f"{BOT} {ASK_SECRET}"},
    )
    crew.wait(lambda: len(public(crew, harmless)) == 2, "the answer to the new wording")
    assert "改过了" in text_of(next(m for m in public(crew, harmless) if m["ts"] == first["ts"]))
    # by sharing
    set_floor(desk, ChannelSetting(reach=Reach.ASKER_FIRST))
    shy = crew.say("U_LEADER", "C_FLOOR", f"{BOT} {ASK_SECRET}")
    answer = whispered(crew, "U_LEADER", shy)
    assert SECRET not in text_of(answer)  # what may be shared holds nothing that may not
    crew.click("U_LEADER", answer, "answer_share")
    crew.wait(lambda: public(crew, shy), "the shared answer")
    # only where nobody else will ever read it, the role counts
    set_floor(desk, ChannelSetting(reach=Reach.ASKER))
    alone = crew.say("U_LEADER", "C_FLOOR", f"{BOT} {ASK_SECRET}")
    assert SECRET in text_of(whispered(crew, "U_LEADER", alone))
    everything = [m for m in crew.messages("U_ADMIN", "C_FLOOR") if SECRET in text_of(m)]
    assert everything == []


def test_an_answer_that_became_restricted_is_not_shared_as_it_was(desk: Desk, crew: Crew) -> None:
    """It was whispered when everybody might read it; when it is shared, the channel reads what it may read then."""
    set_floor(desk, ChannelSetting(reach=Reach.ASKER_FIRST))
    asked = crew.say("U_AGENT", "C_FLOOR", f"{BOT} 借书卡丢了补办要多少钱？")
    answer = whispered(crew, "U_AGENT", asked)
    assert "工本费" in text_of(answer)
    rooms = next(m for m in desk.services.library.manuals() if "自习间" in m.title)
    set_floor(desk, ChannelSetting(manuals=(rooms.manual_id,), reach=Reach.ASKER_FIRST))
    crew.click("U_AGENT", answer, "answer_share")
    [shared] = crew.wait(lambda: public(crew, asked), "the shared answer")
    assert "工本费8元" not in text_of(shared)


def test_a_report_from_a_restricted_answer_quotes_nothing_of_it(desk: Desk, crew: Crew) -> None:
    """Whoever decides it, and the channel where it is decided, need not be allowed to read the manual."""
    mine = crew.say("U_LEADER", "dm", ASK_SECRET)
    answer = crew.reply("U_LEADER", mine)
    crew.click("U_LEADER", answer, "log_ticket")
    view = crew.form("U_LEADER", "ticket_form")
    assert crew.submit("U_LEADER", view, {"title": "保险柜", "description": "密码到期", "kind": "inquiry"})[
        "closed"
    ]
    ticket = crew.wait(
        lambda: next((t for t in desk.services.desk.tickets(limit=5) if t.content.title == "保险柜"), None),
        "the ticket",
    )
    assert SECRET not in str(ticket.content.policy_basis)


def test_a_manual_for_one_channel_is_quoted_there_alone(crew: Crew) -> None:
    question = "抢修电话打不通由谁再拨打几次？"
    there = crew.say("U_LEADER", "C_REVIEW", f"{BOT} {question}")
    assert "再拨打三次" in text_of(crew.reply("U_LEADER", there))
    elsewhere = crew.say("U_LEADER", "C_FLOOR", f"{BOT} {question}")
    assert "再拨打三次" not in text_of(crew.reply("U_LEADER", elsewhere))
