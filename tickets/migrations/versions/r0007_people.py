"""People, duties and shifts told by command, and groups read from Slack."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables and columns."""
