"""What people enter themselves: orders that no camera raised, and assets."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from detectors.errors import LamplighterError, RegisterError
from tests.workorders.conftest import MANAGER, OPERATOR, VIEWER
from tests.workorders.fakes import START, ScriptedEyes, add_camera, light, look, take
from workorders.errors import NotAllowed, NotFound
from workorders.jobs import queue
from workorders.jobs.running import do_job
from workorders.orders.by_hand import raise_order
from workorders.queries.assets import asset_detail, assets_page
from workorders.queries.order import order_detail
from workorders.queries.orders import OrderFilter, orders_page
from workorders.register.assets import AssetDetails, retire_asset, save_asset
from workorders.store import Store


@pytest.fixture(autouse=True)
def register(store: Store) -> None:
    add_camera(store, assets=[light("L-1")], latitude=31.17, longitude=121.46)
    save_asset(store, MANAGER, "B-1", AssetDetails("bench", "Old bench", "Quay", 31.2, 121.5))


def test_an_order_raised_by_hand_is_like_any_other(store: Store) -> None:
    number = raise_order(store, OPERATOR, "asset_missing", asset_id="B-1", note="stolen").order_id
    detail = order_detail(store, number, OPERATOR)
    assert (detail.row.asset_label, detail.row.place, detail.row.latitude) == ("Old bench", "Quay", 31.2)
    assert (detail.log[0].actor, detail.log[0].note) == ("Operator", "stolen")
    assert detail.evidence == ()
    assert orders_page(store, OrderFilter(text="bench quay")).total == 1


def test_a_camera_that_sees_it_too_adds_to_the_same_order(store: Store) -> None:
    number = raise_order(store, OPERATOR, "light_out", asset_id="L-1").order_id
    assert order_detail(store, number, OPERATOR).row.camera_id == "cam-1"
    taken = take(store)
    assert (taken.order_id, taken.opened) == (number, False)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        pytest.param(
            {"issue": "light_out", "asset_id": "B-1"}, "A bench cannot have the issue", id="a bench is no light"
        ),
        pytest.param({"issue": "litter", "camera_id": "cam-1"}, "A camera cannot have", id="a camera has no litter"),
        pytest.param({"issue": "haunted", "asset_id": "B-1"}, "Unknown issue 'haunted'", id="no such issue"),
        pytest.param({"issue": "light_out", "asset_id": "L-9"}, "no asset 'L-9'", id="no such asset"),
        pytest.param({"issue": "light_out"}, "name one of them", id="about nothing"),
        pytest.param({"issue": "light_out", "asset_id": "L-1", "priority": 9}, "no priority 9", id="no such priority"),
    ],
)
def test_what_cannot_be_raised(store: Store, what: dict, line: str) -> None:
    with pytest.raises(LamplighterError, match=line):
        raise_order(store, OPERATOR, **what)
    assert orders_page(store).total == 0


def test_the_second_order_for_the_same_thing_is_refused(store: Store) -> None:
    raise_order(store, OPERATOR, "camera_moved", camera_id="cam-1")
    with pytest.raises(NotAllowed, match="Order 1 is already open"):
        raise_order(store, OPERATOR, "camera_moved", camera_id="cam-1")
    with pytest.raises(NotAllowed):
        raise_order(store, VIEWER, "light_out", asset_id="L-1")


def test_an_asset_is_changed_and_retired(store: Store) -> None:
    save_asset(store, MANAGER, "B-1", AssetDetails("bench", "New bench", external_ref="E-1"))
    assert asset_detail(store, "B-1").row.name == "New bench"
    with pytest.raises(RegisterError, match="external ref of asset B-1"):
        save_asset(store, MANAGER, "B-2", AssetDetails("bench", external_ref="E-1"))
    raise_order(store, OPERATOR, "asset_missing", asset_id="B-1")
    with pytest.raises(RegisterError, match="still has order 1 open"):
        retire_asset(store, MANAGER, "B-1")
    retire_asset(store, MANAGER, "L-1")
    assert [a.id for a in assets_page(store).rows] == ["B-1"]
    with pytest.raises(NotFound):
        retire_asset(store, MANAGER, "X")


@pytest.mark.parametrize(
    ("asset_id", "details", "line"),
    [
        pytest.param("a b", AssetDetails("bench"), "cannot be an asset's id", id="a space"),
        pytest.param("a", AssetDetails("ship"), "not a kind", id="no kind"),
        pytest.param("a", AssetDetails("bench", latitude=99), "not a latitude", id="beyond the pole"),
        pytest.param("a", AssetDetails("bench", criticality=0), "Criticality", id="criticality"),
    ],
)
def test_an_asset_that_cannot_be(store: Store, asset_id: str, details: AssetDetails, line: str) -> None:
    with pytest.raises(RegisterError, match=line):
        save_asset(store, MANAGER, asset_id, details)


def test_a_recordings_start_reaches_the_source_in_utc(store: Store) -> None:
    eyes = ScriptedEyes(lambda view: [look()])
    local = datetime(2026, 6, 16, 20, 0, tzinfo=timezone(timedelta(hours=8)))
    queue.ask_inspection(store, OPERATOR, "clip.mp4", "cam-1", start=local)
    claim = queue.claim(store, "w")
    import threading

    do_job(store, claim, "w", lambda: eyes, threading.Event())
    assert eyes.started == START
