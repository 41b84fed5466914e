"""One voice in Slack: confirmed by a supervisor, given to agents, stale with its clauses, read by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running_bot import MANUALS, Desk, running
from sqlalchemy.orm import Session

from bot.blocks import voice
from bot.demo.crew import Crew, Json, buttons_of, text_of
from tickets.confirmed import ConfirmedAnswer, ConfirmedState
from tickets.models import AcknowledgementRow

NAME = "借阅室守则.md"
LOAN = "一张借书卡一次最多能借几本书？"
OTHERWISE = "请问读者拿一张借书卡一次最多可以借多少本书呀？"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot of these tests alone: what is confirmed changes answers."""
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


@pytest.fixture
def crew(desk: Desk) -> Iterator[Crew]:
    """The people; afterwards, nothing that the bot sent may have been refused by the workspace, and nothing is
    confirmed any more."""
    before = desk.crew.calls()["total"]
    yield desk.crew
    calls = [c for c in desk.crew.calls()["calls"] if c["number"] > before and not c["ok"]]
    assert not [(c["method"], c["verdict"], c["details"]) for c in calls]
    supervisor = desk.services.people.get("U_SUPERVISOR")
    for one in kept(desk):
        desk.services.desk.confirmed.withdraw(supervisor, one.id)


def ask(crew: Crew, user: str, question: str, channel: str = "dm", bot: str = "U_BOT") -> Json:
    said = question if channel == "dm" else f"<@{bot}> {question}"
    return crew.reply(user, crew.say(user, channel, said))


def kept(desk: Desk) -> list[ConfirmedAnswer]:
    return [one for one in desk.services.desk.confirmed.all() if one.state is not ConfirmedState.WITHDRAWN]


def the_only(desk: Desk) -> ConfirmedAnswer:
    (one,) = kept(desk)
    return one


def confirm(desk: Desk, question: str = LOAN) -> ConfirmedAnswer:
    answer = ask(desk.crew, "U_SUPERVISOR", question)
    desk.crew.click("U_SUPERVISOR", answer, voice.CONFIRM)
    desk.crew.seen("U_SUPERVISOR", "dm", "已确认为统一口径", thread_ts=answer["thread_ts"])
    return the_only(desk)


def told(crew: Crew) -> Json:
    """What a supervisor reads after confirming, with the buttons for what comes next: the newest of them."""
    for asked in crew.messages("U_SUPERVISOR", "dm")[::-1]:
        thread = crew.messages("U_SUPERVISOR", "dm", asked["ts"])
        found = [message for message in thread if "已确认为统一口径" in text_of(message)]
        if found:
            return found[-1]
    raise AssertionError("nothing was confirmed")


def publish(desk: Desk, folder: Path, text: str) -> None:
    (folder / NAME).write_text(text, encoding="utf-8")
    publisher = desk.services.publisher
    publisher.publish(publisher.stage([folder / NAME], "U_ADMIN").edition_ids, "U_ADMIN")
    desk.app.outbox.nudge()


def test_confirmed_by_a_supervisor_and_given_to_agents_with_the_name(desk: Desk, crew: Crew) -> None:
    one = confirm(desk)
    assert one.content.question == LOAN
    assert "7 本" in one.content.text or "7本" in one.content.text
    for question in (LOAN, OTHERWISE):
        given = ask(crew, "U_AGENT", question)
        assert "统一口径" in text_of(given)
        signed = next(b for b in given["blocks"] if b.get("block_id") == "answer_footer_confirmed")
        assert {"type": "user", "user_id": "U_SUPERVISOR"} in signed["elements"][0]["elements"]
        assert one.content.text in text_of(given)
        assert "借阅室守则" in text_of(given)
        assert voice.SEND not in buttons_of(given)
    other = ask(crew, "U_AGENT", "一张借书卡最多能续借几次？")
    assert "统一口径" not in text_of(other)


