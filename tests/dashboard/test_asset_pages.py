"""One asset's page: kept quiet ahead of time, changed, added and taken out of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from detectors.errors import LamplighterError
from tests.dashboard.conftest import Opener, texts
from workorders.queries.assets import AssetFilter, asset_detail, assets_page
from workorders.queries.people import suppressions
from workorders.store import Store
from workorders.words import DismissReason


def test_an_asset_is_kept_quiet_for_works_to_come(page: Opener, site: Store) -> None:
    app = page("assets", "operator", id="P-2")
    app.selectbox(key="quiet_issue").select("path_obstructed")
    wall = (datetime.now(UTC) + timedelta(days=30)).replace(tzinfo=None, hour=9, minute=0, second=0, microsecond=0)
    app.session_state["quiet_since"], app.session_state["quiet_until"] = wall, wall + timedelta(days=3)
    next(b for b in app.button if b.label == "Keep quiet").click().run()

    assert not app.error
    (row,) = (row for row in suppressions(site) if row.subject == "asset:P-2")
    assert (row.issue, row.reason, row.set_by) == ("path_obstructed", DismissReason.PERMITTED_WORKS, "operator")
    assert (row.until - row.since, row.since.hour) == (timedelta(days=3), 1), "nine o'clock in Shanghai"
    assert "begins" in texts(page("settings", "viewer"))


@pytest.mark.parametrize(
    ("since", "until", "line"),
    [
        pytest.param(None, -1, "lies ahead", id="an end in the past"),
        pytest.param(5, 3, "before it ends", id="begins after its end"),
    ],
)
def test_quiet_times_that_cannot_be_are_refused(
    page: Opener, site: Store, since: int | None, until: int, line: str
) -> None:
    before = suppressions(site)
    app = page("assets", "operator", id="P-2")
    noon = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    for key, days in (("quiet_since", since), ("quiet_until", until)):
        app.session_state[key] = None if days is None else noon + timedelta(days=days)
    next(b for b in app.button if b.label == "Keep quiet").click().run()

    assert line in app.error[0].value
    assert suppressions(site) == before


def test_an_asset_is_added_changed_and_taken_out_of_use(page: Opener, site: Store) -> None:
    app = page("assets", "manager")
    app.text_input(key="asset_id").set_value("B-1")
    app.selectbox(key="asset_kind").select("bench")
    next(b for b in app.button if b.label == "Save").click().run()
    assert not app.error
    assert asset_detail(site, "B-1").row.kind == "bench"

    app = page("assets", "manager", id="B-1")
    app.text_input(key="asset_name_B-1").set_value("By the fountain")
    app.number_input(key="asset_latitude_B-1").set_value(31.2)
    app.number_input(key="asset_longitude_B-1").set_value(121.4)
    next(b for b in app.button if b.label == "Save").click().run()
    row = asset_detail(site, "B-1").row
    assert (row.name, row.latitude) == ("By the fountain", 31.2)

    app.button(key="asset_retire").click().run()
    assert assets_page(site, AssetFilter(text="B-1")).total == 0


def test_an_asset_with_an_open_order_stays_in_use(page: Opener, site: Store) -> None:
    app = page("assets", "manager", id="P-2")
    app.button(key="asset_retire").click().run()

    assert "still has order" in app.error[0].value
    assert assets_page(site, AssetFilter(text="P-2")).total == 1


@pytest.mark.parametrize("acting", ["viewer", "operator"])
@pytest.mark.parametrize("query", [{}, {"id": "P-2"}], ids=["register", "one asset"])
def test_others_change_nothing_in_the_register(page: Opener, acting: str, query: dict[str, str]) -> None:
    app = page("assets", acting, **query)

    assert not app.exception
    assert not [box.key for box in app.text_input if str(box.key).startswith(("asset_id", "asset_name"))]
    assert "asset_retire" not in {b.key for b in app.button}
    assert ("Keep quiet" in {b.label for b in app.button}) is (acting == "operator" and bool(query))


def test_an_asset_that_is_not_there_is_one_line(page: Opener, site: Store) -> None:
    app = page("assets", "manager", id="nowhere")

    assert not app.exception
    assert "nowhere" in app.error[0].value
    with pytest.raises(LamplighterError):
        asset_detail(site, "nowhere")


def test_a_form_shows_its_own_asset_whichever_was_looked_at_before(page: Opener, site: Store) -> None:
    app = page("assets", "manager")
    app.text_input(key="asset_name").set_value("A new one").run()
    for asset, kind in (("L-1", "street_light"), ("P-1", "path")):
        app.query_params["id"] = asset
        app.run()
        assert app.text_input(key=f"asset_name_{asset}").value == asset_detail(site, asset).row.name
        assert app.selectbox(key=f"asset_kind_{asset}").value == kind
