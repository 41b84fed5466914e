"""What each answer of a language model took: tokens, cost, time, prompt."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
