"""A library of every schema that was ever released, with a row in each table, goes forward, keeps its rows, and answers."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cheap_embedder import CheapEmbedder
from test_manuals_schema import FIRST, TEXTS, rows_of_the_first_schema, to_first_schema

from knowledge import migrations
from knowledge.conflict_records import Settlement
from knowledge.golden import GoldenQuestions
from knowledge.library import Library
from knowledge.vectors import Vectors
from tickets.store import READING

RELEASED = [f"{number:04d}" for number in range(1, int(migrations.HEAD) + 1)]
POINT = {
    "kind": "number", "quote_a": TEXTS[1], "quote_b": "工服每周换洗。", "value_a": "三十元", "value_b": "每周", "certainty": 0.5,
}  # fmt: skip
LATER = FIRST + timedelta(days=60)


def rows_of(engine: sa.Engine, released: str) -> None:
    """Rows as the program of that schema wrote them."""
    to_first_schema(engine)
    rows_of_the_first_schema(engine)
    migrations.upgrade(engine, released)
    if released < "0002":
        return
    found = sa.MetaData()
    found.reflect(engine)
    keys = sa.select(found.tables["clause"].c.text_key).where(found.tables["clause"].c.id.in_((2, 4)))
    with engine.begin() as connection:
        late, worn = connection.scalars(keys.order_by(found.tables["clause"].c.id))
        rows: dict[str, dict[str, Any]] = {
            "conflict": {
                "manual_a_id": 1, "text_a": late, "manual_b_id": 2, "text_b": worn, "kind": "number",
                "detail": {"points": [POINT]}, "found_at": LATER, "settlement": "", "settled": {},
                "settled_by": "", "settled_at": None,
            },
            "golden": {
                "question": "迟到扣多少？", "accepted": [], "added_by": "admin", "added_at": LATER,
            },
            "job": {
                "kind": "ingest", "request": {"paths": ["a.txt"]}, "state": "done", "by": "admin", "created_at": LATER,
                "claimed_until": None, "progress": {}, "result": {"count": 1}, "error": "",
            },
            "wording_notice": {
                "wording": "春节", "matter": "", "from_on": date(2026, 2, 10), "until_on": date(2026, 2, 20), "note": "",
                "added_by": "admin", "added_at": LATER,
            },
        }  # fmt: skip
        for name, row in rows.items():
            if name in found.tables:
                connection.execute(found.tables[name].insert().values(row))


def everything(engine: sa.Engine) -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of ours by table and id."""
    found = sa.MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: {row["id"]: dict(row) for row in connection.execute(sa.select(table)).mappings()}
            for table in found.sorted_tables
            if table.name != migrations.VERSION_TABLE
        }


@pytest.mark.parametrize("released", RELEASED)
def test_no_row_and_no_value_is_lost(empty_engine: sa.Engine, released: str) -> None:
    rows_of(empty_engine, released)
    before = everything(empty_engine)
    assert all(before.values()), "a row in each table"
    migrations.upgrade(empty_engine)
    after = everything(empty_engine)
    for table, rows in before.items():
        for number, row in rows.items():
            assert {name: after[table][number][name] for name in row} == row
    assert json.dumps(TEXTS[1]) in json.dumps(after["clause"][2]["text"])


@pytest.mark.parametrize("released", RELEASED)
def test_the_library_answers_as_before_and_goes_on(
    empty_engine: sa.Engine, released: str, tmp_path: Path
) -> None:
    rows_of(empty_engine, released)
    migrations.upgrade(empty_engine)
    library = Library(
        empty_engine,
        lambda name: Vectors(tmp_path, name),
        CheapEmbedder,
        tmp_path / "index",
        lambda: datetime(2026, 11, 1, tzinfo=UTC),
        reader=empty_engine.execution_options(**{READING: True}),
    )
    try:
        assert library.search("迟到一次扣多少元", 1)[0].clause.text == TEXTS[1]
        then = library.view(as_of=FIRST + timedelta(days=1))
        assert then.search("迟到一次扣多少元", 1)[0].clause.text == TEXTS[0]
        assert [record.number for record in library.history(1)] == [3, 2, 1]
        conflicts = library.conflicts()
        questions = GoldenQuestions(empty_engine, lambda: LATER).all()
        if released >= "0002":
            assert [question.question for question in questions] == ["迟到扣多少？"]
            (conflict,) = conflicts
            library.settle_conflict(conflict.id, Settlement.BOTH_HOLD, "admin")
            assert not library.conflicts()
        assert library.rollback(1, "admin").moves[0].after_edition_id == 1
        assert library.search("迟到一次扣多少元", 1)[0].clause.text == TEXTS[0]
        library.sweep()
        assert library.search("工服", 1)[0].clause.text == "工服每周\n换洗。"
    finally:
        library.close()
