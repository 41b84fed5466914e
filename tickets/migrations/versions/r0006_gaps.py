"""Questions that the manuals do not answer, grouped by matter."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
