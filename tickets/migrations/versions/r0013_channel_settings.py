"""How channels are answered, why an answer was no help, and finding the answer to a message."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table, column and index."""
    op.create_table(
        "channel_settings",
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("manuals", sa.JSON(), nullable=False),
        sa.Column("reach", sa.String(length=16), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_until", sa.String(length=5), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.add_column("feedback", sa.Column("kind", sa.String(length=24), nullable=False, server_default=""))
    op.create_index("ix_answers_message", "answers", ["channel", "message_ts"])
    op.create_index("ix_feedback_at", "feedback", ["verdict", "at"])
