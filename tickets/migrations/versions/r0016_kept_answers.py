"""Answers that only their asker has read, until they are shared, kept or too old; pictures that were uploaded."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "answers_kept",
        sa.Column("answer_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", name="pk_answers_kept"),
    )
    op.create_index("ix_answers_kept_kept_at", "answers_kept", ["kept_at"])
    op.create_table(
        "pictures_uploaded",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_pictures_uploaded"),
    )


def downgrade() -> None:
    """Take them out."""
    op.drop_table("pictures_uploaded")
    op.drop_table("answers_kept")
