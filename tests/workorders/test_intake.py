"""Intake: findings become orders, one for each subject and issue; circuits; suppression; re-opening."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from detectors.geometry import Box
from detectors.values import Change
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import START, FrozenClock, add_camera, finding, light, take
from workorders.errors import NotAllowed, NotFound
from workorders.orders.desk import Request, perform
from workorders.orders.suppression import suppress
from workorders.orders.tending import tend
from workorders.queries.assets import AssetFilter, asset_detail, assets_page
from workorders.queries.order import order_detail
from workorders.queries.orders import OrderFilter, orders_page
from workorders.schema import Asset
from workorders.store import Store
from workorders.words import Action, Condition, DismissReason, OrderState


@pytest.fixture(autouse=True)
def cameras(store: Store) -> None:
    add_camera(store, assets=[light(f"L-{n}", n / 10) for n in range(1, 6)], latitude=31.17, longitude=121.46)
    add_camera(store, "cam-2", latitude=31.5, longitude=121.9)


def total(store: Store, **kw: object) -> int:
    return orders_page(store, OrderFilter(**kw)).total


def resolve(store: Store, order: int) -> None:
    for action in (Action.ASSIGN, Action.START, Action.RESOLVE):
        perform(store, OPERATOR, order, Request(action, assignee="operator"))


def test_one_open_order_for_an_asset_and_issue_whoever_sees_it(store: Store, clock: FrozenClock) -> None:
    first = take(store)
    clock.forward(minutes=5)
    again = take(store, what=finding(first_seen=clock.at))
    elsewhere = take(store, what=finding(camera="cam-2", first_seen=clock.forward(minutes=1)))
    assert first.opened
    assert (again.opened, again.order_id) == (False, first.order_id)
    assert (elsewhere.opened, elsewhere.order_id) == (False, first.order_id)
    detail = order_detail(store, first.order_id, OPERATOR)
    assert detail.row.sightings == 9
    assert detail.row.last_seen == clock.at


def test_sightings_are_the_looks_that_saw_it_however_seldom_they_are_written(store: Store) -> None:
    order = take(store, what=finding(observations=3)).order_id
    for seconds, looks in ((2, 5), (4, 8)):
        take(store, Change.CONTINUED, finding(last_seen=START + timedelta(seconds=seconds), observations=looks))
    assert order_detail(store, order, OPERATOR).row.sightings == 8


def test_another_issue_of_the_same_asset_is_another_order(store: Store) -> None:
    assert take(store).order_id != take(store, issue="light_damaged").order_id


def test_the_same_change_taken_in_twice_changes_nothing(store: Store) -> None:
    first = take(store)
    before = order_detail(store, first.order_id, OPERATOR)
    second = take(store)
    after = order_detail(store, first.order_id, OPERATOR)
    assert (second.finding_id, second.order_id, second.opened) == (first.finding_id, first.order_id, False)
    assert (after.row.sightings, after.row.version) == (before.row.sightings, before.row.version)


def test_a_clip_inspected_again_does_not_raise_what_was_dismissed(store: Store) -> None:
    order = take(store).order_id
    perform(store, OPERATOR, order, Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM))
    again = take(store)
    assert (again.order_id, again.opened) == (order, False)
    assert total(store) == 1


@pytest.mark.parametrize(
    ("second_box", "same"),
    [
        pytest.param(Box(0.41, 0.31, 0.51, 0.61), True, id="the same place"),
        pytest.param(Box(0.46, 0.3, 0.56, 0.6), True, id="overlapping, centre in the next cell"),
        pytest.param(Box(0.8, 0.8, 0.9, 0.9), False, id="another place"),
    ],
)
def test_where_nothing_is_registered_the_place_decides(store: Store, second_box: Box, same: bool) -> None:
    first = take(store, what=finding("litter", None, key="litter:place-1", asset_kind=None))
    second = take(store, what=finding("litter", None, key="litter:place-2", asset_kind=None, box=second_box))
    assert (first.order_id == second.order_id) is same


def test_two_places_on_one_path_are_one_order_of_the_path(store: Store) -> None:
    from detectors.geometry import Region
    from detectors.values import Asset as Seen

    add_camera(store, assets=[Seen("P-1", "path", Region.rectangle(Box(0, 0.5, 1, 1)))])
    first = take(store, what=finding("litter", "P-1", key="litter:place-1", asset_kind="path"))
    far = Box(0.8, 0.8, 0.9, 0.9)
    second = take(store, what=finding("litter", "P-1", key="litter:place-2", asset_kind="path", box=far))
    assert first.order_id == second.order_id


def test_a_camera_fault_is_about_the_camera(store: Store) -> None:
    taken = take(store, what=finding("camera_covered", "cam-1", asset_kind="camera"))
    row = order_detail(store, taken.order_id, OPERATOR).row
    assert (row.asset_id, row.asset_kind, row.asset_label) == (None, "camera", "cam-1")


def test_an_asset_that_is_not_registered_is_a_place(store: Store) -> None:
    taken = take(store, asset_id="L-unknown")
    assert order_detail(store, taken.order_id, OPERATOR).row.asset_id is None


def test_a_finding_that_clears_is_noted_and_later_proposes_closing(store: Store, clock: FrozenClock) -> None:
    order = take(store).order_id
    take(store, Change.CLEARED)
    assert order_detail(store, order, OPERATOR).cleared_at == clock.at
    clock.forward(minutes=29)
    assert tend(store).closings_proposed == 0
    clock.forward(minutes=1)
    assert tend(store).closings_proposed == 1
    assert tend(store).closings_proposed == 0
    assert total(store, close_proposed=True) == 1
    take(store, what=finding(first_seen=clock.forward(minutes=1)))
    assert total(store, close_proposed=True) == 0, "seen again: no longer proposed"


def test_one_of_two_findings_that_clears_does_not_clear_the_order(store: Store, clock: FrozenClock) -> None:
    order = take(store, what=finding("litter", None, key="litter:place-1")).order_id
    take(store, what=finding("litter", None, key="litter:place-2"))
    take(store, Change.CLEARED, finding("litter", None, key="litter:place-1"))
    assert order_detail(store, order, OPERATOR).cleared_at is None
    take(store, Change.CLEARED, finding("litter", None, key="litter:place-2"))
    assert order_detail(store, order, OPERATOR).cleared_at == clock.at


@pytest.mark.parametrize(
    ("seconds_after", "state"),
    [
        pytest.param(-300, OrderState.RESOLVED, id="older footage says nothing of the repair"),
        pytest.param(30, OrderState.RESOLVED, id="the crew is still packing up"),
        pytest.param(61, OrderState.NEW, id="seen anew after the repair"),
    ],
)
def test_what_is_seen_after_a_repair_reopens(
    store: Store, clock: FrozenClock, seconds_after: int, state: OrderState
) -> None:
    order = take(store).order_id
    clock.forward(minutes=10)
    resolve(store, order)
    seen = clock.at + timedelta(seconds=seconds_after)
    taken = take(store, what=finding(first_seen=seen))
    assert taken.order_id == order
    assert order_detail(store, order, OPERATOR).row.state is state


def test_a_finding_that_outlasts_its_closed_order_gets_another(store: Store, clock: FrozenClock) -> None:
    order = take(store).order_id
    clock.forward(minutes=10)
    resolve(store, order)
    for action in (Action.VERIFY, Action.CLOSE):
        perform(store, OPERATOR, order, Request(action))
    just_after = finding(last_seen=clock.at + timedelta(seconds=30))
    assert take(store, Change.CONTINUED, just_after).order_id == order
    goes_on = finding(last_seen=clock.at + timedelta(minutes=5))
    assert take(store, Change.CONTINUED, goes_on).opened


def test_three_neighbouring_lights_out_are_one_circuit_order(store: Store, clock: FrozenClock) -> None:
    singles = []
    for n in (1, 2):
        singles.append(take(store, asset_id=f"L-{n}", first_seen=clock.forward(minutes=2)).order_id)
    assert total(store, only_open=True) == 2, "two lights are two orders"
    third = take(store, asset_id="L-3", first_seen=clock.forward(minutes=2))
    page = orders_page(store, OrderFilter(only_open=True))
    assert page.total == 1
    circuit = order_detail(store, page.rows[0].id, OPERATOR)
    assert circuit.row.priority == 1
    assert third.order_id == circuit.row.id
    assert {c.asset_id for c in circuit.children} == {"L-1", "L-2", "L-3"}
    assert {c.id for c in circuit.children} > set(singles)
    assert {c.state for c in circuit.children} == {OrderState.DUPLICATE}
    fourth = take(store, asset_id="L-4", first_seen=clock.forward(minutes=2))
    assert (fourth.order_id, fourth.opened) == (circuit.row.id, False)


@pytest.fixture
def circuit(store: Store, clock: FrozenClock) -> int:
    """Three lights of group C out, as one order."""
    with store.write() as work:
        for n in (1, 2, 3):
            work.session.get(Asset, f"L-{n}").group_ref = "C"
        work.commit()
    for n in (1, 2, 3):
        number = take(store, asset_id=f"L-{n}", first_seen=clock.forward(minutes=1)).order_id
    return number


def test_what_is_seen_of_its_lights_is_seen_of_the_circuit(store: Store, clock: FrozenClock, circuit: int) -> None:
    later = clock.at + timedelta(minutes=9)
    take(store, Change.CONTINUED, finding(asset_id="L-1", first_seen=START + timedelta(minutes=1), last_seen=later))
    assert order_detail(store, circuit, OPERATOR).row.last_seen == later
    for n in (1, 2, 3):
        assert order_detail(store, circuit, OPERATOR).cleared_at is None
        take(store, Change.CLEARED, finding(asset_id=f"L-{n}", first_seen=START + timedelta(minutes=n)))
    assert order_detail(store, circuit, OPERATOR).cleared_at == clock.at


def test_a_light_stays_faulty_until_its_circuit_ends(store: Store, circuit: int) -> None:
    def conditions() -> set[Condition]:
        return {asset_detail(store, f"L-{n}").row.condition for n in (1, 2, 3)}

    other = take(store, issue="light_damaged", asset_id="L-1").order_id
    assert other is not None
    perform(store, OPERATOR, other, Request(Action.DISMISS, reason=DismissReason.TEMPORARY))
    assert conditions() == {Condition.FAULT}
    perform(store, OPERATOR, circuit, Request(Action.DISMISS, reason=DismissReason.TEMPORARY))
    assert conditions() == {Condition.OK}


def test_a_light_shows_the_order_of_its_circuit(store: Store, circuit: int) -> None:
    shown = asset_detail(store, "L-1").orders
    assert {o.id: o.state for o in shown} == {circuit: OrderState.NEW, shown[-1].id: OrderState.DUPLICATE}


def test_the_register_counts_the_order_of_a_circuit_for_each_of_its_lights(store: Store, circuit: int) -> None:
    fourth = take(store, asset_id="L-4", first_seen=START + timedelta(minutes=4)).order_id
    assert fourth == circuit, "it joins the circuit without an order of its own"
    take(store, issue="light_damaged", asset_id="L-1")

    def owed() -> dict[str, tuple[int, int | None]]:
        return {row.id: (row.waiting_orders, row.worst_priority) for row in assets_page(store).rows}

    assert owed() == {"L-1": (2, 1), "L-2": (1, 1), "L-3": (1, 1), "L-4": (1, 1), "L-5": (0, None)}
    assert assets_page(store, AssetFilter(faulty=True)).total == 4
    assert circuit in {o.id for o in asset_detail(store, "L-4").orders}
    perform(store, OPERATOR, circuit, Request(Action.DISMISS, reason=DismissReason.TEMPORARY))
    assert {i: n for i, (n, _) in owed().items() if n} == {"L-1": 1}


def test_a_suppressed_circuit_suppresses_its_lights(store: Store, clock: FrozenClock, circuit: int) -> None:
    request = Request(Action.DISMISS, reason=DismissReason.PERMITTED_WORKS, suppress_for=timedelta(days=2))
    perform(store, OPERATOR, circuit, request)
    clock.forward(hours=1)
    assert take(store, asset_id="L-2", first_seen=clock.at).suppressed
    assert take(store, asset_id="L-5", first_seen=clock.at).opened, "a light of no group"


def test_works_that_are_known_to_come_raise_nothing(store: Store, clock: FrozenClock) -> None:
    until = clock.at + timedelta(days=3)
    suppress(store, OPERATOR, "L-1", "light_out", until, DismissReason.PERMITTED_WORKS)
    assert take(store).suppressed
    assert take(store, issue="light_damaged").opened, "another issue of the same light"
    clock.forward(days=3)
    assert take(store, what=finding(first_seen=clock.at)).opened
    with pytest.raises(NotAllowed, match="lies ahead"):
        suppress(store, OPERATOR, "L-1", "light_out", until, DismissReason.KNOWN)
    with pytest.raises(NotFound):
        suppress(store, OPERATOR, "L-99", "light_out", clock.at + timedelta(days=1), DismissReason.KNOWN)


def test_works_of_next_week_raise_nothing_next_week(store: Store, clock: FrozenClock) -> None:
    since, until = clock.at + timedelta(days=7), clock.at + timedelta(days=9)
    with pytest.raises(NotAllowed, match="before it ends"):
        suppress(store, OPERATOR, "L-1", "light_out", since, DismissReason.PERMITTED_WORKS, until)
    suppress(store, OPERATOR, "L-1", "light_out", until, DismissReason.PERMITTED_WORKS, since)
    assert take(store, what=finding(asset_id="L-1", first_seen=clock.at)).opened, "it has not begun"
    clock.forward(days=8)
    assert take(store, what=finding("light_out", "L-1", first_seen=clock.at, key="later")).suppressed
    clock.forward(days=1)
    assert not take(store, what=finding("light_out", "L-1", first_seen=clock.at, key="after")).suppressed


@pytest.mark.parametrize(
    ("minutes_apart", "groups", "metres_apart", "circuit"),
    [
        pytest.param(5, ("A", "A", "A"), 500, True, id="one group, far apart"),
        pytest.param(5, ("A", "A", "B"), 10, False, id="two groups side by side"),
        pytest.param(5, (None, None, None), 40, True, id="no groups, a line of columns"),
        pytest.param(5, (None, None, None), 100, False, id="no groups, too far apart"),
        pytest.param(40, ("A", "A", "A"), 10, False, id="not in one window"),
    ],
)
def test_what_is_a_circuit(
    store: Store, clock: FrozenClock, minutes_apart: int, groups: tuple, metres_apart: int, circuit: bool
) -> None:
    with store.write() as work:
        for n, group in enumerate(groups, start=1):
            asset = work.session.get(Asset, f"L-{n}")
            asset.group_ref = group
            asset.latitude = 31.17 + n * metres_apart / 111_195
        work.commit()
    for n in (1, 2, 3):
        take(store, asset_id=f"L-{n}", first_seen=clock.forward(minutes=minutes_apart))
    assert total(store, only_open=True) == (1 if circuit else 3)


def test_a_light_that_failed_days_before_and_is_dark_still_belongs_to_the_circuit(
    store: Store, clock: FrozenClock
) -> None:
    first = take(store, asset_id="L-1", first_seen=clock.at)
    clock.forward(days=2)
    still = finding(asset_id="L-1", key="light_out:L-1:again", first_seen=clock.at, last_seen=clock.at)
    assert take(store, what=still).order_id == first.order_id
    for lamp in ("L-2", "L-3"):
        take(store, asset_id=lamp, first_seen=clock.forward(minutes=1))
    assert total(store, only_open=True) == 1


def test_many_intakes_at_once_open_one_order(store: Store) -> None:
    """Two cameras see one light at the same moment, each from its own process or thread."""
    gate, opened, failed = threading.Barrier(6), [], []

    def camera(n: int) -> None:
        gate.wait()
        try:
            opened.append(take(store, what=finding(camera=f"cam-{1 + n % 2}", key=f"k{n}")).opened)
        except Exception as error:  # noqa: BLE001 - reported by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=camera, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert sorted(opened) == [False] * 5 + [True]
    assert total(store) == 1


def test_where_and_since_when(store: Store) -> None:
    row = order_detail(store, take(store).order_id, OPERATOR).row
    assert (row.latitude, row.longitude) == (31.17, 121.46)
    assert row.opened_at == START
