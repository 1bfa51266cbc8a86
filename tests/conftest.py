"""What tests of every floor share."""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from detectors.backends.exporting import exported
from detectors.catalogue.entries import bundled
from workorders import store

LONGEST = (
    "test_worker_processes.py",  # it mostly waits
    "test_loop.py",
    "test_guided_play.py",
    "test_command_line.py",
    "test_real_footage.py",
    "test_attention.py",
)


def pytest_collection() -> None:
    """Look for no garbage while everything is imported: there is none yet."""
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest: at the end nothing would be left to run beside them."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_collection_finish() -> None:
    """From here on look for it now and then, but never in what was imported."""
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Every store that is opened would compile its statements anew: a third of what tests of orders take."""
    compiled: dict[object, object] = {}
    with pytest.MonkeyPatch.context() as patch:
        for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
            patch.setattr(dialect, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(dialect, "__hash__", lambda one: hash(type(one)))
        patch.setattr(
            store,
            "create_engine",
            lambda *url, **settings: sqlalchemy.create_engine(*url, **settings).execution_options(
                compiled_cache=compiled
            ),
        )
        yield


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled detector's exports, made once for all processes of tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "models"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        exported(bundled(), folder, lambda _: None)
    return folder


@pytest.fixture(scope="module")
def ready_home(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A folder of files that has the detector ready already."""
    home = tmp_path_factory.mktemp("home")
    (home / "models").symlink_to(models)
    return home
