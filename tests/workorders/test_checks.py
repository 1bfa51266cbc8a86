"""What cameras last said of an asset, and what follows for its condition."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from detectors.values import Change, Presence
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import START, add_camera, answer, light, look, take
from workorders.orders.desk import Request, perform
from workorders.queries.assets import asset_detail
from workorders.register.checks import Checks
from workorders.store import Store
from workorders.words import Action, Condition, DismissReason, Power


def say(store: Store, *answers: Presence, suspended: str = "", at: datetime = START) -> None:
    """A camera looks at L-1 once for each answer."""
    checks = Checks("cam-1")
    for presence in answers:
        checks.add(look(at, observations=[answer("L-1", presence)], suspended=suspended))
    with store.write() as work:
        checks.write(work.session)
        work.commit()


@pytest.mark.parametrize(
    ("answers", "condition"),
    [
        pytest.param([Presence.ABSENT], Condition.OK, id="seen to be well"),
        pytest.param([Presence.PRESENT, Presence.ABSENT], Condition.OK, id="for a moment it looked otherwise"),
        pytest.param([Presence.UNKNOWN], Condition.UNKNOWN, id="could not tell"),
        pytest.param([Presence.PRESENT], Condition.UNKNOWN, id="not confirmed: no fault yet"),
    ],
)
def test_a_camera_that_sees_nothing_wrong_has_judged_it(
    store: Store, answers: list[Presence], condition: Condition
) -> None:
    add_camera(store, assets=[light("L-1")])
    say(store, *answers)
    assert asset_detail(store, "L-1").row.condition is condition


def test_what_a_troubled_camera_sees_judges_nothing(store: Store) -> None:
    add_camera(store, assets=[light("L-1")])
    say(store, Presence.ABSENT, suspended="camera_blurred")
    assert asset_detail(store, "L-1").row.condition is Condition.UNKNOWN


@pytest.mark.parametrize(
    ("later", "latest", "power"),
    [
        pytest.param(timedelta(hours=1), Presence.PRESENT, Power.OFF, id="newer"),
        pytest.param(timedelta(0), Presence.PRESENT, Power.OFF, id="of the same moment"),
        pytest.param(timedelta(days=-1), Presence.ABSENT, Power.ON, id="older, inspected afterwards"),
    ],
)
def test_the_newest_picture_has_the_last_word(store: Store, later: timedelta, latest: Presence, power: Power) -> None:
    add_camera(store, assets=[light("L-1")])
    say(store, Presence.ABSENT)
    say(store, Presence.PRESENT, at=START + later)
    detail = asset_detail(store, "L-1")
    (check,) = detail.checks
    assert (check.presence, detail.row.power) == (latest.value, power)
    assert check.at == detail.row.last_checked_at == max(START, START + later)
    assert (check.present, check.absent) == (1, 1)


def test_a_fault_stays_one_until_its_order_ends(store: Store) -> None:
    add_camera(store, assets=[light("L-1")])
    order = take(store, Change.CONFIRMED).order_id
    assert order is not None
    say(store, Presence.ABSENT)
    assert asset_detail(store, "L-1").row.condition is Condition.FAULT
    perform(store, OPERATOR, order, Request(Action.DISMISS, reason=DismissReason.TEMPORARY))
    assert asset_detail(store, "L-1").row.condition is Condition.OK
