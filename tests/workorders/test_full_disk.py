"""A disk that fills: evidence, the database, or both. Watches outlive it, pages say it, and nothing is lost."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from detectors.values import Look, View
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import FrozenClock, ScriptedEyes, add_camera, failing_light, light, look
from workorders.evidence import files
from workorders.queries.cameras import cameras
from workorders.queries.order import order_detail
from workorders.queries.orders import orders_page
from workorders.register.cameras import ask_for_watch
from workorders.store import Store
from workorders.watch import DISK_WAIT_S, run_watch


@pytest.fixture(autouse=True)
def watched(store: Store) -> None:
    add_camera(store, assets=[light("L-1")], source="rtsp://pier/1")
    ask_for_watch(store, OPERATOR, "cam-1", True)


class FullDisk:
    """Stops the database, the evidence, or both from growing, until there is room again."""

    def __init__(self, store: Store, patch: pytest.MonkeyPatch) -> None:
        self._store, self._patch, self._pages = store, patch, 0
        self._place_whole = files.place_whole
        if store.is_sqlite:
            event.listen(store.engine, "checkout", self._limit)

    def _limit(self, connection: object, *_: object) -> None:
        # 0 leaves SQLite's limit as it is; the largest number lifts it.
        connection.execute(f"PRAGMA max_page_count={self._pages or 2**31 - 2}")  # type: ignore[attr-defined]

    def fill_database(self) -> None:
        self._with_small_pages()
        with self._store.engine.begin() as connection:
            connection.execute(text("CREATE TABLE filler (content BLOB)"))
        with self._store.engine.connect() as connection:
            self._pages = int(connection.execute(text("PRAGMA page_count")).scalar_one())
        with pytest.raises(OperationalError, match="full"):
            while True:
                with self._store.write() as work:
                    work.session.execute(text("INSERT INTO filler VALUES (zeroblob(300))"))
                    work.session.commit()

    def _with_small_pages(self) -> None:
        """In large pages there is room for an order even in a full database."""
        self._store.engine.dispose()
        raw = sqlite3.connect(str(self._store.engine.url.database), isolation_level=None)
        for statement in ("PRAGMA journal_mode=DELETE", "PRAGMA page_size=512", "VACUUM"):
            raw.execute(statement)
        raw.close()

    def fill_files(self) -> None:
        def full(*_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        self._patch.setattr(files, "place_whole", full)

    def make_room(self) -> None:
        self._pages = 0
        self._patch.setattr(files, "place_whole", self._place_whole)


@pytest.mark.parametrize(
    ("database", "evidence"),
    [
        pytest.param(False, True, id="evidence"),
        pytest.param(True, False, id="the database"),
        pytest.param(True, True, id="both"),
    ],
)
def test_a_watch_outlives_a_full_disk(
    store: Store, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, database: bool, evidence: bool
) -> None:
    if database and not store.is_sqlite:
        pytest.skip("PostgreSQL keeps its data elsewhere")
    disk, naps, told = FullDisk(store, monkeypatch), [], []
    if database:
        disk.fill_database()
    if evidence:
        disk.fill_files()

    def sleep(seconds: float) -> None:
        clock.forward(seconds=seconds)
        naps.append(seconds)
        if sum(naps) >= 2 * DISK_WAIT_S:
            disk.make_room()

    def script(view: View) -> Iterator[Look]:
        yield from failing_light(looks=6)
        if sum(naps) >= 2 * DISK_WAIT_S:
            ask_for_watch(store, OPERATOR, "cam-1", False)
            yield look(offset_s=9)

    run_watch(
        store,
        "cam-1",
        ScriptedEyes(script),
        progress=lambda _, line: told.append(line),
        should_stop=lambda: False,
        sleep=sleep,
    )
    assert 2 * DISK_WAIT_S <= sum(naps) <= 30, "it waited, and no longer than half a minute"
    assert any(line.startswith("pictures cannot be kept, next try in 5 s: ") for line in told)
    assert orders_page(store).total == 1
    assert order_detail(store, 1, OPERATOR).evidence


@pytest.mark.parametrize(
    ("free", "says"),
    [
        pytest.param(2**20, "pictures cannot be kept: No space left on device", id="full"),
        pytest.param(2**34, "", id="room"),
    ],
)
def test_the_cameras_page_sees_a_full_disk_itself(
    store: Store, monkeypatch: pytest.MonkeyPatch, free: int, says: str
) -> None:
    """The database may be what is full: then nobody can write it down."""
    add_camera(store, "idle")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert {row.id: row.last_error for row in cameras(store)} == {"cam-1": says, "idle": ""}
