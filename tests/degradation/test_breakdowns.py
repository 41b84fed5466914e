"""One thing is broken at a time: what still works goes on, people get one clear sentence, and it comes back by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from faulty import (
    HOST,
    Clock,
    Json,
    Note,
    SlowNames,
    answer_to,
    ask,
    each_connection,
    said,
    sentence_to,
    until,
)
from running_bot import MANUALS, Desk, running, settings_for

from bot.demo.crew import Crew, text_of
from bot.manifest import manifest
from bot.slack_app import SlackApp
from bot.wiring import build_services
from bot.workspace import Workspace
from tests.model_server import ModelServer, Reply

QUESTION, HOLDS = "借期是多少天？", "21"
FEE, FEE_HOLDS = "借书卡丢了补办收多少钱？", "8"
BUSY_ZH, BUSY_EN = "数据库暂时没有响应", "The database does not answer"


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as desk:
        yield desk


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Slack did not take is tried again at once."""
    monkeypatch.setattr("tickets.underway.AGAIN", timedelta(seconds=1))
    monkeypatch.setattr("bot.delivery._FIRST_RETRY", timedelta(seconds=1))


# -- the language model ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def writing(model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_MODEL", "openai:scripted")
        patch.setenv("KEFU_MODEL_BASE_URL", model.url)
        patch.setenv("KEFU_MODEL_API_KEY", "k-test")
        patch.setenv("KEFU_MODEL_FIRST_TOKEN_SECONDS", "2")
        patch.setenv("KEFU_MODEL_MAX_RETRIES", "0")
        patch.setattr("bot.assistant.language_model._PAUSE_SECONDS", 1.0)
        with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as desk:
            yield desk


def written(*sentences: str) -> Reply:
    lines = [json.dumps({"text": text, "cites": ["C1"]}, ensure_ascii=False) for text in sentences]
    return Reply("\n".join([*lines, '{"end": "answered", "conflict": false, "language": "zh"}']))


MODEL_FAULTS = {
    "the language model answers with 500": Reply(status=500),
    "the language model is slow": Reply("…", first_token_seconds=8.0),
    "the language model hangs up": Reply("…", cut_after=0),
}


@pytest.mark.parametrize("fault", MODEL_FAULTS)
def test_the_model(writing: Desk, model: ModelServer, note: Note, fault: str) -> None:
    model.play(MODEL_FAULTS[fault])
    asked = ask(writing, FEE)
    quoted = text_of(answer_to(writing, asked))
    note.works("the answer, as a quote of the clause", "工本费" in quoted and FEE_HOLDS in quoted)
    note.told("nothing: the quote is the answer", len(said(writing, asked)) == 1)
    model.play(written("借书卡遗失，补办要收 8 元工本费。"))
    until(
        lambda: "补办要收" in text_of(answer_to(writing, ask(writing, FEE))), "an answer in the model's words"
    )
    note.back("the next answers are the model's", holds=True)


# -- Slack ---------------------------------------------------------------------------------------------------

SLACK_FAULTS: dict[str, Json] = {
    "Slack answers with 503": {"kind": "http_error", "status": 503},
    "Slack says internal_error": {"kind": "api_error", "error": "internal_error"},
    "Slack limits the rate (429)": {"kind": "rate_limit", "retry_after": 1},
}
_SAYING = (
    "chat.startStream",
    "chat.appendStream",
    "chat.stopStream",
    "chat.postMessage",
    "chat.postEphemeral",
)


@pytest.mark.refusals
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("fault", SLACK_FAULTS)
def test_slack(calm: Desk, note: Note, fault: str) -> None:
    desk, crew = calm, calm.crew
    for method in _SAYING:
        crew.fault(**SLACK_FAULTS[fault], count=0, method=method)
    asked = ask(desk, QUESTION)
    crew.wait(lambda: any(one["left"] < 0 for one in crew._get("faults", {})["armed"]), "a refusal")
    crew.wait(lambda: desk.services.desk.underway.open() == 1, "the question, and nothing of before")
    number = _file(desk, f"{fault}：投影仪坏了")
    note.works("questions are taken on", desk.services.desk.underway.open() == 1)
    note.works("escalations are filed", number in {e.number for e in desk.services.desk.escalations()})
    note.told("nothing: Slack takes nothing", not said(desk, asked))
    crew.fault(kind="clear")
    note.back("the answer follows, once", HOLDS in text_of(answer_to(desk, asked)))
    crew.seen("U_SUPERVISOR", "C_REVIEW", number)
    shown = [m for m in crew.messages("U_SUPERVISOR", "C_REVIEW") if number in text_of(m)]
    note.back("the card follows, once", len(shown) == 1)


# -- SQLite ----------------------------------------------------------------------------------------------------


def told_that_it_is_away(desk: Desk, note: Note) -> None:
    """Who asks is told so, in their language."""
    told = sentence_to(desk, ask(desk, QUESTION))
    note.told(f"「{told}」", BUSY_ZH in told)
    english = sentence_to(desk, ask(desk, "How long may I keep a book?", "U_AGENT2"))
    note.told("in English to whoever reads English", BUSY_EN in english)


