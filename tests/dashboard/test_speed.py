"""How long the server takes for each page of a large site: 6,800 assets and 100,000 orders.

`python -m pytest tests/dashboard/test_speed.py --benchmark-only`; the ordinary run of the tests leaves it out.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from streamlit.testing.v1 import AppTest

from dashboard.settings import DATABASE, FILES
from tests.dashboard.conftest import ENTRY
from workorders.demo import DemoPlan, build_demo_site
from workorders.store import open_store

PAGES = [
    pytest.param("overview", {}, id="overview"),
    pytest.param("orders", {}, id="orders"),
    pytest.param("orders", {"q": "lamp 07", "view": "all"}, id="orders, searched"),
    pytest.param("order", {"id": "500"}, id="one order"),
    pytest.param("site_map", {}, id="map"),
    pytest.param("cameras", {}, id="cameras"),
    pytest.param("assets", {}, id="assets"),
    pytest.param("reports", {}, id="reports"),
    pytest.param("model", {}, id="model"),
    pytest.param("settings", {}, id="settings"),
]


@pytest.fixture(scope="module")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    store = open_store(f"sqlite:///{folder / 'site.db'}", folder)
    build_demo_site(store, DemoPlan(orders=100_000))
    store.close()
    return folder


@pytest.mark.parametrize(("name", "query"), PAGES)
def test_page(
    benchmark: BenchmarkFixture, large_site: Path, monkeypatch: pytest.MonkeyPatch, name: str, query: dict[str, str]
) -> None:
    monkeypatch.setenv(DATABASE, f"sqlite:///{large_site / 'site.db'}")
    monkeypatch.setenv(FILES, str(large_site))
    app = AppTest.from_file(str(ENTRY), default_timeout=60).run()
    app.switch_page(f"app_pages/{name}.py")
    for key, value in query.items():
        app.query_params[key] = value

    store = open_store(f"sqlite:///{large_site / 'site.db'}", large_site)

    def something_changes() -> None:
        """Nothing that was remembered holds any more: every round asks the database anew."""
        with store.write() as work:
            work.commit()

    benchmark.pedantic(app.run, setup=something_changes, rounds=20, warmup_rounds=1)
    store.close()

    assert not app.exception
    assert not app.error
