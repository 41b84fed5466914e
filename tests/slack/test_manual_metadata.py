"""What is typed beside a dropped file: dates, organisation, audience; expiry questions; work handed over."""

from __future__ import annotations

import itertools
from datetime import timedelta

from keeping_manuals import ADMIN, Admin, squeezed

from bot.blocks import expiries, publication
from bot.blocks.wording import words
from bot.demo.crew import Json, buttons_of, text_of
from bot.keeping.manual_work import IngestRequest
from bot.slack_app import SlackApp
from ingest.jobs import JobState
from ingest.metadata import last_moment
from knowledge.library import ManualSummary

_names = itertools.count(1)


def title(of: str) -> str:
    return f"{of}办法之{next(_names)}"


def test_a_future_date_is_scheduled_and_the_card_says_from_when(admin: Admin) -> None:
    name = title("寄存")
    card = admin.drop(name, "寄存架每格限放 11 件。", said="组织: 东街分馆\n生效: 2099-01-01\n麻烦看一下")
    shown = text_of(card)
    assert "2099-01-01 00:00 起生效" in shown
    assert "东街分馆" in shown
    confirm = next(b for b in card["blocks"] if b["type"] == "actions")["elements"][0]["confirm"]
    assert confirm["text"]["text"] == words("zh")("manuals.publish_sure_later", count=1)
    ended = admin.press(card, publication.PUBLISH)
    assert "已排定" in ended
    assert "0 本" not in ended.splitlines()[0]
    assert all(m.title != name for m in admin.desk.services.library.manuals())
    waiting = [e for e in admin.desk.services.library.scheduled() if e.title == name]
    assert len(waiting) == 1
    admin.desk.services.publisher.discard([waiting[0].edition_id])


def test_a_bad_date_is_refused_with_one_sentence(admin: Admin) -> None:
    file = admin.write(title("寄存"), "寄存架每格限放 12 件。")
    dropped = admin.crew.drop(ADMIN, "dm", str(file), "生效: 下个月")
    said = admin.crew.seen(ADMIN, "dm", words("zh")("manuals.not_taken"), thread_ts=dropped["ts"])
    assert "下个月" in text_of(said)


def test_a_manual_for_supervisors_answers_them_alone_and_in_private(admin: Admin) -> None:
    name, question = title("备用金"), "备用金保险箱里每晚留多少现金？"
    card = admin.drop(name, "备用金保险箱里每晚留现金 730 元。", said="受众: role:supervisor")
    assert "仅限 role:supervisor" in text_of(card)
    admin.press(card, publication.PUBLISH)
    assert "730" in admin.ask("U_SUPERVISOR", question)[1]
    assert "730" not in admin.ask("U_AGENT", question)[1]
    assert "730" not in admin.ask("U_SUPERVISOR", question, "C_FLOOR")[1]
    heading = words("zh")("home.manuals", count=0).split("0")[0]
    for user, sees in (("U_SUPERVISOR", True), ("U_AGENT", False), (ADMIN, True)):
        newest = (admin.crew.messages(user, "dm") or [{"ts": ""}])[-1]["ts"]
        admin.crew.command(user, "dm", "manuals")
        listed = admin.crew.seen(user, "dm", heading, after=newest)
        assert (name in text_of(listed)) is sees


def expires_in(admin: Admin, name: str, days: float, owner: str = "") -> ManualSummary:
    """A live manual that expires in so many days."""
    said = f"负责人: {owner}" if owner else ""
    manual = admin.live(name, f"{name}规定午休灯光调到 4 档。", said=said)
    library = admin.desk.services.library
    library.extend(manual.manual_id, library.now() + timedelta(days=days), ADMIN)
    return admin.manual(name)


def questions(admin: Admin, user: str, name: str) -> list[Json]:
    return [
        m for m in admin.crew.messages(user, "dm") if name in text_of(m) and expiries.EXTEND in buttons_of(m)
    ]


def look(app: SlackApp) -> None:
    app._ask_before_expiry()  # what the schedule does every ten minutes


