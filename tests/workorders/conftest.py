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
from workorders.store import Store, open_store
from workorders.words import Role

SERVER = os.environ.get("LAMPLIGHTER_TEST_DATABASE_URL", "").replace("postgresql://", "postgresql+psycopg://", 1)
OWN = f"lamplighter_{os.environ.get('PYTEST_XDIST_WORKER', 'tests')}"
"""Of tests run side by side each process makes a database of its own, named after itself."""
TEMPLATE = f"{OWN}_template"
POSTGRESQL_URL = make_url(SERVER).set(database=OWN).render_as_string(hide_password=False) if SERVER else ""
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
def postgresql_template() -> str:
    """A migrated PostgreSQL database to copy, for the same reason."""
    new_postgresql(TEMPLATE)
    open_store(make_url(SERVER).set(database=TEMPLATE).render_as_string(hide_password=False), now=FrozenClock()).close()
    return TEMPLATE


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty database."""
    if request.param == "postgresql":
        new_postgresql(OWN, request.getfixturevalue("postgresql_template"))
        return POSTGRESQL_URL
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


def new_postgresql(name: str, template: str = "template1") -> None:
    """Make a database as a copy of another, in place of the one that may have the name."""
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    server.dispose()
