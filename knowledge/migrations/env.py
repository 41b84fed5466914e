"""Alembic's entry: runs on the connection that `knowledge.migrations.upgrade` hands over."""

from alembic import context

from knowledge.manuals import Base
from knowledge.migrations import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
