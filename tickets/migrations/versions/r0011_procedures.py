"""Filled-in procedures and what happened to each."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables and columns."""
