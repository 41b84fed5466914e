"""Backups: made while others write, put back into either database, and refused when they are not whole."""

from __future__ import annotations

import contextlib
import itertools
import json
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect, make_url, text

from bot.backup import archive, tables
from bot.backup.archive import Manifest
from bot.backup.errors import BackupError
from bot.backup.restoring import restore
from bot.backup.saving import save
from bot.settings import Settings
from bot.wiring import open_desk, open_intake, open_library, open_people
from tickets.contacts import Contact
from tickets.desk import Desk
from tickets.people import Person, Role
from tickets.records import EscalationContent, Origin, TicketContent, Urgency
from tickets.store import open_engine
from tickets.vault import new_key

AGENT, LEADER = Person("U_AGENT", "安静"), Person("U_LEADER", "林领", Role.LEADER)
PEOPLE = '[[people]]\nid = "U_LEADER"\nname = "林领"\nrole = "leader"\n'
MANUAL = "# 取件柜守则\n\n1. 取件码二十四小时内有效。\n2. 逾期每天收两元，最多收十元。\n"

_names = itertools.count(1)
Empty = Callable[[str], Settings]


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Empty]:
    """Settings of an unused house on the database asked for."""
    key, made = new_key(), []

    def empty(kind: str) -> Settings:
        home, address = tmp_path / f"house-{next(_names)}", None
        if kind == "postgres":
            server = request.getfixturevalue("postgres_url")
            made.append(name := f"backup_{next(_names)}")
            _on(server, f"CREATE DATABASE {name}")
            address = make_url(server).set(database=name).render_as_string(hide_password=False)
        return Settings(home=home, database_url=address, contact_key=key)

    yield empty
    for name in made:
        _on(request.getfixturevalue("postgres_url"), f"DROP DATABASE {name} WITH (FORCE)")


def _on(server: str, statement: str) -> None:
    admin = open_engine(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


def opened(settings: Settings) -> tuple[Engine, Desk]:
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database)
    tables.migrate(engine)
    return engine, open_desk(settings, engine, open_people(settings))


def lived_in(settings: Settings) -> tuple[Engine, Desk]:
    """A house with a manual, tickets of which an earlier one was merged into a later, an escalation, and a contact."""
    settings.home.mkdir(parents=True)
    settings.people_file.write_text(PEOPLE, encoding="utf-8")
    settings.procedures_folder.mkdir()
    (settings.procedures_folder / "own.toml").write_text('key = "own"\n', encoding="utf-8")
    engine, desk = opened(settings)
    library = open_library(settings, engine)
    manual = settings.home / "manual.md"
    manual.write_text(MANUAL, encoding="utf-8")
    library.publish(open_intake(settings, library).stage([manual], "test").edition_ids, "test")
    library.close()
    first, second = log(desk, "柜门打不开"), log(desk, "柜门还是打不开")
    desk.board.merge(AGENT, first, 1, second)
    desk.contacts.keep(AGENT, f"ticket:{second}", Contact(name="麦冬", phone="13766665555"))
    content = EscalationContent(
        summary="客户要求赔付", report="【处理意见】请批", category="超出本职范围",
        urgency=Urgency.NORMAL, handling_suggestion="请批", policy_basis=(), missing=(),
    )  # fmt: skip
    desk.file_escalation(AGENT, content, Origin(), "e1")
    return engine, desk


def log(desk: Desk, title: str) -> int:
    return desk.log_ticket(AGENT, TicketContent(title=title), Origin(), f"t{next(_names)}").id


def contents(manifest: Manifest) -> dict[str, str]:
    return {part.name: part.sha256 for part in manifest.parts}


@pytest.mark.parametrize(
    ("one", "other"), [("sqlite", "postgres"), pytest.param("postgres", "sqlite", marks=pytest.mark.slow)]
)
def test_everything_comes_back_in_either_database(house: Empty, tmp_path: Path, one: str, other: str) -> None:
    source = house(one)
    engine, _ = lived_in(source)
    saved = save(source, engine, tmp_path / "a.zip")
    there = house(other)
    there.home.mkdir()
    target = open_engine(there.database)
    restore(there, target, tmp_path / "a.zip")
    again = save(source, target, tmp_path / "b.zip")
    assert contents(again) == contents(saved)
    assert saved.rows > 20

    desk = open_desk(there, target, open_people(there))
    assert desk.verify_audit() is None
    assert desk.contacts.look(LEADER, "ticket:2", "回电").phone == "13766665555"
    before = max(ticket.id for ticket in desk.tickets())
    assert log(desk, "新的一件") == before + 1, "numbers go on after those put back"
    assert desk.verify_audit() is None
    library = open_library(there, target)
    assert "两元" in library.search("逾期一天多少钱")[0].clause.text
    library.close()
    engine.dispose()
    target.dispose()


def test_settings_files_come_along_and_replace_nothing(house: Empty, tmp_path: Path) -> None:
    source = house("sqlite")
    engine, _ = lived_in(source)
    save(source, engine, tmp_path / "a.zip")
    there = house("sqlite")
    there.home.mkdir()
    there.people_file.write_text("# mine\n", encoding="utf-8")
    done = restore(there, open_engine(there.database), tmp_path / "a.zip")
    assert (done.settings, done.kept) == (("procedures/own.toml",), ("people.toml",))
    assert there.people_file.read_text(encoding="utf-8") == "# mine\n"
    assert (there.procedures_folder / "own.toml").read_text(encoding="utf-8") == 'key = "own"\n'


