"""The detector as people judged it: one verdict an order, the latest; only findings count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import FrozenClock, add_camera, finding, light, take
from workorders.orders.by_hand import raise_order
from workorders.orders.desk import Request, perform
from workorders.orders.suppression import lift, suppress
from workorders.play.crew import CREW
from workorders.queries.model import Judged, judged_by_issue, mistakes, repeats, wilson
from workorders.queries.people import suppressions
from workorders.store import Store
from workorders.words import Action, DismissReason

FALSE = Request(Action.DISMISS, "a shadow", reason=DismissReason.FALSE_ALARM)


@pytest.fixture(autouse=True)
def camera(store: Store) -> None:
    add_camera(store, assets=[light(f"L-{n}") for n in range(1, 6)])


def raised(store: Store, asset: str, clock: FrozenClock) -> int:
    clock.forward(hours=2)
    order = take(store, what=finding("light_flickering", asset, first_seen=clock())).order_id
    assert order is not None
    return order


def mended(store: Store, order: int) -> None:
    for request in (Request(Action.ASSIGN, team="lighting"), Request(Action.START), Request(Action.RESOLVE)):
        perform(store, OPERATOR, order, request)


def test_verdicts_are_counted_by_what_they_say_of_the_machine(store: Store, clock: FrozenClock) -> None:
    mended(store, raised(store, "L-1", clock))
    perform(store, OPERATOR, raised(store, "L-2", clock), FALSE)
    works = Request(Action.DISMISS, reason=DismissReason.PERMITTED_WORKS)
    perform(store, OPERATOR, raised(store, "L-3", clock), works)
    raised(store, "L-4", clock)

    assert judged_by_issue(store) == (Judged("light_flickering", 1, 1, 1),)
    assert judged_by_issue(store)[0].precision == pytest.approx(2 / 3)
    assert [(m.order_id, m.reason, m.note, m.picture) for m in mistakes(store)] == [
        (2, DismissReason.FALSE_ALARM, "a shadow", None)
    ]


def test_the_latest_verdict_of_an_order_counts(store: Store, clock: FrozenClock) -> None:
    order = raised(store, "L-1", clock)
    perform(store, OPERATOR, order, FALSE)
    perform(store, OPERATOR, order, Request(Action.REOPEN, "it does flicker"))
    mended(store, order)

    assert judged_by_issue(store) == (Judged("light_flickering", 1, 0, 0),)
    assert mistakes(store) == ()


def test_orders_by_hand_and_the_play_s_crew_say_nothing_of_the_machine(store: Store, clock: FrozenClock) -> None:
    by_hand = raise_order(store, OPERATOR, "light_damaged", asset_id="L-1").order_id
    perform(store, OPERATOR, by_hand, FALSE)
    perform(store, CREW, raised(store, "L-2", clock), FALSE)

    assert judged_by_issue(store) == ()
    assert mistakes(store) == ()


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(0, 0, 0.0, 1.0), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763), (0, 10, 0.0, 0.278)],
    ids=["nothing counted", "all right", "half", "none"],
)
def test_wilson(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=0.001)


def test_places_told_falsely_more_than_once_are_named(store: Store, clock: FrozenClock) -> None:
    def dismissed(asset: str, reason: DismissReason = DismissReason.FALSE_ALARM) -> int:
        order = raised(store, asset, clock)
        perform(store, OPERATOR, order, Request(Action.DISMISS, reason=reason))
        return order

    for asset in ("L-1", "L-2", "L-1", "L-3", "L-3"):
        last = dismissed(asset)
    known = dismissed("L-1", DismissReason.KNOWN)
    suppress(store, OPERATOR, "L-3", "light_flickering", clock.at + timedelta(days=1), DismissReason.TEMPORARY)

    found = repeats(store)
    assert [(r.subject, r.issue, r.wrong, r.right, r.quiet) for r in found] == [
        ("asset:L-3", "light_flickering", 2, 0, True),
        ("asset:L-1", "light_flickering", 2, 1, False),
    ]
    assert found[0].order_id == last
    assert known not in {r.order_id for r in found}
    assert found[0].at == clock.at - timedelta(hours=2)
    lift(store, OPERATOR, suppressions(store)[0].id)
    assert not any(r.quiet for r in repeats(store))
