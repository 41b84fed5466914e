"""A house is moved from its folder to PostgreSQL and a Chroma server while its bot answers; nothing is lost or doubled."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from running_bot import running

from bot.backup import tables
from bot.backup.errors import BackupError
from bot.backup.moving import Move
from bot.backup.saving import one_moment
from bot.demo.crew import text_of
from bot.settings import Settings
from bot.startup import StartupError, alone_in
from bot.wiring import open_assistant, open_desk, open_engine, open_library, open_people
from tickets.people import Person, Role
from tickets.records import EscalationContent, Origin, TicketContent
from tickets.store import open_engine as open_store

AGENT, LEADER = Person("U_AGENT", "安静"), Person("U_LEADER", "林领", Role.LEADER)
QUESTION = "借书卡丢了补办收多少钱？"


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """An empty database."""
    admin = open_store(postgres_url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS moved WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE moved"))
    yield make_url(postgres_url).set(database="moved").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE moved WITH (FORCE)"))
    admin.dispose()


def contents(url: str) -> dict[str, list[Any]]:
    engine = open_store(url)
    with one_moment(engine) as connection:
        found = {
            one.name: list(tables.read_rows(connection, one))
            for one in tables.reflect(engine, tables.revisions(connection))
        }
    engine.dispose()
    return found


@pytest.mark.slow
def test_what_is_written_changed_and_deleted_meanwhile_is_taken_over(
    tmp_path: Path, database: str, chroma_url: str
) -> None:
    settings = Settings(home=tmp_path)
    engine = open_engine(settings)
    desk = open_desk(settings, engine, open_people(settings))
    content = EscalationContent("客户催单", "【事件】催单", handling_suggestion="请加急")
    filed = desk.file_escalation(AGENT, content, Origin(), "k1")
    logged = desk.log_ticket(AGENT, TicketContent("漏水"), Origin(), "k1")
    desk.claim("event:old")
    move = Move(settings, database, chroma_url)
    move.copy()
    assert move.catch_up().nothing
    desk.approve(LEADER, filed.id, 1, "去吧")  # a changed row that others refer to, new rows, an audit head
    desk.board.comment(AGENT, logged.id, "又来问", "c1")
    desk.forget_claims(desk.board.now() + timedelta(days=999))
    taken = move.catch_up()
    assert taken.written > 4
    assert taken.removed >= 1
    assert move.catch_up().nothing
    moved = move.finish()
    move.close()
    assert contents(settings.database) == contents(database)
    assert moved.rows["audit_entries"] == len(desk.audit())
    with pytest.raises(StartupError, match="KEFU_DATABASE_URL"), alone_in(tmp_path):
        pass
    with pytest.raises(BackupError, match="moved already"):
        Move(settings, database, chroma_url)
    there = open_desk(settings, open_store(database), open_people(settings))
    assert there.log_ticket(AGENT, TicketContent("新的"), Origin(), "k9").id > logged.id  # numbers go on
    engine.dispose()


def test_what_cannot_be_moved_is_refused_in_one_sentence(tmp_path: Path, database: str) -> None:
    with pytest.raises(BackupError, match="PostgreSQL"):
        Move(Settings(home=tmp_path), "sqlite:///x.db", "http://127.0.0.1:1")
    with pytest.raises(BackupError, match="on servers already"):
        Move(Settings(home=tmp_path, database_url=database), database, "http://127.0.0.1:1")
    other = Settings(home=tmp_path / "other", database_url=database)
    open_desk(other, open_engine(other), open_people(other)).log_ticket(
        AGENT, TicketContent("别家"), Origin(), "k"
    )
    mine = Settings(home=tmp_path / "mine")
    open_desk(mine, open_engine(mine), open_people(mine)).log_ticket(
        AGENT, TicketContent("我家"), Origin(), "k"
    )
    move = Move(mine, database, "http://127.0.0.1:1")
    with pytest.raises(BackupError, match="another house"):
        move.copy()
    move.close()


@pytest.mark.slow
def test_answers_keep_coming_while_it_is_moved_and_go_on_afterwards(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, database: str, chroma_url: str
) -> None:
    home = tmp_path / "home"
    moving = threading.Event()
    asked: list[str] = []
    with alone_in(home), running(home, tmp_path_factory.mktemp("manuals")) as bot:
        before, clauses = bot.services.settings, len(bot.services.library.index().clause_ids)

        def ask() -> None:
            while not moving.is_set():
                answer = bot.crew.reply("U_AGENT", bot.crew.say("U_AGENT", "dm", QUESTION))
                asked.append(text_of(answer))

        asking = threading.Thread(target=ask)
        asking.start()
        move = Move(before, database, chroma_url)
        move.copy()
        while not asked:
            move.catch_up()
        move.make_vectors()
        answered = len(asked)
        bot.crew.wait(lambda: len(asked) > answered, "answers after everything was copied")
        assert move.bot_stops(0) is None  # it still runs
        moving.set()
        asking.join(120)
        assert all("工本费" in one for one in asked), asked[0]
    lock = move.bot_stops(30)
    assert lock is not None
    with lock:
        moved = move.finish()
    move.close()
    assert contents(before.database) == contents(database)
    assert moved.clauses == clauses > 4
    after = before.model_copy(
        update={"database_url": database, "chroma_url": chroma_url, "home": tmp_path / "new"}
    )
    engine = open_engine(after)
    library = open_library(after, engine)
    try:
        assert "工本费" in open_assistant(after, library).answer(QUESTION).text
        desk = open_desk(after, engine, open_people(after))
        assert desk.verify_audit() is None
        assert sum(entry.action == "answer.given" for entry in desk.audit()) == len(asked)
    finally:
        library.close()
        engine.dispose()
