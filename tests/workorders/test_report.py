"""The figures of reports: what is counted, on which wall clock, and what watching cost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from detectors.values import Look, View
from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import START, FrozenClock, ScriptedEyes, add_camera, light, look, take
from workorders.inspection import run_inspection
from workorders.migrate import upgrade
from workorders.orders.desk import Request, perform
from workorders.queries.costs import camera_costs
from workorders.queries.report import report
from workorders.register.cameras import ask_for_watch, load_camera
from workorders.register.metering import Cost, Meter, add_cost
from workorders.register.sites import update_site
from workorders.schema import CameraDay
from workorders.store import Store, open_store
from workorders.watch import run_watch
from workorders.words import Action, DismissReason


@pytest.fixture(autouse=True)
def camera(store: Store) -> None:
    add_camera(store, assets=[light(f"L-{n}", 0.1 * n) for n in range(1, 5)])


def raised(store: Store, asset: str) -> int:
    order = take(store, asset_id=asset, first_seen=store.now()).order_id
    assert order is not None
    return order


def test_orders_are_counted_once_by_everything(store: Store, clock: FrozenClock) -> None:
    for asset in ("L-1", "L-2"):
        order = raised(store, asset)
        clock.forward(minutes=2)
        perform(store, OPERATOR, order, Request(Action.ASSIGN, assignee="operator"))
        perform(store, OPERATOR, order, Request(Action.START))
        clock.forward(minutes=6)
        perform(store, OPERATOR, order, Request(Action.RESOLVE))
        perform(store, OPERATOR, order, Request(Action.VERIFY))
    clock.forward(hours=2)
    perform(store, OPERATOR, raised(store, "L-1"), Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM))
    perform(store, OPERATOR, raised(store, "L-3"), Request(Action.DISMISS, reason=DismissReason.TEMPORARY))
    found = report(store, START - timedelta(days=1))

    assert (found.opened, found.resolved, found.dismissed, found.false_alarms) == (4, 2, 2, 1)
    assert found.by_issue == {"light_out": 4}
    assert sum(found.by_place.values()) == 4
    assert found.resolution_s == (480.0, 480.0)
    assert found.response_s == (120.0, 120.0)
    assert [(o.asset_id, o.orders) for o in found.offenders] == [("L-1", 2)]
    assert report(store, store.now() + timedelta(seconds=1)).opened == 0


@pytest.mark.parametrize(
    ("zone", "hour", "month"),
    [
        pytest.param("Asia/Shanghai", 20, date(2026, 6, 1), id="whole hours"),
        pytest.param("Asia/Kathmandu", 17, date(2026, 6, 1), id="three quarters of an hour"),
        pytest.param("America/St_Johns", 9, date(2026, 6, 1), id="half an hour, west"),
    ],
)
def test_hours_are_those_of_the_sites_wall(store: Store, zone: str, hour: int, month: date) -> None:
    update_site(store, MANAGER, "Riverside", zone)
    raised(store, "L-1")
    found = report(store, START - timedelta(days=1))

    assert found.by_hour == {hour: 1}
    assert found.by_month == {month: 1}


def test_costs_add_up_recordings_and_watches(store: Store, clock: FrozenClock) -> None:
    for _ in range(2):
        run_inspection(store, "clip.mp4", "cam-1", ScriptedEyes(lambda view: [look(), look(offset_s=9)]))
    run_inspection(store, "clip.mp4", "cam-1", ScriptedEyes(lambda view: [look()]), save=False)
    with store.write() as work:
        add_cost(work.session, "cam-1", clock().date(), Cost(90.0, 540, watched_s=5_400.0))
        add_cost(work.session, "cam-1", date(2026, 1, 1), Cost(9e3, 9_000, watched_s=9e4))
        work.commit()
    (cost,) = camera_costs(store, clock() - timedelta(days=30))

    assert (cost.camera_id, cost.recorded_s, cost.watched_s) == ("cam-1", 20.0, 5_400.0), "ten seconds each clip"
    assert 90 < cost.computed_s < 150
    assert cost.computing_an_hour == pytest.approx(3_600 * cost.computed_s / 5_420)


def test_costs_of_earlier_jobs_are_taken_over(tmp_path: Path) -> None:
    """Inspections of before costs were counted: two on one day, one on another, and one that came to nothing."""
    url = f"sqlite:///{tmp_path}/old.db"
    engine = create_engine(url)
    upgrade(engine, "0008")
    jobs = [("2026-06-01 03:00:00", 1_800.0), ("2026-06-01 23:00:00", 600.0), ("2026-06-02 01:00:00", 60.0)]
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO site (id, name, time_zone, is_demo, created_at) VALUES (7, 'S', 'UTC', 0, '2026-01-01')")
        )
        connection.execute(
            text(
                "INSERT INTO camera (id, site_id, name, source, time_zone, every_s, enabled, desired, health, "
                "last_error, created_at) VALUES ('pier', 7, 'Pier', '', 'UTC', 1, 1, 'idle', 'ok', '', '2026-01-01')"
            )
        )
        row = text(
            "INSERT INTO job (kind, camera_id, payload, state, attempts, max_attempts, not_before, cancel_asked, "
            "progress, message, result, created_at, created_by, finished_at) VALUES ('inspect', 'pier', '{}', 'done', "
            "1, 3, :at, 0, 1, '', :result, :at, 'li', :at)"
        )
        for at, seconds in jobs:
            result = {"video_seconds": seconds, "wall_seconds": seconds / 60, "frames": 10}
            connection.execute(row, {"at": at, "result": json.dumps(result)})
        connection.execute(row, {"at": "2026-06-02 02:00:00", "result": "null"})
    engine.dispose()
    store = open_store(url, tmp_path)
    with store.read() as session:
        days = {day.day: (day.recorded_s, day.computed_s, day.looks) for day in session.scalars(select(CameraDay))}
    store.close()

    assert days == {date(2026, 6, 1): (2_400.0, 40.0, 20), date(2026, 6, 2): (60.0, 1.0, 10)}


def test_a_watch_counts_what_it_costs_by_the_day(store: Store, clock: FrozenClock) -> None:
    clock.at = START.replace(hour=23, minute=59, second=0)

    def script(view: View) -> Iterator[Look]:
        for n in range(12):
            yield replace(look(clock(), offset_s=10.0 * n), took_s=0.5)
            clock.forward(seconds=10)
        ask_for_watch(store, OPERATOR, "cam-1", False)
        yield replace(look(clock(), offset_s=120), took_s=0.5)

    with store.write() as work:
        load_camera(work.session, "cam-1").source = "rtsp://pier/1"
        work.commit()
    ask_for_watch(store, OPERATOR, "cam-1", True)
    run_watch(store, "cam-1", ScriptedEyes(script), progress=lambda *_: None, should_stop=lambda: False)
    with store.read() as session:
        days = {row.day: (row.watched_s, row.looks) for row in session.scalars(select(CameraDay))}
    (cost,) = camera_costs(store, clock() - timedelta(days=1))

    assert days == {date(2026, 6, 16): (50.0, 6), date(2026, 6, 17): (70.0, 7)}
    assert cost.watched_s == 120
    assert cost.computed_s > 13 * 0.5, "the looks, and the time to keep what they saw"


def test_a_meter_loses_a_minute_at_most(store: Store, clock: FrozenClock) -> None:
    meter = Meter(store, "cam-1", wall=lambda: clock().timestamp())
    for _ in range(10):
        meter.count(1.0)
        clock.forward(seconds=20)
    (cost,) = camera_costs(store, clock() - timedelta(days=1))

    assert (cost.watched_s, cost.computed_s) == (180.0, 10.0)
