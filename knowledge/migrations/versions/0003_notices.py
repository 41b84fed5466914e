"""Notices: which wording runs from when to when."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add their table."""
    op.create_table(
        "wording_notice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("wording", sa.String(200), nullable=False),
        sa.Column("matter", sa.String(200), nullable=False),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("until_on", sa.Date, nullable=False, index=True),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("added_by", sa.String(100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
