"""The store: one database, one folder of files, one clock. SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from types import TracebackType
from typing import TypeVar

from sqlalchemy import Engine, create_engine, event, select, update
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from workorders.clock import Now, utc_now
from workorders.errors import Conflict, StoreError
from workorders.migrate import one_at_a_time, upgrade
from workorders.schema.jobs import StoreVersion
from workorders.setup import prepare

T = TypeVar("T")

DEFAULT_URL = "sqlite:///var/lamplighter.db"
BUSY_TIMEOUT_MS = 15_000
"""How long a SQLite connection waits for another writer. Transactions here last milliseconds, so seconds are ample."""
LARGEST_WAL = 64 * 2**20
"""What SQLite's write-ahead log may keep of the disk once a large import has made it grow."""
TRIES = 4


class UnitOfWork:
    """One short transaction that writes. Rolls back unless `commit` was called.

    Leaving it raises Conflict when somebody else changed the same order in the meantime.

    On SQLite it takes the write lock at its start, so that two writers queue instead of failing half-way.
    """

    def __init__(self, engine: Engine, now: Now) -> None:
        self.session = Session(engine, expire_on_commit=False)
        self.now = now

    def __enter__(self) -> UnitOfWork:
        return self

    def commit(self) -> None:
        """Keep what was done, and let pages know that something changed."""
        self.session.flush()
        # Last of all, because every writer waits for this row.
        self.session.execute(update(StoreVersion).values(number=StoreVersion.number + 1))
        self.session.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.rollback()
        self.session.close()
        if isinstance(error, StaleDataError):
            raise Conflict("Somebody else changed the same order at this moment; look at it again.") from None


class Store:
    """Everything kept. Open one with `open_store`.

    Attributes:
        files: folder that evidence, stills, uploads and attachments lie in.
        now: the clock; tests give one that stands still.
    """

    def __init__(self, engine: Engine, files: Path, now: Now = utc_now) -> None:
        self.engine = engine
        self.files = files
        self.now = now
        self._writing = engine.execution_options(writing=True)

    @property
    def url(self) -> str:
        """Address of the database, without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @property
    def evidence(self) -> Path:
        return self.files / "evidence"

    @property
    def attachments(self) -> Path:
        return self.files / "attachments"

    @property
    def uploads(self) -> Path:
        return self.files / "uploads"

    @property
    def stills(self) -> Path:
        return self.files / "stills"

    def write(self) -> UnitOfWork:
        """A transaction that changes something: `with store.write() as work: ...; work.commit()`."""
        return UnitOfWork(self._writing, self.now)

    def transact(self, do: Callable[[UnitOfWork], T]) -> T:
        """Do something in one transaction and commit it; once more from its start when another writer got between.

        On PostgreSQL two workers may open an order for the same subject at the same moment: the database lets one
        through, and the other finds that order when it tries again.

        Raises:
            IntegrityError, Conflict: still in the way after several tries.
        """
        for _ in range(TRIES - 1):
            try:
                return self._transact_once(do)
            except (IntegrityError, Conflict):
                continue
        return self._transact_once(do)

    def _transact_once(self, do: Callable[[UnitOfWork], T]) -> T:
        with self.write() as work:
            result = do(work)
            work.commit()
            return result

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads, at one consistent moment."""
        with Session(self.engine) as session:
            yield session

    def version(self) -> int:
        """A number that grows with every commit; cheap enough to poll every second."""
        with self.engine.connect() as connection:
            return int(connection.execute(select(StoreVersion.number)).scalar_one())

    def refresh_statistics(self) -> None:
        """Settle the database after a large import: PostgreSQL counts what it holds, SQLite hands back its log.

        SQLite keeps averages only. Nearly all orders are closed, so with averages it reads every order to find the open
        ones: with 100,000 orders the overview took 79 ms of CPU instead of 11.
        """
        if self.is_sqlite:
            raw = self.engine.raw_connection()  # a checkpoint cannot run within a transaction
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.close()
            return
        with self.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str | None = None, files: Path | str | None = None, now: Now = utc_now) -> Store:
    """Open the database of a URL, make it if it is not there, and bring its tables up to date.

    Args:
        url: SQLAlchemy URL; default: the environment's LAMPLIGHTER_DATABASE_URL, else `var/lamplighter.db`.
        files: folder for files; default: LAMPLIGHTER_FILES, else the folder of the SQLite database, else `var`.

    Raises:
        StoreError: no such kind of database, it cannot be reached, is no Lamplighter database or is newer than this
            version.
    """
    address = _address(url or os.environ.get("LAMPLIGHTER_DATABASE_URL") or DEFAULT_URL)
    folder = Path(files or os.environ.get("LAMPLIGHTER_FILES") or _default_files(address))
    engine = _engine(address)
    shown = address.render_as_string(hide_password=True)
    try:
        upgrade(engine)
    except OperationalError as error:
        engine.dispose()
        raise StoreError(f"Cannot open the database {shown}: {_cause(error)}.") from None
    except DatabaseError as error:
        engine.dispose()
        raise StoreError(f"{shown} is not a database that Lamplighter can use: {_cause(error)}.") from None
    except StoreError:
        engine.dispose()
        raise
    store = Store(engine, folder, now)
    with store.write() as work:
        one_at_a_time(work.session.connection())
        if prepare(work.session, now()):
            work.commit()
    return store


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError(
            f"'{url}' is not a database URL; use sqlite:///path/to/file.db or postgresql://user@host/name."
        ) from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise StoreError(
            "A SQLite database needs a file: worker and dashboard meet there, as in sqlite:///var/site.db."
        )
    return address


def _default_files(address: URL) -> Path:
    return Path(address.database or ".").parent if address.get_backend_name() == "sqlite" else Path("var")


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "sqlite" and address.database:
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Cannot make the folder of {address.database}: {error.strerror}.") from None
    try:
        # Pages, job threads and their heartbeats each take a connection for a moment.
        pre_ping = address.get_backend_name() != "sqlite"
        engine = create_engine(address, pool_pre_ping=pre_ping, pool_size=10, max_overflow=30)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise StoreError(
            f"Databases of kind '{address.drivername}' are not supported; use sqlite or postgresql."
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name != "postgresql":
        raise StoreError(f"Databases of kind '{address.drivername}' are not supported; use sqlite or postgresql.")
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # The driver's own transaction handling begins late and never for reads; _begin_sqlite says when instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA journal_size_limit={LARGEST_WAL}")
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


def _cause(error: DatabaseError) -> str:
    text = str(error.orig or error).strip().splitlines()
    return text[0].rstrip(".") if text else "no reason given"
