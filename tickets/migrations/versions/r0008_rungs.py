"""The way of an escalation up the ladder, and reports owed to those who were passed over."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_SQLITE_APPEND_ONLY = """
CREATE TRIGGER escalation_steps_no_{verb} BEFORE {verb} ON escalation_steps
BEGIN SELECT RAISE(ABORT, 'the way of an escalation is append-only'); END
"""
_POSTGRES_FUNCTION = """
CREATE FUNCTION escalation_steps_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the way of an escalation is append-only'; END $$
"""
_POSTGRES_APPEND_ONLY = """
CREATE TRIGGER escalation_steps_no_{verb} BEFORE {verb} ON escalation_steps
FOR EACH STATEMENT EXECUTE FUNCTION escalation_steps_refuse()
"""


def upgrade() -> None:
    """Add their tables and columns; what was filed before has no way yet."""
    for name in ("waiting_since", "reminded_at", "carried_out_at"):
        op.add_column("escalations", sa.Column(name, _TIME, nullable=True))
    op.add_column("escalations", sa.Column("carried_out_by", sa.String(length=64), nullable=True))
    _steps()
    _owed_reports()
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(_POSTGRES_FUNCTION)
    for verb in ("UPDATE", "DELETE"):
        op.execute((_POSTGRES_APPEND_ONLY if postgres else _SQLITE_APPEND_ONLY).format(verb=verb))


def _steps() -> None:
    op.create_table(
        "escalation_steps",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("from_role", sa.String(length=32), nullable=True),
        sa.Column("to_role", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("special", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalations.id"]),
        sa.PrimaryKeyConstraint("escalation_id", "number"),
    )


def _owed_reports() -> None:
    op.create_table(
        "owed_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("owed_to", sa.JSON(), nullable=False),
        sa.Column("owed_by", sa.String(length=64), nullable=False),
        sa.Column("grounds", sa.String(length=16), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=True),
        sa.Column("reminded_at", _TIME, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_at", _TIME, nullable=True),
        sa.Column("read_by", sa.String(length=64), nullable=True),
        sa.Column("read_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalations.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("escalation_id", "role"),
    )
    op.create_index(op.f("ix_owed_reports_owed_by"), "owed_reports", ["owed_by"])
    op.create_index(op.f("ix_owed_reports_done_at"), "owed_reports", ["done_at"])
