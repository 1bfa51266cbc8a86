"""The figures of reports: what is counted, on which wall clock, and what watching cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from detectors.values import Look, View
from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import START, FrozenClock, ScriptedEyes, add_camera, light, look, take
from workorders.orders.desk import Request, perform
from workorders.queries.costs import camera_costs
from workorders.queries.report import report
from workorders.register.cameras import ask_for_watch, load_camera
from workorders.register.metering import Meter
from workorders.register.sites import update_site
from workorders.schema import CameraDay, Job
from workorders.store import Store
from workorders.watch import run_watch
from workorders.words import Action, DismissReason, JobKind, JobState


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
    def job(kind: JobKind, seconds: float | None, result: dict[str, float] | None, days_ago: float = 0.5) -> Job:
        began = clock() - timedelta(days=days_ago)
        ended = None if seconds is None else began + timedelta(seconds=seconds)
        return Job(
            kind=kind, camera_id="cam-1", state=JobState.DONE, not_before=began, created_at=began, created_by="li",
            started_at=began, finished_at=ended, result=result,
        )  # fmt: skip

    with store.write() as work:
        work.session.add_all(
            [
                job(JobKind.INSPECT, 60, {"video_seconds": 1_800.0, "wall_seconds": 30.0}),
                job(JobKind.INSPECT, 60, None),
                job(JobKind.WATCH, 7_200, None),
                job(JobKind.INSPECT, 60, {"video_seconds": 999.0, "wall_seconds": 9.0}, days_ago=40),
                CameraDay(camera_id="cam-1", day=clock().date(), watched_s=5_400.0, computed_s=90.0, looks=540),
                CameraDay(camera_id="cam-1", day=date(2026, 1, 1), watched_s=9e4, computed_s=9e3, looks=9_000),
            ]
        )
        work.commit()
    (cost,) = camera_costs(store, clock() - timedelta(days=30))

    assert (cost.camera_id, cost.recorded_s, cost.watched_s) == ("cam-1", 1_800.0, 5_400.0)
    assert cost.computed_s == 120.0
    assert cost.computing_an_hour == 60.0


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
