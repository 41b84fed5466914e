"""Whoever changes the database behind the desk is found out."""

from __future__ import annotations

import pytest
from desk_samples import AGENT, LEADER, ORIGIN, escalation, ticket
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from tickets.desk import Desk


@pytest.fixture
def busy_desk(desk: Desk) -> Desk:
    """A desk with six entries in its trail."""
    filed = desk.file_escalation(AGENT, escalation(), ORIGIN, "k1")
    desk.edit_escalation(AGENT, filed.id, 1, escalation(summary="补充后"))
    desk.approve(LEADER, filed.id, 2, "照办")
    desk.log_ticket(AGENT, ticket(), ORIGIN, "t1")
    desk.log_ticket(AGENT, ticket(), ORIGIN, "t2")
    assert len(desk.audit()) == 6
    assert desk.verify_audit() is None
    return desk


def run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def lift_guards(engine: Engine) -> None:
    """What somebody with the keys of the database would do first."""
    suffix = " ON audit_entries" if engine.dialect.name == "postgresql" else ""
    for verb in ("update", "delete"):
        run(engine, f"DROP TRIGGER audit_entries_no_{verb.upper() if not suffix else verb}{suffix}")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET actor_id = 'U_X' WHERE id = 2", "DELETE FROM audit_entries WHERE id = 6"],
)
def test_the_database_refuses_to_change_the_trail(busy_desk: Desk, engine: Engine, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run(engine, statement)
    assert busy_desk.verify_audit() is None


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE audit_entries SET actor_id = 'U_X' WHERE id = 2", 2),
        ("UPDATE audit_entries SET action = 'escalation.rejected' WHERE id = 3", 3),
        ("UPDATE audit_entries SET subject = 'ticket:9' WHERE id = 5", 5),
        ("UPDATE audit_entries SET details = '{}' WHERE id = 1", 1),
        ("UPDATE audit_entries SET at = (SELECT max(at) FROM answers) WHERE id = 99", None),
        ("UPDATE audit_entries SET at = '2026-11-24 01:00:00.000000+00' WHERE id = 4", 4),
        ("UPDATE audit_entries SET hash = previous_hash WHERE id = 4", 4),
        ("UPDATE audit_entries SET previous_hash = hash WHERE id = 4", 4),
        ("DELETE FROM audit_entries WHERE id = 1", 1),
        ("DELETE FROM audit_entries WHERE id = 3", 3),
        ("DELETE FROM audit_entries WHERE id = 6", 6),
        ("DELETE FROM audit_entries", 1),
        ("UPDATE audit_entries SET id = 60 WHERE id = 6", 6),
        ("UPDATE audit_head SET count = 5", 7),
    ],
)
def test_any_change_of_the_trail_shows(
    busy_desk: Desk, engine: Engine, statement: str, position: int | None
) -> None:
    lift_guards(engine)
    if engine.dialect.name == "sqlite":
        statement = statement.replace("000000+00'", "000000'")
    run(engine, statement)
    found = busy_desk.verify_audit()
    assert (found.position if found else None) == position


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE escalations SET state = 'rejected'",
        "UPDATE escalations SET decided_by = 'U_X'",
        "UPDATE escalations SET decision_note = '别管了'",
        "UPDATE tickets SET owner_id = 'U_X' WHERE id = 2",
        "DELETE FROM tickets WHERE id = 3",
        "UPDATE escalation_revisions SET content = '{}' WHERE revision = 1",
        "DELETE FROM escalation_revisions WHERE revision = 1",
        "INSERT INTO escalation_revisions SELECT escalation_id, 9, content, changed_by, at FROM escalation_revisions WHERE revision = 1",
    ],
)
def test_a_record_changed_behind_the_desk_shows(busy_desk: Desk, engine: Engine, statement: str) -> None:
    run(engine, statement)
    assert busy_desk.verify_audit() is not None
