"""The way of an escalation up the ladder, and reports owed to those who were passed over."""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables and columns."""
