"""Alembic runs this: it brings the connection that it was handed up to date."""

from alembic import context

from mottling.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