def test_the_owner_is_asked_once_and_extends(admin: Admin) -> None:
    name = title("灯光")
    manual = expires_in(admin, name, 3, owner="<@U_LEADER>")
    far = expires_in(admin, title("灯光"), 300, owner="U_LEADER")
    look(admin.desk.app)
    asked = admin.crew.wait(lambda: questions(admin, "U_LEADER", name), "the question")[0]
    look(admin.desk.app)
    look(SlackApp(admin.desk.services))  # as after a restart
    admin.desk.app.outbox.pump()
    assert len(questions(admin, "U_LEADER", name)) == 1
    assert not questions(admin, ADMIN, name)
    assert not questions(admin, "U_LEADER", far.title)

    admin.crew.click("U_LEADER", asked, expiries.EXTEND)
    form = admin.crew.form("U_LEADER", expiries.FORM)
    assert "datepicker" in str(form["blocks"])
    refused = admin.crew.submit("U_LEADER", form, {expiries.UNTIL: "2020-01-01"})
    assert refused["errors"] == {expiries.UNTIL: words("zh")("expiry.past")}
    assert admin.manual(name).expires_at == manual.expires_at
    assert admin.crew.submit("U_LEADER", form, {expiries.UNTIL: "2098-05-06"}).get("closed")
    told = admin.crew.seen("U_LEADER", "dm", words("zh")("expiry.extended", title=name, date="2098-05-06"))
    assert told["ts"] == asked["ts"], "the question became its answer"
    assert not buttons_of(told)
    assert admin.manual(name).expires_at == last_moment("2098-05-06", admin.desk.services.settings.zone)


def test_without_an_owner_or_with_one_whom_slack_does_not_know_the_admins_are_asked(admin: Admin) -> None:
    for owner in ("", "张三"):
        name = title("窗帘")
        expires_in(admin, name, 2, owner=owner)
        admin.expected.add("user_not_found")
        look(admin.desk.app)
        admin.crew.wait(lambda name=name: questions(admin, ADMIN, name), f"the question for {name}")
        assert len(questions(admin, ADMIN, name)) == 1


def test_who_neither_owns_nor_keeps_manuals_cannot_extend(admin: Admin) -> None:
    name = title("空调")
    expires_in(admin, name, 2, owner="U_LEADER")
    look(admin.desk.app)
    asked = admin.crew.wait(lambda: questions(admin, "U_LEADER", name), "the question")[0]
    # somebody else keeps it since
    admin.live(name, "空调调到 26 度。", "夜间关闭空调。", said="负责人: U_SUPERVISOR")
    admin.crew.click("U_LEADER", asked, expiries.EXTEND)
    admin.crew.seen("U_LEADER", "dm", words("zh")("error.not_allowed.wrong_role"))
    assert admin.crew.modal("U_LEADER") is None


def test_a_manual_that_is_gone_cannot_be_extended(admin: Admin) -> None:
    name = title("地毯")
    manual = expires_in(admin, name, 2, owner="U_SUPERVISOR2")
    look(admin.desk.app)
    asked = admin.crew.wait(lambda: questions(admin, "U_SUPERVISOR2", name), "the question")[0]
    admin.desk.services.publisher.withdraw(manual.manual_id, ADMIN)
    admin.crew.click("U_SUPERVISOR2", asked, expiries.EXTEND)
    admin.crew.seen("U_SUPERVISOR2", "dm", words("zh")("expiry.not_live"))


def test_work_of_the_command_line_is_done_by_the_running_bot(admin: Admin) -> None:
    name = title("花盆")
    file = admin.write(name, "窗台花盆每周浇水 3 次。")
    jobs = admin.desk.services.jobs
    job = jobs.submit("ingest", IngestRequest(paths=(str(file),)).model_dump(mode="json"), "cli")
    admin.crew.wait(lambda: jobs.get(job).is_over, "the end of the job")
    assert (jobs.get(job).state, jobs.get(job).error) == (JobState.DONE, "")
    assert "3次" in squeezed(admin.ask("U_AGENT", "窗台花盆每周浇水几次？")[1])
