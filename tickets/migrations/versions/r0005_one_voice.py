"""Confirmed answers and who has read the important ones."""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
