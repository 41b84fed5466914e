"""The tables come from the migrations; a library of the first schema keeps its past."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from knowledge_drafts import manual
from sqlalchemy import Engine, bindparam, select, text
from sqlalchemy.orm import Session

from knowledge import migrations
from knowledge.clauses import text_key
from knowledge.editions import content_hash, passage, passage_key, settled, stage_drafts
from knowledge.history import Move, edition_ids_at, history, publications_after
from knowledge.manuals import Base, Edition, PublicationKind, UtcTime
from knowledge.publishing import publish_editions, roll_back

FIRST = datetime(2026, 3, 1, 8, tzinfo=UTC)
TEXTS = ("迟到一次扣二十元。", "迟到一次扣三十元。")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    return config


def to_first_schema(engine: Engine) -> None:
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")


def rows_of_the_first_schema(engine: Engine) -> None:
    """Two manuals as the first program wrote them: one with two editions and a discarded one, one with one."""
    editions = [
        (1, 1, 1, "retired", "考勤办法", TEXTS[0], FIRST),
        (2, 1, 2, "live", "考勤办法", TEXTS[1], FIRST + timedelta(days=30)),
        (3, 1, 3, "discarded", "考勤办法", "作废。", None),
        (4, 2, 1, "live", "着装办法", "工服每周\n换洗。", FIRST),
    ]
    with engine.begin() as connection:
        for number, (title, live) in enumerate((("考勤办法", 2), ("着装办法", 4)), 1):
            connection.execute(
                text("INSERT INTO manual VALUES (:id, :title, '云杉家电', :live, :at)"),
                {"id": number, "title": title, "live": live, "at": FIRST},
            )
        for edition_id, manual_id, number, state, title, body, published in editions:
            draft = manual(title, body)
            clause = draft.clauses[0]
            connection.execute(
                text(
                    "INSERT INTO edition VALUES (:id, :manual, :number, :state, :title, '云杉家电', 'zh', 'a.txt', "
                    ":hash, :false, '[]', 1, :at, 'admin', :published)"
                ),
                {
                    "id": edition_id,
                    "manual": manual_id,
                    "number": number,
                    "state": state,
                    "title": title,
                    "hash": content_hash(draft),
                    "at": FIRST,
                    "published": published,
                    "false": False,
                },
            )
            key = passage_key(passage(title, "云杉家电", clause.heading_path, clause.search_text))
            connection.execute(
                text(
                    "INSERT INTO clause (id, edition_id, ordinal, label, heading_path, text, search_text, kind, "
                    "truncated, has_blank, vector_key) VALUES (:id, :id, 0, '第1条', '[]', :text, :text, 'text', "
                    ":false, :false, :key)"
                ),
                {"id": edition_id, "text": body, "key": key, "false": False},
            )
        for number, made in ((1, [1, 4]), (2, [2])):
            connection.execute(
                text(
                    "INSERT INTO publication (id, at, by, editions) VALUES (:id, :at, 'admin', :made)"
                ).bindparams(bindparam("at", type_=UtcTime())),
                {"id": number, "at": FIRST + timedelta(days=30 * (number - 1)), "made": json.dumps(made)},
            )
        if connection.dialect.name == "postgresql":
            for table in ("manual", "edition", "clause", "publication"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', 10)"))  # noqa: S608


def test_head_is_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(_config()).get_heads() == [migrations.HEAD]


def test_the_migrated_tables_are_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": migrations.VERSION_TABLE})
        assert compare_metadata(context, Base.metadata) == []


def test_a_library_of_the_first_schema_keeps_its_past(empty_engine: Engine) -> None:
    engine = empty_engine
    to_first_schema(engine)
    rows_of_the_first_schema(engine)
    migrations.upgrade(engine)
    migrations.upgrade(engine)
    now = FIRST + timedelta(days=90)
    with Session(engine) as session:
        assert edition_ids_at(session, FIRST, now) == (1, 4)
        assert edition_ids_at(session, FIRST + timedelta(days=30), now) == (2, 4)
        assert edition_ids_at(session, FIRST - timedelta(days=1), now) == ()
        keys = session.execute(text("SELECT text_key FROM clause ORDER BY id")).scalars().all()
        assert keys == [*map(text_key, TEXTS), text_key("作废。"), text_key("工服每周换洗。")]
        discarded, second, first = history(session, 1)
        assert (discarded.spans, len(second.spans), len(first.spans)) == ((), 1, 1)
        (span,) = first.spans
        assert (span.kind, span.by, span.ended_by) == (PublicationKind.PUBLISH, "admin", "admin")
        assert [record.moves for record in publications_after(session, 0)] == [
            (Move(1, None, 1), Move(2, None, 4)),
            (Move(1, 1, 2),),
        ]
        assert session.scalars(select(Edition.suspicious)).all() == [[]] * 4
        assert (first.metadata.audience, first.metadata.expires_at) == ((), None)


def test_a_migrated_library_goes_on(empty_engine: Engine) -> None:
    """The same text is known again, the next edition and going back work as ever."""
    engine = empty_engine
    to_first_schema(engine)
    rows_of_the_first_schema(engine)
    migrations.upgrade(engine)
    now = FIRST + timedelta(days=90)
    with Session(engine) as session, session.begin():
        same, new = stage_drafts(
            session,
            settled(
                session, [manual("着装办法", "工服每周\n换洗。"), manual("考勤办法", "迟到一次扣四十元。")]
            ),
            "editor",
            now,
            set(),
        )
        assert same.is_empty
        assert (new.manual_id, new.number) == (1, 4)
        publish_editions(session, [new.edition_id], "admin", now)
        back = roll_back(session, 1, "admin", now + timedelta(days=1))
        assert back.moves[0].after_edition_id == 2
        assert edition_ids_at(session, now, now + timedelta(days=2)) == (4, new.edition_id)
