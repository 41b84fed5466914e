"""Working on tickets: hand-overs, comments, due dates, customers asking again, duplicates."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_INDEXED = ("customer", "due_at", "merged_into_id", "offered_to")


def _text(name: str, kind: sa.types.TypeEngine[str]) -> sa.Column[str]:
    return sa.Column(name, kind, nullable=False, server_default="")


def upgrade() -> None:
    """Add their tables and columns; they are empty for tickets that exist, as their fingerprints need."""
    for name in ("due_at", "closed_at", "offered_at"):
        op.add_column("tickets", sa.Column(name, _TIME, nullable=True))
    op.add_column("tickets", sa.Column("asked_again", sa.Integer(), nullable=True))
    for name in ("customer", "changed_by", "closed_by", "offered_to", "offered_by"):
        op.add_column("tickets", _text(name, sa.String(length=64)))
    op.add_column("tickets", _text("merged_state", sa.String(length=24)))
    for name in ("resolution", "offer_note"):
        op.add_column("tickets", _text(name, sa.Text()))
    # In words: Alembic adds the foreign key by a statement of its own, which SQLite does not know.
    op.execute("ALTER TABLE tickets ADD COLUMN merged_into_id INTEGER REFERENCES tickets (id)")
    for name in _INDEXED:
        op.create_index(op.f(f"ix_tickets_{name}"), "tickets", [name])
    op.create_table(
        "ticket_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("asked_again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index(op.f("ix_ticket_comments_ticket_id"), "ticket_comments", ["ticket_id"])
