"""Every page with every site: nothing breaks, and nothing hostile gets through as markup."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.settings import DATABASE
from tests.dashboard.conftest import ENTRY, Opener, texts
from tests.dashboard.seeds import SITES
from workorders.queries.assets import assets_page
from workorders.queries.cameras import cameras
from workorders.queries.orders import orders_page
from workorders.store import Store

PAGES = {
    "overview": "Overview",
    "orders": "Work orders",
    "inspect_clip": "Inspect a clip",
    "cameras": "Cameras",
    "assets": "Assets",
    "site_map": "Map",
    "reports": "Reports",
    "settings": "Settings",
}
HOSTILE_PAGES = [(name, {}) for name in PAGES] + [
    ("order", {"id": "1"}),
    ("order", {"id": "2"}),
    ("cameras", {"id": "cam-1"}),
    ("assets", {"id": "<b>L-2</b>"}),
]


@pytest.mark.parametrize("acting", ["viewer", "operator", "manager"])
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("site", SITES, indirect=True)
def test_page_shows(page: Opener, name: str, acting: str) -> None:
    app = page(name, acting)

    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    assert [title.value for title in app.title] == [PAGES[name]]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("site", SITES, indirect=True)
def test_page_shows_in_chinese(page: Opener, name: str) -> None:
    app = page(name, "manager", lang="zh-CN")

    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    assert [title.value for title in app.title] != [PAGES[name]]
    assert app.segmented_control(key="language_picker").value == "zh_CN"


@pytest.mark.parametrize("site", ["working day", "hostile"], indirect=True)
def test_every_order_shows(page: Opener, site: Store) -> None:
    orders = orders_page(site).rows
    assert orders
    for row in orders:
        app = page("order", id=str(row.id))
        assert not app.exception
        assert not app.error, [e.value for e in app.error]


@pytest.mark.parametrize("site", ["working day", "hostile"], indirect=True)
def test_every_camera_and_asset_shows(page: Opener, site: Store) -> None:
    addresses = [("cameras", row.id) for row in cameras(site)] + [("assets", row.id) for row in assets_page(site).rows]
    assert len(addresses) > 3
    for name, handle in addresses:
        app = page(name, "manager", id=handle)
        assert not app.exception
        assert not app.error, [e.value for e in app.error]


@pytest.mark.parametrize("site", ["hostile"], indirect=True)
@pytest.mark.parametrize(("name", "query"), HOSTILE_PAGES)
def test_hostile_names_stay_text(page: Opener, name: str, query: dict[str, str]) -> None:
    app = page(name, **query)

    assert "alert" in texts(app)
    for element in (*app.markdown, *app.caption, *app.title, *app.subheader):
        assert not getattr(element.proto, "allow_html", False)
        assert ":red[r]" not in element.value
        assert "](javascript:" not in element.value
    for element in app.html:
        assert "<script" not in element.value
        assert "<img" not in element.value


@pytest.mark.parametrize(
    ("name", "query", "line"),
    [
        pytest.param("order", {"id": "999"}, "There is no order 999.", id="an order that is not there"),
        pytest.param("order", {"id": "-1; drop"}, "Choose an order in the table.", id="no number at all"),
        pytest.param("order", {"id": "9" * 40}, "Choose an order in the table.", id="a number that no order has"),
        pytest.param("cameras", {"id": "nowhere"}, "There is no camera 'nowhere'.", id="a camera that is not there"),
        pytest.param("assets", {"id": "nothing"}, "There is no asset 'nothing'.", id="an asset that is not there"),
        pytest.param("inspect_clip", {"job": "77"}, "There is no job 77.", id="a job that is not there"),
    ],
)
def test_bad_address_is_one_clear_line(page: Opener, name: str, query: dict[str, str], line: str) -> None:
    app = page(name, **query)

    assert not app.exception
    said = [e.value.replace("\\", "") for e in (*app.error, *app.info)]
    assert line in said


@pytest.mark.parametrize(
    ("url", "line"),
    [
        pytest.param("sqlite:////proc/nowhere/site.db", "Cannot make the folder", id="a folder that cannot be"),
        pytest.param("mysql://somewhere/site", "not supported", id="a database of another kind"),
        pytest.param("no address", "is not a database URL", id="no address at all"),
    ],
)
def test_a_store_that_cannot_be_opened_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, url: str, line: str) -> None:
    monkeypatch.setenv(DATABASE, url)
    app = AppTest.from_file(str(ENTRY), default_timeout=30).run()

    assert not app.exception
    assert len(app.error) == 1
    assert line in app.error[0].value.replace("\\", "")
