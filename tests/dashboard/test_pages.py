"""Every page with every site: nothing breaks, and nothing hostile gets through as markup."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.language import speaking, tr
from dashboard.settings import DATABASE
from dashboard.told import told
from tests.dashboard.conftest import ENTRY, Opener, texts
from tests.dashboard.reading import said
from tests.dashboard.seeds import SITES
from workorders.queries.assets import assets_page
from workorders.queries.cameras import cameras
from workorders.queries.orders import orders_page
from workorders.store import Store


@dataclass(frozen=True)
class View:
    """A page as it is asked for, and what it must say on each site: texts of the catalogue, or of the lower floors.

    Attributes:
        handles: what the address names on the empty, the demo and the hostile site.
        refused: what the address names is not there on the empty site.
    """

    page: str
    title: str
    empty: str
    demo: str
    hostile: str
    query: dict[str, str] = field(default_factory=dict)
    handles: tuple[str, str, str] | None = None
    refused: bool = False

    def asked(self, site: str) -> dict[str, str]:
        return self.query | ({"id": self.handles[list(SITES).index(site)]} if self.handles else {})

    def said(self, site: str) -> str:
        return {"empty": self.empty, "working day": self.demo, "hostile": self.hostile}[site]


LIGHT, LEANS = "Light out", "Tree leaning"
NO_PLACE = "Nothing has a place yet. Give cameras and assets a latitude and longitude, by hand or by a file."
VIEWS = {
    "overview": View(
        "overview", "Overview",
        "Nothing is broken that anybody knows of. Inspect a clip, or start a camera's watch.",
        "**Guided play** — a night in three minutes: a lamp fails, an order comes, the camera verifies the repair.",
        LEANS,
    ),
    "orders": View(
        "orders", "Work orders", "No order matches. Change or clear the filters.", "Light flickering", LEANS,
        {"view": "all"},
    ),
    "one order": View(
        "order", "", "There is no order 1.", "Close up", LIGHT, handles=("1", "1", "1"), refused=True
    ),
    "inspect": View("inspect_clip", "Inspect a clip", "Nothing was inspected yet.", "New inspection", "New inspection"),
    "cameras": View(
        "cameras", "Cameras",
        "No camera is registered yet. Inspecting a clip registers its camera; an administrator can add one below.",
        "Working", "Not looked yet",
    ),
    "one camera": View(
        "cameras", "", "There is no camera '{name}'.", "What it found", "given clips only",
        handles=("riverside-07", "riverside-07", "cam-2"), refused=True,
    ),
    "assets": View(
        "assets", "Assets",
        "The register is empty. Inspecting a clip proposes what it sees; a register file can be imported.",
        "Street light", "Tree",
    ),
    "one asset": View(
        "assets", "", "There is no asset 'L-1'.", LIGHT, LIGHT, handles=("L-1", "L-1", "<b>L-2</b>"), refused=True
    ),
    "map": View(
        "site_map", "Map",
        NO_PLACE,
        "Drag to move, scroll to zoom, click to open. Metres from the middle. Things that are registered at the "
        "same place are drawn side by side.", NO_PLACE,
    ),
    "reports": View(
        "reports", "Reports", "No order was opened in this time.", "By month", "By issue",
        {"period": "365"},
    ),
    "model": View(
        "model", "Model", "No finding was dismissed as a false alarm or a wrong asset.", "Fallen tree", "Pothole"
    ),
    "settings": View(
        "settings", "Settings",
        "No place is kept quiet. Dismissing an order, or an asset's page, can keep a place quiet for a time.",
        "End now", "People and teams",
    ),
}  # fmt: skip
LOOKS = [("en", "operator"), ("zh_CN", "manager")]

HOSTILE_PAGES = [(view.page, {}) for view in VIEWS.values() if view.title] + [
    ("order", {"id": "1"}),
    ("order", {"id": "2"}),
    ("cameras", {"id": "cam-1"}),
    ("assets", {"id": "<b>L-2</b>"}),
]


@pytest.mark.parametrize(("language", "acting"), LOOKS)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("site", SITES, indirect=True)
def test_page_shows(page: Opener, request: pytest.FixtureRequest, view: str, language: str, acting: str) -> None:
    name, wanted = request.node.callspec.params["site"], VIEWS[view]
    app = page(wanted.page, acting, lang=language, **wanted.asked(name))
    with speaking(language):
        expected = told(tr(wanted.said(name)).replace("{name}", "riverside-07"))
        title = tr(wanted.title) if wanted.title else ""

    assert not app.exception
    assert bool(app.error) is (wanted.refused and name == "empty"), [e.value for e in app.error]
    assert expected in "\n".join(said(app)).replace("\\", "")
    if wanted.title:
        assert [element.value for element in app.title] == [title]
    assert app.segmented_control(key="language_picker").value == language


@pytest.mark.parametrize("view", VIEWS)
def test_a_viewer_sees_every_page(page: Opener, view: str) -> None:
    app = page(VIEWS[view].page, "viewer", **VIEWS[view].asked("working day"))

    assert not app.exception
    assert not app.error, [e.value for e in app.error]


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
