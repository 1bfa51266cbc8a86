"""Brings a database up to the tables this version needs. Runs at every start; does nothing when they are there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect
from sqlalchemy.engine import Connection

from workorders.errors import StoreError

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7_242_001
"""Key of the PostgreSQL advisory lock under which one process at a time migrates."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to a revision, one process at a time.

    Raises:
        StoreError: the database is newer than this version, or holds tables that are not Lamplighter's.
    """
    from alembic import command  # not above: only who opens a database waits until it is loaded
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    with engine.execution_options(writing=True).begin() as connection:
        one_at_a_time(connection)
        current = MigrationContext.configure(connection).get_current_revision()
        if current == _scripts().get_current_head() and revision == "head":
            return
        if current is None:
            _refuse_strangers(connection)
        elif current not in {script.revision for script in _scripts().walk_revisions()}:
            raise StoreError(
                f"This database (revision {current}) was made by a newer Lamplighter than this one; "
                "update Lamplighter, or use another database."
            )
        config = Config()
        config.set_main_option("script_location", str(SCRIPTS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@cache
def _scripts() -> ScriptDirectory:
    """The migrations, read once in a process: that took most of the time that opening a database takes."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(SCRIPTS))


def one_at_a_time(connection: Connection) -> None:
    """Let one process at a time on from here to the end of its transaction. SQLite's write lock does that by itself."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _refuse_strangers(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if tables:
        raise StoreError(
            f"This database holds other tables ({', '.join(sorted(tables)[:3])}); give Lamplighter one of its own."
        )
