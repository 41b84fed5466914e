"""Alembic's entry: runs in the transaction that `tickets.migrations.upgrade` opened."""

from alembic import context

from tickets.migrations import VERSION_TABLE
from tickets.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    # SQLite can roll back DDL since we say BEGIN ourselves: a migration happens wholly or not at all.
    transactional_ddl=True,
)
context.run_migrations()
