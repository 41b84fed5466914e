"""Notices know the request that they were written because of."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what waits in the outbox belongs to no request that is known."""
    op.add_column("notices", sa.Column("request", sa.String(length=32), nullable=False, server_default=""))
