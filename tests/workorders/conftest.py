"""Every test that asks for a store gets a fresh SQLite one, and a PostgreSQL one where a test database is given."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from tests.workorders.fakes import FrozenClock
from workorders.actors import Actor
from workorders.schema import Base
from workorders.store import Store, open_store
from workorders.words import Role

SERVER = os.environ.get("LAMPLIGHTER_TEST_DATABASE_URL", "").replace("postgresql://", "postgresql+psycopg://", 1)
OWN = f"lamplighter_{os.environ.get('PYTEST_XDIST_WORKER', 'tests')}"
"""Of tests run side by side each process makes a database of its own, named after itself."""
BACKENDS = ["sqlite", "postgresql"] if SERVER else ["sqlite"]

OPERATOR = Actor("operator", "Operator", Role.OPERATOR)
MANAGER = Actor("manager", "Manager", Role.MANAGER)
VIEWER = Actor("viewer", "Viewer", Role.VIEWER)


@cache
def _migrated() -> bytes:
    """A migrated SQLite file to copy: migrating anew for every test would take most of the time."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_store(f"sqlite:///{path}", now=FrozenClock()).close()
        with create_engine(f"sqlite:///{path}").connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


def new_sqlite(folder: Path) -> str:
    """Make an empty database in a folder; its address."""
    (folder / "site.db").write_bytes(_migrated())
    return f"sqlite:///{folder / 'site.db'}"


@pytest.fixture(scope="session")
def as_migrated() -> str:
    """A PostgreSQL database, migrated; what makes it that again after a test. A new one takes five times as long."""
    store = open_store(new_postgresql(OWN), now=FrozenClock())
    tables = [*(table.name for table in Base.metadata.sorted_tables), "alembic_version"]
    with store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA first")
        for table in tables:
            connection.exec_driver_sql(f"CREATE TABLE first.{table} AS TABLE {table}")
        guarded = connection.exec_driver_sql("SELECT DISTINCT tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal")
        logs = guarded.scalars().all()
        counters = connection.exec_driver_sql("SELECT sequencename, last_value FROM pg_sequences").all()
    store.close()
    return ";".join(
        [
            *(f"ALTER TABLE {log} DISABLE TRIGGER USER" for log in logs),
            *(f"DELETE FROM {table}" for table in reversed(tables)),
            *(f"INSERT INTO {table} SELECT * FROM first.{table}" for table in tables),
            *(f"ALTER TABLE {log} ENABLE TRIGGER USER" for log in logs),
            *(f"SELECT setval('{name}', {last or 1}, {last is not None})" for name, last in counters),
        ]
    )


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database."""
    if request.param == "postgresql":
        return emptied_postgresql(request.getfixturevalue("as_migrated"))
    return new_sqlite(tmp_path)


@pytest.fixture
def store(url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Store]:
    opened = open_store(url, tmp_path / "files", clock)
    yield opened
    opened.close()


@pytest.fixture
def operator() -> Actor:
    return OPERATOR


@pytest.fixture
def manager() -> Actor:
    return MANAGER


@pytest.fixture
def viewer() -> Actor:
    return VIEWER


def new_postgresql(name: str) -> str:
    """Make an empty database in place of the one that may have the name; its address."""
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    server.dispose()
    return _address(name)


def emptied_postgresql(as_migrated: str) -> str:
    """Make the process's own database what it was, without whoever is still connected to it; its address."""
    own = create_engine(_address(OWN))
    with own.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        connection.exec_driver_sql(as_migrated)
    own.dispose()
    return _address(OWN)


def _address(name: str) -> str:
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)
