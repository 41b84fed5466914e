"""Manuals by file drop: who may, what is shown, publishing, the new rule in the next answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from running_bot import MANUALS, Desk, running

from bot.demo.crew import Crew, buttons_of, text_of
from bot.listeners.downloads import is_slack, safe_name

NAME = "借阅室守则.md"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A bot of these tests alone: one of them changes a rule that others ask for."""
    with running(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")) as bot:
        yield bot


def drop_changed(crew: Crew, tmp_path: Path, old: str, new: str, user: str = "U_ADMIN") -> dict[str, str]:
    file = tmp_path / NAME
    file.write_text(MANUALS[NAME].replace(old, new), encoding="utf-8")
    return crew.drop(user, "dm", str(file))


def test_an_agent_may_not_change_manuals(desk: Desk, crew: Crew, tmp_path: Path) -> None:
    before = desk.services.library.generation()
    dropped = drop_changed(crew, tmp_path, "8 元", "80 元", "U_AGENT")
    refusal = crew.seen("U_AGENT", "dm", "手册由管理员更新", after=dropped["ts"], thread_ts=dropped["ts"])
    assert "manuals_publish" not in buttons_of(refusal)
    assert desk.services.library.generation() == before


def test_what_an_agent_asks_beside_a_picture_is_answered(crew: Crew, tmp_path: Path) -> None:
    file = tmp_path / "截图.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    dropped = crew.drop("U_AGENT", "dm", str(file), "逾期归还每本每天收多少滞还费？")
    where = {"after": dropped["ts"], "thread_ts": dropped["ts"]}
    assert "escalate" in buttons_of(crew.seen("U_AGENT", "dm", "滞还费", **where))
    crew.seen("U_AGENT", "dm", "附件我没有读", **where)


def test_a_changed_manual_is_compared_published_and_answered_from(
    desk: Desk, crew: Crew, tmp_path: Path
) -> None:
    dropped = drop_changed(crew, tmp_path, "21 天", "33 天")
    card = crew.seen("U_ADMIN", "dm", "手册更新待发布", after=dropped["ts"], thread_ts=dropped["ts"])
    assert "修改 1" in text_of(card)
    question = "一张卡借书的借期是多少天？"
    asked = crew.say("U_AGENT", "dm", question)
    assert "21" in text_of(crew.reply("U_AGENT", asked))
    crew.click("U_ADMIN", card, "manuals_publish")
    crew.seen("U_ADMIN", "dm", "已发布", thread_ts=dropped["ts"])
    asked = crew.say("U_AGENT", "dm", question)
    answer = text_of(crew.reply("U_AGENT", asked))
    assert "33" in answer
    assert "第2版" in answer
    assert not list((desk.services.settings.home / "incoming").iterdir())


def test_discarding_changes_nothing_and_cannot_be_published_later(
    desk: Desk, crew: Crew, tmp_path: Path
) -> None:
    before = desk.services.library.generation()
    dropped = drop_changed(crew, tmp_path, "12 元", "99 元")
    card = crew.seen("U_ADMIN", "dm", "手册更新待发布", after=dropped["ts"], thread_ts=dropped["ts"])
    crew.click("U_ADMIN", card, "manuals_discard")
    ended = crew.seen("U_ADMIN", "dm", "已放弃", thread_ts=dropped["ts"])
    assert not buttons_of(ended)
    assert desk.services.library.generation() == before


def test_a_file_that_is_no_text_is_refused_with_a_sentence(crew: Crew, tmp_path: Path) -> None:
    file = tmp_path / "照片.md"
    file.write_bytes(bytes(range(256)) * 20)
    dropped = crew.drop("U_ADMIN", "dm", str(file))
    crew.seen("U_ADMIN", "dm", "文件没有被接收", after=dropped["ts"], thread_ts=dropped["ts"])


def test_the_token_goes_to_slack_only() -> None:
    api = "http://127.0.0.1:9999/api/"
    assert is_slack("https://files.slack.com/files-pri/T1-F1/download/a.md", "https://slack.com/api/")
    assert is_slack("http://127.0.0.1:9999/files/F1", api)
    for url in (
        "http://files.slack.com/a",
        "https://slack.com.evil.example/a",
        "https://evilslack.com/a",
        "http://127.0.0.1:1/files/F1",
        "file:///etc/passwd",
        "",
    ):
        assert not is_slack(url, api)


def test_file_names_cannot_leave_the_folder() -> None:
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("..\\..\\a.md") == "a.md"
    assert safe_name("...") == "file"
    assert safe_name("客服\n制度.md") == "客服制度.md"
