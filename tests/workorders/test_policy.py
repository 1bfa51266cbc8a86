"""What a site decides: when a finding raises an order, how long evidence stays; and people's saved views."""

from __future__ import annotations

from datetime import timedelta

import pytest

from detectors.errors import LamplighterError
from detectors.values import Change
from tests.workorders.conftest import MANAGER, OPERATOR, VIEWER
from tests.workorders.fakes import START, FrozenClock, add_camera, light, take
from workorders.actors import Actor
from workorders.errors import NotAllowed, NotFound
from workorders.evidence.retention import retain_by_policy
from workorders.orders.desk import Request, perform
from workorders.orders.rules import Rule, set_rules
from workorders.queries.orders import orders_page
from workorders.queries.people import site
from workorders.queries.rules import RulePreview, preview, rules
from workorders.register.sites import set_language, set_retention
from workorders.register.views import delete_view, save_view, saved_views
from workorders.store import Store
from workorders.words import Action, DismissReason


@pytest.fixture(autouse=True)
def camera(store: Store) -> None:
    add_camera(store, assets=[light(f"L-{n}", 0.1 * n) for n in range(1, 5)])


def seen(store: Store, asset: str, seconds: float, change: Change = Change.CONTINUED) -> int | None:
    """A lamp that has been out for some seconds; the number of its order."""
    return take(store, change, asset_id=asset, last_seen=START + timedelta(seconds=seconds)).order_id


def test_a_finding_raises_its_order_once_it_has_lasted(store: Store) -> None:
    set_rules(store, MANAGER, {"light_out": Rule(dwell_s=30)})

    assert seen(store, "L-1", 5, Change.CONFIRMED) is None
    assert seen(store, "L-1", 29) is None
    assert seen(store, "L-1", 30) is not None
    assert orders_page(store).total == 1


@pytest.mark.parametrize(("least", "raised"), [(0.8, 1), (0.81, 0)])
def test_a_finding_must_be_sure_enough(store: Store, least: float, raised: int) -> None:
    set_rules(store, MANAGER, {"light_out": Rule(score=least)})
    seen(store, "L-1", 60)

    assert orders_page(store).total == raised


def test_rules_of_one_issue_leave_the_others_alone(store: Store) -> None:
    set_rules(store, MANAGER, {"litter": Rule(dwell_s=600), "light_out": Rule()})

    assert seen(store, "L-1", 0, Change.CONFIRMED) is not None
    assert rules(store) == {"litter": Rule(dwell_s=600)}


def test_a_preview_counts_what_would_have_been(store: Store, clock: FrozenClock) -> None:
    seen(store, "L-1", 5)
    short_lived = seen(store, "L-2", 5)
    seen(store, "L-3", 120)
    assert short_lived is not None
    perform(store, OPERATOR, short_lived, Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM))
    set_rules(store, MANAGER, {"light_out": Rule(dwell_s=600)})
    seen(store, "L-4", 300)
    clock.forward(hours=1)

    assert preview(store, {"light_out": Rule(dwell_s=60)}) == (
        RulePreview("light_out", orders=3, fewer=2, fewer_dismissed=1, more=1),
    )
    clock.forward(days=8)
    assert preview(store, {}) == ()


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"no_such_issue": Rule(1)}, id="an issue nobody knows"),
        pytest.param({"litter": Rule(-1)}, id="less than nothing"),
        pytest.param({"litter": Rule(dwell_s=90_000)}, id="longer than a day"),
        pytest.param({"litter": Rule(score=1.5)}, id="surer than sure"),
    ],
)
def test_rules_that_cannot_be_are_refused(store: Store, wanted: dict[str, Rule]) -> None:
    with pytest.raises(LamplighterError):
        set_rules(store, MANAGER, wanted)
    assert rules(store) == {}


def test_evidence_goes_by_the_limits_of_the_site(store: Store) -> None:
    assert retain_by_policy(store) is None
    set_retention(store, MANAGER, 30, 2.5)
    report = retain_by_policy(store)

    assert report is not None
    assert (site(store).evidence_days, site(store).evidence_gb) == (30, 2.5)


@pytest.mark.parametrize(("days", "gigabytes"), [(0, None), (None, 0.0), (-3, 1.0)])
def test_limits_that_would_take_everything_are_refused(store: Store, days: int | None, gigabytes: float | None) -> None:
    with pytest.raises(NotAllowed):
        set_retention(store, MANAGER, days, gigabytes)


@pytest.mark.parametrize("actor", [OPERATOR, VIEWER])
def test_only_a_manager_decides_for_the_site(store: Store, actor: Actor) -> None:
    for attempt in (
        lambda: set_rules(store, actor, {}),
        lambda: set_retention(store, actor, None, None),
        lambda: set_language(store, actor, "zh_CN"),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_views_are_ones_own(store: Store) -> None:
    save_view(store, OPERATOR, "  Night   shift ", "view=late")
    save_view(store, OPERATOR, "Night shift", "view=late&priority=P1")
    save_view(store, VIEWER, "Night shift", "view=all")
    mine = saved_views(store, OPERATOR)

    assert [(v.name, v.query) for v in mine] == [("Night shift", "view=late&priority=P1")]
    with pytest.raises(NotFound):
        delete_view(store, VIEWER, mine[0].id)
    delete_view(store, OPERATOR, mine[0].id)
    assert saved_views(store, OPERATOR) == ()
    assert len(saved_views(store, VIEWER)) == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_needs_a_name(store: Store, name: str) -> None:
    with pytest.raises(NotAllowed):
        save_view(store, OPERATOR, name, "view=late")
