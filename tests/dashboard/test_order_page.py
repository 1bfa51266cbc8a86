"""One order: where it is, and the word that it changed meanwhile."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image
from streamlit.testing.v1 import AppTest

from dashboard.views.lines import lines
from tests.dashboard.conftest import Opener, texts
from tests.dashboard.seeds import png
from tests.workorders.fakes import take
from workorders.orders.desk import Request, perform
from workorders.orders.remarks import attach, comment
from workorders.queries.map import points_near
from workorders.queries.order import order_detail, order_pulse
from workorders.queries.orders import OrderFilter, orders_page
from workorders.register.cameras import CameraDetails, save_camera
from workorders.register.sites import actor_of
from workorders.store import Store
from workorders.words import Action


def test_the_plan_shows_the_order_what_is_around_it_and_its_camera_s_view(page: Opener, site: Store) -> None:
    details = CameraDetails("riverside-07", latitude=31.17, longitude=121.46, heading_deg=90)
    save_camera(site, actor_of(site, "manager"), "riverside-07", details)
    app = page("order", id="2")

    assert not app.error
    drawn = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    targets = {target for trace in drawn for target in trace.get("customdata", [])}
    assert {"order/2", "asset/L-2", "camera/riverside-07"} <= targets
    assert "order/3" not in targets, "only this order"
    assert "camera views" in {trace["name"] for trace in drawn}


def test_an_order_without_a_place_has_no_plan(page: Opener) -> None:
    app = page("order", id="4")

    assert not app.get("plotly_chart")
    assert "Where it is" not in texts(app)


def test_only_what_is_near_is_on_the_plan(site: Store) -> None:
    assert {p.id for p in points_near(site, 31.17, 121.46, 90)} >= {"L-1", "L-5"}
    assert points_near(site, 31.18, 121.46, 90) == []


def test_everything_that_a_reader_should_see_moves_the_pulse(site: Store) -> None:
    seen = {order_pulse(site, 3)}
    operator = actor_of(site, "operator")
    for act in (
        lambda: perform(site, operator, 3, Request(Action.ASSIGN, assignee="operator")),
        lambda: comment(site, operator, 3, "on my way"),
        lambda: attach(site, operator, 3, "lamp.png", png()),
    ):
        act()
        seen.add(order_pulse(site, 3))
    assert len(seen) == 4


def test_what_was_said_of_one_order_is_not_said_of_the_next(page: Opener, site: Store) -> None:
    app = page("order", id="1")
    app.selectbox(key="assign_1_person").select("operator")
    app.text_input(key="assign_1_note").set_value("you are nearest")
    app.button(key="do_assign").click().run()
    app.query_params["id"] = "3"
    app.run()

    assert app.text_input(key="assign_3_note").value == ""
    assert app.selectbox(key="assign_3_person").value == ""
    shown = order_detail(site, 3, actor_of(site, "operator")).row.priority
    assert app.radio(key="priority_to_3").value == shown


def test_an_order_of_several_lights_names_no_single_one(page: Opener, site: Store) -> None:
    for lamp in ("L-3", "L-4", "L-5"):
        number = take(site, asset_id=lamp, camera="riverside-07", first_seen=site.now()).order_id
    (row,) = (row for row in orders_page(site, OrderFilter(text="circuit")).rows if row.is_circuit)

    assert row.id == number
    assert lines([row], ZoneInfo("UTC"))[0].place == "Several street lights · riverside-07"
    assert "Several street lights" in texts(page("order", id=str(row.id)))


def test_pictures_come_with_the_page(page: Opener, site: Store) -> None:
    # A file that Streamlit serves is dropped when a run is broken off: a slow browser then has a broken picture.
    attach(site, actor_of(site, "operator"), 1, "lamp.png", png())

    shown = pictures(page("order", id="1"))

    assert len(shown) == 2, "the evidence and the photo"
    assert all(address.startswith("data:image/jpeg;base64,") for address in shown)


def test_a_photo_stands_as_it_was_taken(page: Opener, site: Store) -> None:
    buffer, turned = BytesIO(), Image.Exif()
    turned[0x0112] = 6  # a telephone held upright: turn by 90 degrees
    Image.new("RGB", (64, 36)).save(buffer, "JPEG", exif=turned)
    attach(site, actor_of(site, "operator"), 3, "upright.jpg", buffer.getvalue())

    (shown,) = pictures(page("order", id="3"))

    with Image.open(BytesIO(base64.b64decode(shown.partition(",")[2]))) as image:
        assert image.size == (36, 64)


def pictures(app: AppTest) -> list[str]:
    """The addresses of the pictures on a page."""
    return [shown.url for element in app.get("image") for shown in element.proto.imgs]
