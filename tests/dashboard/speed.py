"""How long the server takes for each page of a large site: 6,800 assets and 100,000 orders.

`python -m tests.dashboard.speed [FOLDER [PAGE...]]`. The site is made in the folder, or found there from the last time.
Every page is asked for many times with filters that differ, in two ways: *anew* after an order of any day changed, so
that no answer is remembered, and *first* with everything forgotten, the opened store too, as after a start. Times
are those of a whole run of the script, its elements packed for the browser; network and browser come on top. Time on
the wall counts for whoever waits; time of the processor is nearly the same whatever else the machine does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from random import Random

import numpy as np
import streamlit as st
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from dashboard.settings import DATABASE, FILES
from tests.dashboard.conftest import ENTRY
from workorders.demo import DemoPlan, build_demo_site
from workorders.schema import WorkOrder
from workorders.store import Store, open_store

ORDERS = 100_000
ANEW, FIRST = 40, 10
"""Runs of each page in the two ways."""
Query = Mapping[str, str | Sequence[str]]
Times = tuple[float, float]


def pages() -> dict[str, tuple[str, list[Query]]]:
    """Pages by title, with the addresses that they are asked by."""
    rng = Random(7)
    words = ("lamp 07", "pier", "T-00", "plaza 12", "spare part", "L-01999", "nothing of that", "绿")
    views = ("open", "late", "soon", "to-verify", "fixed", "ended", "all")
    issues = ("light_out", "litter", "tree_leaning", "bin_overflowing")
    orders: list[Query] = [{"view": view, "sort": sort} for view in views for sort in ("due", "-opened", "priority")]
    orders += [{"view": "all", "page": str(rng.randint(2, 1_500))} for _ in range(6)]
    filtered: list[Query] = [{"view": "all", "q": word} for word in words]
    filtered += [{"view": view, "issue": [issue], "priority": ["P2", "P3"]} for view in views for issue in issues]
    return {
        "overview": ("overview", [{}]),
        "orders": ("orders", orders),
        "orders, searched and filtered": ("orders", filtered),
        "one order": ("order", [{"id": str(rng.randint(1, ORDERS))} for _ in range(ANEW)]),
        "map": ("site_map", [{}]),
        "cameras": ("cameras", [{}]),
        "one camera": ("cameras", [{"id": f"demo-{rng.randint(1, 150):03d}"} for _ in range(ANEW)]),
        "assets": ("assets", [{}, *({"find": word} for word in words), {"kind": "tree"}, {"condition": "fault"},
                              {"faulty": "1"}, {"assets_page": "90"}]),
        "one asset": ("assets", [{"id": f"L-{rng.randint(1, 2_800):05d}"} for _ in range(ANEW)]),
        "inspect": ("inspect_clip", [{}]),
        "reports": ("reports", [{"period": period} for period in ("7", "30", "90", "365")]),
        "model": ("model", [{}]),
        "settings": ("settings", [{}]),
    }  # fmt: skip


def main() -> None:
    """Make the site, ask for every page, print a table of milliseconds."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="lamplighter-speed-"))
    store = _site(folder)
    os.environ[DATABASE], os.environ[FILES] = f"sqlite:///{folder / 'site.db'}", str(folder)
    for _ in _times(store, "overview", [{}], 3, forgotten=False):
        pass  # modules are loaded once for a process, whichever page comes first
    print("milliseconds on the wall (of the processor)")  # noqa: T201
    print("| page | anew, median | p95 | slowest | first, median | slowest |\n|---|---:|---:|---:|---:|---:|")  # noqa: T201
    rows = []
    wanted = {title: how for title, how in pages().items() if title in sys.argv[2:] or len(sys.argv) < 3}
    for title, (name, queries) in wanted.items():
        anew = list(_times(store, name, queries, ANEW, forgotten=False))
        first = list(_times(store, name, queries, FIRST, forgotten=True))
        rows.append((title, anew, first))
        print(_row(title, anew, first), flush=True)  # noqa: T201
    print(_row("all pages", [t for r in rows for t in r[1]], [t for r in rows for t in r[2]]))  # noqa: T201
    store.close()


def _site(folder: Path) -> Store:
    made = (folder / "site.db").is_file()
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(f"sqlite:///{folder / 'site.db'}", folder)
    if not made:
        build_demo_site(store, DemoPlan(orders=ORDERS))
    return store


def _times(store: Store, name: str, queries: Sequence[Query], many: int, forgotten: bool) -> Iterator[Times]:
    """Milliseconds of each run, on the wall and of the processor."""
    app, rng = AppTest.from_file(str(ENTRY), default_timeout=60).run(), Random(11)
    for query in islice(cycle(queries), many):
        if forgotten:
            st.cache_data.clear()
            st.cache_resource.clear()
            app = AppTest.from_file(str(ENTRY), default_timeout=60)
            if name in ("inspect_clip", "site_map"):
                app.run()
                st.cache_data.clear()
        else:
            _change(store, rng.randint(1, ORDERS))
        app.switch_page(f"app_pages/{name}.py")
        for key, value in query.items():
            app.query_params[key] = value
        began, worked = time.perf_counter(), time.process_time()
        app.run()
        yield 1_000 * (time.perf_counter() - began), 1_000 * (time.process_time() - worked)
        if app.exception or app.error:
            raise RuntimeError(f"{name} {query}: {[e.value for e in (*app.exception, *app.error)]}")


def _change(store: Store, number: int) -> None:
    """Mark an order of any day as changed, and the store with it: what hangs on either is not remembered."""
    with store.write() as work:
        work.session.execute(update(WorkOrder).where(WorkOrder.id == number).values(version=WorkOrder.version + 1))
        work.commit()


def _row(title: str, anew: Sequence[Times], first: Sequence[Times]) -> str:
    middle, p95, worst = np.percentile(anew, (50, 95, 100), axis=0)
    begun, slowest = np.percentile(first, (50, 100), axis=0)
    cells = (f"{wall:.0f} ({cpu:.0f})" for wall, cpu in (middle, p95, worst, begun, slowest))
    return f"| {title} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