def test_agents_see_no_button_in_their_dm_and_are_refused_in_a_channel(desk: Desk, crew: Crew) -> None:
    assert voice.CONFIRM not in buttons_of(ask(crew, "U_AGENT", LOAN))
    answer = ask(crew, "U_AGENT", LOAN, "C_FLOOR", desk.app.shared.bot_user)
    crew.click("U_AGENT", answer, voice.CONFIRM)
    crew.seen("U_AGENT", "C_FLOOR", "您的角色没有这项权限", thread_ts=answer["thread_ts"])
    assert kept(desk) == []
    crew.click("U_SUPERVISOR", answer, voice.CONFIRM)
    crew.seen("U_SUPERVISOR", "C_FLOOR", "已确认为统一口径", thread_ts=answer["thread_ts"])
    before = the_only(desk)
    calls = desk.crew.calls("chat.postEphemeral")["total"]
    crew.click("U_SUPERVISOR", answer, voice.CONFIRM)
    crew.wait(lambda: desk.crew.calls("chat.postEphemeral")["total"] > calls, "the second click's answer")
    assert the_only(desk) == before


def test_the_wording_is_corrected_in_a_form(desk: Desk, crew: Crew) -> None:
    answer = ask(crew, "U_SUPERVISOR", LOAN)
    crew.click("U_SUPERVISOR", answer, voice.CORRECT)
    form = crew.form("U_SUPERVISOR", voice.FORM)
    cited = form["blocks"][3]["element"]["initial_options"][0]["value"]
    done = crew.submit("U_SUPERVISOR", form, {"text": "最多借 7 本，押金另算。", "sources": [cited]})
    assert not done.get("errors"), done
    crew.seen("U_SUPERVISOR", "dm", "已确认为统一口径", thread_ts=answer["thread_ts"])
    given = ask(crew, "U_SUPERVISOR2", LOAN)
    assert "押金另算" in text_of(given)
    crew.click("U_SUPERVISOR2", given, voice.CORRECT)
    again = crew.form("U_SUPERVISOR2", voice.FORM)
    crew.submit("U_SUPERVISOR2", again, {"text": "最多借 7 本，不收押金。"})
    crew.seen("U_SUPERVISOR2", "dm", "已更正", thread_ts=given["thread_ts"])
    assert "不收押金" in text_of(ask(crew, "U_AGENT", OTHERWISE))
    assert the_only(desk).confirmed_by == "U_SUPERVISOR2"
    last = ask(crew, "U_SUPERVISOR2", LOAN)
    crew.click("U_SUPERVISOR2", last, voice.WITHDRAW)
    crew.seen("U_SUPERVISOR2", "dm", "已撤回", thread_ts=last["thread_ts"])
    assert "统一口径 ·" not in text_of(ask(crew, "U_AGENT", LOAN))


def test_a_question_that_leans_on_its_thread_is_written_out_first(desk: Desk, crew: Crew) -> None:
    answer = ask(crew, "U_SUPERVISOR", "闭馆时间呢？")
    crew.click(
        "U_SUPERVISOR", answer, voice.CONFIRM if voice.CONFIRM in buttons_of(answer) else voice.CORRECT
    )
    form = crew.form("U_SUPERVISOR", voice.FORM)
    assert form["blocks"][1]["element"]["initial_value"] == "闭馆时间呢？"
    assert kept(desk) == []


def test_a_changed_clause_asks_its_supervisor_and_it_is_confirmed_again(
    desk: Desk, crew: Crew, tmp_path: Path
) -> None:
    first = confirm(desk)
    publish(desk, tmp_path, MANUALS[NAME].replace("最多借 7 本", "最多借 9 本"))
    given = ask(crew, "U_AGENT", LOAN)
    assert "统一口径 ·" not in text_of(given)
    card = crew.seen("U_SUPERVISOR", "dm", "现已停用")
    assert voice.WITHDRAW in buttons_of(card)
    assert text_of(card).index("7本") < text_of(card).index("9本")
    crew.click("U_SUPERVISOR", card, voice.CONFIRM_AGAIN)
    settled = crew.seen("U_SUPERVISOR", "dm", "已按新规定再次确认")
    assert settled["ts"] == card["ts"]
    assert buttons_of(settled) == []
    given = text_of(ask(crew, "U_AGENT", LOAN))
    assert "统一口径" in given
    assert "9本" in given.replace(" ", "")
    assert "7本" not in given.replace(" ", "")  # the old rule has nobody's name under it
    assert the_only(desk).revision == first.revision + 1
    publish(desk, tmp_path, MANUALS[NAME])


