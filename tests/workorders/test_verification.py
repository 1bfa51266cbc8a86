"""Verified by the camera: clean looks verify, sightings re-open, no view leaves it to a person."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from detectors.values import LightState, Look, Presence, View
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import BOX, FrozenClock, add_camera, answer, finding, light, look, take
from workorders.keeping import FLUSH_S, Keeper
from workorders.orders.desk import WATCH_AFTER_REPAIR, Request, perform
from workorders.orders.tending import tend
from workorders.orders.verification import Watched, judge
from workorders.queries.order import OrderDetail, order_detail
from workorders.store import Store
from workorders.words import Action, EvidenceKind, Moment, OrderState

P = Presence
VIEW = View("cam-1", (light("L-1"),))


@pytest.fixture
def repaired(store: Store, clock: FrozenClock) -> int:
    add_camera(store, assets=[light("L-1")])
    order = take(store).order_id
    clock.forward(minutes=10)
    for action in (Action.ASSIGN, Action.START, Action.RESOLVE):
        perform(store, OPERATOR, order, Request(action, assignee="operator"))
    return order


def watch(store: Store, clock: FrozenClock, answers: list[Presence], apart_s: float = 20, **kw: object) -> None:
    """Looks at the repaired light, beginning once things have settled."""
    keeper = Keeper(store, VIEW, apart_s)
    clock.forward(seconds=61)
    for n, presence in enumerate(answers):
        clock.forward(seconds=apart_s)
        keeper.take(look(clock.at, (), [answer("L-1", presence)], index=n, **kw))
    keeper.finish()


def state(store: Store, order: int) -> OrderState:
    return order_detail(store, order, OPERATOR).row.state


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([P.ABSENT] * 5, OrderState.VERIFIED, id="five clean looks verify"),
        pytest.param([P.ABSENT] * 4, OrderState.RESOLVED, id="four are not enough"),
        pytest.param([P.UNKNOWN] * 9, OrderState.RESOLVED, id="no view, no verdict"),
        pytest.param([P.ABSENT, P.UNKNOWN] * 5, OrderState.VERIFIED, id="looks without a view do not count against it"),
        pytest.param([P.ABSENT] * 4 + [P.PRESENT] + [P.ABSENT] * 4, OrderState.RESOLVED, id="in a row, they must be"),
        pytest.param([P.PRESENT] * 3, OrderState.NEW, id="seen three times re-opens"),
        pytest.param([P.PRESENT, P.PRESENT, P.ABSENT] * 3, OrderState.RESOLVED, id="flicker decides nothing"),
    ],
)
def test_what_a_camera_sees_after_a_repair(
    store: Store, clock: FrozenClock, repaired: int, answers: list[Presence], expected: OrderState
) -> None:
    watch(store, clock, answers)
    assert state(store, repaired) is expected


def test_a_verified_repair_has_pictures_of_before_and_after(store: Store, clock: FrozenClock, repaired: int) -> None:
    watch(store, clock, [P.ABSENT] * 6)
    detail = order_detail(store, repaired, OPERATOR)
    assert detail.log[-1].actor == "Camera cam-1"
    assert detail.file_of(EvidenceKind.CLEAN, Moment.AFTER) is not None
    assert detail.file_of(EvidenceKind.ANNOTATED, Moment.AFTER) is not None


@pytest.mark.parametrize("looks_a_write", [1, 2, 3, 7, 100])
def test_however_often_it_writes_the_verdict_and_its_pictures_are_the_same(
    store: Store, clock: FrozenClock, repaired: int, looks_a_write: int
) -> None:
    wall = (n * FLUSH_S / looks_a_write for n in itertools.count())
    keeper = Keeper(store, VIEW, 1, lambda: next(wall) / 3)
    for n in range(40):
        keeper.take(look(clock.forward(seconds=1), (), [answer("L-1", P.ABSENT)], index=n))
    keeper.finish()
    detail = order_detail(store, repaired, OPERATOR)
    assert detail.row.state is OrderState.VERIFIED
    after = [e for e in detail.evidence if e.moment is Moment.AFTER]
    assert sorted(e.kind for e in after) == sorted([EvidenceKind.CLEAN, EvidenceKind.ANNOTATED, EvidenceKind.CROP])
    assert len(list(store.evidence.rglob("*.jpg"))) == 3, "no picture is left that no order names"


def test_many_looks_at_one_moment_are_one_look(store: Store, clock: FrozenClock, repaired: int) -> None:
    watch(store, clock, [P.ABSENT] * 12, apart_s=1)
    assert state(store, repaired) is OrderState.RESOLVED
    watch(store, clock, [P.ABSENT] * 12, apart_s=1)
    assert state(store, repaired) is OrderState.VERIFIED


def test_a_camera_fault_gives_no_view(store: Store, clock: FrozenClock, repaired: int) -> None:
    watch(store, clock, [P.ABSENT] * 9, suspended="camera_covered")
    assert state(store, repaired) is OrderState.RESOLVED


def test_a_camera_without_a_view_leaves_it_to_a_person(store: Store, clock: FrozenClock, repaired: int) -> None:
    clock.forward(seconds=WATCH_AFTER_REPAIR.total_seconds() + 1)
    assert tend(store).watches_ended == 1
    assert tend(store).watches_ended == 0
    detail = order_detail(store, repaired, OPERATOR)
    assert detail.log[-1].note == "no view in time: a person must verify"
    watch(store, clock, [P.ABSENT] * 9)
    assert state(store, repaired) is OrderState.RESOLVED, "the watch is over"
    assert perform(store, OPERATOR, repaired, Request(Action.VERIFY)).state is OrderState.VERIFIED


def _placed(**kw: object) -> Watched:
    values = {
        "order_id": 1, "issue": "litter", "assets": frozenset(), "whole_camera": False, "box": BOX, "light": "day",
        "repaired_at": finding().first_seen, "clean_looks": 0,
    }  # fmt: skip
    return Watched(**{**values, **kw})


SOON = finding().first_seen + timedelta(seconds=30)
LATER = finding().first_seen + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("watched", "seen", "expected"),
    [
        pytest.param(_placed(), look(LATER, light_state=LightState.DAY), True, id="nothing found there, same light"),
        pytest.param(_placed(), look(LATER), None, id="another light tells nothing of litter"),
        pytest.param(_placed(issue="light_out", light="night"), look(LATER), None, id="a light must be judged itself"),
        pytest.param(_placed(), look(finding().first_seen, light_state=LightState.DAY), None, id="before the repair"),
        pytest.param(
            _placed(assets=frozenset({"L-1", "L-2"}), issue="light_out"),
            look(LATER, (), [answer("L-1", P.ABSENT), answer("L-2", P.PRESENT)]),
            False,
            id="one light of a circuit still out",
        ),
        pytest.param(
            _placed(assets=frozenset({"L-1"}), issue="light_out"),
            look(SOON, (), [answer("L-1", P.PRESENT)]),
            None,
            id="still out half a minute after the repair: it warms up",
        ),
        pytest.param(
            _placed(assets=frozenset({"L-1"}), issue="light_out"),
            look(SOON, (), [answer("L-1", P.ABSENT)]),
            True,
            id="lit at once",
        ),
        pytest.param(
            _placed(assets=frozenset({"L-1"}), issue="light_out"),
            look(LATER, (), [answer("L-9", P.PRESENT), answer("L-1", P.ABSENT)]),
            True,
            id="another light is none of its business",
        ),
    ],
)
def test_what_one_look_says(watched: Watched, seen: Look, expected: bool | None) -> None:
    assert judge(watched, seen) is expected


def test_detail_shows_the_watch(store: Store, clock: FrozenClock, repaired: int) -> None:
    detail: OrderDetail = order_detail(store, repaired, OPERATOR)
    assert detail.watch_until == clock.at + WATCH_AFTER_REPAIR
    watch(store, clock, [P.ABSENT] * 3)
    assert order_detail(store, repaired, OPERATOR).clean_looks == 3
