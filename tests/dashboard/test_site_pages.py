"""The register's import, the map, reports and settings."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import combinations
from math import dist

import pytest
from sqlalchemy import update

from dashboard.views.map_figure import Thing, cone, place
from tests.dashboard.conftest import Opener, texts
from workorders.ground import ground_file
from workorders.orders.desk import Request, perform
from workorders.queries.assets import AssetFilter, assets_page
from workorders.queries.cameras import cameras
from workorders.queries.orders import OrderFilter, orders_page
from workorders.queries.people import people, site, suppressions
from workorders.register.cameras import CameraDetails, save_camera
from workorders.register.sites import actor_of
from workorders.sample_ground import sample_ground
from workorders.schema import Asset, CameraDay, WorkOrder
from workorders.store import Store
from workorders.words import Action, Condition, DismissReason, Role

GOOD = b"id,type,lat,lon\nL-90,street_light,31.17,121.46\nL-91,street_light,31.18,121.46\n"
BAD = b"id,type,lat,lon\nL-90,street_light,31.17,121.46\nL-91,spaceship,999,121.46\n"


def test_a_dry_run_changes_nothing_then_it_is_taken_in(page: Opener, site: Store) -> None:
    app = page("assets", "manager")
    app.toggle(key="importing").set_value(True).run()
    app.file_uploader[0].upload("lights.csv", GOOD).run()

    next(b for b in app.button if b.label == "Check").click().run()
    assert "2 rows" in texts(app)
    assert assets_page(site, AssetFilter(text="L-9")).total == 0

    next(b for b in app.button if b.label == "Take in").click().run()
    assert not app.error
    assert assets_page(site, AssetFilter(text="L-9")).total == 2


def test_a_bad_row_is_named_and_nothing_is_taken_in(page: Opener, site: Store) -> None:
    app = page("assets", "manager")
    app.toggle(key="importing").set_value(True).run()
    app.file_uploader[0].upload("lights.csv", BAD).run()
    next(b for b in app.button if b.label == "Take in").click().run()

    assert "Nothing is taken in" in app.error[0].value
    problems = app.dataframe[0].value
    assert set(problems["Row"]) == {3}
    assert assets_page(site, AssetFilter(text="L-9")).total == 0


def test_a_file_that_is_no_register_is_one_clear_line(page: Opener) -> None:
    app = page("assets", "manager")
    app.toggle(key="importing").set_value(True).run()
    app.file_uploader[0].upload("lights.xlsx", b"no spreadsheet").run()

    assert not app.exception
    assert len(app.error) == 1


@pytest.mark.parametrize("acting", ["viewer", "operator"])
def test_only_an_administrator_imports(page: Opener, acting: str) -> None:
    app = page("assets", acting)

    assert not app.toggle.values or "importing" not in [t.key for t in app.toggle]
    assert "Only an administrator imports." in texts(app)


def test_the_site_is_renamed_and_its_zone_holds_everywhere(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.text_input(key="site_name").set_value("Harbour")
    app.selectbox(key="site_zone").select("Europe/Lisbon")
    next(b for b in app.button if b.label == "Save").click().run()

    assert site_of(site) == ("Harbour", "Europe/Lisbon")
    assert "Europe/Lisbon" in texts(page("orders"))


def site_of(store: Store) -> tuple[str, str]:
    found = site(store)
    return found.name, found.time_zone


def test_somebody_new_may_act(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.text_input(key="person_id").set_value("li")
    app.text_input(key="person_name").set_value("Li Wei")
    app.selectbox(key="person_role").select(Role.OPERATOR)
    next(b for b in app.button if b.label == "Save person").click().run()

    assert {person.id: person.name for person in people(site)}["li"] == "Li Wei"


def test_a_quiet_place_is_heard_again(page: Opener, site: Store) -> None:
    quiet = Request(Action.DISMISS, reason=DismissReason.KNOWN, suppress_for=timedelta(days=7))
    perform(site, actor_of(site, "operator"), 1, quiet)
    number = suppressions(site)[0].id
    app = page("settings", "operator")

    app.button(key=f"lift_{number}").click().run()

    assert number not in {row.id for row in suppressions(site)}


@pytest.mark.parametrize("acting", ["viewer", "operator"])
def test_settings_are_read_only_for_others(page: Opener, acting: str) -> None:
    labels = {button.label for button in page("settings", acting).button if not button.disabled}

    assert not labels & {"Set", "Save", "Save person", "Save team"}


def test_a_fault_is_reported_by_hand_once(page: Opener, site: Store) -> None:
    for expected in (0, 1):
        app = page("assets", id="P-2")
        app.selectbox(key="fault_issue").select("path_flooded")
        app.selectbox(key="fault_priority").select(1)
        app.text_input(key="fault_note").set_value("a visitor called")
        next(b for b in app.button if b.label == "Raise an order").click().run()
        assert len(app.error) == expected

    orders = orders_page(site, OrderFilter(asset="P-2", issues=frozenset({"path_flooded"}))).rows
    assert [row.priority for row in orders] == [1]
    assert "already open for the same thing" in app.error[0].value


def test_a_camera_is_added(page: Opener, site: Store) -> None:
    app = page("cameras", "manager")
    app.text_input(key="camera_name").set_value("Bridge")
    app.text_input(key="camera_id").set_value("bridge-01")
    app.number_input(key="camera_latitude").set_value(31.2)
    next(b for b in app.button if b.label == "Save").click().run()

    assert not app.error
    assert {row.id: row.name for row in cameras(site)}["bridge-01"] == "Bridge"


def test_things_of_one_place_are_drawn_apart() -> None:
    things = [Thing("camera:", 31.17, 121.46, "", f"camera/{n}") for n in range(40)]
    far = Thing("camera:", 31.18, 121.46, "", "camera/far")
    spots = place([*things, far])

    assert min(dist(one, other) for one, other in combinations(spots[:-1], 2)) > 3
    assert spots[-1][1] - spots[0][1] == pytest.approx(1113.2, rel=0.01)


@pytest.mark.parametrize(
    ("heading", "ahead"),
    [(0, (0, 40)), (90, (40, 0)), (180, (0, -40)), (270, (-40, 0))],
    ids=["north", "east", "south", "west"],
)
def test_a_cone_points_where_its_camera_looks(heading: float, ahead: tuple[float, float]) -> None:
    outline = cone(0, 0, heading, 60)

    assert outline[0] == outline[-1] == (0, 0)
    assert min(dist(point, ahead) for point in outline) < 0.001
    assert max(dist(point, (0, 0)) for point in outline) == pytest.approx(40)
    assert dist(outline[1], outline[-2]) == pytest.approx(40), "60 degrees: as wide as far"


def test_the_map_draws_cones_of_cameras_whose_heading_is_known(page: Opener, site: Store) -> None:
    figure = json.loads(page("site_map").get("plotly_chart")[0].proto.spec)
    assert "camera views" not in {trace["name"] for trace in figure["data"]}

    details = CameraDetails("riverside-07", latitude=31.17, longitude=121.46, heading_deg=90, angle_deg=60)
    save_camera(site, actor_of(site, "manager"), "riverside-07", details)
    figure = json.loads(page("site_map").get("plotly_chart")[0].proto.spec)
    assert "camera views" in {trace["name"] for trace in figure["data"]}


def test_the_map_follows_the_condition_of_assets(page: Opener, site: Store) -> None:
    def layers() -> set[str]:
        return {trace["name"] for trace in json.loads(page("site_map").get("plotly_chart")[0].proto.spec)["data"]}

    assert "assets: Fault" in layers()
    with site.write() as work:
        work.session.execute(update(Asset).values(condition=Condition.OK))
        work.commit()
    assert "assets: Fault" not in layers()
    assert "assets: OK" in layers()


def test_the_ground_lies_under_the_map(page: Opener, site: Store) -> None:
    def lowest() -> dict[str, object]:
        return dict(json.loads(page("site_map", "manager").get("plotly_chart")[0].proto.spec)["data"][0])

    app = page("site_map", "manager")
    app.file_uploader(key="ground_upload").upload("ground.geojson", sample_ground()).run()
    app.button(key="ground_keep").click().run()
    assert not app.error
    assert lowest()["fill"] == "toself"
    assert lowest()["hoverinfo"] == "skip"

    page("site_map", "manager").button(key="ground_clear").click().run()
    assert lowest()["mode"] == "markers"


def test_a_ground_that_cannot_be_read_leaves_the_map_as_it_is(page: Opener, site: Store) -> None:
    ground_file(site).write_bytes(b"{")
    app = page("site_map")

    assert app.get("plotly_chart")
    assert "no GeoJSON that can be read" in app.warning[0].value
    assert not app.file_uploader, "only an administrator lays another one"


def test_reports_count_what_was_opened(page: Opener) -> None:
    app = page("reports")

    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Opened"] == "9"
    assert figures["Resolved"] == "2"
    assert figures["Dismissed"] == "11.1 %"
    assert figures["False alarms a day"] == "—"
    titles = [heading.value for heading in app.subheader]
    assert {"By month", "Time to the first answer", "Cost by camera"} <= set(titles)


def test_the_cost_of_a_watch_is_told_even_without_an_order(page: Opener, site: Store) -> None:
    with site.write() as work:
        work.session.execute(update(WorkOrder).values(opened_at=site.now() - timedelta(days=400)))
        day = site.now().date()
        work.session.add(CameraDay(camera_id="plaza-02", day=day, watched_s=7_200.0, computed_s=144.0, looks=7_200))
        work.commit()
    costs = page("reports").dataframe[-1].value.set_index("Camera")

    assert costs.loc["plaza-02", "Watched live"] == 2.0
    assert costs.loc["plaza-02", "Computing for an hour, s"] == 72


def test_a_report_without_a_repair_says_so(page: Opener, site: Store) -> None:
    with site.write() as work:
        work.session.execute(update(WorkOrder).values(resolved_at=None, resolution_took_s=None))
        work.commit()
    app = page("reports")

    assert "No order of this time has been repaired yet" in texts(app)
    titles = [heading.value for heading in app.subheader]
    assert not [title for title in titles if title.startswith(("Service levels", "Time to the repair"))]