def test_own_words_for_the_model_come_along(
    house: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "words"
    ours.mkdir()
    (ours / "answer.md").write_text("# ours\n", encoding="utf-8")
    source = house("sqlite")
    engine, _ = lived_in(source)
    monkeypatch.setenv("KEFU_PROMPTS_FOLDER", str(ours))
    save(source, engine, tmp_path / "a.zip")
    monkeypatch.delenv("KEFU_PROMPTS_FOLDER")
    there = house("sqlite")
    there.home.mkdir()
    done = restore(there, open_engine(there.database), tmp_path / "a.zip")
    assert "prompts/answer.md" in done.settings
    assert (there.home / "prompts" / "answer.md").read_text(encoding="utf-8") == "# ours\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_one_moment_of_a_desk_that_goes_on(house: Empty, tmp_path: Path, kind: str) -> None:
    source = house(kind)
    engine, desk = lived_in(source)
    ended = threading.Event()
    writers = [
        threading.Thread(target=lambda: [log(desk, "又一件") for _ in iter(ended.is_set, True)])
        for _ in range(3)
    ]
    for writer in writers:
        writer.start()
    try:
        for number in range(3):
            save(source, engine, tmp_path / f"{number}.zip")
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    counts = []
    for number in range(3):
        there = house("sqlite")
        there.home.mkdir()
        target = open_engine(there.database)
        restore(there, target, tmp_path / f"{number}.zip")
        restored = open_desk(there, target, open_people(there))
        assert restored.verify_audit() is None
        with target.connect() as connection:
            logged = text("SELECT count(*) FROM audit_entries WHERE action = 'ticket.logged'")
            counts.append(connection.scalar(text("SELECT count(*) FROM tickets")))
            assert connection.scalar(logged) == counts[-1]
        target.dispose()
    assert counts == sorted(counts)
    engine.dispose()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    house = Settings(home=folder / "home", contact_key=new_key())
    engine, _ = lived_in(house)
    save(house, engine, folder / "whole.zip")
    engine.dispose()
    return folder / "whole.zip"


@settings(max_examples=40)
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_changed_bit_is_noticed_or_changes_nothing(whole: Path, place: float, bit: int) -> None:
    data = bytearray(whole.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    damaged = whole.with_name("damaged.zip")
    damaged.write_bytes(data)
    with archive.read(whole) as source:
        before = source.check()
    with contextlib.suppress(BackupError), archive.read(damaged) as source:
        assert contents(source.check()) == contents(before)


@settings(max_examples=40)
@given(place=st.floats(0, 1, exclude_max=True))
def test_half_a_file_is_no_backup(whole: Path, place: float) -> None:
    half = whole.with_name("half.zip")
    half.write_bytes(whole.read_bytes()[: int(place * whole.stat().st_size)])
    with pytest.raises(BackupError, match=r"half\.zip"), archive.read(half) as source:
        source.check()


def test_nothing_is_replaced(house: Empty, whole: Path, tmp_path: Path) -> None:
    settings = house("sqlite")
    engine, desk = lived_in(settings)
    with pytest.raises(BackupError, match="in use already"):
        restore(settings, engine, whole)
    assert desk.verify_audit() is None
    taken = tmp_path / "taken.zip"
    taken.write_bytes(b"mine")
    with pytest.raises(BackupError, match="is there already"):
        save(settings, engine, taken)
    assert taken.read_bytes() == b"mine"
    engine.dispose()


def test_it_is_there_when_it_is_whole_and_for_its_owner(
    house: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = house("sqlite")
    engine, _ = lived_in(settings)
    save(settings, engine, tmp_path / "a.zip")
    assert stat.S_IMODE((tmp_path / "a.zip").stat().st_mode) == 0o600
    monkeypatch.setattr(
        archive.Writing, "end", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    with pytest.raises(OSError, match="No space left"):
        save(settings, engine, tmp_path / "b.zip")
    assert sorted(path.name for path in tmp_path.glob("*.zip*")) == ["a.zip"]
    engine.dispose()


def test_rows_of_an_older_schema_are_brought_up(house: Empty, tmp_path: Path) -> None:
    older = {tables.VERSIONS[0]: "0001", tables.VERSIONS[1]: "0001"}
    source = house("sqlite")
    source.home.mkdir()
    engine = open_engine(source.database)
    tables.migrate(engine, older)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO counters (name, last) VALUES ('ticket', 41)"))
    with archive.write(tmp_path / "old.zip") as writing, engine.connect() as connection:
        for table in tables.reflect(engine, older):
            writing.table(table.name, tuple(table.columns.keys()), tables.read_rows(connection, table))
        writing.end("0.1", older)
    there = house("sqlite")
    there.home.mkdir()
    target = open_engine(there.database)
    restore(there, target, tmp_path / "old.zip")
    with target.connect() as connection:
        assert connection.scalar(text("SELECT last FROM counters")) == 41
    assert open_desk(there, target, open_people(there)).verify_audit() is None
    assert "model_usage" in inspect(target).get_table_names()


@pytest.mark.parametrize(
    ("change", "says"),
    [({"format": 99}, "newer"), ({"revisions": {"knowledge_version": "9999", "tickets_version": "9999"}}, "newer"),
     ({"parts": 1}, "not a backup")],
)  # fmt: skip
def test_what_another_program_wrote(
    house: Empty, whole: Path, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    import zipfile

    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        for name in source.namelist():
            content = source.read(name)
            if name == archive.MANIFEST:
                content = json.dumps(json.loads(content) | change).encode()
            other.writestr(name, content)
    settings = house("sqlite")
    settings.home.mkdir()
    engine = open_engine(settings.database)
    with pytest.raises(BackupError, match=says):
        restore(settings, engine, tmp_path / "other.zip")
    assert inspect(engine).get_table_names() == []