def test_a_wording_that_still_says_the_old_rule_is_shown_before_it_is_confirmed_again(
    desk: Desk, crew: Crew, tmp_path: Path
) -> None:
    answer = ask(crew, "U_SUPERVISOR", LOAN)
    crew.click("U_SUPERVISOR", answer, voice.CORRECT)
    form = crew.form("U_SUPERVISOR", voice.FORM)
    cited = form["blocks"][3]["element"]["initial_options"][0]["value"]
    crew.submit("U_SUPERVISOR", form, {"text": "每卡七本，超过的先还再借。", "sources": [cited]})
    crew.seen("U_SUPERVISOR", "dm", "已确认为统一口径", thread_ts=answer["thread_ts"])
    newest = crew.messages("U_SUPERVISOR", "dm")[-1]["ts"]
    publish(desk, tmp_path, MANUALS[NAME].replace("最多借 7 本", "最多借 9 本"))
    card = crew.seen("U_SUPERVISOR", "dm", "现已停用", after=newest)
    crew.click("U_SUPERVISOR", card, voice.CONFIRM_AGAIN)
    form = crew.form("U_SUPERVISOR", voice.FORM)
    assert "每卡七本" in str(form["blocks"])
    assert the_only(desk).state is ConfirmedState.STALE
    crew.submit("U_SUPERVISOR", form, {"text": "每卡九本，超过的先还再借。"})
    crew.wait(lambda: the_only(desk).state is ConfirmedState.ACTIVE, "it active again")
    assert "每卡九本" in text_of(ask(crew, "U_AGENT", LOAN))
    publish(desk, tmp_path, MANUALS[NAME])


def test_brought_back_it_is_given_again_and_nobody_is_asked(desk: Desk, crew: Crew, tmp_path: Path) -> None:
    confirm(desk)
    before, newest = asked_again(crew), crew.messages("U_SUPERVISOR", "dm")[-1]["ts"]
    publish(desk, tmp_path, MANUALS[NAME].replace("最多借 7 本", "最多借 8 本"))
    card = crew.seen("U_SUPERVISOR", "dm", "现已停用", after=newest)
    manual = next(m for m in desk.services.library.manuals() if "借阅室" in m.title)
    desk.services.publisher.rollback(manual.manual_id, "U_ADMIN")
    desk.app.outbox.nudge()
    crew.wait(lambda: the_only(desk).state is ConfirmedState.ACTIVE, "it active again")
    assert "统一口径" in text_of(ask(crew, "U_AGENT", LOAN))
    desk.rest()
    assert asked_again(crew) == before + 1
    crew.click("U_SUPERVISOR", card, voice.CONFIRM_AGAIN)
    crew.seen("U_SUPERVISOR", "dm", "已恢复原样")


def asked_again(crew: Crew) -> int:
    """How often the supervisor was asked: a card that was settled holds its sentence instead."""
    messages = crew.messages("U_SUPERVISOR", "dm")
    return sum("现已停用" in text_of(m) for m in messages)


def test_everybody_in_the_channel_is_to_read_it(desk: Desk, crew: Crew) -> None:
    confirm(desk)
    newest = (crew.messages("U_AGENT", "C_FLOOR") or [{"ts": ""}])[-1]["ts"]
    crew.click("U_SUPERVISOR", told(crew), voice.SEND)
    crew.submit("U_SUPERVISOR", crew.form("U_SUPERVISOR", voice.SEND_FORM), {"channel": "C_FLOOR"})
    card = crew.seen("U_AGENT", "C_FLOOR", "请阅知", after=newest)
    sent = desk.services.desk.confirmed.acknowledgements(the_only(desk).id)[0]
    assert {reader.person_id for reader in sent.readers} == {
        "U_AGENT", "U_AGENT2", "U_LEADER", "U_SUPERVISOR", "U_SUPERVISOR2", "U_ADMIN"
    }  # fmt: skip
    assert "已阅 1/6" in text_of(card)
    for _ in range(2):
        crew.click("U_AGENT", card, voice.READ)
    crew.seen("U_AGENT", "C_FLOOR", "已阅 2/6")
    crew.click("U_AGENT", card, voice.COVERAGE)
    crew.seen("U_AGENT", "C_FLOOR", "您的角色没有这项权限")
    crew.click("U_SUPERVISOR", card, voice.COVERAGE)
    coverage = crew.form("U_SUPERVISOR", voice.COVERAGE_VIEW)
    assert "已阅 2/6" in text_of(coverage)
    assert "U_AGENT2" in str(coverage["blocks"])
    assert "U_AGENT'" not in str(coverage["blocks"])
    crew.open_app("U_SUPERVISOR", "home")
    crew.wait(lambda: "已读 2/6" in text_of(crew.home("U_SUPERVISOR") or {}), "the coverage at home")


