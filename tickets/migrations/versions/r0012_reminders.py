"""Reminders that go out once, and reports."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables and columns."""
