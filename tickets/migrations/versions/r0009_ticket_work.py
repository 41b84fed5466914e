"""Working on tickets: hand-overs, comments, due dates, customers asking again, duplicates."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables and columns."""