@pytest.mark.slow
def test_who_has_not_read_it_is_reminded_and_reads_it_in_the_dm(desk: Desk, crew: Crew) -> None:
    one = confirm(desk)
    voices = desk.services.desk.confirmed
    supervisor, agent = (desk.services.people.get(user) for user in ("U_SUPERVISOR", "U_AGENT"))
    sent, _ = voices.send(supervisor, one.id, one.revision, "C_FLOOR", ["U_AGENT", "U_AGENT2"])
    voices.read(desk.services.people.get("U_AGENT2"), sent.id)
    desk.rest()
    newest = (crew.messages("U_AGENT", "dm") or [{"ts": ""}])[-1]["ts"]
    desk.app._remind()
    with Session(voices._engine) as session, session.begin():  # a day passes
        session.get_one(AcknowledgementRow, sent.id).sent_at = datetime.now(UTC) - timedelta(hours=25)
    desk.app._remind()
    desk.app._remind()
    reminder = crew.seen("U_AGENT", "dm", "您还没有阅知", after=newest)
    crew.click(agent.id, reminder, voice.READ)
    crew.wait(lambda: not voices.acknowledgement(sent.id).missing, "everybody to have read it")
    reminders = {
        user: [m for m in crew.messages(user, "dm") if "还没有阅知" in text_of(m)]
        for user in ("U_AGENT", "U_AGENT2")
    }
    assert [len(found) for found in reminders.values()] == [1, 0]


def test_a_changed_answer_ends_what_was_sent(desk: Desk, crew: Crew) -> None:
    one = confirm(desk)
    supervisor = desk.services.people.get("U_SUPERVISOR")
    newest = (crew.messages("U_AGENT", "C_FLOOR") or [{"ts": ""}])[-1]["ts"]
    desk.services.desk.confirmed.send(supervisor, one.id, one.revision, "C_FLOOR", ["U_AGENT"])
    desk.app.outbox.nudge()
    card = crew.seen("U_AGENT", "C_FLOOR", "请阅知", after=newest)
    crew.click("U_SUPERVISOR", ask(crew, "U_SUPERVISOR", LOAN), voice.CORRECT)
    crew.submit("U_SUPERVISOR", crew.form("U_SUPERVISOR", voice.FORM), {"text": "最多 7 本，别的另说。"})

    def ended() -> bool:
        """Other tests left messages that ended too: this is about one of them."""
        now = next(m for m in crew.messages("U_AGENT", "C_FLOOR") if m["ts"] == card["ts"])
        return "不必再阅知" in text_of(now) and buttons_of(now) == []

    crew.wait(ended, "the end of what was sent")
    fresh = crew.seen("U_AGENT", "C_FLOOR", "别的另说", after=card["ts"])
    assert voice.READ in buttons_of(fresh)
    assert "已阅 1/6" in text_of(fresh)


def test_an_answer_on_a_manual_that_the_channel_may_not_read_is_not_sent(
    desk: Desk, crew: Crew, tmp_path: Path
) -> None:
    file = tmp_path / "内部.md"
    file.write_text("# 值班内部须知\n\n1. 夜间报警电话由值班经理保管，每周一更换密码。\n", encoding="utf-8")
    publisher = desk.services.publisher
    staged = publisher.stage([file], "U_ADMIN", metadata={"audience": "role:supervisor"})
    publisher.publish(staged.edition_ids, "U_ADMIN")
    one = confirm(desk, "夜间报警电话由谁保管，密码多久更换一次？")
    crew.click("U_SUPERVISOR", told(crew), voice.SEND)
    crew.submit("U_SUPERVISOR", crew.form("U_SUPERVISOR", voice.SEND_FORM), {"channel": "C_FLOOR"})
    crew.seen("U_SUPERVISOR", "dm", "不对该频道开放", thread_ts=told(crew)["thread_ts"])
    given = ask(crew, "U_AGENT", one.content.question)
    assert one.content.text not in text_of(given)
    assert "值班经理" not in text_of(given)
