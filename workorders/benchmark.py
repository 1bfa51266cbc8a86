"""Measures the store: findings taken in a second, and how long the pages' queries take on a full database.

`python -m workorders.benchmark [--db URL] [--assets 6800] [--orders 100000] [--json]`; the database must be empty.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy
from sqlalchemy import text

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.values import Change, Finding, FindingChange
from workorders.demo import DemoPlan, build_demo_site
from workorders.orders.intake import take_in
from workorders.queries.assets import assets_page
from workorders.queries.attainment import by_week
from workorders.queries.orders import Lateness, OrderFilter, Sort, orders_page
from workorders.queries.overview import overview
from workorders.register.cameras import load_camera
from workorders.store import Store, open_store

RUNS = 60
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. Times are milliseconds; `_p95` is the 95th percentile of `RUNS` runs.

    Figures by CPU time are what one idle core would do: they hold on a machine that is busy with other things. They
    leave out what a PostgreSQL server does in its own process.
    """

    database: str
    sqlalchemy: str
    python: str
    assets: int
    orders: int
    build_s: float
    findings_a_second: float
    findings_a_cpu_second: float
    sightings_a_second: float
    orders_page_p50: float
    orders_page_p95: float
    orders_page_cpu_p95: float
    search_p95: float
    overview_p50: float
    overview_p95: float
    overview_cpu_p95: float
    weeks_p95: float
    assets_page_p95: float
    version_p95: float
    size_mb: float


def measure(store: Store, plan: DemoPlan, findings: int = 1_000) -> Figures:
    """Fill an empty store with a demo site and measure it.

    Raises:
        StoreError: the store is not empty.
    """
    began = time.perf_counter()
    orders = build_demo_site(store, plan)
    build_s = time.perf_counter() - began
    store.refresh_statistics()
    confirmed, by_cpu, continued = intake_rates(store, findings)
    pages = [
        lambda: orders_page(store, OrderFilter(only_open=True)),
        lambda: orders_page(store, OrderFilter(), Sort.OPENED, True),
        lambda: orders_page(store, OrderFilter(priorities=frozenset({1, 2})), Sort.PRIORITY, limit=50, offset=500),
        lambda: orders_page(store, OrderFilter(lateness=Lateness.LATE)),
        lambda: orders_page(store, OrderFilter(issues=frozenset({"light_out"})), Sort.ISSUE, True, 50, 5_000),
    ]
    page = [t for query in pages for t in timed(query, RUNS // len(pages))]
    page_cpu = [t for query in pages for t in timed(query, RUNS // len(pages), time.process_time)]
    first = timed(lambda: overview(store))
    return Figures(
        database=store.engine.dialect.name,
        sqlalchemy=sqlalchemy.__version__,
        python=platform.python_version(),
        assets=plan.assets,
        orders=orders,
        build_s=round(build_s, 2),
        findings_a_second=round(confirmed, 1),
        findings_a_cpu_second=round(by_cpu, 1),
        sightings_a_second=round(continued, 1),
        orders_page_p50=round(median(page), 2),
        orders_page_p95=p95(page),
        orders_page_cpu_p95=p95(page_cpu),
        search_p95=p95(timed(lambda: orders_page(store, OrderFilter(text="light pier l-0012")))),
        overview_p50=round(median(first), 2),
        overview_p95=p95(first),
        overview_cpu_p95=p95(timed(lambda: overview(store), clock=time.process_time)),
        weeks_p95=p95(timed(lambda: by_week(store))),
        assets_page_p95=p95(timed(lambda: assets_page(store, offset=3_000))),
        version_p95=p95(timed(store.version)),
        size_mb=round(database_bytes(store) / 2**20, 1),
    )


def intake_rates(store: Store, findings: int) -> tuple[float, float, float]:
    """New findings (by the clock, and by CPU time) and further sightings taken in a second.

    Each is a transaction of its own, as cameras bring them.
    """
    with store.read() as session:
        rows = session.execute(
            text("SELECT camera_id, asset_id FROM camera_region ORDER BY asset_id LIMIT :n"), {"n": findings}
        ).all()
    rates = []
    for change in (Change.CONFIRMED, Change.CONTINUED):
        began, began_cpu = time.perf_counter(), time.process_time()
        for camera_id, asset_id in rows:
            _take(store, camera_id, asset_id, change)
        rates += [len(rows) / (time.perf_counter() - began), len(rows) / (time.process_time() - began_cpu)]
    return rates[0], rates[1], rates[2]


def _take(store: Store, camera_id: str, asset_id: str, change: Change) -> None:
    now = store.now()
    later = now if change is Change.CONFIRMED else now + timedelta(seconds=5)
    # `bin_overflowing` opens an order for every asset: circuits would gather lights into one.
    finding = Finding(
        f"b:{asset_id}", "bin_overflowing", camera_id, asset_id, "bin", _FIRST, later, 0.0, 5.0, 0.8,
        Box(0.4, 0.4, 0.5, 0.5), 4,
    )  # fmt: skip
    with store.write() as work:
        take_in(work.session, load_camera(work.session, camera_id), FindingChange(change, finding), now)
        work.commit()


def timed(query: Callable[[], object], runs: int = RUNS, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Milliseconds of each run, after one that warms up."""
    query()
    times = []
    for _ in range(runs):
        began = clock()
        query()
        times.append((clock() - began) * 1000)
    return times


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return round(sorted(times)[min(len(times) - 1, int(0.95 * len(times)))], 2)


def database_bytes(store: Store) -> int:
    """Size of the database, its write-ahead log included."""
    with store.engine.connect() as connection:
        if not store.is_sqlite:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    path = Path(store.engine.url.database or "")
    return sum(p.stat().st_size for p in path.parent.glob(path.name + "*"))


def main() -> int:
    """Entry point of the command."""
    parser = argparse.ArgumentParser(description="Measures the store on a demo site.")
    parser.add_argument("--db", help="URL of an empty database; default: a SQLite file that is thrown away")
    parser.add_argument("--assets", type=int, default=6_800)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--findings", type=int, default=1_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            store = open_store(options.db or f"sqlite:///{folder}/bench.db", folder)
            figures = asdict(measure(store, DemoPlan(assets=options.assets, orders=options.orders), options.findings))
        except LamplighterError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    lines = (f"{name:20} {value}" for name, value in figures.items())
    sys.stdout.write((json.dumps(figures, indent=2) if options.json else "\n".join(lines)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
