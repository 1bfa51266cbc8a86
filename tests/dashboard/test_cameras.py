"""One camera: its regions are drawn, proposals accepted, its source tested; only administrators change anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.views.camera_card import rhythm
from dashboard.views.cameras import CARDS
from tests.dashboard.conftest import Opener, texts
from tests.dashboard.seeds import png
from workorders.jobs import queue
from workorders.queries.cameras import camera_view, cameras
from workorders.queries.overview import overview
from workorders.register.cameras import CameraDetails, ask_for_watch, load_camera, save_camera
from workorders.register.hours import Hours
from workorders.register.sites import actor_of
from workorders.schema import Asset, Camera
from workorders.store import Store
from workorders.words import CameraDesire, CameraHealth

SQUARE = [[0.6, 0.6], [0.7, 0.6], [0.7, 0.8]]


def ids(site: Store) -> set[str]:
    return {asset.id for asset in camera_view(site, "riverside-07").assets}


@pytest.mark.parametrize("acting", ["viewer", "operator"])
def test_others_look_at_regions_and_change_none(page: Opener, acting: str) -> None:
    app = page("cameras", acting, id="riverside-07")

    assert not app.error
    assert not {b.key for b in app.button} & {"region_add", "region_remove", "region_discover"}
    assert "What it found" in texts(app)


def test_a_region_is_added_and_removed(page: Opener, site: Store) -> None:
    app = page("cameras", "manager", id="riverside-07")
    app.text_input(key="region_id").set_value("W-9")
    app.selectbox(key="region_kind").select("bin")
    app.button(key="region_add").click().run()
    assert not app.error
    assert "W-9" in ids(site)
    assert app.selectbox(key="region_chosen").value == "W-9", "the new one is there to be drawn"

    app.button(key="region_remove").click().run()
    assert not app.error
    assert "W-9" not in ids(site)


def test_an_id_of_another_kind_is_refused(page: Opener, site: Store) -> None:
    app = page("cameras", "manager", id="riverside-07")
    app.text_input(key="region_id").set_value("P-1")
    app.selectbox(key="region_kind").select("bin")
    app.button(key="region_add").click().run()

    assert "registered as path" in app.error[0].value
    assert "P-1" not in ids(site)


def test_proposals_are_looked_for_and_accepted(page: Opener, site: Store) -> None:
    app = page("cameras", "manager", id="riverside-07")
    app.button(key="region_discover").click().run()
    assert "A worker looks at the view" in texts(app)

    claim = queue.claim(site, "w1")
    assert claim is not None
    told = {"proposals": [{"id": n, "kind": "bin", "polygon": SQUARE} for n in ("W-1", "W-2")]}
    queue.finish(site, claim.job_id, "w1", told, "2 assets seen")
    app = page("cameras", "manager", id="riverside-07")
    app.multiselect(key="region_accepted").set_value(["W-1"]).run()
    app.button(key="region_accept").click().run()

    assert not app.error
    assert "W-1" in ids(site)
    assert "W-2" not in ids(site)


@pytest.mark.parametrize("answers", [True, False])
def test_a_source_is_tested(page: Opener, site: Store, answers: bool) -> None:
    app = page("cameras", "manager", id="riverside-07")
    app.text_input(key="camera_source_riverside-07").set_value("rtsp://pier/1")
    next(b for b in app.button if b.label == "Test the source").click().run()
    assert not app.error
    assert "A worker tries" in texts(app)

    claim = queue.claim(site, "w1")
    assert claim is not None
    if answers:
        (site.files / "probes").mkdir()
        (site.files / "probes" / "1.jpg").write_bytes(png())
        found = {"picture": "probes/1.jpg", "width": 64, "height": 36, "seconds": 0.4}
        queue.finish(site, claim.job_id, "w1", found, "64 x 36 pixels")
    else:
        queue.fail(site, claim.job_id, "w1", "rtsp://pier/1: no answer.", retry=False)
    app.run()
    said = texts(app).replace("\\", "")
    assert ("It answers: 64 x 36 pixels" in said) is answers
    assert ("rtsp://pier/1: no answer." in said) is not answers


def test_where_a_camera_looks_is_kept(page: Opener, site: Store) -> None:
    app = page("cameras", "manager", id="riverside-07")
    app.number_input(key="camera_heading_riverside-07").set_value(135.0)
    app.number_input(key="camera_angle_riverside-07").set_value(70.0)
    next(b for b in app.button if b.label == "Save").click().run()

    assert not app.error
    row = next(row for row in cameras(site) if row.id == "riverside-07")
    assert (row.heading_deg, row.angle_deg) == (135.0, 70.0)
    assert "135° from north, 70° wide" in texts(page("cameras", "viewer", id="riverside-07"))


@pytest.fixture
def sleeper(site: Store) -> Store:
    """A camera whose hours begin in two hours; it was offline when it was last seen."""
    manager = actor_of(site, "manager")
    wall = site.now().astimezone(ZoneInfo("Asia/Shanghai"))
    begins, ends = ((wall + timedelta(hours=n)).time().replace(second=0, microsecond=0) for n in (2, 6))
    details = CameraDetails("Plaza", source="rtsp://127.0.0.1:9/plaza", hours=Hours(begins, ends))
    save_camera(site, manager, "plaza-02", details)
    ask_for_watch(site, manager, "plaza-02", True)
    with site.write() as work:
        load_camera(work.session, "plaza-02").health = CameraHealth.OFFLINE
        work.commit()
    return site


@pytest.mark.parametrize("name", ["overview", "cameras", "cameras of its own"])
def test_a_sleeping_camera_says_until_when_and_is_not_offline(page: Opener, sleeper: Store, name: str) -> None:
    hours = next(row.hours for row in cameras(sleeper) if row.id == "plaza-02")
    assert hours is not None
    app = page("cameras", id="plaza-02") if "own" in name else page(name)
    said = texts(app).replace("\\", "")

    assert not app.error
    assert f"sleeps until {hours.begins:%H:%M}" in said
    assert "Offline" not in said
    assert "offline" not in said


@pytest.mark.parametrize(
    ("kind", "days", "hours", "said"),
    [
        pytest.param("clock", range(7), Hours(time(20), time(5, 30)), "from 20:00 to 05:30", id="from and to"),
        pytest.param("clock", (4, 5), Hours(time(20), time(5, 30), frozenset({4, 5})), "Fri, Sat", id="two nights"),
        pytest.param("sun", range(7), Hours(), "from sunset to sunrise", id="by the sun"),
        pytest.param("always", range(7), None, "day and night", id="day and night"),
        pytest.param("always", range(5), Hours(time(), time(), frozenset(range(5))), "Mon – Fri", id="workdays"),
    ],
)
def test_hours_are_set_by_an_administrator(
    page: Opener, site: Store, kind: str, days: Sequence[int], hours: Hours | None, said: str
) -> None:
    app = page("cameras", "manager", id="riverside-07")
    app.selectbox(key="camera_hours_riverside-07").select(kind)
    app.time_input(key="camera_begins_riverside-07").set_value(time(20))
    app.time_input(key="camera_ends_riverside-07").set_value(time(5, 30))
    app.button_group(key="camera_days_riverside-07").set_value(list(days))
    next(b for b in app.button if b.label == "Save").click().run()

    assert not app.error
    row = next(row for row in cameras(site) if row.id == "riverside-07")
    assert row.hours == hours
    assert said in rhythm(replace(row, desired=CameraDesire.WATCHED))


def test_hours_by_the_sun_need_a_place(page: Opener, site: Store) -> None:
    app = page("cameras", "manager", id="plaza-02")
    app.selectbox(key="camera_hours_plaza-02").select("sun")
    next(b for b in app.button if b.label == "Save").click().run()

    assert "Sunset is known only where a place is" in app.error[0].value
    assert next(row.hours for row in cameras(site) if row.id == "plaza-02") is None


@pytest.mark.parametrize("site", ["hostile"], indirect=True)
def test_hostile_names_are_only_text(page: Opener) -> None:
    app = page("cameras", "manager", id="cam-1")

    assert not app.exception
    assert not app.error


def test_assets_under_watch_are_those_in_use_that_a_camera_sees(site: Store) -> None:
    before = overview(site)
    with site.write() as work:
        work.session.get_one(Asset, "L-1").retired_at = site.now()
        load_camera(work.session, "plaza-02").enabled = False
        work.commit()
    after = overview(site)

    assert (before.assets_seen, after.assets_seen) == (7, 4)
    assert next(row.assets for row in cameras(site) if row.id == "riverside-07") == 4


def test_a_form_shows_its_own_camera_whichever_was_looked_at_before(page: Opener, site: Store) -> None:
    """The wall has a form for a new camera: what is typed there, and what it leaves empty, is of no other camera."""
    app = page("cameras", "manager")
    app.text_input(key="camera_name").set_value("A new one").run()
    for camera in ("plaza-02", "riverside-07"):
        app.query_params["id"] = camera
        app.run()
        assert app.text_input(key=f"camera_name_{camera}").value == camera
    assert app.number_input(key="camera_latitude_riverside-07").value == 31.17
    next(b for b in app.button if b.label == "Save").click().run()

    row = next(row for row in cameras(site) if row.id == "riverside-07")
    assert (row.name, row.latitude, row.longitude) == ("riverside-07", 31.17, 121.46)


def test_a_wall_of_many_cameras_has_pages_with_trouble_on_the_first(page: Opener, site: Store) -> None:
    manager = actor_of(site, "manager")
    for n in range(CARDS + 2):
        save_camera(site, manager, f"wall-{n:02}", CameraDetails(f"Wall {n:02}"))
    with site.write() as work:
        work.session.get_one(Camera, "wall-49").health = CameraHealth.OFFLINE
        work.commit()

    first = [card.value for card in page("cameras").markdown if "badge" in card.value and "**" in card.value]
    assert "**Wall 49**" in first[0], "the one in trouble"
    assert sum("Wall" in card or "riverside" in card or "plaza" in card for card in first) == CARDS
    assert "**Wall 47**" in texts(page("cameras", cameras_page="2"))
