"""The tables come from the migrations, and a database that is not ours to use is refused in one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from desk_samples import AGENT, EVERYBODY, ORIGIN, Clock, ticket
from sqlalchemy import Engine, text

from tickets import migrations
from tickets.desk import Desk
from tickets.errors import SchemaError
from tickets.models import Base
from tickets.people import People
from tickets.store import open_engine


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_the_migrated_tables_are_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrations.VERSION_TABLE})
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_again_changes_nothing(engine: Engine, clock: Clock) -> None:
    desk = Desk(engine, People(EVERYBODY), clock)
    desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    migrations.upgrade(engine)
    assert len(desk.tickets()) == 1


def test_other_tables_in_the_same_database_do_not_matter(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE manuals (id INTEGER PRIMARY KEY)"))
    migrations.upgrade(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE tickets_version SET version_num = '9999'", "newer"),
        ("DELETE FROM tickets_version", "half-written"),
        ("DROP TABLE tickets_version", "half-written"),
        ("DROP TABLE audit_entries", "half-written"),
    ],
)
def test_a_database_that_is_newer_or_not_whole_is_refused(engine: Engine, statement: str, word: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))
    with pytest.raises(SchemaError, match=word) as error:
        migrations.upgrade(engine)
    assert "\n" not in str(error.value)


def test_a_failed_migration_leaves_nothing_behind(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE cards (id INTEGER PRIMARY KEY)"))  # in the way
    with pytest.raises(SchemaError):
        migrations.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE cards"))
    migrations.upgrade(engine)
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_file_that_is_no_database_is_refused(url: str, tmp_path: Path) -> None:
    (tmp_path / "kefu.db").write_bytes(b"this is a letter, not a database\n" * 200)
    with pytest.raises(SchemaError, match="cannot be used") as error:
        migrations.upgrade(open_engine(url))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("bad", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used_is_refused(bad: str) -> None:
    with pytest.raises(SchemaError):
        open_engine(bad)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_opening_a_current_database_does_not_import_alembic(engine: Engine, url: str) -> None:
    code = (
        "import sys; from tickets import migrations; from tickets.store import open_engine;"
        f"migrations.upgrade(open_engine({url!r})); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
