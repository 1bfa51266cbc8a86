"""Every test that asks for a store gets a fresh SQLite one, and a PostgreSQL one where a test database is given."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from tests.workorders.fakes import FrozenClock
from workorders.actors import Actor
from workorders.store import Store, open_store
from workorders.words import Role


def own_postgresql() -> str:
    """The test database's address; of tests run side by side each process makes one of its own, named after itself."""
    given, process = os.environ.get("LAMPLIGHTER_TEST_DATABASE_URL", ""), os.environ.get("PYTEST_XDIST_WORKER", "")
    if not (given and process):
        return given
    server = create_engine(given.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS lamplighter_{process} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE lamplighter_{process}")
    server.dispose()
    return make_url(given).set(database=f"lamplighter_{process}").render_as_string(hide_password=False)


POSTGRESQL_URL = own_postgresql()
BACKENDS = ["sqlite", "postgresql"] if POSTGRESQL_URL else ["sqlite"]

OPERATOR = Actor("operator", "Operator", Role.OPERATOR)
MANAGER = Actor("manager", "Manager", Role.MANAGER)
VIEWER = Actor("viewer", "Viewer", Role.VIEWER)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating anew for every test would take most of the time."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    open_store(f"sqlite:///{path}", now=FrozenClock()).close()
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> str:
    """Address of an empty database."""
    if request.param == "postgresql":
        empty_postgresql()
        return POSTGRESQL_URL
    shutil.copy(empty_database, tmp_path / "site.db")
    return f"sqlite:///{tmp_path / 'site.db'}"


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


def empty_postgresql() -> None:
    """Drop everything in the test database."""
    engine = create_engine(POSTGRESQL_URL.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
