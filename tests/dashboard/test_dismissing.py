"""Dismissing an order: how long its place stays quiet, and what is proposed where it was a false alarm before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.order_actions import WHILE_ALIKE
from tests.dashboard.conftest import Opener, texts
from tests.workorders.fakes import ScriptedEyes, failing_light
from workorders.inspection import run_inspection
from workorders.orders.desk import Request, perform
from workorders.orders.usual import LONGEST
from workorders.queries.people import suppressions
from workorders.register.sites import actor_of
from workorders.store import Store
from workorders.words import Action, DismissReason

LAMP_OUT, FLICKERING, FALSE = 1, 3, Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM)
ALIKE = "while it looks like this, 90 days at most"


def quiet_field(app: AppTest, order: int):
    return app.selectbox(key=f"dismiss_{order}_quiet")


@pytest.mark.parametrize(
    ("order", "offered"),
    [
        pytest.param(LAMP_OUT, True, id="a picture is kept"),
        pytest.param(FLICKERING, False, id="a still picture does not tell it, and none is kept"),
    ],
)
def test_comparing_is_offered_where_there_is_something_to_compare(page: Opener, order: int, offered: bool) -> None:
    assert (ALIKE in quiet_field(page("order", id=str(order)), order).options) is offered


def test_the_place_is_quiet_while_it_looks_the_same_and_settings_say_so(page: Opener, site: Store) -> None:
    app = page("order", id=str(LAMP_OUT))
    quiet_field(app, LAMP_OUT).select(ALIKE)
    app.button(key="do_dismiss").click().run()

    (row,) = (row for row in suppressions(site) if row.order_id == LAMP_OUT)
    assert (row.by_picture, row.until - row.since) == (True, LONGEST)
    assert "while it looks as in that order" in texts(page("settings", "operator"))


def test_what_was_a_false_alarm_before_is_proposed_to_stay_quiet(page: Opener, site: Store) -> None:
    assert quiet_field(page("order", id=str(LAMP_OUT)), LAMP_OUT).value == 0
    perform(site, actor_of(site, "operator"), LAMP_OUT, FALSE)
    later = ScriptedEyes(lambda view: failing_light("L-1", camera="riverside-07", start=site.now()))
    (again,) = run_inspection(site, "next night.mp4", "riverside-07", later).opened

    app = page("order", id=str(again))

    assert quiet_field(app, again).value == WHILE_ALIKE
    assert "A false alarm here 1 time before." in texts(app)


def test_for_a_time_it_covers_the_place_however_it_looks(page: Opener, site: Store) -> None:
    app = page("order", id=str(LAMP_OUT))
    quiet_field(app, LAMP_OUT).select("for a week")
    app.button(key="do_dismiss").click().run()

    (row,) = (row for row in suppressions(site) if row.order_id == LAMP_OUT)
    assert (row.by_picture, row.until - row.since) == (False, timedelta(days=7))
