"""An older database comes up to today's tables with everything in it: orders, their history, their clocks."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from tests.workorders.conftest import MANAGER, OPERATOR, OWN, SERVER, new_postgresql
from tests.workorders.fakes import FrozenClock, add_camera, light, take
from workorders.errors import StoreError
from workorders.migrate import SCRIPTS, upgrade
from workorders.orders.desk import Request, perform
from workorders.queries.people import site
from workorders.register.sites import update_site
from workorders.schema import Base, LogEntry, WorkOrder
from workorders.store import Store, open_store
from workorders.words import Action, OrderState

REVISIONS = [s.revision for s in reversed(list(ScriptDirectory(str(SCRIPTS)).walk_revisions()))]
WITH_ORDERS = REVISIONS[1:]
"""The first revision knew cameras and assets only."""
_NEVER_CARRIED = {"alembic_version", "store_version"}


@pytest.fixture
def lived_in(tmp_path: Path, clock: FrozenClock) -> Path:
    """A database of today with an order that was acknowledged and held, and one that nobody has touched."""
    path = tmp_path / "today.db"
    store = open_store(f"sqlite:///{path}", tmp_path / "files", clock)
    update_site(store, MANAGER, "Old site", "Asia/Shanghai")
    add_camera(store, assets=[light("L-1"), light("L-2", 0.7)])
    first = take(store).order_id
    take(store, asset_id="L-2")
    assert first is not None
    perform(store, OPERATOR, first, Request(Action.ACKNOWLEDGE))
    clock.forward(minutes=3)
    perform(store, OPERATOR, first, Request(Action.ASSIGN, assignee="operator"))
    perform(store, OPERATOR, first, Request(Action.START))
    perform(store, OPERATOR, first, Request(Action.HOLD, note="waits for a lift"))
    store.close()
    return path


@pytest.mark.parametrize("first", REVISIONS)
def test_every_earlier_version_comes_up_to_todays_tables(tmp_path: Path, first: str) -> None:
    store = open_store(_older(tmp_path / "old.db", first))
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    store.close()


@pytest.mark.parametrize("first", WITH_ORDERS)
def test_orders_of_an_earlier_version_go_on_where_they_were(
    tmp_path: Path, lived_in: Path, clock: FrozenClock, first: str
) -> None:
    old = _older(tmp_path / "old.db", first, lived_in)
    before = _orders(open_store(f"sqlite:///{lived_in}"))
    store = open_store(old, tmp_path / "files", clock)

    assert site(store).name == "Old site"
    assert _orders(store) == before, "states, clocks and history are as they were"
    held, untouched = sorted(before)
    clock.forward(minutes=10)
    assert perform(store, OPERATOR, held, Request(Action.RESUME)).state is OrderState.IN_PROGRESS
    assert perform(store, OPERATOR, untouched, Request(Action.ACKNOWLEDGE)).state is OrderState.ACKNOWLEDGED
    with store.engine.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
        connection.execute(text("DELETE FROM order_log"))
    store.close()


@pytest.mark.skipif(not SERVER, reason="no test database")
def test_the_tables_are_the_same_on_postgresql() -> None:
    store = open_store(new_postgresql(f"{OWN}_upgraded"))
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    store.close()


def test_a_database_of_a_newer_version_is_left_alone(url: str) -> None:
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match="made by a newer Lamplighter") as refused:
        open_store(url)
    assert "\n" not in str(refused.value)


def _older(path: Path, revision: str, holding: Path | None = None) -> str:
    """A database of an earlier revision; `holding`: what of another database it had columns for."""
    url = f"sqlite:///{path}"
    engine = create_engine(url)
    upgrade(engine, revision)
    if holding is not None:
        with engine.connect() as connection:
            connection.execute(text("ATTACH DATABASE :path AS today"), {"path": str(holding)})
            for table in set(inspect(connection).get_table_names()) - _NEVER_CARRIED:
                _carry(connection, table)
            connection.commit()
    engine.dispose()
    return url


def _carry(connection: Connection, table: str) -> None:
    found = inspect(connection)
    theirs = {column["name"] for column in found.get_columns(table, schema="today")}
    columns = ", ".join(c["name"] for c in found.get_columns(table) if c["name"] in theirs)
    connection.execute(text(f"DELETE FROM main.{table}"))
    connection.execute(text(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}"))


def _orders(store: Store) -> dict[int, tuple[object, ...]]:
    """Number of each order to its state, clocks and history."""
    with store.read() as session:
        found: dict[int, tuple[object, ...]] = {}
        for order in session.scalars(select(WorkOrder)):
            log = session.scalars(select(LogEntry).where(LogEntry.order_id == order.id).order_by(LogEntry.id))
            history = [(entry.at, entry.action, entry.to_state, entry.note) for entry in log]
            found[order.id] = (order.state, order.response_due, order.resolution_due, order.held_at, history)
    store.close()
    return found
