"""What a person or a channel has told about itself: organisation, product, staff number."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their tables."""
