"""What Alembic runs: the revisions, on the connection that it was handed, within the transaction that is open there."""

from alembic import context
from sqlalchemy import Connection

from goodstanding.record.store.schema import metadata


def _run() -> None:
    connection: Connection = context.config.attributes["connection"]
    if context.is_offline_mode():
        context.configure(dialect_name=connection.dialect.name, target_metadata=metadata, literal_binds=True)
    else:
        context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


_run()
