"""A report of days that are remembered says what one that counts everything now would say, whatever happened since."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import event, select

from tests.workorders.conftest import MANAGER, OPERATOR, new_sqlite
from tests.workorders.fakes import START, FrozenClock, add_camera, light, take
from workorders.clock import zone
from workorders.errors import NotAllowed
from workorders.orders.desk import Request, perform, set_priority
from workorders.orders.policy import set_policy
from workorders.queries import days
from workorders.queries.attainment import levels
from workorders.queries.report import report
from workorders.register.cameras import load_camera
from workorders.register.sites import current_site, update_site
from workorders.schema import WorkOrder
from workorders.store import Store, open_store
from workorders.words import Action, DismissReason, OrderState

ASSETS = [f"L-{n}" for n in range(1, 6)]
ZONES = ["Asia/Shanghai", "Asia/Kathmandu", "America/St_Johns", "UTC"]
SPANS = [timedelta(hours=5), timedelta(days=1), timedelta(days=3, minutes=7), timedelta(days=90)]


def anew(store: Store) -> Store:
    """The same database and clock, with nothing remembered."""
    return open_store(store.engine.url.render_as_string(hide_password=False), store.files, store.now)


def assert_true(store: Store) -> None:
    """Reports of several times are those of a store that counts everything, and of the orders one by one."""
    fresh = anew(store)
    try:
        assert_alike(store, fresh)
    finally:
        fresh.close()


def assert_alike(store: Store, fresh: Store) -> None:
    for span in SPANS:
        since = store.now() - span
        assert report(store, since) == report(fresh, since)
        assert levels(store, since) == levels(fresh, since)
        assert_counted_one_by_one(store, span)


def assert_counted_one_by_one(store: Store, span: timedelta) -> None:
    since = store.now() - span
    found, by_priority = report(store, since), levels(store, since)[0]
    with store.read() as session:
        local = zone(current_site(session).time_zone)
        everything = session.scalars(select(WorkOrder).order_by(WorkOrder.opened_at.desc(), WorkOrder.id.desc())).all()
        cameras = {camera: load_camera(session, camera).name for camera in ("cam-1", "cam-2")}
    orders = [order for order in everything if order.opened_at >= since]
    resolved = [order for order in everything if order.resolved_at is not None and order.resolved_at >= since]
    false = (DismissReason.FALSE_ALARM, DismissReason.WRONG_ASSET)
    assert found.opened == len(orders)
    assert found.resolved == sum(order.resolved_at is not None for order in orders)
    assert found.dismissed == sum(order.state is OrderState.DISMISSED for order in orders)
    assert found.false_alarms == sum(order.dismiss_reason in false for order in orders)
    assert found.by_issue == Counter(order.issue for order in orders)
    assert found.by_place == Counter(order.place or cameras[order.camera_id or ""] for order in orders)
    assert found.by_hour == Counter(order.opened_at.astimezone(local).hour for order in orders)
    assert found.by_month == Counter(order.opened_at.astimezone(local).date().replace(day=1) for order in orders)
    assert found.resolution_s == tuple(o.resolution_took_s for o in orders if o.resolution_took_s is not None)
    assert {row.name: row.resolved for row in by_priority} == Counter(str(order.priority) for order in resolved)
    assert sum(row.in_policy for row in by_priority) == sum(order.resolution_met is True for order in resolved)


class History(RuleBasedStateMachine):
    """Orders come and go over days, are settled late, dismissed, opened again; the site's settings change meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FrozenClock()
        self.store = open_store(new_sqlite(self.folder), now=self.clock)
        self.fresh = anew(self.store)
        for camera, assets in (("cam-1", ASSETS[:3]), ("cam-2", ASSETS[3:])):
            add_camera(self.store, camera, [light(asset, 0.1 * n) for n, asset in enumerate(assets, 1)])

    def teardown(self) -> None:
        self.fresh.close()
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(minutes=st.sampled_from([7, 50, 700, 2_000, 20_000]))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule(asset=st.sampled_from(ASSETS))
    def an_order_comes(self, asset: str) -> None:
        take(self.store, asset_id=asset, camera="cam-1" if asset in ASSETS[:3] else "cam-2", first_seen=self.clock.at)

    @rule(which=st.integers(0, 9), action=st.sampled_from(list(Action)), reason=st.sampled_from(list(DismissReason)))
    def somebody_acts(self, which: int, action: Action, reason: DismissReason) -> None:
        self._try(
            which,
            lambda order: perform(
                self.store, OPERATOR, order,
                Request(
                    action, note="because", assignee="operator" if action is Action.ASSIGN else None,
                    reason=reason if action is Action.DISMISS else None,
                    duplicate_of=1 if action is Action.MARK_DUPLICATE else None,
                ),
            ),
        )  # fmt: skip

    @rule(which=st.integers(0, 9))
    def one_is_settled(self, which: int) -> None:
        for action in (Action.ASSIGN, Action.START, Action.RESOLVE, Action.VERIFY, Action.CLOSE):
            self.somebody_acts(which, action, DismissReason.KNOWN)
            self.clock.forward(minutes=3)

    @rule(which=st.integers(0, 9), priority=st.integers(1, 4))
    def its_priority_changes(self, which: int, priority: int) -> None:
        self._try(which, lambda order: set_priority(self.store, MANAGER, order, priority))

    @rule(name=st.sampled_from(ZONES))
    def the_site_moves(self, name: str) -> None:
        update_site(self.store, MANAGER, "Riverside", name)

    @rule(priority=st.integers(1, 4), minutes=st.integers(2, 90))
    def the_policy_changes(self, priority: int, minutes: int) -> None:
        set_policy(self.store, MANAGER, priority, timedelta(minutes=1), timedelta(minutes=minutes))

    @rule(name=st.sampled_from(["Pier", "Plaza"]))
    def a_camera_is_renamed(self, name: str) -> None:
        with self.store.write() as work:
            load_camera(work.session, "cam-1").name = name
            work.commit()

    def _try(self, which: int, do: object) -> None:
        with self.store.read() as session:
            orders = session.scalars(select(WorkOrder.id).order_by(WorkOrder.id.desc())).all()
        if which < len(orders) and callable(do):
            try:
                do(orders[which])
            except NotAllowed:
                return

    @invariant()
    def reports_are_true(self) -> None:
        days._remembered.pop(self.fresh.engine, None)
        assert_alike(self.store, self.fresh)


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def settled(store: Store, clock: FrozenClock) -> list[int]:
    """Orders of three days, all closed, and a report read of them."""
    for camera, assets in (("cam-1", ASSETS[:3]), ("cam-2", ASSETS[3:])):
        add_camera(store, camera, [light(asset, 0.1 * n) for n, asset in enumerate(assets, 1)])
    numbers = []
    for _ in range(3):
        number = take(store, asset_id="L-1", first_seen=clock.at).order_id
        assert number is not None
        clock.forward(minutes=2)
        perform(store, OPERATOR, number, Request(Action.ASSIGN, assignee="operator"))
        for action in (Action.START, Action.RESOLVE, Action.VERIFY, Action.CLOSE):
            perform(store, OPERATOR, number, Request(action))
        clock.forward(days=1)
        numbers.append(number)
    assert_true(store)
    return numbers


def test_an_order_opened_again_is_counted_again(store: Store, clock: FrozenClock, settled: list[int]) -> None:
    perform(store, OPERATOR, settled[0], Request(Action.REOPEN))
    assert report(store, START - timedelta(days=1)).resolved == 2
    perform(store, OPERATOR, settled[0], Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM))
    assert report(store, START - timedelta(days=1)).false_alarms == 1
    assert_true(store)


def test_the_wall_clock_is_the_sites_of_now(store: Store, settled: list[int]) -> None:
    update_site(store, MANAGER, "Far off", "Asia/Kathmandu")
    assert report(store, START - timedelta(days=1)).by_hour == {17: 3}
    assert_true(store)


def test_only_days_that_changed_are_read_again(store: Store, settled: list[int]) -> None:
    since = START.replace(hour=0) - timedelta(days=1)
    report(store, since)
    read: list[str] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "resolution_took_s" in statement:
            read.append(repr(parameters))

    report(store, since)
    assert read == []
    perform(store, OPERATOR, settled[1], Request(Action.REOPEN))
    read.clear()
    report(store, since)
    (days,) = read
    assert re.findall(r"2026\D+0?6\D+(1[5-9])", days) == ["17", "18"], "from midnight to midnight of the second order"