def back_at_once(desk: Desk, note: Note, question: str = QUESTION, holds: str = HOLDS) -> None:
    """The next question has its answer, and the trail is whole."""
    note.back("the next question is answered", holds in text_of(answer_to(desk, ask(desk, question))))
    note.back("the audit trail is whole", desk.services.desk.verify_audit() is None)


def test_sqlite_read_only(calm: Desk, note: Note) -> None:
    """SQLite is read-only"""
    fault = each_connection(calm.services.engine, "PRAGMA query_only=ON", afterwards="PRAGMA query_only=OFF")
    with fault:
        told_that_it_is_away(calm, note)
        before = (calm.crew.home("U_LEADER") or {}).get("hash")
        calm.crew.open_app("U_LEADER", "home")
        opened = calm.crew.wait(
            lambda: (calm.crew.home("U_LEADER") or {}).get("hash") != before, "the App Home"
        )
        note.works("the App Home", opened)
    back_at_once(calm, note)


# -- the clock and the names of machines ---------------------------------------------------------------------


@pytest.mark.slow
def test_the_clock_jumps(tmp_path: Path, note: Note) -> None:
    """the clock jumps an hour forward and two back"""
    clock, manuals = Clock(), tmp_path / "manuals"
    manuals.mkdir()
    for name, text in MANUALS.items():
        (manuals / name).write_text(text, encoding="utf-8")
    with Workspace(port=0, manifest=manifest()) as workspace:
        services = build_services(settings_for(workspace, tmp_path / "home"), clock)
        services.publisher.publish(services.publisher.stage([manuals], "test").edition_ids, "test")
        with SlackApp(services, clock) as app:
            desk = Desk(workspace, services, app, Crew(workspace.control_url))
            for hours in (1, -1, 0):
                clock.off = timedelta(hours=hours)
                asked = ask(desk, QUESTION)
                note.works("answers", HOLDS in text_of(answer_to(desk, asked)))
                note.told("nothing but the answers", len(said(desk, asked)) == 1)
                number = _file(desk, f"第{hours}小时的门锁")
                card = desk.crew.seen("U_SUPERVISOR", "C_REVIEW", number)
                note.works("escalations and their cards", card)
            note.back("the audit trail is whole", services.desk.verify_audit() is None)
            until(lambda: not desk.services.desk.underway.open(), "nothing underway")
            note.back("nothing is left on its way", holds=True)
        services.close()


def _file(desk: Desk, summary: str) -> str:
    from block_samples import content

    from tickets.records import Origin

    told = replace(content(summary), policy_basis=())
    filed = desk.services.desk.file_escalation(
        desk.services.people.get("U_AGENT"), told, Origin(), f"test:{summary}"
    )
    desk.app.outbox.nudge()
    return filed.number


def test_a_notice_of_before_the_clock_was_set_back(
    calm: Desk, note: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    """the clock is set back an hour while notices wait"""
    clock = Clock()
    monkeypatch.setattr(calm.services.desk, "_clock", clock)
    clock.off = timedelta(hours=1)
    calm.app.outbox.stop()
    calm.app.outbox._thread.join(30)
    number = _file(calm, "钟慢了一小时的窗")
    clock.off = timedelta(0)
    note.back("at once, not after an hour", calm.app.outbox.pump() >= 1)
    note.works("what waited is sent", calm.crew.seen("U_SUPERVISOR", "C_REVIEW", number))
    shown = [m for m in calm.crew.messages("U_SUPERVISOR", "C_REVIEW") if number in text_of(m)]
    note.told("the card, once", len(shown) == 1)


@pytest.mark.slow
def test_names_resolve_slowly(tmp_path: Path, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    """names of machines resolve slowly, then not at all"""
    names, manuals = SlowNames(monkeypatch), tmp_path / "manuals"
    manuals.mkdir()
    for name, text in MANUALS.items():
        (manuals / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr("tickets.underway.AGAIN", timedelta(seconds=1))
    with Workspace(port=0, manifest=manifest()) as workspace:
        settings = settings_for(workspace, tmp_path / "home")
        there = settings.slack.model_copy(update={"api_url": workspace.api_url.replace("127.0.0.1", HOST)})
        services = build_services(settings.model_copy(update={"slack": there}))
        services.publisher.publish(services.publisher.stage([manuals], "test").edition_ids, "test")
        with SlackApp(services) as app:
            desk = Desk(workspace, services, app, Crew(workspace.control_url))
            before = names.asked
            names.seconds = 0.5
            slow = text_of(answer_to(desk, ask(desk, QUESTION)))
            note.works("answers, while names resolve slowly", HOLDS in slow and names.asked > before)
            names.seconds, names.gone = 0.1, True
            asked = ask(desk, FEE)
            desk.crew.wait(lambda: services.desk.underway.open() == 1, "the question taken on")
            note.works("questions are taken on while they do not", holds=True)
            note.told("nothing: there is no way to Slack", not said(desk, asked))
            names.gone = False
            names.seconds = 0.0
            answered = text_of(answer_to(desk, asked))
            note.back("what was asked meanwhile is answered, once", FEE_HOLDS in answered)
        services.close()
